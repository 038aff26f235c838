package durable_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet/durable"
)

// An event that returns an error keeps nothing, and what the object remembered in
// plain fields is forgotten with it.
func TestErrorKeepsNothing(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must("p", act{Do: "add", N: 5}, act{Do: "name", Text: "a", N: 1}, act{Do: "see", N: 2})
		_, err := b.run("p", act{Do: "add", N: 7}, act{Do: "name", Text: "b", N: 2}, act{Do: "unname", Text: "a"},
			act{Do: "log", Text: "x"}, act{Do: "see", N: 3}, act{Do: "alarm", N: 1}, act{Do: "fail"})
		if !errors.Is(err, errAsked) && err == nil {
			t.Fatalf("got %v, want the method's error", err)
		}
		got := b.must("p")
		if got.Count != 5 || got.Cache != 5 || got.Seen != 2 || !slices.Equal(got.Names, []string{"a=1"}) || len(got.Log) != 0 {
			t.Errorf("after a failed event: %+v", got)
		}
		time.Sleep(time.Minute)
		if got := b.must("p"); got.Count != 5 {
			t.Errorf("an alarm of a failed event went off: %+v", got)
		}
	})
}

// A failed event undoes only itself, not the earlier ones that are still on their
// way to the disk.
func TestErrorKeepsEarlierInFlight(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must("p", act{Do: "add", N: 1})
		b.store.Hold()
		first := b.start("p", act{Do: "add", N: 10})
		if !waiting(first) {
			t.Fatal("answered before the write was durable")
		}
		second := b.start("p", act{Do: "add", N: 100}, act{Do: "fail"})
		third := b.start("p", act{Do: "look"})
		if !waiting(second) || !waiting(third) {
			t.Fatal("an answer that rests on a write in flight has left")
		}
		b.store.Resume()
		if r := <-first; r.err != nil || r.Count != 11 {
			t.Errorf("first: %+v", r)
		}
		if r := <-second; r.err == nil {
			t.Errorf("second: %+v", r)
		}
		if r := <-third; r.err != nil || r.Count != 11 || r.Cache != 11 {
			t.Errorf("third: %+v", r)
		}
	})
}

func TestPanicBreaksOnlyTheInstance(t *testing.T) {
	for _, how := range []string{"panic", "goexit"} {
		each(t, func(t *testing.T, b *bench) {
			b.must("p", act{Do: "add", N: 5})
			done := make(chan error, 1)
			go func() {
				returned := false
				defer func() {
					if !returned {
						done <- durable.ErrPanic // Goexit takes the caller's goroutine along
					}
				}()
				_, err := b.run("p", act{Do: "add", N: 1}, act{Do: how})
				returned = true
				done <- err
			}()
			if err := <-done; !errors.Is(err, durable.ErrPanic) {
				t.Errorf("got %v, want ErrPanic", err)
			}
			if got := b.must("p", act{Do: "add", N: 1}); got.Count != 6 || got.Cache != 6 {
				t.Errorf("after a panic: %+v", got)
			}
		})
	}
}

func TestTooLarge(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must("p", act{Do: "add", N: 1})
		_, err := b.run("p", act{Do: "add", N: 1}, act{Do: "big", N: durable.DefaultMaxBytes})
		if !errors.Is(err, durable.ErrTooLarge) {
			t.Errorf("got %v, want ErrTooLarge", err)
		}
		if got := b.must("p", act{Do: "big", N: durable.DefaultMaxBytes / 2}); got.Count != 1 {
			t.Errorf("got %+v", got)
		}
		b.must("p", act{Do: "big", N: durable.DefaultMaxBytes / 2})
	})
}

// Changing a stored value without setting it is found.
func TestChangedWithoutSet(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must("p", act{Do: "list", Text: "a"})
		if _, err := b.run("p", act{Do: "cheat"}); err == nil {
			t.Error("an object changed a stored slice in place and nobody noticed")
		}
	})
}

// Events of one object run one at a time, in the order in which they came.
func TestOneAtATimeInOrder(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		gates["g"] = make(chan struct{})
		b.must("p")
		first := b.start("p", act{Do: "wait", Text: "g"}, act{Do: "log", Text: "0"})
		synctest.Wait()
		var rest []<-chan result
		for _, text := range []string{"1", "2", "3", "4", "5"} {
			rest = append(rest, b.start("p", act{Do: "log", Text: text}))
			synctest.Wait()
		}
		close(gates["g"])
		<-first
		for _, c := range rest {
			<-c
		}
		want := []string{"1:0", "2:1", "3:2", "4:3", "5:4", "6:5"}
		if got := b.must("p").Log; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

// A full queue answers at once; a caller that gives up is forgotten.
func TestOverloadedAndCancelled(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		gates["g"] = make(chan struct{})
		first := b.start("p", act{Do: "wait", Text: "g"})
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		gaveUp := make(chan error, 1)
		go func() {
			_, err := run(ctx, probes.Get(b.rt, "p"), []act{{Do: "add", N: 1000}})
			gaveUp <- err
		}()
		synctest.Wait()
		cancel()
		err := <-gaveUp
		if o, ok := durable.OutcomeOf(err); !ok || o != durable.NotDone || !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled caller got %v", err)
		}
		var queued []<-chan result
		for range 8 {
			queued = append(queued, b.start("p", act{Do: "add", N: 1}))
		}
		synctest.Wait()
		if _, err := b.run("p"); !errors.Is(err, durable.ErrOverloaded) {
			t.Errorf("got %v, want ErrOverloaded", err)
		}
		close(gates["g"])
		<-first
		for _, c := range queued {
			if r := <-c; r.err != nil {
				t.Error(r.err)
			}
		}
		if got := b.must("p").Count; got != 8 {
			t.Errorf("count %d, want 8", got)
		}
	})
}

