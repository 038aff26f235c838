package birth

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// Ensure a zone's history, written out, gives the offsets package time gives, over
// every zone and both sides of every change.
func TestHistoriesAreThoseOfTheDatabase(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, name := range Zones() {
		zone, err := LoadZone(name)
		if err != nil {
			t.Fatal(err)
		}
		location, err := readLocation(archive()[name])
		if err != nil {
			t.Fatal(err)
		}
		var instants []int64
		for _, s := range zone.spans[1:] {
			instants = append(instants, s.start-1, s.start)
		}
		for range 200 {
			instants = append(instants, historyFrom+random.Int64N(historyTo-historyFrom))
		}
		for _, utc := range instants {
			_, want := time.Unix(utc, 0).In(location).Zone()
			if got := zone.At(utc); got.Offset != want || got.UTC != utc {
				t.Fatalf("%s at %d: offset %d, want %d", name, utc, got.Offset, want)
			}
		}
	}
}

// Ensure the saving within an offset is that of the sources of the tz database where
// the compiled zones do not say it outright.
func TestStandardOffset(t *testing.T) {
	for _, test := range []struct {
		zone, utc        string
		offset, standard int
	}{
		{"Asia/Taipei", "1940-06-01T00:00:00", 32400, 32400}, // Japanese time, no saving
		{"Asia/Taipei", "1952-06-01T00:00:00", 32400, 28800},
		{"Asia/Taipei", "1979-08-01T00:00:00", 32400, 28800},
		{"Asia/Taipei", "1980-08-01T00:00:00", 28800, 28800},
		{"Europe/London", "1943-07-01T00:00:00", 7200, 0}, // double summer time
		{"Europe/London", "1970-01-01T00:00:00", 3600, 3600},
		{"Europe/Dublin", "1970-01-01T00:00:00", 3600, 3600},
		{"Europe/Dublin", "1990-07-01T00:00:00", 3600, 0},
		{"Europe/Dublin", "1990-01-01T00:00:00", 0, 0},
		{"Europe/Dublin", "2150-07-01T00:00:00", 3600, 0},
		{"Africa/Windhoek", "2000-01-01T00:00:00", 7200, 3600},
		{"Africa/Windhoek", "2000-07-01T00:00:00", 3600, 3600},
		{"Africa/Windhoek", "2020-01-01T00:00:00", 7200, 7200},
		{"Africa/Casablanca", "2022-04-10T00:00:00", 0, 0}, // Ramadan
		{"Africa/Casablanca", "2022-08-10T00:00:00", 3600, 3600},
		{"Europe/Prague", "1947-01-01T00:00:00", 0, 0},
		{"Europe/Paris", "1941-07-01T00:00:00", 7200, 3600},
		{"Europe/Paris", "1945-01-15T00:00:00", 3600, 0},
		{"Europe/Paris", "1945-07-15T00:00:00", 7200, 0},
		{"Europe/Monaco", "1943-07-15T00:00:00", 7200, 0},
		{"Europe/Amsterdam", "1937-08-01T00:00:00", 4800, 1200},
		{"America/New_York", "1943-01-01T00:00:00", -14400, -18000}, // war time
		{"America/Argentina/Buenos_Aires", "2000-01-01T00:00:00", -10800, -14400},
		{"America/Santiago", "1927-12-01T00:00:00", -14400, -18000},
		{"Pacific/Rarotonga", "1979-01-01T00:00:00", -34200, -36000},
		{"Australia/Lord_Howe", "2020-01-01T00:00:00", 39600, 37800}, // half an hour
		{"Antarctica/Troll", "2020-07-01T00:00:00", 7200, 0},         // two
		{"Asia/Taipei", "1700-01-01T00:00:00", 29160, 29160},         // local mean time
	} {
		zone, err := LoadZone(test.zone)
		if err != nil {
			t.Fatal(err)
		}
		got := zone.At(int64(wall(t, test.utc)))
		if got.Offset != test.offset || got.StandardOffset != test.standard || got.DST != (test.offset != test.standard) {
			t.Errorf("%s at %sZ: got %+v, want offset %d, standard %d", test.zone, test.utc, got, test.offset, test.standard)
		}
	}
}

func TestLoadZone(t *testing.T) {
	if n := len(Zones()); n < 500 {
		t.Errorf("only %d zones", n)
	}
	first, err := LoadZone("Asia/Taipei")
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := LoadZone("Asia/Taipei"); again != first {
		t.Error("the zone was loaded twice")
	}
	for _, name := range []string{"ROC", "UTC", "Etc/GMT+8", "Asia/Calcutta"} {
		if zone, err := LoadZone(name); err != nil || zone.String() != name {
			t.Errorf("%s: %v, %v", name, zone, err)
		}
	}
	for _, name := range []string{"", "Local", "asia/taipei", "Asia", "Asia/", "../Asia/Taipei", "/etc/localtime", "GMT+8", "Asia/Taipei\x00", string(make([]byte, 1000))} {
		_, err := LoadZone(name)
		wantFault(t, name, err, CodeUnknownZone, "timezone")
	}
}

// Ensure reading a clock is the inverse of looking at one: an instant's wall time can
// always be read as that instant.
func TestReadInvertsAt(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, name := range Zones() {
		zone, err := LoadZone(name)
		if err != nil {
			t.Fatal(err)
		}
		var instants []int64
		for i, s := range zone.spans[1:] {
			if i%7 == 0 || i < 60 {
				instants = append(instants, s.start-3601, s.start-1, s.start, s.start+1800)
			}
		}
		for range 50 {
			instants = append(instants, historyFrom+random.Int64N(historyTo-historyFrom))
		}
		for _, utc := range instants {
			shown := zone.At(utc)
			kind, first, second := zone.Read(Wall(utc + int64(shown.Offset)))
			if kind == Nonexistent || first != shown && second != shown {
				t.Fatalf("%s at %d shows %+v, which reads as %v: %+v, %+v", name, utc, shown, kind, first, second)
			}
			if first.UTC > second.UTC {
				t.Fatalf("%s at %d: the second pass %+v is before the first %+v", name, utc, second, first)
			}
		}
	}
}

// Ensure a day the calendar jumped over is one long gap.
func TestSkippedDay(t *testing.T) {
	zone, err := LoadZone("Pacific/Apia")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"2011-12-30T00:00:00", "2011-12-30T12:00:00", "2011-12-30T23:59:59"} {
		kind, before, after := zone.Read(wall(t, s))
		if kind != Nonexistent || before.Offset != -36000 || after.Offset != 50400 {
			t.Errorf("%s: %v, %+v, %+v", s, kind, before, after)
		}
	}
	if kind, _, _ := zone.Read(wall(t, "2011-12-31T00:00:00")); kind != Normal {
		t.Errorf("the day after is %v", kind)
	}
}

func TestSpansAreInOrder(t *testing.T) {
	for _, name := range Zones() {
		zone, err := LoadZone(name)
		if err != nil {
			t.Fatal(err)
		}
		if zone.spans[0].start != math.MinInt64 {
			t.Errorf("%s begins at %d", name, zone.spans[0].start)
		}
		for i := 1; i < len(zone.spans); i++ {
			if zone.spans[i].start <= zone.spans[i-1].start {
				t.Fatalf("%s: span %d begins at %d, before %d", name, i, zone.spans[i].start, zone.spans[i-1].start)
			}
		}
	}
}
