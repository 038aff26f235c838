// Package astro says where bodies of the sky are, and when. So far it knows the Sun,
// to a hundredth of a degree, which is what true solar time asks for.
package astro

import (
	"math"
	"time"
)

const degree = math.Pi / 180

// A Sun is where the Sun is at an instant, seen from the Earth's centre: apparent, for
// the true equinox of date. Angles are in degrees.
type Sun struct {
	Longitude      float64 // along the ecliptic, 0 to 360
	RightAscension float64 // 0 to 360
	Declination    float64 // -90 to 90

	// EquationOfTime is how far a sundial is ahead of mean time, in seconds.
	EquationOfTime float64
}

// SunAt returns the Sun at an instant, by the theory of Meeus, Astronomical Algorithms,
// 2nd edition, chapters 25 (low accuracy) and 28. Within two centuries of 2000 the
// longitude is within 0.01° and the equation of time within two seconds; the
// difference between universal and dynamical time is too small to matter at that.
func SunAt(t time.Time) Sun {
	const j2000 = 946_728_000 // Unix seconds of 2000 January 1, 12h
	return sunAt((float64(t.Unix()) - j2000) / 86400 / 36525)
}

// sunAt is SunAt by centuries since J2000.
func sunAt(t float64) Sun {
	mean := 280.46646 + t*(36000.76983+t*0.0003032)
	anomaly := (357.52911 + t*(35999.05029-t*0.0001537)) * degree
	center := (1.914602-t*(0.004817+t*0.000014))*math.Sin(anomaly) +
		(0.019993-t*0.000101)*math.Sin(2*anomaly) + 0.000289*math.Sin(3*anomaly)
	node := (125.04 - 1934.136*t) * degree
	const aberration = -0.00569
	nutation := -0.00478 * math.Sin(node)
	longitude := (mean + center + aberration + nutation) * degree
	obliquity := (23.4392911 - t*(0.0130042+t*(1.64e-7-t*5.04e-7)) + 0.00256*math.Cos(node)) * degree

	sin, cos := math.Sincos(longitude)
	s := Sun{
		Longitude:      circle(longitude / degree),
		RightAscension: circle(math.Atan2(math.Cos(obliquity)*sin, cos) / degree),
		Declination:    math.Asin(math.Sin(obliquity)*sin) / degree,
	}
	const aberrationOfMean = -0.0057183
	apart := circle(mean+aberrationOfMean-s.RightAscension+nutation*math.Cos(obliquity)+180) - 180
	s.EquationOfTime = apart * 240 // four minutes a degree
	return s
}

// circle brings an angle into 0 to 360.
func circle(degrees float64) float64 {
	degrees = math.Mod(degrees, 360)
	if degrees < 0 {
		degrees += 360
	}
	return degrees
}
