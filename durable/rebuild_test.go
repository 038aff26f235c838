package durable_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet/durable"
)

// A method that goes on after its object was replaced reaches nothing by its State.
func TestReplacedStateIsDead(t *testing.T) {
	for _, how := range []string{"fail", "panic"} {
		each(t, func(t *testing.T, b *bench) {
			gates["g"] = make(chan struct{})
			stubborn := b.start("p", act{Do: "stubborn", Text: "g"})
			synctest.Wait()
			b.run("p", act{Do: "add", N: 1}, act{Do: how}) // the object is built anew
			b.must("p")
			close(gates["g"])
			if r := <-stubborn; !errors.Is(r.err, durable.ErrBroken) {
				t.Errorf("got %v, want ErrBroken", r.err)
			}
			in, err := b.rt.Inspect(t.Context(), durable.ID{Type: "probe", Name: "p"})
			if err != nil || len(in.Alarms) != 0 {
				t.Errorf("an alarm was set: %+v, %v", in, err)
			}
		})
	}
}

// An object that cannot be built again after a failed event leaves; what earlier events
// wrote relaxed is there when it can.
func TestCannotBeBuiltAgain(t *testing.T) {
	whisperersFail = nil
	each(t, func(t *testing.T, b *bench) {
		defer func() { whisperersFail = nil }()
		rt, err := durable.Open(durable.Options{Store: b.store, Objects: []durable.Hosted{durable.Host(whisperers, newWhisperer)}})
		if err != nil {
			t.Fatal(err)
		}
		defer rt.Close(context.Background())
		say := func(w whisper) (int, error) { return whispered(context.Background(), whisperers.Get(rt, "w"), w) }
		say(whisper{})
		whisperersFail = errUnbuildable
		if _, err := say(whisper{Number: "NaN"}); err == nil || errors.Is(err, errUnbuildable) {
			t.Errorf("got %v, want the event's own error", err)
		}
		synctest.Wait()
		if _, err := say(whisper{}); !errors.Is(err, errUnbuildable) {
			t.Errorf("got %v, want that of build", err)
		}
		whisperersFail = nil
		time.Sleep(2 * time.Second)
		if n, err := say(whisper{}); err != nil || n != 2 {
			t.Errorf("%d, %v, want 2", n, err)
		}
	})
}

// The effects of an object that cannot be built any more go on, and nothing that its
// build wrote is stored with that.
func TestEffectsOfUnbuildable(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.failSubmits(func(batch *durable.Batch) error {
			if batch.ID.Name == "q" {
				return errors.New("not now")
			}
			return nil
		})
		b.must("p", act{Do: "enqueue", Text: "q", N: 1}, act{Do: "enqueue", Text: "r", N: 2})
		x, err := b.rt.Export(t.Context(), durable.ID{Type: "probe", Name: "p"})
		if err != nil {
			t.Fatal(err)
		}
		b.rt.Delete(t.Context(), x.ID)
		synctest.Wait() // nothing of p tries any more
		x.ID.Name = "unbuildable"
		if err := b.rt.Import(t.Context(), x); err != nil {
			t.Fatal(err)
		}
		b.failSubmits(nil)
		if _, err := b.run("unbuildable"); err == nil {
			t.Error("it was built")
		}
		time.Sleep(10 * time.Minute)
		if q, r := b.must("q").Count, b.must("r").Count; q != 1 || r != 2 {
			t.Errorf("the effects: %d and %d, want 1 and 2", q, r)
		}
		in, err := b.rt.Inspect(t.Context(), x.ID)
		if err != nil || len(in.Keys) != 0 {
			t.Errorf("stored by a build that failed: %+v, %v", in, err)
		}
		if in.Effects != 0 || len(in.Alarms) != 0 {
			t.Errorf("effects that were carried out are left: %+v", in)
		}
	})
}

// Whoever waits for an object that is leaving gives up when its time is over.
func TestWaitForLeaving(t *testing.T) {
	withTimeout(t, func(t *testing.T, b *bench) {
		b.must("p")
		b.store.Hold()
		write := b.start("p", act{Do: "add", N: 1})
		synctest.Wait()
		broken := b.start("p", act{Do: "panic"})
		synctest.Wait()
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		_, own := run(ctx, probes.Get(b.rt, "p"), nil)
		if o, _ := durable.OutcomeOf(own); !errors.Is(own, context.DeadlineExceeded) || o != durable.NotDone || time.Since(start) != 5*time.Second {
			t.Errorf("after %v: %v", time.Since(start), own)
		}
		_, late := b.run("p")
		if !errors.Is(late, durable.ErrTimeout) || time.Since(start) != 25*time.Second {
			t.Errorf("after %v: %v, want ErrTimeout", time.Since(start), late)
		}
		b.store.Resume()
		<-write
		<-broken
	})
}

