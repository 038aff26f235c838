package objects_test

import (
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/objects"
)

func (h *house) reserve(req objects.CheckRequest) objects.Verdict {
	h.t.Helper()
	return must[objects.Verdict](h.t)(objects.Reserve(h.t.Context(), h.limiter("u"), req))
}

func (h *house) settle(id uint64, used int64) {
	h.t.Helper()
	must[objects.Verdict](h.t)(objects.Settle(h.t.Context(), h.limiter("u"), objects.Settlement{Reservation: id, Used: used}))
}

func (h *house) hits(class fortunet.Class) int64 {
	h.t.Helper()
	v := must[objects.Verdict](h.t)(objects.Peek(h.t.Context(), h.limiter("u"), objects.CheckRequest{Class: class, Plan: fortunet.Free}))
	return v.TotalHits
}

// A reservation in several classes is settled in all of them, to more or to less, once.
func TestSettleSeveralClasses(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		req := objects.CheckRequest{Class: fortunet.ClassDefault, And: []fortunet.Class{fortunet.ClassAIAnalysis, fortunet.ClassDefault}, Plan: fortunet.Free, Cost: 3}
		a, b, c := h.reserve(req), h.reserve(req), h.reserve(req)
		if got := [2]int64{h.hits(fortunet.ClassDefault), h.hits(fortunet.ClassAIAnalysis)}; got != [2]int64{9, 9} {
			t.Errorf("reserved: %v, want 9 and 9", got)
		}
		time.Sleep(time.Second)
		h.crash()
		h.settle(a.Reservation, 0)
		h.settle(b.Reservation, 5)
		h.settle(c.Reservation, -1) // nonsense changes nothing
		for range 2 {
			h.settle(c.Reservation, 1)
		}
		if got := [2]int64{h.hits(fortunet.ClassDefault), h.hits(fortunet.ClassAIAnalysis)}; got != [2]int64{6, 6} {
			t.Errorf("settled: %v, want 6 and 6", got)
		}
	})
}

// What was reserved before a reset, a clean-up or long ago changes nothing of what
// was counted since.
func TestStaleReservation(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		req := objects.CheckRequest{Class: fortunet.ClassDefault, Plan: fortunet.Free, Cost: 2}
		old := h.reserve(req)
		must[bool](t)(objects.ResetLimits(t.Context(), h.limiter("u"), ""))
		fresh := h.reserve(req)
		h.settle(old.Reservation, 0)
		if got := h.hits(fortunet.ClassDefault); got != 2 {
			t.Errorf("after a reset: %d, want 2", got)
		}
		time.Sleep(3 * time.Hour) // everything is tidied away
		h.reserve(req)
		h.settle(fresh.Reservation, 0)
		h.settle(old.Reservation, 0)
		if got := h.hits(fortunet.ClassDefault); got != 2 {
			t.Errorf("three hours later: %d, want 2", got)
		}
		must[bool](t)(objects.ResetLimits(t.Context(), h.limiter("u"), fortunet.ClassAIAnalysis))
		if got := h.hits(fortunet.ClassDefault); got != 2 {
			t.Errorf("a reset of another class: %d, want 2", got)
		}
	})
}

// A reset of one class takes it out of what is reserved: settling that later gives back
// nothing of what was counted since, and does not forget the other classes.
func TestResetOfReservedClass(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		both := objects.CheckRequest{Class: fortunet.ClassDefault, And: []fortunet.Class{fortunet.ClassAIAnalysis}, Plan: fortunet.Free, Cost: 2}
		one := objects.CheckRequest{Class: fortunet.ClassDefault, Plan: fortunet.Free, Cost: 2}
		a, b := h.reserve(both), h.reserve(one)
		must[bool](t)(objects.ResetLimits(t.Context(), h.limiter("u"), fortunet.ClassDefault))
		h.reserve(one) // in the same millisecond
		h.settle(a.Reservation, 0)
		h.settle(b.Reservation, 0)
		if got := [2]int64{h.hits(fortunet.ClassDefault), h.hits(fortunet.ClassAIAnalysis)}; got != [2]int64{2, 0} {
			t.Errorf("got %v, want 2 and 0", got)
		}
	})
}

