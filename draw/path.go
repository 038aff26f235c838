package draw

import (
	"math"
	"strconv"
)

// A path is a way of a pen.
type path []step

// A step is one of SVG's commands: M and L to x, y; C by two controls to x, y; Z back to
// where the way began.
type step struct {
	op   byte
	x, y float64
	c    [4]float64 // the controls
}

func (p path) move(x, y float64) path { return append(p, step{op: 'M', x: x, y: y}) }
func (p path) line(x, y float64) path { return append(p, step{op: 'L', x: x, y: y}) }
func (p path) curve(x1, y1, x2, y2, x, y float64) path {
	return append(p, step{op: 'C', x: x, y: y, c: [4]float64{x1, y1, x2, y2}})
}
func (p path) shut() path { return append(p, step{op: 'Z'}) }

// arc goes along a circle from one angle to another, degrees from the right and
// clockwise on the page; a way that has begun is joined to it by a line.
func (p path) arc(x, y, r, from, to float64) path {
	const most = 45.0 // degrees a curve follows to a few parts in a million
	n := max(1, int(math.Ceil(math.Abs(to-from)/most)))
	by := (to - from) / float64(n) * math.Pi / 180
	reach := 4.0 / 3 * math.Tan(by/4) * r
	sin, cos := math.Sincos(from * math.Pi / 180)
	if len(p) == 0 || p[len(p)-1].op == 'Z' {
		p = p.move(x+r*cos, y+r*sin)
	} else {
		p = p.line(x+r*cos, y+r*sin)
	}
	for i := range n {
		s2, c2 := math.Sincos(from*math.Pi/180 + by*float64(i+1))
		p = p.curve(x+r*cos-reach*sin, y+r*sin+reach*cos, x+r*c2+reach*s2, y+r*s2-reach*c2, x+r*c2, y+r*s2)
		sin, cos = s2, c2
	}
	return p
}

func circle(x, y, r float64) path { return path{}.arc(x, y, r, 0, 360).shut() }

func rect(x, y, w, h float64) path {
	return path{}.move(x, y).line(x+w, y).line(x+w, y+h).line(x, y+h).shut()
}

// round is a rectangle with round corners.
func round(x, y, w, h, r float64) path {
	return path{}.arc(x+w-r, y+r, r, -90, 0).arc(x+w-r, y+h-r, r, 0, 90).arc(x+r, y+h-r, r, 90, 180).arc(x+r, y+r, r, 180, 270).shut()
}

// ring is the part of a ring between two angles, degrees as in arc.
func ring(x, y, inner, outer, from, to float64) path {
	return path{}.arc(x, y, outer, from, to).arc(x, y, inner, to, from).shut()
}

// moved returns the way scaled and then moved.
func (p path) moved(scale, x, y float64) path {
	out := make(path, len(p))
	for i, s := range p {
		out[i] = step{s.op, s.x*scale + x, s.y*scale + y, [4]float64{s.c[0]*scale + x, s.c[1]*scale + y, s.c[2]*scale + x, s.c[3]*scale + y}}
	}
	return out
}

// parse reads a way as SVG writes it, absolute commands and numbers apart by blanks,
// with one command more: O x y r, a circle. It panics at anything else, which only a
// table of this package can hold.
func parse(text string) (p path) {
	words := fields(text)
	number := func() float64 {
		x, err := strconv.ParseFloat(words[0], 64)
		if err != nil {
			panic("draw: " + text + ": " + err.Error())
		}
		words = words[1:]
		return x
	}
	for len(words) > 0 {
		op := words[0]
		words = words[1:]
		switch op {
		case "M":
			p = p.move(number(), number())
		case "L":
			p = p.line(number(), number())
		case "C":
			p = p.curve(number(), number(), number(), number(), number(), number())
		case "Z":
			p = p.shut()
		case "O":
			x, y := number(), number()
			p = append(p, circle(x, y, number())...)
		default:
			panic("draw: " + text + ": " + op)
		}
	}
	return p
}

// fields parts a way into commands and numbers.
func fields(text string) (words []string) {
	start := -1
	end := func(i int) {
		if start >= 0 {
			words = append(words, text[start:i])
		}
		start = -1
	}
	for i := range len(text) {
		switch c := text[i]; {
		case c == ' ':
			end(i)
		case c >= 'A' && c <= 'Z':
			end(i)
			words = append(words, text[i:i+1])
		case start < 0:
			start = i
		}
	}
	end(len(text))
	return words
}
