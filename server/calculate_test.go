package server_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/objects"
)

// A hit says what the first answer said, and costs nothing.
func TestCalculateHit(t *testing.T) {
	w := newWorld(t)
	token, _ := w.guest()
	first := w.calculate(token, birth(0)).wants(200, "")
	miss := first.chart()
	if !miss.Success || miss.Cached || miss.CalculationTime <= 0 || !strings.HasPrefix(miss.ChartKey, "ziwei:"+fortunet.EngineVersion+":") {
		t.Errorf("the first answer: %+v", miss)
	}
	if got, want := first.Header.Get("RateLimit"), `"chart_calculation";r=49;t=3600`; got != want {
		t.Errorf("RateLimit %q, want %q", got, want)
	}
	if got, want := first.Header.Get("RateLimit-Policy"), `"chart_calculation";q=50;w=3600`; got != want {
		t.Errorf("RateLimit-Policy %q, want %q", got, want)
	}
	for range 60 {
		again := w.calculate(token, birth(0)).wants(200, "")
		hit := again.chart()
		if !hit.Cached || string(hit.Data) != string(miss.Data) || hit.ChartKey != miss.ChartKey {
			t.Fatalf("a hit differs: cached %v, key %s", hit.Cached, hit.ChartKey)
		}
		if got, want := again.Header.Get("Content-Length"), strconv.Itoa(len(again.Body)); got != want {
			t.Fatalf("Content-Length %s, want %s", got, want)
		}
		if got, want := again.Header.Get("RateLimit"), `"chart_calculation";r=49;t=3`; !strings.HasPrefix(got, want) {
			t.Fatalf("a hit cost something: RateLimit %q, want %q", got, want)
		}
	}
	if got := w.calcs.get(); got != 1 {
		t.Errorf("computed %d times, want once", got)
	}
	// The same chart asked for in other words, by somebody else.
	other, _ := w.guest()
	same := strings.Replace(birth(0), `"gender"`, `"calendar":"solar", "gender"`, 1)
	if got := w.calculate(other, same).wants(200, "").chart(); !got.Cached || got.ChartKey != miss.ChartKey {
		t.Errorf("the same birth has another key: %+v", got.ChartKey)
	}
	if strings.Contains(miss.ChartKey, "1990") {
		t.Error("the key tells the birth")
	}
}

// The 51st chart that has to be computed within an hour is refused, and it alone.
func TestCalculateLimit(t *testing.T) {
	w := newWorld(t)
	token, id := w.account("ann@example.org")
	for n := range 50 {
		w.calculate(token, birth(n)).wants(200, "")
	}
	for range 3 { // refused requests do not prolong the wait
		refused := w.calculate(token, birth(50)).wants(429, "rate_limited")
		p := refused.problem()
		if p.Error != "Rate limit exceeded" || p.PlanType != "free" || p.RetryAfter < 3500 || p.RetryAfter > 3660 {
			t.Errorf("refusal %+v", p)
		}
		if got, want := refused.Header.Get("Retry-After"), strconv.Itoa(p.RetryAfter); got != want {
			t.Errorf("Retry-After %q, want %q", got, want)
		}
		if got, want := refused.Header.Get("RateLimit"), `"chart_calculation";r=0`; !strings.HasPrefix(got, want) {
			t.Errorf("RateLimit %q, want %q", got, want)
		}
	}
	w.calculate(token, birth(7)).wants(200, "") // a hit still passes
	w.do(ask{path: "/api/v2/session", token: token}).wants(200, "")
	if got := w.calcs.get(); got != 50 {
		t.Errorf("computed %d charts, want 50", got)
	}
	// A better plan holds at once and forgets nothing of what was counted.
	w.plan(id, fortunet.Premium)
	got := w.calculate(token, birth(50)).wants(200, "").Header.Get("RateLimit")
	if want := `"chart_calculation";r=949;t=3600`; got != want {
		t.Errorf("after the plan changed RateLimit is %q, want %q", got, want)
	}
	w.plan(id, fortunet.Free)
	w.calculate(token, birth(51)).wants(429, "rate_limited")
}

// All guests of an address together have ten times one guest's allowance, those of
// another address their own.
func TestGuestsOfOneAddress(t *testing.T) {
	rules := fortunet.DefaultRules()
	if err := rules.Configure("chart_calculation=2/1h"); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, func(c *setup) { c.Rules = rules })
	n := 0
	for range 10 {
		token, _ := w.guest()
		for range 2 {
			w.calculate(token, birth(n)).wants(200, "")
			n++
		}
		w.calculate(token, birth(n)).wants(429, "rate_limited")
	}
	token, id := w.guest()
	refused := w.calculate(token, birth(n)).wants(429, "rate_limited")
	if got, want := refused.Header.Get("RateLimit-Policy"), `"chart_calculation";q=20;w=3600`; got != want {
		t.Errorf("RateLimit-Policy %q, want that of all guests, %q", got, want)
	}
	usage, err := objects.Usage(t.Context(), objects.Limiters.Get(w.rt, id), fortunet.Free)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range usage {
		if u.Class == fortunet.ClassChartCalculation && u.Current != 0 {
			t.Errorf("the refused guest was counted: %+v", u)
		}
	}
	w.do(ask{path: "/api/v2/charts/calculate", body: birth(n), token: token, from: "198.51.100.7"}).wants(200, "")
}

