package birth

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/fortunet/fortunet/fault"
)

var taipei = &Place{25.0478, 121.5319}

func input(date, clock, zone string) Input {
	d, _ := ParseDate("", date)
	c, _ := ParseClock("", clock)
	return Input{Date: d, Clock: c, Zone: zone}
}

// Ensure the hour and its day are read from the clock that was asked for.
func TestResolveBasis(t *testing.T) {
	for _, test := range []struct {
		name  string
		date  string
		clock string
		basis Basis
		place *Place
		day   string
		index int
		used  Basis
	}{
		{"winter", "1990-05-17", "14:30", "", nil, "1990-05-17", 7, Standard},
		{"summer time taken off", "1979-08-01", "13:30", "", nil, "1979-08-01", 6, Standard},
		{"summer time left on", "1979-08-01", "13:30", Clocked, nil, "1979-08-01", 7, Clocked},
		{"into the day before", "1979-08-01", "00:30", Standard, nil, "1979-07-31", 12, Standard},
		{"sundial", "1979-08-01", "14:02", TrueSolar, taipei, "1979-08-01", 7, TrueSolar},
		{"sundial across midnight", "1990-11-03", "23:50", TrueSolar, taipei, "1990-11-04", 0, TrueSolar},
		{"Japanese time is standard", "1940-06-01", "13:30", Standard, nil, "1940-06-01", 7, Standard},
	} {
		in := input(test.date, test.clock, "Asia/Taipei")
		in.Basis, in.Place = test.basis, test.place
		got, err := in.Resolve()
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if got.Date.String() != test.day || got.TimeIndex != test.index || got.Used != test.used {
			t.Errorf("%s: got %v hour %d by %s, want %s hour %d by %s", test.name, got.Date, got.TimeIndex, got.Used, test.day, test.index, test.used)
		}
	}
}

func TestResolvePass(t *testing.T) {
	for _, test := range []struct {
		date, clock string
		pass, want  Pass
		utc         string
	}{
		{"1979-09-30", "23:30", "", FirstPass, "1979-09-30T14:30:00Z"},
		{"1979-09-30", "23:30", FirstPass, FirstPass, "1979-09-30T14:30:00Z"},
		{"1979-09-30", "23:30", SecondPass, SecondPass, "1979-09-30T15:30:00Z"},
		{"1979-09-30", "12:30", SecondPass, OnlyPass, "1979-09-30T03:30:00Z"},
	} {
		in := input(test.date, test.clock, "Asia/Taipei")
		in.Pass = test.pass
		got, err := in.Resolve()
		if err != nil || utc(got.UTC) != test.utc || got.Pass != test.want {
			t.Errorf("%s %s %q: got %s %q, %v, want %s %q", test.date, test.clock, test.pass, utc(got.UTC), got.Pass, err, test.utc, test.want)
		}
	}
}

// Ensure a time that never was is refused with the two moments it could be.
func TestNonexistentTimes(t *testing.T) {
	for _, row := range goldenRows(t) {
		if row.Kind != "nonexistent" {
			continue
		}
		at := wall(t, row.In.Local)
		in := Input{Date: at.Date(), Clock: at.Clock(), Zone: row.In.Zone, Pass: SecondPass}
		_, err := in.Resolve()
		wantFault(t, row.ID, err, CodeNonexistentTime, "birthTime")
		for _, c := range row.Choices {
			if want := c.UTC.Format("2006-01-02T15:04:05Z"); !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v does not name %s", row.ID, err, want)
			}
		}
	}
}

