package draw

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/color"
	"strconv"
	"unicode/utf8"
)

// SVG returns the picture as an SVG document.
func (p *Picture) SVG() []byte {
	w := svgWriter{language: p.language}
	fmt.Fprintf(&w.Buffer, `<svg xmlns="http://www.w3.org/2000/svg" width="%g" height="%g" viewBox="0 0 `, p.width, p.height)
	w.number(p.width / p.scale)
	w.WriteByte(' ')
	w.number(p.height / p.scale)
	fmt.Fprintf(&w.Buffer, `" role="img" xml:lang="%s" font-family="%s">`, p.language.names(), fontFamily)
	w.element("title", p.title)
	w.element("desc", p.about)
	fmt.Fprintf(&w.Buffer, `<rect width="100%%" height="100%%" fill="%s"/>`, hex(p.paper))
	for i := range p.shapes {
		w.shape(&p.shapes[i])
	}
	w.WriteString("</svg>\n")
	return w.Bytes()
}

// fontFamily names fonts that have what the embedded one has.
const fontFamily = "Noto Sans TC, Noto Sans CJK TC, PingFang TC, Microsoft JhengHei, Heiti TC, sans-serif"

type svgWriter struct {
	bytes.Buffer
	language Language
}

func (w *svgWriter) element(name, text string) {
	w.WriteString("<" + name + ">")
	w.escape(text)
	w.WriteString("</" + name + ">")
}

func (w *svgWriter) escape(text string) { _ = xml.EscapeText(&w.Buffer, []byte(text)) } // a buffer takes all

func (w *svgWriter) shape(s *shape) {
	switch {
	case s.open != nil:
		w.WriteString("<g")
		for _, mark := range [][2]string{{s.open.name, s.open.value}, {"a", s.open.a}, {"b", s.open.b}} {
			if mark[0] == "" || mark[1] == "" {
				continue
			}
			w.WriteString(` data-` + mark[0] + `="`)
			w.escape(mark[1])
			w.WriteByte('"')
		}
		w.WriteByte('>')
		if s.open.title != "" {
			w.element("title", s.open.title)
		}
	case s.close:
		w.WriteString("</g>")
	case s.text != nil:
		w.label(s.text)
	default:
		w.path(s)
	}
}

func (w *svgWriter) path(s *shape) {
	w.WriteString(`<path d="`)
	for _, st := range s.path {
		w.WriteByte(st.op)
		if st.op == 'Z' {
			continue
		}
		if st.op == 'C' {
			for _, c := range st.c {
				w.number(c)
				w.WriteByte(' ')
			}
		}
		w.number(st.x)
		w.WriteByte(' ')
		w.number(st.y)
	}
	w.WriteByte('"')
	w.ink("fill", s.fill)
	if s.stroke.A > 0 {
		w.ink("stroke", s.stroke)
		w.attribute("stroke-width", s.thick)
		w.WriteString(` stroke-linecap="round" stroke-linejoin="round"`)
		if s.dash > 0 {
			w.attribute("stroke-dasharray", s.dash)
		}
	}
	w.WriteString("/>")
}

func (w *svgWriter) label(l *label) {
	w.WriteString("<text")
	if l.stack == 0 {
		w.attribute("x", l.x)
		w.attribute("y", l.y)
	} else {
		w.list("x", l, func(int) float64 { return l.x })
		w.list("y", l, func(i int) float64 { return l.y + float64(i)*l.stack })
	}
	w.attribute("font-size", l.size)
	if l.bold {
		w.WriteString(` font-weight="700"`)
	}
	switch l.anchor {
	case middle:
		w.WriteString(` text-anchor="middle"`)
	case right:
		w.WriteString(` text-anchor="end"`)
	}
	w.ink("fill", l.ink)
	w.WriteByte('>')
	w.escape(l.text)
	w.WriteString("</text>")
}

// list writes an attribute with a number for each character.
func (w *svgWriter) list(name string, l *label, at func(int) float64) {
	w.WriteString(" " + name + `="`)
	for i := range utf8.RuneCountInString(l.text) {
		if i > 0 {
			w.WriteByte(' ')
		}
		w.number(at(i))
	}
	w.WriteByte('"')
}

func (w *svgWriter) attribute(name string, x float64) {
	w.WriteString(" " + name + `="`)
	w.number(x)
	w.WriteByte('"')
}

func (w *svgWriter) ink(name string, c color.NRGBA) {
	if c.A == 0 {
		w.WriteString(" " + name + `="none"`)
		return
	}
	w.WriteString(" " + name + `="` + hex(c) + `"`)
	if c.A < 255 {
		w.attribute(name+"-opacity", float64(c.A)/255)
	}
}

// number writes a length to a hundredth.
func (w *svgWriter) number(x float64) {
	b := strconv.AppendFloat(w.AvailableBuffer(), x, 'f', 2, 64)
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	if b[len(b)-1] == '.' {
		b = b[:len(b)-1]
	}
	w.Write(b)
}
