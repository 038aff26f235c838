package objects_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/objects"
)

// A model is what a session must still say after a crash.
type model struct {
	tokens map[string]string // of devices, by device
	keys   map[string]string
	theme  fortunet.Theme
	n      int // in the metadata
}

func (m model) clone() model {
	c := m
	c.tokens, c.keys = map[string]string{}, map[string]string{}
	for k, v := range m.tokens {
		c.tokens[k] = v
	}
	for k, v := range m.keys {
		c.keys[k] = v
	}
	return c
}

// step does something to the session of u1 and, if it was answered, to the model.
// Gone are tokens that must be refused from then on.
func (m *model) step(t *testing.T, h *house, rng *rand.Rand, gone *[]string) error {
	stub := h.session("u1")
	switch n := rng.IntN(7); {
	case n == 0 && len(m.tokens) < 5:
		in, err := objects.SignIn(t.Context(), stub, objects.DeviceInfo{})
		if err == nil {
			m.tokens[in.Device] = in.Token
		}
		return err
	case n == 1 && len(m.tokens) > 1:
		for device, token := range m.tokens {
			if _, err := objects.Revoke(t.Context(), stub, device); err != nil {
				return err
			}
			delete(m.tokens, device)
			*gone = append(*gone, token)
			break
		}
	case n == 2:
		for device, token := range m.tokens {
			in, err := objects.Rotate(t.Context(), stub, device)
			if err != nil {
				return err
			}
			m.tokens[device] = in.Token
			*gone = append(*gone, token)
			break
		}
	case n == 3 && len(m.keys) < 10:
		k, err := objects.CreateKey(t.Context(), stub, objects.KeyRequest{Name: "k", Scopes: []string{"charts:read"}})
		if err == nil {
			m.keys[k.ID] = k.Token
		}
		return err
	case n == 4:
		for id, token := range m.keys {
			if _, err := objects.RevokeKey(t.Context(), stub, id); err != nil {
				return err
			}
			delete(m.keys, id)
			*gone = append(*gone, token)
			break
		}
	default:
		theme := []fortunet.Theme{fortunet.Light, fortunet.Dark, fortunet.System}[rng.IntN(3)]
		req := objects.PatchRequest{Preferences: json.RawMessage(`{"theme":"` + string(theme) + `"}`), Metadata: json.RawMessage(fmt.Sprintf(`{"n":%d}`, m.n+1))}
		if _, err := objects.Patch(t.Context(), stub, req); err != nil {
			return err
		}
		m.theme = theme
		m.n++
	}
	return nil
}

// differs says how the session differs from the model, "" if it does not.
func (m model) differs(t *testing.T, h *house) string {
	v := h.view(t, "u1")
	var devices []string
	for _, d := range v.Devices {
		devices = append(devices, d.ID)
	}
	for device, token := range m.tokens {
		if who, err := h.who(t, token); err != nil || who.Device != device {
			return fmt.Sprintf("token of %s: %+v, %v", device, who, err)
		}
	}
	for id, token := range m.keys {
		if who, err := h.who(t, token); err != nil || who.Key != id {
			return fmt.Sprintf("key %s: %+v, %v", id, who, err)
		}
	}
	keys := must[[]objects.KeyView](t)(objects.Keys(t.Context(), h.session("u1"), struct{}{}))
	if len(devices) != len(m.tokens) || len(keys) != len(m.keys) || v.Preferences.Theme != m.theme || string(v.Metadata) != fmt.Sprintf(`{"n":%d}`, m.n) {
		return fmt.Sprintf("devices %v, %d keys, theme %s, metadata %s; the model has %v, %d, %s, %d",
			devices, len(keys), v.Preferences.Theme, v.Metadata, m.tokens, len(m.keys), m.theme, m.n)
	}
	return ""
}

