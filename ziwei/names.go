package ziwei

import "github.com/fortunet/fortunet/lunar"

// A Language is one that names are told in.
type Language uint8

const (
	TraditionalChinese Language = iota
	SimplifiedChinese
	English
	Japanese
	Korean
	Vietnamese

	languageCount
)

var languageTags = [languageCount]string{"zh-TW", "zh-CN", "en", "ja", "ko", "vi"}

// ParseLanguage returns the language of that BCP 47 tag: zh-TW, zh-CN, en, ja, ko or vi.
func ParseLanguage(tag string) (Language, bool) {
	for l, t := range languageTags {
		if t == tag {
			return Language(l), true
		}
	}
	return TraditionalChinese, false
}

// String returns the language's tag.
func (l Language) String() string { return languageTags[l] }

// names are what one thing is called, by language.
type names [languageCount]string

// Name returns what the star is called.
func (s Star) Name(l Language) string { return starNames[s][l] }

// Name returns what the god is called.
func (g God) Name(l Language) string { return godNames[g][l] }

// Name returns what the flowing star is called.
func (f Flow) Name(l Language) string { return flowNames[f][l] }

// Name returns what the palace is called.
func (p PalaceName) Name(l Language) string { return palaceNames[p][l] }

// Name returns what the brightness is called, "" for none. In English it is a grade
// from [+3] to [-3].
func (b Brightness) Name(l Language) string { return brightnessNames[b][l] }

// Name returns what the transformation is called, "" for none. In English it is a letter
// from A to D.
func (m Mutagen) Name(l Language) string { return mutagenNames[m][l] }

// Name returns what the class is called.
func (e Element) Name(l Language) string { return elementNames[e-Water][l] }

// Name returns what the sign is called.
func (s Sign) Name(l Language) string { return signNames[s][l] }

// Name returns what the gender is called.
func (g Gender) Name(l Language) string { return genderNames[g][l] }

// Name returns what the scope is called.
func (s ScopeKind) Name(l Language) string { return scopeNames[s][l] }

// StemName returns what a stem is called.
func StemName(s lunar.Stem, l Language) string { return stemNames[s][l] }

// BranchName returns what a branch is called.
func BranchName(b lunar.Branch, l Language) string { return branchNames[b][l] }

var (
	timeKeys = [LateZi + 1]string{
		"earlyRatHour", "oxHour", "tigerHour", "rabbitHour", "dragonHour", "snakeHour", "horseHour",
		"goatHour", "monkeyHour", "roosterHour", "dogHour", "pigHour", "lateRatHour",
	}
	animalKeys = [12]string{
		"rat", "ox", "tiger", "rabbit", "dragon", "snake", "horse", "sheep", "monkey", "rooster", "dog", "pig",
	}
)

// TimeKey returns the key of the hour of a time index, such as "oxHour" for 1.
func TimeKey(index int) string { return timeKeys[index] }

// TimeName returns what the hour of a time index is called.
func TimeName(index int, l Language) string { return timeNames[index][l] }

// AnimalKey returns the key of a branch's animal, such as "rat" for 子.
func AnimalKey(b lunar.Branch) string { return animalKeys[b] }

// AnimalName returns what a branch's animal is called.
func AnimalName(b lunar.Branch, l Language) string { return animalNames[b][l] }
