package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/durabletest"
	"github.com/fortunet/fortunet/objects"
)

func TestSessionShape(t *testing.T) {
	w := newWorld(t)
	token, id := w.guest()
	r := w.do(ask{path: "/api/v2/session", token: token}).wants(200, "")
	var got map[string]json.RawMessage
	r.decode(&got)
	for _, name := range []string{"user", "preferences", "metadata", "activeCharts", "devices", "lastActivity"} {
		if len(got[name]) == 0 {
			t.Errorf("no %s in %s", name, r.Body)
		}
	}
	if len(got) != 6 || string(got["metadata"]) != "{}" || string(got["activeCharts"]) != "[]" {
		t.Errorf("session %s", r.Body)
	}
	var user map[string]any
	if err := json.Unmarshal(got["user"], &user); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"id", "name", "email", "plan", "permissions", "guest"} {
		if _, ok := user[name]; !ok {
			t.Errorf("no user.%s", name)
		}
	}
	if user["id"] != id || user["guest"] != true || user["plan"] != "free" {
		t.Errorf("user %v", user)
	}
	if strings.Contains(string(r.Body), token) || strings.Contains(strings.ToLower(string(r.Body)), "hash") {
		t.Error("a secret is shown")
	}
	if got := r.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control %q", got)
	}
}

// A patch answered with 200 is durable: it is there after a crash that follows at once.
func TestPatchSession(t *testing.T) {
	store := durabletest.NewMemStore()
	commits := 0
	store.OnCommit = func(b *durable.Batch) (bool, error) {
		if b.ID.Type == objects.Sessions.Name {
			for _, k := range b.Keys {
				if k.Key == "preferences" {
					commits++
				}
			}
		}
		return true, nil
	}
	w := newWorld(t, func(c *setup) { c.store = store })
	token, _ := w.guest()
	patch := ask{method: "PATCH", path: "/api/v2/session", token: token}
	for n, media := range []string{"application/merge-patch+json", "application/json", "application/json; charset=utf-8", ""} {
		patch.header = map[string]string{"Content-Type": media}
		patch.body = fmt.Sprintf(`{"preferences":{"theme":%q,"notifications":{"push":true}},"metadata":{"n":%d,"gone":null}}`, []string{"dark", "light"}[n%2], n)
		var v objects.SessionView
		patch.wants(w, 200, "").decode(&v)
		if string(v.Preferences.Theme) != []string{"dark", "light"}[n%2] || string(v.Metadata) != fmt.Sprintf(`{"n":%d}`, n) || !v.Preferences.Notifications.Push {
			t.Errorf("after %s: %+v %s", patch.body, v.Preferences, v.Metadata)
		}
		if commits != n+1 {
			t.Errorf("answered after %d commits, want %d", commits, n+1)
		}
	}
	patch.header = nil
	patch.body = `{"preferences":null}`
	var v objects.SessionView
	patch.wants(w, 200, "").decode(&v)
	if v.Preferences != fortunet.DefaultPreferences() {
		t.Errorf("null does not reset: %+v", v.Preferences)
	}
	patch.body = `{"metadata":null}`
	if patch.wants(w, 200, "").decode(&v); string(v.Metadata) != `{}` {
		t.Errorf("null does not clear: %s", v.Metadata)
	}
	patch.body = `{"metadata":{"n":3}}`
	patch.wants(w, 200, "")
	patch.body = `{}`
	patch.wants(w, 200, "")
	for body, want := range map[string][2]string{
		`{"preferences":{"theme":"pink"}}`:                           {"invalid_value", "preferences.theme"},
		`{"preferences":{"colour":"pink"}}`:                          {"unknown_field", "preferences.colour"},
		`{"preferences":{"notifications":{"email":1}}}`:              {"wrong_type", "preferences.notifications.email"},
		`{"preferences":{"theme":"dark","timezone":"Mars/Olympus"}}`: {"unknown_zone", "preferences.timezone"},
		`{"preferences":[]}`:                                         {"wrong_type", "preferences"},
		`{"metadata":[]}`:                                            {"wrong_type", "metadata"},
		`{"plan":"professional"}`:                                    {"unknown_field", "plan"},
		`{"user":{"role":"admin"}}`:                                  {"unknown_field", "user"},
		`{"preferences":{},"preferences":{}}`:                        {"duplicate_field", "preferences"},
		`{"Preferences":{}}`:                                         {"unknown_field", "Preferences"},
		`[]`:                                                         {"wrong_type", ""},
		`null`:                                                       {"wrong_type", ""},
		`{"metadata":{}`:                                             {"malformed_json", ""},
		`{"metadata":{}} x`:                                          {"malformed_json", ""},
		`{"metadata":` + strings.Repeat(`{"a":`, 20) + "1" + strings.Repeat("}", 21): {"too_deep", "metadata" + strings.Repeat(".a", 8)},
	} {
		patch.body = body
		p := patch.wants(w, 400, want[0]).problem()
		if p.Field != want[1] {
			t.Errorf("%s: field %q, want %q", body, p.Field, want[1])
		}
	}
	patch.body = `{"preferences":{"theme":"dark"},"metadata":{"x":"` + strings.Repeat("y", 4100) + `"}}`
	patch.wants(w, 413, "too_large")
	w.do(ask{path: "/api/v2/session", token: token}).wants(200, "").decode(&v)
	if v.Preferences.Theme != "light" || string(v.Metadata) != `{"n":3}` {
		t.Errorf("a refused patch changed something: %+v %s", v.Preferences, v.Metadata)
	}
	patch.body, patch.header = `{}`, map[string]string{"Content-Type": "text/plain"}
	patch.wants(w, 415, "unsupported_media_type")
	patch.header = nil
	patch.method = "PUT"
	r := patch.wants(w, 405, "method_not_allowed")
	if got := r.Header.Get("Allow"); !strings.Contains(got, "PATCH") || !strings.Contains(got, "GET") {
		t.Errorf("Allow %q", got)
	}
}

