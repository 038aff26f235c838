package objects_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/objects"
)

// Where stale charts are allowed, a chart that has expired is served while one new one is
// computed behind it, which nobody waits for; without that it is a miss.
func TestStaleWhileRevalidate(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.deps.Stale = 6 * time.Hour
		compute, gate := h.compute, make(chan struct{})
		h.fetch(t, birthRequest)
		h.compute = func(q fortunet.Question) (string, error) {
			<-gate
			return compute(q)
		}
		time.Sleep(25 * time.Hour)
		for range 5 {
			if hit := h.fetch(t, birthRequest); hit.Computed || hit.Data != `{"n":1}` {
				t.Errorf("expired: %+v", hit)
			}
		}
		close(gate)
		synctest.Wait()
		if hit := h.fetch(t, birthRequest); hit.Computed || hit.Data != `{"n":2}` {
			t.Errorf("renewed: %+v", hit)
		}
		if f := h.figures(t); f.Misses != 1 || f.Hits != 6 || f.Computed != 2 || f.Expired != 1 || f.Entries != 1 {
			t.Errorf("figures: %+v", f)
		}
	})
}

// A chart that cannot be computed anew is served for as long as that is allowed, and one
// nobody asks for is removed then.
func TestStaleEnds(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.deps.Stale = 6 * time.Hour
		h.fetch(t, birthRequest)
		var fails atomic.Int64
		h.compute = func(fortunet.Question) (string, error) {
			fails.Add(1)
			return "", errors.New("the engine is out of order")
		}
		for range 3 {
			time.Sleep(8*time.Hour + 10*time.Minute) // 24.5 hours in all
		}
		for range 3 {
			if hit := h.fetch(t, birthRequest); hit.Data != `{"n":1}` {
				t.Errorf("expired: %+v", hit)
			}
			time.Sleep(time.Minute)
		}
		if n := fails.Load(); n != 3 {
			t.Errorf("tried %d times, want 3", n)
		}
		time.Sleep(6 * time.Hour)
		r := request(t, birthRequest)
		if _, err := objects.Fetch(t.Context(), h.entry(&r), objects.FetchRequest{Question: fortunet.Ask(r)}); err == nil {
			t.Error("a chart is served for longer than is allowed")
		}
		if names, err := h.rt.List(t.Context(), objects.ChartCache.Name, "", 10); err != nil || len(names) != 0 {
			t.Errorf("the store holds %v, %v", names, err)
		}
	})
}
