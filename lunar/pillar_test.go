package lunar_test

import (
	"fmt"
	"testing"

	"github.com/fortunet/fortunet/lunar"
)

func TestPillarIndex(t *testing.T) {
	for n := range 60 {
		if got := lunar.PillarOf(n).Index(); got != n {
			t.Errorf("PillarOf(%d).Index() = %d", n, got)
		}
		if lunar.PillarOf(n-60) != lunar.PillarOf(n) || lunar.PillarOf(n+60) != lunar.PillarOf(n) {
			t.Errorf("pillar %d does not come around", n)
		}
		if p := lunar.PillarOf(n); p.Stem.Yang() != p.Branch.Yang() {
			t.Errorf("%v mixes polarities", p)
		}
	}
}

// Day pillars from almanacs: 1949-10-01 was 甲子, 2000-01-01 was 戊午.
func TestDayPillar(t *testing.T) {
	for _, c := range []struct {
		y, m, d int
		want    string
	}{
		{1949, 10, 1, "甲子"},
		{2000, 1, 1, "戊午"},
		{1900, 1, 31, "甲辰"},
		{1970, 1, 1, "辛巳"},
	} {
		if got := lunar.DayPillar(lunar.DayNumber(c.y, c.m, c.d)).String(); got != c.want {
			t.Errorf("%d-%d-%d is %s, want %s", c.y, c.m, c.d, got, c.want)
		}
	}
}

// The rules of five tigers and five rats, for each stem.
func TestMonthAndHourPillars(t *testing.T) {
	months := []string{"丙寅", "戊寅", "庚寅", "壬寅", "甲寅"}
	hours := []string{"甲子", "丙子", "戊子", "庚子", "壬子"}
	for s := range lunar.Stem(10) {
		if got, want := lunar.MonthPillar(s, 1).String(), months[s%5]; got != want {
			t.Errorf("month 1 of a %v year is %s, want %s", s, got, want)
		}
		if got, want := lunar.HourPillar(s, lunar.Zi).String(), hours[s%5]; got != want {
			t.Errorf("hour 子 of a %v day is %s, want %s", s, got, want)
		}
	}
	if got := lunar.MonthPillar(lunar.Gui, 12).String(); got != "乙丑" {
		t.Errorf("month 12 of a 癸 year is %s, want 乙丑", got)
	}
	if got := lunar.HourPillar(lunar.Wu, lunar.Hai).String(); got != "癸亥" {
		t.Errorf("hour 亥 of a 戊 day is %s, want 癸亥", got)
	}
}

func ExampleFromSolar() {
	d, _ := lunar.FromSolar(2023, 4, 4)
	fmt.Println(d, lunar.YearPillar(d.Year))
	// Output: 2023-L2-14 癸卯
}

func ExampleDate_Solar() {
	y, m, d, _ := lunar.Date{Year: 2024, Month: 8, Day: 15}.Solar()
	fmt.Println(y, m, d)
	// Output: 2024 9 17
}
