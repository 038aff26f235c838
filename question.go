package fortunet

import (
	"encoding/binary"

	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/draw"
	"github.com/fortunet/fortunet/fault"
)

// A Subject is what a Question is about.
type Subject string

const (
	OneChart  Subject = ""         // a chart, with its horoscope where the request asks for one
	Transits  Subject = "transits" // what a moment brings to a western chart
	TwoCharts Subject = "synastry" // two people's charts of one type side by side
)

// A Form is how an answer is written.
type Form string

const (
	JSON     Form = ""
	SVG      Form = "svg"
	PNG      Form = "png"
	Text     Form = "text"     // plain, to be pasted into a chat
	Markdown Form = "markdown" // for a chat that knows it
	Terminal Form = "terminal" // a Zi Wei board drawn with characters, and the text
)

// A Question is one thing the chart engines can be asked. Its answer hangs on nothing
// else, so it is computed once and kept under its key.
type Question struct {
	Subject Subject
	Form    Form
	Chart   ChartRequest  // the person, or the first of two
	Other   *ChartRequest // of TwoCharts: the second, in the language of the first
	Moment  int64         // of Transits: seconds since 1970, taken as UT1
	Where   *birth.Place  // of Transits: where returns are seen; nil is the place of birth
	Look    Look          // of a picture or a text
}

// A Look says how a picture is drawn.
type Look struct {
	Theme    Theme    // Light or Dark
	Language Language // TraditionalChinese or English: pictures speak these
	Width    int      // of a picture: pixels, LeastWidth to MostWidth
}

const (
	LeastWidth = 240
	MostWidth  = 4096

	usualWidth = 1080
)

// Ask returns the question for a chart as such.
func Ask(r ChartRequest) Question { return Question{Chart: r} }

// As returns the same question for an answer in another form.
func (q Question) As(f Form, l Look) Question {
	q.Form, q.Look = f, l
	return q
}

// AppendKey appends bytes that are the same for questions whose answers are the same
// and different for all others, under one EngineVersion, as ChartRequest.AppendKey does
// for a chart; of pictures and texts they hold draw.Version. They hold the birth.
func (q *Question) AppendKey(b []byte) []byte {
	if q.Subject != OneChart || q.Form != JSON {
		// No type of chart begins like this.
		b = append(b, '?')
		b = field(b, string(q.Subject))
		b = field(b, string(q.Form))
	}
	b = q.Chart.AppendKey(b)
	if q.Other != nil {
		b = q.Other.AppendKey(append(b, 1))
	}
	if q.Subject == Transits {
		b = binary.BigEndian.AppendUint64(b, uint64(q.Moment))
		b = flag(b, q.Where != nil)
		if q.Where != nil {
			b = float(float(b, q.Where.Latitude), q.Where.Longitude)
		}
	}
	if q.Form != JSON {
		b = field(b, draw.Version)
		b = field(b, string(q.Look.Theme))
		b = field(b, string(q.Look.Language))
		b = binary.BigEndian.AppendUint16(b, uint16(q.Look.Width))
	}
	return b
}

// settled returns the look with its defaults for an answer in a language.
func (l Look) settled(spoken Language) Look {
	if l.Theme == "" {
		l.Theme = Light
	}
	if l.Width == 0 {
		l.Width = usualWidth
	}
	if l.Language == "" {
		l.Language = English
		if spoken == TraditionalChinese || spoken == SimplifiedChinese {
			l.Language = TraditionalChinese
		}
	}
	return l
}

// LookIn returns the usual look of pictures and texts for who reads a language.
func LookIn(spoken Language) Look { return Look{}.settled(spoken) }

// Answer computes the answer to a question. It is a pure function of it; charts take
// tens of microseconds, a PNG some tens of milliseconds. Its errors are Invalid faults.
func Answer(q *Question) ([]byte, error) {
	switch q.Form {
	case JSON:
		const usual = 16 << 10 // bytes; a chart without a horoscope is about 13 KB
		return AppendAnswer(make([]byte, 0, usual), q)
	case SVG, PNG, Text, Markdown, Terminal:
		return drawn(q)
	}
	return nil, fault.Field("format", CodeInvalidValue, "must be json, svg, png, text or markdown")
}

// AppendAnswer appends the answer to a question whose form is JSON. Where it returns
// an error it returns nil, and what follows len(dst) is of no meaning.
func AppendAnswer(dst []byte, q *Question) ([]byte, error) {
	switch q.Subject {
	case Transits:
		return appendTransits(dst, q)
	case TwoCharts:
		return appendTwo(dst, q)
	}
	return AppendChart(dst, &q.Chart)
}
