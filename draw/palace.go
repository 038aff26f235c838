package draw

import (
	"image/color"
	"strconv"
	"strings"

	"github.com/fortunet/fortunet/ziwei"
)

// drawPalace draws one of the twelve.
func (b *board) drawPalace(p *ziwei.Palace) {
	x, y := b.corner(p.Index)
	if p.IsSoul {
		b.fillPath(rect(x, y, b.cellW, b.cellH), b.raised)
	}
	b.strokePath(rect(x, y, b.cellW, b.cellH), b.rule, b.major/22)
	if b.language == English {
		low := b.starRows(p, x+b.pad, y+b.pad)
		if b.whole {
			b.adjectiveLines(p, x+b.pad, low, y+b.cellH-b.foot())
		}
	} else {
		end, low := b.starColumns(p, x+b.pad, y+b.pad)
		b.adjectiveColumns(p, x+b.pad, low, end, y+b.cellH-b.foot())
	}
	b.drawFoot(p, x, y+b.cellH)
}

// A mark is a transformation beside a star: of birth, filled, or of a scope of the
// moment, an outline in the scope's ink.
type mark struct {
	mutagen ziwei.Mutagen
	scope   int // -1 of birth, else 0 大限, 1 流年, …
}

// marks returns what transforms a star.
func (b *board) marks(s ziwei.Placed) (marks []mark) {
	if s.Mutagen != 0 {
		marks = append(marks, mark{s.Mutagen, -1})
	}
	for i, scope := range b.scopes() {
		for m, star := range scope.Mutagens {
			if star == s.Star {
				marks = append(marks, mark{ziwei.Lu + ziwei.Mutagen(m), i})
			}
		}
	}
	return marks
}

// scopes returns those of the moment that are drawn: the decade, year, month, day and
// hour, on a narrow board the first three.
func (b *board) scopes() []*ziwei.Scope {
	h := b.moment
	if h == nil {
		return nil
	}
	all := []*ziwei.Scope{&h.Decadal, &h.Yearly, &h.Monthly, &h.Daily, &h.Hourly}
	if !b.whole {
		return all[:3]
	}
	return all
}

// drawMark draws a transformation about a place.
func (b *board) drawMark(m mark, x, y, size float64) {
	box := round(x-size/2, y-size/2, size, size, size/5)
	ink := b.onMutagen
	if m.scope < 0 {
		b.fillPath(box, b.mutagens[m.mutagen-ziwei.Lu])
	} else {
		ink = b.palette.scopes[m.scope]
		b.strokePath(box, ink, size/14)
	}
	b.write(label{text: m.mutagen.Name(b.names), x: x, y: y + size*0.29, size: size * 0.78, bold: true, anchor: middle, ink: ink})
}

// starColumns writes the major and minor stars from top to bottom, side by side, with
// brightness and transformations below each. It returns where they end, to the right
// and below.
func (b *board) starColumns(p *ziwei.Palace, x, y float64) (end, low float64) {
	const step = 1.2 // of columns, in sizes of the name
	need := step * (float64(len(p.Major))*b.major + float64(len(p.Minor))*b.minor)
	tight := min(1, (b.cellW-2*b.pad)/max(need, 1))
	low = y + 2*b.minor*1.06 + b.small + b.badge
	for _, list := range []struct {
		stars []ziwei.Placed
		size  float64
		ink   color.NRGBA
		bold  bool
	}{{p.Major, b.major, b.ink, true}, {p.Minor, b.minor, b.minorInk(), false}} {
		size := list.size * min(1, tight*1.12)
		for _, s := range list.stars {
			wide := list.size * step * tight
			at := x + wide/2
			b.within("star", s.Star.Key(), "", func() {
				low = max(low, b.starColumn(s, at, y, size, list.ink, list.bold))
			})
			x += wide
		}
	}
	return x, low + b.pad/2
}

func (b *board) minorInk() color.NRGBA { return b.palette.minor }

// starColumn writes one star and returns where it ends.
func (b *board) starColumn(s ziwei.Placed, x, y, size float64, ink color.NRGBA, bold bool) float64 {
	name := s.Star.Name(b.names)
	b.write(label{text: name, x: x, y: y + size*0.9, size: size, bold: bold, anchor: middle, stack: size * 1.06, ink: ink})
	y += size*1.06*float64(len([]rune(name))) + size*0.1
	if bright := s.Brightness.Name(b.names); bright != "" {
		b.write(label{text: bright, x: x, y: y + b.small*0.9, size: b.small, anchor: middle, ink: b.faint})
	}
	y += b.small * 1.15
	badge := min(b.badge, size*1.02)
	for _, m := range b.marks(s) {
		b.drawMark(m, x, y+badge/2, badge)
		y += badge * 1.1
	}
	return y
}

// starRows writes the stars line by line, as Latin letters want it: the major ones, then
// the minor ones in two columns where there is room.
func (b *board) starRows(p *ziwei.Palace, x, y float64) (low float64) {
	width := b.cellW - 2*b.pad
	size := b.major * 0.66
	for _, s := range p.Major {
		b.within("star", s.Star.Key(), "", func() { b.starRow(s, x, y, width, size, b.ink, true) })
		y += size * 1.25
	}
	columns, size := 1, b.minor*0.8
	if b.whole {
		columns, size = 2, b.minor*0.7
	}
	for i, s := range p.Minor {
		at := x + float64(i%columns)*width/float64(columns)
		b.within("star", s.Star.Key(), "", func() {
			b.starRow(s, at, y, width/float64(columns)-b.pad/2, size, b.minorInk(), false)
		})
		if i%columns == columns-1 || i == len(p.Minor)-1 {
			y += size * 1.25
		}
	}
	return y + b.pad/2
}

// starRow writes one star on a line of its own.
func (b *board) starRow(s ziwei.Placed, x, y, width, size float64, ink color.NRGBA, bold bool) {
	marks := b.marks(s)
	badge := size * 1.02
	room := width - float64(len(marks))*badge*1.1
	name := sentence(s.Star.Name(b.names))
	bright := strings.Trim(s.Brightness.Name(b.names), "[]")
	brightSize := size * 0.78
	gap := size * 0.35
	if bright != "" {
		room -= gap + measure(bright, brightSize, false)
	}
	size = fit(name, size, room, bold)
	b.write(label{text: name, x: x, y: y + badge*0.85, size: size, bold: bold, ink: ink})
	x += measure(name, size, bold) + gap
	if bright != "" {
		b.write(label{text: bright, x: x, y: y + badge*0.85, size: brightSize, ink: b.faint})
		x += measure(bright, brightSize, false) + gap
	}
	for _, m := range marks {
		b.drawMark(m, x+badge/2, y+badge*0.5, badge)
		x += badge * 1.1
	}
}

// adjectiveColumns writes the lesser stars from top to bottom, side by side: below the
// others, or beside them where below there is no room above the floor.
func (b *board) adjectiveColumns(p *ziwei.Palace, x, y, end, floor float64) {
	if len(p.Adjective) == 0 {
		return
	}
	right := x + b.cellW - 2*b.pad
	high := 0.0
	for _, s := range p.Adjective {
		high = max(high, b.adjective*1.05*float64(len([]rune(s.Star.Name(b.names)))))
	}
	if y+high > floor {
		x, y = end+b.pad/2, floor-high
	}
	step := min(b.adjective*1.18, (right-x)/float64(len(p.Adjective)))
	for _, s := range p.Adjective {
		at := x + step/2
		b.within("star", s.Star.Key(), "", func() {
			b.write(label{text: s.Star.Name(b.names), x: at, y: y + b.adjective*0.9, size: min(b.adjective, step), anchor: middle, stack: b.adjective * 1.05, ink: b.palette.adjective})
		})
		x += step
	}
}

// adjectiveLines writes them as words on lines.
func (b *board) adjectiveLines(p *ziwei.Palace, x, y, floor float64) {
	size, width := b.adjective*0.76, b.cellW-2*b.pad
	at := x
	for _, s := range p.Adjective {
		name := sentence(s.Star.Name(b.names))
		w := measure(name, size, false)
		if at > x && at+w > x+width {
			at, y = x, y+size*1.25
		}
		if y+size > floor {
			return
		}
		b.within("star", s.Star.Key(), "", func() {
			b.write(label{text: name, x: at, y: y + size*0.9, size: fit(name, size, width, false), ink: b.palette.adjective})
		})
		at += w + size*0.7
	}
}

// foot returns how high the lower part of a palace is.
func (b *board) foot() float64 {
	high := b.pad + b.title + b.decade*1.25
	if b.whole {
		high += b.small * 1.35 // ages
	}
	if b.moment != nil {
		high += b.small * 1.35
	}
	return high
}

// drawFoot writes the lower part of a palace: its name, decade, ages, stem and branch,
// and its gods.
func (b *board) drawFoot(p *ziwei.Palace, x, bottom float64) {
	centre, y := x+b.cellW/2, bottom-b.pad-b.title*0.12
	if b.whole {
		b.drawGods(p, x+b.pad, bottom-b.pad)
	}
	b.drawPillar(p, x+b.cellW-b.pad, bottom-b.pad)
	room := b.cellW - 2*(b.pad+b.pillar*1.5)
	if b.whole {
		room = b.cellW * 0.5
	}
	name := b.palaceName(p)
	b.write(label{text: name, x: centre, y: y, size: fit(name, b.title, room, true), bold: true, anchor: middle, ink: b.accent})
	y -= b.title * 1.08
	b.write(label{text: strconv.Itoa(p.Decade.From) + "–" + strconv.Itoa(p.Decade.To), x: centre, y: y, size: b.decade, anchor: middle, ink: b.soft})
	y -= b.decade * 1.15
	if b.whole {
		b.write(label{text: agesOf(p), x: centre, y: y, size: b.small * 0.85, anchor: middle, ink: b.faint})
		y -= b.small * 1.35
	}
	if b.moment != nil {
		b.drawScopes(p, centre, y)
	}
}

// palaceName returns the palace's name with what else it is.
func (b *board) palaceName(p *ziwei.Palace) string {
	name := sentence(p.Name.Name(b.names))
	if p.IsBody {
		name += b.language.in("·身", " · body")
	}
	if p.IsOrigin && b.whole {
		name += b.language.in("·因", " · origin")
	}
	return name
}

// agesOf writes the first six years of the small limit spent in a palace.
func agesOf(p *ziwei.Palace) string {
	words := make([]string, 0, 6)
	for age := p.FirstAge; len(words) < cap(words); age += 12 {
		words = append(words, strconv.Itoa(age))
	}
	return strings.Join(words, " ")
}

// drawGods writes the gods of the four cycles, one above the other.
func (b *board) drawGods(p *ziwei.Palace, x, bottom float64) {
	size := b.small
	if b.language == English {
		size *= 0.72
	}
	for i, god := range []ziwei.God{p.Jiangqian, p.Suiqian, p.Boshi} {
		name := sentence(god.Name(b.names))
		b.write(label{text: name, x: x, y: bottom - float64(i)*size*1.25 - size*0.12, size: fit(name, size, b.cellW*0.195, false), ink: b.faint})
	}
}

// drawPillar writes stem and branch at the right, and the stage of life above them.
func (b *board) drawPillar(p *ziwei.Palace, x, bottom float64) {
	stem, branch := p.Pillar.Stem.String(), p.Pillar.Branch.String()
	b.write(label{text: stem + branch, x: x, y: bottom - b.pillar*1.2, size: b.pillar, bold: true, anchor: right, stack: b.pillar * 1.05, ink: b.soft})
	if b.whole {
		size := b.small
		if b.language == English {
			size *= 0.72
		}
		b.write(label{text: sentence(p.Changsheng.Name(b.names)), x: x, y: bottom - b.pillar*2.25, size: size, anchor: right, ink: b.faint})
	}
}

// drawScopes writes which palace this is in each scope of the moment: 大財 年命 ….
func (b *board) drawScopes(p *ziwei.Palace, centre, y float64) {
	words := make([]string, 0, 5)
	width, size := 0.0, b.small
	if b.language == English {
		size *= 0.75
	}
	for i, s := range b.scopes() {
		words = append(words, b.scopeWord(i, s.Palace(p.Index)))
		width += measure(words[i], size, true) + size*0.4
	}
	if most := b.cellW - 2*b.pad; width > most {
		size *= most / width
		width = most
	}
	x := centre - width/2
	for i, word := range words {
		b.write(label{text: word, x: x, y: y, size: size, bold: true, ink: b.palette.scopes[i]})
		x += measure(word, size, true) + size*0.4
	}
}

// scopeWord names a palace of a scope in two characters: of each the first, and of 命宮
// 命.
func (b *board) scopeWord(scope int, name ziwei.PalaceName) string {
	if b.language == English {
		return [5]string{"D", "Y", "M", "d", "h"}[scope] + ":" + name.Name(b.names)[:3]
	}
	return [5]string{"大", "年", "月", "日", "時"}[scope] + string([]rune(name.Name(b.names))[:1])
}