// Those who ask for one chart at once wait for one computation, and one of them pays.
func TestCalculateOnce(t *testing.T) {
	begun, go_ := make(chan struct{}, 1), make(chan struct{})
	w := newWorld(t, func(c *setup) {
		compute := c.compute
		c.compute = func(q fortunet.Question) (string, error) {
			begun <- struct{}{}
			<-go_
			return compute(q)
		}
	})
	token, id := w.account("ann@example.org")
	const callers = 16
	answers := make([]chart, callers)
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() { answers[i] = w.calculate(token, birth(1)).chart() })
	}
	<-begun
	close(go_)
	wg.Wait()
	computed := 0
	for _, a := range answers {
		if !a.Success || string(a.Data) != string(answers[0].Data) {
			t.Errorf("an answer differs: %+v", a.ChartKey)
		}
		if !a.Cached {
			computed++
		}
	}
	if got := w.calcs.get(); got != 1 || computed != 1 {
		t.Errorf("computed %d times, told %d callers so; want 1 and 1", got, computed)
	}
	usage, err := objects.Usage(t.Context(), objects.Limiters.Get(w.rt, id), fortunet.Free)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range usage {
		if u.Class == fortunet.ClassChartCalculation && u.Current != 1 {
			t.Errorf("counted %d, want 1", u.Current)
		}
	}
}

// A calculation is the newest of the active charts.
func TestCalculateNotesChart(t *testing.T) {
	w := newWorld(t)
	token, _ := w.guest()
	var keys []string
	for n := range 3 {
		keys = append(keys, w.calculate(token, birth(n)).wants(200, "").chart().ChartKey)
	}
	w.calculate(token, birth(0))
	keys = append(keys[1:], keys[0])
	var view objects.SessionView
	w.do(ask{path: "/api/v2/session", token: token}).wants(200, "").decode(&view)
	if got, want := fmt.Sprint(view.ActiveCharts), fmt.Sprint(keys); got != want {
		t.Errorf("active charts %s, want %s", got, want)
	}
}

