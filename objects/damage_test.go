package objects_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/durabletest"
	"github.com/fortunet/fortunet/objects"
)

// storedKeys are the keys of each type, so that the fuzzer need not find them.
var storedKeys = []struct{ typ, key string }{
	{"session", "user"}, {"session", "preferences"}, {"session", "metadata"}, {"session", "charts"}, {"session", "devices\x00d"},
	{"session", "keys\x00k"}, {"session", "tickets\x00t"}, {"session", "activity"},
	{"ratelimit", "windows\x00default"}, {"ratelimit", "reservations\x00000000000000000f"}, {"ratelimit", "reservations\x00x"}, {"ratelimit", "block"},
	{"chartcache", "meta"}, {"chartcache", "data"}, {"chartcache", "use"},
}

// FuzzDamaged damages one key of an object: those who ask it get an error or an answer,
// and no method panics.
func FuzzDamaged(f *testing.F) {
	for i := range storedKeys {
		for _, value := range []string{"", "null", "{}", "[]", "1", `"x"`, "{", `[["a"]]`, `{"id":1}`, `"1;1,1,1,9"`, `"9;9,9,9,9;1,1,1,1"`, `{"until":-1}`, `{"hash":"00"}`,
			`{"classes":"default nonsense","at":1,"cost":-5}`, `{"expires":99999999999999,"bytes":-1}`} {
			f.Add(uint8(i), []byte(value))
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, value []byte) {
		at := storedKeys[int(which)%len(storedKeys)]
		synctest.Test(t, func(t *testing.T) {
			h := &house{t: t, store: durabletest.NewMemStore(), rules: fortunet.DefaultRules(), people: &people{users: map[string]fortunet.User{}}}
			h.compute = func(fortunet.Question) (string, error) { return "{}", nil }
			h.people.put(fortunet.User{ID: "o", Plan: fortunet.Free})
			done := make(chan error, 1)
			err := h.store.Submit(&durable.Batch{ID: durable.ID{Type: at.typ, Name: "o"}, Keys: []durable.KeyOp{{Key: at.key, Value: value}},
				Done: func(err error) { done <- err }})
			if err != nil || <-done != nil {
				t.Fatal("the store refuses it")
			}
			h.open()
			h.useAll(t)
			time.Sleep(time.Minute) // they leave memory
			h.useAll(t)
			for _, s := range h.rt.Stats() {
				if s.Panics > 0 {
					t.Errorf("%s panicked", s.Type)
				}
			}
			h.close()
		})
	})
}

// useAll asks the objects named o what can be asked of them, whatever they say.
func (h *house) useAll(t *testing.T) {
	ctx := t.Context()
	session := h.session("o")
	objects.View(ctx, session, struct{}{})
	objects.Patch(ctx, session, objects.PatchRequest{Preferences: []byte(`{"theme":"dark"}`), Metadata: []byte(`{"a":1}`)})
	objects.AddChart(ctx, session, "ziwei:1")
	objects.RemoveChart(ctx, session, "ziwei:1")
	if in, err := objects.SignIn(ctx, session, objects.DeviceInfo{}); err == nil {
		objects.IssueTicket(ctx, session, in.Device)
		objects.Rotate(ctx, session, in.Device)
	}
	objects.CreateKey(ctx, session, objects.KeyRequest{Name: "k", Scopes: []string{"charts:read"}})
	objects.Keys(ctx, session, struct{}{})
	objects.RevokeAll(ctx, session, struct{}{})

	limiter, ask := h.limiter("o"), objects.CheckRequest{Class: fortunet.ClassDefault, Plan: fortunet.Free}
	objects.Check(ctx, limiter, ask)
	if v, err := objects.Reserve(ctx, limiter, ask); err == nil {
		objects.Settle(ctx, limiter, objects.Settlement{Reservation: v.Reservation})
	}
	objects.Settle(ctx, limiter, objects.Settlement{Reservation: 15, Used: 2})
	objects.Usage(ctx, limiter, fortunet.Free)
	objects.BlockClient(ctx, limiter, objects.BlockRequest{Seconds: 1})

	entry := objects.ChartCache.Get(h.rt, "o")
	objects.Lookup(ctx, entry, 0)
	objects.Fetch(ctx, entry, objects.FetchRequest{})
	objects.DropChart(ctx, entry, struct{}{})
}
