package zodiac

import (
	"strconv"

	"github.com/fortunet/fortunet/astro"
	"github.com/fortunet/fortunet/lang"
)

// AppendJSON appends the chart as a JSON object; AppendMembers has its members.
func (c *Chart) AppendJSON(dst []byte, l lang.Language) []byte {
	return append(c.AppendMembers(append(dst, '{'), l), '}')
}

// AppendMembers appends what AppendJSON puts between the braces, for a caller that adds
// members of its own: jdUt, deltaT, obliquity, meanObliquity, nutationLon, nutationObl,
// ayanamsa {key, name, degrees}, place {latitude, longitude}, armc, asc, mc, vertex,
// equatorialAsc, isDay, bodies, fortune, houses, houseFallback, aspects, patterns.
//
// bodies is an object by key, each {name, lon, lat, dist, speed, retro, ra, dec, sign
// {key, name}, degree, house, dignities [{key, name}]}; fortune has those of them that
// it can have. houses is an object of twelve cusps by system, null where the system has
// no answer; houseFallback then says by system which other was used, {system, cusps}.
// An aspect is {a, b, aspect {key, name}, angle, orb, applying}, a and b being keys of
// bodies or asc, mc; a pattern {key, name, points}. Angles are degrees to nine decimals,
// distances AU. No list is null.
func (c *Chart) AppendMembers(dst []byte, l lang.Language) []byte {
	dst = number(dst, `"jdUt":`, c.Instant.UT)
	dst = number(dst, `,"deltaT":`, c.Instant.DeltaT)
	dst = number(dst, `,"nutationLon":`, c.NutationLon)
	dst = number(dst, `,"nutationObl":`, c.NutationObl)
	dst = append(dst, ',')
	return c.appendSky(dst, l)
}

// appendSky appends the members that a composite chart has as well.
func (c *Chart) appendSky(dst []byte, l lang.Language) []byte {
	dst = number(dst, `"obliquity":`, c.Obliquity)
	dst = number(dst, `,"meanObliquity":`, c.MeanObliquity)
	a := c.Options.Ayanamsa
	dst = text(dst, `,"ayanamsa":{"key":"`, a.Key())
	dst = text(dst, `","name":"`, a.Name(l))
	dst = number(dst, `","degrees":`, c.AyanamsaDegrees)
	dst = number(dst, `},"place":{"latitude":`, c.Place.Latitude)
	dst = number(dst, `,"longitude":`, c.Place.Longitude)
	dst = number(dst, `},"armc":`, c.Angles.ARMC)
	dst = number(dst, `,"asc":`, c.Angles.Asc)
	dst = number(dst, `,"mc":`, c.Angles.MC)
	dst = number(dst, `,"vertex":`, c.Angles.Vertex)
	dst = number(dst, `,"equatorialAsc":`, c.Angles.EquatorialAsc)
	dst = strconv.AppendBool(append(dst, `,"isDay":`...), c.Day)
	dst = append(dst, `,"bodies":{`...)
	for b := range c.Bodies {
		dst = text(dst, before(b, `"`, `,"`), astro.Body(b).Key())
		dst = c.Bodies[b].append(text(dst, `":{"name":"`, Point(b).Name(l)), l)
	}
	dst = c.Fortune.appendFortune(append(dst, `},"fortune":`...), l)
	dst = c.appendHouses(dst)
	dst = appendAspects(append(dst, `,"aspects":`...), c.Aspects, l)
	return c.appendPatterns(append(dst, `,"patterns":`...), l)
}

// append appends what follows a body's name, and closes its object.
func (p *Position) append(dst []byte, l lang.Language) []byte {
	dst = number(dst, `","lon":`, p.Lon)
	dst = number(dst, `,"lat":`, p.Lat)
	dst = number(dst, `,"dist":`, p.Dist)
	dst = number(dst, `,"speed":`, p.Speed)
	dst = strconv.AppendBool(append(dst, `,"retro":`...), p.Retrograde)
	dst = number(dst, `,"ra":`, p.RA)
	dst = number(dst, `,"dec":`, p.Dec)
	dst = p.appendStanding(dst, l)
	dst = append(dst, `,"dignities":[`...)
	first := true
	for i := range dignityCount {
		if p.Dignities.Has(1 << i) {
			dst = named(append(dst, comma(&first)...), dignityKeys[i], dignityNames[i][l])
		}
	}
	return append(dst, `]}`...)
}

