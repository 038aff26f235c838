package draw

import (
	"fmt"
	"image/color"
	"math"
	"strconv"

	"github.com/fortunet/fortunet/astro"
	"github.com/fortunet/fortunet/lang"
	"github.com/fortunet/fortunet/zodiac"
)

// A wheel is a chart being drawn as rings, the Ascendant at the left.
type wheel struct {
	pen
	names  lang.Language
	x, y   float64 // its middle
	unit   float64 // of sizes; radii are those of the rings below, of a wheel of 500
	asc    float64
	coarse bool // a narrow picture: no minutes
}

// Radii of a wheel of 500, from outside inwards.
const (
	rim       = 492.0
	signsIn   = 432.0 // the ring of the signs
	ticksIn   = 422.0
	housesOut = 232.0 // the ring of the houses' numbers
	housesIn  = 202.0
	webOut    = 200.0 // where aspects end

	betweenRings = 322.0 // of a wheel of two
)

// drawn are the points that wheels show.
var drawnPoints = [...]zodiac.Point{
	zodiac.Point(astro.Sun), zodiac.Point(astro.Moon), zodiac.Point(astro.Mercury), zodiac.Point(astro.Venus),
	zodiac.Point(astro.Mars), zodiac.Point(astro.Jupiter), zodiac.Point(astro.Saturn), zodiac.Point(astro.Uranus),
	zodiac.Point(astro.Neptune), zodiac.Point(astro.Pluto), zodiac.Point(astro.TrueNode), zodiac.Point(astro.MeanLilith),
	zodiac.Point(astro.Chiron), zodiac.Fortune,
}

// position returns where a point of a chart is.
func position(c *zodiac.Chart, p zodiac.Point) *zodiac.Position {
	if p == zodiac.Fortune {
		return &c.Fortune
	}
	return &c.Bodies[p]
}

// Wheel draws a natal chart.
func Wheel(c *zodiac.Chart, s Style) *Picture {
	w := newWheel(c, s, s.Language.in("星盤", "Natal chart"))
	w.drawFrame()
	w.drawHouses(c)
	w.drawWeb(c.Aspects, c, c)
	w.drawBodies(c, belt{374, ticksIn, housesOut}, w.ink, "body")
	w.drawTable(1060, c, nil)
	return w.Picture
}

// BiWheel draws a chart with a second one's bodies around it: a moment's sky, or another
// person's. Houses are the inner chart's, aspects those between both.
func BiWheel(inner, outer *zodiac.Chart, aspects []zodiac.Aspect, s Style) *Picture {
	w := newWheel(inner, s, s.Language.in("雙重星盤", "Two charts"))
	w.drawFrame()
	w.drawHouses(inner)
	w.strokePath(circle(w.x, w.y, w.r(betweenRings)), w.rule, w.unit)
	w.drawWeb(aspects, outer, inner)
	w.drawBodies(inner, belt{290, betweenRings, housesOut}, w.ink, "body")
	w.drawBodies(outer, belt{392, ticksIn, betweenRings}, w.outer, "outer-body")
	w.drawTable(1060, inner, outer)
	return w.Picture
}

// newWheel makes the page of a wheel: a square, and below it room for a table.
func newWheel(c *zodiac.Chart, s Style, title string) *wheel {
	names := s.Language.names()
	const width = 1080
	height := 1060.0 + tableHeight(s)
	sun, moon := &c.Bodies[astro.Sun], &c.Bodies[astro.Moon]
	about := fmt.Sprintf("%s %s, %s %s, %s %s.", zodiac.BodyName(astro.Sun, names), sun.Sign.Name(names),
		zodiac.BodyName(astro.Moon, names), moon.Sign.Name(names), zodiac.Asc.Name(names), zodiac.SignAt(c.Angles.Asc).Name(names))
	w := &wheel{pen: newPen(s, width, height, title, about), names: names, x: width / 2, y: 530, unit: 1.3, asc: c.Angles.Asc}
	w.coarse = s.width() < narrow
	return w
}

// r returns a radius on the page.
func (w *wheel) r(radius float64) float64 { return radius * 0.985 }

// at returns the place of a longitude at a radius: the zodiac goes round against the
// clock, from the Ascendant at the left.
func (w *wheel) at(lon, radius float64) (x, y float64) {
	sin, cos := math.Sincos((lon - w.asc) * math.Pi / 180)
	return w.x - w.r(radius)*cos, w.y + w.r(radius)*sin
}

// turn returns the angle of a longitude as paths count them.
func (w *wheel) turn(lon float64) float64 { return 180 - (lon - w.asc) }

