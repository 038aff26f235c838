package draw

import (
	"fmt"
	"strconv"

	"github.com/fortunet/fortunet/astro"
	"github.com/fortunet/fortunet/lang"
	"github.com/fortunet/fortunet/zodiac"
)

// A wheelSheet is a western chart being written.
type wheelSheet struct {
	sheet
	names lang.Language
}

// WheelText writes a natal chart: places, cusps, aspects and patterns.
func WheelText(c *zodiac.Chart, l Language, markdown bool) []byte {
	w := wheelSheet{sheet{language: l, markdown: markdown}, l.names()}
	w.heading(w.in("星盤", "Natal chart") + " " + w.when(c))
	w.chart(c)
	w.aspects(w.in("相位", "Aspects"), c.Aspects)
	if len(c.Patterns) > 0 {
		w.section(w.in("圖形", "Patterns"))
		for _, p := range c.Patterns {
			text := ""
			for i, point := range p.Points {
				if i > 0 {
					text += w.in("、", ", ")
				}
				text += point.Name(w.names)
			}
			w.item(sentence(p.Kind.Name(w.names)), text)
		}
	}
	return w.Bytes()
}

// BiWheelText writes two charts and the aspects between them: a of the outer chart, b of
// the inner.
func BiWheelText(inner, outer *zodiac.Chart, aspects []zodiac.Aspect, l Language, markdown bool) []byte {
	w := wheelSheet{sheet{language: l, markdown: markdown}, l.names()}
	for i, c := range []*zodiac.Chart{inner, outer} {
		if i > 0 {
			w.WriteByte('\n')
		}
		w.heading([]string{w.in("內圈", "Inner chart"), w.in("外圈", "Outer chart")}[i] + " " + w.when(c))
		w.chart(c)
	}
	w.aspects(w.in("相位（外圈對內圈）", "Aspects, outer to inner"), aspects)
	return w.Bytes()
}

// when writes the instant to the minute.
func (w *wheelSheet) when(c *zodiac.Chart) string {
	return c.Instant.Time().Format("2006-01-02 15:04 UTC")
}

// chart writes places and houses.
func (w *wheelSheet) chart(c *zodiac.Chart) {
	w.item(w.in("地點", "Place"), fmt.Sprintf("%s %s", compass(c.Place.Latitude, "N", "S"), compass(c.Place.Longitude, "E", "W")))
	if a := c.Options.Ayanamsa; a != zodiac.Tropical {
		w.item(w.in("黃道", "Zodiac"), a.Name(w.names))
	}
	h := &c.Houses[0]
	system := h.System.Name(w.names)
	if h.Fallback {
		system += w.in("（此緯度無解，改用波菲利制）", " (no answer at this latitude: Porphyry)")
	}
	w.item(w.in("宮位制", "Houses"), system)
	w.WriteByte('\n')
	var rows [][]string
	add := func(name string, lon float64, house, note string) {
		rows = append(rows, []string{name, zodiac.SignAt(lon).Name(w.names), degrees(mod30(lon)), house, note})
	}
	add(zodiac.Asc.Name(w.names), c.Angles.Asc, "", "")
	add(zodiac.MC.Name(w.names), c.Angles.MC, "", "")
	for _, point := range drawnPoints {
		p := position(c, point)
		note := ""
		if p.Retrograde {
			note = w.in("逆行", "retrograde")
		}
		add(point.Name(w.names), p.Lon, strconv.Itoa(p.House), note)
	}
	w.table([]string{w.in("星體", "Body"), w.in("星座", "Sign"), w.in("度數", "Degree"), w.in("宮", "House"), ""}, rows)
	w.section(w.in("宮頭", "Cusps"))
	rows = nil
	for i, cusp := range h.Cusps {
		rows = append(rows, []string{strconv.Itoa(i + 1), zodiac.SignAt(cusp).Name(w.names), degrees(mod30(cusp))})
	}
	w.table([]string{w.in("宮", "House"), w.in("星座", "Sign"), w.in("度數", "Degree")}, rows)
}

func (w *wheelSheet) aspects(title string, aspects []zodiac.Aspect) {
	w.section(title)
	var rows [][]string
	for _, a := range aspects {
		way := w.in("離相", "separating")
		if a.Applying {
			way = w.in("入相", "applying")
		}
		rows = append(rows, []string{a.A.Name(w.names), a.Kind.Name(w.names), a.B.Name(w.names), degrees(a.Orb), way})
	}
	w.table([]string{"A", w.in("相位", "Aspect"), "B", w.in("容許度", "Orb"), ""}, rows)
}

func mod30(lon float64) float64 { return astro.Circle(lon) - 30*float64(zodiac.SignAt(lon)) }

// compass writes a coordinate: 25.04°N.
func compass(x float64, positive, negative string) string {
	if x < 0 {
		return fmt.Sprintf("%.2f°%s", -x, negative)
	}
	return fmt.Sprintf("%.2f°%s", x, positive)
}