// What cost more than was reserved counts in every class from when that is known, and
// then as exactly as any other request; after a quarter of an hour a reservation stands.
func TestSettleToMore(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.deps.Rules.Set(fortunet.ClassDefault, fortunet.Free, fortunet.Rule{Limit: 120, Window: time.Hour})
		one := objects.CheckRequest{Class: fortunet.ClassDefault, Plan: fortunet.Free}
		a := h.reserve(one)
		time.Sleep(10 * time.Minute)
		h.settle(a.Reservation, 60)
		time.Sleep(50 * time.Minute)
		b := h.reserve(one) // would prolong the slot, had the 59 joined it
		if got := h.hits(fortunet.ClassDefault); got < 60 || got > 60+120/60 {
			t.Errorf("an hour after the first: %d, want 59 and 1, and a sixtieth more at most", got)
		}
		time.Sleep(10 * time.Minute)
		if got := h.hits(fortunet.ClassDefault); got != 1 {
			t.Errorf("an hour after it was known: %d, want 1", got)
		}
		time.Sleep(5 * time.Minute)
		for _, used := range []int64{0, 50} {
			h.settle(b.Reservation, used)
		}
		if got := h.hits(fortunet.ClassDefault); got != 1 {
			t.Errorf("settled after a quarter of an hour: %d, want 1", got)
		}
	})
}

// Reservations that nobody settles stand, and do not pile up.
func TestUnsettledReservations(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.deps.Rules.Set(fortunet.ClassDefault, fortunet.Free, fortunet.Rule{Limit: 100_000, Window: time.Hour})
		var first, last objects.Verdict
		for i := range 2000 {
			last = h.reserve(objects.CheckRequest{Class: fortunet.ClassDefault, Plan: fortunet.Free})
			if i == 0 {
				first = last
			}
			if i%3 == 0 && i > 0 {
				h.settle(last.Reservation, 0)
			}
		}
		h.settle(first.Reservation, 0) // it stands
		want := int64(2000 - 666)
		if got := h.hits(fortunet.ClassDefault); got != want {
			t.Errorf("%d hits, want %d", got, want)
		}
		in, err := h.rt.Inspect(t.Context(), durable.ID{Type: objects.Limiters.Name, Name: "u"})
		if err != nil || in.Bytes > 32<<10 {
			t.Errorf("%d bytes, %v", in.Bytes, err)
		}
		last = h.reserve(objects.CheckRequest{Class: fortunet.ClassDefault, Plan: fortunet.Free})
		time.Sleep(14 * time.Minute) // out of memory, and not too late
		h.settle(last.Reservation, 0)
		if got := h.hits(fortunet.ClassDefault); got != want {
			t.Errorf("%d hits, want %d", got, want)
		}
	})
}

// However many ask at once, exactly the limit passes, and a refusal writes nothing.
func TestConcurrentChecks(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var allowed atomic.Int64
		var wg sync.WaitGroup
		for range 150 {
			wg.Go(func() {
				if h.check("u", fortunet.ClassDefault, fortunet.Free).Allowed {
					allowed.Add(1)
				}
			})
		}
		wg.Wait()
		if allowed.Load() != 100 {
			t.Errorf("%d of 150 passed, want 100", allowed.Load())
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		before := h.store.Stats()
		for range 100 {
			h.check("u", fortunet.ClassDefault, fortunet.Free)
			must[objects.Verdict](t)(objects.Peek(t.Context(), h.limiter("u"), objects.CheckRequest{Class: fortunet.ClassAIAnalysis, Plan: fortunet.Free}))
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if after := h.store.Stats(); after.Submitted != before.Submitted {
			t.Errorf("refusals have written %d batches", after.Submitted-before.Submitted)
		}
	})
}

