package server_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// A refusal names what is at fault, by its whole path and however it is called, and says
// no more of it than is needed.
func TestRefusalsNameTheField(t *testing.T) {
	w := newWorld(t)
	token, _ := w.guest()
	long := strings.Repeat("long", 200_000)
	deep := strings.Repeat("[", 20_000)
	for _, c := range []struct{ method, path, body, code, field string }{
		{"POST", "/api/v2/auth/guest", `{"cookie":"yes"}`, "wrong_type", "cookie"},
		{"POST", "/api/v2/auth/guest", `{"body":1}`, "unknown_field", "body"},
		{"POST", "/api/v2/auth/guest", `{"query.header":1}`, "unknown_field", "query.header"},
		{"POST", "/api/v2/auth/guest", `{"a\u0000b":1,"a\u0000b":1}`, "duplicate_field", "a\x00b"},
		{"POST", "/api/v2/auth/guest", `{"cookie":` + deep, "too_deep", "cookie" + strings.Repeat(".0", 63)},
		{"POST", "/api/v2/auth/register", `{"email":"a@example.org","password":"correct horse","name":"\ud800"}`, "invalid_utf8", "name"},
		{"POST", "/api/v2/auth/guest?" + long[:9000] + "=1", `{}`, "unknown_field", ""},
		{"POST", "/api/v2/auth/guest", `{"` + long + `":1}`, "unknown_field", ""},
		{"POST", "/api/v2/auth/guest", `{"` + long[:400_000] + `":1,"` + long[:400_000] + `":1}`, "duplicate_field", ""},
		{"PATCH", "/api/v2/session", `{"` + long + `":1}`, "unknown_field", ""},
		{"PATCH", "/api/v2/session", `{"metadata":` + deep, "too_deep", "metadata" + strings.Repeat(".0", 63)},
		{"POST", "/api/v2/charts/calculate", `{"` + long + `":1}`, "unknown_field", ""},
	} {
		r := w.do(ask{method: c.method, path: c.path, body: c.body, token: token}).wants(400, c.code)
		if field := r.problem().Field; field == "" || c.field != "" && field != c.field {
			t.Errorf("%s %.40s %.60s: field %.80q, want %q", c.method, c.path, c.body, field, c.field)
		}
		if len(r.Body) > 2000 {
			t.Errorf("%s %.40s: a refusal of %d bytes", c.method, c.path, len(r.Body))
		}
	}
}

// A query is read as strictly as a body.
func TestQueries(t *testing.T) {
	w := newWorld(t)
	token, _ := w.guest()
	for _, c := range []struct{ method, path, code, field string }{
		{"GET", "/api/v2/places?q=%zz", "malformed_query", ""},
		{"GET", "/api/v2/places?q=a;limit=2", "malformed_query", ""},
		{"GET", "/api/v2/places?q=%ff", "invalid_utf8", "q"},
		{"GET", "/api/v2/places?q=a&q=b", "duplicate_field", "q"},
		{"GET", "/api/v2/places?q=a&page=2", "unknown_field", "page"},
		{"GET", "/api/v2/session?fields=user", "unknown_field", "fields"},
		{"PATCH", "/api/v2/session?dry=true", "unknown_field", "dry"},
		{"POST", "/api/v2/charts/batch?format=text", "unknown_field", "format"},
		{"POST", "/api/v2/charts/calculate?format=text&format=text", "duplicate_field", "format"},
		{"POST", "/api/v2/charts/calculate?form=text", "unknown_field", "form"},
		{"POST", "/api/v2/charts/calculate?format=png", "invalid_value", "format"},
	} {
		if got := w.do(ask{method: c.method, path: c.path, token: token, body: map[string]string{"GET": ""}[c.method]}).wants(400, c.code).problem().Field; got != c.field {
			t.Errorf("%s: field %q, want %q", c.path, got, c.field)
		}
	}
	w.do(ask{path: "/readyz?probe=1"}).wants(200, "")
	w.do(ask{path: "/openapi.json?v=2"}).wants(200, "")
}

