package objects_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/durabletest"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/objects"
)

func (h *house) signIn(t *testing.T, id string) objects.SignedIn {
	t.Helper()
	return must[objects.SignedIn](t)(objects.SignIn(t.Context(), h.session(id), objects.DeviceInfo{UserAgent: "test/1", Address: "192.0.2.1"}))
}

// who says what a token is good for.
func (h *house) who(t *testing.T, token string) (objects.Identity, error) {
	t.Helper()
	id, hash, err := objects.ParseToken(token)
	if err != nil {
		t.Fatal(err)
	}
	return objects.Authenticate(t.Context(), h.session(id), hash)
}

func (h *house) view(t *testing.T, id string) objects.SessionView {
	t.Helper()
	return must[objects.SessionView](t)(objects.View(t.Context(), h.session(id), struct{}{}))
}

func TestSession(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		in := h.signIn(t, "u1")
		who, err := h.who(t, in.Token)
		if err != nil || who.UserID != "u1" || who.Device != in.Device || who.Plan != fortunet.Free {
			t.Errorf("who: %+v, %v", who, err)
		}
		v := h.view(t, "u1")
		if v.User.Email != "u1@x.tw" || v.Preferences != fortunet.DefaultPreferences() || string(v.Metadata) != "{}" || len(v.Devices) != 1 ||
			v.ActiveCharts == nil || len(v.User.Permissions) != 4 {
			t.Errorf("view: %+v", v)
		}
		if _, err := objects.View(t.Context(), h.session("nobody"), struct{}{}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("an unknown user: %v", err)
		}
		if names, _ := h.rt.List(t.Context(), objects.Sessions.Name, "", 10); slices.Contains(names, "nobody") {
			t.Error("an unknown user has left something behind")
		}
		raw, err := h.rt.Export(t.Context(), durable.ID{Type: objects.Sessions.Name, Name: "u1"})
		text, _ := json.Marshal(raw)
		if err != nil || strings.Contains(string(text), in.Token) {
			t.Errorf("the token itself is stored: %v", err)
		}
	})
}

// A patch is kept when it is answered, whatever happens then; a bad one changes
// nothing and names what is wrong.
func TestPatch(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		patch := func(prefs, metadata string) error {
			req := objects.PatchRequest{}
			if prefs != "" {
				req.Preferences = json.RawMessage(prefs)
			}
			if metadata != "" {
				req.Metadata = json.RawMessage(metadata)
			}
			_, err := objects.Patch(t.Context(), h.session("u1"), req)
			return err
		}
		if err := patch(`{"theme":"dark"}`, `{"a":1,"b":{"c":[1,2]}}`); err != nil {
			t.Fatal(err)
		}
		h.crash()
		for _, bad := range [][2]string{{`{"theme":"pink"}`, `{"a":2}`}, {`{"nothing":1}`, `{"a":2}`}, {`{"theme":"light"}`, `[1]`}, {`{"theme":"light"}`, `{"a":"` + strings.Repeat("x", 5000) + `"}`}} {
			if err := patch(bad[0], bad[1]); fault.KindOf(err) != fault.Invalid && fault.KindOf(err) != fault.TooLarge {
				t.Errorf("%.60v: %v", bad, err)
			}
		}
		v := h.view(t, "u1")
		if v.Preferences.Theme != "dark" || string(v.Metadata) != `{"a":1,"b":{"c":[1,2]}}` {
			t.Errorf("after a crash and bad patches: %+v", v)
		}
		if err := patch(`{"theme":null}`, `{"b":null}`); err != nil {
			t.Fatal(err)
		}
		if v = h.view(t, "u1"); v.Preferences.Theme != "light" || string(v.Metadata) != `{"a":1}` {
			t.Errorf("after nulls: %+v", v)
		}
	})
}

// Active charts are an ordered set of fifty, added to and not replaced.
func TestActiveCharts(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for i := range 60 {
			must[bool](t)(objects.AddChart(t.Context(), h.session("u1"), fmt.Sprint("c", i)))
		}
		must[bool](t)(objects.AddChart(t.Context(), h.session("u1"), "c20"))
		time.Sleep(time.Second)
		must[bool](t)(objects.RemoveChart(t.Context(), h.session("u1"), "c59"))
		got := h.view(t, "u1").ActiveCharts
		if len(got) != 49 || got[0] != "c10" || got[48] != "c20" || slices.Contains(got, "c59") {
			t.Errorf("got %v", got)
		}
		for _, bad := range []string{"", "a b", "a\n", "é", strings.Repeat("x", 300)} {
			if _, err := objects.AddChart(t.Context(), h.session("u1"), bad); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%q: %v", bad, err)
			}
		}
		h.crash()
		if got := h.view(t, "u1").ActiveCharts; slices.Contains(got, "c59") {
			t.Errorf("what was removed is back after a crash: %v", got)
		}
		time.Sleep(time.Second)
		must[bool](t)(objects.AddChart(t.Context(), h.session("u1"), "c1"))
		time.Sleep(time.Second)
		h.crash()
		if got := h.view(t, "u1").ActiveCharts; got[len(got)-1] != "c1" {
			t.Errorf("a second after it was added: %v", got)
		}
	})
}

