package zodiac

import (
	"github.com/fortunet/fortunet/astro"
	"github.com/fortunet/fortunet/birth"
)

// Transits are what a moment brings to a chart: the sky of the moment held against it.
type Transits struct {
	Natal   *Chart
	Sky     *Chart               // of the moment, seen from where it is lived
	Aspects []Aspect             // A of the sky, B of the natal chart
	Houses  [astro.BodyCount]int // of the natal chart, in which the bodies of the sky now stand
}

// TransitOrbs are used for transits and progressions, which are narrower than those of
// a birth: a transit is felt while it is nearly exact.
var TransitOrbs = Orbs{
	Of: [aspectCount]float64{
		Conjunction: 3, SemiSextile: 1, SemiSquare: 1, Sextile: 2, Quintile: 1,
		Square: 3, Trine: 3, Sesquiquadrate: 1, Quincunx: 1, Opposition: 3,
	},
	Others: 2,
}

// passing returns the orbs of transits: those the natal chart was asked for, where it
// was.
func (c *Chart) passing() *Orbs {
	if c.Options.Orbs != nil {
		return c.Options.Orbs
	}
	return &TransitOrbs
}

// Transits returns what a moment, a Julian day UT1, brings to the chart, seen from a
// place. It fails outside 1600 to 2399.
func (c *Chart) Transits(ut float64, place birth.Place) (*Transits, error) {
	sky, err := Compute(ut, place, c.moving())
	if err != nil {
		return nil, err
	}
	t := &Transits{Natal: c, Sky: sky, Aspects: across(sky, c, c.passing())}
	t.Houses = standing(sky, c)
	return t, nil
}

// moving returns the chart's options for other moments, at which a delta T given for
// the birth does not hold.
func (c *Chart) moving() Options {
	o := c.Options
	o.DeltaT = nil
	return o
}

// standing returns the houses of one chart in which the bodies of another stand.
func standing(bodies, houses *Chart) (in [astro.BodyCount]int) {
	for b := range in {
		in[b] = houses.Houses[0].At(bodies.Bodies[b].Lon)
	}
	return in
}
