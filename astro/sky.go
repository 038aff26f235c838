package astro

import (
	"math"

	"github.com/fortunet/fortunet/fault"
)

// CodeOutOfRange is the fault's code for an instant outside the ephemeris.
const CodeOutOfRange = "out_of_range"

// The instants the ephemeris knows, Julian days, TT: 1600 January 1 to 2400 January 1,
// with some days on either side for what is near.
const (
	firstDay = 2305424.5
	lastDay  = 2597663.5
)

const (
	lightSpeed = 173.14463267424034 // AU a day
	sunMass    = 2.959122082855911e-4
	// The masses of Earth and Moon together, AU³ a day².
	earthMass = 8.997011603631609e-10
	// The Moon's share of them.
	moonShare = 1 / 82.30056907419062
)

// A Sky holds what the places of all bodies at an instant have in common. It is a
// value: making one allocates nothing, and it is safe to use from many goroutines.
type Sky struct {
	Instant
	Obliquity, MeanObliquity float64 // of the ecliptic, degrees
	NutationLon, NutationObl float64 // degrees

	tt         float64
	nutation   nutation
	ecliptic   matrix  // from J2000 to the mean ecliptic and equinox of date
	recession  float64 // of the mean equinox, radians a day
	sinE, cosE float64 // of the true obliquity
	sun, earth body    // from the barycentre
	moon       body    // from the Earth
}

// A body is where something is and how it moves: AU, AU a day, AU a day².
type body struct{ at, velocity, acceleration vector }

// At returns the sky at an instant. An instant outside 1600 to 2399 is an Invalid fault.
func At(i Instant) (Sky, error) {
	tt := i.TT()
	if !(tt >= firstDay && tt <= lastDay) {
		return Sky{}, fault.Coded(fault.Invalid, CodeOutOfRange, "the places of the planets are known from 1600 to 2399")
	}
	t := (tt - j2000) / century
	s := Sky{Instant: i, tt: tt, nutation: nutate(t)}
	s.ecliptic, s.recession = precess(t)
	mean := obliquity(t)
	true := mean + s.nutation.obl
	s.MeanObliquity, s.Obliquity = mean/degree, true/degree
	s.NutationLon, s.NutationObl = s.nutation.lon/degree, s.nutation.obl/degree
	s.sinE, s.cosE = math.Sincos(true)
	s.observe()
	return s, nil
}

// observe finds Sun, Earth and Moon. What pulls on them is found from the places: that
// is far more exact than a second derivative of the series.
func (s *Sky) observe() {
	s.sun.at, s.sun.velocity = all[sunSeries].at(s.tt)
	s.moon.at, s.moon.velocity = all[moonSeries].at(s.tt)
	s.moon.acceleration = pull(s.moon.at, earthMass)
	at, velocity := all[embSeries].at(s.tt)
	s.earth.at = at.plus(s.sun.at).less(s.moon.at.times(moonShare))
	s.earth.velocity = velocity.plus(s.sun.velocity).less(s.moon.velocity.times(moonShare))
	s.earth.acceleration = pull(at, sunMass).less(s.moon.acceleration.times(moonShare))
}

// pull is the acceleration at a place towards a mass at the origin.
func pull(at vector, mass float64) vector {
	square := at.dot(at)
	return at.times(-mass / (square * math.Sqrt(square)))
}

// SiderealTime returns Greenwich apparent sidereal time in degrees, 0 to 360 (IAU
// 2006). With a place's eastern longitude added it is the right ascension of the
// meridian there.
func (s *Sky) SiderealTime() float64 {
	return siderealTime(s.Instant, s.nutation, s.Obliquity*degree)
}

// EquationOfTime returns how far a sundial is ahead of mean time, in seconds.
func (s *Sky) EquationOfTime() float64 {
	// At Greenwich the sundial shows the Sun's hour angle and mean time the Earth's
	// turn since midnight.
	dial := s.SiderealTime() - s.Place(Sun).RA + 180
	clock := math.Mod(s.UT-0.5, 1) * 360
	return Apart(dial, clock) * (day / 360)
}
