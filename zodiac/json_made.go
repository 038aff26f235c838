package zodiac

import (
	"strconv"

	"github.com/fortunet/fortunet/astro"
	"github.com/fortunet/fortunet/lang"
)

// AppendMembers appends the members of transits: sky, a chart; aspects, a of the sky and
// b of the natal chart; houses, an object by body of the natal houses in which the sky's
// bodies stand.
func (t *Transits) AppendMembers(dst []byte, l lang.Language) []byte {
	dst = t.Sky.AppendJSON(append(dst, `"sky":`...), l)
	dst = appendAspects(append(dst, `,"aspects":`...), t.Aspects, l)
	return appendStandings(append(dst, `,"houses":`...), &t.Houses)
}

// AppendMembers appends the members of a progression: solarArc in degrees; chart;
// aspects, a of it and b of the natal chart; houses as in transits.
func (p *Progression) AppendMembers(dst []byte, l lang.Language) []byte {
	dst = number(dst, `"solarArc":`, p.SolarArc)
	dst = p.Chart.AppendJSON(append(dst, `,"chart":`...), l)
	dst = appendAspects(append(dst, `,"aspects":`...), p.Aspects, l)
	return appendStandings(append(dst, `,"houses":`...), &p.Houses)
}

// AppendMembers appends the members of returns: lastSolar, nextSolar, lastLunar and
// nextLunar, each {at, chart}, at being the instant in UTC.
func (r *Returns) AppendMembers(dst []byte, l lang.Language) []byte {
	for i, one := range []struct {
		key string
		*Return
	}{{"lastSolar", &r.LastSolar}, {"nextSolar", &r.NextSolar}, {"lastLunar", &r.LastLunar}, {"nextLunar", &r.NextLunar}} {
		dst = text(dst, before(i, `"`, `,"`), one.key, `":{"at":"`)
		dst = one.Chart.Instant.Time().AppendFormat(dst, "2006-01-02T15:04:05Z")
		dst = append(one.Chart.AppendJSON(append(dst, `","chart":`...), l), '}')
	}
	return dst
}

// AppendMembers appends the members of a synastry besides the two charts: aspects, a of
// the first and b of the second; aInB and bInA, objects by body of the other's houses;
// composite, a chart without instant, delta T and nutation, whose bodies have no speed.
func (s *Synastry) AppendMembers(dst []byte, l lang.Language) []byte {
	dst = appendAspects(append(dst, `"aspects":`...), s.Aspects, l)
	dst = appendStandings(append(dst, `,"aInB":`...), &s.AInB)
	dst = appendStandings(append(dst, `,"bInA":`...), &s.BInA)
	dst = append(dst, `,"composite":{`...)
	return append(s.Composite.appendSky(dst, l), '}')
}

func appendStandings(dst []byte, houses *[astro.BodyCount]int) []byte {
	for b, h := range houses {
		dst = text(dst, before(b, `{"`, `,"`), astro.Body(b).Key(), `":`)
		dst = strconv.AppendInt(dst, int64(h), 10)
	}
	return append(dst, '}')
}