func TestCalculateRefusals(t *testing.T) {
	w := newWorld(t)
	token, id := w.guest()
	for _, c := range []struct {
		name, body string
		status     int
		code       string
		field      string
	}{
		{"no JSON", `{`, 400, "malformed_json", ""},
		{"nothing", ` `, 400, "malformed_json", ""},
		{"a list", `[]`, 400, "wrong_type", ""},
		{"empty", `{}`, 400, "missing_field", "chartType"},
		{"unknown member", `{"chartType":"ziwei","birthdate":"1990-05-17"}`, 400, "unknown_field", "birthdate"},
		{"twice", `{"chartType":"ziwei","chartType":"ziwei"}`, 400, "duplicate_field", "chartType"},
		{"type", `{"chartType":7}`, 400, "wrong_type", "chartType"},
		{"value", `{"chartType":"tarot"}`, 400, "invalid_value", "chartType"},
		{"not UTF-8", "{\"chartType\":\"zi\xffwei\"}", 400, "invalid_utf8", "chartType"},
		{"date", strings.Replace(birth(0), "1990-05-17", "1990-02-30", 1), 400, "invalid_date", "birthDate"},
		{"range", strings.Replace(birth(0), "1990", "1890", 1), 400, "out_of_range", "birthDate"},
		{"zone", strings.Replace(birth(0), "Taipei", "Taibei", 1), 400, "unknown_zone", "timezone"},
		{"deep", `{"options":` + strings.Repeat(`{"tables":`, 9000) + "1" + strings.Repeat("}", 9001), 400, "unknown_field", "options.tables.tables"},
		{"never was", `{"chartType":"ziwei","birthDate":"2025-03-09","birthTime":"02:30","gender":"male","timezone":"America/New_York"}`, 400, "nonexistent_time", "birthTime"},
		{"huge", `{"chartType":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "too_large", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			for range 2 { // the second time from the cache, where it was the request's own fault
				p := w.calculate(token, c.body).wants(c.status, c.code).problem()
				if p.Field != c.field {
					t.Errorf("field %q, want %q", p.Field, c.field)
				}
			}
		})
	}
	w.t = t
	post := ask{path: "/api/v2/charts/calculate", body: birth(0)}
	post.wants(w, 401, "sign_in")
	for _, bad := range []string{"nonsense", "a.b", strings.Repeat("x", 300), token + "x", token[:len(token)-1]} {
		post.token = bad
		post.wants(w, 401, "invalid_token")
	}
	post.token = token
	for media, status := range map[string]int{"text/plain": 415, "application/x-www-form-urlencoded": 415, "application/xml": 415,
		"application/json; charset=utf-8": 200, "application/vnd.fortunet+json": 200} {
		post.header = map[string]string{"Content-Type": media}
		post.wants(w, status, "unsupported_media_type")
	}
	w.do(ask{method: "GET", path: "/api/v2/charts/calculate", token: token}).wants(405, "method_not_allowed")
	usage, err := objects.Usage(t.Context(), objects.Limiters.Get(w.rt, id), fortunet.Free)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range usage {
		if u.Class == fortunet.ClassChartCalculation && u.Current != 1 {
			t.Errorf("bad requests were counted: %+v", u)
		}
	}
}

func (a ask) wants(w *world, status int, code string) reply {
	w.t.Helper()
	return w.do(a).wants(status, code)
}

// A blocked user and a blocked address are refused, hits too, whichever of them it is.
func TestBlocked(t *testing.T) {
	w := newWorld(t)
	token, id := w.account("ann@example.org")
	w.calculate(token, birth(0)).wants(200, "")
	for _, who := range []string{id, "ip:192.0.2.1"} {
		limiter := objects.Limiters.Get(w.rt, who)
		if _, err := objects.BlockClient(t.Context(), limiter, objects.BlockRequest{Seconds: 60, Reason: "test"}); err != nil {
			t.Fatal(err)
		}
		for _, a := range []ask{{path: "/api/v2/charts/calculate", body: birth(0)}, {path: "/api/v2/session"}} {
			a.token = token
			r := w.do(a).wants(429, "blocked")
			if p := r.problem(); p.RetryAfter < 55 || p.RetryAfter > 60 || r.Header.Get("Retry-After") == "" {
				t.Errorf("a block of a minute says to wait %d s", p.RetryAfter)
			}
		}
		if _, err := objects.UnblockClient(t.Context(), limiter, struct{}{}); err != nil {
			t.Fatal(err)
		}
		w.calculate(token, birth(0)).wants(200, "")
	}
}

// The language of a chart is the request's, then the header's, then zh-TW.
func TestCalculateLanguage(t *testing.T) {
	w := newWorld(t)
	token, _ := w.guest()
	for _, c := range []struct{ header, inBody, want string }{
		{"", "", "zh-TW"}, {"en-GB,en;q=0.8", "", "en"}, {"en", "ja", "ja"}, {"xx", "", "zh-TW"},
	} {
		a := ask{path: "/api/v2/charts/calculate", token: token, body: birth(0), header: map[string]string{}}
		if c.header != "" {
			a.header["Accept-Language"] = c.header
		}
		if c.inBody != "" {
			a.body = strings.Replace(a.body, `{`, `{"language":"`+c.inBody+`",`, 1)
		}
		var data struct{ Data struct{ Language string } }
		a.wants(w, 200, "").decode(&data)
		if data.Data.Language != c.want {
			t.Errorf("header %q, body %q: %q, want %q", c.header, c.inBody, data.Data.Language, c.want)
		}
	}
}

// Gzip is used where it is asked for, and says the same.
func TestCalculateGzip(t *testing.T) {
	w := newWorld(t)
	token, _ := w.guest()
	plain := w.calculate(token, birth(0)).wants(200, "").chart()
	a := ask{path: "/api/v2/charts/calculate", token: token, body: birth(0), header: map[string]string{"Accept-Encoding": "br, gzip"}}
	zipped := a.wants(w, 200, "")
	if zipped.Header.Get("Content-Encoding") != "gzip" || zipped.Header.Get("Content-Length") != "" {
		t.Fatalf("headers %v", zipped.Header)
	}
	zipped.Body = gunzip(t, zipped.Body)
	if got := zipped.chart(); string(got.Data) != string(plain.Data) {
		t.Error("the compressed chart differs")
	}
	a.header["Accept-Encoding"] = "gzip;q=0"
	if got := a.wants(w, 200, "").Header.Get("Content-Encoding"); got != "" {
		t.Errorf("Content-Encoding %q though gzip was refused", got)
	}
	a.header["Accept-Encoding"], a.body = "gzip", "{"
	if got := a.wants(w, http.StatusBadRequest, "malformed_json").Header.Get("Content-Encoding"); got != "" {
		t.Errorf("a short answer is compressed: %q", got)
	}
}
