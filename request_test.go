package fortunet

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/fault"
)

const typical = `{"chartType":"ziwei","birthDate":"1990-05-17","birthTime":"14:30","gender":"female","timezone":"Asia/Taipei"}`

// Ensure a typical request is read with every default written out.
func TestDecodeChartRequest(t *testing.T) {
	got, err := DecodeChartRequest([]byte(typical), "")
	if err != nil {
		t.Fatal(err)
	}
	want := ChartRequest{
		Type: Ziwei, Language: TraditionalChinese,
		Date: birth.Date{Year: 1990, Month: 5, Day: 17}, Hour: -1, Clock: birth.Clock{Hour: 14, Minute: 30},
		Zone: "Asia/Taipei", Pass: birth.FirstPass, Gender: Female, Basis: birth.Standard,
	}
	if !equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	moment, err := got.Moment()
	if err != nil || moment.TimeIndex != 7 || moment.Date != got.Date {
		t.Errorf("moment %+v, %v", moment, err)
	}
}

// equal compares by what decides the chart and by what does not.
func equal(a, b ChartRequest) bool {
	return bytes.Equal(a.AppendKey(nil), b.AppendKey(nil)) && a.PlaceName == b.PlaceName
}

// with returns the typical request with members added, a member of the same name replaced.
func with(members string) string {
	body := strings.TrimSuffix(typical, "}")
	for _, name := range []string{"chartType", "birthDate", "birthTime", "gender", "timezone"} {
		if strings.Contains(members, `"`+name+`"`) {
			start := strings.Index(body, `"`+name+`"`)
			end := start + strings.IndexByte(body[start:], ',') + 1
			if end == start {
				end = len(body)
			}
			body = body[:start] + body[end:]
		}
	}
	return strings.TrimSuffix(body, ",") + "," + members + "}"
}

func without(name string) string {
	return strings.Replace(with(`"`+name+`":0`), `,"`+name+`":0`, "", 1)
}

// Ensure requests for one chart are one key, whichever way they are written.
func TestSameChartSameKey(t *testing.T) {
	for _, test := range []struct{ a, b string }{
		{typical, `  {"timezone" : "Asia\/Taipei", "gender":"female","birthTime":"14:30:00","birthDate":"1990-05-17","\u0063hartType":"ziwei"} `},
		{typical, with(`"options":{}`)},
		{typical, with(`"options":{"fixLeap":true,"algorithm":"default","astroType":"heaven","yearDivide":"normal",` +
			`"horoscopeDivide":"normal","dayDivide":"forward","ageDivide":"normal","timeBasis":"standard","pass":"first","tables":{}}`)},
		{typical, with(`"language":"zh-TW"`)},
		{typical, with(`"calendar":"solar","leapMonth":false`)},
		{typical, with(`"birthDate":"1990-04-23","calendar":"lunar"`)},
		{with(`"location":{"latitude":25,"longitude":121.5}`), with(`"location":{"name":"Taipei","longitude":1215e-1,"latitude":25.0}`)},
		{with(`"location":{"latitude":0,"longitude":0}`), with(`"location":{"latitude":-0,"longitude":-0.0e9}`)},
		// An hour that is given is final.
		{without("birthTime")[:len(without("birthTime"))-1] + `,"timeIndex":7}`,
			`{"chartType":"ziwei","birthDate":"1990-05-17","timeIndex":7,"gender":"female","timezone":"Europe/London",` +
				`"location":{"latitude":51.5,"longitude":0},"options":{"timeBasis":"trueSolar","pass":"second"}}`},
		{`{"chartType":"ziwei","birthDate":"1990-05-17","timeIndex":7,"gender":"female"}`,
			`{"chartType":"ziwei","birthDate":"1990-05-17","timeIndex":7,"gender":"female","timezone":"UTC"}`},
		{`{"chartType":"zodiac","utc":"1990-05-17T06:30:00Z","location":{"latitude":25,"longitude":121.5},"gender":"male"}`,
			`{"chartType":"zodiac","utc":"1990-05-17T06:30:00Z","location":{"latitude":25,"longitude":121.5},"options":{"houseSystems":["placidus"]}}`},
		{`{"chartType":"zodiac","utc":"1990-05-17T06:30:00Z","location":{"latitude":25,"longitude":121.5},"options":{"orbs":{"90":7,"0":8}}}`,
			`{"chartType":"zodiac","utc":"1990-05-17T06:30:00Z","location":{"latitude":25,"longitude":121.5},"options":{"orbs":{"0":8.0,"90":7}}}`},
	} {
		if a, b := key(t, test.a), key(t, test.b); a != b {
			t.Errorf("%s and\n%s differ:\n%q\n%q", test.a, test.b, a, b)
		}
	}
}

