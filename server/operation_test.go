package server_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/server"
)

func TestReadiness(t *testing.T) {
	var broken error
	w := newWorld(t, func(c *setup) {
		c.Ready = []server.Probe{{Name: "database", Check: func(context.Context) error { return nil }},
			{Name: "store", Check: func(context.Context) error { return broken }}}
	})
	report := func(status int) string {
		t.Helper()
		r := w.do(ask{path: "/readyz"})
		if r.Status != status {
			t.Errorf("status %d, want %d: %s", r.Status, status, r.Body)
		}
		return string(r.Body)
	}
	if got, want := report(200), `{"ready":true,"checks":{"database":"ok","store":"ok"}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	w.s.Drain()
	if got := report(503); !strings.Contains(got, "stopping") {
		t.Errorf("got %s", got)
	}
	broken = fault.Wrap(errors.New("disk /var/lib/x is full"), fault.Unavailable, "the disk is full")
	other := newWorld(t, func(c *setup) {
		c.Ready = []server.Probe{{Name: "store", Check: func(context.Context) error { return broken }}}
	})
	w = other
	if got := report(503); !strings.Contains(got, "the disk is full") || strings.Contains(got, "/var") {
		t.Errorf("got %s", got)
	}
	w.do(ask{path: "/healthz"}).wants(200, "") // it lives
}

// /metrics names routes and types, and can be kept off the public address.
func TestMetrics(t *testing.T) {
	w := newWorld(t, func(c *setup) {
		c.Figures = []server.Figure{{Name: "store_disk_bytes", Help: "Bytes.", Value: func() float64 { return 42 }},
			{Name: "store_writes_total", Help: "Writes.", Counter: true, Value: func() float64 { return 7 }}}
	})
	token, _ := w.guest()
	w.calculate(token, birth(0))
	w.calculate(token, "{")
	w.do(ask{path: "/api/v2/nothing/at/all"})
	w.do(ask{method: "DELETE", path: "/api/v2/session/charts/some-chart", token: token})
	r := w.do(ask{path: "/metrics"}).wants(200, "")
	for _, line := range []string{
		`fortunet_http_requests_total{route="POST /api/v2/charts/calculate",status="200"} 1`,
		`fortunet_http_requests_total{route="POST /api/v2/charts/calculate",status="400"} 1`,
		`fortunet_http_requests_total{route="DELETE /api/v2/session/charts/{id}",status="404"} 1`,
		`fortunet_http_request_seconds_count{route="POST /api/v2/auth/guest"} 1`,
		`fortunet_objects_live{type="session"} 1`,
		`fortunet_objects_event_seconds_count{type="chartcache"} `,
		`fortunet_store_disk_bytes 42`, `fortunet_store_writes_total 7`, "go_goroutines ", "process_cpu_seconds_total ",
		"fortunet_http_requests_in_flight 1",
	} {
		if !strings.Contains(string(r.Body), line) {
			t.Errorf("no %s", line)
		}
	}
	if strings.Contains(string(r.Body), "some-chart") || strings.Contains(string(r.Body), "nothing/at") {
		t.Error("a path is in the metrics")
	}
	hidden := newWorld(t, func(c *setup) { c.HideMetrics = true })
	hidden.do(ask{path: "/metrics"}).wants(404, "not_found")
	rec := httptest.NewRecorder()
	hidden.s.MetricsHTTP().Handler.ServeHTTP(rec, httptest.NewRequest("GET", "/metrics", nil))
	if rec.Code != 200 || !strings.Contains(rec.Body.String(), "fortunet_objects_live") {
		t.Errorf("metrics of their own address: %d", rec.Code)
	}
}

// Nothing of who asked for what is in any log or figure, whatever goes wrong.
func TestNothingPersonalIsLogged(t *testing.T) {
	w := newWorld(t, func(c *setup) {
		c.Origins = []string{"https://app.example.org"}
	})
	ts := w.listen(t)
	in := w.do(ask{path: "/api/v2/auth/register", from: "203.0.113.77", header: map[string]string{"User-Agent": "agent-marker"},
		body: `{"email":"marker.person@example.org","password":"password-marker","name":"Name-Marker"}`}).signedIn()
	token := in.Token
	a := ask{path: "/api/v2/charts/calculate", token: token, from: "203.0.113.77"}
	for _, body := range []string{strings.Replace(birth(0), "1990-05-17", "1987-06-05", 1), `{"marker-member":1}`, `{"birthDate":"1987-06-05"`, "\xff",
		strings.Replace(birth(0), `"timezone"`, `"location":{"latitude":12.3456,"longitude":98.7654,"name":"Place-Marker"},"timezone"`, 1)} {
		a.body = body
		w.do(a)
	}
	w.do(ask{path: "/api/v2/auth/login", from: "203.0.113.77", body: `{"email":"marker.person@example.org","password":"wrong-marker"}`})
	w.do(ask{path: "/api/v2/session?marker-query=1", token: token})
	w.do(ask{path: "/path-marker/x"})
	w.do(ask{path: "/api/v2/session", token: "token-marker"})
	w.do(ask{method: "PATCH", path: "/api/v2/session", token: token, body: `{"metadata":{"marker-metadata":1},"preferences":{"timezone":"marker-zone"}}`})
	w.dial(t, ts, "?ticket=ticket-marker", nil)
	w.do(ask{method: "DELETE", path: "/api/v2/account", token: token})
	// Clocks, names of requests and counts are digits that may be anybody's by chance.
	chance := regexp.MustCompile(`"time":"[^"]*"|"id":"[0-9a-f]{16}"|"took":\d+|(?m: [0-9.e+-]+$)`)
	all := chance.ReplaceAllString(w.logs.String()+string(w.do(ask{path: "/metrics"}).Body), "")
	for _, secret := range []string{"203.0.113", "192.0.2.1", "marker", "Marker", "1987", "12.3456", token, strings.Split(token, ".")[1], in.User.ID, "127.0.0.1"} {
		if at := strings.Index(all, secret); at >= 0 {
			t.Errorf("%q is told: …%s…", secret, all[max(0, at-150):min(len(all), at+50)])
		}
	}
	if !strings.Contains(all, `"route":"POST /api/v2/charts/calculate"`) {
		t.Error("the access log is empty")
	}
}

