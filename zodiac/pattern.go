package zodiac

import "github.com/fortunet/fortunet/astro"

// A PatternKind is a figure that aspects make.
type PatternKind uint8

const (
	GrandTrine PatternKind = iota // three planets, each in trine to both others
	Kite                          // a grand trine with a planet that faces one of it and is in sextile to the others
	TSquare                       // two in opposition and a third in square to both
	GrandCross                    // two oppositions in square to each other
	Yod                           // two in sextile and a third in quincunx to both
	Stellium                      // four or more in one sign

	patternCount
)

var patternKeys = [patternCount]string{"grandTrine", "kite", "tSquare", "grandCross", "yod", "stellium"}

// Key returns the pattern's name in JSON, such as "tSquare".
func (k PatternKind) Key() string { return patternKeys[k] }

// A Pattern is a figure found in a chart.
type Pattern struct {
	Kind PatternKind
	// Points are what makes it, the one on which it hangs first: the kite's tail, that
	// is the planet facing one of the trine; the square's third; the yod's apex. The
	// others follow in the order of the bodies.
	Points []Point
}

// stelliumSize is how many planets in one sign make a stellium. Some ask for three, which
// Sun, Mercury and Venus, never far apart, are every few months.
const stelliumSize = 4

const planetCount = int(astro.Pluto) + 1

// A web says which aspect each two planets have.
type web [planetCount][planetCount]uint16 // a bit for each kind

func (w *web) has(k AspectKind, a, b int) bool { return w[a][b]&(1<<k) != 0 }

// patterns finds the figures that the chart's ten planets make. A grand trine within a
// kite, and the squares of a grand cross, are told as well.
func (c *Chart) patterns() []Pattern {
	var w web
	var count [aspectCount]int
	for _, a := range c.Aspects {
		if planet(a.A) && planet(a.B) {
			w[a.A][a.B] |= 1 << a.Kind
			w[a.B][a.A] |= 1 << a.Kind
			count[a.Kind]++
		}
	}
	var found []Pattern
	if count[Trine] >= 3 {
		found = w.trines(found)
	}
	if count[Opposition] >= 1 && count[Square] >= 2 {
		found = w.squares(found)
	}
	if count[Quincunx] >= 2 && count[Sextile] >= 1 {
		found = w.yods(found)
	}
	return c.stelliums(found)
}

func figure(k PatternKind, planets ...int) Pattern {
	p := Pattern{Kind: k, Points: make([]Point, len(planets))}
	for i, b := range planets {
		p.Points[i] = Point(b)
	}
	return p
}

// trines finds grand trines and kites.
func (w *web) trines(found []Pattern) []Pattern {
	for a := range planetCount {
		for b := a + 1; b < planetCount; b++ {
			if !w.has(Trine, a, b) {
				continue
			}
			for c := b + 1; c < planetCount; c++ {
				if !w.has(Trine, a, c) || !w.has(Trine, b, c) {
					continue
				}
				found = append(found, figure(GrandTrine, a, b, c))
				for tail := range planetCount {
					for _, t := range [3][3]int{{a, b, c}, {b, a, c}, {c, a, b}} {
						if w.has(Opposition, tail, t[0]) && w.has(Sextile, tail, t[1]) && w.has(Sextile, tail, t[2]) {
							found = append(found, figure(Kite, tail, a, b, c))
						}
					}
				}
			}
		}
	}
	return found
}

// squares finds T-squares and grand crosses.
func (w *web) squares(found []Pattern) []Pattern {
	for a := range planetCount {
		for b := a + 1; b < planetCount; b++ {
			if !w.has(Opposition, a, b) {
				continue
			}
			for c := range planetCount {
				if !w.has(Square, a, c) || !w.has(Square, b, c) {
					continue
				}
				found = append(found, figure(TSquare, c, a, b))
				for d := c + 1; d < planetCount; d++ {
					if c > a && w.has(Opposition, c, d) && w.has(Square, a, d) && w.has(Square, b, d) {
						found = append(found, figure(GrandCross, a, b, c, d))
					}
				}
			}
		}
	}
	return found
}

// yods finds yods.
func (w *web) yods(found []Pattern) []Pattern {
	for a := range planetCount {
		for b := a + 1; b < planetCount; b++ {
			if !w.has(Sextile, a, b) {
				continue
			}
			for apex := range planetCount {
				if w.has(Quincunx, a, apex) && w.has(Quincunx, b, apex) {
					found = append(found, figure(Yod, apex, a, b))
				}
			}
		}
	}
	return found
}

// stelliums finds signs that hold many planets.
func (c *Chart) stelliums(found []Pattern) []Pattern {
	var in [12]int
	for b := range planetCount {
		in[c.Bodies[b].Sign]++
	}
	for sign, n := range in {
		if n < stelliumSize {
			continue
		}
		p := Pattern{Kind: Stellium, Points: make([]Point, 0, n)}
		for b := range planetCount {
			if c.Bodies[b].Sign == Sign(sign) {
				p.Points = append(p.Points, Point(b))
			}
		}
		found = append(found, p)
	}
	return found
}
