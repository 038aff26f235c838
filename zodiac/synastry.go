package zodiac

import (
	"math"

	"github.com/fortunet/fortunet/astro"
	"github.com/fortunet/fortunet/birth"
)

// A Synastry is two people's charts side by side.
type Synastry struct {
	A, B       *Chart
	Aspects    []Aspect             // A of the first chart, B of the second
	AInB, BInA [astro.BodyCount]int // the houses of the other in which each one's bodies stand
	Composite  *Chart
}

// Compare sets two charts side by side. Both must have been drawn up with the same
// options; the orbs are the first's.
func Compare(a, b *Chart) *Synastry {
	return &Synastry{
		A: a, B: b, Aspects: across(a, b, a.Options.orbs()),
		AInB: standing(a, b), BInA: standing(b, a),
		Composite: composite(a, b),
	}
}

// composite is the chart of what lies between two: each body in the middle of the
// shorter way between both, and the houses those of the midpoint of both Midheavens at
// the latitude between both places. It is no sky that ever was: it has no instant, no
// speeds and no retrograde bodies, and its Instant and nutation are nil.
func composite(a, b *Chart) *Chart {
	c := &Chart{Options: a.Options}
	c.Place = birth.Place{
		Latitude:  (a.Place.Latitude + b.Place.Latitude) / 2,
		Longitude: signed(midpoint(a.Place.Longitude, b.Place.Longitude)),
	}
	c.Obliquity = (a.Obliquity + b.Obliquity) / 2
	c.MeanObliquity = (a.MeanObliquity + b.MeanObliquity) / 2
	c.AyanamsaDegrees = (a.AyanamsaDegrees + b.AyanamsaDegrees) / 2
	for i := range c.Bodies {
		from, to := &a.Bodies[i].Place, &b.Bodies[i].Place
		p := &c.Bodies[i].Place
		p.Lon = circle(midpoint(from.Lon, to.Lon) + c.AyanamsaDegrees)
		p.Lat, p.Dist = (from.Lat+to.Lat)/2, (from.Dist+to.Dist)/2
		p.RA, p.Dec = equatorial(p.Lon, p.Lat, c.Obliquity)
	}
	mc := midpoint(a.Angles.MC, b.Angles.MC) + c.AyanamsaDegrees
	sin, cos := sincos(mc)
	_, cosE := sincos(c.Obliquity)
	c.turn(circle(atan2(sin*cosE, cos)))
	c.settle()
	return c
}

// midpoint returns the middle of the shorter way between two longitudes; of two that
// face each other, that a quarter ahead of the first.
func midpoint(a, b float64) float64 { return circle(a + astro.Apart(b, a)/2) }

// signed brings an angle into -180 to 180.
func signed(degrees float64) float64 { return astro.Apart(degrees, 0) }

// equatorial returns right ascension and declination of a place on the ecliptic.
func equatorial(lon, lat, obliquity float64) (ra, dec float64) {
	sinL, cosL := sincos(lon)
	sinB, cosB := sincos(lat)
	sinE, cosE := sincos(obliquity)
	x, y := cosB*cosL, cosB*sinL
	y, z := y*cosE-sinB*sinE, y*sinE+sinB*cosE
	return circle(atan2(y, x)), atan2(z, math.Hypot(x, y))
}
