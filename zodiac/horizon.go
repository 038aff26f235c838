package zodiac

import "math"

// Angles are the points in which great circles of the place cut the ecliptic.
type Angles struct {
	ARMC          float64 // right ascension of the meridian, not shifted in a sidereal chart
	Asc, MC       float64 // the horizon in the east, the meridian above
	Vertex        float64 // the prime vertical in the west
	EquatorialAsc float64 // the hour circle of the east point
}

// shift counts the longitudes from another zero point.
func (a *Angles) shift(ayanamsa float64) {
	for _, lon := range []*float64{&a.Asc, &a.MC, &a.Vertex, &a.EquatorialAsc} {
		*lon = circle(*lon - ayanamsa)
	}
}

// A horizon is the sky's great circles as a place sees them at an instant.
type horizon struct {
	armc, lat              float64
	sinE, cosE             float64 // of the obliquity
	sinLat, cosLat, tanLat float64
	mc, asc                float64 // the Ascendant is always east of the meridian
	turned                 bool    // for which it had to be exchanged with the Descendant
}

// nearPole keeps the tangent of the latitude from running away at the poles, where
// nothing rises.
const nearPole = 90 - 1e-9

func newHorizon(armc, obliquity, lat float64) *horizon {
	h := &horizon{armc: armc, lat: max(-nearPole, min(nearPole, lat))}
	h.sinE, h.cosE = sincos(obliquity)
	h.sinLat, h.cosLat = sincos(h.lat)
	h.tanLat = h.sinLat / h.cosLat
	sin, cos := sincos(armc)
	h.mc = circle(atan2(sin, cos*h.cosE))
	h.asc = h.rising(armc+90, h.tanLat)
	if circle(h.asc-h.mc) > 180 { // beyond the polar circles what rises may stand in the west
		h.asc, h.turned = circle(h.asc+180), true
	}
	return h
}

// rising returns where the ecliptic crosses a great circle that cuts the equator at
// right ascension ra and stands over it as the horizon does at a latitude of that
// tangent: the eastern horizon is that of armc+90 and the place's own.
func (h *horizon) rising(ra, tangent float64) float64 {
	sin, cos := sincos(ra)
	return circle(atan2(sin, cos*h.cosE-tangent*h.sinE))
}

func (h *horizon) angles() Angles {
	// Of the vertex the horizon is that of the other latitude, seen from the other side.
	tangent := math.Copysign(1/math.Max(math.Abs(h.tanLat), 1e-12), h.lat)
	vertex := h.rising(h.armc-90, tangent)
	if within := math.Abs(h.tanLat)*h.cosE <= h.sinE; within && circle(vertex-h.mc) < 180 {
		// Where the Sun can stand in the zenith both crossings may lie in the west; it
		// is that west of the meridian.
		vertex = circle(vertex + 180)
	}
	return Angles{
		ARMC: h.armc, Asc: h.asc, MC: h.mc, Vertex: vertex,
		EquatorialAsc: h.rising(h.armc+90, 0),
	}
}

// above says whether a place on the equator's coordinates is above the horizon.
func (h *horizon) above(ra, dec float64) bool {
	sin, cos := sincos(dec)
	_, hour := sincos(h.armc - ra)
	return sin*h.sinLat+cos*h.cosLat*hour > 0
}

// polar says whether some of the ecliptic never rises or never sets.
func (h *horizon) polar() bool { return math.Abs(h.tanLat)*h.sinE >= h.cosE }
