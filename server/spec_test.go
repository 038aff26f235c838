package server_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// The API's document describes every route there is, wholly, and nothing else.
func TestOpenAPI(t *testing.T) {
	w := newWorld(t)
	r := w.do(ask{path: "/openapi.json"}).wants(200, "")
	var doc struct {
		OpenAPI string
		Info    struct{ Title, Version, Description string }
		Paths   map[string]map[string]struct {
			OperationID, Summary, Description string
			Tags                              []string
			Security                          []map[string][]string
			Parameters                        []struct{ Name, In string }
			RequestBody                       *struct {
				Content map[string]struct{ Schema json.RawMessage }
			}
			Responses map[string]struct {
				Description string
				Content     map[string]struct{ Schema json.RawMessage }
			}
		}
		Components struct {
			Schemas         map[string]json.RawMessage
			SecuritySchemes map[string]json.RawMessage
		}
		Tags []struct{ Name string }
	}
	r.decode(&doc)
	if !strings.HasPrefix(doc.OpenAPI, "3.1") || doc.Info.Version != "test" || len(doc.Components.SecuritySchemes) != 2 {
		t.Errorf("head %s %+v", doc.OpenAPI, doc.Info)
	}
	tags := map[string]bool{}
	for _, tag := range doc.Tags {
		tags[tag.Name] = true
	}
	seen := map[string]bool{}
	n := 0
	for path, item := range doc.Paths {
		for method, op := range item {
			n++
			where := strings.ToUpper(method) + " " + path
			if op.OperationID == "" || op.Summary == "" || op.Description == "" || len(op.Tags) != 1 || !tags[op.Tags[0]] || seen[op.OperationID] {
				t.Errorf("%s is not described: %+v", where, op)
			}
			seen[op.OperationID] = true
			success := false
			for status, resp := range op.Responses {
				success = success || status[0] < '4'
				if resp.Description == "" {
					t.Errorf("%s: %s is not described", where, status)
				}
				if status[0] >= '4' && resp.Content["application/problem+json"].Schema == nil && where != "GET /readyz" {
					t.Errorf("%s: %s is no problem", where, status)
				}
			}
			if !success {
				t.Errorf("%s never succeeds", where)
			}
			for _, name := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(path, -1) {
				found := false
				for _, p := range op.Parameters {
					found = found || p.In == "path" && p.Name == name[1]
				}
				if !found {
					t.Errorf("%s: the parameter %s is not described", where, name[1])
				}
			}
			if strings.HasPrefix(path, "/api/v2/admin") && len(op.Security) == 0 {
				t.Errorf("%s asks for no sign-in", where)
			}
		}
	}
	for _, pattern := range w.s.Routed() {
		method, path, _ := strings.Cut(pattern, " ")
		if _, ok := doc.Paths[path][strings.ToLower(method)]; !ok {
			t.Errorf("%s is missing", pattern)
		}
	}
	if n != len(w.s.Routed()) {
		t.Errorf("%d operations, %d routes", n, len(w.s.Routed()))
	}
	for _, ref := range regexp.MustCompile(`"\$ref":"#/components/schemas/([^"]+)"`).FindAllStringSubmatch(string(r.Body), -1) {
		if doc.Components.Schemas[ref[1]] == nil {
			t.Errorf("%s refers to nothing", ref[0])
		}
	}
	said := map[string]int{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\|").FindAllStringSubmatch(doc.Info.Description, -1) {
		if said[row[1]]++; said[row[1]] > 1 {
			t.Errorf("the catalogue has two meanings for %s", row[1])
		}
	}
	if len(said) < 40 {
		t.Errorf("the catalogue was not read: %d codes", len(said))
	}
	for _, code := range []string{"rate_limited", "blocked", "invalid_token", "nonexistent_time"} {
		if !strings.Contains(doc.Info.Description, "`"+code+"`") {
			t.Errorf("the catalogue misses %s", code)
		}
	}
}