// Odd requests are judged soundly: no cost slips through by overflow, a class nobody
// knows is the default one, of several refusals the longest is told.
func TestOddRequests(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ask := func(req objects.CheckRequest) objects.Verdict {
			t.Helper()
			return must[objects.Verdict](t)(objects.Check(t.Context(), h.limiter("u"), req))
		}
		for _, cost := range []int64{101, math.MaxInt64, math.MaxInt64 - 99} {
			if v := ask(objects.CheckRequest{Class: fortunet.ClassDefault, Plan: fortunet.Free, Cost: cost}); v.Allowed || v.RetryAfter != 3600 {
				t.Errorf("cost %d: %+v", cost, v)
			}
		}
		if v := ask(objects.CheckRequest{Class: "charts/calculate", Plan: "gold", Cost: -5, Factor: -1}); !v.Allowed || v.Class != fortunet.ClassDefault || v.Limit != 100 || v.TotalHits != 1 {
			t.Errorf("nonsense: %+v", v)
		}
		if got := h.hits(fortunet.ClassDefault); got != 1 {
			t.Errorf("%d hits in the default class, want 1", got)
		}
		ask(objects.CheckRequest{Class: fortunet.ClassAIAnalysis, Plan: fortunet.Free, Cost: 10})
		ask(objects.CheckRequest{Class: fortunet.ClassExportDownload, Plan: fortunet.Free, Cost: 50})
		time.Sleep(time.Minute)
		v := ask(objects.CheckRequest{Class: fortunet.ClassDefault, And: []fortunet.Class{fortunet.ClassExportDownload, fortunet.ClassAIAnalysis}, Plan: fortunet.Free})
		if v.Allowed || v.Class != fortunet.ClassExportDownload || v.RetryAfter != 86400-60 {
			t.Errorf("two refusals: %+v", v)
		}
		if got := h.hits(fortunet.ClassDefault); got != 1 {
			t.Errorf("a refusal in one class was counted in another: %d", got)
		}
		h.deps.Rules.Set(fortunet.ClassDefault, fortunet.Free, fortunet.Rule{Limit: 1, Window: time.Hour, Shadow: true})
		if v := ask(objects.CheckRequest{Class: fortunet.ClassDefault, Plan: fortunet.Free}); !v.Allowed || !v.Shadowed || v.TotalHits != 2 {
			t.Errorf("a shadow: %+v", v)
		}
		for range 3 { // nor do sums of costs that nobody refuses
			if v := ask(objects.CheckRequest{Class: fortunet.ClassDefault, Plan: fortunet.Free, Cost: math.MaxInt64}); !v.Shadowed || v.TotalHits < 1 {
				t.Errorf("a shadow of a great cost: %+v", v)
			}
		}
		h.deps.Rules.Set(fortunet.ClassDefault, fortunet.Free, fortunet.Rule{Limit: 0, Window: time.Hour})
		if v := ask(objects.CheckRequest{Class: fortunet.ClassDefault, Plan: fortunet.Free}); v.Allowed || v.Shadowed {
			t.Errorf("a limit of nothing: %+v", v)
		}
	})
}

// A block that was made longer does not end when the first one would have; it comes
// first also where something is reserved or only asked.
func TestBlockLonger(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, seconds := range []int64{60, 600} {
			must[objects.Block](t)(objects.BlockClient(t.Context(), h.limiter("u"), objects.BlockRequest{Seconds: seconds, Reason: "flood"}))
		}
		time.Sleep(2 * time.Minute)
		req := objects.CheckRequest{Class: fortunet.ClassDefault, Plan: fortunet.Free}
		if v := h.reserve(req); v.Allowed || !v.Blocked || v.Reservation != 0 || v.RetryAfter != 480 {
			t.Errorf("reserving: %+v", v)
		}
		if v := must[objects.Verdict](t)(objects.Peek(t.Context(), h.limiter("u"), req)); v.Allowed || !v.Blocked {
			t.Errorf("asking: %+v", v)
		}
		if v := h.check("u1", fortunet.ClassDefault, fortunet.Free); !v.Allowed {
			t.Errorf("somebody else: %+v", v)
		}
		time.Sleep(8 * time.Minute)
		if v := h.reserve(req); !v.Allowed || v.TotalHits != 1 {
			t.Errorf("afterwards: %+v", v)
		}
		time.Sleep(3 * time.Hour)
		if names := must[[]string](t)(h.rt.List(t.Context(), objects.Limiters.Name, "", 10)); len(names) != 0 {
			t.Errorf("stored: %v", names)
		}
	})
}
