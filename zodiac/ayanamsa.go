package zodiac

import "github.com/fortunet/fortunet/astro"

// An Ayanamsa says where the zodiac begins: at the equinox, or at a point among the
// stars.
type Ayanamsa uint8

const (
	Tropical Ayanamsa = iota
	Lahiri
	FaganBradley
	Krishnamurti
	Raman

	ayanamsaCount
)

var ayanamsaKeys = [ayanamsaCount]string{"", "lahiri", "fagan-bradley", "krishnamurti", "raman"}

// Key returns the ayanamsa's name in JSON, "" for the tropical zodiac.
func (a Ayanamsa) Key() string { return ayanamsaKeys[a] }

// ParseAyanamsa returns the ayanamsa of that key.
func ParseAyanamsa(key string) (Ayanamsa, bool) {
	for a, k := range ayanamsaKeys {
		if k == key {
			return Ayanamsa(a), true
		}
	}
	return 0, false
}

// atJ2000 are the longitudes of the mean equinox of J2000 in each zodiac, degrees. What
// the traditions fixed is that of another day: the Indian Calendar Reform Committee
// 23°15'00.658", nutation included, on 1956 March 21 (Lahiri); Fagan and Bradley
// 24°02'31.36" at 1950.0; Krishnamurti 22°21'50" and Raman 21°00'52" at 1900.0. Each is
// carried to J2000 by the precession its authors used, as Swiss Ephemeris and with it
// nearly all programs do; by that of IAU 2006 they would be up to 0.9" greater.
var atJ2000 = [ayanamsaCount]float64{
	Lahiri: 23.8570924, FaganBradley: 24.7403000, Krishnamurti: 23.7602401, Raman: 22.4107911,
}

// degrees returns how far the zero point lies behind the true equinox: that at J2000,
// the general precession since, and the nutation, which thus leaves sidereal longitudes.
func (a Ayanamsa) degrees(s *astro.Sky) float64 {
	if a == Tropical {
		return 0
	}
	return atJ2000[a] + s.Precession() + s.NutationLon
}
