package zodiac

import "github.com/fortunet/fortunet/astro"

// A Dignity is a set of what a body's sign does for it, or to it.
type Dignity uint8

const (
	Domicile Dignity = 1 << iota // its own sign
	Exaltation
	Detriment // the sign facing its own
	Fall      // the sign facing its exaltation

	dignityCount = 4
)

var dignityKeys = [dignityCount]string{"domicile", "exaltation", "detriment", "fall"}

// Has says whether the set has all of those.
func (d Dignity) Has(all Dignity) bool { return d&all == all }

// rulers are the seven planets of the tradition and, since their discovery, three more.
var rulers = [12]struct {
	traditional, modern astro.Body
}{
	Aries:       {astro.Mars, astro.Mars},
	Taurus:      {astro.Venus, astro.Venus},
	Gemini:      {astro.Mercury, astro.Mercury},
	Cancer:      {astro.Moon, astro.Moon},
	Leo:         {astro.Sun, astro.Sun},
	Virgo:       {astro.Mercury, astro.Mercury},
	Libra:       {astro.Venus, astro.Venus},
	Scorpio:     {astro.Mars, astro.Pluto},
	Sagittarius: {astro.Jupiter, astro.Jupiter},
	Capricorn:   {astro.Saturn, astro.Saturn},
	Aquarius:    {astro.Saturn, astro.Uranus},
	Pisces:      {astro.Jupiter, astro.Neptune},
}

// Ruler returns the planet whose domicile the sign is by tradition.
func (s Sign) Ruler() astro.Body { return rulers[s].traditional }

// ModernRuler returns the planet that has been given the sign since Uranus, Neptune and
// Pluto are known; mostly it is Ruler.
func (s Sign) ModernRuler() astro.Body { return rulers[s].modern }

// exaltations are the signs in which the seven planets are exalted.
var exaltations = map[astro.Body]Sign{
	astro.Sun: Aries, astro.Moon: Taurus, astro.Mercury: Virgo, astro.Venus: Pisces,
	astro.Mars: Capricorn, astro.Jupiter: Cancer, astro.Saturn: Libra,
}

// dignities is what every body has in every sign.
var dignities = func() (table [astro.BodyCount][12]Dignity) {
	for s := range rulers {
		facing := (s + 6) % 12
		for _, ruler := range []astro.Body{rulers[s].traditional, rulers[s].modern} {
			table[ruler][s] |= Domicile
			table[ruler][facing] |= Detriment
		}
	}
	for b, s := range exaltations {
		table[b][s] |= Exaltation
		table[b][(s+6)%12] |= Fall
	}
	return table
}()

// dignityOf returns what a body has in a sign: both the traditional and the modern
// rulers are at home there. Nodes, Lilith and Chiron have none anywhere.
func dignityOf(b astro.Body, s Sign) Dignity { return dignities[b][s] }
