package zodiac

import "math"

// cosine returns the cosine that goes with a sine, of an angle within ±90°.
func cosine(sine float64) float64 { return math.Sqrt(math.Max(0, 1-sine*sine)) }

// placidus parts the time that each point of the ecliptic takes from the horizon to the
// meridian into three. What is on a cusp has done so many thirds of its own time.
func (h *horizon) placidus(c *[12]float64) {
	h.quadrants(c,
		h.hourLine(0, 1.0/3), h.hourLine(0, 2.0/3),
		h.hourLine(180, -2.0/3), h.hourLine(180, -1.0/3))
}

// hourLine returns the longitude whose hour angle is a part of its semi-arc, before the
// upper meridian or, with from 180, after the lower one with the nocturnal arc: the
// root of x = from + part·(90 ± AD(x)), x being the right ascension less the
// meridian's. It grows with x at a rate between 1/3 and 5/3 as long as the place is
// not polar, so Newton's steps find the one root there is.
func (h *horizon) hourLine(from, part float64) float64 {
	steep := h.tanLat * h.sinE / h.cosE
	if from != 0 {
		steep = -steep
	}
	x := from + 90*part
	for range 50 {
		sin, cos := sincos(h.armc + x)
		s := steep * sin
		f := x - from - part*(90+asin(s))
		step := f / (1 - part*steep*cos/cosine(s))
		x -= step
		if math.Abs(step) < 1e-11 {
			break
		}
	}
	return h.rising(h.armc+x, 0)
}

// koch parts the time in which the degree that culminates rose from the horizon to the
// meridian into three, and takes what stood at the Ascendant after each.
func (h *horizon) koch(c *[12]float64) {
	sin, _ := sincos(h.mc)
	dec := sin * h.sinE // its sine
	ad := asin(h.tanLat * dec / cosine(dec))
	third := (90 + ad) / 3
	cusp := func(oa float64) float64 { return h.rising(h.armc+oa, h.tanLat) }
	h.quadrants(c, cusp(third-ad), cusp(2*third-ad), cusp(90+third), cusp(90+2*third))
}

// alcabitius parts the semi-arc of the Ascendant into three and draws circles through
// the poles of the equator.
func (h *horizon) alcabitius(c *[12]float64) {
	sin, _ := sincos(h.asc)
	dec := sin * h.sinE // its sine
	above := acos(-h.tanLat * dec / cosine(dec))
	below := 180 - above
	cusp := func(from float64) float64 { return h.rising(h.armc+from, 0) }
	h.quadrants(c, cusp(above/3), cusp(2*above/3), cusp(180-2*below/3), cusp(180-below/3))
}
