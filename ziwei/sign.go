package ziwei

// A Sign is one of the twelve signs of the western zodiac.
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

// Key returns the sign's key, such as "aries".
func (s Sign) Key() string { return signKeys[s] }

// signStart is the day on which a sign begins in each month, by the calendar dates that
// newspapers use; the true ones differ by a day in some years.
var signStart = [12]int{20, 19, 21, 20, 21, 22, 23, 23, 23, 24, 23, 22}

// signOf returns the sign of a calendar date. January opens in Capricorn.
func signOf(month, day int) Sign {
	n := month + 8
	if day >= signStart[month-1] {
		n++
	}
	return Sign(n % 12)
}