// A sixth device ends the one unused for longest; a revoked one is refused at once and
// stays refused; others are not touched.
func TestDevices(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var in []objects.SignedIn
		for range 5 {
			in = append(in, h.signIn(t, "u1"))
			time.Sleep(2 * time.Minute)
		}
		h.who(t, in[0].Token) // used
		in = append(in, h.signIn(t, "u1"))
		for i, want := range []bool{true, false, true, true, true, true} {
			if _, err := h.who(t, in[i].Token); (err == nil) != want || err != nil && fault.KindOf(err) != fault.Unauthorized {
				t.Errorf("device %d: %v", i, err)
			}
		}
		must[bool](t)(objects.Revoke(t.Context(), h.session("u1"), in[2].Device))
		h.crash()
		if _, err := h.who(t, in[2].Token); fault.KindOf(err) != fault.Unauthorized {
			t.Errorf("revoked: %v", err)
		}
		if _, err := objects.Revoke(t.Context(), h.session("u1"), in[2].Device); fault.KindOf(err) != fault.NotFound {
			t.Errorf("revoked twice: %v", err)
		}
		if n := must[int](t)(objects.RevokeOthers(t.Context(), h.session("u1"), in[0].Device)); n != 3 {
			t.Errorf("%d others, want 3", n)
		}
		fresh := must[objects.SignedIn](t)(objects.Rotate(t.Context(), h.session("u1"), in[0].Device))
		if _, err := h.who(t, in[0].Token); err == nil {
			t.Error("the token from before the rotation is good")
		}
		if who, err := h.who(t, fresh.Token); err != nil || who.Device != in[0].Device {
			t.Errorf("the new token: %+v, %v", who, err)
		}
	})
}

// Devices expire after thirty idle days, or after half a year.
func TestDeviceExpiry(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		idle, busy := h.signIn(t, "u1"), h.signIn(t, "u1")
		const day = 24 * time.Hour
		for range 7 {
			time.Sleep(25 * day)
			if _, err := h.who(t, busy.Token); err != nil {
				t.Fatalf("a device in use: %v", err)
			}
		}
		if _, err := h.who(t, idle.Token); err == nil {
			t.Error("an idle device is signed in after 175 days")
		}
		time.Sleep(6 * day)
		if _, err := h.who(t, busy.Token); err == nil {
			t.Error("a device is signed in after 181 days")
		}
		time.Sleep(time.Hour)
		if got := h.view(t, "u1").Devices; len(got) != 0 {
			t.Errorf("%d devices are left", len(got))
		}
	})
}

// A guest nobody was for thirty days is deleted with everything; one in use, or
// registered, is not.
func TestGuests(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.people.put(fortunet.User{ID: "g2", Plan: fortunet.Free, Guest: true})
		h.people.put(fortunet.User{ID: "g3", Plan: fortunet.Free, Guest: true})
		h.signIn(t, "g")
		used, registered := h.signIn(t, "g2"), h.signIn(t, "g3")
		h.people.put(fortunet.User{ID: "g3", Email: "g3@x.tw", Plan: fortunet.Free})
		must[objects.UserView](t)(objects.Refresh(t.Context(), h.session("g3"), struct{}{}))
		time.Sleep(20 * 24 * time.Hour)
		h.who(t, used.Token)
		h.who(t, registered.Token)
		time.Sleep(15 * 24 * time.Hour)
		if _, err := h.people.User(t.Context(), "g"); err == nil {
			t.Error("the unused guest is still there")
		}
		if _, err := h.who(t, used.Token); err != nil {
			t.Errorf("the guest in use: %v", err)
		}
		time.Sleep(40 * 24 * time.Hour)
		if _, err := h.people.User(t.Context(), "g3"); err != nil {
			t.Error("somebody registered was deleted as a guest")
		}
		names, err := h.rt.List(t.Context(), objects.Sessions.Name, "", 10)
		if err != nil || !slices.Equal(names, []string{"g3"}) {
			t.Errorf("stored sessions: %v, %v", names, err)
		}
	})
}

// A change in the database reaches the live session and loses nothing of it.
func TestRefresh(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		in := h.signIn(t, "u1")
		must[bool](t)(objects.AddChart(t.Context(), h.session("u1"), "c"))
		must[objects.SessionJSON](t)(objects.Patch(t.Context(), h.session("u1"), objects.PatchRequest{Preferences: json.RawMessage(`{"theme":"dark"}`)}))
		h.people.put(fortunet.User{ID: "u1", Email: "u1@x.tw", Name: "One", Plan: fortunet.Professional, Role: fortunet.Admin})
		must[objects.UserView](t)(objects.Refresh(t.Context(), h.session("u1"), struct{}{}))
		who, err := h.who(t, in.Token)
		if v := h.view(t, "u1"); err != nil || who.Plan != fortunet.Professional || who.Role != fortunet.Admin ||
			v.Preferences.Theme != "dark" || len(v.ActiveCharts) != 1 || len(v.Devices) != 1 || !slices.Contains(v.User.Permissions, fortunet.ChartsCollaborate) {
			t.Errorf("%+v, %+v, %v", who, v, err)
		}
		if v := h.view(t, "u10"); v.User.Plan != fortunet.Free {
			t.Errorf("u10: %+v", v)
		}
	})
}

