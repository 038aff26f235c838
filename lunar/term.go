package lunar

// A Term is one of the 24 solar terms in the order of the Gregorian year: 0 is 小寒, in
// early January, 23 is 冬至. The even ones open a month (節), the others stand in its
// middle (中氣).
type Term uint8

const (
	Xiaohan Term = iota
	Dahan
	Lichun
	Yushui
	Jingzhe
	Chunfen
	Qingming
	Guyu
	Lixia
	Xiaoman
	Mangzhong
	Xiazhi
	Xiaoshu
	Dashu
	Liqiu
	Chushu
	Bailu
	Qiufen
	Hanlu
	Shuangjiang
	Lidong
	Xiaoxue
	Daxue
	Dongzhi
)

// TermCount is the number of solar terms.
const TermCount = 24

var termKeys = [TermCount]string{
	"xiaohan", "dahan", "lichun", "yushui", "jingzhe", "chunfen", "qingming", "guyu",
	"lixia", "xiaoman", "mangzhong", "xiazhi", "xiaoshu", "dashu", "liqiu", "chushu",
	"bailu", "qiufen", "hanlu", "shuangjiang", "lidong", "xiaoxue", "daxue", "dongzhi",
}

var termNames = [TermCount]string{
	"小寒", "大寒", "立春", "雨水", "驚蟄", "春分", "清明", "穀雨",
	"立夏", "小滿", "芒種", "夏至", "小暑", "大暑", "立秋", "處暑",
	"白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至",
}

// Key returns the term's key, its name in pinyin.
func (t Term) Key() string { return termKeys[t] }

// String returns the term's name in traditional characters.
func (t Term) String() string { return termNames[t] }

// Longitude returns the Sun's ecliptic longitude at the term in degrees, a multiple of 15.
func (t Term) Longitude() int { return (int(t)*15 + 285) % 360 }