func (w *wheel) spoke(lon, from, to float64, ink color.NRGBA, thick float64) {
	x1, y1 := w.at(lon, from)
	x2, y2 := w.at(lon, to)
	w.line(x1, y1, x2, y2, ink, thick)
}

// drawFrame draws the ring of the signs with its degrees.
func (w *wheel) drawFrame() {
	w.fillPath(circle(w.x, w.y, w.r(rim)), w.panel)
	for s := range zodiac.Sign(12) {
		lon := 30 * float64(s)
		ink := w.elements[s.Element()]
		w.within("sign", s.Key(), s.Name(w.names), func() {
			w.fillPath(ring(w.x, w.y, w.r(signsIn), w.r(rim), w.turn(lon), w.turn(lon+30)), fade(ink, 0.12))
			x, y := w.at(lon+15, (rim+signsIn)/2)
			w.glyph(signGlyphs[int(s)], x, y, w.pick(38, 46), ink)
		})
		w.spoke(lon, signsIn, rim, w.rule, w.unit)
	}
	var ticks path
	for d := range 360 {
		long := signsIn - 5
		switch {
		case d%10 == 0:
			long = ticksIn - 3
		case d%5 == 0:
			long = ticksIn
		case w.coarse:
			continue
		}
		x1, y1 := w.at(float64(d), long)
		x2, y2 := w.at(float64(d), signsIn)
		ticks = ticks.move(x1, y1).line(x2, y2)
	}
	w.strokePath(ticks, w.faint, w.unit*0.7)
	for _, r := range []float64{rim, signsIn} {
		w.strokePath(circle(w.x, w.y, w.r(r)), w.soft, w.unit*1.2)
	}
}

// pick chooses a size for a wide picture or a narrow one, on which all is smaller.
func (w *wheel) pick(wide, narrow float64) float64 {
	if w.coarse {
		return narrow
	}
	return wide
}

// drawHouses draws cusps, numbers and the names of the angles.
func (w *wheel) drawHouses(c *zodiac.Chart) {
	for _, r := range []float64{housesOut, housesIn} {
		w.strokePath(circle(w.x, w.y, w.r(r)), w.rule, w.unit)
	}
	cusps := c.Houses[0].Cusps
	for i, cusp := range cusps {
		w.within("house", strconv.Itoa(i+1), "", func() {
			ink, thick := w.rule, w.unit
			if i%3 == 0 && onAngle(c, cusp) {
				ink, thick = w.soft, w.unit*2
			}
			w.spoke(cusp, housesIn, signsIn, ink, thick)
			middleOf := cusp + astro.Circle(cusps[(i+1)%12]-cusp)/2
			x, y := w.at(middleOf, (housesOut+housesIn)/2)
			size := w.pick(19, 30)
			w.write(label{text: strconv.Itoa(i + 1), x: x, y: y + size*0.36, size: size, anchor: middle, ink: w.faint})
		})
	}
	for _, angle := range []struct {
		text string
		lon  float64
	}{{"Asc", c.Angles.Asc}, {"Dsc", c.Angles.Asc + 180}, {"MC", c.Angles.MC}, {"IC", c.Angles.MC + 180}} {
		// A word is wider than high: how far out it stands hangs on where the angle is.
		size := w.pick(18, 25)
		sin, cos := math.Sincos((angle.lon - w.asc) * math.Pi / 180)
		clear := 3 + math.Abs(cos)*measure(angle.text, size, true)/2 + math.Abs(sin)*size*0.4
		x, y := w.at(angle.lon, rim)
		x, y = x-clear*cos, y+clear*sin
		w.write(label{text: angle.text, x: x, y: y + size*0.36, size: size, bold: true, anchor: middle, ink: w.accent})
	}
}

// onAngle says whether a cusp is one of the four angles, which in some systems it is
// not.
func onAngle(c *zodiac.Chart, cusp float64) bool {
	for _, angle := range []float64{c.Angles.Asc, c.Angles.MC} {
		if d := math.Abs(astro.Apart(cusp, angle)); d < 0.01 || d > 179.99 {
			return true
		}
	}
	return false
}

