package lunar_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/fortunet/fortunet/lunar"
)

var beijing = time.FixedZone("UTC+8", 8*3600)

func TestTerms(t *testing.T) { testTerms(t, "testdata/calendar.jsonl") }

// TestAllTerms needs the reference files beside the repository.
func TestAllTerms(t *testing.T) { testTerms(t, "../../shared/golden/lunarcalendar.jsonl") }

// testTerms holds the terms against another program's to the second, which is what both
// are rounded to.
func testTerms(t *testing.T, file string) {
	for _, row := range almanacs(t, file) {
		terms, err := lunar.Terms(row.Year)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range row.Terms {
			at, err := time.ParseInLocation("2006-01-02T15:04:05", want.At, beijing)
			if err != nil {
				t.Fatal(err)
			}
			if off := terms[i].Sub(at).Abs(); off > time.Second {
				t.Errorf("%d %s at %v, want %v", row.Year, want.Key, terms[i], at.UTC())
			}
		}
	}
}

// Terms follow each other within 14.7 to 15.8 days, over all years.
func TestTermsFollow(t *testing.T) {
	var before time.Time
	for year := 1899; year <= 2222; year++ {
		terms, err := lunar.Terms(year)
		if err != nil {
			t.Fatal(err)
		}
		for i, at := range terms {
			if days := at.Sub(before).Hours() / 24; !before.IsZero() && (days < 14.7 || days > 15.8) {
				t.Errorf("%d %v comes %.2f days after the one before", year, lunar.Term(i), days)
			}
			if at.Year() != year {
				t.Errorf("%d %v is at %v", year, lunar.Term(i), at)
			}
			before = at
		}
	}
	for _, year := range []int{1898, 2223} {
		if _, err := lunar.Terms(year); !errors.Is(err, lunar.ErrRange) {
			t.Errorf("Terms(%d): %v", year, err)
		}
	}
}

func TestTermAt(t *testing.T) {
	terms, err := lunar.Terms(2024)
	if err != nil {
		t.Fatal(err)
	}
	lichun := terms[lunar.Lichun] // 2024-02-04 16:27 UTC+8
	for _, c := range []struct {
		at   time.Time
		want lunar.Term
		year int
	}{
		{lichun.Add(-time.Second), lunar.Dahan, 2024},
		{lichun, lunar.Lichun, 2024},
		{terms[lunar.Xiaohan].Add(-time.Second), lunar.Dongzhi, 2023},
		{terms[lunar.Xiaohan], lunar.Xiaohan, 2024},
		{time.Date(2024, 12, 31, 23, 59, 59, 0, time.UTC), lunar.Dongzhi, 2024},
		{time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), lunar.Dongzhi, 2023},
	} {
		if got, year, err := lunar.TermAt(c.at); err != nil || got != c.want || year != c.year {
			t.Errorf("TermAt(%v) = %v of %d, %v, want %v of %d", c.at, got, year, err, c.want, c.year)
		}
	}
	for day, want := range map[int]lunar.Term{3: lunar.Dahan, 4: lunar.Lichun, 5: lunar.Lichun} {
		if got, _, err := lunar.TermOn(lunar.DayNumber(2024, 2, day)); err != nil || got != want {
			t.Errorf("TermOn(2024-02-%02d) = %v, %v, want %v", day, got, err, want)
		}
	}
	for _, at := range []time.Time{{}, time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(2223, 1, 1, 0, 0, 0, 0, time.UTC)} {
		if got, _, err := lunar.TermAt(at); !errors.Is(err, lunar.ErrRange) {
			t.Errorf("TermAt(%v) = %v, %v", at, got, err)
		}
	}
}

// The day of a term in UTC+8 is that of the reference, where midnight is near too.
func TestTermOn(t *testing.T) {
	for _, row := range almanacs(t, "testdata/calendar.jsonl") {
		for i, term := range row.Terms {
			var year, month, day int
			if _, err := fmt.Sscanf(term.At, "%d-%d-%dT", &year, &month, &day); err != nil {
				t.Fatal(err)
			}
			n := lunar.DayNumber(year, month, day)
			got, _, err := lunar.TermOn(n)
			before, _, _ := lunar.TermOn(n - 1)
			if err != nil || got != lunar.Term(i) || before == got {
				t.Errorf("%s: %v after %v, %v, want %s", term.At, got, before, err, term.Key)
			}
		}
	}
}

// Pillars by terms: 1984-02-04, 立春 at 23:19, opens the year 甲子 and its month 丙寅;
// before it the year is 癸亥, the month 乙丑.
func TestSolarPillars(t *testing.T) {
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{time.Date(1984, 2, 4, 23, 18, 0, 0, beijing), "癸亥 乙丑"},
		{time.Date(1984, 2, 4, 23, 20, 0, 0, beijing), "甲子 丙寅"},
		{time.Date(1984, 1, 2, 0, 0, 0, 0, beijing), "癸亥 甲子"},
		{time.Date(2024, 12, 31, 0, 0, 0, 0, beijing), "甲辰 丙子"},
		{time.Date(2025, 1, 10, 0, 0, 0, 0, beijing), "甲辰 丁丑"},
		{time.Date(2000, 1, 1, 12, 0, 0, 0, beijing), "己卯 丙子"},
	} {
		term, year, err := lunar.TermAt(c.at)
		if err != nil {
			t.Fatal(err)
		}
		y, m := lunar.SolarPillars(term, year)
		if got := y.String() + " " + m.String(); got != c.want {
			t.Errorf("%v is %s, want %s", c.at, got, c.want)
		}
	}
}
