package draw

import (
	"fmt"

	"github.com/fortunet/fortunet/lunar"
	"github.com/fortunet/fortunet/ziwei"
)

// drawCentre fills the middle: whose chart it is, its four pillars and masters, and
// behind them the lines from the soul palace to those that look on it.
func (b *board) drawCentre() {
	x, y := b.margin+b.cellW, b.top+b.margin+b.cellH
	b.drawSides()
	b.strokePath(rect(x, y, 2*b.cellW, 2*b.cellH), b.rule, b.major/22)
	centre, width := x+b.cellW, 2*b.cellW-4*b.pad
	heads, feet := b.headLines(), b.footLines()
	title := b.title * 1.4
	high := title*1.9 + float64(len(heads))*b.decade*1.5 + b.pillarsHeight() + float64(len(feet))*b.decade*1.45
	y += (2*b.cellH-high)/2 + title
	b.write(label{text: b.language.in("紫微斗數命盤", "Zi Wei Dou Shu"), x: centre, y: y, size: title, bold: true, anchor: middle, ink: b.accent})
	y += title * 0.9
	for _, line := range heads {
		b.write(label{text: line, x: centre, y: y, size: fit(line, b.decade, width, false), anchor: middle, ink: b.soft})
		y += b.decade * 1.5
	}
	b.drawPillars(centre, y)
	y += b.pillarsHeight()
	for i, line := range feet {
		ink, bold := b.soft, false
		if scope := i - 3; b.moment != nil && scope >= 0 {
			ink, bold = b.palette.scopes[scope], true
		}
		b.write(label{text: line, x: centre, y: y, size: fit(line, b.decade, width, bold), bold: bold, anchor: middle, ink: ink})
		y += b.decade * 1.45
	}
}

// headLines say when the person was born, by both calendars.
func (b *board) headLines() []string {
	c := b.chart
	if b.language == English {
		return []string{
			fmt.Sprintf("%v, %s, %s", c.Birth.Date, ziwei.TimeName(c.Birth.TimeIndex, b.names), c.Birth.Gender.Name(b.names)),
			fmt.Sprintf("lunar %d-%d-%d%s", c.Lunar.Year, c.Lunar.Month, c.Lunar.Day, map[bool]string{true: " (leap)"}[c.Lunar.Leap]),
		}
	}
	return []string{
		fmt.Sprintf("陽曆　%v　%s命", c.Birth.Date, c.Birth.Gender.Name(b.names)),
		fmt.Sprintf("農曆　%s　%s", c.Lunar.Name(), ziwei.TimeName(c.Birth.TimeIndex, b.names)),
	}
}

// drawPillars writes the four pillars from right to left, as they are read.
func (b *board) drawPillars(centre, y float64) {
	size := b.pillar * 1.3
	heads := [4]string{"時", "日", "月", "年"}
	if b.language == English {
		heads = [4]string{"hour", "day", "month", "year"}
	}
	p := &b.chart.Pillars
	for i, pillar := range []lunar.Pillar{p.Hour, p.Day, p.Month, p.Year} {
		x := centre + (float64(i)-1.5)*size*2
		b.write(label{text: heads[i], x: x, y: y + b.small, size: b.small, anchor: middle, ink: b.faint})
		b.write(label{text: pillar.String(), x: x, y: y + b.small*1.4 + size, size: size, bold: true, anchor: middle, stack: size * 1.1, ink: b.ink})
	}
}

// pillarsHeight returns how high they are, with what is free above what follows.
func (b *board) pillarsHeight() float64 { return b.small*1.4 + b.pillar*1.3*2.2 + b.decade*1.6 }

// footLines say what the chart is drawn by, and what the moment is.
func (b *board) footLines() []string {
	c := b.chart
	name := func(s ziwei.Star) string { return sentence(s.Name(b.names)) }
	animal, sign := ziwei.AnimalName(c.Animal(), b.names), c.Sign.Name(b.names)
	lines := []string{
		fmt.Sprintf("%s　命主 %s　身主 %s", c.Element.Name(b.names), name(c.SoulStar), name(c.BodyStar)),
		fmt.Sprintf("生肖 %s　星座 %s", animal, sign),
	}
	if b.language == English {
		lines = []string{
			fmt.Sprintf("%s · soul %s · body %s", sentence(c.Element.Name(b.names)), name(c.SoulStar), name(c.BodyStar)),
			fmt.Sprintf("%s · %s", sentence(animal), sentence(sign)),
		}
	}
	if h := b.moment; h != nil {
		lines = append(lines, fmt.Sprintf(b.language.in("%v　虛歲 %d", "%v, age %d"), h.Moment.Date, h.NominalAge))
		if b.whole {
			for _, s := range b.scopes() {
				lines = append(lines, b.scopeLine(s))
			}
		}
	}
	return lines
}

// scopeLine says what a scope transforms: 大限 壬午　天梁祿 ….
func (b *board) scopeLine(s *ziwei.Scope) string {
	line := sentence(s.Kind.Name(b.names)) + " " + s.Pillar.String()
	for m, star := range s.Mutagens {
		mutagen := (ziwei.Lu + ziwei.Mutagen(m)).Name(b.names)
		if b.language == English {
			line += " · " + sentence(star.Name(b.names)) + " " + mutagen
		} else {
			line += "　" + star.Name(b.names) + mutagen
		}
	}
	return line
}

// drawSides draws the lines from the soul palace to the one facing it and its two
// trines, where they meet the centre.
func (b *board) drawSides() {
	soul := b.chart.Soul
	at := func(index int) (x, y float64) {
		clamp := func(n int) float64 { return max(0, min(2, float64(n)-0.5)) }
		return b.margin + b.cellW*(1+clamp(places[index][0])), b.top + b.margin + b.cellH*(1+clamp(places[index][1]))
	}
	x0, y0 := at(soul)
	x1, y1 := at((soul + 4) % 12)
	x2, y2 := at((soul + 8) % 12)
	x3, y3 := at((soul + 6) % 12)
	ink := fade(b.rule, 0.55)
	b.strokePath(path{}.move(x0, y0).line(x1, y1).line(x2, y2).shut(), ink, b.major/18)
	b.dashPath(path{}.move(x0, y0).line(x3, y3), ink, b.major/18, b.pad*0.7)
}
