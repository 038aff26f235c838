package server_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/objects"
)

// Everything below /api/v2/admin/ is for operators alone.
func TestAdminOnly(t *testing.T) {
	w := newWorld(t)
	root, _ := w.operator()
	ann, _ := w.account("ann@example.org")
	for _, pattern := range w.s.Routed() {
		method, path, _ := strings.Cut(pattern, " ")
		if !strings.HasPrefix(path, "/api/v2/admin/") {
			continue
		}
		path = strings.NewReplacer("{type}", "session", "{name}", "x", "{id}", "x").Replace(path)
		w.do(ask{method: method, path: path}).wants(401, "sign_in")
		w.do(ask{method: method, path: path, token: ann}).wants(403, "admin_only")
		if r := w.do(ask{method: method, path: path, token: root, body: "{}"}); r.Status == 401 || r.Status == 403 {
			t.Errorf("%s: %d for an operator", pattern, r.Status)
		}
	}
}

func TestAdminObjects(t *testing.T) {
	w := newWorld(t)
	root, _ := w.operator()
	ann, annID := w.account("ann@example.org")
	w.do(ask{path: "/api/v2/session", token: ann})
	var types []durable.TypeStats
	w.do(ask{path: "/api/v2/admin/objects", token: root}).wants(200, "").decode(&types)
	if len(types) != len(w.rt.Types()) {
		t.Errorf("types %+v", types)
	}
	var page struct {
		Names []string
		Next  string
	}
	w.do(ask{path: "/api/v2/admin/objects/session?limit=1", token: root}).wants(200, "").decode(&page)
	if len(page.Names) != 1 || page.Next != page.Names[0] {
		t.Fatalf("page %+v", page)
	}
	first := page.Names[0]
	page.Next = ""
	w.do(ask{path: "/api/v2/admin/objects/session?limit=5&after=" + first, token: root}).wants(200, "").decode(&page)
	if len(page.Names) != 1 || page.Names[0] == first || page.Next != "" {
		t.Errorf("second page %+v", page)
	}
	r := w.do(ask{path: "/api/v2/admin/objects/session/" + annID, token: root}).wants(200, "")
	if !strings.Contains(string(r.Body), "ann@example.org") || strings.Contains(strings.ToLower(string(r.Body)), "hash") {
		t.Errorf("inspection %s", r.Body)
	}
	// A name may hold anything.
	w.guest()
	w.do(ask{method: "POST", path: "/api/v2/auth/guest", from: "2001:db8::1"})
	var seen durable.Inspection
	w.do(ask{path: "/api/v2/admin/objects/ratelimit/" + url.PathEscape("ip:2001:db8::/64"), token: root}).wants(200, "").decode(&seen)
	if !seen.Exists && !seen.Live {
		t.Errorf("inspection of an address: %+v", seen)
	}
	w.do(ask{method: "DELETE", path: "/api/v2/admin/objects/session/" + annID, token: root}).wants(200, "")
	w.do(ask{path: "/api/v2/session", token: ann}).wants(401, "invalid_token")
	w.do(ask{path: "/api/v2/admin/objects/nothing", token: root}).wants(404, "not_found")
	w.do(ask{path: "/api/v2/admin/objects/nothing/x", token: root}).wants(404, "not_found")
	w.do(ask{method: "DELETE", path: "/api/v2/admin/objects/nothing/x", token: root}).wants(404, "not_found")
	for _, q := range []string{"?limit=0", "?limit=1001"} {
		w.do(ask{path: "/api/v2/admin/objects/session" + q, token: root}).wants(400, "out_of_range")
	}
	w.do(ask{path: "/api/v2/admin/objects/session?limit=x", token: root}).wants(400, "wrong_type")
	w.do(ask{path: "/api/v2/admin/objects/session?all=1", token: root}).wants(400, "unknown_field")
}

func TestAdminLimits(t *testing.T) {
	w := newWorld(t)
	root, _ := w.operator()
	ann, annID := w.account("ann@example.org")
	for n := range 50 {
		w.calculate(ann, birth(n))
	}
	w.calculate(ann, birth(50)).wants(429, "rate_limited")
	var usage []objects.ClassUsage
	w.do(ask{path: "/api/v2/admin/limits/" + annID + "?plan=premium", token: root}).wants(200, "").decode(&usage)
	for _, u := range usage {
		if u.Class == fortunet.ClassChartCalculation && (u.Current != 50 || u.Limit != 1000 || u.WindowMS != 3600_000 || u.PlanType != "premium") {
			t.Errorf("usage %+v", u)
		}
	}
	w.do(ask{path: "/api/v2/admin/limits/" + annID + "?plan=gold", token: root}).wants(400, "invalid_value")
	reset := ask{path: "/api/v2/admin/limits/" + annID + "/reset", token: root, body: `{"class":"chart_calculation"}`}
	reset.wants(w, 200, "")
	w.calculate(ann, birth(50)).wants(200, "")
	reset.body = `{"class":"tea"}`
	reset.wants(w, 400, "invalid_value")
	w.do(ask{method: "POST", path: reset.path, token: root}).wants(200, "")

	block := ask{path: "/api/v2/admin/limits/" + annID + "/block", token: root, body: `{"seconds":3600,"reason":"test"}`}
	block.wants(w, 200, "")
	w.calculate(ann, birth(0)).wants(429, "blocked")
	w.do(ask{method: "DELETE", path: block.path, token: root}).wants(200, "")
	w.calculate(ann, birth(0)).wants(200, "")
	for body, code := range map[string]string{`{"seconds":-1,"reason":""}`: "out_of_range", `{"seconds":99999999,"reason":"x"}`: "out_of_range", `{"seconds":"x","reason":""}`: "wrong_type"} {
		block.body = body
		block.wants(w, 400, code)
	}
	address := url.PathEscape("ip:2001:db8::/64")
	w.do(ask{path: "/api/v2/admin/limits/" + address + "/block", token: root, body: `{"seconds":60,"reason":""}`}).wants(200, "")
	w.do(ask{method: "POST", path: "/api/v2/auth/guest", from: "2001:db8::5"}).wants(429, "blocked")
	w.do(ask{path: "/api/v2/session", token: ann, from: "2001:db8::6"}).wants(429, "blocked")
}

