package durable_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/durabletest"
)

// withTimeout runs a test in a bubble, over a runtime whose calls wait for 20 seconds.
func withTimeout(t *testing.T, f func(t *testing.T, b *bench)) {
	synctest.Test(t, func(t *testing.T) {
		clear(gates)
		b := &bench{t: t, store: durabletest.NewMemStore(), timeout: 20 * time.Second}
		b.open(false)
		f(t, b)
		b.close()
	})
}

// A disk that hangs costs callers an error that says so, and not their lives. What
// they had written is neither lost nor done twice once it goes on.
func TestCallTimeoutStore(t *testing.T) {
	withTimeout(t, func(t *testing.T, b *bench) {
		b.must("p")
		b.store.Hold()
		write := b.start("p", act{Do: "add", N: 1})
		synctest.Wait()
		read := b.start("p", act{Do: "look"})
		time.Sleep(19 * time.Second)
		if !waiting(write) || !waiting(read) {
			t.Error("a call gave up before its time")
		}
		time.Sleep(time.Second)
		synctest.Wait()
		for name, c := range map[string]<-chan result{"write": write, "read": read} {
			if waiting(c) {
				t.Fatalf("the %s waits for ever", name)
			}
			if r := <-c; !errors.Is(r.err, durable.ErrUnknown) {
				t.Errorf("%s: %+v, want an unknown outcome", name, r)
			}
		}
		b.store.Resume()
		if got := b.must("p"); got.Count != 1 {
			t.Errorf("the write that came late counts %d times", got.Count)
		}
	})
}

// A call that never got its turn has done nothing and says so; nor does it later.
func TestCallTimeoutTurn(t *testing.T) {
	withTimeout(t, func(t *testing.T, b *bench) {
		gates["busy"] = make(chan struct{})
		busy := b.start("p", act{Do: "wait", Text: "busy"})
		synctest.Wait()
		late := b.start("p", act{Do: "add", N: 1})
		time.Sleep(20 * time.Second)
		if waiting(late) {
			t.Fatal("a call waits for its turn for ever")
		}
		r := <-late
		if o, _ := durable.OutcomeOf(r.err); !errors.Is(r.err, durable.ErrTimeout) || o != durable.NotDone {
			t.Errorf("%+v, want ErrTimeout", r)
		}
		if !waiting(busy) {
			t.Error("the event in its turn was cut short")
		}
		close(gates["busy"])
		if r := <-busy; r.err != nil {
			t.Error(r.err)
		}
		if got := b.must("p"); got.Count != 0 {
			t.Error("a call that timed out was carried out")
		}
	})
}

// A deadline of the caller's own counts in place of the runtime's, sooner or later.
func TestCallTimeoutYields(t *testing.T) {
	withTimeout(t, func(t *testing.T, b *bench) {
		b.must("p")
		b.store.Hold()
		var waited []time.Duration
		for _, own := range []time.Duration{time.Second, time.Minute} {
			ctx, cancel := context.WithTimeout(t.Context(), own)
			start := time.Now()
			_, err := run(ctx, probes.Get(b.rt, "p"), []act{{Do: "add", N: 1}})
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("deadline in %v: %v", own, err)
			}
			waited = append(waited, time.Since(start))
			cancel()
		}
		if want := []time.Duration{time.Second, time.Minute}; !slices.Equal(waited, want) {
			t.Errorf("calls waited for %v, want %v", waited, want)
		}
		b.store.Resume()
	})
}

// Effects wait for the store however long it hangs, and leave as soon as it answers:
// there is nobody who could be told to try again.
func TestCallTimeoutEffects(t *testing.T) {
	withTimeout(t, func(t *testing.T, b *bench) {
		gates["busy"] = make(chan struct{})
		busy := b.start("q", act{Do: "wait", Text: "busy"})
		b.must("p", act{Do: "enqueue", Text: "q", N: 5})
		synctest.Wait() // the effect waits for the turn of q
		b.store.Hold()
		second := b.start("p", act{Do: "enqueue", Text: "q", N: 50})
		synctest.Wait()
		close(gates["busy"])
		<-busy
		if r := <-second; !errors.Is(r.err, durable.ErrUnknown) {
			t.Errorf("%+v, want an unknown outcome", r)
		}
		b.store.Resume()
		synctest.Wait()
		if got := b.must("q"); got.Count != 55 {
			t.Errorf("effects of %d were applied, want 55", got.Count)
		}
	})
}

// An object whose relaxed writes wait for a disk that hangs is there for whoever reads,
// however long nobody did, and leaves memory when the disk has taken them.
func TestIdleWhileStoreHangs(t *testing.T) {
	withTimeout(t, func(t *testing.T, b *bench) {
		b.store.Hold()
		b.must("p", act{Do: "see", N: 3})
		time.Sleep(10 * time.Minute)
		if r := b.start("p", act{Do: "look"}); waiting(r) {
			t.Error("a reader waits for a disk that nothing it sees rests on")
		} else if r := <-r; r.Seen != 3 || r.err != nil {
			t.Errorf("got %+v", r)
		}
		b.store.Resume()
		time.Sleep(10 * time.Minute)
		for _, s := range b.rt.Stats() {
			if s.Live != 0 {
				t.Errorf("%d of type %s are in memory still", s.Live, s.Type)
			}
		}
		b.reopenCrashed()
		if got := b.must("p").Seen; got != 3 {
			t.Errorf("the store has %d, want 3", got)
		}
	})
}
