package server_test

import (
	"testing"

	"github.com/fortunet/fortunet"
)

// The month of the Chinese new year of 2026, in both calendars.
func TestCalendar(t *testing.T) {
	w := newWorld(t)
	token, _ := w.guest()
	month := func(query string) fortunet.CalendarMonth {
		t.Helper()
		r := w.do(ask{path: "/api/v2/charts/calendar?" + query, token: token}).wants(200, "")
		if got := r.Header.Get("Cache-Control"); got != "private, max-age=86400" {
			t.Errorf("Cache-Control %q", got)
		}
		var in struct{ Data fortunet.CalendarMonth }
		r.decode(&in)
		return in.Data
	}
	solar := month("year=2026&month=2")
	if len(solar.Days) != 28 {
		t.Fatalf("%d days", len(solar.Days))
	}
	day := solar.Days[16]
	if day.Date != "2026-02-17" || day.Lunar.Year != 2026 || day.Lunar.Month != 1 || day.Lunar.Day != 1 || day.Weekday != 2 {
		t.Errorf("new year is %+v", day)
	}
	if term := solar.Days[3].Term; term == nil || term.Key != "lichun" || term.Name != "立春" {
		t.Errorf("立春 is %+v", term)
	}
	lunar := month("year=2025&month=6&calendar=lunar&leap=true")
	if len(lunar.Days) != 29 || lunar.Days[0].Date != "2025-07-25" || !lunar.Days[0].Lunar.IsLeap || !lunar.IsLeap {
		t.Errorf("%d days, the first %+v", len(lunar.Days), lunar.Days[0])
	}
}

func TestCalendarRefused(t *testing.T) {
	w := newWorld(t)
	token, _ := w.guest()
	for query, field := range map[string]string{
		"year=1899&month=1": "year", "year=2026&month=13": "month", "year=x&month=1": "year", "month=1": "year",
		"year=2026&month=1&leap=true": "leap", "year=2026&month=1&calendar=lunar&leap=true": "leap",
		"year=2026&month=1&calendar=julian": "calendar", "year=9999999999999999999999&month=1": "year",
	} {
		r := w.do(ask{path: "/api/v2/charts/calendar?" + query, token: token})
		if p := r.problem(); r.Status != 400 || p.Field != field {
			t.Errorf("%s: %d %s", query, r.Status, r.Body)
		}
	}
	for _, year := range []string{"-5", "1", "12026", "2221", "-9223372036854775808"} {
		for _, calendar := range []string{"solar", "lunar"} {
			r := w.do(ask{path: "/api/v2/charts/calendar?month=1&year=" + year + "&calendar=" + calendar, token: token}).wants(400, "out_of_range")
			if want := "must be from 1900 to 2220, not " + year; r.problem().Detail != want {
				t.Errorf("%s: %s, want %s", year, r.Body, want)
			}
		}
	}
	w.do(ask{path: "/api/v2/charts/calendar?year=2026&month=1"}).wants(401, "sign_in")
}