// While the store fails a patch is refused, never answered with 200.
func TestPatchWhileStoreFails(t *testing.T) {
	store := durabletest.NewMemStore()
	w := newWorld(t, func(c *setup) { c.store = store })
	token, _ := w.guest()
	fails := true
	store.OnSubmit = func(b *durable.Batch) error {
		if fails && b.ID.Type == objects.Sessions.Name {
			return durable.ErrStore
		}
		return nil
	}
	patch := ask{method: "PATCH", path: "/api/v2/session", token: token, body: `{"preferences":{"theme":"dark"}}`}
	if r := patch.wants(w, 503, "store_unavailable"); r.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	fails = false
	var v objects.SessionView
	w.do(ask{path: "/api/v2/session", token: token}).wants(200, "").decode(&v)
	if v.Preferences.Theme != "light" {
		t.Errorf("theme %q after a patch that failed", v.Preferences.Theme)
	}
	patch.wants(w, 200, "")
}

// A sixth sign-in ends the device unused longest; devices are listed and signed out,
// and what is signed out is refused at once.
func TestDevices(t *testing.T) {
	w := newWorld(t)
	first, _ := w.account("ann@example.org")
	login := ask{path: "/api/v2/auth/login", body: `{"email":"ann@example.org","password":"correct horse"}`,
		header: map[string]string{"User-Agent": "test/1.0", "Sec-CH-UA-Platform": `"Linux"`}}
	var tokens []string
	for range 5 {
		tokens = append(tokens, login.wants(w, 200, "").signedIn().Token)
	}
	w.do(ask{path: "/api/v2/session", token: first}).wants(401, "invalid_token")
	var devices []objects.DeviceView
	w.do(ask{path: "/api/v2/session/devices", token: tokens[0]}).wants(200, "").decode(&devices)
	if len(devices) != 5 || devices[0].UserAgent != "test/1.0" || devices[0].Platform != "Linux" {
		t.Fatalf("devices %+v", devices)
	}
	bob, _ := w.account("bob@example.org")
	w.do(ask{method: "DELETE", path: "/api/v2/session/devices/" + devices[0].ID, token: bob}).wants(404, "not_found")
	w.do(ask{method: "DELETE", path: "/api/v2/session/devices/" + devices[0].ID, token: tokens[0]})
	left := 0
	for _, token := range tokens {
		if w.do(ask{path: "/api/v2/session", token: token}).Status == 200 {
			left++
		}
	}
	if left != 4 {
		t.Fatalf("%d devices are left, want 4", left)
	}
	token := login.wants(w, 200, "").signedIn().Token
	var r struct{ Revoked int }
	w.do(ask{method: "DELETE", path: "/api/v2/session/devices?except=current", token: token}).wants(200, "").decode(&r)
	if r.Revoked != 4 {
		t.Errorf("%d signed out, want 4", r.Revoked)
	}
	w.do(ask{path: "/api/v2/session", token: token}).wants(200, "")
	w.do(ask{method: "DELETE", path: "/api/v2/session/devices?except=me", token: token}).wants(400, "invalid_value")
	w.do(ask{method: "DELETE", path: "/api/v2/session/devices", token: token}).wants(200, "").decode(&r)
	if r.Revoked != 1 {
		t.Errorf("%d signed out, want 1", r.Revoked)
	}
	w.do(ask{path: "/api/v2/session", token: token}).wants(401, "invalid_token")
}