// The document is sent again only where it has changed, and compressed where that is
// asked for.
func TestOpenAPICaching(t *testing.T) {
	w := newWorld(t)
	plain := w.do(ask{path: "/openapi.json"}).wants(200, "")
	tag := plain.Header.Get("ETag")
	zipped := w.do(ask{path: "/openapi.json", header: map[string]string{"Accept-Encoding": "gzip"}}).wants(200, "")
	if tag == "" || zipped.Header.Get("ETag") == tag || zipped.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("headers %v, %v", plain.Header, zipped.Header)
	}
	if string(gunzip(t, zipped.Body)) != string(plain.Body) {
		t.Error("the compressed document differs")
	}
	for _, match := range []string{tag, "W/" + tag, `"x", ` + tag, "*"} {
		if r := w.do(ask{path: "/openapi.json", header: map[string]string{"If-None-Match": match}}); r.Status != 304 || len(r.Body) > 0 {
			t.Errorf("If-None-Match %s: %d", match, r.Status)
		}
	}
	w.do(ask{path: "/openapi.json", header: map[string]string{"If-None-Match": `"x"`}}).wants(200, "")
	if r := w.do(ask{method: "HEAD", path: "/openapi.json"}); r.Status != 200 {
		t.Errorf("HEAD: %d", r.Status)
	}
}

// The page of the API, and all it loads, come from the server itself.
func TestDocsWithoutNetwork(t *testing.T) {
	w := newWorld(t)
	remote := regexp.MustCompile(`(?i)(src|href|action)\s*=\s*["']?(https?:)?//|import\s*\(?\s*["'](https?:)?//|url\(\s*["']?(https?:)?//|@import`)
	seen := map[string]bool{}
	var visit func(path string)
	visit = func(path string) {
		if seen[path] {
			return
		}
		seen[path] = true
		r := w.do(ask{path: path, header: map[string]string{"Accept": "text/html, */*"}}).wants(200, "")
		if at := remote.Find(r.Body); at != nil {
			t.Errorf("%s loads something from elsewhere: %s", path, at)
		}
		if csp := r.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "http") {
			t.Errorf("%s: Content-Security-Policy %q", path, csp)
		}
		for _, asset := range regexp.MustCompile(`/assets/[A-Za-z0-9_.-]+`).FindAllString(string(r.Body), -1) {
			visit(asset)
		}
	}
	visit("/docs")
	visit("/")
	if len(seen) < 5 {
		t.Errorf("only %d files were seen", len(seen))
	}
}

// What is not there is 404, as a problem for programs and as a page for people; what
// takes other methods is 405 and says which.
func TestLost(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/api/v2/nothing", "/api/v2", "/api/v2/", "/api", "/nothing", "/docs/x", "/assets/nothing.js", "/../etc/passwd", "/api/v2/session/",
		"//api/v2/session", "/api/v2/./session", "/api//v2/session", "/api/v2/x/../session", "//example.org/", "/docs/..", "/api/v2/session//",
		"/%2e%2e/%2e%2e/etc/passwd", "/api/v2/session%00", "/api/v2/charts/calculate/x", "/.git/config", "/ws", "/API/V2/session"} {
		w.do(ask{path: path, header: map[string]string{"Accept": "application/json"}}).wants(404, "not_found")
		w.do(ask{method: "POST", path: path, body: "{}"}).wants(404, "not_found")
	}
	for _, line := range []string{"GET *", "PRI *", "CONNECT example.org:80", "CONNECT //x"} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Method, r.RequestURI, _ = strings.Cut(line, " ")
		r.URL = &url.URL{Path: strings.TrimPrefix(r.RequestURI, "example.org:80")}
		w.serve(r).wants(404, "not_found")
	}
	for _, x := range []struct{ method, path, allow string }{
		{"GET", "/api/v2/auth/guest", "POST"}, {"PUT", "/api/v2/session", "GET, HEAD, PATCH"}, {"POST", "/healthz", "GET, HEAD"},
		{"TRACE", "/api/v2/session", "GET, HEAD, PATCH"}, {"POST", "/", "GET, HEAD"}, {"DELETE", "/docs", "GET, HEAD"}, {"BREW", "/openapi.json", "GET, HEAD"},
	} {
		if got := w.do(ask{method: x.method, path: x.path}).wants(405, "method_not_allowed").Header.Get("Allow"); got != x.allow {
			t.Errorf("%s %s: Allow %q, want %q", x.method, x.path, got, x.allow)
		}
	}
	if r := w.do(ask{method: "OPTIONS", path: "/api/v2/session"}); r.Status != 204 || r.Header.Get("Allow") != "GET, HEAD, PATCH" {
		t.Errorf("OPTIONS: %d %v", r.Status, r.Header)
	}
	r := w.do(ask{path: "/nothing", header: map[string]string{"Accept": "text/html"}})
	if r.Status != 404 || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		t.Errorf("people who lost their way get %d %s", r.Status, r.Header.Get("Content-Type"))
	}
	page := w.do(ask{path: "/", header: map[string]string{"Accept": "text/html"}})
	if page.Status != 200 || !strings.Contains(string(page.Body), "<html") {
		t.Errorf("the page: %d", page.Status)
	}
}

