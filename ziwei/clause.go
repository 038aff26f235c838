package ziwei

import (
	"strings"

	"github.com/fortunet/fortunet/lang"
	"github.com/fortunet/fortunet/lunar"
)

// malefics are the six stars that spoil patterns (六煞).
var malefics = []Star{Qingyang, Tuoluo, Huoxing, Lingxing, Dikong, Dijie}

// sit asks that all those stars stand in the soul palace.
func sit(stars ...Star) clause {
	return clause{
		[2]string{zhList(stars) + "在命宮", enList(stars, " and ") + " in the soul palace"},
		func(c *Chart) ([]Star, bool) { return stars, c.allIn(c.Soul, stars) },
	}
}

// sitAny asks that one of those stars stands in the soul palace.
func sitAny(stars ...Star) clause {
	return clause{
		[2]string{zhAny(stars) + "在命宮", enList(stars, " or ") + " in the soul palace"},
		func(c *Chart) ([]Star, bool) { return c.those(stars, func(at int) bool { return at == c.Soul }) },
	}
}

// soulAt asks that the soul palace is at one of those branches.
func soulAt(branches ...lunar.Branch) clause {
	zh, en := make([]string, len(branches)), make([]string, len(branches))
	for i, b := range branches {
		zh[i], en[i] = b.String(), b.Key()
	}
	return clause{
		[2]string{"命宮在" + strings.Join(zh, "、"), "the soul palace at " + strings.Join(en, " or ")},
		func(c *Chart) ([]Star, bool) {
			for _, b := range branches {
				if placeOf(b) == c.Soul {
					return nil, true
				}
			}
			return nil, false
		},
	}
}

// standAt asks that a star stands at a branch.
func standAt(s Star, b lunar.Branch) clause {
	return clause{
		[2]string{s.Name(lang.TraditionalChinese) + "在" + b.String(), s.Name(lang.English) + " at " + b.Key()},
		func(c *Chart) ([]Star, bool) { return []Star{s}, int(c.at[s]) == placeOf(b) },
	}
}

// see asks that all those stars stand in the four palaces around the soul.
func see(stars ...Star) clause {
	return clause{
		[2]string{zhList(stars) + "會於命宮三方四正", enList(stars, " and ") + " in the four palaces of the soul"},
		func(c *Chart) ([]Star, bool) { return stars, c.Sees(c.Soul, stars...) },
	}
}

// seeAny asks that one of those stars stands in the four palaces around the soul.
func seeAny(stars ...Star) clause {
	return clause{
		[2]string{zhAny(stars) + "會於命宮三方四正", enList(stars, " or ") + " in the four palaces of the soul"},
		func(c *Chart) ([]Star, bool) { return c.those(stars, Surrounding(c.Soul).Has) },
	}
}

// seeNone asks that none of the six malefics stands in the four palaces around the soul.
func seeNone() clause {
	return clause{
		[2]string{"命宮三方四正不見" + zhList(malefics), "none of " + enList(malefics, ", ") + " in the four palaces of the soul"},
		func(c *Chart) ([]Star, bool) {
			_, some := c.those(malefics, Surrounding(c.Soul).Has)
			return nil, !some
		},
	}
}

// seeMutagens asks that the stars with all those transformations stand in the four
// palaces around the soul.
func seeMutagens(mutagens ...Mutagen) clause {
	zh, en := mutagenLists(mutagens)
	return clause{
		[2]string{strings.Join(zh, "、") + "會於命宮三方四正", strings.Join(en, " and ") + " in the four palaces of the soul"},
		func(c *Chart) ([]Star, bool) {
			stars := c.transformed(mutagens)
			return stars, c.Sees(c.Soul, stars...)
		},
	}
}

