package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The file with all rows stands beside the source tree where there is one.
const allGolden = "../../../shared/golden/ziwei.jsonl"

// A goldenChart is a chart another program drew.
type goldenChart struct {
	ID          string
	In          map[string]any
	Out         map[string]any
	HoroscopeIn map[string]any
	Horoscope   map[string]any
	Disputed    []string
}

// request returns the request for the chart, as a line.
func (g goldenChart) request(t *testing.T) string {
	t.Helper()
	options := map[string]any{}
	r := map[string]any{"chartType": "ziwei", "options": options}
	for name, value := range g.In {
		switch name {
		case "solarDate":
			r["birthDate"] = value
		case "timeIndex", "gender":
			r[name] = value
		default:
			options[name] = value
		}
	}
	if g.HoroscopeIn != nil {
		r["horoscope"] = g.HoroscopeIn
	}
	line, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(line)
}

func goldenCharts(t *testing.T, path string) (charts []goldenChart) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(raw) {
		var g goldenChart
		if err := json.Unmarshal(line, &g); err != nil {
			t.Fatal(err)
		}
		if len(g.Disputed) == 0 {
			charts = append(charts, g)
		}
	}
	return charts
}

// Ensure the charts that another program draws come out of a pipe the same.
func TestChartLinesGolden(t *testing.T) {
	t.Run("some", func(t *testing.T) { pipeGolden(t, goldenCharts(t, "testdata/ziwei.jsonl"), 8) })
	t.Run("all", func(t *testing.T) {
		if _, err := os.Stat(allGolden); err != nil {
			t.Skip("the file with all golden charts is not here")
		}
		pipeGolden(t, goldenCharts(t, allGolden), 288)
	})
}

func pipeGolden(t *testing.T, charts []goldenChart, count int) {
	if len(charts) != count {
		t.Fatalf("%d charts, want %d", len(charts), count)
	}
	var in strings.Builder
	for _, g := range charts {
		in.WriteString(g.request(t) + "\n")
	}
	got := fortunetRun(t, nil, strings.NewReader(in.String()), "chart", "-")
	lines := strings.Split(strings.TrimSuffix(got.stdout, "\n"), "\n")
	if got.code != exitOK || got.stderr != "" || len(lines) != len(charts) {
		t.Fatalf("status %d, %d lines, %s", got.code, len(lines), got.stderr)
	}
	for i, g := range charts {
		var data map[string]any
		if err := json.Unmarshal([]byte(lines[i]), &data); err != nil {
			t.Fatalf("%s: %v", g.ID, err)
		}
		want := g.Out
		if g.Horoscope != nil {
			want["horoscope"] = g.Horoscope
		}
		compare(t, g.ID, data, want)
	}
}

// compare reports every member of want that got has otherwise, whatever else got has.
func compare(t *testing.T, path string, got, want any) {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		got, ok := got.(map[string]any)
		if !ok {
			t.Errorf("%s is no object", path)
			return
		}
		for name := range want {
			compare(t, path+"."+name, got[name], want[name])
		}
	case []any:
		got, ok := got.([]any)
		if !ok || len(got) != len(want) {
			t.Errorf("%s: got %v, want %v", path, got, want)
			return
		}
		if areStars(path) {
			got, want = inOrder(got), inOrder(want)
		}
		for i := range want {
			compare(t, fmt.Sprintf("%s.%d", path, i), got[i], want[i])
		}
	default:
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, want %v", path, got, want)
		}
	}
}

// areStars reports whether a path leads to the stars of one palace, whose order has no
// meaning.
func areStars(path string) bool { return starPath.MatchString(path) }

var starPath = regexp.MustCompile(`\.palaces\.\d+\.(major|minor|adjective)$|\.(stars|starNames)\.\d+$`)

// inOrder returns stars, or their names, sorted.
func inOrder(list []any) []any {
	key := func(v any) string {
		if star, ok := v.(map[string]any); ok {
			v = star["key"]
		}
		text, _ := v.(string)
		return text
	}
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b any) int { return strings.Compare(key(a), key(b)) })
	return sorted
}

