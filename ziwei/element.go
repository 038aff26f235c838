package ziwei

import "github.com/fortunet/fortunet/lunar"

// An Element is a five-elements class (五行局). Its value is its number, the nominal year
// in which the first decade begins.
type Element uint8

const (
	Water Element = iota + 2 // 水二局
	Wood                     // 木三局
	Metal                    // 金四局
	Earth                    // 土五局
	Fire                     // 火六局
)

var elementKeys = [...]string{"water2nd", "wood3rd", "metal4th", "earth5th", "fire6th"}

// Key returns the class's key, such as "water2nd".
func (e Element) Key() string { return elementKeys[e-Water] }

// Number returns the class's number, 2 to 6.
func (e Element) Number() int { return int(e) }

// elementOf returns the class of a soul palace with that pillar: the 納音 of the pillar.
//
//	甲乙丙丁一到五，子丑午未一來數，寅卯申酉二上走，辰巳戌亥三為足；干支相加多減五，木金水火土。
func elementOf(p lunar.Pillar) Element {
	sum := int(p.Stem/2) + 1 + int(p.Branch%6/2) + 1
	return [5]Element{Earth, Wood, Metal, Water, Fire}[sum%5]
}
