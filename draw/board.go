package draw

import (
	"fmt"
	"strconv"

	"github.com/fortunet/fortunet/lang"
	"github.com/fortunet/fortunet/ziwei"
)

// places are the column and row, from 0, of palace index 0 (寅) to 11 (丑): clockwise
// from the lower left.
var places = [12][2]int{{0, 3}, {0, 2}, {0, 1}, {0, 0}, {1, 0}, {2, 0}, {3, 0}, {3, 1}, {3, 2}, {3, 3}, {2, 3}, {1, 3}}

// A grid is the measures of a board, in units of the drawing.
type grid struct {
	width, margin float64
	cellW, cellH  float64
	pad           float64
	major, minor  float64 // sizes of the stars' names
	adjective     float64
	small         float64 // of brightness, gods and ages
	badge         float64 // of a transformation
	title, decade float64 // of the palace's name and its decade
	pillar        float64
	whole         bool // there is room for gods and ages
}

var (
	wideGrid = grid{
		width: 1080, margin: 18, cellW: 261, cellH: 276, pad: 10, major: 30, minor: 23.5, adjective: 17,
		small: 14.5, badge: 23, title: 25, decade: 19, pillar: 24, whole: true,
	}
	narrowGrid = grid{
		width: 360, margin: 4, cellW: 88, cellH: 126, pad: 3.5, major: 14.5, minor: 11.5, adjective: 9.2,
		small: 9.2, badge: 11, title: 12.5, decade: 9.6, pillar: 11.5,
	}
)

func gridOf(s Style) *grid {
	if s.width() < narrow {
		return &narrowGrid
	}
	return &wideGrid
}

func (g *grid) height() float64 { return 2*g.margin + 4*g.cellH }

// corner returns the upper left corner of the palace at index.
func (g *grid) corner(index int) (x, y float64) {
	return g.margin + float64(places[index][0])*g.cellW, g.margin + float64(places[index][1])*g.cellH
}

// A board is one chart being drawn.
type board struct {
	pen
	*grid
	names  lang.Language
	chart  *ziwei.Chart
	moment *ziwei.Horoscope // nil for none
	top    float64          // where it begins on the page
}

// Board draws the twelve-palace board of a chart and, where h is not nil, what a moment
// brings to it: the scopes' palaces and their transformations.
func Board(c *ziwei.Chart, h *ziwei.Horoscope, s Style) *Picture {
	g := gridOf(s)
	p := newPen(s, g.width, g.height(), boardTitle(c, s.Language), aboutBoard(c, s.Language))
	b := board{pen: p, grid: g, names: s.Language.names(), chart: c, moment: h}
	b.draw()
	return p.Picture
}

// Pair draws the boards of two people, one above the other.
func Pair(first, second *ziwei.Chart, s Style) *Picture {
	g := gridOf(s)
	title := s.Language.in("紫微斗數合盤", "Two Zi Wei charts")
	about := aboutBoard(first, s.Language) + " " + aboutBoard(second, s.Language)
	p := newPen(s, g.width, 2*g.height(), title, about)
	for i, c := range []*ziwei.Chart{first, second} {
		b := board{pen: p, grid: g, names: s.Language.names(), chart: c, top: float64(i) * g.height()}
		p.within("person", strconv.Itoa(i), boardTitle(c, s.Language), b.draw)
	}
	return p.Picture
}

func boardTitle(c *ziwei.Chart, l Language) string {
	names := l.names()
	return fmt.Sprintf("%s %v %s %s", l.in("紫微斗數命盤", "Zi Wei chart"), c.Birth.Date,
		ziwei.TimeName(c.Birth.TimeIndex, names), c.Birth.Gender.Name(names))
}

// aboutBoard says what the picture shows to who cannot see it.
func aboutBoard(c *ziwei.Chart, l Language) string {
	names := l.names()
	text := l.in("命宮", "Soul palace ") + c.Palaces[c.Soul].Pillar.String() + l.in("：", ": ")
	stars := c.Palaces[c.Soul].Major
	if len(stars) == 0 {
		text += l.in("無主星", "no major star")
	}
	for i, s := range stars {
		if i > 0 {
			text += l.in("、", ", ")
		}
		text += s.Star.Name(names)
	}
	return text + l.in("。", ". ") + c.Element.Name(names) + l.in("。", ".")
}

// corner returns the upper left corner of a palace on the page.
func (b *board) corner(index int) (x, y float64) {
	x, y = b.grid.corner(index)
	return x, y + b.top
}

func (b *board) draw() {
	b.fillPath(rect(b.margin, b.top+b.margin, 4*b.cellW, 4*b.cellH), b.panel)
	b.drawCentre()
	for i := range b.chart.Palaces {
		palace := &b.chart.Palaces[i]
		b.within("palace", strconv.Itoa(i), sentence(palace.Name.Name(b.names)), func() { b.drawPalace(palace) })
	}
	b.strokePath(rect(b.margin, b.top+b.margin, 4*b.cellW, 4*b.cellH), b.soft, b.major/14)
}

// fit returns a size at which a text is no wider than that.
func fit(text string, size, width float64, bold bool) float64 {
	if w := measure(text, size, bold); w > width {
		return size * width / w
	}
	return size
}

// sentence begins a text with a capital.
func sentence(text string) string {
	if text != "" && text[0] >= 'a' && text[0] <= 'z' {
		return string(text[0]-'a'+'A') + text[1:]
	}
	return text
}