func TestResolveRefused(t *testing.T) {
	good := input("1990-05-17", "14:30", "Asia/Taipei")
	for _, test := range []struct {
		name        string
		change      func(*Input)
		code, field string
	}{
		{"zone", func(in *Input) { in.Zone = "Asia/Taibei" }, CodeUnknownZone, "timezone"},
		{"no place for a sundial", func(in *Input) { in.Basis = TrueSolar }, CodeMissingPlace, "location"},
		{"basis", func(in *Input) { in.Basis = "moon" }, CodeInvalidBasis, "options.timeBasis"},
		{"north", func(in *Input) { in.Place = &Place{90.001, 0} }, CodeOutOfRange, "location.latitude"},
		{"south", func(in *Input) { in.Place = &Place{-91, 0} }, CodeOutOfRange, "location.latitude"},
		{"east", func(in *Input) { in.Place = &Place{0, 180.5} }, CodeOutOfRange, "location.longitude"},
		{"nowhere", func(in *Input) { in.Place = &Place{math.NaN(), 0} }, CodeOutOfRange, "location.latitude"},
		{"far away", func(in *Input) { in.Place = &Place{0, math.Inf(-1)} }, CodeOutOfRange, "location.longitude"},
	} {
		in := good
		test.change(&in)
		_, err := in.Resolve()
		wantFault(t, test.name, err, test.code, test.field)
	}
}

func TestMomentJSON(t *testing.T) {
	in := input("1979-08-01", "13:30", "Asia/Taipei")
	plain, err := in.Resolve()
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"local":"1979-08-01T13:30:00","zone":"Asia/Taipei","utc":"1979-08-01T04:30:00Z","offset":32400,"dst":true,` +
		`"standardOffset":28800,"standardLocal":"1979-08-01T12:30:00","timeIndex":{"clock":7,"standard":6},"used":"standard","pass":"only"}`
	if got := string(plain.AppendJSON(nil)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	in.Place = taipei
	placed, err := in.Resolve()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(placed)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		MeanSolar, TrueSolar string
		EquationOfTime       *float64
		TimeIndex            map[string]int
	}
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	if got.MeanSolar != "1979-08-01T12:36:08" || got.TrueSolar == "" || got.EquationOfTime == nil || got.TimeIndex["trueSolar"] != 6 {
		t.Errorf("got %s", raw)
	}
	given := Given(Date{1990, 5, 17}, 0)
	if got, want := string(given.AppendJSON(nil)), `{"local":"1990-05-17","used":"timeIndex"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Whatever is said of a birth, it is refused as a fault or made out consistently.
func FuzzResolve(f *testing.F) {
	f.Add("1979-09-30", "23:30", "Asia/Taipei", 25.0, 121.5, "trueSolar", true)
	f.Add("1974-04-01", "00:30:15", "Asia/Taipei", 0.0, 0.0, "", false)
	f.Add("2399-12-31", "23:59", "America/New_York", -90.0, -180.0, "clock", true)
	f.Add("1600-01-01", "00:00", "Europe/Amsterdam", 90.0, 180.0, "standard", false)
	f.Fuzz(func(t *testing.T, date, clock, zone string, latitude, longitude float64, basis string, second bool) {
		d, err := ParseDate("birthDate", date)
		if err != nil || WesternBirths.Check("birthDate", d) != nil {
			return
		}
		c, err := ParseClock("birthTime", clock)
		if err != nil {
			return
		}
		in := Input{Date: d, Clock: c, Zone: zone, Place: &Place{latitude, longitude}, Basis: Basis(basis)}
		if second {
			in.Pass = SecondPass
		}
		m, err := in.Resolve()
		if err != nil {
			if _, ok := errors.AsType[*fault.Error](err); !ok || fault.KindOf(err) != fault.Invalid {
				t.Fatalf("%v is no Invalid fault", err)
			}
			return
		}
		if m.Local != Wall(m.UTC+int64(m.Offset)) || m.StandardLocal != Wall(m.UTC+int64(m.StandardOffset)) {
			t.Fatalf("the clocks and the instant differ: %+v", m)
		}
		if m.TimeIndex < 0 || m.TimeIndex > 12 || !m.Date.Valid() || math.Abs(m.EquationOfTime) > 1100 {
			t.Fatalf("no such moment: %+v", m)
		}
		if raw := m.AppendJSON(nil); !json.Valid(raw) {
			t.Fatalf("not JSON: %s", raw)
		}
	})
}

func BenchmarkResolve(b *testing.B) {
	in := input("1979-08-01", "13:30", "Asia/Taipei")
	in.Place = taipei
	b.ReportAllocs()
	for b.Loop() {
		if _, err := in.Resolve(); err != nil {
			b.Fatal(err)
		}
	}
}
