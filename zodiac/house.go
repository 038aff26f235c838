package zodiac

// A System is a way to divide the sky into twelve houses.
type System uint8

const (
	Placidus System = iota
	Koch
	Porphyry
	Regiomontanus
	Campanus
	Equal // from the Ascendant
	WholeSign
	Alcabitius
	Topocentric // of Polich and Page
	Morinus

	systemCount
)

var systemKeys = [systemCount]string{
	"placidus", "koch", "porphyry", "regiomontanus", "campanus", "equal", "wholeSign", "alcabitius", "topocentric", "morinus",
}

// Key returns the system's name in JSON, such as "wholeSign".
func (s System) Key() string { return systemKeys[s] }

// ParseSystem returns the system of that key.
func ParseSystem(key string) (System, bool) {
	for s, k := range systemKeys {
		if k == key {
			return System(s), true
		}
	}
	return 0, false
}

// Houses are the twelve houses of one system.
type Houses struct {
	System System
	Cusps  [12]float64 // where house 1 to 12 begins
	// Fallback says that the system has no answer at this place, since part of the
	// ecliptic never rises there, and that the cusps are Porphyry's.
	Fallback bool
}

// At returns the house, 1 to 12, that a longitude is in. A cusp belongs to the house it
// begins.
func (h *Houses) At(lon float64) int {
	c := &h.Cusps
	for i := range c {
		next := c[0]
		if i < 11 {
			next = c[i+1]
		}
		if circle(lon-c[i]) < circle(next-c[i]) {
			return i + 1
		}
	}
	return 12 // rounding left it between two houses
}

// houses divides the sky by a system, for a zodiac that begins ayanamsa after the
// equinox.
func (h *horizon) houses(s System, ayanamsa float64) Houses {
	out := Houses{System: s}
	c := &out.Cusps
	switch s {
	case Placidus, Koch:
		if h.polar() {
			out.Fallback = true
			h.porphyry(c)
		} else if s == Placidus {
			h.placidus(c)
		} else {
			h.koch(c)
		}
	case Porphyry:
		h.porphyry(c)
	case Regiomontanus:
		h.regiomontanus(c)
	case Campanus:
		h.campanus(c)
	case Equal:
		for i := range c {
			c[i] = circle(h.asc + float64(30*i))
		}
	case WholeSign:
		first := 30 * float64(SignAt(circle(h.asc-ayanamsa)))
		for i := range c {
			c[i] = circle(first + float64(30*i))
		}
		return out
	case Alcabitius:
		h.alcabitius(c)
	case Topocentric:
		h.topocentric(c)
	case Morinus:
		h.morinus(c)
	}
	if ayanamsa != 0 {
		for i := range c {
			c[i] = circle(c[i] - ayanamsa)
		}
	}
	return out
}

// quadrants fills all cusps from the angles and the four between them; what faces a
// cusp is a cusp.
func (h *horizon) quadrants(c *[12]float64, c11, c12, c2, c3 float64) {
	c[0], c[1], c[2] = h.asc, c2, c3
	c[9], c[10], c[11] = h.mc, c11, c12
	for i := 3; i < 9; i++ {
		c[i] = circle(c[(i+6)%12] + 180)
	}
}

// circles is quadrants for systems of great circles, whose cusps go round with the
// Ascendant: where it had to be turned about, all of them are, also the tenth.
func (h *horizon) circles(c *[12]float64, c11, c12, c2, c3 float64) {
	if !h.turned {
		h.quadrants(c, c11, c12, c2, c3)
		return
	}
	h.quadrants(c, circle(c11+180), circle(c12+180), circle(c2+180), circle(c3+180))
	c[3], c[9] = c[9], c[3]
}

// porphyry parts each quadrant of the ecliptic into three.
func (h *horizon) porphyry(c *[12]float64) {
	upper := circle(h.asc - h.mc)
	lower := 180 - upper
	h.quadrants(c, circle(h.mc+upper/3), circle(h.mc+2*upper/3), circle(h.asc+lower/3), circle(h.asc+2*lower/3))
}

// regiomontanus parts the equator into twelve and draws circles through the north and
// south points of the horizon.
func (h *horizon) regiomontanus(c *[12]float64) {
	const half, most = 0.5, 0.86602540378443864676 // sines of 30° and 60°
	cusp := func(from, sine float64) float64 {
		return h.rising(h.armc+from, h.tanLat*sine)
	}
	h.circles(c, cusp(30, half), cusp(60, most), cusp(120, most), cusp(150, half))
}

// topocentric draws the cusps' circles as horizons of a third and two thirds of the
// latitude's tangent.
func (h *horizon) topocentric(c *[12]float64) {
	cusp := func(from, part float64) float64 {
		return h.rising(h.armc+from, h.tanLat*part)
	}
	h.circles(c, cusp(30, 1.0/3), cusp(60, 2.0/3), cusp(120, 2.0/3), cusp(150, 1.0/3))
}

// campanus parts the prime vertical into twelve and draws circles through the north and
// south points of the horizon.
func (h *horizon) campanus(c *[12]float64) {
	cusp := func(from float64) float64 {
		sin, cos := sincos(from)
		pole := h.sinLat * sin
		ra := h.armc + atan2(h.cosLat*sin, cos)
		return h.rising(ra, pole/cosine(pole))
	}
	h.circles(c, cusp(30), cusp(60), cusp(120), cusp(150))
}

// morinus parts the equator into twelve, from the east point on, and draws circles
// through the poles of the ecliptic.
func (h *horizon) morinus(c *[12]float64) {
	for i := range c {
		sin, cos := sincos(h.armc + 90 + float64(30*i))
		c[i] = circle(atan2(sin*h.cosE, cos))
	}
}
