package durable_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet/durable"
)

// Work outside begins when what came before it is durable, and not at all if that fails.
func TestOutsideIsGated(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		for _, fails := range []bool{false, true} {
			gates["begun"] = make(chan struct{})
			b.must("p")
			b.failCommits(func(*durable.Batch) (bool, error) {
				if fails {
					return false, errors.New("the disk is gone")
				}
				return true, nil
			})
			b.store.Hold()
			slow := b.start("p", act{Do: "add", N: 1}, act{Do: "step", Text: "begun"})
			synctest.Wait()
			select {
			case <-gates["begun"]:
				t.Error("work outside began before the write is durable")
			default:
			}
			b.store.Resume()
			if r := <-slow; (r.err != nil) != fails {
				t.Errorf("fails %t: got %v", fails, r.err)
			}
			select {
			case <-gates["begun"]:
				if fails {
					t.Error("work outside began on a write that failed")
				}
			default:
				if !fails {
					t.Error("work outside never began")
				}
			}
		}
		b.failCommits(nil)
	})
}

// An event outside is told when its instance has left meanwhile, whatever it does then.
func TestOutsideWhenInstanceLeaves(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		gates["g"] = make(chan struct{})
		b.must("p", act{Do: "add", N: 1})
		slow := b.start("p", act{Do: "outside", Text: "g"}, act{Do: "add", N: 100})
		synctest.Wait()
		b.run("p", act{Do: "panic"})
		synctest.Wait()
		close(gates["g"])
		if r := <-slow; !errors.Is(r.err, durable.ErrBroken) {
			t.Errorf("got %v, want ErrBroken", r.err)
		}
		if got := b.must("p").Count; got != 1 {
			t.Errorf("count %d, want 1", got)
		}
	})
}

// A panic outside costs the event alone: what came before it is kept, and the object
// leaves memory in its time.
func TestOutsidePanics(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		if _, err := b.run("p", act{Do: "add", N: 1}, act{Do: "stumble"}); !errors.Is(err, durable.ErrPanic) {
			t.Errorf("got %v, want ErrPanic", err)
		}
		if got := b.must("p", act{Do: "add", N: 1}).Count; got != 2 {
			t.Errorf("count %d, want 2", got)
		}
		time.Sleep(5 * time.Minute)
		if got := b.rt.Stats()[0].Live; got != 0 {
			t.Errorf("%d objects live, want none", got)
		}
	})
}
