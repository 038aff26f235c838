package ziwei

import (
	"strconv"
	"sync"

	"github.com/fortunet/fortunet/lang"
	"github.com/fortunet/fortunet/lunar"
)

// words are the parts of JSON that do not hang on a chart, made once a language.
type words struct {
	star       [starCount]string // without the closing brace
	god        [GodCount]string
	palace     [12]string
	brightness [8]string
	mutagen    [5]string
	element    [5]string
	time       [LateZi + 1]string
	sign       [12]string
	animal     [12]string
	pattern    []string // up to the list of stars
}

var allWords [lang.Count]func() *words

func init() {
	for l := range lang.Count {
		allWords[l] = sync.OnceValue(func() *words { return newWords(l) })
	}
}

func newWords(l lang.Language) *words {
	w := new(words)
	for s := range starCount {
		w.star[s] = `{"key":"` + s.Key() + `","name":"` + s.Name(l) + `","type":"` + s.Kind().Key() + `"`
	}
	for g := range God(GodCount) {
		w.god[g] = named(g.Key(), g.Name(l))
	}
	for i := range 12 {
		w.palace[i] = named(PalaceName(i).Key(), PalaceName(i).Name(l))
		w.sign[i] = named(Sign(i).Key(), Sign(i).Name(l))
		w.animal[i] = named(animalKeys[i], animalNames[i][l])
	}
	for b := range w.brightness {
		w.brightness[b] = `,"brightness":"` + Brightness(b).Key() + `","brightnessName":"` + Brightness(b).Name(l) + `"`
	}
	for m := range w.mutagen {
		w.mutagen[m] = `,"mutagen":"` + Mutagen(m).Key() + `","mutagenName":"` + Mutagen(m).Name(l) + `"`
	}
	for e := Water; e <= Fire; e++ {
		w.element[e-Water] = named(e.Key(), e.Name(l))
	}
	for _, p := range PatternList() {
		w.pattern = append(w.pattern, `{"key":"`+p.Key()+`","name":"`+p.Name(l)+`","tone":"`+p.Tone().Key()+
			`","reason":"`+p.Condition(l)+`","source":"`+p.Source(l)+`","stars":[`)
	}
	for i := range w.time {
		w.time[i] = named(timeKeys[i], timeNames[i][l])
	}
	return w
}

// named is a named thing. Keys and names have no character that JSON escapes.
func named(key, name string) string { return `{"key":"` + key + `","name":"` + name + `"}` }

// AppendJSON appends the chart as a JSON object, names in that language: lunar, pillars,
// bazi, time, sign, sunSign, animal, fiveElements, soulIndex, bodyIndex, soulStar,
// bodyStar, palaces, flying, patterns.
//
// Named things are {key, name}; stems and branches are plain keys. palaces are in the
// order of their indexes, each with index, name, stem, branch, isSoul, isBody, isOrigin,
// the lists major, minor and adjective of stars, changsheng12, boshi12, suiqian12,
// jiangqian12, decadal {from, to, stem, branch} and ages. A star is {key, name, type},
// one of the first two lists also {brightness, brightnessName, mutagen, mutagenName},
// "" where it has none. flying has a list a palace of the indexes to which its 祿, 權, 科
// and 忌 fly. A pattern is {key, name, tone, reason, source, stars [{key, name, palace}]}.
// No list is null.
func (c *Chart) AppendJSON(dst []byte, l lang.Language) []byte {
	dst = append(dst, '{')
	dst = c.AppendMembers(dst, l)
	return append(dst, '}')
}

// AppendMembers appends what AppendJSON puts between the braces, for a caller that adds
// members of its own.
func (c *Chart) AppendMembers(dst []byte, l lang.Language) []byte {
	w := allWords[l]()
	dst = append(dst, `"lunar":`...)
	dst = appendLunar(dst, c.Lunar)
	dst = append(dst, `,"pillars":`...)
	dst = appendPillars(dst, c.Pillars)
	dst = append(dst, `,"bazi":`...)
	dst = appendPillars(dst, c.Bazi)
	dst = append(append(dst, `,"time":`...), w.time[c.Birth.TimeIndex]...)
	dst = append(append(dst, `,"sign":`...), w.sign[c.Sign]...)
	dst = append(append(dst, `,"sunSign":`...), w.sign[c.SunSign]...)
	dst = append(append(dst, `,"animal":`...), w.animal[c.Animal()]...)
	dst = append(append(dst, `,"fiveElements":`...), w.element[c.Element-Water]...)
	dst = appendInt(dst, `,"soulIndex":`, c.Soul)
	dst = appendInt(dst, `,"bodyIndex":`, c.Body)
	dst = append(append(dst, `,"soulStar":`...), named(c.SoulStar.Key(), c.SoulStar.Name(l))...)
	dst = append(append(dst, `,"bodyStar":`...), named(c.BodyStar.Key(), c.BodyStar.Name(l))...)
	dst = append(dst, `,"palaces":[`...)
	for i := range c.Palaces {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = c.Palaces[i].append(dst, w)
	}
	dst = c.appendFlying(append(dst, `],"flying":`...))
	return c.appendPatterns(append(dst, `,"patterns":`...), w, l)
}