// statuses returns those that the API's document knows, by route.
func (w *world) statuses() map[string]map[int]bool {
	w.t.Helper()
	var doc struct {
		Paths map[string]map[string]struct {
			Responses map[int]json.RawMessage
		}
	}
	w.do(ask{path: "/openapi.json"}).wants(200, "").decode(&doc)
	known := map[string]map[int]bool{}
	for path, item := range doc.Paths {
		for method, op := range item {
			of := map[int]bool{}
			for status := range op.Responses {
				of[status] = true
			}
			known[strings.ToUpper(method)+" "+path] = of
		}
	}
	return known
}

// The document knows every way in which a request is refused, and none that there is not.
func TestRefusalsAreDescribed(t *testing.T) {
	w := newWorld(t)
	token, _ := w.account("ann@example.org")
	root, _ := w.operator()
	known := w.statuses()
	for route, of := range known {
		if of[422] || !of[400] || !of[500] || !of[503] {
			t.Errorf("%s: %v", route, of)
		}
	}
	evil := map[string]string{"Origin": "https://evil.example"}
	for _, c := range []struct {
		ask
		route  string
		status int
	}{
		{ask{path: "/api/v2/auth/login", body: `{"email":"a@b.tw","password":"x"}`}, "POST /api/v2/auth/login", 401},
		{ask{path: "/api/v2/auth/login", body: `{}`, header: evil}, "POST /api/v2/auth/login", 403},
		{ask{path: "/api/v2/auth/login", body: strings.Repeat(" ", 2<<20)}, "POST /api/v2/auth/login", 413},
		{ask{path: "/api/v2/auth/register", body: `{}`, header: map[string]string{"Content-Type": "text/plain"}}, "POST /api/v2/auth/register", 415},
		{ask{path: "/api/v2/auth/register", body: `{"email":"ann@example.org","password":"correct horse"}`}, "POST /api/v2/auth/register", 409},
		{ask{path: "/api/v2/auth/register", body: `{"email":"bob@example.org","password":"correct horse"}`, token: "x.y"}, "POST /api/v2/auth/register", 401},
		{ask{path: "/api/v2/auth/guest", method: "POST", header: evil}, "POST /api/v2/auth/guest", 403},
		{ask{path: "/api/v2/auth/logout", method: "POST"}, "POST /api/v2/auth/logout", 401},
		{ask{path: "/api/v2/keys/none", method: "DELETE", token: token}, "DELETE /api/v2/keys/{id}", 404},
		{ask{path: "/api/v2/session/charts/none", method: "DELETE", token: token}, "DELETE /api/v2/session/charts/{id}", 404},
		{ask{path: "/api/v2/session", method: "PATCH", body: `{"metadata":{"a":"` + strings.Repeat("x", 5000) + `"}}`, token: token}, "PATCH /api/v2/session", 413},
		{ask{path: "/api/v2/charts/calculate", body: "<x/>", token: token, header: map[string]string{"Content-Type": "text/xml"}}, "POST /api/v2/charts/calculate", 415},
		{ask{path: "/api/v2/admin/users/nobody", method: "PATCH", body: `{"plan":"free"}`, token: root}, "PATCH /api/v2/admin/users/{id}", 404},
		{ask{path: "/ws/session", token: token}, "GET /ws/session", 426},
	} {
		r := w.do(c.ask)
		if r.Status != c.status || !known[c.route][r.Status] {
			t.Errorf("%s: status %d, want %d; the document has %v", c.route, r.Status, c.status, known[c.route])
		}
		if r.Status == 426 && (r.Header.Get("Upgrade") != "websocket" || r.Header.Get("Sec-WebSocket-Version") != "13") {
			t.Errorf("%s: headers %v", c.route, r.Header)
		}
	}
}
