package ziwei

import "github.com/fortunet/fortunet/lunar"

// A ScopeKind is a span of time that a horoscope tells of.
type ScopeKind uint8

const (
	Decadal    ScopeKind = iota // 大限
	SmallLimit                  // 小限
	Yearly                      // 流年
	Monthly                     // 流月
	Daily                       // 流日
	Hourly                      // 流時
	Childhood                   // 童限, which stands in for the decade before the first one
)

var scopeKeys = [7]string{"decadal", "age", "yearly", "monthly", "daily", "hourly", "childhood"}

// Key returns the scope's key, such as "decadal".
func (s ScopeKind) Key() string { return scopeKeys[s] }

// A Flow is a flowing star (流曜): one of ten that each scope but the small limit has,
// or the 年解 of the year.
type Flow uint8

// The ten in a scope, to be added to its first.
const (
	flowKui Flow = iota
	flowYue
	flowChang
	flowQu
	flowLu
	flowYang
	flowTuo
	flowMa
	flowLuan
	flowXi

	flowsInScope
)

const (
	flowNianjie = 5 * flowsInScope
	flowCount   = flowNianjie + 1
)

// firstFlow returns the first of a scope's ten.
func firstFlow(k ScopeKind) Flow {
	switch k {
	case Decadal, Childhood:
		return 0
	case Yearly:
		return flowsInScope
	case Monthly:
		return 2 * flowsInScope
	case Daily:
		return 3 * flowsInScope
	}
	return 4 * flowsInScope
}

// Key returns the flowing star's key, such as "yunkui".
func (f Flow) Key() string { return flowKeys[f] }

// Star returns the natal star that the flowing one repeats.
func (f Flow) Star() Star {
	if f == flowNianjie {
		return Nianjie
	}
	return [flowsInScope]Star{
		Tiankui, Tianyue, Wenchang, Wenqu, Lucun, Qingyang, Tuoluo, Tianma, Hongluan, Tianxi,
	}[f%flowsInScope]
}

var flowKeys = [flowCount]string{
	"yunkui", "yunyue", "yunchang", "yunqu", "yunlu", "yunyang", "yuntuo", "yunma", "yunluan", "yunxi",
	"liukui", "liuyue", "liuchang", "liuqu", "liulu", "liuyang", "liutuo", "liuma", "liuluan", "liuxi",
	"yuekui", "yueyue", "yuechang", "yuequ", "yuelu", "yueyang", "yuetuo", "yuema", "yueluan", "yuexi",
	"rikui", "riyue", "richang", "riqu", "rilu", "riyang", "rituo", "rima", "riluan", "rixi",
	"shikui", "shiyue", "shichang", "shiqu", "shilu", "shiyang", "shituo", "shima", "shiluan", "shixi",
	"nianjie",
}

// flowChangqu are the branches of flowing 昌 and 曲 by stem:
//
//	流昌起巳位，甲乙順流去，不用四墓宮，日月同年歲；流曲起酉位，甲乙逆行蹤，亦不用四墓，年日月相同。
var flowChangqu = [10][2]lunar.Branch{
	{lunar.Si, lunar.You}, {lunar.Woo, lunar.Shen}, {lunar.Shen, lunar.Woo}, {lunar.You, lunar.Si}, {lunar.Shen, lunar.Woo},
	{lunar.You, lunar.Si}, {lunar.Hai, lunar.Mao}, {lunar.Zi, lunar.Yin}, {lunar.Yin, lunar.Zi}, {lunar.Mao, lunar.Hai},
}

// flowPlaces returns the palace index of each of the ten flowing stars of a pillar.
func flowPlaces(p lunar.Pillar, t KuiyueTable) [flowsInScope]int8 {
	kui, chang, lu := kuiyue[t][p.Stem], flowChangqu[p.Stem], lucun[p.Stem]
	luan := lunar.Mao.Add(-int(p.Branch))
	branches := [flowsInScope]lunar.Branch{
		flowKui: kui[0], flowYue: kui[1], flowChang: chang[0], flowQu: chang[1],
		flowLu: lu, flowYang: lu.Add(1), flowTuo: lu.Add(-1), flowMa: tianma[p.Branch%4],
		flowLuan: luan, flowXi: luan.Add(6),
	}
	var places [flowsInScope]int8
	for f, b := range branches {
		places[f] = int8(placeOf(b))
	}
	return places
}
