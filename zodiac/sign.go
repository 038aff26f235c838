package zodiac

import "math"

// A Sign is a twelfth of the zodiac: 0 is Aries.
type Sign uint8

const (
	Aries Sign = iota
	Taurus
	Gemini
	Cancer
	Leo
	Virgo
	Libra
	Scorpio
	Sagittarius
	Capricorn
	Aquarius
	Pisces
)

var signKeys = [12]string{
	"aries", "taurus", "gemini", "cancer", "leo", "virgo",
	"libra", "scorpio", "sagittarius", "capricorn", "aquarius", "pisces",
}

// Key returns the sign's name in JSON, such as "aries".
func (s Sign) Key() string { return signKeys[s] }

// SignAt returns the sign at a longitude, 0 to 360.
func SignAt(lon float64) Sign { return Sign(min(int(lon/30), 11)) }

func degreeInSign(lon float64) float64 { return math.Mod(lon, 30) }

// An Element is what a sign is made of.
type Element uint8

const (
	Fire Element = iota
	Earth
	Air
	Water
)

// Element returns the sign's element.
func (s Sign) Element() Element { return Element(s % 4) }

// A Modality is how a sign acts.
type Modality uint8

const (
	Cardinal Modality = iota
	Fixed
	Mutable
)

// Modality returns the sign's modality.
func (s Sign) Modality() Modality { return Modality(s % 3) }
