package server_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/objects"
)

// hits returns what a limiter has counted in a class.
func (w *world) hits(name string, class fortunet.Class) int64 {
	w.t.Helper()
	v, err := objects.Peek(w.t.Context(), objects.Limiters.Get(w.rt, name), objects.CheckRequest{Class: class, Plan: fortunet.Free})
	if err != nil {
		w.t.Fatal(err)
	}
	return v.TotalHits
}

// ruled returns the default rules with one of them changed, for every plan.
func ruled(t *testing.T, class fortunet.Class, change func(*fortunet.Rule)) func(*setup) {
	t.Helper()
	rules := fortunet.DefaultRules()
	for _, plan := range fortunet.Plans() {
		rule := rules.Rule(class, plan)
		change(&rule)
		if err := rules.Set(class, plan, rule); err != nil {
			t.Fatal(err)
		}
	}
	return func(c *setup) { c.Rules = rules }
}

const guestsHere = "guests:192.0.2.1"

// A rule may skip requests that succeeded, or those that failed, whoever asks, on routes
// of both kinds; they count while they are under way.
func TestSkippingRules(t *testing.T) {
	for name, c := range map[string]struct {
		change     func(*fortunet.Rule)
		after      [3]int64 // of a success, a failure of one kind of route, and of another
		made       int64    // counted by address for making a guest
		calculated int64
	}{
		"succeeded": {func(r *fortunet.Rule) { r.SkipSucceeded = true }, [3]int64{0, 1, 2}, 0, 0},
		"failed":    {func(r *fortunet.Rule) { r.SkipFailed = true }, [3]int64{1, 1, 1}, 1, 1},
		"all":       {func(r *fortunet.Rule) { r.SkipSucceeded, r.SkipFailed = true, true }, [3]int64{}, 0, 0},
		"none":      {func(*fortunet.Rule) {}, [3]int64{1, 2, 3}, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, ruled(t, fortunet.ClassDefault, c.change))
			guest, guestID := w.guest()
			if got := w.hits("ip:192.0.2.1", fortunet.ClassDefault); got != c.made {
				t.Errorf("making a guest counts %d, want %d", got, c.made)
			}
			for i, a := range []ask{
				{path: "/api/v2/session/devices", token: guest},
				{method: "PATCH", path: "/api/v2/session", body: `{"preferences":{"theme":"pink"}}`, token: guest},
				{method: "DELETE", path: "/api/v2/session/charts/nothing", token: guest},
			} {
				r := w.do(a)
				if i == 0 {
					r.wants(200, "")
				}
				for _, limiter := range []string{guestID, guestsHere} {
					if got := w.hits(limiter, fortunet.ClassDefault); got != c.after[i] {
						t.Errorf("%s %s: %s counts %d, want %d", a.method, a.path, limiter, got, c.after[i])
					}
				}
			}
			w = newWorld(t, ruled(t, fortunet.ClassChartCalculation, c.change))
			guest, guestID = w.guest()
			w.calculate(guest, birth(0)).wants(200, "")
			if got := w.hits(guestID, fortunet.ClassChartCalculation); got != c.calculated {
				t.Errorf("a chart counts %d, want %d", got, c.calculated)
			}
			never := `{"chartType":"ziwei","birthDate":"2020-03-08","birthTime":"02:30","gender":"female","timezone":"America/New_York"}`
			w.calculate(guest, never).wants(400, "nonexistent_time")
			if got := w.hits(guestID, fortunet.ClassChartCalculation); got != c.calculated {
				t.Errorf("after a chart that cannot be: %d, want %d", got, c.calculated)
			}
		})
	}
}

// However many requests of a guest come at once, those that are refused are counted
// neither for the guest nor for all guests of the address.
func TestRefusedGuestsAreNotCounted(t *testing.T) {
	w := newWorld(t, ruled(t, fortunet.ClassDefault, func(r *fortunet.Rule) { r.Limit = 3 }))
	token, id := w.guest()
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() { w.do(ask{path: "/api/v2/session", token: token}) })
	}
	wg.Wait()
	if own, all := w.hits(id, fortunet.ClassDefault), w.hits(guestsHere, fortunet.ClassDefault); own != 3 || all != 3 {
		t.Errorf("counted %d for the guest and %d for all of the address, want 3 and 3", own, all)
	}
}