// What an operator does is logged, with who and what.
func TestOperatorsAreLogged(t *testing.T) {
	w := newWorld(t)
	root, rootID := w.operator()
	w.do(ask{path: "/api/v2/admin/limits/ip:203.0.113.9/block", token: root, body: `{"reason":"x"}`}).wants(200, "")
	w.do(ask{method: "DELETE", path: "/api/v2/admin/objects/chartcache/some-chart", token: root}).wants(200, "")
	w.do(ask{path: "/api/v2/admin/limits/203.0.113.9", token: root}).wants(200, "")
	w.do(ask{method: "PATCH", path: "/api/v2/admin/users/ann@example.org", token: root, body: `{"plan":"premium"}`}).wants(404, "not_found")
	logs := w.logs.String()
	for _, part := range []string{`"user":"` + rootID + `"`, `"route":"POST /api/v2/admin/limits/{id}/block"`, `"about":"chartcache/some-chart"`} {
		if !strings.Contains(logs, part) {
			t.Errorf("no %s in the log", part)
		}
	}
	if strings.Contains(logs, "203.0.113.9") || strings.Contains(logs, "ann@") {
		t.Error("an address is logged")
	}
}

// A handler that panics answers 500 with an id, and the server goes on.
func TestPanic(t *testing.T) {
	w := newWorld(t, func(c *setup) {
		c.Web = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("secret-marker") })
		c.Ready = []server.Probe{{Name: "x", Check: func(context.Context) error { panic("probe-marker") }}}
	})
	rec := httptest.NewRecorder()
	w.s.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	r := reply{t, rec.Code, rec.Result().Header, rec.Body.Bytes()}
	r.wants(500, "internal")
	if strings.Contains(string(r.Body), "marker") || !strings.Contains(w.logs.String(), "secret-marker") {
		t.Errorf("answer %s", r.Body)
	}
	probed := w.do(ask{path: "/readyz"})
	if probed.Status != 503 || strings.Contains(string(probed.Body), "marker") || !strings.Contains(w.logs.String(), "probe-marker") {
		t.Errorf("a probe that panics: %d %s", probed.Status, probed.Body)
	}
	w.do(ask{path: "/healthz"}).wants(200, "")
}

// A probe that hangs costs an answer, the next one too, and not a goroutine each time.
func TestReadinessOfWhatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var begun atomic.Int32
		hung := make(chan struct{})
		w := newWorld(t, func(c *setup) {
			c.Ready = []server.Probe{{Name: "disk", Check: func(context.Context) error { begun.Add(1); <-hung; return nil }},
				{Name: "other", Check: func(context.Context) error { return nil }}}
		})
		for range 3 {
			time.Sleep(time.Second)
			r := w.do(ask{path: "/readyz"})
			if got, want := string(r.Body), `{"ready":false,"checks":{"disk":"there is no answer","other":"ok"}}`; r.Status != 503 || got != want {
				t.Errorf("status %d: %s, want %s", r.Status, got, want)
			}
		}
		if n := begun.Load(); n != 1 {
			t.Errorf("%d probes were begun, want 1", n)
		}
		close(hung)
		time.Sleep(time.Second)
		w.do(ask{path: "/readyz"}).wants(200, "")
		if logs := w.logs.String(); strings.Count(logs, "not ready") != 1 || strings.Count(logs, "ready again") != 1 {
			t.Errorf("the log says %s", logs)
		}
	})
}

