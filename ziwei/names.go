package ziwei

import (
	"github.com/fortunet/fortunet/lang"
	"github.com/fortunet/fortunet/lunar"
)

// names are what one thing is called, by language.
type names [lang.Count]string

// Name returns what the star is called.
func (s Star) Name(l lang.Language) string { return starNames[s][l] }

// Name returns what the god is called.
func (g God) Name(l lang.Language) string { return godNames[g][l] }

// Name returns what the flowing star is called.
func (f Flow) Name(l lang.Language) string { return flowNames[f][l] }

// Name returns what the palace is called.
func (p PalaceName) Name(l lang.Language) string { return palaceNames[p][l] }

// Name returns what the brightness is called, "" for none. In English it is a grade
// from [+3] to [-3].
func (b Brightness) Name(l lang.Language) string { return brightnessNames[b][l] }

// Name returns what the transformation is called, "" for none. In English it is a letter
// from A to D.
func (m Mutagen) Name(l lang.Language) string { return mutagenNames[m][l] }

// Name returns what the class is called.
func (e Element) Name(l lang.Language) string { return elementNames[e-Water][l] }

// Name returns what the sign is called.
func (s Sign) Name(l lang.Language) string { return signNames[s][l] }

// Name returns what the gender is called.
func (g Gender) Name(l lang.Language) string { return genderNames[g][l] }

// Name returns what the scope is called.
func (s ScopeKind) Name(l lang.Language) string { return scopeNames[s][l] }

// StemName returns what a stem is called.
func StemName(s lunar.Stem, l lang.Language) string { return stemNames[s][l] }

// BranchName returns what a branch is called.
func BranchName(b lunar.Branch, l lang.Language) string { return branchNames[b][l] }

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
func TimeName(index int, l lang.Language) string { return timeNames[index][l] }

// AnimalKey returns the key of a branch's animal, such as "rat" for 子.
func AnimalKey(b lunar.Branch) string { return animalKeys[b] }

// AnimalName returns what a branch's animal is called.
func AnimalName(b lunar.Branch, l lang.Language) string { return animalNames[b][l] }