// Whatever was answered stands after a crash at any time; what was on its way stands
// wholly or not at all, and nobody was told; a token that was ended stays ended.
func TestSessionCrashes(t *testing.T) {
	for seed := range uint64(8) {
		each(t, func(t *testing.T, h *house) {
			rng := rand.New(rand.NewPCG(seed, 3))
			in := h.signIn(t, "u1")
			m := model{tokens: map[string]string{in.Device: in.Token}, keys: map[string]string{}, theme: fortunet.Light}
			must[objects.SessionJSON](t)(objects.Patch(t.Context(), h.session("u1"), objects.PatchRequest{Metadata: json.RawMessage(`{"n":0}`)}))
			var gone []string
			for range 15 {
				for range rng.IntN(8) {
					if err := m.step(t, h, rng, &gone); err != nil {
						t.Fatalf("seed %d: %v", seed, err)
					}
				}
				time.Sleep(time.Duration(rng.IntN(40)) * time.Second)
				// One more is under way when the power goes.
				h.store.Hold()
				started := m.clone()
				goneMeanwhile := slices.Clone(gone)
				done := make(chan error, 1)
				go func() { done <- started.step(t, h, rng, &goneMeanwhile) }()
				synctest.Wait()
				h.crashWith(rng.Uint64())
				err := <-done
				if err == nil { // it had nothing to write
					m, gone = started, goneMeanwhile
				}
				if d := m.differs(t, h); d != "" {
					if err == nil {
						t.Fatalf("seed %d: after a crash: %s", seed, d)
					}
					m = h.adopt(t, m)
				}
				for _, token := range gone {
					if _, err := h.who(t, token); fault.KindOf(err) != fault.Unauthorized {
						t.Fatalf("seed %d: a token that was ended: %v", seed, err)
					}
				}
			}
		})
	}
}

// adopt returns the model of a session in which one step more has become durable than
// was answered, and fails the test if it is more than one.
func (h *house) adopt(t *testing.T, m model) model {
	v := h.view(t, "u1")
	changes := 0
	if string(v.Metadata) == fmt.Sprintf(`{"n":%d}`, m.n+1) {
		m.n++
		m.theme = v.Preferences.Theme
		changes++
	}
	for device, token := range m.tokens {
		if _, err := h.who(t, token); err != nil { // revoked, or rotated to a token nobody knows
			delete(m.tokens, device)
			objects.Revoke(t.Context(), h.session("u1"), device)
			changes++
		}
	}
	for _, d := range h.view(t, "u1").Devices {
		if _, ok := m.tokens[d.ID]; !ok {
			must[bool](t)(objects.Revoke(t.Context(), h.session("u1"), d.ID))
			changes++
		}
	}
	keys := map[string]bool{}
	for _, k := range must[[]objects.KeyView](t)(objects.Keys(t.Context(), h.session("u1"), struct{}{})) {
		keys[k.ID] = true
		if _, ok := m.keys[k.ID]; !ok {
			must[bool](t)(objects.RevokeKey(t.Context(), h.session("u1"), k.ID))
			changes++
		}
	}
	for id := range m.keys {
		if !keys[id] {
			delete(m.keys, id)
			changes++
		}
	}
	if d := m.differs(t, h); d != "" || changes != 1 {
		t.Fatalf("%d steps more than were answered; %s", changes, d)
	}
	if len(m.tokens) == 0 {
		in := h.signIn(t, "u1")
		m.tokens[in.Device] = in.Token
	}
	return m
}

// Authenticating writes once a minute at most, and adding what is the newest chart
// already not at all.
func TestFewWrites(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		in := h.signIn(t, "u1")
		must[bool](t)(objects.AddChart(t.Context(), h.session("u1"), "c"))
		time.Sleep(2 * time.Second)
		synctest.Wait()
		before := h.store.Stats().Submitted
		for range 500 {
			if _, err := h.who(t, in.Token); err != nil {
				t.Fatal(err)
			}
			must[bool](t)(objects.AddChart(t.Context(), h.session("u1"), "c"))
			time.Sleep(time.Second)
		}
		if n := h.store.Stats().Submitted - before; n < 8 || n > 9 {
			t.Errorf("500 seconds of requests have written %d times, want 8", n)
		}
		if v := h.view(t, "u1"); time.Since(v.LastActivity) > time.Minute || time.Since(v.Devices[0].LastSeen) > time.Minute {
			t.Errorf("last activity %v, seen %v, now %v", v.LastActivity, v.Devices[0].LastSeen, time.Now())
		}
	})
}