func TestKeysAndTickets(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		in := h.signIn(t, "u1")
		for _, bad := range []objects.KeyRequest{{Scopes: []string{"charts:read"}}, {Name: "k"}, {Name: "k", Scopes: []string{"ai:unlimited"}},
			{Name: "k", Scopes: []string{"charts:read"}, Expires: time.Now().Add(-time.Hour)}} {
			if _, err := objects.CreateKey(t.Context(), h.session("u1"), bad); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		k := must[objects.KeyView](t)(objects.CreateKey(t.Context(), h.session("u1"),
			objects.KeyRequest{Name: "bot", Scopes: []string{"charts:read", "charts:create"}, Expires: time.Now().Add(time.Hour)}))
		if who, err := h.who(t, k.Token); err != nil || who.Device != "" || who.Key != k.ID || who.Scopes != "charts:create charts:read" {
			t.Errorf("by key: %+v, %v", who, err)
		}
		for _, shown := range must[[]objects.KeyView](t)(objects.Keys(t.Context(), h.session("u1"), struct{}{})) {
			if shown.Token != "" {
				t.Error("a key's secret is shown twice")
			}
		}
		if _, err := h.who(t, in.Token); err != nil {
			t.Errorf("a key signed the device out: %v", err)
		}
		time.Sleep(2 * time.Hour)
		if _, err := h.who(t, k.Token); err == nil {
			t.Error("an expired key is good")
		}
		redeem := func(ticket string) error {
			_, hash, err := objects.ParseToken(ticket)
			if err != nil {
				return err
			}
			_, err = objects.RedeemTicket(t.Context(), h.session("u1"), hash)
			return err
		}
		ticket := must[string](t)(objects.IssueTicket(t.Context(), h.session("u1"), in.Device))
		if _, err := h.who(t, ticket); err == nil {
			t.Error("a ticket is good as a token")
		}
		if err := redeem(ticket); err != nil {
			t.Errorf("a ticket: %v", err)
		}
		if err := redeem(ticket); err == nil {
			t.Error("a ticket is good twice")
		}
		late := must[string](t)(objects.IssueTicket(t.Context(), h.session("u1"), in.Device))
		time.Sleep(61 * time.Second)
		if err := redeem(late); err == nil {
			t.Error("a ticket is good after a minute")
		}
	})
}

// Deleting a session leaves nothing behind.
func TestDeleteSession(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		in := h.signIn(t, "u1")
		must[bool](t)(objects.DeleteSession(t.Context(), h.session("u1"), struct{}{}))
		if names, err := h.rt.List(t.Context(), objects.Sessions.Name, "", 10); err != nil || len(names) != 0 {
			t.Errorf("stored: %v, %v", names, err)
		}
		if _, err := h.who(t, in.Token); err == nil {
			t.Error("the token is good")
		}
		if f := h.figures(t); f.Sessions != 1 || f.SignedOut != 1 {
			t.Errorf("figures: %+v", f)
		}
	})
}

func FuzzParseToken(f *testing.F) {
	token, _ := objects.NewToken("user")
	for _, seed := range []string{token, "", ".", "a.b", token + "x", strings.Repeat("a", 300), "é." + token} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		id, hash, err := objects.ParseToken(token)
		if (err == nil) != (id != "" && hash != objects.Hash{}) {
			t.Errorf("%q: %q, %q, %v", token, id, hash, err)
		}
	})
}

// benchHouse is a house outside a bubble.
func benchHouse(b *testing.B) *house {
	h := &house{store: durabletest.NewMemStore(), people: &people{users: map[string]fortunet.User{"u": {ID: "u", Plan: fortunet.Free}}}}
	data := strings.Repeat("x", 13_000)
	deps := &objects.Deps{Users: h.people, Rules: fortunet.DefaultRules(), Compute: func(fortunet.Question) (string, error) { return data, nil }}
	rt, err := durable.Open(durable.Options{Store: h.store, Objects: objects.Host(deps)})
	if err != nil {
		b.Fatal(err)
	}
	h.rt = rt
	b.Cleanup(func() { rt.Close(context.Background()); h.store.Close() })
	return h
}

func BenchmarkAuthenticate(b *testing.B) {
	h := benchHouse(b)
	ctx := context.Background()
	in, err := objects.SignIn(ctx, h.session("u"), objects.DeviceInfo{})
	if err != nil {
		b.Fatal(err)
	}
	_, hash, _ := objects.ParseToken(in.Token)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := objects.Authenticate(ctx, h.session("u"), hash); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	h := benchHouse(b)
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := objects.Check(ctx, h.limiter("u"), objects.CheckRequest{Class: fortunet.ClassDefault, Plan: fortunet.Free}); err != nil {
			b.Fatal(err)
		}
	}
}
