// Package draw makes pictures of charts: the twelve-palace board, the natal wheel and
// the wheel of two rings, as SVG and PNG; and charts as text for a terminal or a chat.
//
// Every picture is one list of shapes and texts, from which both forms are written, so
// that they show the same. SVG has presentation attributes only, no style and no
// script, and marks what it shows: data-palace (0 to 11), data-star, data-body,
// data-aspect with the ends data-a and data-b, data-house (1 to 12), for a page to react to.
package draw

import (
	"fmt"
	"image/color"
	"math"

	"github.com/fortunet/fortunet/lang"
)

// Version names how charts are drawn and put into words. It is raised whenever the same
// chart looks or reads otherwise than before, so that what was kept is drawn anew.
const Version = "2"

// A Theme is what a picture is drawn on.
type Theme uint8

const (
	Light Theme = iota
	Dark
)

// A Language is one that pictures and texts speak.
type Language uint8

const (
	TraditionalChinese Language = iota
	English
)

// names returns the language in which things are called by their names.
func (l Language) names() lang.Language {
	if l == English {
		return lang.English
	}
	return lang.TraditionalChinese
}

// in returns what is said in the language.
func (l Language) in(chinese, english string) string {
	if l == English {
		return english
	}
	return chinese
}

// A Style says how a picture looks.
type Style struct {
	Theme    Theme
	Language Language
	Width    int // pixels, LeastWidth to MostWidth
}

const (
	LeastWidth = 240
	MostWidth  = 4096

	// Below this many pixels what is less important is left out, so that the rest can
	// be read.
	narrow = 640
)

// width returns the width within its bounds.
func (s Style) width() float64 { return float64(max(LeastWidth, min(MostWidth, s.Width))) }

// A Picture is a drawing, not to be changed.
type Picture struct {
	width, height float64 // pixels
	scale         float64 // pixels of a unit of the drawing
	language      Language
	title, about  string
	paper         color.NRGBA
	shapes        []shape
}

// A shape is one thing on the list: what is not set is not drawn.
type shape struct {
	open  *group // what follows belongs to it, until close
	close bool

	path         path
	fill, stroke color.NRGBA // of no alpha: none
	thick        float64
	dash         float64 // length of dashes and gaps, 0 for none

	text *label
}

// A group is a part of the picture by a name that a page can ask for; a and b are the
// ends of an aspect.
type group struct{ name, value, title, a, b string }

// A label is a text.
type label struct {
	text   string
	x, y   float64 // of the baseline, or of the first character's where it is stacked
	size   float64
	bold   bool
	anchor anchor
	stack  float64 // from one character to the one below it; 0 is along a line
	ink    color.NRGBA
}

type anchor uint8

const (
	left anchor = iota
	middle
	right
)

// A pen puts shapes on a list, in units of the drawing.
type pen struct {
	*Picture
	*palette
}

func newPen(s Style, width, height float64, title, about string) pen {
	p := &Picture{language: s.Language, title: title, about: about, paper: palettes[s.Theme].paper}
	p.width = s.width()
	p.scale = p.width / width
	p.height = math.Round(height * p.scale)
	return pen{p, &palettes[s.Theme]}
}

// within draws a group's shapes; title is what is read out of it, "" for nothing.
func (p pen) within(name, value, title string, draw func()) {
	p.grouped(group{name: name, value: value, title: title}, draw)
}

func (p pen) grouped(g group, draw func()) {
	p.shapes = append(p.shapes, shape{open: &g})
	draw()
	p.shapes = append(p.shapes, shape{close: true})
}

func (p pen) fillPath(way path, ink color.NRGBA) {
	p.shapes = append(p.shapes, shape{path: way, fill: ink})
}

func (p pen) strokePath(way path, ink color.NRGBA, thick float64) {
	p.shapes = append(p.shapes, shape{path: way, stroke: ink, thick: thick})
}

func (p pen) dashPath(way path, ink color.NRGBA, thick, dash float64) {
	p.shapes = append(p.shapes, shape{path: way, stroke: ink, thick: thick, dash: dash})
}

func (p pen) line(x1, y1, x2, y2 float64, ink color.NRGBA, thick float64) {
	p.strokePath(path{}.move(x1, y1).line(x2, y2), ink, thick)
}

func (p pen) write(l label) {
	if l.text != "" {
		p.shapes = append(p.shapes, shape{text: &l})
	}
}

// fade returns an ink with less of it.
func fade(ink color.NRGBA, part float64) color.NRGBA {
	ink.A = uint8(math.Round(float64(ink.A) * part))
	return ink
}

func hex(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }
