package draw

import (
	"fmt"
	"strings"

	"github.com/fortunet/fortunet/lunar"
	"github.com/fortunet/fortunet/ziwei"
)

// A terminal is a board being drawn with characters, a Chinese one taking two columns.
type terminal struct {
	boardSheet
	wide int // columns of a palace, between its lines
}

// columnsOfPalace is how wide a palace is: in English names are longer.
var columnsOfPalace = [2]int{TraditionalChinese: 23, English: 25}

// BoardTerminal draws the twelve-palace board with characters for a terminal of about a
// hundred columns, and below it writes what BoardText does.
func BoardTerminal(c *ziwei.Chart, h *ziwei.Horoscope, moment string, l Language) []byte {
	t := terminal{boardSheet{sheet: sheet{language: l}, names: l.names(), chart: c}, columnsOfPalace[l]}
	t.draw(h)
	t.WriteByte('\n')
	t.Write(BoardText(c, h, moment, l, false))
	return t.Bytes()
}

// draw writes the four rows of palaces, the middle ones with the centre between them.
func (t *terminal) draw(h *ziwei.Horoscope) {
	rows := [4][4]int{} // the palace at each row and column
	for index, at := range places {
		rows[at[1]][at[0]] = index
	}
	bar := strings.Repeat("─", t.wide)
	gap := strings.Repeat(" ", 2*t.wide+1)
	edges := [5]string{
		"┌" + bar + "┬" + bar + "┬" + bar + "┬" + bar + "┐",
		"├" + bar + "┼" + bar + "┴" + bar + "┼" + bar + "┤",
		"├" + bar + "┤" + gap + "├" + bar + "┤",
		"├" + bar + "┼" + bar + "┬" + bar + "┼" + bar + "┤",
		"└" + bar + "┴" + bar + "┴" + bar + "┴" + bar + "┘",
	}
	high := [4]int{}
	cells := [4][4][2][]string{}
	for r := range rows {
		for k, index := range rows[r] {
			if (r == 1 || r == 2) && (k == 1 || k == 2) {
				continue
			}
			top, foot := t.cell(&t.chart.Palaces[index], h)
			cells[r][k] = [2][]string{top, foot}
			high[r] = max(high[r], len(top)+len(foot))
		}
	}
	centre := t.centre(high[1] + 1 + high[2])
	for r := range rows {
		fmt.Fprintln(t, edges[r])
		for i := range high[r] {
			t.WriteString("│")
			for k := range 4 {
				switch inside := (r == 1 || r == 2) && (k == 1 || k == 2); {
				case inside && k == 1:
					t.WriteString(middled(centre[i+(r-1)*(high[1]+1)], 2*t.wide+1) + "│")
				case !inside:
					t.WriteString(pad(lineOf(cells[r][k], i, high[r]), t.wide) + "│")
				}
			}
			t.WriteByte('\n')
		}
		if r == 1 { // the line between both middle rows goes through the centre's text
			edges[2] = "├" + bar + "┤" + middled(centre[high[1]], 2*t.wide+1) + "├" + bar + "┤"
		}
	}
	fmt.Fprintln(t, edges[4])
}

// lineOf returns a line of a palace: its stars from the top on, its foot at the bottom.
func lineOf(cell [2][]string, i, high int) string {
	if i < len(cell[0]) {
		return cell[0][i]
	}
	if j := i - (high - len(cell[1])); j >= 0 {
		return cell[1][j]
	}
	return ""
}

// cell returns the lines of a palace: stars, and what stands at its foot.
func (t *terminal) cell(p *ziwei.Palace, h *ziwei.Horoscope) (top, foot []string) {
	for _, list := range [][]ziwei.Placed{p.Major, p.Minor, p.Adjective} {
		words := make([]string, 0, len(list))
		for _, s := range list {
			word := sentence(s.Star.Name(t.names))
			if bright := s.Brightness.Name(t.names); bright != "" {
				word += t.in("", " ") + strings.Trim(bright, "[]")
			}
			if mutagen := s.Mutagen.Name(t.names); mutagen != "" {
				word += t.in("化", " ") + mutagen
			}
			words = append(words, word)
		}
		top = append(top, wrap(words, t.wide-1)...)
	}
	if h != nil {
		foot = append(foot, " "+strings.Join(t.scopes(p, h), " "))
	}
	name := sentence(p.Name.Name(t.names))
	if p.IsBody {
		name += t.in("·身", "·body")
	}
	if p.IsOrigin {
		name += t.in("·因", "·origin")
	}
	decade := fmt.Sprintf("%d–%d", p.Decade.From, p.Decade.To)
	return top, append(foot,
		t.apart(sentence(p.Changsheng.Name(t.names)), decade),
		t.apart(name, p.Pillar.String()))
}

// scopes returns which palace this is in the decade, the year and the month.
func (t *terminal) scopes(p *ziwei.Palace, h *ziwei.Horoscope) (words []string) {
	for i, s := range []*ziwei.Scope{&h.Decadal, &h.Yearly, &h.Monthly} {
		name := s.Palace(p.Index).Name(t.names)
		if t.language == English {
			words = append(words, [3]string{"D:", "Y:", "M:"}[i]+name[:3])
		} else {
			words = append(words, [3]string{"大", "年", "月"}[i]+string([]rune(name)[:1]))
		}
	}
	return words
}

// apart returns a line with a text at either end.
func (t *terminal) apart(left, right string) string {
	room := t.wide - 2 - columns(left) - columns(right)
	return " " + left + strings.Repeat(" ", max(1, room)) + right
}

// centre returns the lines between the palaces, so many that they fill it.
func (t *terminal) centre(high int) []string {
	c := t.chart
	p := &c.Pillars
	var four [2]string
	for _, pillar := range []lunar.Pillar{p.Hour, p.Day, p.Month, p.Year} { // from right to left, as they are read
		four[0] += pillar.Stem.String() + "  "
		four[1] += pillar.Branch.String() + "  "
	}
	lines := []string{
		t.in("紫微斗數命盤", "Zi Wei Dou Shu"), "",
		fmt.Sprintf("%v %s %s", c.Birth.Date, ziwei.TimeName(c.Birth.TimeIndex, t.names), c.Birth.Gender.Name(t.names)),
		t.in(c.Lunar.Name(), fmt.Sprintf("lunar %d-%d-%d", c.Lunar.Year, c.Lunar.Month, c.Lunar.Day)), "",
		strings.TrimSpace(four[0]), strings.TrimSpace(four[1]), "",
		sentence(c.Element.Name(t.names)),
		fmt.Sprintf(t.in("命主 %s　身主 %s", "soul %s, body %s"), sentence(c.SoulStar.Name(t.names)), sentence(c.BodyStar.Name(t.names))),
	}
	out := make([]string, high)
	copy(out[max(0, (high-len(lines))/2):], lines)
	return out
}

// middled returns a text in the middle of so many columns.
func middled(text string, wide int) string {
	before := max(0, (wide-columns(text))/2)
	return pad(strings.Repeat(" ", before)+text, wide)
}

// wrap sets words on lines of at most so many columns, each after a blank.
func wrap(words []string, wide int) (lines []string) {
	line := ""
	for _, word := range words {
		if line != "" && columns(line)+1+columns(word) > wide {
			lines, line = append(lines, line), ""
		}
		line += " " + word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
