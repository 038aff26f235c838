package objects_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/durabletest"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/objects"
)

// people is a database of users in memory.
type people struct {
	mu    sync.Mutex
	users map[string]fortunet.User
}

func (p *people) User(_ context.Context, id string) (fortunet.User, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	u, ok := p.users[id]
	if !ok {
		return u, fault.Errorf(fault.NotFound, "there is no such user")
	}
	return u, nil
}

func (p *people) DeleteGuest(_ context.Context, id string) (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.users[id].Guest {
		delete(p.users, id)
	}
	_, there := p.users[id]
	return !there, nil
}

func (p *people) put(u fortunet.User) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.users[u.ID] = u
}

func (p *people) drop(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.users, id)
}

// A house is a runtime with all objects over a memory store, in a bubble.
type house struct {
	t        *testing.T
	store    *durabletest.MemStore
	rt       *durable.Runtime
	people   *people
	rules    fortunet.Rules
	deps     *objects.Deps
	byBytes  bool
	computed int
	compute  func(fortunet.Question) (string, error)
}

// each runs a test in a bubble, with calls by value and by bytes.
func each(t *testing.T, f func(t *testing.T, h *house)) {
	for _, byBytes := range []bool{false, true} {
		t.Run(map[bool]string{false: "ByValue", true: "ByBytes"}[byBytes], func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := &house{t: t, store: durabletest.NewMemStore(), rules: fortunet.DefaultRules(), byBytes: byBytes,
					people: &people{users: map[string]fortunet.User{}}}
				h.compute = func(q fortunet.Question) (string, error) {
					h.computed++
					return fmt.Sprintf(`{"n":%d}`, h.computed), nil
				}
				for _, u := range []fortunet.User{{ID: "u1", Email: "u1@x.tw", Name: "One", Plan: fortunet.Free},
					{ID: "u10", Email: "u10@x.tw", Name: "Ten", Plan: fortunet.Free}, {ID: "g", Name: "訪客", Plan: fortunet.Free, Guest: true}} {
					h.people.put(u)
				}
				h.open()
				f(t, h)
				h.close()
			})
		})
	}
}

func (h *house) open() {
	h.deps = &objects.Deps{Users: h.people, Rules: h.rules, Compute: func(q fortunet.Question) (string, error) { return h.compute(q) }}
	rt, err := durable.Open(durable.Options{Store: h.store, Objects: objects.Host(h.deps), ByBytes: h.byBytes, Strict: true})
	if err != nil {
		h.t.Fatal(err)
	}
	h.rt = rt
}

func (h *house) close() {
	h.deps.Flush(h.rt)
	if err := h.rt.Close(context.Background()); err != nil {
		h.t.Errorf("close: %v", err)
	}
	time.Sleep(2 * time.Second) // what counts for a second has its time
	h.store.Close()
}

// crash goes on with what is durable.
func (h *house) crash() { h.crashWith(1) }

// crashWith is crash with what was on its way kept or lost as the seed has it.
func (h *house) crashWith(seed uint64) {
	old, rt := h.store, h.rt
	h.store = old.Crash(seed)
	h.open()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	rt.Close(ctx)
	old.Close()
	synctest.Wait()
}

func (h *house) limiter(id string) durable.Stub[objects.Limiter] {
	return objects.Limiters.Get(h.rt, id)
}
func (h *house) session(id string) durable.Stub[objects.Session] {
	return objects.Sessions.Get(h.rt, id)
}

// must fails the test on an error.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func mustOK[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
