// Package lang is the languages in which things have names.
package lang

// A Language is one that names are told in.
type Language uint8

// The languages, which index tables of names. Count is how many there are.
const (
	TraditionalChinese Language = iota
	SimplifiedChinese
	English
	Japanese
	Korean
	Vietnamese

	Count
)

var tags = [Count]string{"zh-TW", "zh-CN", "en", "ja", "ko", "vi"}

// Parse returns the language of that BCP 47 tag, spelt exactly so: zh-TW, zh-CN, en, ja,
// ko or vi.
func Parse(tag string) (Language, bool) {
	for l, t := range tags {
		if t == tag {
			return Language(l), true
		}
	}
	return TraditionalChinese, false
}

// String returns the language's tag.
func (l Language) String() string { return tags[l] }

// IsChinese reports whether l is Chinese, in either script.
func (l Language) IsChinese() bool { return l == TraditionalChinese || l == SimplifiedChinese }
