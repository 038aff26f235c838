package zodiac

import "github.com/fortunet/fortunet/astro"

// A Progression is a chart grown older by the secondary method, a day for a year.
type Progression struct {
	Natal    *Chart
	Chart    *Chart   // of as many days after the birth as years have passed
	SolarArc float64  // right ascension the Sun has gone since birth, degrees
	Aspects  []Aspect // A of the progressed chart, B of the natal one
	Houses   [astro.BodyCount]int
}

// tropicalYear is the mean of it, days, at J2000.
const tropicalYear = 365.24219

// Progress returns the chart progressed to a moment, a Julian day UT1. Its bodies are
// those of the progressed instant; its Midheaven is the natal one moved on by the
// solar arc in right ascension, and the other angles and the houses follow from that
// at the place of birth.
func (c *Chart) Progress(ut float64) (*Progression, error) {
	o := c.moving()
	grown := c.Instant.UT + (ut-c.Instant.UT)/tropicalYear
	now, err := Compute(grown, c.Place, o)
	if err != nil {
		return nil, err
	}
	p := &Progression{Natal: c, Chart: now}
	p.SolarArc = circle(now.Bodies[astro.Sun].RA - c.Bodies[astro.Sun].RA)
	if ut < c.Instant.UT {
		p.SolarArc -= 360
	}
	now.untouch()
	now.turn(circle(c.Angles.ARMC + p.SolarArc))
	now.settle()
	p.Aspects = across(now, c, c.passing())
	p.Houses = standing(now, c)
	return p, nil
}

// untouch takes back what settle did to the longitudes, so that it can be done again.
func (c *Chart) untouch() {
	for b := range c.Bodies {
		c.Bodies[b].Lon = circle(c.Bodies[b].Lon + c.AyanamsaDegrees)
	}
}
