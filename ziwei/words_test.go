package ziwei_test

import (
	"encoding/json"
	"os"
	"testing"

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

// Every key of the reference is one of ours, under the names it has there.
func TestNames(t *testing.T) {
	table := readNames(t)
	tags := map[string]ziwei.Language{"zh-TW": ziwei.TraditionalChinese, "zh-CN": ziwei.SimplifiedChinese, "en-US": ziwei.English}
	tried := map[string]bool{}
	check := func(context, key string, name func(ziwei.Language) string) {
		t.Helper()
		want, ok := table[context][key]
		if !ok {
			t.Errorf("the reference has no %s %s", context, key)
			return
		}
		tried[context+" "+key] = true
		for tag, l := range tags {
			if w, ok := want[tag]; ok && name(l) != w {
				t.Errorf("%s %s is %q in %s, want %q", context, key, name(l), tag, w)
			}
		}
		for l := ziwei.TraditionalChinese; l <= ziwei.Vietnamese; l++ {
			if name(l) == "" {
				t.Errorf("%s %s has no name in %v", context, key, l)
			}
		}
	}
	for s := range ziwei.Star(ziwei.StarCount) {
		switch {
		case s.Major():
			check("major", s.Key(), s.Name)
			check("majorOrMinor", s.Key(), s.Name)
		case s.Minor():
			check("minor", s.Key(), s.Name)
			check("majorOrMinor", s.Key(), s.Name)
		default:
			check("adjective", s.Key(), s.Name)
		}
		if got, ok := ziwei.StarOf(s.Key()); !ok || got != s {
			t.Errorf("StarOf(%q) = %d, %v", s.Key(), got, ok)
		}
	}
	for i := range ziwei.God(12) {
		check("changsheng12", (ziwei.Changsheng + i).Key(), (ziwei.Changsheng + i).Name)
		check("boshi12", (ziwei.Boshi + i).Key(), (ziwei.Boshi + i).Name)
		check("suiqian12", (ziwei.Suijian + i).Key(), (ziwei.Suijian + i).Name)
		check("jiangqian12", (ziwei.Jiangxing + i).Key(), (ziwei.Jiangxing + i).Name)
	}
	check("suiqian12", ziwei.Suipo.Key(), ziwei.Suipo.Name)
	for i := range 12 {
		check("palace", ziwei.PalaceName(i).Key(), ziwei.PalaceName(i).Name)
		check("sign", ziwei.Sign(i).Key(), ziwei.Sign(i).Name)
		b := lunar.BranchOf(i)
		check("animal", ziwei.AnimalKey(b), func(l ziwei.Language) string { return ziwei.AnimalName(b, l) })
		check("branch", b.Key(), func(l ziwei.Language) string { return ziwei.BranchName(b, l) })
	}
	for i := range 10 {
		s := lunar.StemOf(i)
		check("stem", s.Key(), func(l ziwei.Language) string { return ziwei.StemName(s, l) })
	}
	for b := ziwei.Miao; b <= ziwei.Xian; b++ {
		check("brightness", b.Key(), b.Name)
	}
	for m := ziwei.Lu; m <= ziwei.Ji; m++ {
		check("mutagen", m.Key(), m.Name)
	}
	for e := ziwei.Water; e <= ziwei.Fire; e++ {
		check("fiveElements", e.Key(), e.Name)
	}
	for i := range 13 {
		check("time", ziwei.TimeKey(i), func(l ziwei.Language) string { return ziwei.TimeName(i, l) })
	}
	check("gender", ziwei.Male.Key(), ziwei.Male.Name)
	check("gender", ziwei.Female.Key(), ziwei.Female.Name)
	for _, s := range []ziwei.ScopeKind{ziwei.Decadal, ziwei.Childhood, ziwei.Yearly, ziwei.Monthly, ziwei.Daily, ziwei.Hourly} {
		check("scope", s.Key(), s.Name)
	}
	check("scope", "turn", ziwei.SmallLimit.Name)
	h := horoscope(t, someonesChart(t), on(2026, 11, 23, 3))
	for _, s := range h.Scopes() {
		for i := range 12 {
			for _, f := range s.Flows(i) {
				context := s.Kind.Key()
				check(context, f.Key(), f.Name)
			}
		}
	}
	for context, keys := range table {
		for key := range keys {
			if !tried[context+" "+key] {
				t.Errorf("%s %s is none of ours", context, key)
			}
		}
	}
}

func TestParseLanguage(t *testing.T) {
	for l := ziwei.TraditionalChinese; l <= ziwei.Vietnamese; l++ {
		if got, ok := ziwei.ParseLanguage(l.String()); !ok || got != l {
			t.Errorf("ParseLanguage(%q) = %v, %v", l, got, ok)
		}
	}
	if got, ok := ziwei.ParseLanguage("fr"); ok || got != ziwei.TraditionalChinese {
		t.Errorf("ParseLanguage(fr) = %v, %v", got, ok)
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
		if want, got := g.Name(ziwei.TraditionalChinese), g.Explain(); got[:len(want)] != want {
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
