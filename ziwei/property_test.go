package ziwei_test

import (
	"math/rand/v2"
	"testing"

	"github.com/fortunet/fortunet/lunar"
	"github.com/fortunet/fortunet/ziwei"
)

// someBirths calls try with births of all hours and genders, spread over the whole
// range, each with other options.
func someBirths(t *testing.T, n int, try func(b ziwei.Birth, o ziwei.Options, c *ziwei.Chart)) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	first, last := lunar.DayNumber(1900, 2, 1), lunar.DayNumber(2100, 12, 31)
	list := ziwei.OptionList()
	for range n {
		year, month, day := lunar.DayOf(first + r.IntN(last-first+1))
		b := born(year, month, day, r.IntN(13))
		b.Gender = ziwei.Gender(r.IntN(2))
		var o ziwei.Options
		for _, option := range list {
			if err := o.Set(option.Name, option.Values[r.IntN(len(option.Values))]); err != nil {
				t.Fatal(err)
			}
		}
		c, err := ziwei.Compute(b, o)
		if err != nil {
			t.Fatalf("%+v %+v: %v", b, o, err)
		}
		try(b, o, c)
		if t.Failed() {
			t.Fatalf("the birth is %+v, the options are %+v", b, o)
		}
	}
}

// Every star that the school has stands on the chart once, in the list of its rank.
func TestEveryStarOnce(t *testing.T) {
	only := map[ziwei.Star]ziwei.Algorithm{
		ziwei.Jielu: ziwei.Quanshu, ziwei.Kongwang: ziwei.Quanshu,
		ziwei.Jiekong: ziwei.Zhongzhou, ziwei.Longde: ziwei.Zhongzhou, ziwei.Jiesha: ziwei.Zhongzhou, ziwei.Dahao: ziwei.Zhongzhou,
	}
	someBirths(t, 2000, func(_ ziwei.Birth, o ziwei.Options, c *ziwei.Chart) {
		count := map[ziwei.Star]int{}
		for i := range c.Palaces {
			p := &c.Palaces[i]
			for _, s := range p.Major {
				if !s.Star.Major() {
					t.Errorf("%s is among the major stars", s.Star.Key())
				}
			}
			for _, s := range p.Minor {
				if !s.Star.Minor() {
					t.Errorf("%s is among the minor stars", s.Star.Key())
				}
			}
			for _, list := range [][]ziwei.Placed{p.Major, p.Minor, p.Adjective} {
				for _, s := range list {
					count[s.Star]++
					if at, ok := c.Find(s.Star); !ok || at != i {
						t.Errorf("%s stands in %d and is found in %d", s.Star.Key(), i, at)
					}
				}
			}
		}
		for s := range ziwei.Star(ziwei.StarCount) {
			want := 1
			if a, ok := only[s]; ok && a != o.Algorithm {
				want = 0
			}
			if count[s] != want {
				t.Errorf("%s stands on the chart %d times, want %d", s.Key(), count[s], want)
			}
		}
	})
}

// 紫微 and 天府 mirror each other; 七殺 faces 天府, 破軍 天相, 天喜 紅鸞; 擎羊 and 陀羅
// are on both sides of 祿存.
func TestStarsThatGoTogether(t *testing.T) {
	someBirths(t, 500, func(_ ziwei.Birth, _ ziwei.Options, c *ziwei.Chart) {
		at := func(s ziwei.Star) int {
			i, _ := c.Find(s)
			return i
		}
		if (at(ziwei.Ziwei)+at(ziwei.Tianfu))%12 != 0 {
			t.Errorf("紫微 at %d, 天府 at %d", at(ziwei.Ziwei), at(ziwei.Tianfu))
		}
		for _, pair := range [][2]ziwei.Star{{ziwei.Tianfu, ziwei.Qisha}, {ziwei.Tianxiang, ziwei.Pojun}, {ziwei.Hongluan, ziwei.Tianxi}} {
			if at(pair[0]) != ziwei.Opposite(at(pair[1])) {
				t.Errorf("%s and %s do not face each other", pair[0].Key(), pair[1].Key())
			}
		}
		if ziwei.Flanks(at(ziwei.Lucun)) != [2]int{at(ziwei.Tuoluo), at(ziwei.Qingyang)} {
			t.Errorf("祿存 at %d, 陀羅 at %d, 擎羊 at %d", at(ziwei.Lucun), at(ziwei.Tuoluo), at(ziwei.Qingyang))
		}
		if !c.Sees(at(ziwei.Qisha), ziwei.Pojun, ziwei.Tanlang) {
			t.Error("七殺, 破軍 and 貪狼 do not meet")
		}
	})
}

