package ziwei

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/fortunet/fortunet/lang"
	"github.com/fortunet/fortunet/lunar"
)

// The table of 紫微 as manuals print it: the branch on the first days of a month by
// class, and the day on which 紫微 comes to 寅.
func TestZiweiPlace(t *testing.T) {
	for element, branches := range map[Element]string{
		Water: "丑寅寅卯卯辰辰巳巳午",
		Wood:  "辰丑寅巳寅卯午卯辰未",
		Metal: "亥辰丑寅子巳寅卯丑午",
		Earth: "午亥辰丑寅未子巳寅卯",
		Fire:  "酉午亥辰丑寅戌未子巳",
	} {
		day := 1
		for _, want := range branches {
			if got := branchAt(ziweiPlace(day, element.Number())); got.String() != string(want) {
				t.Errorf("%s, day %d: 紫微 at %v, want %c", element.Key(), day, got, want)
			}
			day++
		}
	}
}

// Worked cases of the rule of 納音: 丙子 水二局, 辛未 土五局, 庚申 木三局; and the first
// pillars of the sixty as everybody recites them.
func TestElement(t *testing.T) {
	for _, c := range []struct {
		stem   lunar.Stem
		branch lunar.Branch
		want   Element
	}{
		{lunar.Bing, lunar.Zi, Water},
		{lunar.Xin, lunar.Wei, Earth},
		{lunar.Geng, lunar.Shen, Wood},
		{lunar.Jia, lunar.Zi, Metal},  // 海中金
		{lunar.Bing, lunar.Yin, Fire}, // 爐中火
		{lunar.Wu, lunar.Chen, Wood},  // 大林木
		{lunar.Geng, lunar.Woo, Earth},
		{lunar.Ren, lunar.Shen, Metal},
		{lunar.Gui, lunar.Hai, Water}, // 大海水
	} {
		if got := elementOf(lunar.Pillar{Stem: c.stem, Branch: c.branch}); got != c.want {
			t.Errorf("%v%v is %s, want %s", c.stem, c.branch, got.Key(), c.want.Key())
		}
	}
}

// 火星 and 鈴星 of the year 壬辰, hour 卯: 火 from 寅 to 巳, 鈴 from 戌 to 丑.
func TestHuoLing(t *testing.T) {
	d := &draft{chart: new(Chart), year: lunar.Pillar{Stem: lunar.Ren, Branch: lunar.Chen}, month: 1, hour: lunar.Mao}
	d.placeMinor()
	if huo, ling := branchAt(d.at(Huoxing)), branchAt(d.at(Lingxing)); huo != lunar.Si || ling != lunar.Chou {
		t.Errorf("火星 at %v, 鈴星 at %v, want 巳, 丑", huo, ling)
	}
}

// 旬空 of the six tens: the two branches left over, of which the year takes the one of
// its own polarity.
func TestXunkong(t *testing.T) {
	left := map[int]string{0: "戌亥", 10: "申酉", 20: "午未", 30: "辰巳", 40: "寅卯", 50: "子丑"}
	for n := range 60 {
		year := lunar.PillarOf(n)
		d := &draft{chart: new(Chart), starYear: year}
		d.placeByStem()
		want := []rune(left[n/10*10])[n%2]
		if got := branchAt(d.at(Xunkong)); got.String() != string(want) {
			t.Errorf("旬空 of %v is %v, want %c", year, got, want)
		}
	}
}

// Every name of a star or palace that a text may hold has its simplified characters.
func TestSimplified(t *testing.T) {
	for s := range starCount {
		if got, want := simplified.Replace(s.Name(lang.TraditionalChinese)), s.Name(lang.SimplifiedChinese); got != want {
			t.Errorf("%s is written %s, want %s", s.Key(), got, want)
		}
	}
	for _, r := range rules {
		for _, cl := range r.clauses {
			for _, text := range []string{cl.in(lang.SimplifiedChinese), inScript(r.source, lang.SimplifiedChinese)} {
				if i := strings.IndexAny(text, "宮會於見與對夾財祿權輝沒傳統數書賦處陰陽門馬為無"); i >= 0 {
					t.Errorf("%s: %s is not written in simplified characters", r.key, text)
				}
			}
		}
	}
}

// Every star that has grades has one in each palace, but for 擎羊 and 陀羅, which can
// stand in eight.
func TestBrightnessTables(t *testing.T) {
	for name, table := range map[string]map[Star]string{"default": defaultBrightness, "zhongzhou": zhongzhouBrightness} {
		for s, row := range table {
			if got := utf8.RuneCountInString(row); got != 12 {
				t.Errorf("%s: %s has %d grades", name, s.Key(), got)
			}
		}
	}
	for table := range brightnessTables {
		for s := range starCount {
			graded := 0
			for place := range 12 {
				if BrightnessTable(table).Brightness(s, place) != NoBrightness {
					graded++
				}
			}
			want := 0
			switch {
			case s == Qingyang || s == Tuoluo:
				want = 8
			case s.Major() || s == Wenchang || s == Wenqu || s == Huoxing || s == Lingxing:
				want = 12
			}
			if graded != want {
				t.Errorf("table %d: %s has %d grades, want %d", table, s.Key(), graded, want)
			}
		}
	}
}

func TestBranchRelation(t *testing.T) {
	for _, c := range []struct {
		pairs string
		want  Relation
	}{
		{"子丑寅亥卯戌辰酉巳申午未", Harmony},
		{"申子子辰申辰巳酉酉丑亥卯卯未寅午午戌", Triad},
		{"子午丑未寅申卯酉辰戌巳亥", Clash},
		{"子未丑午寅巳卯辰申亥酉戌", Harm},
		{"子卯丑戌戌未", Punishment},
		{"子子未未", Same},
		{"子寅丑卯午申", Unrelated},
	} {
		pairs := []rune(c.pairs)
		for i := 0; i < len(pairs); i += 2 {
			a, b := branchNamed(t, pairs[i]), branchNamed(t, pairs[i+1])
			if got := branchRelation(a, b); got != c.want {
				t.Errorf("%v and %v: %s, want %s", a, b, got.Key(), c.want.Key())
			}
			if got := branchRelation(b, a); got != c.want {
				t.Errorf("%v and %v: %s, want %s", b, a, got.Key(), c.want.Key())
			}
		}
	}
}

func branchNamed(t *testing.T, glyph rune) lunar.Branch {
	t.Helper()
	for b := range lunar.Branch(12) {
		if b.String() == string(glyph) {
			return b
		}
	}
	t.Fatalf("no branch %c", glyph)
	return 0
}