// Ensure a line that is no request is answered in its place and the rest goes on.
func TestChartLinesBad(t *testing.T) {
	const good = `{"chartType":"ziwei","birthDate":"1990-05-17","birthTime":"14:30","gender":"female","timezone":"Asia/Taipei"}`
	in := strings.Join([]string{
		good,
		`{"chartType":"ziwei"`,
		strings.Replace(good, "1990-05-17", "1974-04-01", 1),
		strings.Replace(strings.Replace(good, "1990-05-17", "1974-04-01", 1), "14:30", "00:30", 1),
		strings.Replace(good, "female", "other", 1),
		`{"chartType":"ziwei","birthDate":"` + strings.Repeat("1", maxLine) + `"}`,
		good,
	}, "\n")
	got := fortunetRun(t, nil, strings.NewReader(in), "chart", "-")
	if got.code != exitFailed || !strings.Contains(got.stderr, "4 of the requests") {
		t.Errorf("status %d, %q", got.code, got.stderr)
	}
	lines := strings.Split(strings.TrimSuffix(got.stdout, "\n"), "\n")
	want := []string{"", "malformed_json ", "", "nonexistent_time birthTime", "invalid_value gender", "too_large ", ""}
	if len(lines) != len(want) {
		t.Fatalf("%d lines, want %d", len(lines), len(want))
	}
	for i, line := range lines {
		var answer struct {
			Error struct{ Code, Message, Field string }
		}
		if err := json.Unmarshal([]byte(line), &answer); err != nil {
			t.Fatalf("line %d: %v", i, err)
		}
		if e := answer.Error; want[i] == "" && e.Code != "" || want[i] != "" && (e.Code+" "+e.Field != want[i] || e.Message == "") {
			t.Errorf("line %d: got %+v, want %q", i, e, want[i])
		}
	}
	if lines[0] != lines[6] {
		t.Error("the same request is answered differently")
	}
}

func TestChartTextHoroscope(t *testing.T) {
	got := fortunetRun(t, nil, strings.NewReader(""),
		"chart", "ziwei", "--birth=1990-05-17 14:30", "--gender=female", "--horoscope=2026-11-23", "--horoscope-hour=8")
	if got.code != exitOK || got.stderr != "" {
		t.Fatalf("got %+v", got)
	}
	for _, want := range []string{"虛歲 37", "【運限　2026-11-23　申時", "  流年　丙午　命宮在財帛宮　天同化祿　天機化權　文昌化科　廉貞化忌\n"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("the listing lacks %q", want)
		}
	}
}

func TestChartText(t *testing.T) {
	got := fortunetRun(t, nil, strings.NewReader(""),
		"chart", "ziwei", "--birth", "1990-05-17 14:30", "--gender", "female", "--zone", "Asia/Taipei", "--format", "text")
	if got.code != exitOK || got.stderr != "" {
		t.Fatalf("got %+v", got)
	}
	for _, want := range []string{
		"女命", "1990-05-17　未時", "1990-05-17 14:30:00 Asia/Taipei +08:00；依標準時間 14:30:00", "一九九〇年四月廿三",
		"庚午 辛巳 壬午 丁未", "土五局", "【命宮　丙戌　大限 5–14】\n  主星　貪狼(廟)\n", "武曲(廟)化權", "【福德宮　戊子　身宮",
	} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("the listing lacks %q", want)
		}
	}
	if n := strings.Count(got.stdout, "　大限 "); n != 12 {
		t.Errorf("%d palaces, want 12", n)
	}
	if strings.Index(got.stdout, "【命宮　") > strings.Index(got.stdout, "【兄弟宮　") ||
		strings.Index(got.stdout, "【兄弟宮　") > strings.Index(got.stdout, "【父母宮　") {
		t.Error("the palaces are not in the order people read them")
	}
}