// An unknown address and a known one cost one hash each.
func TestLoginHashesOnce(t *testing.T) {
	w := newWorld(t)
	w.account("ann@example.org")
	for _, email := range []string{"ann@example.org", "nobody@example.org", "not an address"} {
		before := w.s.Hashes()
		w.do(ask{path: "/api/v2/auth/login", body: `{"email":"` + email + `","password":"wrong horse"}`}).wants(401, "wrong_credentials")
		if got := w.s.Hashes() - before; got != 1 {
			t.Errorf("%s: %d hashes, want 1", email, got)
		}
	}
}

func TestPasswordHash(t *testing.T) {
	phc := server.HashPassword("correct horse")
	if !strings.HasPrefix(phc, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %s", phc)
	}
	if phc == server.HashPassword("correct horse") {
		t.Error("two hashes have one salt")
	}
	for password, want := range map[string]bool{"correct horse": true, "correct Horse": false, "": false, "correct horse ": false} {
		if got := server.VerifyPassword(phc, password); got != want {
			t.Errorf("%q: %v, want %v", password, got, want)
		}
	}
	cut := strings.LastIndex(phc, "$")
	for name, bad := range map[string]string{"empty": "", "words": "password", "another kind": strings.Replace(phc, "argon2id", "argon2i", 1),
		"another version": strings.Replace(phc, "v=19", "v=16", 1), "no key": phc[:cut+1], "short key": phc[:cut+5], "bad base64": phc[:cut+1] + "!!!",
		"huge": strings.Replace(phc, "m=19456", "m=4194304", 1), "slow": strings.Replace(phc, "t=2", "t=1000", 1), "no pass": strings.Replace(phc, "t=2", "t=0", 1),
		"no lane": strings.Replace(phc, "p=1", "p=0", 1), "negative": strings.Replace(phc, "t=2", "t=-2", 1), "more": phc + "$x"} {
		if server.VerifyPassword(bad, "correct horse") {
			t.Errorf("%s: verified", name)
		}
	}
	// A weaker hash of before, with its own parameters, still verifies.
	if !server.VerifyPassword("$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$"+weakKey, "correct horse") {
		t.Error("a hash with other parameters is refused")
	}
}

// While a limiter cannot be asked, what may fail open passes, and what may not does not.
func TestLimiterUnreachable(t *testing.T) {
	closed := fortunet.DefaultRules()
	rule := closed.Rule(fortunet.ClassDefault, fortunet.Free)
	rule.FailOpen = false
	if err := closed.Set(fortunet.ClassDefault, fortunet.Free, rule); err != nil {
		t.Fatal(err)
	}
	for name, rules := range map[string]fortunet.Rules{"open": fortunet.DefaultRules(), "closed": closed} {
		w := newWorld(t, func(c *setup) { c.Rules = rules })
		token, _ := w.guest()
		w.store.OnLoad = failLoads("ratelimit")
		a := ask{path: "/api/v2/session", token: token, from: "198.51.100.99"}
		if name == "open" {
			a.wants(w, 200, "")
		} else {
			a.wants(w, 503, "unavailable")
		}
		w.store.OnLoad = nil
	}
}

// While the cache cannot be asked, charts are computed without it, and say so in the
// log; they cost what a chart costs.
func TestCacheUnreachable(t *testing.T) {
	w := newWorld(t)
	token, _ := w.guest()
	w.store.OnLoad = failLoads("chartcache")
	for n := range 2 {
		r := w.calculate(token, birth(0)).wants(200, "")
		if c := r.chart(); c.Cached || len(c.Data) < 1000 {
			t.Errorf("chart %+v", c.ChartKey)
		}
		if got, want := r.Header.Get("RateLimit"), `"chart_calculation";r=`+[]string{"49", "48"}[n]+`;`; !strings.HasPrefix(got, want) {
			t.Errorf("RateLimit %q, want %q", got, want)
		}
	}
	if !strings.Contains(w.logs.String(), "computed without it") {
		t.Error("nothing is logged")
	}
	w.store.OnLoad = nil
}

// weakKey is the key of "correct horse" by argon2id of 64 KiB and one pass.
const weakKey = "bIKRw3Ua1pluirFy81fnppmR01EnUxY3hLEBwbWxBG8"
