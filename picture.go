package fortunet

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/draw"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/zodiac"
)

// drawn answers a question whose form is a picture or a text.
func drawn(q *Question) ([]byte, error) {
	if q.Chart.Type == Ziwei {
		return drawnZiwei(q)
	}
	return drawnZodiac(q)
}

// style returns the look as package draw knows it.
func (l *Look) style() draw.Style {
	s := draw.Style{Width: l.Width}
	if l.Theme == Dark {
		s.Theme = draw.Dark
	}
	if l.Language == English {
		s.Language = draw.English
	}
	return s
}

func drawnZiwei(q *Question) ([]byte, error) {
	first, other := "", ""
	if q.Subject == TwoCharts {
		first, other = "a", "b"
	}
	a, err := CalculateZiwei(&q.Chart)
	if err != nil {
		return nil, fault.Within(first, err)
	}
	style, markdown := q.Look.style(), q.Form == Markdown
	if q.Subject == TwoCharts {
		b, err := CalculateZiwei(q.Other)
		if err != nil {
			return nil, fault.Within(other, err)
		}
		if q.written() {
			return draw.PairText(a.Chart, b.Chart, style.Language, markdown), nil
		}
		return rendered(draw.Pair(a.Chart, b.Chart, style), q.Form)
	}
	if q.Form == Terminal {
		return draw.BoardTerminal(a.Chart, a.Horoscope, momentLine(&a.Moment, style.Language), style.Language), nil
	}
	if q.written() {
		return draw.BoardText(a.Chart, a.Horoscope, momentLine(&a.Moment, style.Language), style.Language, markdown), nil
	}
	return rendered(draw.Board(a.Chart, a.Horoscope, style), q.Form)
}

func drawnZodiac(q *Question) ([]byte, error) {
	inner, outer, aspects, err := q.rings()
	if err != nil {
		return nil, err
	}
	style, markdown := q.Look.style(), q.Form == Markdown
	switch {
	case outer == nil && q.written():
		return draw.WheelText(inner, style.Language, markdown), nil
	case outer == nil:
		return rendered(draw.Wheel(inner, style), q.Form)
	case q.written():
		return draw.BiWheelText(inner, outer, aspects, style.Language, markdown), nil
	}
	return rendered(draw.BiWheel(inner, outer, aspects, style), q.Form)
}

// rings returns the charts of a question: one, or a natal one and that of the moment or
// of the other person, and the aspects from the second to the first.
func (q *Question) rings() (inner, outer *zodiac.Chart, aspects []zodiac.Aspect, err error) {
	switch q.Subject {
	case TwoCharts:
		a, b, err := q.couple()
		if err != nil {
			return nil, nil, nil, err
		}
		return a.Chart, b.Chart, zodiac.Compare(b.Chart, a.Chart).Aspects, nil
	case Transits:
		natal, err := CalculateZodiac(&q.Chart)
		if err != nil {
			return nil, nil, nil, fault.Within("natal", err)
		}
		t, err := natal.Chart.Transits(julianDay(q.Moment), q.seenFrom())
		if err != nil {
			return nil, nil, nil, fault.Within("moment", err)
		}
		return natal.Chart, t.Sky, t.Aspects, nil
	}
	a, err := CalculateZodiac(&q.Chart)
	return a.Chart, nil, nil, err
}

// written says whether the answer is a text.
func (q *Question) written() bool { return q.Form == Text || q.Form == Markdown || q.Form == Terminal }

func rendered(p *draw.Picture, f Form) ([]byte, error) {
	if f == PNG {
		return p.PNG()
	}
	return p.SVG(), nil
}

// momentLine says how the hour of a birth was made out; "" where it was given as such.
func momentLine(m *birth.Moment, l draw.Language) string {
	if m.Used == birth.GivenHour {
		return ""
	}
	say := func(chinese, english string) string {
		if l == draw.English {
			return english
		}
		return chinese
	}
	clock := strings.Replace(m.Local.String(), "T", " ", 1)
	line := fmt.Sprintf("%s %s %s", clock, m.Zone, offsetText(m.Offset))
	if m.DST {
		line += say("，日光節約時間", ", daylight saving")
	}
	switch m.Used {
	case birth.TrueSolar:
		line += say("；依真太陽時 ", "; by true solar time ") + m.TrueSolar.Clock().String()
	case birth.Clocked:
		line += say("；依鐘錶時間", "; by the clock")
	default:
		line += say("；依標準時間 ", "; by standard time ") + m.StandardLocal.Clock().String()
	}
	return line
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

// AnswerText is Answer as valid text, fit to be kept and sent as JSON: a PNG is written
// in base64. Bytes undoes it.
func AnswerText(q Question) (string, error) {
	data, err := Answer(&q)
	if err != nil || q.Form != PNG {
		return string(data), err
	}
	return base64.StdEncoding.EncodeToString(data), nil
}

// Bytes returns what AnswerText was made of, for an answer in that form.
func (f Form) Bytes(text string) ([]byte, error) {
	if f != PNG {
		return []byte(text), nil
	}
	data, err := base64.StdEncoding.DecodeString(text)
	return data, fault.Wrap(err, fault.Internal, "a kept picture is damaged")
}
