package fortunet

import (
	"strconv"

	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/fault"
)

// MostInBatch is how many charts one batch may ask for.
const MostInBatch = 100

// DecodeCalculation reads a request for a chart, as DecodeChartRequest does, that may
// also ask for a picture beside it:
//
//	"drawing": {theme?, language?, width?}
//
// look is nil where it does not.
func DecodeCalculation(raw []byte, language Language) (Question, *Look, error) {
	d := draft{drawable: true}
	if err := d.decode(raw, language); err != nil {
		return Question{}, nil, err
	}
	return Ask(d.request), d.look, nil
}

// A BatchItem is one request of a batch, or why it cannot be answered.
type BatchItem struct {
	Request ChartRequest
	Err     error // an Invalid fault
}

// DecodeBatch reads {"requests": […]} of at most MostInBatch requests for charts. What
// is wrong with one of them is told there and hinders no other; what is not JSON, or
// no batch, is a fault as in DecodeChartRequest.
func DecodeBatch(raw []byte, language Language) ([]BatchItem, error) {
	p, err := newParts(raw, language)
	if err != nil {
		return nil, err
	}
	var items []BatchItem
	given := false
	err = p.object("", func(name []byte) error {
		if string(name) != "requests" {
			return unknown("", name)
		}
		given = true
		return p.list("requests", MostInBatch, func(i int) error {
			text, err := p.value("requests."+strconv.Itoa(i), maxRequestDepth)
			if err != nil {
				return err
			}
			r, err := DecodeChartRequest(text, language)
			items = append(items, BatchItem{r, err})
			return nil
		})
	})
	switch {
	case err != nil:
		return nil, err
	case !given:
		return nil, missing("requests")
	}
	return items, p.end()
}

// DecodeTransits reads {natal, moment, location?, drawing?}: a request for a western
// chart, and the instant, as RFC 3339 writes it in UTC, whose sky is held against it.
func DecodeTransits(raw []byte, language Language) (Question, *Look, error) {
	return decodeParts(raw, language, Transits, "natal", "moment", "location", "drawing")
}

// DecodeSynastry reads {a, b, drawing?}: requests for charts of one type of two people.
// The answer speaks the language of the first.
func DecodeSynastry(raw []byte, language Language) (Question, *Look, error) {
	return decodeParts(raw, language, TwoCharts, "a", "b", "drawing")
}

// DecodePicture reads {request, theme?, language?, width?} and what makes it a picture
// of two rings: moment and location? of transits, or other, the second person's
// request. The form of the question is left for the caller to say.
func DecodePicture(raw []byte, language Language) (Question, error) {
	q, look, err := decodeParts(raw, language, OneChart, "request", "moment", "location", "other", "theme", "language", "width")
	if err != nil {
		return Question{}, err
	}
	return q.As(SVG, *look), nil
}

// parts reads what is made of requests for charts.
type parts struct {
	reader
	language Language
	question Question
	look     *Look
	seen     map[string]bool
}

func newParts(raw []byte, language Language) (*parts, error) {
	if len(raw) > MaxRequest {
		return nil, fault.Coded(fault.TooLarge, CodeTooLarge, "the request is over %d bytes", MaxRequest)
	}
	if language == "" {
		language = DefaultLanguage
	}
	return &parts{reader: reader{data: raw}, language: language, seen: map[string]bool{}}, nil
}

func decodeParts(raw []byte, language Language, s Subject, members ...string) (Question, *Look, error) {
	p, err := newParts(raw, language)
	if err != nil {
		return Question{}, nil, err
	}
	err = p.object("", func(name []byte) error {
		for _, known := range members {
			if string(name) == known {
				p.seen[known] = true
				return p.part(known)
			}
		}
		return unknown("", name)
	})
	if err == nil {
		err = p.end()
	}
	if err == nil {
		err = p.settle(s)
	}
	if err != nil {
		return Question{}, nil, err
	}
	return p.question, p.look, nil
}

// part reads one member.
func (p *parts) part(name string) (err error) {
	q := &p.question
	switch name {
	case "request", "natal", "a":
		q.Chart, err = p.request(name)
	case "b", "other":
		var other ChartRequest
		other, err = p.request(name)
		q.Other = &other
	case "moment":
		q.Moment, err = p.utc("moment")
	case "location":
		q.Where = new(birth.Place)
		_, err = p.place("location", q.Where)
	case "drawing":
		p.look = new(Look)
		err = p.object("drawing", func(name []byte) error { return p.lookMember("drawing", name, p.look) })
	default:
		if p.look == nil {
			p.look = new(Look)
		}
		err = p.lookMember("", []byte(name), p.look)
	}
	return err
}

// maxRequestDepth is how many objects and lists of a request for a chart may stand
// within each other, and more.
const maxRequestDepth = 16

// request reads a request for a chart within another text.
func (p *parts) request(path string) (ChartRequest, error) {
	text, err := p.value(path, maxRequestDepth)
	if err != nil {
		return ChartRequest{}, err
	}
	r, err := DecodeChartRequest(text, p.language)
	return r, fault.Within(path, err)
}

// settle checks the parts against each other and writes out defaults.
func (p *parts) settle(s Subject) error {
	q := &p.question
	first := map[Subject]string{OneChart: "request", Transits: "natal", TwoCharts: "a"}[s]
	switch {
	case !p.seen[first]:
		return missing(first)
	case s == Transits && !p.seen["moment"]:
		return missing("moment")
	case s == TwoCharts && !p.seen["b"]:
		return missing("b")
	}
	q.Subject = s
	if s == OneChart {
		p.look = lookOr(p.look)
		switch {
		case q.Other != nil && p.seen["moment"]:
			return fault.Field("other", CodeConflictingField, "cannot stand beside moment: give the one or the other")
		case q.Other != nil:
			q.Subject = TwoCharts
		case p.seen["moment"]:
			q.Subject = Transits
		}
	}
	if err := q.check(first); err != nil {
		return err
	}
	if q.Where != nil && q.Subject != Transits {
		return fault.Field("location", CodeUnknownField, "means nothing without moment")
	}
	if p.look != nil {
		*p.look = p.look.settled(q.Chart.Language)
	}
	return nil
}

func lookOr(l *Look) *Look {
	if l == nil {
		return new(Look)
	}
	return l
}

// check returns a fault where the parts do not fit together; first is what the first
// request is called.
func (q *Question) check(first string) error {
	switch q.Subject {
	case Transits:
		if q.Chart.Type != Zodiac {
			return fault.Field(first+".chartType", CodeInvalidValue,
				"must be zodiac: what a moment brings to a ziwei chart is its horoscope")
		}
		return birth.WesternBirths.Check("moment", birth.Wall(q.Moment).Date())
	case TwoCharts:
		if q.Other.Type != q.Chart.Type {
			return fault.Field(first+".chartType", CodeConflictingField, "and that of the other person must be the same")
		}
		q.Other.Language = q.Chart.Language
	}
	return nil
}

// lookMember reads one member of what a picture looks like.
func (r *reader) lookMember(path string, name []byte, l *Look) (err error) {
	at := join(path, name)
	switch string(name) {
	case "theme":
		err = oneOf(r, at, &l.Theme, []Theme{Light, Dark})
	case "language":
		err = oneOf(r, at, &l.Language, []Language{TraditionalChinese, English})
	case "width":
		l.Width, err = r.integer(at, LeastWidth, MostWidth)
	default:
		err = unknown(path, name)
	}
	return err
}
