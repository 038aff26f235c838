package astro

import "math"

// meanOrbit returns the node or the apogee of the Moon's mean orbit.
func (s *Sky) meanOrbit(b Body) Place {
	// Of the mean ellipse: 384,400 km by eccentricity 0.0549.
	const nodeDist, apogeeDist = 0.0025695553, 0.0027106251 // AU
	t := (s.tt - j2000) / century
	const step = 1.0 / 64 // days
	if b == MeanNode {
		now, later := meanNode(t), meanNode(t+step/century)
		sin, cos := math.Sincos(now)
		return s.place(vector{cos, sin, 0}, nodeDist, (later-now)/step-s.recession)
	}
	now, later := meanApogee(t), meanApogee(t+step/century)
	return s.place(now, apogeeDist, now.turning(later)/step-s.recession)
}

// meanNode returns the longitude of the mean ascending node t centuries after J2000,
// radians from the mean equinox of date. Authors differ by a second or two in 1600 to
// 2399; this is the polynomial of Meeus, Astronomical Algorithms, chapter 47, less what
// separates it from the mean nodes that Swiss Ephemeris prints for those years, so that
// charts agree with those of nearly all other programs.
func meanNode(t float64) float64 {
	return poly(t, 125.0445550451961, -1934.1363156129519, 0.0020714694386, 1.9058069e-6, -2.0821792e-8) * degree
}

// meanPerigee is meanNode for the longitude of the mean perigee, counted along the
// ecliptic to the node and on along the orbit.
func meanPerigee(t float64) float64 {
	return poly(t, 83.3532429832356, 4069.0135791493576, -0.0103140277280, -1.1655705e-5, 7.1463418e-8) * degree
}

// meanApogee returns the direction of the mean apogee: on the mean orbit, which is
// inclined to the ecliptic.
func meanApogee(t float64) vector {
	const inclination = 5.1453964 * degree
	node := meanNode(t)
	sin, cos := math.Sincos(meanPerigee(t) + math.Pi - node)
	sinI, cosI := math.Sincos(inclination)
	sinN, cosN := math.Sincos(node)
	along, across := cos, sin*cosI
	return vector{along*cosN - across*sinN, along*sinN + across*cosN, sin * sinI}
}

// osculating returns the node or the apogee of the ellipse on which the Moon would go
// on if nothing but the Earth pulled it.
func (s *Sky) osculating(b Body) Place {
	const step = 1.0 / 64 // days
	before, after := s.tt-step, s.tt+step
	p, v := all[moonSeries].at(before)
	from := s.ellipse(p, v, b)
	p, v = all[moonSeries].at(after)
	to := s.ellipse(p, v, b)
	n := s.ellipse(s.moon.at, s.moon.velocity, b)
	dist := n.length()
	return s.place(n.times(1/dist), dist, from.turning(to)/(2*step))
}

// ellipse returns where the ascending node on the mean ecliptic of date, or the apogee,
// of the ellipse lies that a place and a velocity make.
func (s *Sky) ellipse(p, v vector, b Body) vector {
	p, v = s.ecliptic.of(p), s.ecliptic.of(v)
	momentum := p.cross(v)
	// Towards perigee, as long as the eccentricity.
	laplace := v.cross(momentum).times(1 / earthMass).less(p.times(1 / p.length()))
	e := laplace.length()
	parameter := momentum.dot(momentum) / earthMass
	if b == TrueLilith {
		return laplace.times(-parameter / (1 - e) / e) // a(1+e) away
	}
	node := vector{-momentum.y, momentum.x, 0}
	node = node.times(1 / node.length())
	return node.times(parameter / (1 + laplace.dot(node)))
}