func TestSecurityHeaders(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/", "/docs", "/api/v2/session", "/nothing", "/healthz", "/openapi.json"} {
		h := w.do(ask{path: path}).Header
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
			"Cross-Origin-Resource-Policy": "same-origin"} {
			if got := h.Values(name); len(got) != 1 || got[0] != want {
				t.Errorf("%s: %s %q, want %q", path, name, got, want)
			}
		}
		if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") {
			t.Errorf("%s: Content-Security-Policy %q", path, csp)
		}
		if h.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: HSTS without TLS", path)
		}
		if h.Get("X-Request-Id") == "" {
			t.Errorf("%s: no request id", path)
		}
	}
}

// A sane request id is taken over, any other replaced.
func TestRequestID(t *testing.T) {
	w := newWorld(t)
	for given, kept := range map[string]bool{"abcdef-0123_XYZ": true, "short": false, "": false, strings.Repeat("x", 65): false, "with space": false,
		"line\nbreak": false, "<script>": false, "é0123456789": false, "7f3b1c1e-58a0-4b7e-9a3e-0d1c2b3a4f5e": true} {
		r := ask{path: "/healthz"}.request()
		r.Header["X-Request-Id"] = []string{given}
		if got := w.serve(r).Header.Get("X-Request-Id"); (got == given) != kept || got == "" {
			t.Errorf("given %q, got %q", given, got)
		}
	}
	first, second := w.do(ask{path: "/healthz"}).Header.Get("X-Request-Id"), w.do(ask{path: "/healthz"}).Header.Get("X-Request-Id")
	if first == second {
		t.Error("two requests have one id")
	}
}

// Over a real connection: limits of the HTTP server itself, and keep-alive.
func TestOverTheWire(t *testing.T) {
	w := newWorld(t)
	ts := w.listen(t)
	r, err := http.NewRequest("GET", ts.URL+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Padding", strings.Repeat("x", 64<<10))
	// The server hangs up on who says too much, perhaps before the answer is read.
	if resp, err := ts.Client().Do(r); err == nil {
		resp.Body.Close()
		if resp.StatusCode != 431 {
			t.Errorf("a header of 64 KB: %d, want 431", resp.StatusCode)
		}
	}
	token, _ := w.guest()
	want := w.calculate(token, birth(0)).chart().Data
	for range 3 { // on one connection
		r, err := http.NewRequest("POST", ts.URL+"/api/v2/charts/calculate", strings.NewReader(birth(0)))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		resp, err := ts.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := (reply{t: t, Body: body}).chart(); string(got.Data) != string(want) {
			t.Errorf("over the wire: %d bytes, want %d", len(got.Data), len(want))
		}
	}
	c := w.s.HTTP()
	if c.ReadHeaderTimeout == 0 || c.ReadTimeout == 0 || c.WriteTimeout == 0 || c.IdleTimeout == 0 || c.ErrorLog == nil {
		t.Errorf("a server without limits: %+v", c)
	}
}
