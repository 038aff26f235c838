package fortunet

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/fortunet/fortunet/birth"
)

func decode(t testing.TB, body string) ChartRequest {
	t.Helper()
	r, err := DecodeChartRequest([]byte(body), "")
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return r
}

// answered is some of what a chart tells.
type answered struct {
	ChartType, EngineVersion, Language, Gender, SolarDate string
	TimeIndex                                             int
	Moment                                                struct{ Local, Used string }
	Pillars                                               map[string][]string
	Time                                                  struct{ Key, Name string }
	Palaces                                               []struct {
		Major []struct{ Key, Name string }
	}
	Horoscope *struct{ NominalAge int }
}

func calculated(t *testing.T, body string) answered {
	t.Helper()
	raw, err := Calculate(decode(t, body))
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	var a answered
	if err := json.Unmarshal(raw, &a); err != nil {
		t.Fatalf("%s: %v in %s", body, err, raw)
	}
	if n := len(a.Palaces); n != 12 {
		t.Errorf("%s: %d palaces", body, n)
	}
	return a
}

func TestCalculate(t *testing.T) {
	a := calculated(t, typical)
	if a.ChartType != "ziwei" || a.EngineVersion != EngineVersion || a.Language != "zh-TW" || a.Gender != "female" ||
		a.SolarDate != "1990-05-17" || a.TimeIndex != 7 || a.Moment.Local != "1990-05-17T14:30:00" || a.Moment.Used != "standard" {
		t.Errorf("got %+v", a)
	}
	if got, want := strings.Join(a.Pillars["day"], " "), "ren wu"; got != want {
		t.Errorf("day pillar %q, want %q", got, want)
	}
	if a.Time.Name != "未時" || a.Horoscope != nil {
		t.Errorf("time %q, horoscope %v", a.Time.Name, a.Horoscope)
	}
}

// Ensure the hour the clock shows in summer is not taken for the hour of birth, and
// that it may move the birth into the day before.
func TestCalculateReadsTheRightClock(t *testing.T) {
	summer := with(`"birthDate":"1979-08-01","birthTime":"00:30"`)
	if a := calculated(t, summer); a.SolarDate != "1979-07-31" || a.TimeIndex != 12 {
		t.Errorf("summer: drawn for %s, hour %d", a.SolarDate, a.TimeIndex)
	}
	if a := calculated(t, with(`"birthDate":"1979-08-01","birthTime":"00:30","options":{"timeBasis":"clock"}`)); a.SolarDate != "1979-08-01" || a.TimeIndex != 0 {
		t.Errorf("by the clock: drawn for %s, hour %d", a.SolarDate, a.TimeIndex)
	}
	given := `{"chartType":"ziwei","birthDate":"1979-08-01","timeIndex":0,"gender":"female","timezone":"Asia/Taipei"}`
	if a := calculated(t, given); a.SolarDate != "1979-08-01" || a.TimeIndex != 0 || a.Moment.Used != "timeIndex" {
		t.Errorf("given: drawn for %s, hour %d by %s", a.SolarDate, a.TimeIndex, a.Moment.Used)
	}
}

func TestCalculateLanguages(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range Languages() {
		a := calculated(t, with(`"language":"`+string(l)+`"`))
		if a.Language != string(l) || a.Time.Key != "goatHour" || a.Time.Name == "" {
			t.Errorf("%s: got %+v", l, a.Time)
		}
		seen[a.Time.Name] = true
	}
	if len(seen) < 4 {
		t.Errorf("the hour has only %d names: %v", len(seen), seen)
	}
}

func TestCalculateHoroscope(t *testing.T) {
	a := calculated(t, with(`"horoscope":{"solarDate":"2026-11-23","timeIndex":8}`))
	if a.Horoscope == nil || a.Horoscope.NominalAge != 37 {
		t.Errorf("got %+v", a.Horoscope)
	}
}

