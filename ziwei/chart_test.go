package ziwei_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/lang"
	"github.com/fortunet/fortunet/lunar"
	"github.com/fortunet/fortunet/ziwei"
)

func TestBadBirths(t *testing.T) {
	good := born(1990, 5, 17, 7)
	for _, c := range []struct {
		change      func(b *ziwei.Birth, o *ziwei.Options)
		field, code string
	}{
		{func(b *ziwei.Birth, _ *ziwei.Options) { b.Date = birth.Date{Year: 1900, Month: 1, Day: 31} }, "birthDate", "out_of_range"},
		{func(b *ziwei.Birth, _ *ziwei.Options) { b.Date = birth.Date{Year: 2101, Month: 1, Day: 1} }, "birthDate", "out_of_range"},
		{func(b *ziwei.Birth, _ *ziwei.Options) { b.Date.Year = 1 << 40 }, "birthDate", "out_of_range"},
		{func(b *ziwei.Birth, _ *ziwei.Options) { b.Date = birth.Date{Year: 1999, Month: 2, Day: 29} }, "birthDate", "invalid_date"},
		{func(b *ziwei.Birth, _ *ziwei.Options) { b.TimeIndex = 13 }, "timeIndex", "out_of_range"},
		{func(b *ziwei.Birth, _ *ziwei.Options) { b.TimeIndex = -1 }, "timeIndex", "out_of_range"},
		{func(b *ziwei.Birth, _ *ziwei.Options) { b.Gender = 2 }, "gender", "invalid_value"},
		{func(_ *ziwei.Birth, o *ziwei.Options) { o.Algorithm = 2 }, "options.algorithm", "invalid_value"},
		{func(_ *ziwei.Birth, o *ziwei.Options) { o.Leap = 2 }, "options.fixLeap", "invalid_value"},
		{func(_ *ziwei.Birth, o *ziwei.Options) { o.Tables.Mutagen = 16 }, "options.tables.mutagen", "invalid_value"},
		{func(_ *ziwei.Birth, o *ziwei.Options) { o.Tables.Brightness = 200 }, "options.tables.brightness", "invalid_value"},
	} {
		b, o := good, ziwei.Options{}
		c.change(&b, &o)
		_, err := ziwei.Compute(b, o)
		if got := fault.Public(err); got.Kind != fault.Invalid || got.Field != c.field || got.Code != c.code {
			t.Errorf("%+v %+v: %+v, want %s %s", b, o, got, c.field, c.code)
		}
	}
	for _, d := range []birth.Date{{Year: 1900, Month: 2, Day: 1}, {Year: 2100, Month: 12, Day: 31}} {
		for hour := range 13 {
			b := good
			b.Date, b.TimeIndex = d, hour
			chartOf(t, b, ziwei.Options{})
		}
	}
}

func TestSetOptions(t *testing.T) {
	for _, option := range ziwei.OptionList() {
		keys := map[string]bool{}
		for i, value := range option.Values {
			var o ziwei.Options
			if err := o.Set(option.Name, value); err != nil {
				t.Errorf("%s %s: %v", option.Name, value, err)
			}
			if got := o.Value(option.Name); got != value {
				t.Errorf("%s is %q after it was set to %q", option.Name, got, value)
			}
			if (o == ziwei.Options{}) != (i == 0) {
				t.Errorf("%s %s: the first value, and no other, is the default", option.Name, value)
			}
			keys[string(o.AppendKey(nil))] = true
		}
		if len(keys) != len(option.Values) {
			t.Errorf("%s has %d keys for %d values", option.Name, len(keys), len(option.Values))
		}
	}
	var o ziwei.Options
	for _, c := range [][4]string{
		{"algorithm", "nonsense", "options.algorithm", "invalid_value"},
		{"nonsense", "1", "options.nonsense", "unknown_field"},
		{"tables.mutagen", "", "options.tables.mutagen", "invalid_value"},
	} {
		err := o.Set(c[0], c[1])
		if got := fault.Public(err); got.Field != c[2] || got.Code != c[3] {
			t.Errorf("Set(%q, %q): %+v", c[0], c[1], got)
		}
		if (o != ziwei.Options{}) {
			t.Errorf("Set(%q, %q) changed %+v", c[0], c[1], o)
		}
	}
	if got := o.Value("nonsense"); got != "" {
		t.Errorf("an option that is not has the value %q", got)
	}
}

