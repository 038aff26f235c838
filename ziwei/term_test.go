package ziwei_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/lang"
	"github.com/fortunet/fortunet/lunar"
	"github.com/fortunet/fortunet/ziwei"
)

var taipei = time.FixedZone("UTC+8", 8*3600)

// 立春 of 2024 was on 02-04 at 16:27, lunar 12-25 of 2023.
func TestTermDivide(t *testing.T) {
	exact := ziwei.Options{YearDivide: ziwei.SolarTerm, HoroscopeDivide: ziwei.SolarTerm}
	byDay := exact
	byDay.TermDivide = ziwei.TermDay
	at := func(hour, minute int) time.Time { return time.Date(2024, 2, 4, hour, minute, 0, 0, taipei) }
	for _, c := range []struct {
		day, hour   int
		instant     time.Time
		o           ziwei.Options
		year, month string
	}{
		{4, 6, time.Time{}, ziwei.Options{}, "癸卯", "乙丑"},
		{4, 8, time.Time{}, exact, "癸卯", "乙丑"}, // 15:00-17:00, of which the middle is 16:00
		{4, 9, time.Time{}, exact, "甲辰", "丙寅"},
		{4, 8, at(16, 26), exact, "癸卯", "乙丑"},
		{4, 8, at(16, 28), exact, "甲辰", "丙寅"},
		{4, 0, time.Time{}, byDay, "甲辰", "丙寅"},
		{3, 11, time.Time{}, byDay, "癸卯", "乙丑"},
		{3, 12, time.Time{}, byDay, "甲辰", "丙寅"}, // drawn for the 4th
		{3, 12, time.Time{}, exact, "癸卯", "乙丑"},
		{5, 0, time.Time{}, exact, "甲辰", "丙寅"},
	} {
		b := born(2024, 2, c.day, c.hour)
		b.Instant = c.instant
		chart := chartOf(t, b, c.o)
		if got := chart.Pillars.Year.String() + " " + chart.Pillars.Month.String(); got != c.year+" "+c.month {
			t.Errorf("02-%02d, hour %d, %v by rule %d: %s, want %s %s", c.day, c.hour, c.instant, c.o.TermDivide, got, c.year, c.month)
		}
		if c.o.YearDivide == ziwei.SolarTerm && (chart.Bazi != chart.Pillars || chart.Animal() != chart.Bazi.Year.Branch) {
			t.Errorf("02-%02d, hour %d: 八字 %v, pillars %v", c.day, c.hour, chart.Bazi, chart.Pillars)
		}
		h := horoscope(t, someonesChartBy(t, c.o), ziwei.Moment{Date: b.Date, TimeIndex: b.TimeIndex, Instant: b.Instant})
		if h.Yearly.Pillar != chart.Pillars.Year || h.Monthly.Pillar != chart.Pillars.Month {
			t.Errorf("02-%02d, hour %d: year %v, month %v of the horoscope", c.day, c.hour, h.Yearly.Pillar, h.Monthly.Pillar)
		}
	}
}

func someonesChartBy(t *testing.T, o ziwei.Options) *ziwei.Chart {
	t.Helper()
	return chartOf(t, someone, o)
}

// 八字 stay by solar terms where the chart goes by lunar months: between 立春 and the
// new year, and around every term.
func TestBazi(t *testing.T) {
	for _, c := range []struct {
		b    ziwei.Birth
		want string
	}{
		{born(1984, 2, 10, 6), "甲子 丙寅 甲戌 庚午"},  // after 立春, in month 1 already
		{born(1985, 2, 10, 6), "乙丑 戊寅 庚辰 壬午"},  // after 立春, month 12 of the old year
		{born(2000, 1, 1, 6), "己卯 丙子 戊午 戊午"},   // the turn of the century
		{born(1949, 10, 1, 7), "己丑 癸酉 甲子 辛未"},  // 15:00 of that day
		{born(1990, 5, 17, 12), "庚午 辛巳 癸未 壬子"}, // late 子, of the next day
	} {
		bazi := chartOf(t, c.b, ziwei.Options{}).Bazi
		got := strings.Join([]string{bazi.Year.String(), bazi.Month.String(), bazi.Day.String(), bazi.Hour.String()}, " ")
		if got != c.want {
			t.Errorf("%v hour %d: %s, want %s", c.b.Date, c.b.TimeIndex, got, c.want)
		}
	}
}