// A key can do no more than its user's plan allows now, and a guest has none.
func TestKeysFollowThePlan(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.people.put(fortunet.User{ID: "u1", Plan: fortunet.Professional})
		in := h.signIn(t, "u1")
		k := must[objects.KeyView](t)(objects.CreateKey(t.Context(), h.session("u1"),
			objects.KeyRequest{Name: " bot ", Scopes: []string{"charts:read", "ai:unlimited", "charts:read"}}))
		if who := must[objects.Identity](t)(h.who(t, k.Token)); who.Scopes != "ai:unlimited charts:read" || who.Plan != fortunet.Professional {
			t.Errorf("got %+v", who)
		}
		h.people.put(fortunet.User{ID: "u1", Plan: fortunet.Free})
		must[objects.UserView](t)(objects.Refresh(t.Context(), h.session("u1"), struct{}{}))
		if who := must[objects.Identity](t)(h.who(t, k.Token)); who.Scopes != "charts:read" || who.Plan != fortunet.Free {
			t.Errorf("after the downgrade: %+v", who)
		}
		must[bool](t)(objects.RevokeKey(t.Context(), h.session("u1"), k.ID))
		if _, err := h.who(t, k.Token); fault.KindOf(err) != fault.Unauthorized {
			t.Errorf("a revoked key: %v", err)
		}
		for i := range 21 {
			_, err := objects.CreateKey(t.Context(), h.session("u1"), objects.KeyRequest{Name: "k", Scopes: []string{"charts:read"}, Expires: time.Now().Add(time.Hour)})
			if (err == nil) != (i < 20) {
				t.Fatalf("key %d: %v", i+1, err)
			}
		}
		time.Sleep(2 * time.Hour)
		must[objects.KeyView](t)(objects.CreateKey(t.Context(), h.session("u1"), objects.KeyRequest{Name: "k", Scopes: []string{"charts:read"}}))
		if n := len(must[[]objects.KeyView](t)(objects.Keys(t.Context(), h.session("u1"), struct{}{}))); n != 1 {
			t.Errorf("%d keys, want the one that has not expired", n)
		}
		if _, err := h.who(t, in.Token); err != nil {
			t.Errorf("keys signed the device out: %v", err)
		}
		h.signIn(t, "g")
		if _, err := objects.CreateKey(t.Context(), h.session("g"), objects.KeyRequest{Name: "k", Scopes: []string{"charts:read"}}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a guest's key: %v", err)
		}
	})
}

// A ticket ends with its device, and there is no end of tickets to be had.
func TestTicketsAreBounded(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		in := h.signIn(t, "u1")
		ticket := must[string](t)(objects.IssueTicket(t.Context(), h.session("u1"), in.Device))
		_, hash, _ := objects.ParseToken(ticket)
		fresh := h.signIn(t, "u1")
		must[bool](t)(objects.Revoke(t.Context(), h.session("u1"), in.Device))
		if _, err := objects.RedeemTicket(t.Context(), h.session("u1"), hash); fault.KindOf(err) != fault.Unauthorized {
			t.Errorf("a ticket of a revoked device: %v", err)
		}
		if _, err := objects.IssueTicket(t.Context(), h.session("u1"), in.Device); fault.KindOf(err) != fault.Unauthorized {
			t.Errorf("a new one for it: %v", err)
		}
		for i := range 51 {
			_, err := objects.IssueTicket(t.Context(), h.session("u1"), fresh.Device)
			if (err == nil) != (i < 50) || err != nil && fault.KindOf(err) != fault.Overloaded {
				t.Fatalf("ticket %d: %v", i+1, err)
			}
		}
		time.Sleep(time.Minute)
		_, hash, _ = objects.ParseToken(must[string](t)(objects.IssueTicket(t.Context(), h.session("u1"), fresh.Device)))
		must[objects.SignedIn](t)(objects.Rotate(t.Context(), h.session("u1"), fresh.Device))
		if _, err := objects.RedeemTicket(t.Context(), h.session("u1"), hash); fault.KindOf(err) != fault.Unauthorized {
			t.Errorf("a ticket made by a token that was replaced: %v", err)
		}
	})
}

// Somebody who never signed in leaves nothing behind, and is as the database has them.
func TestUnstoredSession(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.view(t, "u1")
		h.people.put(fortunet.User{ID: "u1", Plan: fortunet.Premium})
		must[objects.UserView](t)(objects.Refresh(t.Context(), h.session("u1"), struct{}{}))
		if v := h.view(t, "u1"); v.User.Plan != fortunet.Premium {
			t.Errorf("got %+v", v.User)
		}
		if _, err := objects.Patch(t.Context(), h.session("nobody"), objects.PatchRequest{Metadata: json.RawMessage(`{"a":1}`)}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a patch of a session that cannot be: %v", err)
		}
		if _, err := objects.Refresh(t.Context(), h.session("nobody"), struct{}{}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a refresh of one: %v", err)
		}
		time.Sleep(time.Hour)
		if names := must[[]string](t)(h.rt.List(t.Context(), objects.Sessions.Name, "", 10)); len(names) != 0 {
			t.Errorf("stored: %v", names)
		}
	})
}
