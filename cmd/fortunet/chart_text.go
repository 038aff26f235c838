package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/lunar"
	"github.com/fortunet/fortunet/ziwei"
)

const chinese = ziwei.TraditionalChinese

// chartText returns a Zi Wei chart as a listing for a terminal, in zh-TW: what the
// calendar says of the birth, then the palaces from the soul palace on in the order
// people read them.
func chartText(r *fortunet.ChartRequest) ([]byte, error) {
	if r.Type != fortunet.Ziwei {
		return nil, fault.Field("chartType", fortunet.CodeNotAvailable, "a %s chart has no text; try --format=json", r.Type)
	}
	a, err := fortunet.CalculateZiwei(r)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	head(&b, a.Chart, &a.Moment)
	for i := range 12 {
		// 命 兄弟 夫妻 子女 …: against the order of the branches.
		palaceText(&b, &a.Chart.Palaces[(a.Chart.Soul-i+12)%12])
	}
	if a.Horoscope != nil {
		horoscopeText(&b, a.Chart, a.Horoscope)
	}
	return b.Bytes(), nil
}

// head writes what stands in the middle of a board.
func head(b *bytes.Buffer, c *ziwei.Chart, m *birth.Moment) {
	fmt.Fprintf(b, "紫微斗數命盤　%s命\n\n", c.Birth.Gender.Name(chinese))
	if m.Used == birth.GivenHour {
		fmt.Fprintf(b, "陽曆　%v　%s\n", m.Date, ziwei.TimeName(m.TimeIndex, chinese))
	} else {
		clock := strings.Replace(m.Local.String(), "T", " ", 1)
		fmt.Fprintf(b, "陽曆　%s　%s %s%s\n", clock, m.Zone, offsetText(m.Offset), saving(m))
		fmt.Fprintf(b, "時辰　%s（%s）\n", ziwei.TimeName(m.TimeIndex, chinese), usedText(m))
	}
	fmt.Fprintf(b, "農曆　%s\n", lunarText(c.Lunar))
	p := c.Pillars
	fmt.Fprintf(b, "四柱　%v　%v　%v　%v\n", p.Year, p.Month, p.Day, p.Hour)
	fmt.Fprintf(b, "五行局　%s　命主　%s　身主　%s\n", c.Element.Name(chinese), c.SoulStar.Name(chinese), c.BodyStar.Name(chinese))
	fmt.Fprintf(b, "生肖　%s　星座　%s\n", ziwei.AnimalName(c.Animal(), chinese), c.Sign.Name(chinese))
}

func saving(m *birth.Moment) string {
	if m.DST {
		return "，日光節約時間"
	}
	return ""
}

// usedText says which clock the hour was read from, and what it showed.
func usedText(m *birth.Moment) string {
	switch m.Used {
	case birth.TrueSolar:
		return "真太陽時 " + m.TrueSolar.Clock().String()
	case birth.Clocked:
		return "依鐘錶時間"
	}
	return "標準時間 " + m.StandardLocal.Clock().String()
}

// offsetText writes an offset from UTC, +08:00, with seconds only where it has some.
func offsetText(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	text := fmt.Sprintf("%c%02d:%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		text += fmt.Sprintf(":%02d", seconds%60)
	}
	return text
}

var (
	lunarMonths = strings.Fields("正 二 三 四 五 六 七 八 九 十 冬 臘")
	numerals    = strings.Fields("一 二 三 四 五 六 七 八 九 十")
)

// lunarText writes a lunar date as people do: 一九九〇年四月廿三.
func lunarText(d lunar.Date) string {
	var b strings.Builder
	for _, digit := range strconv.Itoa(d.Year) {
		if digit == '0' {
			b.WriteString("〇")
		} else {
			b.WriteString(numerals[digit-'1'])
		}
	}
	b.WriteString("年")
	if d.Leap {
		b.WriteString("閏")
	}
	b.WriteString(lunarMonths[d.Month-1] + "月")
	switch ones := numerals[(d.Day-1)%10]; {
	case d.Day <= 10:
		b.WriteString("初" + ones)
	case d.Day < 20:
		b.WriteString("十" + ones)
	case d.Day == 20:
		b.WriteString("二十")
	case d.Day < 30:
		b.WriteString("廿" + ones)
	default:
		b.WriteString("三十")
	}
	return b.String()
}

func palaceText(b *bytes.Buffer, p *ziwei.Palace) {
	fmt.Fprintf(b, "\n【%s】%v", palaceTitle(p.Name), p.Pillar)
	if p.IsBody {
		b.WriteString("　身宮")
	}
	if p.IsOrigin {
		b.WriteString("　來因宮")
	}
	fmt.Fprintf(b, "　大限 %d–%d\n", p.Decade.From, p.Decade.To)
	starLine(b, "主星", p.Major)
	starLine(b, "輔星", p.Minor)
	starLine(b, "雜曜", p.Adjective)
	fmt.Fprintf(b, "  神煞　%s　%s　%s　%s\n", p.Changsheng.Name(chinese), p.Boshi.Name(chinese),
		p.Suiqian.Name(chinese), p.Jiangqian.Name(chinese))
	fmt.Fprintf(b, "  小限　%s\n", strings.Trim(fmt.Sprint(p.Ages()), "[]"))
}

// palaceTitle is the palace's name with 宮, which some names end in already.
func palaceTitle(name ziwei.PalaceName) string {
	return strings.TrimSuffix(name.Name(chinese), "宮") + "宮"
}

// starLine writes stars with their brightness and transformation: 太陽(旺)化祿.
func starLine(b *bytes.Buffer, title string, stars []ziwei.Placed) {
	fmt.Fprintf(b, "  %s", title)
	for _, s := range stars {
		b.WriteString("　" + s.Star.Name(chinese))
		if bright := s.Brightness.Name(chinese); bright != "" {
			b.WriteString("(" + bright + ")")
		}
		if mutagen := s.Mutagen.Name(chinese); mutagen != "" {
			b.WriteString("化" + mutagen)
		}
	}
	if len(stars) == 0 {
		b.WriteString("　—")
	}
	b.WriteByte('\n')
}

// horoscopeText writes a line for each span of time: its pillar, the natal palace its
// soul palace lies in, and the stars it transforms.
func horoscopeText(b *bytes.Buffer, c *ziwei.Chart, h *ziwei.Horoscope) {
	fmt.Fprintf(b, "\n【運限】%v　%s　農曆%s　虛歲 %d\n", h.Moment.Date, ziwei.TimeName(h.Moment.TimeIndex, chinese),
		lunarText(h.Lunar), h.NominalAge)
	for _, s := range h.Scopes() {
		fmt.Fprintf(b, "  %s　%v　命宮在%s（%v）", s.Kind.Name(chinese), s.Pillar,
			palaceTitle(c.Palaces[s.Index].Name), c.Palaces[s.Index].Pillar.Branch)
		for i, star := range s.Mutagens {
			b.WriteString("　" + star.Name(chinese) + "化" + (ziwei.Lu + ziwei.Mutagen(i)).Name(chinese))
		}
		b.WriteByte('\n')
	}
}
