package server_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fortunet/fortunet/durable"
)

// keyed sends a request with an idempotency key.
func (w *world) keyed(key, path, body, token string) reply {
	w.t.Helper()
	return w.do(ask{method: "POST", path: path, body: body, token: token, header: map[string]string{"Idempotency-Key": key}})
}

// Who is not sure whether a guest was made asks again and gets the same one.
func TestIdempotentGuest(t *testing.T) {
	w := newWorld(t)
	first := w.keyed("a-key-of-the-client", "/api/v2/auth/guest", `{"cookie":true}`, "").wants(201, "")
	again := w.keyed("a-key-of-the-client", "/api/v2/auth/guest", `{"cookie":true}`, "").wants(201, "")
	if string(again.Body) != string(first.Body) || again.Header.Get("Set-Cookie") != first.Header.Get("Set-Cookie") || first.Header.Get("Set-Cookie") == "" {
		t.Errorf("another answer: %s, then %s", first.Body, again.Body)
	}
	if first.Header.Get("Idempotent-Replayed") != "" || again.Header.Get("Idempotent-Replayed") != "true" {
		t.Error("a repeated answer does not say so, or a first one does")
	}
	if again.Header.Get("X-Request-Id") == first.Header.Get("X-Request-Id") {
		t.Error("two requests have one id")
	}
	other := w.keyed("another-key", "/api/v2/auth/guest", `{"cookie":true}`, "").wants(201, "")
	if string(other.Body) == string(first.Body) {
		t.Error("another key got the same guest")
	}
	w.keyed("a-key-of-the-client", "/api/v2/auth/guest", `{"cookie":false}`, "").wants(409, "idempotency_key_reused")
	elsewhere := w.do(ask{method: "POST", path: "/api/v2/auth/guest", body: `{"cookie":true}`, from: "203.0.113.9",
		header: map[string]string{"Idempotency-Key": "a-key-of-the-client"}}).wants(201, "")
	if string(elsewhere.Body) == string(first.Body) {
		t.Error("another address got the same guest")
	}
}

// An API key is made once, and nobody else's request with the same value gets it. What
// is kept of it does not hold the key.
func TestIdempotentKey(t *testing.T) {
	w := newWorld(t)
	ann, _ := w.account("ann@example.org")
	bob, _ := w.account("bob@example.org")
	const body = `{"name":"bot","scopes":["charts:create"]}`
	type made struct{ ID, Token string }
	var first, again, others made
	w.keyed("k1", "/api/v2/keys", body, ann).wants(201, "").decode(&first)
	w.keyed("k1", "/api/v2/keys", body, ann).wants(201, "").decode(&again)
	w.keyed("k1", "/api/v2/keys", body, bob).wants(201, "").decode(&others)
	if first.Token == "" || again != first || others == first {
		t.Errorf("keys %q, %q and %q", first.Token, again.Token, others.Token)
	}
	var list []struct{ ID string }
	w.do(ask{path: "/api/v2/keys", token: ann}).wants(200, "").decode(&list)
	if len(list) != 1 {
		t.Errorf("%d keys were made", len(list))
	}
	w.keyed("k1", "/api/v2/keys", body, "").wants(401, "sign_in")
	w.keyed("k1", "/api/v2/keys", body, "not.a.token").wants(401, "invalid_token")
	w.keyed("k1", "/api/v2/keys", body, first.Token).wants(403, "no_api_key")
	names, err := w.rt.List(t.Context(), "replay", "", 10)
	if err != nil || len(names) != 2 {
		t.Fatalf("%v, %v", names, err)
	}
	for _, name := range names {
		export, err := w.rt.Export(t.Context(), durable.ID{Type: "replay", Name: name})
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(export)
		if err != nil || len(raw) < 100 {
			t.Fatalf("%s, %v", raw, err)
		}
		if strings.Contains(string(raw), first.Token) || strings.Contains(name, "k1") {
			t.Error("what is kept tells the key")
		}
	}
}

// A request that failed may be sent again with its key.
func TestIdempotentFailure(t *testing.T) {
	w := newWorld(t)
	w.account("ann@example.org")
	const taken = `{"email":"ann@example.org","password":"correct horse"}`
	w.keyed("k2", "/api/v2/auth/register", taken, "").wants(409, "email_taken")
	w.keyed("k2", "/api/v2/auth/register", taken, "").wants(409, "email_taken")
	w.keyed("k2", "/api/v2/auth/register", `{"email":"bob@example.org","password":"correct horse"}`, "").wants(201, "")
	for _, bad := range []string{"", strings.Repeat("k", 129), "a b", "é"} {
		w.keyed(bad, "/api/v2/auth/guest", "", "").wants(400, "invalid_value")
	}
	// Where nothing is created the header means nothing.
	w.keyed("k2", "/api/v2/auth/login", `{"email":"bob@example.org","password":"correct horse"}`, "").wants(200, "")
}

// Of many at once one is carried out, and the others are told so or get its answer.
func TestIdempotentAtOnce(t *testing.T) {
	w := newWorld(t)
	bodies := make([]string, 16)
	var wg sync.WaitGroup
	for i := range bodies {
		wg.Go(func() {
			r := w.keyed("k3", "/api/v2/auth/guest", "", "")
			switch r.Status {
			case 201:
				bodies[i] = string(r.Body)
			case 409:
				r.wants(409, "in_progress")
			default:
				t.Errorf("status %d", r.Status)
			}
		})
	}
	wg.Wait()
	want := string(w.keyed("k3", "/api/v2/auth/guest", "", "").wants(201, "").Body)
	for _, got := range bodies {
		if got != "" && got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// What is kept is forgotten after a day.
func TestReplayForgotten(t *testing.T) {
	w := newWorld(t)
	w.keyed("k4", "/api/v2/auth/guest", "", "").wants(201, "")
	names, err := w.rt.List(t.Context(), "replay", "", 10)
	if err != nil || len(names) != 1 {
		t.Fatalf("%v, %v", names, err)
	}
	in, err := w.rt.Inspect(t.Context(), durable.ID{Type: "replay", Name: names[0]})
	if err != nil {
		t.Fatal(err)
	}
	if len(in.Alarms) != 1 || time.Until(in.Alarms[0].Due) < 23*time.Hour || time.Until(in.Alarms[0].Due) > 25*time.Hour {
		t.Errorf("alarms %+v", in.Alarms)
	}
}

// A request is counted under its route also where a kept answer is all it gets.
func TestReplayIsCountedUnderItsRoute(t *testing.T) {
	w := newWorld(t)
	for range 2 {
		w.keyed("k1", "/api/v2/auth/guest", "{}", "").wants(201, "")
	}
	figures := w.do(ask{path: "/metrics"}).wants(200, "").Body
	if want := `fortunet_http_requests_total{route="POST /api/v2/auth/guest",status="201"} 2`; !strings.Contains(string(figures), want) {
		t.Errorf("there is no %s", want)
	}
}
