package zodiac

import (
	"github.com/fortunet/fortunet/astro"
	"github.com/fortunet/fortunet/birth"
)

// A Return is the chart of the instant at which the Sun or the Moon comes back to where
// it stood at birth.
type Return struct {
	Of    astro.Body // Sun or Moon
	Chart *Chart
}

// Returns are the returns about a moment.
type Returns struct {
	LastSolar, NextSolar, LastLunar, NextLunar Return
}

// Returns finds the last return before a moment, a Julian day UT1, and the next after
// it, of the Sun and of the Moon, seen from a place. A moment within a year of the ends
// of 1600 to 2399 may be an Invalid fault, since the return is not known.
func (c *Chart) Returns(ut float64, place birth.Place) (r Returns, err error) {
	const year, month = 367.0, 28.0 // days, more than a return takes
	for _, find := range []struct {
		to   *Return
		of   astro.Body
		days float64
	}{
		{&r.LastSolar, astro.Sun, -year}, {&r.NextSolar, astro.Sun, year},
		{&r.LastLunar, astro.Moon, -month}, {&r.NextLunar, astro.Moon, month},
	} {
		if find.to.Chart, err = c.back(find.of, ut, find.days, place); err != nil {
			return Returns{}, err
		}
		find.to.Of = find.of
	}
	return r, nil
}

// back returns the chart of a body's next return within so many days. In a sidereal
// chart the place it comes back to moves with the zero point, by less than a minute of
// arc a year, so it is looked for again about the instant found.
func (c *Chart) back(b astro.Body, ut, days float64, place birth.Place) (*Chart, error) {
	o := c.moving()
	from := o.instant(ut)
	at := from
	for range 3 {
		sky, err := astro.At(at)
		if err != nil {
			return nil, err
		}
		lon := circle(c.Bodies[b].Lon + o.Ayanamsa.degrees(&sky))
		found, ok, err := astro.Crossing(b, lon, from, days)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		if at = found; o.Ayanamsa == Tropical {
			break
		}
	}
	return Compute(at.UT, place, o)
}