// Ensure whatever decides the chart changes the key.
func TestOtherChartOtherKey(t *testing.T) {
	western := `{"chartType":"zodiac","utc":"1990-05-17T06:30:00Z","location":{"latitude":25,"longitude":121.5}`
	seen := map[string]string{}
	for _, request := range []string{
		typical,
		with(`"birthDate":"1990-05-18"`),
		with(`"birthTime":"14:31"`),
		with(`"birthTime":"14:30:01"`),
		with(`"gender":"male"`),
		with(`"timezone":"Asia/Tokyo"`),
		with(`"language":"en"`),
		with(`"location":{"latitude":25,"longitude":121.5}`),
		with(`"location":{"latitude":25,"longitude":121.6}`),
		with(`"location":{"latitude":25.5,"longitude":121.5}`),
		with(`"options":{"timeBasis":"clock"}`),
		with(`"options":{"pass":"second"}`),
		with(`"options":{"fixLeap":false}`),
		with(`"options":{"algorithm":"zhongzhou"}`),
		with(`"options":{"astroType":"earth"}`),
		with(`"options":{"astroType":"human"}`),
		with(`"options":{"yearDivide":"exact"}`),
		with(`"options":{"horoscopeDivide":"exact"}`),
		with(`"options":{"dayDivide":"current"}`),
		with(`"options":{"ageDivide":"birthday"}`),
		with(`"options":{"tables":{"kuiyue":"geng-xin"}}`),
		with(`"options":{"tables":{"changsheng":"earth-fire"}}`),
		with(`"horoscope":{"solarDate":"2024-01-01","timeIndex":0}`),
		with(`"horoscope":{"solarDate":"2024-01-01","timeIndex":1}`),
		with(`"horoscope":{"solarDate":"2024-01-02","timeIndex":0}`),
		`{"chartType":"ziwei","birthDate":"1990-05-17","timeIndex":7,"gender":"female"}`,
		`{"chartType":"ziwei","birthDate":"1990-05-17","timeIndex":8,"gender":"female"}`,
		western + `}`,
		western + `,"options":{"houseSystems":["koch"]}}`,
		western + `,"options":{"houseSystems":["placidus","koch"]}}`,
		western + `,"options":{"houseSystems":["koch","placidus"]}}`,
		western + `,"options":{"ayanamsa":"lahiri"}}`,
		western + `,"options":{"orbs":{"0":8}}}`,
		western + `,"options":{"orbs":{"180":8}}}`,
		western + `,"options":{"deltaT":0}}`,
		western + `,"options":{"deltaT":60.5}}`,
		`{"chartType":"zodiac","birthDate":"1990-05-17","birthTime":"14:30","timezone":"Asia/Taipei","location":{"latitude":25,"longitude":121.5}}`,
	} {
		k := key(t, request)
		if other, ok := seen[k]; ok {
			t.Errorf("%s and\n%s have one key", request, other)
		}
		seen[k] = request
	}
}

func key(t *testing.T, request string) string {
	t.Helper()
	r, err := DecodeChartRequest([]byte(request), "")
	if err != nil {
		t.Fatalf("%s: %v", request, err)
	}
	return string(r.AppendKey(nil))
}

func TestRequestLanguage(t *testing.T) {
	for _, test := range []struct {
		body string
		asks Language
		want Language
	}{
		{typical, "", TraditionalChinese},
		{typical, Japanese, Japanese},
		{with(`"language":"en"`), Japanese, English},
	} {
		got, err := DecodeChartRequest([]byte(test.body), test.asks)
		if err != nil || got.Language != test.want {
			t.Errorf("%s asking %q: got %q, %v, want %q", test.body, test.asks, got.Language, err, test.want)
		}
	}
}

