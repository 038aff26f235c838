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
	"time"

	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/lang"
	"github.com/fortunet/fortunet/lunar"
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

// onTerm reports whether a date is that of a term which opens a month.
func (r row) onTerm(date string) bool {
	d, err := birth.ParseDate("", date)
	if err != nil {
		panic(err)
	}
	term, year, err := lunar.TermOn(lunar.DayNumber(d.Year, d.Month, d.Day))
	if err != nil {
		panic(err)
	}
	at, err := lunar.Terms(year)
	if err != nil {
		panic(err)
	}
	beijing := at[term].In(time.FixedZone("UTC+8", 8*3600)).Format(time.DateOnly)
	return term%2 == 0 && beijing == date
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

func (r row) moment(t testing.TB) ziwei.Moment {
	t.Helper()
	date, err := birth.ParseDate("horoscope.solarDate", r.HoroscopeIn.SolarDate)
	if err != nil {
		t.Fatal(err)
	}
	return ziwei.Moment{Date: date, TimeIndex: r.HoroscopeIn.TimeIndex}
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

func TestGolden(t *testing.T) { testGolden(t, "testdata/charts.jsonl") }

// TestWholeGolden needs the reference files beside the repository.
func TestWholeGolden(t *testing.T) { testGolden(t, "../../shared/golden/ziwei.jsonl") }

// testGolden holds every row of a file against our charts. Rows that hang on a disputed
// rule may differ in what that rule decides, and nowhere else.
func testGolden(t *testing.T, file string) {
	equal, disputed := 0, 0
	for _, r := range readRows(t, file) {
		b, o := r.birth(t)
		c := chartOf(t, b, o)
		report := func(path string, got, want any) {
			for _, code := range r.Disputed {
				if excused(code, path, r) {
					return
				}
			}
			t.Errorf("%s %v: %s: %v, want %v", r.ID, r.Disputed, path, got, want)
		}
		differ("chart", sorted(parse(t, c.AppendJSON(nil, lang.TraditionalChinese))), sorted(parse(t, r.Out)), report)
		if r.HoroscopeIn != nil {
			h, err := c.Horoscope(r.moment(t))
			if err != nil {
				t.Errorf("%s: %v", r.ID, err)
				continue
			}
			differ("horoscope", sorted(parse(t, h.AppendJSON(nil, lang.TraditionalChinese))), sorted(parse(t, r.Horoscope)), report)
		}
		if len(r.Disputed) == 0 {
			equal++
		} else {
			disputed++
		}
	}
	t.Logf("%d rows equal, %d but for what is disputed", equal, disputed)
	if equal == 0 || disputed == 0 {
		t.Errorf("%d undisputed rows and %d disputed ones were tried", equal, disputed)
	}
}

// excused reports whether the decision on a disputed rule may change the member at path
// of that row. The codes are those of docs/decisions/0001-zi-wei-disputed-rules.md.
func excused(code, path string, r row) bool {
	in := func(members ...string) bool {
		return slices.ContainsFunc(members, func(m string) bool { return strings.HasPrefix(path, m) })
	}
	switch code {
	case "D1", "D2": // drawn for the next day; see TestLateZi
		return !in("chart.lunar", "chart.pillars.day", "chart.pillars.hour", "chart.time", "chart.sign", "horoscope.lunar", "horoscope.yearly")
	case "D3": // the month pillar and the stars of the year; see TestYearStars
		return in("chart.pillars.month") || strings.Contains(path, ".adjective") || strings.Contains(path, "qian12")
	case "D4": // on the day of a term
		return r.onTerm(r.In.SolarDate) || r.HoroscopeIn != nil && r.onTerm(r.HoroscopeIn.SolarDate) && in("horoscope")
	case "D5":
		return strings.Contains(path, ".adjective") && in("chart.palaces")
	case "D6": // a birth in a leap month counts as the chart counts it
		return !r.In.FixLeap && in("horoscope.monthly", "horoscope.daily", "horoscope.hourly")
	case "D7": // a late 子 hour is the next day's altogether
		return in("horoscope.daily", "horoscope.hourly")
	case "D8":
		return in("horoscope.nominalAge", "horoscope.decadal", "horoscope.age")
	case "D9": // a leap month is halved as fixLeap says
		return !r.In.FixLeap && in("horoscope.monthly", "horoscope.daily", "horoscope.hourly")
	}
	return false
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
