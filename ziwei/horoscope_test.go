package ziwei_test

import (
	"slices"
	"testing"

	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/lunar"
	"github.com/fortunet/fortunet/ziwei"
)

func on(year, month, day, hour int) ziwei.Moment {
	return ziwei.Moment{Date: birth.Date{Year: year, Month: month, Day: day}, TimeIndex: hour}
}

// onLunar returns the noon of a lunar date.
func onLunar(t *testing.T, d lunar.Date) ziwei.Moment {
	t.Helper()
	year, month, day, err := d.Solar()
	if err != nil {
		t.Fatal(err)
	}
	return on(year, month, day, 6)
}

func horoscope(t *testing.T, c *ziwei.Chart, m ziwei.Moment) *ziwei.Horoscope {
	t.Helper()
	h, err := c.Horoscope(m)
	if err != nil {
		t.Fatalf("%+v: %v", m, err)
	}
	return h
}

func TestBadMoments(t *testing.T) {
	c := chartOf(t, born(1988, 2, 29, 7), ziwei.Options{})
	for _, row := range []struct {
		m           ziwei.Moment
		field, code string
	}{
		{on(1988, 2, 28, 12), "horoscope.solarDate", "out_of_range"},
		{on(2108, 3, 1, 0), "horoscope.solarDate", "out_of_range"},
		{on(-1, 3, 1, 0), "horoscope.solarDate", "out_of_range"},
		{on(1999, 13, 1, 0), "horoscope.solarDate", "invalid_date"},
		{on(2100, 2, 29, 0), "horoscope.solarDate", "invalid_date"},
		{on(2000, 1, 1, 13), "horoscope.timeIndex", "out_of_range"},
		{on(2000, 1, 1, -1), "horoscope.timeIndex", "out_of_range"},
	} {
		_, err := c.Horoscope(row.m)
		if got := fault.Public(err); got.Kind != fault.Invalid || got.Field != row.field || got.Code != row.code {
			t.Errorf("%+v: %+v, want %s %s", row.m, got, row.field, row.code)
		}
	}
	horoscope(t, c, on(1988, 2, 29, 0))
	horoscope(t, c, on(2108, 2, 29, 12))
}

// The last births reach the end of the lunar table.
func TestLastHoroscope(t *testing.T) {
	c := chartOf(t, born(2100, 12, 31, 12), ziwei.Options{})
	if got := horoscope(t, c, on(2220, 12, 31, 12)); got.NominalAge != 121 || got.Lunar.Year != 2220 {
		t.Errorf("nominal age %d in lunar %v", got.NominalAge, got.Lunar)
	}
}

// Every day from birth to 120 years later has a horoscope whose scopes agree with the
// natal chart.
func TestHoroscopesOfALife(t *testing.T) {
	c := chartOf(t, born(1920, 2, 19, 7), ziwei.Options{}) // the last day of a lunar year
	first := lunar.DayNumber(1920, 2, 19)
	for n := first; n <= lunar.DayNumber(2040, 2, 19); n += 13 {
		year, month, day := lunar.DayOf(n)
		h := horoscope(t, c, on(year, month, day, (n-first)%13))
		for _, s := range []*ziwei.Scope{&h.Decadal, &h.Age} {
			if s.Pillar != c.Palaces[s.Index].Pillar {
				t.Fatalf("%+v: %s %v is not of palace %d", h.Moment, s.Kind.Key(), s.Pillar, s.Index)
			}
		}
		if p := &c.Palaces[h.Age.Index]; !slices.Contains(p.Ages(), h.NominalAge) && h.NominalAge <= 120 {
			t.Fatalf("%+v: the small limit of %d is not spent in %d", h.Moment, h.NominalAge, h.Age.Index)
		}
		d := c.Palaces[h.Decadal.Index].Decade
		switch in := d.From <= h.NominalAge && h.NominalAge <= d.To; {
		case h.Decadal.Kind == ziwei.Childhood && h.NominalAge >= c.Element.Number(),
			h.Decadal.Kind == ziwei.Decadal && !in && h.NominalAge < c.Element.Number()+120:
			t.Fatalf("%+v: age %d in %s of %+v", h.Moment, h.NominalAge, h.Decadal.Kind.Key(), d)
		}
		if h.Yearly.Pillar.Branch != lunar.BranchOf(h.Yearly.Index+2) {
			t.Fatalf("%+v: the year %v in %d", h.Moment, h.Yearly.Pillar, h.Yearly.Index)
		}
		for _, s := range h.Scopes() {
			flows := 0
			for i := range 12 {
				flows += len(s.Flows(i))
				if (s.Palace(i) == ziwei.SoulPalace) != (i == s.Index) {
					t.Fatalf("%+v: palace %d of %s is %s", h.Moment, i, s.Kind.Key(), s.Palace(i).Key())
				}
			}
			if want := map[ziwei.ScopeKind]int{ziwei.SmallLimit: 0, ziwei.Yearly: 11}; flows != 10 && flows != want[s.Kind] {
				t.Fatalf("%+v: %s has %d flowing stars", h.Moment, s.Kind.Key(), flows)
			}
		}
	}
}

