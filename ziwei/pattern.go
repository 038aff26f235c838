package ziwei

import (
	"strings"

	"github.com/fortunet/fortunet/lang"
)

// A Pattern is a named arrangement of stars (格局), seen from the soul palace.
type Pattern uint8

// A Tone says whether a pattern is welcome.
type Tone uint8

const (
	Auspicious   Tone = iota // 吉格
	Inauspicious             // 凶格
	Mixed                    // both, or neither
)

var toneKeys = [3]string{"auspicious", "inauspicious", "mixed"}

// Key returns the tone's key, such as "auspicious".
func (t Tone) Key() string { return toneKeys[t] }

// A rule is what a pattern is and when a chart has it.
type rule struct {
	key     string
	names   names
	tone    Tone
	source  string
	clauses []clause // all must hold
	meaning string   // in zh-TW
}

// A clause is one thing a pattern asks of a chart.
type clause struct {
	text [2]string // what it asks, in zh-TW and English
	// test returns the stars that fulfil it; a clause that asks for a place, or for stars
	// to be away, is fulfilled by none.
	test func(c *Chart) (stars []Star, ok bool)
}

// A Finding is a pattern that a chart has.
type Finding struct {
	Pattern Pattern
	Stars   []Star // what it rests on; each is on the chart
}

// A Clause is one thing a pattern asks for, and whether a chart fulfils it.
type Clause struct {
	Text  string
	Holds bool
}

// Patterns returns the patterns the chart has, in the order of PatternList.
func (c *Chart) Patterns() []Finding {
	var found []Finding
	for i := range rules {
		if stars, ok := rules[i].find(c); ok {
			found = append(found, Finding{Pattern(i), stars})
		}
	}
	return found
}

// find returns the stars that a pattern rests on, each once.
func (r *rule) find(c *Chart) ([]Star, bool) {
	for _, cl := range r.clauses {
		if _, ok := cl.test(c); !ok {
			return nil, false
		}
	}
	var seen [starCount]bool
	var stars []Star
	for _, cl := range r.clauses {
		part, _ := cl.test(c)
		for _, s := range part {
			if !seen[s] {
				seen[s] = true
				stars = append(stars, s)
			}
		}
	}
	return stars, true
}

// PatternList returns every pattern there is.
func PatternList() []Pattern {
	list := make([]Pattern, len(rules))
	for i := range list {
		list[i] = Pattern(i)
	}
	return list
}

// PatternOf returns the pattern of that key.
func PatternOf(key string) (Pattern, bool) {
	for i := range rules {
		if rules[i].key == key {
			return Pattern(i), true
		}
	}
	return 0, false
}

// Key returns the pattern's key, such as "zifuTonggong".
func (p Pattern) Key() string { return rules[p].key }

// Name returns what the pattern is called.
func (p Pattern) Name(l lang.Language) string { return rules[p].names[l] }

// Tone says whether the pattern is welcome.
func (p Pattern) Tone() Tone { return rules[p].tone }

// Source names the text that has the pattern, "傳統" for what is handed down without
// one, in simplified characters for SimplifiedChinese.
func (p Pattern) Source(l lang.Language) string { return inScript(rules[p].source, l) }

// Clauses returns what the pattern asks for and whether the chart fulfils each: the
// reason why the chart has it or has it not. They are told in Chinese or in English.
func (p Pattern) Clauses(c *Chart, l lang.Language) []Clause {
	list := make([]Clause, len(rules[p].clauses))
	for i, cl := range rules[p].clauses {
		_, ok := cl.test(c)
		list[i] = Clause{Text: cl.in(l), Holds: ok}
	}
	return list
}

// Condition returns what the pattern asks for, in Chinese or in English.
func (p Pattern) Condition(l lang.Language) string {
	texts := make([]string, len(rules[p].clauses))
	for i, cl := range rules[p].clauses {
		texts[i] = cl.in(l)
	}
	if l.IsChinese() {
		return strings.Join(texts, "；")
	}
	return strings.Join(texts, "; ")
}

// in returns the clause's text in Chinese or in English.
func (cl *clause) in(l lang.Language) string {
	if l.IsChinese() {
		return inScript(cl.text[0], l)
	}
	return cl.text[1]
}

// inScript returns a zh-TW text in the characters of a language.
func inScript(text string, l lang.Language) string {
	if l == lang.SimplifiedChinese {
		return simplified.Replace(text)
	}
	return text
}