// Ensure every flag reaches the request, and the environment where there is no flag.
func TestChartFlags(t *testing.T) {
	for _, test := range []struct {
		name string
		env  map[string]string
		args []string
		same string // the request it must be the same as
	}{
		{"time", nil, []string{"--birth=1990-05-17 14:30:05", "--gender=male"},
			`{"birthDate":"1990-05-17","birthTime":"14:30:05","gender":"male","timezone":"Asia/Taipei"}`},
		{"T between", nil, []string{"--birth=1990-05-17T14:30", "--gender=male"},
			`{"birthDate":"1990-05-17","birthTime":"14:30","gender":"male","timezone":"Asia/Taipei"}`},
		{"hour", nil, []string{"--birth=1990-05-17", "--hour=0", "--gender=male", "--language=en"},
			`{"birthDate":"1990-05-17","timeIndex":0,"gender":"male","language":"en"}`},
		{"lunar", nil, []string{"--birth=2023-02-10", "--lunar", "--leap", "--hour=3", "--gender=female"},
			`{"birthDate":"2023-02-10","calendar":"lunar","leapMonth":true,"timeIndex":3,"gender":"female"}`},
		{"place and options", nil, []string{"--birth=1979-09-30 23:30", "--gender=male", "--latitude=25.04", "--longitude=121.5",
			"--option=timeBasis=trueSolar", "--option=pass=second", "--option=fixLeap=false", "--option=tables.kuiyue=geng-xin",
			"--option=tables.changsheng=earth-fire"},
			`{"birthDate":"1979-09-30","birthTime":"23:30","gender":"male","timezone":"Asia/Taipei",
			"location":{"latitude":25.04,"longitude":121.5},"options":{"timeBasis":"trueSolar","pass":"second","fixLeap":false,
			"tables":{"kuiyue":"geng-xin","changsheng":"earth-fire"}}}`},
		{"environment", map[string]string{"FORTUNET_ZONE": "Europe/London", "FORTUNET_GENDER": "female", "FORTUNET_LUNAR": "true"},
			[]string{"--birth=1990-05-17 14:30", "--gender=male"},
			`{"birthDate":"1990-05-17","calendar":"lunar","birthTime":"14:30","gender":"male","timezone":"Europe/London"}`},
	} {
		got := fortunetRun(t, test.env, strings.NewReader(""), append([]string{"chart", "ziwei", "--format=json"}, test.args...)...)
		line := strings.ReplaceAll(test.same, "\n", " ")
		want := fortunetRun(t, nil, strings.NewReader(`{"chartType":"ziwei",`+line[1:]), "chart", "-")
		if want.code != exitOK {
			t.Fatalf("%s: %+v", test.name, want)
		}
		if got != want {
			t.Errorf("%s: got %.300s %s, want %.300s", test.name, got.stdout, got.stderr, want.stdout)
		}
	}
}

func TestChartRefused(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"ziwei"}, "gender"},
		{[]string{"vedic", "--birth=1990-05-17 14:30", "--gender=male"}, "chartType"},
		{[]string{"ziwei", "--birth=1990-05-17 14:30", "--gender=male", "--zone=Mars"}, "timezone"},
		{[]string{"ziwei", "--birth=1990-05-17 14:30", "--gender=male", "--latitude=95", "--longitude=0"}, "location.latitude"},
		{[]string{"ziwei", "--birth=1990-05-17 14:30", "--gender=male", "--option=algorithm"}, "NAME=VALUE"},
		{[]string{"ziwei", "--birth=1990-05-17 14:30", "--gender=male", "--option=algorithm=mine"}, "options.algorithm"},
		{[]string{"ziwei", "--birth=1974-04-01 00:30", "--gender=male"}, "1974-03-31T16:30:00Z"},
	} {
		got := fortunetRun(t, nil, strings.NewReader(""), append([]string{"chart"}, test.args...)...)
		if got.code != exitFailed || got.stdout != "" || !strings.Contains(got.stderr, test.want) {
			t.Errorf("%v: got %+v, want a word of %q", test.args, got, test.want)
		}
	}
}

// A place by name stands for coordinates and zone, and pictures come out as such.
func TestChartPlaceAndPicture(t *testing.T) {
	got := fortunetRun(t, nil, strings.NewReader(""),
		"chart", "zodiac", "--birth", "1990-05-17 14:30", "--place", "London, Canada", "--format=json")
	for _, want := range []string{`"zone":"America/Toronto"`, `"latitude":42.9834`, `"bodies":{`} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("the chart lacks %s: %s", want, got.stderr)
		}
	}
	got = fortunetRun(t, nil, strings.NewReader(""), "chart", "zodiac", "--birth", "1990-05-17 14:30", "--place", "nowhere at all")
	if got.code == exitOK || !strings.Contains(got.stderr, "nowhere at all") {
		t.Errorf("got %+v", got)
	}
	for format, want := range map[string]string{"svg": "<svg ", "png": "\x89PNG", "markdown": "# 紫微斗數命盤", "text": "┌───"} {
		got := fortunetRun(t, nil, strings.NewReader(""),
			"chart", "ziwei", "--birth", "1990-05-17 14:30", "--gender=female", "--format", format, "--theme=dark", "--width=400")
		if got.code != exitOK || !strings.HasPrefix(got.stdout, want) {
			t.Errorf("%s: %.60q %s", format, got.stdout, got.stderr)
		}
	}
	got = fortunetRun(t, nil, strings.NewReader(""), "chart", "ziwei", "--birth=1990-05-17 14:30", "--gender=female", "--format=png", "--width=9")
	if got.code == exitOK || !strings.Contains(got.stderr, "--width=9") {
		t.Errorf("got %+v", got)
	}
}
