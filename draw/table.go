package draw

import (
	"image/color"
	"strconv"

	"github.com/fortunet/fortunet/zodiac"
)

// tableHeight returns how high the table of places below a wheel is: on a narrow
// picture there is none.
func tableHeight(s Style) float64 {
	if s.width() < narrow {
		return 0
	}
	return 7*tableRow + 30
}

const tableRow = 34.0

// drawTable writes the places of the bodies in columns below the wheel: one chart's in
// two columns, or two charts' side by side.
func (w *wheel) drawTable(top float64, inner, outer *zodiac.Chart) {
	if w.coarse {
		return
	}
	half := len(drawnPoints) / 2
	if outer == nil {
		w.drawColumn(inner, drawnPoints[:half], 60, top, 480, w.ink)
		w.drawColumn(inner, drawnPoints[half:], 560, top, 480, w.ink)
		return
	}
	for i, c := range []*zodiac.Chart{inner, outer} {
		ink := w.ink
		if i == 1 {
			ink = w.outer
		}
		x := 40 + 510*float64(i)
		w.drawColumn(c, drawnPoints[:half], x, top, 245, ink)
		w.drawColumn(c, drawnPoints[half:], x+250, top, 245, ink)
	}
}

// drawColumn writes a row for each point: glyph, name, place, house.
func (w *wheel) drawColumn(c *zodiac.Chart, points []zodiac.Point, x, top, width float64, ink color.NRGBA) {
	const size = 20.0
	brief := width < 300
	for i, point := range points {
		y := top + tableRow*(float64(i)+0.5)
		p := position(c, point)
		w.glyph(bodyGlyphs[int(point)], x+14, y, 24, ink)
		place := degrees(p.Degree())
		at := x + 36
		if !brief {
			name := point.Name(w.names)
			w.write(label{text: name, x: at, y: y + size*0.36, size: fit(name, size, 150, false), ink: ink})
			at = x + 200
		}
		w.glyph(signGlyphs[int(p.Sign)], at+14, y, 22, w.elements[p.Sign.Element()])
		at += 34
		if !brief {
			w.write(label{text: p.Sign.Name(w.names), x: at, y: y + size*0.36, size: fit(p.Sign.Name(w.names), size, 92, false), ink: w.soft})
			at += 98
		}
		w.write(label{text: place, x: at, y: y + size*0.36, size: size, ink: ink})
		at += 72
		if p.Retrograde {
			w.glyph(retrograde, at+8, y, size, w.hard)
		}
		w.write(label{text: strconv.Itoa(p.House), x: x + width - 8, y: y + size*0.36, size: size, anchor: right, ink: w.faint})
	}
}