// seeFortune asks that 祿存 or one of 祿權科 is in the four palaces around the soul.
func seeFortune() clause {
	return clause{
		[2]string{"祿存或化祿、化權、化科會於命宮三方四正", "money, or transformation A, B or C, in the four palaces of the soul"},
		func(c *Chart) ([]Star, bool) {
			return c.those(append(c.transformed([]Mutagen{Lu, Quan, Ke}), Lucun), Surrounding(c.Soul).Has)
		},
	}
}

// seeWealth asks that 祿存 or 化祿 is in the four palaces around the soul.
func seeWealth() clause {
	return clause{
		[2]string{"祿存或化祿會於命宮三方四正", "money or transformation A in the four palaces of the soul"},
		func(c *Chart) ([]Star, bool) { return c.those(c.wealth(), Surrounding(c.Soul).Has) },
	}
}

// flank asks that two stars stand on the two sides of the soul palace.
func flank(a, b Star) clause {
	return clause{
		[2]string{zhList([]Star{a, b}) + "夾命宮", enList([]Star{a, b}, " and ") + " on both sides of the soul palace"},
		func(c *Chart) ([]Star, bool) { return []Star{a, b}, c.flanked(c.Soul, a, b) },
	}
}

// flankStar asks that two stars stand on the two sides of another's palace.
func flankStar(of, a, b Star) clause {
	return clause{
		[2]string{zhList([]Star{a, b}) + "夾" + of.Name(lang.TraditionalChinese), enList([]Star{a, b}, " and ") + " on both sides of " + of.Name(lang.English)},
		func(c *Chart) ([]Star, bool) { return []Star{of, a, b}, c.flanked(int(c.at[of]), a, b) },
	}
}

// trines asks that one of two stars stands in each trine of the soul palace.
func trines(a, b Star) clause {
	return clause{
		[2]string{zhList([]Star{a, b}) + "分居財帛、官祿", enList([]Star{a, b}, " and ") + ", one in wealth and one in career"},
		func(c *Chart) ([]Star, bool) {
			one, two := int(c.at[a]), int(c.at[b])
			t := Surrounding(c.Soul).Trines
			return []Star{a, b}, one == t[0] && two == t[1] || one == t[1] && two == t[0]
		},
	}
}

// joined asks that two stars are in one palace or face each other, in the four palaces
// around the soul.
func joined(a, b Star) clause {
	return clause{
		[2]string{zhList([]Star{a, b}) + "同宮或對照", enList([]Star{a, b}, " and ") + " together or face to face"},
		func(c *Chart) ([]Star, bool) { return []Star{a, b}, (c.at[a]-c.at[b])%6 == 0 },
	}
}

// away asks that none of those stars stands in the soul palace.
func away(stars ...Star) clause {
	return clause{
		[2]string{zhAny(stars) + "不在命宮", enList(stars, " and ") + " not in the soul palace"},
		func(c *Chart) ([]Star, bool) {
			_, some := c.those(stars, func(at int) bool { return at == c.Soul })
			return nil, !some
		},
	}
}

// across asks that two stars face each other.
func across(a, b Star) clause {
	return clause{
		[2]string{zhList([]Star{a, b}) + "對照", enList([]Star{a, b}, " and ") + " face to face"},
		func(c *Chart) ([]Star, bool) { return []Star{a, b}, int(c.at[b]) == Opposite(int(c.at[a])) },
	}
}

// inTrine asks that a star stands in a trine of the soul palace.
func inTrine(s Star) clause { return inTrineAny(s) }

// inTrineAny asks that one of those stars stands in a trine of the soul palace.
func inTrineAny(stars ...Star) clause {
	return clause{
		[2]string{zhAny(stars) + "在命宮的三合宮", enList(stars, " or ") + " in a trine of the soul palace"},
		func(c *Chart) ([]Star, bool) {
			t := Surrounding(c.Soul).Trines
			return c.those(stars, func(at int) bool { return at == t[0] || at == t[1] })
		},
	}
}

