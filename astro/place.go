package astro

import "math"

// heliocentric says whether a series runs from the Sun rather than the barycentre.
var (
	seriesOf = [BodyCount]int{
		Sun: sunSeries, Moon: moonSeries, Mercury: mercurySeries, Venus: venusSeries, Mars: marsSeries,
		Jupiter: jupiterSeries, Saturn: saturnSeries, Uranus: uranusSeries, Neptune: neptuneSeries,
		Pluto: plutoSeries, Chiron: chironSeries,
	}
	fromSun = [BodyCount]bool{Mercury: true, Venus: true, Mars: true}
)

// Place returns where a body is seen. b must be one of the constants.
func (s *Sky) Place(b Body) Place {
	switch b {
	case MeanNode, MeanLilith:
		return s.meanOrbit(b)
	case TrueNode, TrueLilith:
		return s.osculating(b)
	}
	seen, dist := s.geometric(b)
	bends := b != Sun && b != Moon
	now := s.apparent(seen.at, s.earth.at.less(s.sun.at), s.earth.velocity, bends)

	// The rate comes from the same steps a moment later, every motion being straight
	// over it.
	const moment = 1.0 / (1 << 20) // days
	later := s.apparent(
		seen.at.plus(seen.velocity.times(moment)),
		s.earth.at.less(s.sun.at).plus(s.earth.velocity.less(s.sun.velocity).times(moment)),
		s.earth.velocity.plus(s.earth.acceleration.times(moment)), bends)
	from, to := s.ecliptic.of(now), s.ecliptic.of(later)
	return s.place(from, dist, from.turning(to)/moment)
}

// geometric returns the line from the Earth to where a body was when the light left,
// how that line changes, and its length: what its light tells, before anything bends it.
func (s *Sky) geometric(b Body) (seen body, dist float64) {
	var p body
	switch {
	case b == Sun:
		p = s.sun
	case b == Moon:
		p.at, p.velocity = s.moon.at.plus(s.earth.at), s.moon.velocity.plus(s.earth.velocity)
		p.acceleration = s.moon.acceleration.plus(s.earth.acceleration)
	default:
		p.at, p.velocity = all[seriesOf[b]].at(s.tt)
		sunwards := p.at
		if fromSun[b] {
			p.at, p.velocity = p.at.plus(s.sun.at), p.velocity.plus(s.sun.velocity)
		} else {
			sunwards = p.at.less(s.sun.at)
		}
		p.acceleration = pull(sunwards, sunMass)
	}
	straight := p.at.less(s.earth.at)
	delay := straight.length() / lightSpeed
	for range 3 {
		at := straight.less(p.velocity.times(delay)).plus(p.acceleration.times(delay * delay / 2))
		dist = at.length()
		seen.at, delay = at, dist/lightSpeed
	}
	velocity := p.velocity.less(p.acceleration.times(delay))
	towards := seen.at.times(1 / dist)
	slower := towards.dot(velocity.less(s.earth.velocity)) / (lightSpeed + towards.dot(velocity)) // of the delay
	seen.velocity = velocity.times(1 - slower).less(s.earth.velocity)
	return seen, dist
}

// apparent returns the direction, of length one, in which light along a line from the
// Earth is seen: bent by the Sun, if it bends, and aberrated by the Earth's velocity.
// fromSun is where the Earth is from the Sun.
func (s *Sky) apparent(line, fromSun, velocity vector, bends bool) vector {
	n := line.times(1 / line.length())
	if bends {
		n = bend(n, line.plus(fromSun), fromSun)
	}
	return aberrate(n, velocity)
}

// bend turns a direction by the Sun's gravity, to first order (Explanatory Supplement
// to the Astronomical Almanac, 1992, section 3.26): bodyFromSun and earthFromSun are
// the two ends of the light's way.
func bend(n, bodyFromSun, earthFromSun vector) vector {
	const radius = 1.97412574336e-8 // Schwarzschild's, of the Sun, AU
	dist := earthFromSun.length()
	e := earthFromSun.times(1 / dist)
	q := bodyFromSun.times(1 / bodyFromSun.length())
	// Behind the Sun's disk the light would not pass at all; the angle is kept from
	// vanishing.
	const least = 1e-5
	strength := radius / dist / max(1+q.dot(e), least)
	return n.plus(e.times(n.dot(q)).less(q.times(e.dot(n))).times(strength))
}

// aberrate returns the direction, of length one, in which light from direction n is
// seen by who moves with a velocity: by special relativity.
func aberrate(n, velocity vector) vector {
	v := velocity.times(1 / lightSpeed)
	slow := math.Sqrt(1 - v.dot(v))
	seen := n.times(slow).plus(v.times(1 + n.dot(v)/(1+slow)))
	return seen.times(1 / seen.length())
}

// place returns the place of a direction on the mean ecliptic and equinox of date,
// which moves along it by rate, radians a day.
func (s *Sky) place(n vector, dist, rate float64) Place {
	lon := math.Atan2(n.y, n.x) + s.nutation.lon
	flat := math.Hypot(n.x, n.y)
	p := Place{
		Lon:   Circle(lon / degree),
		Lat:   math.Atan2(n.z, flat) / degree,
		Dist:  dist,
		Speed: (rate + s.recession + s.nutation.lonRate) / degree,
	}
	p.RA, p.Dec = s.equatorial(lon, flat, n.z)
	return p
}

// equatorial returns right ascension and declination, degrees, of what stands at a true
// longitude, flat along the ecliptic and high above it.
func (s *Sky) equatorial(lon, flat, high float64) (ra, dec float64) {
	sin, cos := math.Sincos(lon)
	x, y := flat*cos, flat*sin
	y, z := y*s.cosE-high*s.sinE, y*s.sinE+high*s.cosE
	return Circle(math.Atan2(y, x) / degree), math.Atan2(z, math.Hypot(x, y)) / degree
}
