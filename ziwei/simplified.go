package ziwei

import "strings"

// simplified writes the zh-TW text of patterns' conditions and sources in simplified
// characters. It knows the characters these texts have, names of stars included.
var simplified = strings.NewReplacer(
	"宮", "宫", "會", "会", "於", "于", "見", "见", "與", "与", "對", "对", "夾", "夹", "財", "财",
	"祿", "禄", "權", "权", "輝", "辉", "沒", "没", "傳", "传", "統", "统", "數", "数", "書", "书",
	"賦", "赋", "機", "机", "陽", "阳", "陰", "阴", "貞", "贞", "貪", "贪", "門", "门", "殺", "杀",
	"軍", "军", "輔", "辅", "鉞", "钺", "馬", "马", "鈴", "铃", "羅", "罗", "鸞", "鸾", "貴", "贵",
	"龍", "龙", "鳳", "凤", "閣", "阁", "壽", "寿", "誥", "诰", "華", "华", "蓋", "盖", "廚", "厨",
	"虛", "虚", "傷", "伤", "紅", "红",
)