// withAny asks that one of some stars stands in the palace of another.
func withAny(s Star, others ...Star) clause {
	return clause{
		[2]string{s.Name(lang.TraditionalChinese) + "與" + zhAny(others) + "同宮", s.Name(lang.English) + " together with " + enList(others, " or ")},
		func(c *Chart) ([]Star, bool) {
			stars, ok := c.those(others, func(at int) bool { return at == int(c.at[s]) })
			return append(stars, s), ok
		},
	}
}

// hardshipWith asks that the star with 化忌 stands in the palace of another.
func hardshipWith(s Star) clause {
	return clause{
		[2]string{"化忌與" + s.Name(lang.TraditionalChinese) + "同宮", "transformation D together with " + s.Name(lang.English)},
		func(c *Chart) ([]Star, bool) {
			ji := c.transformed([]Mutagen{Ji})
			return append(ji, s, Qingyang, Tuoluo), c.at[ji[0]] == c.at[s]
		},
	}
}

// dim asks that a star is 不 or 陷.
func dim(s Star) clause {
	return clause{
		[2]string{s.Name(lang.TraditionalChinese) + "落陷失輝", s.Name(lang.English) + " without light"},
		func(c *Chart) ([]Star, bool) {
			return []Star{s}, c.Options.Tables.Brightness.Brightness(s, int(c.at[s])) >= Bu
		},
	}
}

// empty asks that the soul palace has no major star.
func empty() clause {
	return clause{
		[2]string{"命宮沒有主星", "no major star in the soul palace"},
		func(c *Chart) ([]Star, bool) { return nil, len(c.Palaces[c.Soul].Major) == 0 },
	}
}

// together asks that all those stars stand in one palace.
func together(stars ...Star) clause {
	return clause{
		[2]string{zhList(stars) + "同宮", enList(stars, " and ") + " in one palace"},
		func(c *Chart) ([]Star, bool) { return stars, c.allIn(int(c.at[stars[0]]), stars) },
	}
}

// allIn reports whether all those stars stand in the palace at index.
func (c *Chart) allIn(index int, stars []Star) bool {
	for _, s := range stars {
		if int(c.at[s]) != index {
			return false
		}
	}
	return true
}

// those returns the stars on the chart whose palace is accepted, and whether there are
// any.
func (c *Chart) those(stars []Star, accept func(index int) bool) ([]Star, bool) {
	var list []Star
	for _, s := range stars {
		if c.at[s] != absent && accept(int(c.at[s])) {
			list = append(list, s)
		}
	}
	return list, len(list) > 0
}

// flanked reports whether two stars stand on the two sides of the palace at index.
func (c *Chart) flanked(index int, a, b Star) bool {
	sides := Flanks(index)
	one, two := int(c.at[a]), int(c.at[b])
	return one == sides[0] && two == sides[1] || one == sides[1] && two == sides[0]
}

// transformed returns the stars that get those transformations in the year of birth.
func (c *Chart) transformed(mutagens []Mutagen) []Star {
	all := c.Options.Tables.Mutagen.Mutagens(c.year.Stem)
	stars := make([]Star, len(mutagens))
	for i, m := range mutagens {
		stars[i] = all[m-Lu]
	}
	return stars
}

// wealth returns 祿存 and the star with 化祿.
func (c *Chart) wealth() []Star { return append(c.transformed([]Mutagen{Lu}), Lucun) }

func zhList(stars []Star) string { return starList(stars, lang.TraditionalChinese, "、") }

func zhAny(stars []Star) string { return starList(stars, lang.TraditionalChinese, "或") }

func enList(stars []Star, separator string) string { return starList(stars, lang.English, separator) }

func starList(stars []Star, l lang.Language, separator string) string {
	list := make([]string, len(stars))
	for i, s := range stars {
		list[i] = s.Name(l)
	}
	return strings.Join(list, separator)
}

func mutagenLists(mutagens []Mutagen) (zh, en []string) {
	for _, m := range mutagens {
		zh = append(zh, "化"+m.Name(lang.TraditionalChinese))
		en = append(en, "transformation "+m.Name(lang.English))
	}
	return zh, en
}