// Before the first decade the palaces of childhood stand in for it: 命 財帛 疾厄 夫妻 福德.
func TestChildhood(t *testing.T) {
	c := chartOf(t, born(1984, 7, 29, 10), ziwei.Options{})
	if c.Element != ziwei.Fire {
		t.Fatalf("the class is %s", c.Element.Key())
	}
	want := []ziwei.PalaceName{ziwei.SoulPalace, ziwei.WealthPalace, ziwei.HealthPalace, ziwei.SpousePalace, ziwei.SpiritPalace}
	for i, name := range want {
		h := horoscope(t, c, on(1984+i, 9, 1, 0))
		if h.NominalAge != i+1 || h.Decadal.Kind != ziwei.Childhood || c.Palaces[h.Decadal.Index].Name != name {
			t.Errorf("age %d: %s in %s, want %s", h.NominalAge, h.Decadal.Kind.Key(), c.Palaces[h.Decadal.Index].Name.Key(), name.Key())
		}
	}
	if h := horoscope(t, c, on(1989, 9, 1, 0)); h.Decadal.Kind != ziwei.Decadal || h.Decadal.Index != c.Soul {
		t.Errorf("age %d: %s in %d", h.NominalAge, h.Decadal.Kind.Key(), h.Decadal.Index)
	}
}

// The decades and small limits go around again when they are spent.
func TestBeyondTheLastDecade(t *testing.T) {
	var c *ziwei.Chart // of the last day of a lunar year, so that age 122 can be reached
	for hour := range 12 {
		if c = chartOf(t, born(1920, 2, 19, hour), ziwei.Options{}); c.Element == ziwei.Water {
			break
		}
	}
	h := horoscope(t, c, on(2040, 2, 19, 0))
	if c.Element != ziwei.Water || h.NominalAge != 122 {
		t.Fatalf("age %d with %s", h.NominalAge, c.Element.Key())
	}
	if h.Decadal.Index != c.Soul || h.Age.Index != horoscope(t, c, on(1920, 2, 20, 0)).Age.Index {
		t.Errorf("age 122: decade in %d, small limit in %d", h.Decadal.Index, h.Age.Index)
	}
}