// The four transformations are those of the year's stem, each on one star.
func TestTransformationsOfTheYear(t *testing.T) {
	someBirths(t, 500, func(_ ziwei.Birth, o ziwei.Options, c *ziwei.Chart) {
		want := o.Tables.Mutagen.Mutagens(c.Pillars.Year.Stem)
		got := map[ziwei.Mutagen]ziwei.Star{}
		for i := range c.Palaces {
			p := &c.Palaces[i]
			for _, list := range [][]ziwei.Placed{p.Major, p.Minor, p.Adjective} {
				for _, s := range list {
					if s.Mutagen != ziwei.NoMutagen {
						got[s.Mutagen] = s.Star
					}
				}
			}
		}
		for i, star := range want {
			m := ziwei.Lu + ziwei.Mutagen(i)
			if named, ok := c.MutagenStar(m); got[m] != star || !ok || named != star {
				t.Errorf("%s is on %s, want %s", m.Key(), got[m].Key(), star.Key())
			}
		}
		if len(got) != 4 {
			t.Errorf("%d transformations", len(got))
		}
	})
}

// Palaces, gods, decades and small limits go around once, and the palaces agree with
// what the chart says of its soul and body.
func TestPalacesGoAround(t *testing.T) {
	someBirths(t, 1000, func(_ ziwei.Birth, o ziwei.Options, c *ziwei.Chart) {
		names, gods, decades, ages := map[ziwei.PalaceName]bool{}, map[ziwei.God]bool{}, map[int]bool{}, map[int]bool{}
		origins := 0
		for i := range c.Palaces {
			p := &c.Palaces[i]
			names[p.Name] = true
			for _, g := range []ziwei.God{p.Changsheng, p.Boshi, p.Suiqian, p.Jiangqian} {
				gods[g] = true
			}
			if p.Decade.To != p.Decade.From+9 || p.Decade.From%10 != c.Element.Number()%10 {
				t.Errorf("a decade is %+v with %s", p.Decade, c.Element.Key())
			}
			decades[p.Decade.From] = true
			for _, age := range p.Ages() {
				ages[age] = true
			}
			if p.IsOrigin {
				origins++
			}
			if p.Index != i || p.IsSoul != (i == c.Soul) || p.IsBody != (i == c.Body) || c.Palace(p.Name) != p {
				t.Errorf("palace %d is %+v", i, p)
			}
			if p.Pillar.Branch != lunar.BranchOf(i+2) || p.Pillar.Stem.Yang() != p.Pillar.Branch.Yang() {
				t.Errorf("palace %d has the pillar %v", i, p.Pillar)
			}
		}
		if len(names) != 12 || len(gods) != 48 || len(decades) != 12 || len(ages) != 120 || origins != 1 {
			t.Errorf("%d names, %d gods, %d decades, %d small limits, %d origins", len(names), len(gods), len(decades), len(ages), origins)
		}
		if c.Palaces[c.Soul].Decade.From != c.Element.Number() {
			t.Errorf("the first decade of %s begins at %d", c.Element.Key(), c.Palaces[c.Soul].Decade.From)
		}
		if gods[ziwei.Suipo] != (o.Algorithm == ziwei.Zhongzhou) {
			t.Error("歲破 is of the 中州 school alone")
		}
	})
}

// Every palace sends four transformations, and what arrives is what was sent.
func TestFlights(t *testing.T) {
	someBirths(t, 200, func(_ ziwei.Birth, o ziwei.Options, c *ziwei.Chart) {
		arrived, self := 0, 0
		for i := range 12 {
			for _, f := range c.FlightsTo(i) {
				arrived++
				if at, ok := c.Find(f.Star); !ok || at != i || f.To != i {
					t.Errorf("%+v arrives in %d", f, i)
				}
				if want := o.Tables.Mutagen.Mutagens(c.Palaces[f.From].Pillar.Stem)[f.Mutagen-ziwei.Lu]; f.Star != want {
					t.Errorf("%+v, want %s", f, want.Key())
				}
				if f.Self() {
					self++
				}
			}
		}
		if arrived != 48 || self != len(c.SelfFlights()) {
			t.Errorf("%d flights arrived, %d of %d at home", arrived, self, len(c.SelfFlights()))
		}
	})
}
