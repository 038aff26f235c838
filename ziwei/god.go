package ziwei

import "github.com/fortunet/fortunet/lunar"

// A God is one of the four cycles of twelve that go around the palaces: 長生, 博士,
// 歲前, 將前. Some have the name of a star or of another god and are not the same.
type God uint8

// The first god of each cycle. The others follow in order; 歲破, which the 中州 school
// has in the place of 大耗, comes last.
const (
	Changsheng God = 0  // 長生沐浴冠帶臨官帝旺衰病死墓絕胎養
	Boshi      God = 12 // 博士力士青龍小耗將軍奏書飛廉喜神病符大耗伏兵官府
	Suijian    God = 24 // 歲建晦氣喪門貫索官符小耗大耗龍德白虎天德弔客病符
	Jiangxing  God = 36 // 將星攀鞍歲驛息神華蓋劫煞災煞天煞指背咸池月煞亡神
	Suipo      God = 48 // 歲破

	suiqianDahao God = 30

	// GodCount is how many there are.
	GodCount = 49
)

// Key returns the god's key, unique within its cycle.
func (g God) Key() string { return godKeys[g] }

var godKeys = [GodCount]string{
	"changsheng", "muyu", "guandai", "linguan", "diwang", "shuai", "bing", "si", "mu", "jue", "tai", "yang",
	"boshi", "lishi", "qinglong", "xiaohao", "jiangjun", "zhoushu", "faylian", "xishen", "bingfu", "dahao", "fubing", "guanfu",
	"suijian", "huiqi", "sangmen", "guansuo", "gwanfu", "xiaohao", "dahao", "longde", "baihu", "tiande", "diaoke", "bingfu",
	"jiangxing", "panan", "suiyi", "xiishen", "huagai", "jiesha", "zhaisha", "tiansha", "zhibei", "xianchi", "yuesha", "wangshen",
	"suipo",
}

// changshengStart says where 長生 begins, by class from 水二局 to 火六局. 水 and 土 share
// 申 (水土共長生); other schools let 土 share with 火.
var changshengStart = [...][5]lunar.Branch{
	ChangshengDefault:   {lunar.Shen, lunar.Hai, lunar.Si, lunar.Shen, lunar.Yin},
	ChangshengEarthFire: {lunar.Shen, lunar.Hai, lunar.Si, lunar.Yin, lunar.Yin},
}

// placeGods sets the four gods of each palace.
//
//	長生, 博士: 陽男陰女順行，陰男陽女逆行；博士從祿存起。
//	歲前: 流年地支起歲建，順行。
//	將前: 寅午戌年將星午，申子辰年子將星，巳酉丑將酉上駐，亥卯未將卯上停，順行。
func (d *draft) placeGods() {
	step := d.direction()
	start := placeOf(changshengStart[d.options.Tables.Changsheng][d.chart.Element-Water])
	boshi := d.at(Lucun)
	suiqian, jiangqian := yearGods(d.starYear.Branch, d.options.Algorithm)
	for i := range 12 {
		d.chart.Palaces[around(start+step*i)].Changsheng = Changsheng + God(i)
		d.chart.Palaces[around(boshi+step*i)].Boshi = Boshi + God(i)
		d.chart.Palaces[i].Suiqian = suiqian[i]
		d.chart.Palaces[i].Jiangqian = jiangqian[i]
	}
}

// yearGods returns the gods that follow a year's branch, by palace index.
func yearGods(year lunar.Branch, a Algorithm) (suiqian, jiangqian [12]God) {
	general := [4]lunar.Branch{lunar.Zi, lunar.You, lunar.Woo, lunar.Mao}[year%4]
	for i := range 12 {
		suiqian[placeOf(year.Add(i))] = Suijian + God(i)
		jiangqian[placeOf(general.Add(i))] = Jiangxing + God(i)
	}
	if a == Zhongzhou {
		suiqian[placeOf(year.Add(int(suiqianDahao-Suijian)))] = Suipo
	}
	return suiqian, jiangqian
}