// drawWeb draws the aspects between bodies: a of the one chart, b of the other.
func (w *wheel) drawWeb(aspects []zodiac.Aspect, a, b *zodiac.Chart) {
	for i := range aspects {
		s := &aspects[i]
		if s.A > zodiac.Fortune || s.B > zodiac.Fortune || s.Kind == zodiac.Conjunction {
			continue // what stands together needs no line
		}
		if w.coarse && !s.Kind.Major() {
			continue
		}
		x1, y1 := w.at(position(a, s.A).Lon, webOut)
		x2, y2 := w.at(position(b, s.B).Lon, webOut)
		ink := fade(w.aspectInk(s.Kind), 0.45+0.5*max(0, 1-s.Orb/8))
		title := fmt.Sprintf("%s %s %s", s.A.Name(w.names), s.Kind.Name(w.names), s.B.Name(w.names))
		w.grouped(group{name: "aspect", value: s.Kind.Key(), title: title, a: s.A.Key(), b: s.B.Key()}, func() {
			way := path{}.move(x1, y1).line(x2, y2)
			if s.Kind.Major() {
				w.strokePath(way, ink, w.pick(1.8, 3))
			} else {
				w.dashPath(way, ink, w.pick(1.2, 2), 7)
			}
		})
	}
}

func (w *wheel) aspectInk(k zodiac.AspectKind) color.NRGBA {
	switch k {
	case zodiac.Trine, zodiac.Sextile:
		return w.easy
	case zodiac.Square, zodiac.Opposition:
		return w.hard
	case zodiac.Conjunction:
		return w.joined
	}
	return w.slight
}

// A belt is where bodies are drawn: about a radius, between the edge that tells where
// they truly are and the floor that they must not cross.
type belt struct{ radius, edge, floor float64 }

// drawBodies draws a chart's bodies, none over another, each with its degree and a line
// to where it truly is.
func (w *wheel) drawBodies(c *zodiac.Chart, in belt, ink color.NRGBA, kind string) {
	places := make([]float64, len(drawnPoints))
	for i, p := range drawnPoints {
		places[i] = position(c, p).Lon
	}
	size := w.pick(36, 46)
	room := (size * 1.22 / w.r(in.radius)) * 180 / math.Pi
	for i, shown := range spread(places, room) {
		point := drawnPoints[i]
		p := position(c, point)
		title := fmt.Sprintf("%s %s %s", point.Name(w.names), p.Sign.Name(w.names), degrees(p.Degree()))
		w.within(kind, point.Key(), title, func() {
			x1, y1 := w.at(p.Lon, in.edge)
			x2, y2 := w.at(p.Lon, in.edge-10)
			x3, y3 := w.at(shown, in.radius+size*0.58)
			w.strokePath(path{}.move(x1, y1).line(x2, y2).line(x3, y3), fade(ink, 0.55), w.unit*0.9)
			x, y := w.at(shown, in.radius)
			w.glyph(bodyGlyphs[int(point)], x, y, size, ink)
			w.drawDegree(p, shown, in.radius-size*0.95, in.floor, ink)
		})
	}
}

// drawDegree writes a body's degree below its glyph, its minute further in, and whether
// it is retrograde, as far as there is room before the houses' numbers. Where the way
// inwards is level, what follows stands beside and not below.
func (w *wheel) drawDegree(p *zodiac.Position, shown, radius, floor float64, ink color.NRGBA) {
	size := w.pick(19, 28)
	_, cos := math.Sincos((shown - w.asc) * math.Pi / 180)
	level := math.Abs(cos)
	step := size * (1 + 0.55*level)
	radius -= step * 0.25 * level
	degree, minute := wholeMinutes(p.Degree())
	x, y := w.at(shown, radius)
	text := strconv.Itoa(degree) + "°"
	w.write(label{text: text, x: x, y: y + size*0.36, size: size, anchor: middle, ink: ink})
	room := int((radius - floor) / step)
	if p.Retrograde && room < 1 {
		w.glyph(retrograde, x+measure(text, size, false)/2+size*0.28, y+size*0.3, size*0.7, w.hard)
		return
	}
	if more := room > 1 || !p.Retrograde && room > 0; more && !w.coarse {
		radius -= step
		x, y := w.at(shown, radius)
		w.write(label{text: fmt.Sprintf("%02d′", minute), x: x, y: y + size*0.27, size: size * 0.74, anchor: middle, ink: w.faint})
	}
	if p.Retrograde {
		x, y := w.at(shown, radius-step)
		w.glyph(retrograde, x, y, size*0.95, w.hard)
	}
}

// wholeMinutes returns an angle's degrees and minutes, cut off as tables do, so that
// 29°59′59″ does not look like the next sign.
func wholeMinutes(x float64) (d, m int) {
	minutes := int(x * 60)
	return minutes / 60, minutes % 60
}

func degrees(x float64) string {
	d, m := wholeMinutes(x)
	return fmt.Sprintf("%d°%02d′", d, m)
}