func TestKeys(t *testing.T) {
	w := newWorld(t)
	token, id := w.account("ann@example.org")
	create := ask{path: "/api/v2/keys", token: token, body: `{"name":"bot","scopes":["charts:create","profile:read"]}`}
	var key objects.KeyView
	create.wants(w, 201, "").decode(&key)
	if key.Token == "" || key.ID == "" {
		t.Fatalf("key %+v", key)
	}
	w.calculate(key.Token, birth(0)).wants(200, "")
	var view objects.SessionView
	w.do(ask{path: "/api/v2/session", token: key.Token}).wants(200, "").decode(&view)
	if view.User.ID != id || len(view.Devices) != 1 || len(view.ActiveCharts) != 0 {
		t.Errorf("a key is no device and has no active charts: %+v", view)
	}
	for _, a := range []ask{
		{method: "PATCH", path: "/api/v2/session", body: `{}`},
		{path: "/api/v2/session/devices"}, {path: "/api/v2/keys"}, {path: "/api/v2/account/export"}, {method: "DELETE", path: "/api/v2/account"},
		{method: "POST", path: "/api/v2/auth/ticket"}, {method: "POST", path: "/api/v2/auth/logout"}, {path: "/api/v2/admin/objects"},
	} {
		a.token = key.Token
		if r := w.do(a); r.Status != 403 {
			t.Errorf("%s %s by key: %d", a.method, a.path, r.Status)
		}
	}
	list := w.do(ask{path: "/api/v2/keys", token: token}).wants(200, "")
	if strings.Contains(string(list.Body), key.Token) || !strings.Contains(string(list.Body), key.ID) {
		t.Errorf("list %s", list.Body)
	}
	w.do(ask{method: "DELETE", path: "/api/v2/keys/" + key.ID, token: token}).wants(200, "")
	w.calculate(key.Token, birth(0)).wants(401, "invalid_token")
	w.do(ask{method: "DELETE", path: "/api/v2/keys/" + key.ID, token: token}).wants(404, "not_found")
	for body, code := range map[string]string{
		`{"name":"bot","scopes":["ai:unlimited"]}`: "invalid_value", `{"name":"bot","scopes":[]}`: "missing_field", `{"name":"bot"}`: "missing_field",
		`{"name":"bot","scopes":["charts:create"],"expiresAt":"2001-01-01T00:00:00Z"}`: "out_of_range", `{"name":"bot","scopes":["charts:create"],"expiresAt":"soon"}`: "invalid_value",
	} {
		create.body = body
		if r := w.do(create); r.Status != 400 || r.problem().Code != code {
			t.Errorf("%s: %d %s, want %s", body, r.Status, r.Body, code)
		}
	}
	create.body = fmt.Sprintf(`{"name":"bot","scopes":["charts:create"],"expiresAt":%q}`, time.Now().Add(time.Hour).Format(time.RFC3339))
	create.wants(w, 201, "")
	create.token, _ = w.guest()
	create.wants(w, 403, "guest")
}

