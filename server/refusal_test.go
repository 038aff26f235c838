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