// The sign by the Sun's longitude leaves the one by calendar date where the equinox is
// early or late: 春分 of 2024 was on 03-20 at 11:06, of 1903 on 03-22 at 03:14.
func TestSunSign(t *testing.T) {
	for _, c := range []struct {
		b         ziwei.Birth
		sign, sun ziwei.Sign
	}{
		{born(2024, 3, 20, 5), ziwei.Pisces, ziwei.Pisces},
		{born(2024, 3, 20, 7), ziwei.Pisces, ziwei.Aries},
		{born(2024, 3, 21, 0), ziwei.Aries, ziwei.Aries},
		{born(1903, 3, 21, 6), ziwei.Aries, ziwei.Pisces},
		{born(1990, 1, 1, 6), ziwei.Capricorn, ziwei.Capricorn},
		{born(1990, 12, 31, 6), ziwei.Capricorn, ziwei.Capricorn},
		{born(1990, 7, 1, 6), ziwei.Cancer, ziwei.Cancer},
	} {
		if got := chartOf(t, c.b, ziwei.Options{}); got.Sign != c.sign || got.SunSign != c.sun {
			t.Errorf("%v hour %d: %s and %s, want %s and %s", c.b.Date, c.b.TimeIndex, got.Sign.Key(), got.SunSign.Key(), c.sign.Key(), c.sun.Key())
		}
	}
}

// With its stars of the year by the horoscope's divide, a chart whose two divides differ
// is again the reference's.
func TestYearStars(t *testing.T) {
	tried := 0
	for _, r := range readRows(t, "testdata/charts.jsonl") {
		if !slices.Contains(r.Disputed, "D3") {
			continue
		}
		tried++
		b, o := r.birth(t)
		o.YearStars = ziwei.StarsByHoroscope
		got := parse(t, chartOf(t, b, o).AppendJSON(nil, lang.TraditionalChinese))
		differ(r.ID, sorted(got), sorted(parse(t, r.Out)), func(path string, got, want any) {
			if !strings.Contains(path, ".pillars.month") && !strings.Contains(path, ".adjective") {
				t.Errorf("%s: %v, want %v", path, got, want)
			}
		})
	}
	if tried == 0 {
		t.Error("no row was tried")
	}
	// A birth between 立春 and the new year of 2023: 壬寅 by 立春, 癸卯 from 01-22 on.
	b := born(2023, 1, 25, 3)
	o := ziwei.Options{HoroscopeDivide: ziwei.SolarTerm}
	place := func(o ziwei.Options, s ziwei.Star) lunar.Branch {
		at, _ := chartOf(t, b, o).Find(s)
		return lunar.BranchOf(at + 2)
	}
	if got := place(o, ziwei.Tiankong); got != lunar.Chen {
		t.Errorf("天空 of 癸卯 at %v", got)
	}
	o.YearStars = ziwei.StarsByHoroscope
	if got := place(o, ziwei.Tiankong); got != lunar.Mao {
		t.Errorf("天空 of 壬寅 at %v", got)
	}
	if got := place(o, ziwei.Hongluan); got != lunar.Zi {
		t.Errorf("紅鸞 of 癸卯 at %v", got)
	}
}

// An instant must be of the day it comes with.
func TestInstantOfAnotherDay(t *testing.T) {
	b := someone
	b.Instant = time.Date(1990, 5, 20, 0, 0, 0, 0, time.UTC)
	_, err := ziwei.Compute(b, ziwei.Options{})
	if got := fault.Public(err); got.Field != "birthDate" || got.Code != birth.CodeOutOfRange {
		t.Errorf("%+v", got)
	}
	_, err = someonesChart(t).Horoscope(ziwei.Moment{Date: birth.Date{Year: 2020, Month: 1, Day: 1}, Instant: b.Instant})
	if got := fault.Public(err); got.Field != "horoscope.solarDate" || got.Code != birth.CodeOutOfRange {
		t.Errorf("%+v", got)
	}
	b.Instant = time.Date(1990, 5, 16, 16, 30, 0, 0, time.UTC)
	chartOf(t, b, ziwei.Options{})
}