// The nominal age changes at the lunar new year, or on the lunar birthday.
func TestNominalAge(t *testing.T) {
	date := func(year, month, day int, leap bool) lunar.Date {
		return lunar.Date{Year: year, Month: month, Day: day, Leap: leap}
	}
	for _, row := range []struct {
		born, now lunar.Date
		rule      ziwei.AgeDivide
		want      int
	}{
		{date(2000, 8, 15, false), date(2000, 8, 15, false), ziwei.AgeByYear, 1},
		{date(2000, 8, 15, false), date(2000, 12, 29, false), ziwei.AgeByYear, 1},
		{date(2000, 8, 15, false), date(2001, 1, 1, false), ziwei.AgeByYear, 2},
		{date(2000, 8, 15, false), date(2000, 8, 15, false), ziwei.AgeByBirthday, 1},
		{date(2000, 8, 15, false), date(2001, 8, 14, false), ziwei.AgeByBirthday, 1},
		{date(2000, 8, 15, false), date(2001, 8, 15, false), ziwei.AgeByBirthday, 2},
		{date(2000, 8, 15, false), date(2001, 8, 16, false), ziwei.AgeByBirthday, 2},

		// Born in leap month 4 of 2020: 2021 has no leap month, 2039 none of number 4 either.
		{date(2020, 4, 10, true), date(2021, 4, 9, false), ziwei.AgeByBirthday, 1},
		{date(2020, 4, 10, true), date(2021, 4, 10, false), ziwei.AgeByBirthday, 2},
		// Born in the ordinary month: the leap one of that number comes after the birthday.
		{date(2010, 4, 10, false), date(2020, 4, 10, false), ziwei.AgeByBirthday, 11},
		{date(2010, 4, 10, false), date(2020, 4, 5, true), ziwei.AgeByBirthday, 11},
		// Born in a leap month, and a year with the same one.
		{date(2001, 4, 10, true), date(2020, 4, 10, false), ziwei.AgeByBirthday, 19},
		{date(2001, 4, 10, true), date(2020, 4, 10, true), ziwei.AgeByBirthday, 20},
		// Born on day 30; month 8 of 2001 has 29 days.
		{date(2000, 10, 30, false), date(2003, 10, 29, false), ziwei.AgeByBirthday, 3 + boolean(lunar.MonthDays(2003, 10, false) == 29)},
	} {
		year, month, day, err := row.born.Solar()
		if err != nil {
			t.Fatalf("%v: %v", row.born, err)
		}
		c := chartOf(t, born(year, month, day, 6), ziwei.Options{AgeDivide: row.rule})
		if got := horoscope(t, c, onLunar(t, row.now)).NominalAge; got != row.want {
			t.Errorf("born %v, on %v by rule %d: %d, want %d", row.born, row.now, row.rule, got, row.want)
		}
	}
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

// A late 子 hour has the horoscope of the early one of the next day, but for the date it
// is told of.
func TestLateZiOfAMoment(t *testing.T) {
	c := someonesChart(t)
	for _, m := range []ziwei.Moment{on(2023, 5, 1, 12), on(2023, 4, 19, 12), on(2023, 1, 21, 12)} {
		year, month, day := lunar.DayOf(lunar.DayNumber(m.Date.Year, m.Date.Month, m.Date.Day) + 1)
		late, early := horoscope(t, c, m), horoscope(t, c, on(year, month, day, 0))
		if late.Lunar == early.Lunar {
			t.Errorf("%+v: both are told of %v", m, late.Lunar)
		}
		for i, s := range late.Scopes() {
			if e := early.Scopes()[i]; s.Index != e.Index || s.Pillar != e.Pillar {
				t.Errorf("%+v: %s %v in %d, the next day's %v in %d", m, s.Kind.Key(), s.Pillar, s.Index, e.Pillar, e.Index)
			}
		}
	}
}

// The month of a moment in a leap month goes by the same rule as that of a birth.
func TestLeapMonthOfAMoment(t *testing.T) {
	for _, row := range []struct {
		rule ziwei.LeapRule
		day  int
		want string
	}{
		{ziwei.LeapSplit, 15, "乙卯"}, {ziwei.LeapSplit, 16, "丙辰"},
		{ziwei.LeapWhole, 15, "乙卯"}, {ziwei.LeapWhole, 16, "乙卯"},
	} {
		c := chartOf(t, someone, ziwei.Options{Leap: row.rule})
		at := func(month int, leap bool) *ziwei.Horoscope {
			return horoscope(t, c, onLunar(t, lunar.Date{Year: 2023, Month: month, Day: row.day, Leap: leap}))
		}
		h, month := at(2, true), 2
		if row.want == "丙辰" {
			month = 3
		}
		if got := h.Monthly.Pillar.String(); got != row.want || h.Monthly.Index != at(month, false).Monthly.Index {
			t.Errorf("leap month 2, day %d by rule %d: %s in %d, want %s", row.day, row.rule, got, h.Monthly.Index, row.want)
		}
	}
}
