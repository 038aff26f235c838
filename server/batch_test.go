package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/fortunet/fortunet"
)

func (w *world) batch(token string, requests ...string) reply {
	w.t.Helper()
	return w.do(ask{path: "/api/v2/charts/batch", body: `{"requests":[` + strings.Join(requests, ",") + `]}`, token: token})
}

// A batchReply is the answer of batch.
type batchReply struct {
	Success bool
	Results []struct {
		Data   json.RawMessage
		Cached bool
		Error  *problem
	}
}

// A batch answers in order, each chart as it is answered alone; a bad request hinders no
// other; and only what had to be computed costs, once however often it is asked for.
func TestBatch(t *testing.T) {
	w := newWorld(t)
	token, _ := w.guest()
	alone := w.calculate(token, birth(1)).wants(200, "").chart()
	bad := strings.Replace(birth(2), "05-17", "13-17", 1)
	bad = strings.Replace(bad, "2001-12-31", "2001-02-30", 1)
	r := w.batch(token, birth(0), birth(1), bad, birth(3), birth(0), `7`).wants(200, "")
	var got batchReply
	r.decode(&got)
	if !got.Success || len(got.Results) != 6 {
		t.Fatalf("%d results: %s", len(got.Results), r.Body)
	}
	for i, want := range []struct {
		cached bool
		code   string
	}{{false, ""}, {true, ""}, {false, "invalid_date"}, {false, ""}, {true, ""}, {false, "wrong_type"}} {
		result := got.Results[i]
		switch {
		case want.code == "" && (result.Error != nil || len(result.Data) == 0):
			t.Errorf("%d: %+v", i, result.Error)
		case want.code != "" && (result.Error == nil || result.Error.Code != want.code || result.Error.RequestID == ""):
			t.Errorf("%d: error %+v, want %s", i, result.Error, want.code)
		case want.code == "" && result.Cached != want.cached:
			t.Errorf("%d: cached %v, want %v", i, result.Cached, want.cached)
		}
	}
	if string(got.Results[1].Data) != string(alone.Data) || string(got.Results[0].Data) != string(got.Results[4].Data) {
		t.Error("a chart of a batch differs from the same alone")
	}
	if got, want := r.Header.Get("RateLimit"), `"chart_calculation";r=47;t=3600`; got != want {
		t.Errorf("RateLimit %q, want %q", got, want)
	}
	if got := w.calcs.get(); got != 3 {
		t.Errorf("computed %d charts, want 3", got)
	}
}

// A batch of which not everything can be paid for computes nothing and costs nothing.
func TestBatchAllOrNothing(t *testing.T) {
	w := newWorld(t)
	token, _ := w.guest()
	var requests []string
	for n := range 51 {
		requests = append(requests, birth(n))
	}
	w.batch(token, requests...).wants(429, "rate_limited")
	if got := w.calcs.get(); got != 0 {
		t.Errorf("computed %d charts, want none", got)
	}
	r := w.batch(token, requests[:50]...).wants(200, "")
	if got, want := r.Header.Get("RateLimit"), `"chart_calculation";r=0`; !strings.HasPrefix(got, want) {
		t.Errorf("RateLimit %q, want %q", got, want)
	}
	w.batch(token, requests[:50]...).wants(200, "") // all of them hits
	w.batch(token, requests[49:]...).wants(429, "rate_limited")
}

func TestBatchRefused(t *testing.T) {
	w := newWorld(t)
	token, _ := w.guest()
	many := make([]string, fortunet.MostInBatch+1)
	for i := range many {
		many[i] = "{}"
	}
	for body, code := range map[string]string{
		`{}`:                       "missing_field",
		`{"requests":{}}`:          "wrong_type",
		`{"requests":[],"more":1}`: "unknown_field",
		`[]`:                       "wrong_type",
		`{"requests":[`:            "malformed_json",
		`{"requests":[` + strings.Join(many, ",") + `]}`: "too_long",
	} {
		r := w.do(ask{path: "/api/v2/charts/batch", body: body, token: token})
		if r.Status != 400 && r.Status != 422 && r.Status != 413 {
			t.Errorf("%.40s: status %d", body, r.Status)
		}
		if got := r.problem().Code; got != code {
			t.Errorf("%.40s: code %s, want %s", body, got, code)
		}
	}
	w.batch("", birth(0)).wants(401, "sign_in")
	if r := w.batch(token).wants(200, ""); string(r.Body) != `{"success":true,"results":[]}` {
		t.Errorf("of nothing: %s", r.Body)
	}
}

// A horoscope is calculate that insists on one.
func TestHoroscope(t *testing.T) {
	w := newWorld(t)
	token, _ := w.guest()
	asks := func(body string) reply {
		return w.do(ask{path: "/api/v2/charts/horoscope", body: body, token: token})
	}
	if p := asks(birth(0)).wants(400, "missing_field").problem(); p.Field != "horoscope" {
		t.Errorf("field %q", p.Field)
	}
	with := strings.TrimSuffix(birth(0), "}") + `,"horoscope":{"solarDate":"2026-11-23","timeIndex":6}}`
	var data struct {
		Horoscope struct{ NominalAge int }
	}
	if err := json.Unmarshal(asks(with).wants(200, "").chart().Data, &data); err != nil || data.Horoscope.NominalAge != 37 {
		t.Errorf("age %d, %v", data.Horoscope.NominalAge, err)
	}
	if !w.calculate(token, with).wants(200, "").chart().Cached {
		t.Error("calculate does not know what horoscope answered")
	}
}

// Two people's charts are answered once for all who ask, and their order matters.
func TestPair(t *testing.T) {
	w := newWorld(t)
	token, _ := w.guest()
	asks := func(a, b string) reply {
		return w.do(ask{path: "/api/v2/charts/synastry", body: fmt.Sprintf(`{"a":%s,"b":%s}`, a, b), token: token})
	}
	first := asks(birth(0), birth(1)).wants(200, "").chart()
	var data struct {
		A, B    struct{ SolarDate string }
		Pairing map[string]json.RawMessage
	}
	if err := json.Unmarshal(first.Data, &data); err != nil || data.A.SolarDate != "1990-05-17" || data.B.SolarDate != "1984-02-29" || len(data.Pairing) == 0 {
		t.Errorf("%+v, %v", data, err)
	}
	if !asks(birth(0), birth(1)).wants(200, "").chart().Cached {
		t.Error("the same pair was computed again")
	}
	if asks(birth(1), birth(0)).wants(200, "").chart().Cached {
		t.Error("the pair the other way round was taken for the same")
	}
	bad := strings.Replace(birth(1), "female", "other", 1)
	if p := asks(birth(0), bad).wants(400, "invalid_value").problem(); p.Field != "b.gender" {
		t.Errorf("field %q", p.Field)
	}
}