// appendFlying appends a list a palace of the palace indexes to which its 祿, 權, 科 and
// 忌 fly.
func (c *Chart) appendFlying(dst []byte) []byte {
	for i, f := range c.Flights() {
		before := ","
		switch {
		case i == 0:
			before = "[["
		case i%4 == 0:
			before = "],["
		}
		dst = appendInt(dst, before, f.To)
	}
	return append(dst, `]]`...)
}

// appendPatterns appends the patterns the chart has, each with its reason: what it asks
// for, and the stars it rests on with their palaces.
func (c *Chart) appendPatterns(dst []byte, w *words, l lang.Language) []byte {
	dst = append(dst, '[')
	for i, f := range c.Patterns() {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, w.pattern[f.Pattern]...)
		for j, s := range f.Stars {
			if j > 0 {
				dst = append(dst, ',')
			}
			dst = append(append(dst, `{"key":"`...), s.Key()...)
			dst = append(append(dst, `","name":"`...), s.Name(l)...)
			dst = append(appendInt(dst, `","palace":`, int(c.at[s])), '}')
		}
		dst = append(dst, `]}`...)
	}
	return append(dst, ']')
}

// append appends the palace as an object.
func (p *Palace) append(dst []byte, w *words) []byte {
	dst = appendInt(dst, `{"index":`, p.Index)
	dst = append(append(dst, `,"name":`...), w.palace[p.Name]...)
	dst = append(append(dst, `,"stem":"`...), p.Pillar.Stem.Key()...)
	dst = append(append(dst, `","branch":"`...), p.Pillar.Branch.Key()...)
	dst = appendBool(dst, `","isSoul":`, p.IsSoul)
	dst = appendBool(dst, `,"isBody":`, p.IsBody)
	dst = appendBool(dst, `,"isOrigin":`, p.IsOrigin)
	dst = appendStars(append(dst, `,"major":`...), p.Major, w)
	dst = appendStars(append(dst, `,"minor":`...), p.Minor, w)
	dst = appendStars(append(dst, `,"adjective":`...), p.Adjective, w)
	dst = append(append(dst, `,"changsheng12":`...), w.god[p.Changsheng]...)
	dst = append(append(dst, `,"boshi12":`...), w.god[p.Boshi]...)
	dst = append(append(dst, `,"suiqian12":`...), w.god[p.Suiqian]...)
	dst = append(append(dst, `,"jiangqian12":`...), w.god[p.Jiangqian]...)
	dst = appendInt(dst, `,"decadal":{"from":`, p.Decade.From)
	dst = appendInt(dst, `,"to":`, p.Decade.To)
	dst = append(append(dst, `,"stem":"`...), p.Pillar.Stem.Key()...)
	dst = append(append(dst, `","branch":"`...), p.Pillar.Branch.Key()...)
	dst = append(dst, `"},"ages":[`...)
	for age := p.FirstAge; age <= lastSmallLimit; age += 12 {
		if age > p.FirstAge {
			dst = append(dst, ',')
		}
		dst = strconv.AppendInt(dst, int64(age), 10)
	}
	return append(dst, `]}`...)
}

// appendStars appends a list of stars; those of no rank have neither brightness nor
// transformation.
func appendStars(dst []byte, stars []Placed, w *words) []byte {
	dst = append(dst, '[')
	for i, s := range stars {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, w.star[s.Star]...)
		if s.Star < Hongluan {
			dst = append(dst, w.brightness[s.Brightness]...)
			dst = append(dst, w.mutagen[s.Mutagen]...)
		}
		dst = append(dst, '}')
	}
	return append(dst, ']')
}

func appendLunar(dst []byte, d lunar.Date) []byte {
	dst = appendInt(dst, `{"year":`, d.Year)
	dst = appendInt(dst, `,"month":`, d.Month)
	dst = appendInt(dst, `,"day":`, d.Day)
	return append(appendBool(dst, `,"isLeap":`, d.Leap), '}')
}

func appendPillars(dst []byte, p lunar.FourPillars) []byte {
	dst = appendPillar(append(dst, `{"year":`...), p.Year)
	dst = appendPillar(append(dst, `,"month":`...), p.Month)
	dst = appendPillar(append(dst, `,"day":`...), p.Day)
	dst = appendPillar(append(dst, `,"hour":`...), p.Hour)
	return append(dst, '}')
}

func appendPillar(dst []byte, p lunar.Pillar) []byte {
	dst = append(append(dst, `["`...), p.Stem.Key()...)
	dst = append(append(dst, `","`...), p.Branch.Key()...)
	return append(dst, `"]`...)
}

func appendInt(dst []byte, before string, n int) []byte {
	return strconv.AppendInt(append(dst, before...), int64(n), 10)
}

func appendBool(dst []byte, before string, b bool) []byte {
	return strconv.AppendBool(append(dst, before...), b)
}
