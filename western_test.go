package fortunet

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"testing"

	"github.com/fortunet/fortunet/astro"
	"github.com/fortunet/fortunet/fault"
)

// The reference charts, asked for as a client asks: by instant and place.
func TestWesternGolden(t *testing.T) {
	f, err := os.Open("zodiac/testdata/charts.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	type chart struct {
		JDUT, Asc, MC float64
		Bodies        map[string]struct{ Lon float64 }
		Houses        map[string]*[12]float64
	}
	for d := json.NewDecoder(f); ; {
		var row struct {
			ID string
			In struct {
				UTC      string
				Lat, Lon float64
			}
			Out struct {
				chart
				DeltaT float64
			}
		}
		if err := d.Decode(&row); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		request := fmt.Sprintf(`{"chartType":"zodiac","utc":%q,"location":{"latitude":%v,"longitude":%v},
			"options":{"deltaT":%v,"houseSystems":["koch","placidus"]}}`, row.In.UTC, row.In.Lat, row.In.Lon, row.Out.DeltaT)
		var got chart
		if err := json.Unmarshal(calculate(t, request), &got); err != nil {
			t.Fatal(err)
		}
		if len(got.Houses) != 2 || (got.Houses["placidus"] == nil) != (row.Out.Houses["placidus"] == nil) {
			t.Errorf("%s: houses %v", row.ID, got.Houses)
		}
		for key, want := range row.Out.Bodies {
			if off := math.Abs(astro.Apart(got.Bodies[key].Lon, want.Lon)) * 3600; off > 1 {
				t.Errorf("%s: %s off by %v\"", row.ID, key, off)
			}
		}
	}
}

// calculate answers a request that must be good.
func calculate(t *testing.T, request string) []byte {
	t.Helper()
	q, _, err := DecodeCalculation([]byte(request), "")
	if err != nil {
		t.Fatalf("%s: %v", request, err)
	}
	out, err := Answer(&q)
	if err != nil {
		t.Fatalf("%s: %v", request, err)
	}
	return out
}

// A birth by the clock says how its moment was made out; it is the same chart as that of
// the instant.
func TestWesternByClock(t *testing.T) {
	const place = `"location":{"latitude":25.0375,"longitude":121.5637}`
	var clock, instant struct {
		Moment *struct{ UTC string }
		Asc    float64
		Bodies map[string]struct {
			House int
			Sign  struct{ Name string }
		}
		Aspects []struct{ A, B string }
	}
	for request, to := range map[string]any{
		`{"chartType":"zodiac","birthDate":"1990-05-17","birthTime":"14:30","timezone":"Asia/Taipei",` + place + `}`: &clock,
		`{"chartType":"zodiac","utc":"1990-05-17T06:30:00Z",` + place + `}`:                                          &instant,
	} {
		if err := json.Unmarshal(calculate(t, request), to); err != nil {
			t.Fatal(err)
		}
	}
	if clock.Moment == nil || clock.Moment.UTC != "1990-05-17T06:30:00Z" || instant.Moment != nil {
		t.Errorf("moments %+v and %+v", clock.Moment, instant.Moment)
	}
	if clock.Asc != instant.Asc || clock.Bodies["sun"].House != 8 || clock.Bodies["sun"].Sign.Name != "金牛座" || len(clock.Aspects) == 0 {
		t.Errorf("Ascendants %v and %v, Sun %+v, %d aspects", clock.Asc, instant.Asc, clock.Bodies["sun"], len(clock.Aspects))
	}
}