// What is exported is everything, without secrets; what is deleted is gone at once and
// everywhere.
func TestAccount(t *testing.T) {
	w := newWorld(t)
	token, id := w.account("ann@example.org")
	w.calculate(token, birth(0))
	r := w.do(ask{path: "/api/v2/account/export", token: token}).wants(200, "")
	for _, part := range []string{`"ann@example.org"`, `"preferences"`, `"devices"`, `"keys"`, `"limits"`, `"identities"`, `"profiles"`, `"charts"`} {
		if !strings.Contains(string(r.Body), part) {
			t.Errorf("no %s in %s", part, r.Body)
		}
	}
	if strings.Contains(string(r.Body), "argon2id") || strings.Contains(string(r.Body), token) {
		t.Error("a secret is exported")
	}
	w.do(ask{method: "DELETE", path: "/api/v2/account", token: token}).wants(200, "")
	w.do(ask{path: "/api/v2/session", token: token}).wants(401, "invalid_token")
	w.do(ask{path: "/api/v2/auth/login", body: `{"email":"ann@example.org","password":"correct horse"}`}).wants(401, "wrong_credentials")
	for _, typ := range []string{objects.Sessions.Name, objects.Limiters.Name} {
		if v, err := w.rt.Inspect(t.Context(), durable.ID{Type: typ, Name: id}); err != nil || v.Exists {
			t.Errorf("%s is still there: %+v, %v", typ, v, err)
		}
	}
	if _, err := w.db.User(t.Context(), id); err == nil {
		t.Error("the user is still in the database")
	}
}

func TestLimits(t *testing.T) {
	w := newWorld(t)
	token, _ := w.guest()
	w.calculate(token, birth(0))
	var usage []objects.ClassUsage
	w.do(ask{path: "/api/v2/limits", token: token}).wants(200, "").decode(&usage)
	got := map[fortunet.Class]int64{}
	for _, u := range usage {
		got[u.Class] = u.Current
	}
	if got[fortunet.ClassChartCalculation] != 1 || got[fortunet.ClassDefault] != 1 || len(got) != 5 {
		t.Errorf("usage %+v", usage)
	}
	for n := range 99 {
		r := w.do(ask{path: "/api/v2/session", token: token}).wants(200, "")
		if got, want := r.Header.Get("RateLimit"), fmt.Sprintf(`"default";r=%d;t=3600`, 98-n); got != want {
			t.Fatalf("RateLimit %q, want %q", got, want)
		}
	}
	r := w.do(ask{path: "/api/v2/session", token: token}).wants(429, "rate_limited")
	if p := r.problem(); p.Error != "Rate limit exceeded" || p.PlanType != "free" || p.RetryAfter == 0 {
		t.Errorf("refusal %+v", p)
	}
	w.calculate(token, birth(1)).wants(200, "") // another class
	w.do(ask{method: "DELETE", path: "/api/v2/session/charts/nothing", token: token}).wants(429, "rate_limited")
}

func TestRemoveChart(t *testing.T) {
	w := newWorld(t)
	token, _ := w.guest()
	key := w.calculate(token, birth(0)).chart().ChartKey
	w.do(ask{method: "DELETE", path: "/api/v2/session/charts/" + key, token: token}).wants(200, "")
	w.do(ask{method: "DELETE", path: "/api/v2/session/charts/" + key, token: token}).wants(404, "not_found")
	w.do(ask{method: "DELETE", path: "/api/v2/session/charts/" + strings.Repeat("x", 400), token: token}).wants(400, "too_long")
}
