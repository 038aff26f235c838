package server_test

import (
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