// Orbs and ayanamsa asked for are used.
func TestWesternOptions(t *testing.T) {
	const birth = `{"chartType":"zodiac","utc":"1990-05-17T06:30:00Z","location":{"latitude":25,"longitude":121.5},"options":`
	type chart struct {
		Ayanamsa struct {
			Key     string
			Degrees float64
		}
		Aspects []struct {
			Aspect struct{ Key string }
			Orb    float64
		}
	}
	var narrow, wide chart
	for options, to := range map[string]*chart{
		`{"orbs":{"90":0.5,"120":0}}}`: &narrow, `{"ayanamsa":"lahiri","orbs":{"90":12}}}`: &wide,
	} {
		if err := json.Unmarshal(calculate(t, birth+options), to); err != nil {
			t.Fatal(err)
		}
	}
	for _, a := range narrow.Aspects {
		if a.Aspect.Key == "trine" || a.Aspect.Key == "square" && a.Orb > 2.5 { // the lights have 2° more
			t.Errorf("%+v within orbs of nothing", a)
		}
	}
	if len(wide.Aspects) <= len(narrow.Aspects) || wide.Ayanamsa.Key != "lahiri" || math.Abs(wide.Ayanamsa.Degrees-23.72) > 0.02 {
		t.Errorf("%d and %d aspects, %+v", len(wide.Aspects), len(narrow.Aspects), wide.Ayanamsa)
	}
}

func TestTransitsAnswer(t *testing.T) {
	const natal = `"natal":{"chartType":"zodiac","utc":"1990-05-17T06:30:00Z","location":{"latitude":25,"longitude":121.5}}`
	ask := func(body string) ([]byte, error) {
		q, _, err := DecodeTransits([]byte(body), "")
		if err != nil {
			return nil, err
		}
		return Answer(&q)
	}
	out, err := ask(`{` + natal + `,"moment":"2026-11-23T00:00:00Z","location":{"latitude":51,"longitude":0}}`)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Natal    struct{ Asc float64 }
		Moment   string
		Transits struct {
			Sky     struct{ Place struct{ Latitude float64 } }
			Aspects []struct{ A, B string }
			Houses  map[string]int
		}
		Progressed struct{ SolarArc float64 }
		Returns    map[string]struct{ At string }
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	if got.Natal.Asc == 0 || got.Moment != "2026-11-23T00:00:00Z" || got.Transits.Sky.Place.Latitude != 51 ||
		len(got.Transits.Houses) != astro.BodyCount || math.Abs(got.Progressed.SolarArc-37) > 3 {
		t.Errorf("%+v", got)
	}
	if at := got.Returns["lastSolar"].At; at[:7] != "2026-05" || got.Returns["nextSolar"].At[:7] != "2027-05" {
		t.Errorf("returns %+v", got.Returns)
	}
	if out, err := ask(`{` + natal + `,"moment":"2399-12-30T00:00:00Z"}`); err != nil || !json.Valid(out) {
		t.Errorf("at the end of the ephemeris: %v", err)
	}
	for body, field := range map[string]string{
		`{` + natal + `}`: "moment", `{"moment":"2026-11-23T00:00:00Z"}`: "natal",
		`{` + natal + `,"moment":"1066-10-14T00:00:00Z"}`: "moment", `{` + natal + `,"moment":"now"}`: "moment",
		`{"natal":{"chartType":"zodiac","utc":"1990-05-17T06:30:00Z","location":{"latitude":95,"longitude":121.5}},"moment":"2026-11-23T00:00:00Z"}`: "natal.location.latitude",
	} {
		_, err := ask(body)
		if f := fault.Public(err); err == nil || f.Field != field {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestSynastryAnswer(t *testing.T) {
	const one = `{"chartType":"zodiac","utc":"1990-05-17T06:30:00Z","location":{"latitude":25,"longitude":121.5}}`
	const other = `{"chartType":"zodiac","language":"ja","utc":"1988-01-02T03:04:05Z","location":{"latitude":-33,"longitude":151}}`
	q, _, err := DecodeSynastry([]byte(`{"a":`+one+`,"b":`+other+`}`), English)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Answer(&q)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		A, B     struct{ Language string }
		Synastry struct {
			Aspects   []struct{ A, B string }
			AInB      map[string]int
			Composite struct {
				Bodies map[string]struct{ Lon float64 }
				Place  struct{ Latitude float64 }
			}
		}
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	if got.A.Language != "en" || got.B.Language != "en" || len(got.Synastry.Aspects) == 0 || len(got.Synastry.AInB) != astro.BodyCount ||
		got.Synastry.Composite.Place.Latitude != -4 || len(got.Synastry.Composite.Bodies) != astro.BodyCount {
		t.Errorf("%+v", got)
	}
}
