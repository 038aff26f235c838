package ziwei_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/ziwei"
)

// row is one chart of the reference file.
type row struct {
	ID   string   `json:"id"`
	Tags []string `json:"tags"`
	In   struct {
		SolarDate       string `json:"solarDate"`
		TimeIndex       int    `json:"timeIndex"`
		Gender          string `json:"gender"`
		FixLeap         bool   `json:"fixLeap"`
		Algorithm       string `json:"algorithm"`
		AstroType       string `json:"astroType"`
		YearDivide      string `json:"yearDivide"`
		HoroscopeDivide string `json:"horoscopeDivide"`
		DayDivide       string `json:"dayDivide"`
		AgeDivide       string `json:"ageDivide"`
	} `json:"in"`
	Out         json.RawMessage `json:"out"`
	HoroscopeIn *struct {
		SolarDate string `json:"solarDate"`
		TimeIndex int    `json:"timeIndex"`
	} `json:"horoscopeIn"`
	Horoscope json.RawMessage `json:"horoscope"`
	Disputed  []string        `json:"disputed"`
}

func (r row) birth(t testing.TB) (ziwei.Birth, ziwei.Options) {
	t.Helper()
	date, err := birth.ParseDate("birthDate", r.In.SolarDate)
	if err != nil {
		t.Fatal(err)
	}
	g, err := ziwei.ParseGender(r.In.Gender)
	if err != nil {
		t.Fatal(err)
	}
	var o ziwei.Options
	for name, value := range map[string]string{
		"fixLeap": fmt.Sprint(r.In.FixLeap), "algorithm": r.In.Algorithm, "astroType": r.In.AstroType,
		"yearDivide": r.In.YearDivide, "horoscopeDivide": r.In.HoroscopeDivide,
		"dayDivide": r.In.DayDivide, "ageDivide": r.In.AgeDivide,
	} {
		if err := o.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	return ziwei.Birth{Date: date, TimeIndex: r.In.TimeIndex, Gender: g}, o
}

// sorted makes lists of stars comparable: their order has no meaning. It changes v.
func sorted(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, member := range v {
			list, ok := sorted(member).([]any)
			if !ok {
				continue
			}
			switch key {
			case "major", "minor", "adjective":
				sortList(list)
			case "stars", "starNames": // flowing ones, a list a palace
				for _, inner := range list {
					if stars, ok := inner.([]any); ok {
						sortList(stars)
					}
				}
			}
		}
	case []any:
		for i := range v {
			v[i] = sorted(v[i])
		}
	}
	return v
}

func sortList(list []any) {
	slices.SortFunc(list, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
}

// parse reads JSON.
func parse(t testing.TB, text []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// differ reports each member of want that got does not equal; got may have more.
func differ(path string, got, want any, report func(path string, got, want any)) {
	switch want := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			report(path, got, want)
			return
		}
		for key, w := range want {
			if _, ok := g[key]; !ok {
				report(path+"."+key, nil, w)
				continue
			}
			differ(path+"."+key, g[key], w, report)
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(want) {
			report(path, got, want)
			return
		}
		for i, w := range want {
			differ(fmt.Sprintf("%s[%d]", path, i), g[i], w, report)
		}
	default:
		if got != want {
			report(path, got, want)
		}
	}
}

func TestGolden(t *testing.T) {
	undisputed, wrong := 0, 0
	for _, r := range readRows(t, "../../shared/golden/ziwei.jsonl") {
		if len(r.Disputed) > 0 {
			continue
		}
		undisputed++
		b, o := r.birth(t)
		c, err := ziwei.Compute(b, o)
		if err != nil {
			t.Errorf("%s: %v", r.ID, err)
			continue
		}
		bad := false
		differ(r.ID, sorted(parse(t, c.AppendJSON(nil, ziwei.TraditionalChinese))), sorted(parse(t, r.Out)), func(path string, got, want any) {
			bad = true
			t.Errorf("%s: %v, want %v", path, got, want)
		})
		if r.HoroscopeIn != nil {
			date, err := birth.ParseDate("horoscope.solarDate", r.HoroscopeIn.SolarDate)
			if err != nil {
				t.Fatal(err)
			}
			h, err := c.Horoscope(ziwei.Moment{Date: date, TimeIndex: r.HoroscopeIn.TimeIndex})
			if err != nil {
				t.Errorf("%s: %v", r.ID, err)
				continue
			}
			differ(r.ID, sorted(parse(t, h.AppendJSON(nil, ziwei.TraditionalChinese))), sorted(parse(t, r.Horoscope)), func(path string, got, want any) {
				bad = true
				t.Errorf("%s: %v, want %v", path, got, want)
			})
		}
		if bad {
			wrong++
		}
	}
	t.Logf("%d of %d rows differ", wrong, undisputed)
}

// readRows reads charts of a reference file, or skips the test where it is absent.
func readRows(t testing.TB, file string) []row {
	t.Helper()
	f, err := os.Open(file)
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("%s is not here", file)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows []row
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if len(rows) == 0 {
		t.Fatalf("%s is empty", file)
	}
	return rows
}
