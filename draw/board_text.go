package draw

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/fortunet/fortunet/lang"
	"github.com/fortunet/fortunet/ziwei"
)

// A boardSheet is a Zi Wei chart being written.
type boardSheet struct {
	sheet
	names lang.Language
	chart *ziwei.Chart
}

// BoardText writes a chart, and what a moment brings to it where h is not nil: what the
// calendar says of the birth, then the palaces from the soul palace on in the order
// people read them. moment is a line on how the birth was made out, "" for none.
func BoardText(c *ziwei.Chart, h *ziwei.Horoscope, moment string, l Language, markdown bool) []byte {
	b := boardSheet{sheet: sheet{language: l, markdown: markdown}, names: l.names(), chart: c}
	b.write(moment)
	if h != nil {
		b.horoscope(h)
	}
	return b.Bytes()
}

// PairText writes two people's charts, one after the other.
func PairText(first, second *ziwei.Chart, l Language, markdown bool) []byte {
	b := boardSheet{sheet: sheet{language: l, markdown: markdown}, names: l.names()}
	for i, c := range []*ziwei.Chart{first, second} {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.chart = c
		b.write("")
	}
	return b.Bytes()
}

func (b *boardSheet) write(moment string) {
	b.head(moment)
	for i := range 12 {
		// 命 兄弟 夫妻 子女 …: against the order of the branches.
		b.palace(&b.chart.Palaces[(b.chart.Soul-i+12)%12])
	}
	b.patterns()
}

// head writes what stands in the middle of a board.
func (b *boardSheet) head(moment string) {
	c := b.chart
	b.heading(b.in("紫微斗數命盤　", "Zi Wei Dou Shu chart, ") + c.Birth.Gender.Name(b.names) + b.in("命", ""))
	hour := ziwei.TimeName(c.Birth.TimeIndex, b.names)
	b.item(b.in("陽曆", "Solar date"), fmt.Sprintf("%v%s%s", c.Birth.Date, b.in("　", ", "), hour))
	if moment != "" {
		b.item(b.in("時辰", "Moment"), moment)
	}
	if b.language == English {
		leap := map[bool]string{true: " (leap)"}[c.Lunar.Leap]
		b.item("Lunar date", fmt.Sprintf("%d-%d-%d%s", c.Lunar.Year, c.Lunar.Month, c.Lunar.Day, leap))
	} else {
		b.item("農曆", c.Lunar.Name())
	}
	p := c.Pillars
	b.item(b.in("四柱", "Pillars"), fmt.Sprintf("%v %v %v %v", p.Year, p.Month, p.Day, p.Hour))
	b.item(b.in("五行局", "Class"), sentence(c.Element.Name(b.names)))
	b.item(b.in("命主", "Soul star"), sentence(c.SoulStar.Name(b.names)))
	b.item(b.in("身主", "Body star"), sentence(c.BodyStar.Name(b.names)))
	b.item(b.in("生肖", "Animal"), sentence(ziwei.AnimalName(c.Animal(), b.names)))
	b.item(b.in("星座", "Sign"), sentence(c.Sign.Name(b.names)))
}

// palaceTitle is the palace's name, in Chinese with 宮, which some names end in already.
func (b *boardSheet) palaceTitle(name ziwei.PalaceName) string {
	if b.language == English {
		return sentence(name.Name(b.names))
	}
	return strings.TrimSuffix(name.Name(b.names), "宮") + "宮"
}

func (b *boardSheet) palace(p *ziwei.Palace) {
	title := b.palaceTitle(p.Name) + b.in("　", " ") + p.Pillar.String()
	if p.IsBody {
		title += b.in("　身宮", ", body palace")
	}
	if p.IsOrigin {
		title += b.in("　來因宮", ", origin palace")
	}
	title += fmt.Sprintf("%s%d–%d", b.in("　大限 ", ", decade "), p.Decade.From, p.Decade.To)
	b.section(title)
	b.stars(b.in("主星", "Major"), p.Major)
	b.stars(b.in("輔星", "Minor"), p.Minor)
	b.stars(b.in("雜曜", "Adjective"), p.Adjective)
	gods := []string{}
	for _, g := range []ziwei.God{p.Changsheng, p.Boshi, p.Suiqian, p.Jiangqian} {
		gods = append(gods, sentence(g.Name(b.names)))
	}
	b.item(b.in("神煞", "Gods"), strings.Join(gods, b.in("　", ", ")))
	ages := make([]string, 0, 10)
	for _, age := range p.Ages() {
		ages = append(ages, strconv.Itoa(age))
	}
	b.item(b.in("小限", "Small limit"), strings.Join(ages, " "))
}

// stars writes stars with their brightness and transformation: 太陽(旺)化祿.
func (b *boardSheet) stars(title string, stars []ziwei.Placed) {
	words := make([]string, 0, len(stars))
	for _, s := range stars {
		word := sentence(s.Star.Name(b.names))
		if bright := s.Brightness.Name(b.names); bright != "" {
			word += b.in("("+bright+")", " "+bright)
		}
		if mutagen := s.Mutagen.Name(b.names); mutagen != "" {
			word += b.in("化", " ") + mutagen
		}
		words = append(words, word)
	}
	if len(words) == 0 {
		words = append(words, "—")
	}
	b.item(title, strings.Join(words, b.in("　", ", ")))
}

// patterns writes the patterns the chart has.
func (b *boardSheet) patterns() {
	found := b.chart.Patterns()
	if len(found) == 0 {
		return
	}
	b.section(b.in("格局", "Patterns"))
	for _, f := range found {
		b.item(f.Pattern.Name(b.names), f.Pattern.Condition(b.names))
	}
}

// horoscope writes for each span of time its pillar, the natal palace its soul palace
// lies in, and the stars it transforms.
func (b *boardSheet) horoscope(h *ziwei.Horoscope) {
	b.section(fmt.Sprintf(b.in("運限　%v　%s　虛歲 %d", "Horoscope of %v, %s, age %d"), h.Moment.Date,
		ziwei.TimeName(h.Moment.TimeIndex, b.names), h.NominalAge))
	for _, s := range h.Scopes() {
		palace := &b.chart.Palaces[s.Index]
		text := fmt.Sprintf(b.in("%v　命宮在%s", "%v, soul palace in %s"), s.Pillar, b.palaceTitle(palace.Name))
		for i, star := range s.Mutagens {
			text += b.in("　", ", ") + sentence(star.Name(b.names)) + b.in("化", " ") + (ziwei.Lu + ziwei.Mutagen(i)).Name(b.names)
		}
		b.item(sentence(s.Kind.Name(b.names)), text)
	}
}