// A request that is refused because all guests of the address have had theirs is counted
// for nobody, whichever way it is counted.
func TestRefusedForAllGuests(t *testing.T) {
	for name, change := range map[string]func(*fortunet.Rule){
		"at once":      func(r *fortunet.Rule) { r.Limit = 2 },
		"when it ends": func(r *fortunet.Rule) { r.Limit, r.SkipFailed = 2, true },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, ruled(t, fortunet.ClassExportDownload, change))
			allowed := 0
			for range 25 {
				token, id := w.guest()
				r := w.do(ask{path: "/api/v2/charts/image.svg", body: `{"request":` + birth(0) + `}`, token: token})
				want := int64(0)
				if r.Status == 200 {
					allowed, want = allowed+1, 1
				}
				if got := w.hits(id, fortunet.ClassExportDownload); got != want {
					t.Errorf("answered with %d, a guest's limiter counts %d, want %d", r.Status, got, want)
				}
			}
			if all := w.hits(guestsHere, fortunet.ClassExportDownload); allowed != 20 || all != 20 {
				t.Errorf("%d allowed, %d counted, want 20", allowed, all)
			}
		})
	}
}

// Where the guest's own limiter cannot be asked and the class is closed then, the
// request is refused, and not counted for the others.
func TestUnreachableGuestIsNotCounted(t *testing.T) {
	w := newWorld(t, ruled(t, fortunet.ClassDefault, func(r *fortunet.Rule) { r.FailOpen = false }))
	token, id := w.guest()
	w.store.OnLoad = func(of durable.ID) error {
		if of.Name == id && of.Type == objects.Limiters.Name {
			return durable.ErrStore
		}
		return nil
	}
	w.do(ask{path: "/api/v2/session", token: token}).wants(503, "unavailable")
	w.store.OnLoad = nil
	if all := w.hits(guestsHere, fortunet.ClassDefault); all != 0 {
		t.Errorf("%d counted for all guests of the address, want 0", all)
	}
}

// A block of all guests of an address comes first too: hits of the cache do not pass.
func TestBlockedGuests(t *testing.T) {
	w := newWorld(t)
	token, _ := w.guest()
	user, _ := w.account("ann@example.org")
	w.calculate(token, birth(0)).wants(200, "")
	if _, err := objects.BlockClient(t.Context(), objects.Limiters.Get(w.rt, guestsHere), objects.BlockRequest{Seconds: 60}); err != nil {
		t.Fatal(err)
	}
	w.calculate(token, birth(0)).wants(429, "blocked")
	w.do(ask{path: "/api/v2/session", token: token}).wants(429, "blocked")
	w.calculate(user, birth(0)).wants(200, "")
}

// A shadow rule refuses nobody, goes on counting, and what it would have refused can be
// seen.
func TestShadowRule(t *testing.T) {
	w := newWorld(t, ruled(t, fortunet.ClassDefault, func(r *fortunet.Rule) { r.Limit, r.Shadow = 2, true }))
	token, id := w.account("ann@example.org")
	for range 5 {
		r := w.do(ask{path: "/api/v2/session", token: token}).wants(200, "")
		if r.Header.Get("RateLimit-Policy") != `"default";q=2;w=3600` || r.Header.Get("Retry-After") != "" {
			t.Errorf("headers %v", r.Header)
		}
	}
	if got := w.hits(id, fortunet.ClassDefault); got != 5 {
		t.Errorf("%d counted, want 5", got)
	}
	if r := w.do(ask{path: "/metrics"}); !strings.Contains(string(r.Body), `fortunet_limit_shadow_refusals_total{class="default"} 3`) {
		t.Error("what a shadow would have refused is in no figure")
	}
}