func TestDecodeChartRequestRefused(t *testing.T) {
	western := `{"chartType":"zodiac","utc":"1990-05-17T06:30:00Z","location":{"latitude":25,"longitude":121.5}`
	for _, test := range []struct{ body, code, field string }{
		{``, CodeMalformed, ""},
		{`not json`, CodeMalformed, ""},
		{`null`, CodeWrongType, ""},
		{`[` + typical + `]`, CodeWrongType, ""},
		{typical + `x`, CodeMalformed, ""},
		{typical + typical, CodeMalformed, ""},
		{typical[:len(typical)-1], CodeMalformed, ""},
		{strings.Replace(typical, ",", ";", 1), CodeMalformed, ""},
		{`{}`, CodeMissingField, "chartType"},
		{`{"chartType":"vedic"}`, CodeInvalidValue, "chartType"},
		{`{"chartType":null}`, CodeWrongType, "chartType"},
		{with(`"extra":1`), CodeUnknownField, "extra"},
		{with(`"BirthDate":"1990-05-17"`), CodeUnknownField, "BirthDate"},
		{with(`"__proto__":{}`), CodeUnknownField, "__proto__"},
		{with(`"` + strings.Repeat("x", 100) + `":1`), CodeUnknownField, strings.Repeat("x", 64) + "…"},
		{typical[:len(typical)-1] + `,"gender":"male"}`, CodeDuplicateField, "gender"},
		{without("gender"), CodeMissingField, "gender"},
		{without("birthDate"), CodeMissingField, "birthDate"},
		{without("birthTime"), CodeMissingField, "birthTime"},
		{without("timezone"), CodeMissingField, "timezone"},
		{with(`"gender":"Female"`), CodeInvalidValue, "gender"},
		{with(`"gender":0`), CodeWrongType, "gender"},
		{with(`"birthDate":19900517`), CodeWrongType, "birthDate"},
		{with(`"birthDate":"1990-13-45"`), birth.CodeInvalidDate, "birthDate"},
		{with(`"birthDate":"1990-02-30"`), birth.CodeInvalidDate, "birthDate"},
		{with(`"birthDate":"1990-05-17\u0000"`), birth.CodeInvalidDate, "birthDate"},
		{with(`"birthDate":"1900-01-31"`), CodeOutOfRange, "birthDate"},
		{with(`"birthDate":"2101-01-01"`), CodeOutOfRange, "birthDate"},
		{with(`"birthDate":"1900-01-01","calendar":"lunar"`), CodeOutOfRange, "birthDate"},
		{with(`"birthDate":"1990-01-30","calendar":"lunar"`), birth.CodeInvalidDate, "birthDate"},
		{with(`"birthDate":"1990-04-23","calendar":"lunar","leapMonth":true`), birth.CodeInvalidDate, "leapMonth"},
		{with(`"leapMonth":true`), CodeConflictingField, "leapMonth"},
		{with(`"leapMonth":"no"`), CodeWrongType, "leapMonth"},
		{with(`"calendar":"julian"`), CodeInvalidValue, "calendar"},
		{with(`"birthTime":"99:99"`), birth.CodeInvalidTime, "birthTime"},
		{with(`"birthTime":"24:00"`), birth.CodeInvalidTime, "birthTime"},
		{with(`"timeIndex":3`), CodeConflictingField, "timeIndex"},
		{with(`"timeIndex":13`), CodeOutOfRange, "timeIndex"},
		{with(`"timeIndex":-1`), CodeOutOfRange, "timeIndex"},
		{with(`"timeIndex":1.5`), CodeWrongType, "timeIndex"},
		{with(`"timeIndex":1e1`), CodeWrongType, "timeIndex"},
		{with(`"timeIndex":01`), CodeMalformed, "timeIndex"},
		{with(`"timeIndex":` + strings.Repeat("9", 1000)), CodeOutOfRange, "timeIndex"},
		{with(`"timeIndex":"3"`), CodeWrongType, "timeIndex"},
		{with(`"timezone":"Taipei"`), birth.CodeUnknownZone, "timezone"},
		{with(`"timezone":["Asia/Taipei"]`), CodeWrongType, "timezone"},
		{with(`"language":"fr"`), CodeInvalidValue, "language"},
		{with(`"location":{"latitude":91,"longitude":0}`), CodeOutOfRange, "location.latitude"},
		{with(`"location":{"latitude":0,"longitude":-180.1}`), CodeOutOfRange, "location.longitude"},
		{with(`"location":{"latitude":1e400,"longitude":0}`), CodeOutOfRange, "location.latitude"},
		{with(`"location":{"latitude":25}`), CodeMissingField, "location.longitude"},
		{with(`"location":{"longitude":25}`), CodeMissingField, "location.latitude"},
		{with(`"location":{"latitude":"25","longitude":0}`), CodeWrongType, "location.latitude"},
		{with(`"location":{"latitude":25,"longitude":0,"height":3}`), CodeUnknownField, "location.height"},
		{with(`"location":{"latitude":25,"longitude":0,"name":"` + strings.Repeat("x", 101) + `"}`), CodeTooLong, "location.name"},
		{with(`"location":"Taipei"`), CodeWrongType, "location"},
		{with(`"options":{"fixLeap":1}`), CodeWrongType, "options.fixLeap"},
		{with(`"options":{"algorithm":"other"}`), CodeInvalidValue, "options.algorithm"},
		{with(`"options":{"timeBasis":"moon"}`), CodeInvalidValue, "options.timeBasis"},
		{with(`"options":{"timeBasis":"trueSolar"}`), CodeMissingField, "location"},
		{with(`"options":{"pass":"third"}`), CodeInvalidValue, "options.pass"},
		{with(`"options":{"ayanamsa":"lahiri"}`), CodeUnknownField, "options.ayanamsa"},
		{with(`"options":{"colour":"red"}`), CodeUnknownField, "options.colour"},
		{with(`"options":{"tables":{"mutagen":"nobody's"}}`), CodeInvalidValue, "options.tables.mutagen"},
		{with(`"options":{"tables":{"luck":"much"}}`), CodeUnknownField, "options.tables.luck"},
		{with(`"options":{"tables":"default"}`), CodeWrongType, "options.tables"},
		{with(`"options":{"tables.mutagen":"default"}`), CodeUnknownField, "options.tables.mutagen"},
		{with(`"options":{"tables":{"mutagen":1}}`), CodeWrongType, "options.tables.mutagen"},
		{with(`"options":` + strings.Repeat(`{"a":`, 5000) + `1` + strings.Repeat(`}`, 5000)), CodeUnknownField, "options.a"},
		{strings.Repeat("[", 60000), CodeWrongType, ""},
		{with(`"horoscope":{"solarDate":"1990-05-16","timeIndex":0}`), CodeOutOfRange, "horoscope.solarDate"},
		{with(`"horoscope":{"solarDate":"2110-05-18","timeIndex":0}`), CodeOutOfRange, "horoscope.solarDate"},
		{with(`"horoscope":{"solarDate":"2020-02-30","timeIndex":0}`), birth.CodeInvalidDate, "horoscope.solarDate"},
		{with(`"horoscope":{"solarDate":"2020-02-20"}`), CodeMissingField, "horoscope.timeIndex"},
		{with(`"horoscope":{"timeIndex":3}`), CodeMissingField, "horoscope.solarDate"},
		{with(`"horoscope":{"solarDate":"2020-02-20","timeIndex":13}`), CodeOutOfRange, "horoscope.timeIndex"},
		{with(`"horoscope":null`), CodeWrongType, "horoscope"},
		{with(`"utc":"1990-05-17T06:30:00Z"`), CodeUnknownField, "utc"},
		{with(`"gender":"fem` + "\xc3\x28" + `ale"`), CodeInvalidUTF8, "gender"},
		{with("\"gender\":\"fem\nale\""), CodeMalformed, "gender"},
		{with(`"gender":"fem\qale"`), CodeMalformed, "gender"},
		{with(`"gender":"\udc00"`), CodeInvalidUTF8, "gender"},
		{western + `,"timeIndex":3}`, CodeUnknownField, "timeIndex"},
		{western + `,"horoscope":{"solarDate":"2020-02-20","timeIndex":3}}`, CodeUnknownField, "horoscope"},
		{western + `,"options":{"fixLeap":true}}`, CodeUnknownField, "options.fixLeap"},
		{western + `,"birthDate":"1990-05-17"}`, CodeConflictingField, "utc"},
		{western + `,"options":{"houseSystems":["placidus","placidus"]}}`, CodeInvalidValue, "options.houseSystems.1"},
		{western + `,"options":{"houseSystems":"placidus"}}`, CodeWrongType, "options.houseSystems"},
		{western + `,"options":{"orbs":{"91":1}}}`, CodeUnknownField, "options.orbs.91"},
		{western + `,"options":{"orbs":{"90":16}}}`, CodeOutOfRange, "options.orbs.90"},
		{`{"chartType":"zodiac","utc":"1990-05-17T06:30:00Z"}`, CodeMissingField, "location"},
		{`{"chartType":"zodiac","utc":"1990-05-17T06:30:00+08:00","location":{"latitude":25,"longitude":121.5}}`, birth.CodeInvalidTime, "utc"},
		{`{"chartType":"zodiac","utc":"1990-02-30T06:30:00Z","location":{"latitude":25,"longitude":121.5}}`, birth.CodeInvalidTime, "utc"},
		{`{"chartType":"zodiac","utc":"1599-12-31T23:59:59Z","location":{"latitude":25,"longitude":121.5}}`, CodeOutOfRange, "utc"},
		{`{"chartType":"zodiac","birthDate":"2400-01-01","birthTime":"14:30","timezone":"Asia/Taipei","location":{"latitude":25,"longitude":121.5}}`, CodeOutOfRange, "birthDate"},
		{strings.Repeat(" ", MaxRequest+1), CodeTooLarge, ""},
	} {
		got, err := DecodeChartRequest([]byte(test.body), "")
		wantFault(t, test.body, err, test.code, test.field)
		if err != nil && !equal(got, ChartRequest{}) {
			t.Errorf("%.80q is refused, but gives %+v", test.body, got)
		}
	}
}

