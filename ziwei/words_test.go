package ziwei_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/fortunet/fortunet/lang"
	"github.com/fortunet/fortunet/lunar"
	"github.com/fortunet/fortunet/ziwei"
)

// nameTable is a reference of names: context, key, language tag, name.
type nameTable map[string]map[string]map[string]string

func readNames(t *testing.T) nameTable {
	t.Helper()
	text, err := os.ReadFile("testdata/names.json")
	if err != nil {
		t.Fatal(err)
	}
	var table nameTable
	if err := json.Unmarshal(text, &table); err != nil {
		t.Fatal(err)
	}
	return table
}

// nameCheck holds names against the reference and remembers which it has held.
type nameCheck struct {
	*testing.T
	table nameTable
	tried map[string]bool
}

func (c *nameCheck) name(context, key string, name func(lang.Language) string) {
	c.Helper()
	want, ok := c.table[context][key]
	if !ok {
		c.Errorf("the reference has no %s %s", context, key)
		return
	}
	c.tried[context+" "+key] = true
	for tag, l := range map[string]lang.Language{"zh-TW": lang.TraditionalChinese, "zh-CN": lang.SimplifiedChinese, "en-US": lang.English} {
		if w, ok := want[tag]; ok && name(l) != w {
			c.Errorf("%s %s is %q in %s, want %q", context, key, name(l), tag, w)
		}
	}
	for l := lang.TraditionalChinese; l <= lang.Vietnamese; l++ {
		if name(l) == "" {
			c.Errorf("%s %s has no name in %v", context, key, l)
		}
	}
}

// Every key of the reference is one of ours, under the names it has there.
func TestNames(t *testing.T) {
	c := &nameCheck{t, readNames(t), map[string]bool{}}
	c.stars()
	c.calendar()
	for i := range 12 {
		c.name("palace", ziwei.PalaceName(i).Key(), ziwei.PalaceName(i).Name)
	}
	for b := ziwei.Miao; b <= ziwei.Xian; b++ {
		c.name("brightness", b.Key(), b.Name)
	}
	for m := ziwei.Lu; m <= ziwei.Ji; m++ {
		c.name("mutagen", m.Key(), m.Name)
	}
	for e := ziwei.Water; e <= ziwei.Fire; e++ {
		c.name("fiveElements", e.Key(), e.Name)
	}
	c.name("gender", ziwei.Male.Key(), ziwei.Male.Name)
	c.name("gender", ziwei.Female.Key(), ziwei.Female.Name)
	for _, s := range []ziwei.ScopeKind{ziwei.Decadal, ziwei.Childhood, ziwei.Yearly, ziwei.Monthly, ziwei.Daily, ziwei.Hourly} {
		c.name("scope", s.Key(), s.Name)
	}
	c.name("scope", "turn", ziwei.SmallLimit.Name)
	for context, keys := range c.table {
		for key := range keys {
			if !c.tried[context+" "+key] {
				t.Errorf("%s %s is none of ours", context, key)
			}
		}
	}
}

// stars tries natal stars, gods and flowing stars.
func (c *nameCheck) stars() {
	for s := range ziwei.Star(ziwei.StarCount) {
		switch {
		case s.Major():
			c.name("major", s.Key(), s.Name)
			c.name("majorOrMinor", s.Key(), s.Name)
		case s.Minor():
			c.name("minor", s.Key(), s.Name)
			c.name("majorOrMinor", s.Key(), s.Name)
		default:
			c.name("adjective", s.Key(), s.Name)
		}
		if got, ok := ziwei.StarOf(s.Key()); !ok || got != s {
			c.Errorf("StarOf(%q) = %d, %v", s.Key(), got, ok)
		}
	}
	if got, ok := ziwei.StarOf("nonsense"); ok {
		c.Errorf("nonsense is %s", got.Key())
	}
	for context, first := range map[string]ziwei.God{
		"changsheng12": ziwei.Changsheng, "boshi12": ziwei.Boshi, "suiqian12": ziwei.Suijian, "jiangqian12": ziwei.Jiangxing,
	} {
		for g := first; g < first+12; g++ {
			c.name(context, g.Key(), g.Name)
		}
	}
	c.name("suiqian12", ziwei.Suipo.Key(), ziwei.Suipo.Name)
	h := horoscope(c.T, someonesChart(c.T), on(2026, 11, 23, 3))
	for _, s := range h.Scopes() {
		for i := range 12 {
			for _, f := range s.Flows(i) {
				c.name(s.Kind.Key(), f.Key(), f.Name)
			}
		}
	}
}

// calendar tries hours, stems, branches, animals and signs.
func (c *nameCheck) calendar() {
	for i := range ziwei.LateZi + 1 {
		c.name("time", ziwei.TimeKey(i), func(l lang.Language) string { return ziwei.TimeName(i, l) })
	}
	for i := range 12 {
		b := lunar.BranchOf(i)
		c.name("sign", ziwei.Sign(i).Key(), ziwei.Sign(i).Name)
		c.name("animal", ziwei.AnimalKey(b), func(l lang.Language) string { return ziwei.AnimalName(b, l) })
		c.name("branch", b.Key(), func(l lang.Language) string { return ziwei.BranchName(b, l) })
	}
	for i := range 10 {
		s := lunar.StemOf(i)
		c.name("stem", s.Key(), func(l lang.Language) string { return ziwei.StemName(s, l) })
	}
}

// Everything a chart shows is explained, and no two things that differ are explained
// alike.
func TestExplanations(t *testing.T) {
	seen := map[string]string{}
	check := func(key, text string) {
		t.Helper()
		if len([]rune(text)) < 5 {
			t.Errorf("%s is explained by %q", key, text)
		}
		if other, ok := seen[text]; ok {
			t.Errorf("%s and %s are explained alike", key, other)
		}
		seen[text] = key
	}
	for s := range ziwei.Star(ziwei.StarCount) {
		check(s.Key(), s.Explain())
	}
	for g := range ziwei.Suipo + 1 {
		check("god "+g.Key(), g.Explain())
		if want, got := g.Name(lang.TraditionalChinese), g.Explain(); got[:len(want)] != want {
			t.Errorf("%s is explained by %q", want, got)
		}
	}
	for p := range ziwei.PalaceName(12) {
		check(p.Key(), p.Explain())
	}
	for m := ziwei.Lu; m <= ziwei.Ji; m++ {
		check(m.Key(), m.Explain())
	}
	for b := ziwei.Miao; b <= ziwei.Xian; b++ {
		check(b.Key(), b.Explain())
	}
	for s := ziwei.Decadal; s <= ziwei.Childhood; s++ {
		check("scope "+s.Key(), s.Explain())
	}
	for _, p := range ziwei.PatternList() {
		check(p.Key(), p.Explain())
	}
	h := horoscope(t, someonesChart(t), on(2026, 11, 23, 3))
	for _, s := range h.Scopes() {
		for i := range 12 {
			for _, f := range s.Flows(i) {
				if f.Explain() == "" {
					t.Errorf("%s is not explained", f.Key())
				}
			}
		}
	}
}