// A build that fails is remembered for a second, and keeps nothing it wrote.
func TestBuildFails(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		for range 3 {
			if _, err := b.run("unbuildable"); err == nil {
				t.Fatal("no error")
			}
			time.Sleep(300 * time.Millisecond)
		}
		if got := b.store.Stats().Loads; got != 1 {
			t.Errorf("%d loads within a second, want 1", got)
		}
		time.Sleep(1100 * time.Millisecond)
		b.run("unbuildable")
		if got := b.store.Stats().Loads; got != 2 {
			t.Errorf("%d loads after a second, want 2", got)
		}
		if names, _ := b.rt.List(t.Context(), "probe", "", 10); len(names) != 0 {
			t.Errorf("stored: %v", names)
		}
	})
}

// Asking waits for the object's own earlier writes, and may not follow a write of
// the same event.
func TestAsk(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must("p", act{Do: "ask", Text: "o", N: 1})
		if _, err := b.run("p", act{Do: "add", N: 1}, act{Do: "ask", Text: "o", N: 1}); !errors.Is(err, durable.ErrCallAfterWrite) {
			t.Errorf("got %v, want ErrCallAfterWrite", err)
		}
		b.must("p", act{Do: "see", N: 1}, act{Do: "ask", Text: "o", N: 1}) // relaxed does not count
		b.store.Hold()
		write := b.start("p", act{Do: "add", N: 1})
		synctest.Wait()
		ask := b.start("p", act{Do: "ask", Text: "o", N: 1})
		synctest.Wait()
		if n, err := peek(t.Context(), others.Get(b.rt, "o"), struct{}{}); err != nil || n != 2 {
			t.Errorf("the other object was asked before the write was durable: %d, %v", n, err)
		}
		b.store.Resume()
		<-write
		if r := <-ask; r.err != nil {
			t.Error(r.err)
		}
	})
}

func TestCycle(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		if _, err := b.run("p", act{Do: "circle"}); !errors.Is(err, durable.ErrCycle) {
			t.Errorf("got %v, want ErrCycle", err)
		}
		b.must("p")
	})
}

// Outside work lets other events run; what came before it is kept when what comes
// after it fails; and it is told when the object was replaced.
func TestOutside(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		gates["g"] = make(chan struct{})
		slow := b.start("p", act{Do: "add", N: 1}, act{Do: "outside", Text: "g"}, act{Do: "add", N: 100}, act{Do: "fail"})
		if !waiting(slow) {
			t.Fatal("did not wait")
		}
		if got := b.must("p", act{Do: "name", Text: "x", N: 1}); got.Count != 1 {
			t.Errorf("meanwhile: %+v", got)
		}
		time.Sleep(10 * time.Minute) // an object with an event outside is not evicted
		close(gates["g"])
		if r := <-slow; r.err == nil || errors.Is(r.err, durable.ErrBroken) {
			t.Errorf("got %v, want the method's error", r.err)
		}
		if got := b.must("p"); got.Count != 1 || len(got.Names) != 1 {
			t.Errorf("afterwards: %+v", got)
		}

		gates["h"] = make(chan struct{})
		slow = b.start("p", act{Do: "outside", Text: "h"}, act{Do: "add", N: 100})
		synctest.Wait()
		b.run("p", act{Do: "add", N: 1}, act{Do: "fail"}) // builds the object anew
		close(gates["h"])
		if r := <-slow; !errors.Is(r.err, durable.ErrBroken) {
			t.Errorf("got %v, want ErrBroken", r.err)
		}
		if got := b.must("p"); got.Count != 1 {
			t.Errorf("the replaced object has written: %+v", got)
		}
	})
}

func TestDestroy(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must("p", act{Do: "add", N: 5}, act{Do: "log", Text: "x"}, act{Do: "see", N: 1}, act{Do: "alarm", N: 60_000})
		b.must("p", act{Do: "enqueue", Text: "q", N: 3}, act{Do: "destroy"})
		if got := b.must("p"); got.Count != 0 || got.Seen != 0 || len(got.Log) != 0 {
			t.Errorf("after Destroy: %+v", got)
		}
		time.Sleep(10 * time.Minute)
		if got := b.must("q").Count; got != 3 {
			t.Errorf("the effect of the event that destroyed: %d, want 3", got)
		}
		if names, err := b.rt.List(t.Context(), "probe", "", 10); err != nil || !slices.Equal(names, []string{"q"}) {
			t.Errorf("stored: %v, %v", names, err)
		}
	})
}
