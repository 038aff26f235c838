package fortunet

import (
	"time"

	"github.com/fortunet/fortunet/astro"
	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/lang"
	"github.com/fortunet/fortunet/zodiac"
)

// A ZodiacAnswer is what a request for a western chart is answered from.
type ZodiacAnswer struct {
	Moment *birth.Moment // nil where the request gave an instant
	Chart  *zodiac.Chart
}

// CalculateZodiac computes the chart of a request, which must be for a western chart,
// for who wants more of it than its JSON.
func CalculateZodiac(r *ChartRequest) (a ZodiacAnswer, err error) {
	utc := r.UTC
	if !r.HasUTC {
		m, err := r.Moment()
		if err != nil {
			return a, err
		}
		a.Moment, utc = &m, m.UTC
	}
	o, err := r.Western.engine()
	if err != nil {
		return a, err
	}
	a.Chart, err = zodiac.Compute(julianDay(utc), r.Place, o)
	return a, err
}

// julianDay returns that of Unix seconds, taken as UT1.
func julianDay(unix int64) float64 { return astro.InstantAt(time.Unix(unix, 0)).UT }

// engine returns the options as package zodiac knows them.
func (w *WesternOptions) engine() (o zodiac.Options, err error) {
	for _, key := range w.HouseSystems {
		s, ok := zodiac.ParseSystem(key)
		if !ok {
			return o, fault.Field("options.houseSystems", CodeInvalidValue, "must be %s, not %s", list(houseSystems), quote(key))
		}
		o.Systems = append(o.Systems, s)
	}
	var ok bool
	if o.Ayanamsa, ok = zodiac.ParseAyanamsa(w.Ayanamsa); !ok {
		return o, fault.Field("options.ayanamsa", CodeInvalidValue, "must be %s, not %s", list(ayanamsas), quote(w.Ayanamsa))
	}
	if len(w.Orbs) > 0 {
		orbs := zodiac.DefaultOrbs
		for _, orb := range w.Orbs {
			kind, ok := zodiac.AspectOf(orb.Angle)
			if !ok {
				return o, fault.Field("options.orbs", CodeInvalidValue, "%d° is no aspect", orb.Angle)
			}
			orbs.Of[kind] = orb.Width
		}
		o.Orbs = &orbs
	}
	if w.HasDeltaT {
		o.DeltaT = &w.DeltaT
	}
	return o, nil
}

// appendZodiac appends a western chart: the head, moment where the birth was given by a
// clock, and the chart's own members.
func appendZodiac(dst []byte, r *ChartRequest) ([]byte, error) {
	names, err := r.Language.names()
	if err != nil {
		return nil, err
	}
	a, err := CalculateZodiac(r)
	if err != nil {
		return nil, err
	}
	return a.append(dst, r, names), nil
}

func (a *ZodiacAnswer) append(dst []byte, r *ChartRequest, names lang.Language) []byte {
	dst = appendHead(dst, r)
	if a.Moment != nil {
		dst = a.Moment.AppendJSON(append(dst, `,"moment":`...))
	}
	return append(a.Chart.AppendMembers(append(dst, ','), names), '}')
}

// appendSynastry appends two western charts: a and b, each as a request for it alone is
// answered, and synastry.
func appendSynastry(dst []byte, q *Question) ([]byte, error) {
	names, err := q.Chart.Language.names()
	if err != nil {
		return nil, err
	}
	a, b, err := q.couple()
	if err != nil {
		return nil, err
	}
	dst = append(appendHead(dst, &q.Chart), `,"a":`...)
	dst = a.append(dst, &q.Chart, names)
	dst = append(dst, `,"b":`...)
	dst = b.append(dst, q.Other, names)
	dst = append(dst, `,"synastry":{`...)
	return append(zodiac.Compare(a.Chart, b.Chart).AppendMembers(dst, names), `}}`...), nil
}

// couple computes the charts of a question about two people.
func (q *Question) couple() (a, b ZodiacAnswer, err error) {
	if a, err = CalculateZodiac(&q.Chart); err != nil {
		return a, b, fault.Within("a", err)
	}
	b, err = CalculateZodiac(q.Other)
	return a, b, fault.Within("b", err)
}

// appendTransits appends what a moment brings to a western chart: natal, as a request
// for it alone is answered; moment, in UTC; transits, progressed and returns. returns is
// null where the ephemeris ends before the next of them.
func appendTransits(dst []byte, q *Question) ([]byte, error) {
	names, err := q.Chart.Language.names()
	if err != nil {
		return nil, err
	}
	natal, err := CalculateZodiac(&q.Chart)
	if err != nil {
		return nil, fault.Within("natal", err)
	}
	ut, where := julianDay(q.Moment), q.seenFrom()
	transits, err := natal.Chart.Transits(ut, where)
	if err != nil {
		return nil, fault.Within("moment", err)
	}
	grown, err := natal.Chart.Progress(ut)
	if err != nil {
		return nil, fault.Within("moment", err)
	}
	dst = natal.append(append(appendHead(dst, &q.Chart), `,"natal":`...), &q.Chart, names)
	dst = time.Unix(q.Moment, 0).UTC().AppendFormat(append(dst, `,"moment":"`...), time.RFC3339)
	dst = transits.AppendMembers(append(dst, `","transits":{`...), names)
	dst = grown.AppendMembers(append(dst, `},"progressed":{`...), names)
	returns, err := natal.Chart.Returns(ut, where)
	if err != nil {
		return append(dst, `},"returns":null}`...), nil
	}
	return append(returns.AppendMembers(append(dst, `},"returns":{`...), names), `}}`...), nil
}

// seenFrom returns the place from which transits are seen.
func (q *Question) seenFrom() birth.Place {
	if q.Where != nil {
		return *q.Where
	}
	return q.Chart.Place
}
