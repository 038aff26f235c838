package fortunet

import (
	"strconv"

	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/lang"
	"github.com/fortunet/fortunet/ziwei"
)

// Calculate computes the chart a request in normal form asks for and returns it as a
// JSON object, which the caller owns. It is a pure function of the request and takes
// some tens of microseconds. Its errors are Invalid faults, such as of a time that
// never was.
func Calculate(r ChartRequest) ([]byte, error) {
	const usual = 16 << 10 // bytes; a chart without a horoscope is about 13 KB
	return AppendChart(make([]byte, 0, usual), &r)
}

// AppendChart is Calculate into memory of the caller: it appends the chart. Where it
// returns an error it returns nil, and what follows len(dst) is of no meaning.
func AppendChart(dst []byte, r *ChartRequest) ([]byte, error) {
	switch r.Type {
	case Ziwei:
		return appendZiwei(dst, r)
	case Zodiac:
		return appendZodiac(dst, r)
	}
	return nil, fault.Field("chartType", CodeInvalidValue, "must be %s, not %s", list(chartTypes), quote(string(r.Type)))
}

// appendHead opens the object and appends what every chart begins with.
func appendHead(dst []byte, r *ChartRequest) []byte {
	dst = append(dst, `{"chartType":"`...)
	dst = append(dst, r.Type...)
	dst = append(dst, `","engineVersion":"`+EngineVersion+`","language":"`...)
	dst = append(dst, r.Language...)
	return append(dst, '"')
}

// A ZiweiAnswer is what a request for a Zi Wei chart is answered from.
type ZiweiAnswer struct {
	Moment    birth.Moment
	Chart     *ziwei.Chart
	Horoscope *ziwei.Horoscope // nil where none was asked for
}

// CalculateZiwei computes the chart of a request, which must be for a Zi Wei chart, for
// who wants more of it than its JSON.
func CalculateZiwei(r *ChartRequest) (a ZiweiAnswer, err error) {
	if a.Moment, err = r.Moment(); err != nil {
		return a, err
	}
	born := ziwei.Birth{Date: a.Moment.Date, TimeIndex: a.Moment.TimeIndex}
	if born.Gender, err = ziwei.ParseGender(string(r.Gender)); err != nil {
		return a, err
	}
	if a.Moment.Used != birth.GivenHour {
		born.Instant = a.Moment.Instant()
	}
	if a.Chart, err = ziwei.Compute(born, r.Ziwei); err != nil || !r.HasHoroscope {
		return a, err
	}
	a.Horoscope, err = a.Chart.Horoscope(ziwei.Moment{Date: r.Horoscope.Date, TimeIndex: r.Horoscope.TimeIndex})
	return a, err
}

// appendZiwei appends a Zi Wei chart: the head, gender, solarDate and timeIndex as the
// chart was drawn by, moment, the chart's own members, and horoscope where asked for.
func appendZiwei(dst []byte, r *ChartRequest) ([]byte, error) {
	a, err := CalculateZiwei(r)
	if err != nil {
		return nil, err
	}
	names, err := r.Language.names()
	if err != nil {
		return nil, err
	}
	return a.append(dst, r, names), nil
}

func (a *ZiweiAnswer) append(dst []byte, r *ChartRequest, names lang.Language) []byte {
	dst = appendHead(dst, r)
	dst = append(dst, `,"gender":"`...)
	dst = append(dst, r.Gender...)
	dst = append(dst, `","solarDate":"`...)
	dst = a.Moment.Date.Append(dst)
	dst = append(dst, `","timeIndex":`...)
	dst = strconv.AppendInt(dst, int64(a.Moment.TimeIndex), 10)
	dst = append(dst, `,"moment":`...)
	dst = a.Moment.AppendJSON(dst)
	dst = append(dst, ',')
	dst = a.Chart.AppendMembers(dst, names)
	if a.Horoscope != nil {
		dst = append(dst, `,"horoscope":`...)
		dst = a.Horoscope.AppendJSON(dst, names)
	}
	return append(dst, '}')
}