// Ensure every day and hour that may be asked for is answered, at the ends of the range too.
func TestCalculateAtTheBounds(t *testing.T) {
	for _, body := range []string{
		with(`"birthDate":"1900-02-01","birthTime":"00:00"`),
		with(`"birthDate":"2100-12-31","birthTime":"23:59:59"`),
		with(`"birthDate":"2100-12-31","birthTime":"23:59:59","options":{"yearDivide":"exact","horoscopeDivide":"exact"}`),
		with(`"birthDate":"1900-02-01","birthTime":"00:00","options":{"yearDivide":"exact"}`),
		with(`"birthDate":"2100-12-31","birthTime":"23:30","horoscope":{"solarDate":"2220-12-31","timeIndex":12},"options":{"horoscopeDivide":"exact"}`),
		with(`"birthDate":"1900-02-01","horoscope":{"solarDate":"1900-02-01","timeIndex":0},"options":{"ageDivide":"birthday"}`),
	} {
		calculated(t, body)
	}
}

func TestCalculateRefused(t *testing.T) {
	for _, test := range []struct{ body, code, field string }{
		{with(`"birthDate":"1974-04-01","birthTime":"00:30"`), birth.CodeNonexistentTime, "birthTime"},
		// Midnight at the beginning of the range is the evening before by a sundial.
		{with(`"birthDate":"1900-02-01","birthTime":"00:00","timezone":"Asia/Shanghai","location":{"latitude":30,"longitude":90},"options":{"timeBasis":"trueSolar"}`),
			CodeOutOfRange, "birthDate"},
	} {
		got, err := Calculate(decode(t, test.body))
		wantFault(t, test.body, err, test.code, test.field)
		if got != nil {
			t.Errorf("%s is refused, but gives %d bytes", test.body, len(got))
		}
	}
	_, err := Calculate(ChartRequest{})
	wantFault(t, "nothing", err, CodeInvalidValue, "chartType")
	nobody := decode(t, typical)
	nobody.Language = "fr"
	_, err = Calculate(nobody)
	wantFault(t, "fr", err, CodeInvalidValue, "language")
}

// Ensure a chart is appended to what is there, and the same each time.
func TestAppendChart(t *testing.T) {
	r := decode(t, typical)
	want, err := Calculate(r)
	if err != nil {
		t.Fatal(err)
	}
	got, err := AppendChart([]byte("before "), &r)
	if err != nil || string(got) != "before "+string(want) {
		t.Errorf("got %.40q, %v", got, err)
	}
}

// Ensure a request can be stored and sent as JSON and is the same request afterwards.
func TestChartRequestSurvivesJSON(t *testing.T) {
	for _, body := range []string{
		typical,
		with(`"location":{"latitude":25.123456789,"longitude":-121.5,"name":"臺北"},"options":{"timeBasis":"trueSolar","tables":{"kuiyue":"geng-xin"}},"language":"vi"`),
		with(`"horoscope":{"solarDate":"2026-11-23","timeIndex":8}`),
		`{"chartType":"zodiac","utc":"1990-05-17T06:30:00Z","location":{"latitude":25,"longitude":121.5},"options":{"orbs":{"90":1.5},"deltaT":0}}`,
	} {
		r := decode(t, body)
		raw, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var again ChartRequest
		if err := json.Unmarshal(raw, &again); err != nil {
			t.Fatal(err)
		}
		if !equal(again, r) {
			t.Errorf("%+v is read again as %+v", r, again)
		}
	}
}

func BenchmarkCalculate(b *testing.B) {
	for _, bench := range []struct{ name, body string }{
		{"natal", typical},
		{"placed", with(`"location":{"latitude":25,"longitude":121.5}`)},
		{"horoscope", with(`"horoscope":{"solarDate":"2026-11-23","timeIndex":8}`)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			r := decode(b, bench.body)
			var out []byte
			b.ReportAllocs()
			for b.Loop() {
				var err error
				if out, err = AppendChart(out[:0], &r); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(len(out)))
		})
	}
}
