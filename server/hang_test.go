package server_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet/durable/durabletest"
)

// While a disk hangs every request gets an answer, in less time than its connection
// has, and never one that says that something is done.
func TestStoreHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := durabletest.NewMemStore()
		w := newWorld(t, func(c *setup) { c.store = store })
		token, _ := w.guest()
		patch := ask{method: "PATCH", path: "/api/v2/session", token: token, body: `{"preferences":{"theme":"dark"}}`}
		store.Hold()
		for _, a := range []struct {
			ask
			code string
		}{
			{patch, "unknown_outcome"},
			{patch, "unknown_outcome"},
			{ask{path: "/api/v2/session", token: token}, "unknown_outcome"}, // it would show what may be lost
			{ask{method: "POST", path: "/api/v2/auth/guest"}, "unknown_outcome"},
			{ask{method: "POST", path: "/api/v2/auth/guest", header: map[string]string{"Idempotency-Key": "k"}}, "unknown_outcome"},
			{ask{path: "/api/v2/auth/register", body: `{"email":"ann@example.org","password":"correct horse","name":"Ann"}`}, "unknown_outcome"},
		} {
			begun := time.Now()
			w.do(a.ask).wants(503, a.code)
			if took := time.Since(begun); took > 20*time.Second {
				t.Errorf("%s %s took %v", a.method, a.path, took)
			}
		}
		store.Resume()
		time.Sleep(time.Minute)
		var v struct{ Preferences struct{ Theme string } }
		if w.do(ask{path: "/api/v2/session", token: token}).wants(200, "").decode(&v); v.Preferences.Theme != "dark" {
			t.Errorf("theme %q once the store goes on", v.Preferences.Theme)
		}
	})
}