// What waits is counted, and no longer when it waits no more: a queue that was full
// takes as many again, and the object leaves memory.
func TestQueueIsFreeAgain(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		for round := range 3 {
			gates["g"] = make(chan struct{})
			calls := []<-chan result{b.start("p", act{Do: "wait", Text: "g"})}
			synctest.Wait()
			for range 8 {
				calls = append(calls, b.start("p", act{Do: "add", N: 1}))
			}
			synctest.Wait()
			for range 3 {
				if _, err := b.run("p"); !errors.Is(err, durable.ErrOverloaded) {
					t.Errorf("round %d: %v, want ErrOverloaded", round, err)
				}
			}
			close(gates["g"])
			for _, c := range calls {
				if r := <-c; r.err != nil {
					t.Errorf("round %d: %v", round, r.err)
				}
			}
		}
		time.Sleep(5 * time.Minute)
		if s := b.rt.Stats()[0]; s.Live != 0 || s.Overloads != 9 {
			t.Errorf("%d objects live, %d calls overloaded, want 0 and 9", s.Live, s.Overloads)
		}
	})
}

// What a busy object wrote relaxed is sent when its turn passes, though the flusher
// never finds the turn free.
func TestBusyObjectFlushes(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		gates["g"] = make(chan struct{})
		b.must("p", act{Do: "see", N: 1})
		busy := b.start("p", act{Do: "wait", Text: "g"})
		time.Sleep(800 * time.Millisecond)
		before := b.store.Stats().Committed
		close(gates["g"])
		<-busy
		synctest.Wait()
		if got := b.store.Stats().Committed - before; got != 1 {
			t.Errorf("%d commits when the turn passed, want 1", got)
		}
	})
}

// Receivers forget senders that have been silent for a week, once there are many.
func TestSilentSendersAreForgotten(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		seen := func() int {
			x, err := b.rt.Export(t.Context(), durable.ID{Type: "probe", Name: "q"})
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, k := range x.Keys {
				if k.Key[0] == 4 {
					n++
				}
			}
			return n
		}
		for i := range 300 {
			b.must(fmt.Sprint("p", i), act{Do: "enqueue", Text: "q", N: 1})
		}
		time.Sleep(time.Minute)
		if got := seen(); got != 300 {
			t.Errorf("%d senders are remembered, want 300", got)
		}
		time.Sleep(8 * 24 * time.Hour)
		b.must("late", act{Do: "enqueue", Text: "q", N: 1})
		time.Sleep(time.Minute)
		if got := seen(); got != 1 {
			t.Errorf("%d senders are remembered, want the last", got)
		}
	})
}

// Effects on many objects keep the order in which they were enqueued.
func TestEffectsInOrder(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		var acts []act
		var want []string
		for i := range 300 { // more than a byte counts
			acts = append(acts, act{Do: "enqueue", Text: "q", N: i})
			want = append(want, fmt.Sprint(i+1, ":", i))
		}
		b.must("p", acts...)
		time.Sleep(time.Minute)
		if got := b.must("q").Log; !slices.Equal(got, want) {
			t.Errorf("got %v", got)
		}
	})
}

// An object whose effects cannot be carried out is exported, imported and deleted like
// any other, though it is woken for them whenever it leaves.
func TestAloneWithStuckEffects(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.failSubmits(func(batch *durable.Batch) error {
			if batch.ID.Name == "q" {
				return errors.New("not now")
			}
			return nil
		})
		id := durable.ID{Type: "probe", Name: "p"}
		b.must("p", act{Do: "enqueue", Text: "q", N: 1})
		for range 20 {
			before := b.rt.Stats()[0].Activations
			x, err := b.rt.Export(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			if err := b.rt.Import(t.Context(), x); err != nil {
				t.Fatal(err)
			}
			if got := b.rt.Stats()[0].Activations - before; got > 6 {
				t.Fatalf("%d activations while somebody wanted to be alone", got)
			}
			synctest.Wait()
		}
		b.failSubmits(nil)
		time.Sleep(10 * time.Minute)
		if got := b.must("q").Count; got != 1 {
			t.Errorf("the effect was applied %d times, want 1", got)
		}
	})
}
