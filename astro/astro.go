// Package astro says where the bodies of the sky are, and when.
//
// It takes the bodies' places from Chebyshev series fitted to JPL's DE431, which are
// embedded, and brings them to what is seen from the Earth's centre: light time,
// gravitational deflection by the Sun, relativistic aberration, IAU 2006 precession and
// IAU 2000B nutation. It knows the years 1600 to 2399. Against Swiss Ephemeris, whose
// places rest on the same DE431, longitudes of planets are within 0.02" in all of them;
// the tests hold it to that.
package astro

import "math"

// A Body is something whose place the sky knows.
type Body uint8

const (
	Sun Body = iota
	Moon
	Mercury
	Venus
	Mars
	Jupiter
	Saturn
	Uranus
	Neptune
	Pluto
	MeanNode   // the ascending node of the Moon's mean orbit
	TrueNode   // that of the ellipse the Moon is on at the instant
	MeanLilith // the apogee of the Moon's mean orbit
	TrueLilith // that of the ellipse the Moon is on at the instant
	Chiron

	BodyCount = 15
)

var bodyKeys = [BodyCount]string{
	"sun", "moon", "mercury", "venus", "mars", "jupiter", "saturn", "uranus", "neptune", "pluto",
	"meanNode", "trueNode", "meanLilith", "trueLilith", "chiron",
}

// Key returns the body's name in JSON, such as "trueNode".
func (b Body) Key() string { return bodyKeys[b] }

// A Place is where a body is seen from the Earth's centre: apparent, for the true
// equinox and ecliptic of date. Angles are in degrees.
type Place struct {
	Lon, Lat float64 // along and off the ecliptic; Lon is 0 to 360
	Dist     float64 // AU, when the light left
	Speed    float64 // of Lon, degrees a day
	RA, Dec  float64 // along and off the equator; RA is 0 to 360
}

const (
	degree = math.Pi / 180
	arcsec = degree / 3600

	j2000   = 2451545.0 // Julian day of 2000 January 1, 12h
	century = 36525.0   // days
)

// Circle brings an angle in degrees into 0 to 360. Nearly all are within a turn of it,
// and are spared the division.
func Circle(degrees float64) float64 {
	switch {
	case degrees >= 0 && degrees < 360:
		return degrees
	case degrees >= 360 && degrees < 720:
		return degrees - 360
	case !(degrees >= -360 && degrees < 0):
		degrees = math.Mod(degrees, 360)
	}
	if degrees < 0 {
		degrees += 360
	}
	if degrees >= 360 { // what was just under 0 rounds up to it
		return 0
	}
	return degrees
}

// Apart returns a less b, degrees, by the shorter way round: -180 to 180.
func Apart(a, b float64) float64 {
	d := a - b
	if !(d >= -540 && d <= 540) {
		d = math.Mod(d, 360)
	}
	switch {
	case d > 180:
		return d - 360
	case d < -180:
		return d + 360
	}
	return d
}

// poly is a polynomial in t, lowest power first.
func poly(t float64, c ...float64) float64 {
	sum := 0.0
	for i := len(c) - 1; i >= 0; i-- {
		sum = sum*t + c[i]
	}
	return sum
}