func (p *Position) appendFortune(dst []byte, l lang.Language) []byte {
	dst = text(dst, `{"name":"`, Fortune.Name(l))
	dst = number(dst, `","lon":`, p.Lon)
	dst = number(dst, `,"ra":`, p.RA)
	dst = number(dst, `,"dec":`, p.Dec)
	return append(p.appendStanding(dst, l), '}')
}

// appendStanding appends sign, degree and house.
func (p *Position) appendStanding(dst []byte, l lang.Language) []byte {
	dst = named(append(dst, `,"sign":`...), p.Sign.Key(), p.Sign.Name(l))
	dst = number(dst, `,"degree":`, p.Degree())
	return strconv.AppendInt(append(dst, `,"house":`...), int64(p.House), 10)
}

func (c *Chart) appendHouses(dst []byte) []byte {
	dst = append(dst, `,"houses":{`...)
	for i := range c.Houses {
		h := &c.Houses[i]
		dst = append(text(dst, before(i, `"`, `,"`), h.System.Key()), `":`...)
		if h.Fallback {
			dst = append(dst, `null`...)
		} else {
			dst = appendCusps(dst, &h.Cusps)
		}
	}
	dst = append(dst, `},"houseFallback":{`...)
	first := true
	for i := range c.Houses {
		if h := &c.Houses[i]; h.Fallback {
			dst = text(append(append(dst, comma(&first)...), '"'), h.System.Key(), `":{"system":"`, Porphyry.Key())
			dst = append(appendCusps(append(dst, `","cusps":`...), &h.Cusps), '}')
		}
	}
	return append(dst, '}')
}

func appendCusps(dst []byte, cusps *[12]float64) []byte {
	for i, c := range cusps {
		dst = number(dst, before(i, `[`, `,`), c)
	}
	return append(dst, ']')
}

func appendAspects(dst []byte, aspects []Aspect, l lang.Language) []byte {
	dst = append(dst, '[')
	for i := range aspects {
		a := &aspects[i]
		dst = text(dst, before(i, `{"a":"`, `,{"a":"`), a.A.Key())
		dst = text(dst, `","b":"`, a.B.Key())
		dst = named(append(dst, `","aspect":`...), a.Kind.Key(), a.Kind.Name(l))
		dst = number(dst, `,"angle":`, a.Angle)
		dst = number(dst, `,"orb":`, a.Orb)
		dst = append(strconv.AppendBool(append(dst, `,"applying":`...), a.Applying), '}')
	}
	return append(dst, ']')
}

func (c *Chart) appendPatterns(dst []byte, l lang.Language) []byte {
	dst = append(dst, '[')
	for i, p := range c.Patterns {
		dst = text(dst, before(i, `{"key":"`, `,{"key":"`), p.Kind.Key())
		dst = append(text(dst, `","name":"`, p.Kind.Name(l)), `","points":`...)
		for j, point := range p.Points {
			dst = append(text(dst, before(j, `["`, `,"`), point.Key()), '"')
		}
		dst = append(dst, `]}`...)
	}
	return append(dst, ']')
}

// number appends a value to nine decimals, without zeros at its end.
func number(dst []byte, before string, x float64) []byte {
	dst = append(dst, before...)
	start := len(dst)
	dst = strconv.AppendFloat(dst, x, 'f', 9, 64)
	end := len(dst)
	for dst[end-1] == '0' {
		end--
	}
	if dst[end-1] == '.' {
		end--
	}
	if string(dst[start:end]) == "-0" {
		return append(dst[:start], '0')
	}
	return dst[:end]
}

// text appends texts, none of which has a character that JSON escapes.
func text(dst []byte, parts ...string) []byte {
	for _, p := range parts {
		dst = append(dst, p...)
	}
	return dst
}

func named(dst []byte, key, name string) []byte {
	return append(text(dst, `{"key":"`, key, `","name":"`, name), `"}`...)
}

// before returns what stands before the first of a list or before the others.
func before(i int, first, other string) string {
	if i == 0 {
		return first
	}
	return other
}

// comma returns what stands before a list's next member.
func comma(first *bool) string {
	if *first {
		*first = false
		return ""
	}
	return ","
}