// Ensure the bounds themselves are taken.
func TestDecodeChartRequestAtTheBounds(t *testing.T) {
	for _, body := range []string{
		with(`"birthDate":"1900-02-01"`),
		with(`"birthDate":"2100-12-31"`),
		with(`"birthDate":"1900-01-02","calendar":"lunar"`),
		with(`"birthDate":"2023-02-29","calendar":"lunar","leapMonth":true`),
		with(`"birthTime":"23:59:59"`),
		with(`"location":{"latitude":-90,"longitude":180}`),
		with(`"horoscope":{"solarDate":"1990-05-17","timeIndex":12}`),
		with(`"horoscope":{"solarDate":"2110-05-17","timeIndex":12}`),
		`{"chartType":"zodiac","utc":"1600-01-01T00:00:00Z","location":{"latitude":90,"longitude":-180}}`,
		`{"chartType":"zodiac","utc":"2399-12-31T23:59:59Z","location":{"latitude":90,"longitude":-180},"options":{"deltaT":-5,"pass":"second"}}`,
	} {
		if _, err := DecodeChartRequest([]byte(body), ""); err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// Whatever is sent is refused as a fault or read into a request that has a key.
func FuzzDecodeChartRequest(f *testing.F) {
	f.Add([]byte(typical))
	f.Add([]byte(with(`"options":{"tables":{},"timeBasis":"trueSolar","pass":"second"},"location":{"latitude":1,"longitude":-2e1,"name":"\u81fa北"}`)))
	f.Add([]byte(with(`"calendar":"lunar","leapMonth":false,"horoscope":{"solarDate":"2024-02-29","timeIndex":12},"language":"ja"`)))
	f.Add([]byte(`{"chartType":"zodiac","utc":"1990-05-17T06:30:00Z","location":{"latitude":25,"longitude":121.5},"options":{"houseSystems":["koch"],"orbs":{"90":1.5},"deltaT":60,"ayanamsa":"raman"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := DecodeChartRequest(body, English)
		if err != nil {
			f, ok := errors.AsType[*fault.Error](err)
			if !ok || f.Kind != fault.Invalid && f.Kind != fault.TooLarge || f.Code == "" || f.Message == "" {
				t.Fatalf("%v is no fault of the request", err)
			}
			return
		}
		if len(r.AppendKey(nil)) < 20 || !r.Language.Valid() || !r.HasUTC && !r.Date.Valid() {
			t.Fatalf("read as %+v", r)
		}
		chart, err := Calculate(r)
		if err != nil && fault.KindOf(err) != fault.Invalid {
			t.Fatalf("%+v: %v", r, err)
		}
		if err == nil && !json.Valid(chart) {
			t.Fatalf("not JSON: %s", chart)
		}
	})
}

func BenchmarkDecodeChartRequest(b *testing.B) {
	body := []byte(typical)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := DecodeChartRequest(body, TraditionalChinese); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendKey(b *testing.B) {
	r, err := DecodeChartRequest([]byte(typical), "")
	if err != nil {
		b.Fatal(err)
	}
	var key []byte
	b.ReportAllocs()
	for b.Loop() {
		key = r.AppendKey(key[:0])
	}
}