// The late 子 hour is drawn as the early one of the next day, also where a month, a
// half of a leap month or a year ends in between; or, with the day divided at midnight,
// as the early one of its own day.
func TestLateZi(t *testing.T) {
	for _, d := range []birth.Date{
		{Year: 1990, Month: 5, Day: 17},
		{Year: 2023, Month: 4, Day: 19}, // ends leap month 2
		{Year: 2020, Month: 6, Day: 6},  // day 15 of leap month 4
		{Year: 2020, Month: 6, Day: 7},  // day 16
		{Year: 1959, Month: 2, Day: 7},  // ends a lunar year
		{Year: 1966, Month: 12, Day: 11},
	} {
		for _, o := range []ziwei.Options{{}, {Leap: ziwei.LeapWhole}, {Algorithm: ziwei.Zhongzhou}, {AstroType: ziwei.EarthPlate}} {
			late := ziwei.Birth{Date: d, TimeIndex: ziwei.LateZi}
			year, month, day := lunar.DayOf(lunar.DayNumber(d.Year, d.Month, d.Day) + 1)
			sameStars(t, chartOf(t, late, o), chartOf(t, ziwei.Birth{Date: birth.Date{Year: year, Month: month, Day: day}}, o))
			o.DayDivide = ziwei.Current
			sameStars(t, chartOf(t, late, o), chartOf(t, ziwei.Birth{Date: d}, o))
		}
	}
}

// sameStars fails unless two charts have the same palaces.
func sameStars(t *testing.T, a, b *ziwei.Chart) {
	t.Helper()
	x, y := parse(t, a.AppendJSON(nil, lang.English)).(map[string]any), parse(t, b.AppendJSON(nil, lang.English)).(map[string]any)
	for _, member := range []string{"palaces", "fiveElements", "soulStar", "bodyStar", "animal"} {
		differ(member, x[member], y[member], func(path string, got, want any) {
			t.Errorf("%v and %v: %s: %v, %v", a.Birth, b.Birth, path, got, want)
		})
	}
	if a.Pillars.Day != b.Pillars.Day || a.Pillars.Hour != b.Pillars.Hour {
		t.Errorf("%v and %v: pillars %v, %v", a.Birth, b.Birth, a.Pillars, b.Pillars)
	}
}

// Half of a leap month belongs to the next month, or none.
func TestLeapRule(t *testing.T) {
	// Leap month 4 of 2020 was 05-23 to 06-20; month 5 began on 06-21, month 4 on 04-23.
	const hour = 3
	soul := func(month, day int, o ziwei.Options) int {
		return chartOf(t, born(2020, month, day, hour), o).Soul
	}
	fourth, fifth := soul(5, 1, ziwei.Options{}), soul(6, 25, ziwei.Options{})
	if fifth != (fourth+1)%12 {
		t.Fatalf("months 4 and 5 have the soul palaces %d and %d", fourth, fifth)
	}
	for _, c := range []struct {
		day  int // of June
		rule ziwei.LeapRule
		want int
	}{
		{6, ziwei.LeapSplit, fourth}, {7, ziwei.LeapSplit, fifth},
		{6, ziwei.LeapWhole, fourth}, {7, ziwei.LeapWhole, fourth}, {20, ziwei.LeapWhole, fourth},
	} {
		if got := soul(6, c.day, ziwei.Options{Leap: c.rule}); got != c.want {
			t.Errorf("06-%02d by rule %d: soul palace %d, want %d", c.day, c.rule, got, c.want)
		}
	}
}

// Tables of other schools say what they are for: here the transformations of 庚,
func TestMutagenTables(t *testing.T) {
	for _, c := range []struct {
		value string
		m     ziwei.Mutagen
		want  ziwei.Star
	}{
		{"default", ziwei.Ji, ziwei.Tiantong},
		{"geng-tongyin", ziwei.Ji, ziwei.Taiyin},
		{"geng-futong", ziwei.Ke, ziwei.Tianfu},
		{"geng-tongxiang", ziwei.Ji, ziwei.Tianxiang},
		{"zhongzhou", ziwei.Ke, ziwei.Tianfu},
		{"wu-taiyang", ziwei.Ji, ziwei.Tiantong},
		{"wu-taiyang+geng-tongyin+ren-tianfu", ziwei.Ji, ziwei.Taiyin},
	} {
		var o ziwei.Options
		if err := o.Set("tables.mutagen", c.value); err != nil {
			t.Fatal(err)
		}
		if got, _ := chartOf(t, born(1990, 5, 17, 7), o).MutagenStar(c.m); got != c.want {
			t.Errorf("%s: %s on %s, want %s", c.value, c.m.Key(), got.Key(), c.want.Key())
		}
	}
	zhongzhou := ziwei.MutagenZhongzhou
	for stem, want := range map[lunar.Stem]ziwei.Star{lunar.Wu: ziwei.Taiyang, lunar.Geng: ziwei.Tianfu, lunar.Ren: ziwei.Tianfu, lunar.Jia: ziwei.Wuqu} {
		if got := zhongzhou.Mutagens(stem)[2]; got != want {
			t.Errorf("科 of %v on %s, want %s", stem, got.Key(), want.Key())
		}
	}
}

