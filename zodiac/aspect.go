package zodiac

import (
	"math"

	"github.com/fortunet/fortunet/astro"
)

// A Point is what can stand in an aspect: a body, under its own number, or an angle.
type Point uint8

const (
	Fortune Point = astro.BodyCount + iota
	Asc
	MC
	Vertex

	pointCount
)

var pointKeys = [...]string{"fortune", "asc", "mc", "vertex"}

// Key returns the point's name in JSON.
func (p Point) Key() string {
	if p < astro.BodyCount {
		return astro.Body(p).Key()
	}
	return pointKeys[p-Fortune]
}

// An AspectKind is an angle at which two points look at each other.
type AspectKind uint8

const (
	Conjunction AspectKind = iota
	SemiSextile
	SemiSquare
	Sextile
	Quintile
	Square
	Trine
	Sesquiquadrate
	Quincunx
	Opposition

	aspectCount
)

var (
	aspectKeys = [aspectCount]string{
		"conjunction", "semisextile", "semisquare", "sextile", "quintile", "square", "trine", "sesquiquadrate", "quincunx", "opposition",
	}
	aspectAngles = [aspectCount]float64{0, 30, 45, 60, 72, 90, 120, 135, 150, 180}
)

// Key returns the aspect's name in JSON, such as "trine".
func (k AspectKind) Key() string { return aspectKeys[k] }

// Angle returns the aspect's angle, degrees.
func (k AspectKind) Angle() float64 { return aspectAngles[k] }

// Major says whether the aspect is one of Ptolemy's five.
func (k AspectKind) Major() bool {
	return k == Conjunction || k == Sextile || k == Square || k == Trine || k == Opposition
}

// AspectOf returns the aspect of that whole angle.
func AspectOf(angle int) (AspectKind, bool) {
	for k, a := range aspectAngles {
		if a == float64(angle) {
			return AspectKind(k), true
		}
	}
	return 0, false
}

// Orbs say how far from exact an aspect still counts, degrees to either side.
type Orbs struct {
	Of     [aspectCount]float64 // between planets
	Lights float64              // more, where a major aspect has the Sun or the Moon in it
	Others float64              // at most, where one of the two is no planet
}

// DefaultOrbs are used unless others are asked for. Authors differ; these lie between
// the wide orbs of the tradition and what most programs use now.
var DefaultOrbs = Orbs{
	Of: [aspectCount]float64{
		Conjunction: 8, SemiSextile: 1.5, SemiSquare: 1.5, Sextile: 5, Quintile: 1.5,
		Square: 7, Trine: 7, Sesquiquadrate: 1.5, Quincunx: 2.5, Opposition: 8,
	},
	Lights: 2,
	Others: 3,
}

// An Aspect is two points at an angle.
type Aspect struct {
	A, B     Point
	Kind     AspectKind
	Angle    float64 // between them in truth, 0 to 180
	Orb      float64 // how far that is from exact, not negative
	Applying bool    // it is becoming exact, rather than ceasing to be
}

// A seen is a point as aspects see it.
type seen struct {
	point      Point
	lon, speed float64
}

// aspecting are the bodies that stand in aspects, in their order: of the two nodes and
// the two Liliths, which are the same thing reckoned twice, only one each.
var aspecting = [...]astro.Body{
	astro.Sun, astro.Moon, astro.Mercury, astro.Venus, astro.Mars, astro.Jupiter, astro.Saturn,
	astro.Uranus, astro.Neptune, astro.Pluto, astro.TrueNode, astro.MeanLilith, astro.Chiron,
}

const seenCount = len(aspecting) + 2

// seen returns what stands in the chart's aspects: aspecting, Ascendant and Midheaven,
// the angles standing still.
func (c *Chart) seen() (s [seenCount]seen) {
	for i, b := range aspecting {
		s[i] = seen{Point(b), c.Bodies[b].Lon, c.Bodies[b].Speed}
	}
	s[len(aspecting)] = seen{Asc, c.Angles.Asc, 0}
	s[len(aspecting)+1] = seen{MC, c.Angles.MC, 0}
	return s
}

// aspects finds the aspects within a chart. Of Ascendant and Midheaven, whose angle is
// the place's doing, none is told.
func (c *Chart) aspects() []Aspect {
	points := c.seen()
	orbs := c.Options.orbs()
	found := make([]Aspect, 0, 48)
	for i := range points {
		for j := i + 1; j < len(points); j++ {
			if points[i].point == Asc {
				continue
			}
			if a, ok := orbs.between(&points[i], &points[j]); ok {
				found = append(found, a)
			}
		}
	}
	return found
}

// across finds the aspects of the points of one chart, A, to those of another, B.
func across(a, b *Chart, orbs *Orbs) []Aspect {
	from, to := a.seen(), b.seen()
	found := make([]Aspect, 0, 64)
	for i := range from {
		for j := range to {
			if a, ok := orbs.between(&from[i], &to[j]); ok {
				found = append(found, a)
			}
		}
	}
	return found
}

// nearest holds for each whole degree, 0 to 180, the aspects that could be meant: those
// next below and above.
var nearest = func() (table [181][2]AspectKind) {
	for d := range table {
		for k, angle := range aspectAngles {
			if angle <= float64(d) {
				table[d][0] = AspectKind(k)
			}
		}
		table[d][1] = min(table[d][0]+1, Opposition)
	}
	return table
}()

// between returns the aspect of two points; where orbs are so wide that two would do,
// that whose orb is less used up.
func (o *Orbs) between(a, b *seen) (found Aspect, ok bool) {
	apart := astro.Apart(b.lon, a.lon)
	angle := math.Abs(apart)
	best := 1.0
	for _, kind := range nearest[int(angle)] {
		off := math.Abs(angle - aspectAngles[kind])
		allowed := o.allowed(kind, a.point, b.point)
		if allowed <= 0 || off > allowed || (ok && off/allowed >= best) {
			continue
		}
		best, ok = off/allowed, true
		found = Aspect{A: a.point, B: b.point, Kind: kind, Angle: angle, Orb: off}
	}
	if ok {
		widening := b.speed - a.speed
		if apart < 0 {
			widening = -widening
		}
		found.Applying = widening != 0 && found.Orb > 0 && (angle < aspectAngles[found.Kind]) == (widening > 0)
	}
	return found, ok
}

// allowed returns the orb of an aspect between two points.
func (o *Orbs) allowed(k AspectKind, a, b Point) float64 {
	orb := o.Of[k]
	if !planet(a) || !planet(b) {
		return min(orb, o.Others)
	}
	if k.Major() && orb > 0 && (light(a) || light(b)) {
		orb += o.Lights
	}
	return orb
}

func planet(p Point) bool { return p <= Point(astro.Pluto) }
func light(p Point) bool  { return p <= Point(astro.Moon) }
