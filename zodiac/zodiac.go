// Package zodiac draws up western charts: where the bodies of the sky stand at an
// instant, in which sign and house, and how they look at each other. From charts it
// makes what is made of them: transits, synastry, composites, progressions, returns.
//
// Places are package astro's. Angles are in degrees throughout; longitudes are 0 to 360
// from the chart's zero point, which is the true equinox of date or, in a sidereal
// chart, the start of its ayanamsa's zodiac.
package zodiac

import (
	"math"

	"github.com/fortunet/fortunet/astro"
	"github.com/fortunet/fortunet/birth"
)

// Options say how a chart is drawn up. The zero value is a tropical chart with Placidus
// houses and the usual orbs.
type Options struct {
	Systems  []System // of houses, none twice; bodies are in houses of the first. nil is Placidus
	Ayanamsa Ayanamsa
	Orbs     *Orbs    // nil is DefaultOrbs
	DeltaT   *float64 // TT less UT1 in seconds, in place of the table's
}

// systems returns the systems asked for.
func (o *Options) systems() []System {
	if len(o.Systems) == 0 {
		return []System{Placidus}
	}
	return o.Systems
}

func (o *Options) orbs() *Orbs {
	if o.Orbs == nil {
		return &DefaultOrbs
	}
	return o.Orbs
}

// instant returns the instant of a Julian day, UT1.
func (o *Options) instant(ut float64) astro.Instant {
	i := astro.Instant{UT: ut, DeltaT: astro.DeltaT(ut)}
	if o.DeltaT != nil {
		i.DeltaT = *o.DeltaT
	}
	return i
}

// A Chart is the sky over a place at an instant. It is not to be changed.
type Chart struct {
	Instant astro.Instant
	Place   birth.Place
	Options Options

	Obliquity, MeanObliquity float64 // of the ecliptic
	NutationLon, NutationObl float64
	AyanamsaDegrees          float64 // from the true equinox to the zero point; 0 in a tropical chart

	Angles   Angles
	Bodies   [astro.BodyCount]Position // by astro.Body
	Fortune  Position                  // the Part of Fortune; it has no distance, speed or dignity
	Day      bool                      // the Sun is above the horizon
	Houses   []Houses                  // in the order of the options
	Aspects  []Aspect
	Patterns []Pattern
}

// A Position is where something stands in a chart. Its Lon counts from the chart's zero
// point, its right ascension always from the true equinox.
type Position struct {
	astro.Place
	Sign       Sign
	House      int // 1 to 12, of the first system
	Retrograde bool
	Dignities  Dignity
}

// Degree returns how far into its sign the position is, 0 to 30.
func (p *Position) Degree() float64 { return degreeInSign(p.Lon) }

// Compute draws up the chart of a Julian day, UT1, seen from a place. An instant outside
// 1600 to 2399 is an Invalid fault.
func Compute(ut float64, place birth.Place, o Options) (*Chart, error) {
	c := &Chart{Instant: o.instant(ut), Place: place, Options: o}
	sky, err := astro.At(c.Instant)
	if err != nil {
		return nil, err
	}
	c.Obliquity, c.MeanObliquity = sky.Obliquity, sky.MeanObliquity
	c.NutationLon, c.NutationObl = sky.NutationLon, sky.NutationObl
	c.AyanamsaDegrees = o.Ayanamsa.degrees(&sky)
	for b := range c.Bodies {
		c.Bodies[b].Place = sky.Place(astro.Body(b))
	}
	c.turn(circle(sky.SiderealTime() + place.Longitude))
	c.settle()
	return c, nil
}

// turn sets what hangs on the Earth's rotation: angles and houses, with armc the right
// ascension of the meridian.
func (c *Chart) turn(armc float64) {
	h := newHorizon(armc, c.Obliquity, c.Place.Latitude)
	c.Angles = h.angles()
	systems := c.Options.systems()
	c.Houses = make([]Houses, len(systems))
	for i, s := range systems {
		c.Houses[i] = h.houses(s, c.AyanamsaDegrees)
	}
	sun := &c.Bodies[astro.Sun]
	c.Day = h.above(sun.RA, sun.Dec)
	c.Angles.shift(c.AyanamsaDegrees)
}

// settle works out what follows from places, angles and houses. Bodies' longitudes are
// still those of the tropical zodiac.
func (c *Chart) settle() {
	for b := range c.Bodies {
		p := &c.Bodies[b]
		p.Lon = circle(p.Lon - c.AyanamsaDegrees)
		p.Retrograde = p.Speed < 0
		c.stand(p)
		p.Dignities = dignityOf(astro.Body(b), p.Sign)
	}
	c.fortune()
	c.Aspects = c.aspects()
	c.Patterns = c.patterns()
}

// stand puts a position into its sign and house.
func (c *Chart) stand(p *Position) {
	p.Sign = SignAt(p.Lon)
	p.House = c.Houses[0].At(p.Lon)
}

// fortune sets the Part of Fortune: as far from the Ascendant as the Moon is from the
// Sun, or by night the Sun from the Moon (Ptolemy does not reverse it; most do).
func (c *Chart) fortune() {
	arc := c.Bodies[astro.Moon].Lon - c.Bodies[astro.Sun].Lon
	if !c.Day {
		arc = -arc
	}
	p := Position{Place: astro.Place{Lon: circle(c.Angles.Asc + arc)}}
	tropical := p.Lon + c.AyanamsaDegrees
	sinL, cosL := sincos(tropical)
	sinE, cosE := sincos(c.Obliquity)
	p.RA, p.Dec = circle(atan2(sinL*cosE, cosL)), asin(sinL*sinE)
	c.stand(&p)
	c.Fortune = p
}

func circle(degrees float64) float64 { return astro.Circle(degrees) }

const degree = math.Pi / 180

func sincos(degrees float64) (sin, cos float64) { return math.Sincos(degrees * degree) }
func atan2(y, x float64) float64                { return math.Atan2(y, x) / degree }

// asin and acos take what rounding left beyond 1 for 1.
func asin(x float64) float64 { return math.Asin(max(-1, min(1, x))) / degree }
func acos(x float64) float64 { return math.Acos(max(-1, min(1, x))) / degree }