// here 天魁 and 天鉞 of 庚 and 辛,
func TestKuiyueTables(t *testing.T) {
	geng, xin := born(1990, 5, 17, 7), born(1991, 5, 17, 7)
	for _, c := range []struct {
		b        ziwei.Birth
		table    ziwei.KuiyueTable
		kui, yue lunar.Branch
	}{
		{geng, ziwei.KuiyueDefault, lunar.Chou, lunar.Wei},
		{geng, ziwei.KuiyueGengXin, lunar.Woo, lunar.Yin},
		{geng, ziwei.KuiyueSwapped, lunar.Chou, lunar.Wei},
		{xin, ziwei.KuiyueDefault, lunar.Woo, lunar.Yin},
		{xin, ziwei.KuiyueGengXin, lunar.Woo, lunar.Yin},
		{xin, ziwei.KuiyueSwapped, lunar.Yin, lunar.Woo},
	} {
		chart := chartOf(t, c.b, ziwei.Options{Tables: ziwei.Tables{Kuiyue: c.table}})
		kui, _ := chart.Find(ziwei.Tiankui)
		yue, _ := chart.Find(ziwei.Tianyue)
		if k, y := lunar.BranchOf(kui+2), lunar.BranchOf(yue+2); k != c.kui || y != c.yue {
			t.Errorf("%v, table %d: 天魁 %v, 天鉞 %v, want %v, %v", c.b.Date, c.table, k, y, c.kui, c.yue)
		}
	}
}

// and here 長生 of 土五局.
func TestChangshengTables(t *testing.T) {
	earth := 0
	someBirths(t, 200, func(_ ziwei.Birth, o ziwei.Options, c *ziwei.Chart) {
		want := map[ziwei.Element]lunar.Branch{
			ziwei.Water: lunar.Shen, ziwei.Wood: lunar.Hai, ziwei.Metal: lunar.Si, ziwei.Earth: lunar.Shen, ziwei.Fire: lunar.Yin,
		}[c.Element]
		if c.Element == ziwei.Earth {
			earth++
			if o.Tables.Changsheng == ziwei.ChangshengEarthFire {
				want = lunar.Yin
			}
		}
		for i := range c.Palaces {
			if p := &c.Palaces[i]; p.Changsheng == ziwei.Changsheng && p.Pillar.Branch != want {
				t.Errorf("長生 of %s at %v, want %v", c.Element.Key(), p.Pillar.Branch, want)
			}
		}
	})
	if earth == 0 {
		t.Error("no chart of 土五局 was tried")
	}
}

// The JSON is valid in every language, and has a name for everything.
func TestJSON(t *testing.T) {
	c := someonesChart(t)
	h, err := c.Horoscope(ziwei.Moment{Date: birth.Date{Year: 2026, Month: 11, Day: 23}, TimeIndex: 9})
	if err != nil {
		t.Fatal(err)
	}
	var nameless func(path string, v any)
	nameless = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, member := range v {
				if member == "" && key != "brightness" && key != "brightnessName" && key != "mutagen" && key != "mutagenName" || member == nil {
					t.Errorf("%s.%s is %v", path, key, member)
				}
				nameless(path+"."+key, member)
			}
		case []any:
			for _, member := range v {
				if member == "" || member == nil {
					t.Errorf("%s has a member %v", path, member)
				}
				nameless(path, member)
			}
		}
	}
	for l := lang.TraditionalChinese; l <= lang.Vietnamese; l++ {
		for what, text := range map[string][]byte{
			"chart":     c.AppendJSON(nil, l),
			"members":   append(c.AppendMembers([]byte(`{"moment":{},`), l), '}'),
			"horoscope": h.AppendJSON(nil, l),
			"pairing":   ziwei.Pair(c, c).AppendJSON(nil, l),
		} {
			if !json.Valid(text) {
				t.Errorf("%v: %s is not JSON: %s", l, what, text)
				continue
			}
			nameless(l.String()+" "+what, parse(t, text))
		}
	}
	if got, want := c.AppendJSON([]byte("x"), 0), append([]byte("x"), c.AppendJSON(nil, 0)...); !bytes.Equal(got, want) {
		t.Error("AppendJSON does not append")
	}
}

// A chart is the same whoever computes it, and many may read one at once.
func TestConcurrentReaders(t *testing.T) {
	c := someonesChart(t)
	want := string(c.AppendJSON(nil, lang.Japanese))
	done := make(chan string, 8)
	for range cap(done) {
		go func() { done <- string(someonesChart(t).AppendJSON(nil, lang.Japanese)) }()
	}
	for range cap(done) {
		select {
		case got := <-done:
			if got != want {
				t.Error("two charts of one birth differ")
			}
		case <-time.After(10 * time.Second):
			t.Fatal("a chart takes ten seconds")
		}
	}
}
