package lunar_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/fortunet/fortunet/lunar"
)

// dayNumber is DayNumber by way of package time.
func dayNumber(y, m, d int) int {
	return int(time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// Every day of the table goes to a lunar date and back, and each is the day after the
// one before.
func TestRoundTrip(t *testing.T) {
	first, last := dayNumber(1899, 2, 10), dayNumber(2222, 2, 11)
	var before lunar.Date
	for n := first; n <= last; n++ {
		year, month, day := lunar.DayOf(n)
		if got := dayNumber(year, month, day); got != n {
			t.Fatalf("DayOf(%d) = %d-%d-%d, which is day %d", n, year, month, day, got)
		}
		d, err := lunar.FromSolar(year, month, day)
		if err != nil {
			t.Fatalf("FromSolar(%d, %d, %d): %v", year, month, day, err)
		}
		back, err := d.DayNumber()
		if err != nil || back != n {
			t.Fatalf("%v.DayNumber() = %d, %v, want %d", d, back, err, n)
		}
		if n > first && !follows(before, d) {
			t.Fatalf("%v is followed by %v", before, d)
		}
		if n > first && (!before.Before(d) || d.Before(before)) {
			t.Fatalf("Before does not order %v, %v", before, d)
		}
		before = d
	}
}

// follows reports whether b may be the day after a: the next day of the month, or the
// first of the next after day 29 or 30.
func follows(a, b lunar.Date) bool {
	if b.Day > 1 {
		return b.Day == a.Day+1 && b.Year == a.Year && b.Month == a.Month && b.Leap == a.Leap
	}
	if a.Day != 29 && a.Day != 30 {
		return false
	}
	switch {
	case b.Leap:
		return !a.Leap && b.Month == a.Month && b.Year == a.Year
	case a.Month == 12:
		return b.Month == 1 && b.Year == a.Year+1
	}
	return b.Month == a.Month+1 && b.Year == a.Year
}

func TestFaults(t *testing.T) {
	solar := []struct {
		y, m, d int
		want    error
	}{
		{1899, 2, 9, lunar.ErrRange},
		{2222, 2, 12, lunar.ErrRange},
		{-5000, 1, 1, lunar.ErrRange},
		{1 << 30, 1, 1, lunar.ErrRange},
		{1990, 2, 29, lunar.ErrNoDate},
		{1990, 13, 1, lunar.ErrNoDate},
		{1990, 0, 1, lunar.ErrNoDate},
		{1990, 1, 0, lunar.ErrNoDate},
		{1990, 4, 31, lunar.ErrNoDate},
		{2000, 2, 29, nil},
		{2100, 2, 29, lunar.ErrNoDate},
	}
	for _, c := range solar {
		if _, err := lunar.FromSolar(c.y, c.m, c.d); !errors.Is(err, c.want) {
			t.Errorf("FromSolar(%d, %d, %d): %v, want %v", c.y, c.m, c.d, err, c.want)
		}
	}
	dates := []struct {
		d    lunar.Date
		want error
	}{
		{lunar.Date{Year: 1898, Month: 12, Day: 29}, lunar.ErrRange},
		{lunar.Date{Year: 2222, Month: 1, Day: 1}, lunar.ErrRange},
		{lunar.Date{Year: 2023, Month: 2, Day: 29, Leap: true}, nil},
		{lunar.Date{Year: 2023, Month: 2, Day: 30, Leap: true}, lunar.ErrNoDate},
		{lunar.Date{Year: 2023, Month: 3, Day: 1, Leap: true}, lunar.ErrNoDate},
		{lunar.Date{Year: 2024, Month: 2, Day: 1, Leap: true}, lunar.ErrNoDate},
		{lunar.Date{Year: 2024, Month: 0, Day: 1}, lunar.ErrNoDate},
		{lunar.Date{Year: 2024, Month: 0, Day: 1, Leap: true}, lunar.ErrNoDate},
		{lunar.Date{Year: 2024, Month: 13, Day: 1}, lunar.ErrNoDate},
		{lunar.Date{Year: 2024, Month: 1, Day: 0}, lunar.ErrNoDate},
		{lunar.Date{Year: 2024, Month: 1, Day: 31}, lunar.ErrNoDate},
	}
	for _, c := range dates {
		if _, _, _, err := c.d.Solar(); !errors.Is(err, c.want) {
			t.Errorf("%v.Solar(): %v, want %v", c.d, err, c.want)
		}
	}
}

// Days known from almanacs: new years, leap months, the ends of the table.
func TestKnownDays(t *testing.T) {
	for _, c := range []struct {
		solar [3]int
		want  lunar.Date
	}{
		{[3]int{1900, 1, 31}, lunar.Date{Year: 1900, Month: 1, Day: 1}},
		{[3]int{1900, 1, 30}, lunar.Date{Year: 1899, Month: 12, Day: 30}},
		{[3]int{1985, 2, 20}, lunar.Date{Year: 1985, Month: 1, Day: 1}},
		{[3]int{2000, 2, 5}, lunar.Date{Year: 2000, Month: 1, Day: 1}},
		{[3]int{2020, 5, 23}, lunar.Date{Year: 2020, Month: 4, Day: 1, Leap: true}},
		{[3]int{2023, 3, 22}, lunar.Date{Year: 2023, Month: 2, Day: 1, Leap: true}},
		{[3]int{2033, 12, 22}, lunar.Date{Year: 2033, Month: 11, Day: 1, Leap: true}},
		{[3]int{2024, 2, 10}, lunar.Date{Year: 2024, Month: 1, Day: 1}},
		{[3]int{2101, 1, 28}, lunar.Date{Year: 2100, Month: 12, Day: 29}},
	} {
		got, err := lunar.FromSolar(c.solar[0], c.solar[1], c.solar[2])
		if err != nil || got != c.want {
			t.Errorf("FromSolar(%v) = %v, %v, want %v", c.solar, got, err, c.want)
		}
	}
}

// almanac is a row of the reference calendar.
type almanac struct {
	Year      int    `json:"year"`
	Stem      string `json:"stem"`
	Branch    string `json:"branch"`
	LeapMonth int    `json:"leapMonth"`
	Months    []struct {
		Month int    `json:"month"`
		Leap  bool   `json:"leap"`
		Start string `json:"start"`
		Days  int    `json:"days"`
	} `json:"months"`
	Terms []struct {
		Key  string `json:"key"`
		Name string `json:"name"`
		Lon  int    `json:"lon"`
		At   string `json:"at"`
	} `json:"terms"`
}

// almanacs reads the rows of a reference calendar, or skips the test where it is absent.
func almanacs(t *testing.T, file string) []almanac {
	f, err := os.Open(file)
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("%s is not here", file)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows []almanac
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row almanac
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if len(rows) == 0 {
		t.Fatalf("%s is empty", file)
	}
	return rows
}

func TestAlmanac(t *testing.T) { testAlmanac(t, "testdata/calendar.jsonl") }

// TestWholeAlmanac needs the reference files beside the repository.
func TestWholeAlmanac(t *testing.T) { testAlmanac(t, "../../shared/golden/lunarcalendar.jsonl") }

func testAlmanac(t *testing.T, file string) {
	for _, row := range almanacs(t, file) {
		if p := lunar.YearPillar(row.Year); p.Stem.Key() != row.Stem || p.Branch.Key() != row.Branch {
			t.Errorf("YearPillar(%d) = %s %s, want %s %s", row.Year, p.Stem.Key(), p.Branch.Key(), row.Stem, row.Branch)
		}
		if got := lunar.LeapMonth(row.Year); got != row.LeapMonth {
			t.Errorf("LeapMonth(%d) = %d, want %d", row.Year, got, row.LeapMonth)
		}
		months, err := lunar.Months(row.Year)
		if err != nil || len(months) != len(row.Months) {
			t.Errorf("Months(%d) = %v, %v", row.Year, months, err)
			continue
		}
		for i, want := range row.Months {
			m := months[i]
			y, mo, d := lunar.DayOf(m.First)
			start := fmt.Sprintf("%04d-%02d-%02d", y, mo, d)
			if m.Number != want.Month || m.Leap != want.Leap || start != want.Start || m.Days != want.Days {
				t.Errorf("year %d month %d: %+v from %s, want %+v", row.Year, i, m, start, want)
			}
			if got := lunar.MonthDays(row.Year, want.Month, want.Leap); got != want.Days {
				t.Errorf("MonthDays(%d, %d, %v) = %d, want %d", row.Year, want.Month, want.Leap, got, want.Days)
			}
		}
		for i, want := range row.Terms {
			term := lunar.Term(i)
			if term.Key() != want.Key || term.String() != want.Name || term.Longitude() != want.Lon {
				t.Errorf("term %d is %s %v %d, want %+v", i, term.Key(), term, term.Longitude(), want)
			}
		}
	}
}

func TestMonthsOutsideTable(t *testing.T) {
	for _, y := range []int{1898, 2222} {
		if m, err := lunar.Months(y); !errors.Is(err, lunar.ErrRange) {
			t.Errorf("Months(%d) = %v, %v", y, m, err)
		}
		if lunar.LeapMonth(y) != 0 || lunar.MonthDays(y, 1, false) != 0 {
			t.Errorf("year %d has months", y)
		}
	}
	if got := lunar.MonthDays(2024, 3, true); got != 0 {
		t.Errorf("a leap month that is not has %d days", got)
	}
}