func TestAdminCache(t *testing.T) {
	w := newWorld(t)
	root, _ := w.operator()
	ann, _ := w.account("ann@example.org")
	if w.calculate(ann, birth(0)).chart().Cached || !w.calculate(ann, birth(0)).chart().Cached {
		t.Fatal("the cache does not cache")
	}
	w.do(ask{path: "/api/v2/admin/cache/invalidate", token: root, body: `{"type":"zodiac"}`}).wants(200, "")
	if !w.calculate(ann, birth(0)).chart().Cached {
		t.Error("another type's invalidation made a miss")
	}
	w.do(ask{path: "/api/v2/admin/cache/invalidate", token: root, body: `{"type":"ziwei"}`}).wants(200, "")
	if w.calculate(ann, birth(0)).chart().Cached {
		t.Error("a hit after the invalidation")
	}
	w.do(ask{path: "/api/v2/admin/cache/invalidate", token: root, body: `{}`}).wants(200, "")
	if w.calculate(ann, birth(0)).chart().Cached {
		t.Error("a hit after everything was invalidated")
	}
	w.do(ask{path: "/api/v2/admin/cache/invalidate", token: root, body: `{"engine":"1"}`}).wants(400, "missing_field")
	w.do(ask{path: "/api/v2/admin/cache/invalidate", token: root, body: `{"type":"tea"}`}).wants(400, "invalid_value")
	for _, path := range []string{"/api/v2/admin/cache", "/api/v2/admin/statistics"} {
		r := w.do(ask{path: path, token: root}).wants(200, "")
		if !strings.Contains(string(r.Body), `"hitRate"`) {
			t.Errorf("%s: %s", path, r.Body)
		}
	}
}

// What an operator deletes is counted as gone, and can be made anew.
func TestAdminDeleteIsCounted(t *testing.T) {
	w := newWorld(t)
	root, _ := w.operator()
	ann, annID := w.account("ann@example.org")
	figures := func() objects.Figures {
		t.Helper()
		w.deps.Flush(w.rt)
		f, err := objects.Statistics(t.Context(), objects.TotalsOf(w.rt), struct{}{})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	key := w.calculate(ann, birth(0)).chart().ChartKey
	if f := figures(); f.Entries != 1 || f.Bytes == 0 || f.Active() != 2 {
		t.Errorf("at first: %+v", f)
	}
	for _, path := range []string{"chartcache/" + key, "chartcache/" + key, "session/" + annID, "session/nobody"} {
		w.do(ask{method: "DELETE", path: "/api/v2/admin/objects/" + path, token: root}).wants(200, "")
	}
	if f := figures(); f.Entries != 0 || f.Bytes != 0 || f.Dropped != 1 || f.Active() != 1 {
		t.Errorf("after deleting a chart and a session: %+v", f)
	}
	w.store.OnLoad = failLoads("chartcache") // even one that cannot be loaded
	w.do(ask{method: "DELETE", path: "/api/v2/admin/objects/chartcache/x", token: root})
	w.store.OnLoad = nil
	w.do(ask{path: "/api/v2/auth/login", body: `{"email":"ann@example.org","password":"correct horse"}`}).wants(200, "")
}

// A change of plan or role holds at once.
func TestAdminUser(t *testing.T) {
	w := newWorld(t)
	root, _ := w.operator()
	ann, annID := w.account("ann@example.org")
	change := ask{method: "PATCH", path: "/api/v2/admin/users/" + annID, token: root, body: `{"plan":"premium","role":"admin"}`}
	change.wants(w, 200, "")
	if got, want := w.calculate(ann, birth(0)).Header.Get("RateLimit-Policy"), `"chart_calculation";q=1000;w=3600`; got != want {
		t.Errorf("RateLimit-Policy %q, want %q", got, want)
	}
	w.do(ask{path: "/api/v2/admin/objects", token: ann}).wants(200, "")
	change.body = `{"role":""}`
	change.wants(w, 200, "")
	w.do(ask{path: "/api/v2/admin/objects", token: ann}).wants(403, "admin_only")
	change.body = `{"plan":"gold"}`
	change.wants(w, 400, "invalid_value")
	change.body, change.path = `{"plan":"free"}`, "/api/v2/admin/users/nobody"
	change.wants(w, 404, "not_found")
}
