package durable_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet/durable"
)

// Effects are carried out after their event, in order, once.
func TestEffects(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must("p", act{Do: "enqueue", Text: "q", N: 1}, act{Do: "enqueue", Text: "q", N: 2})
		b.must("p", act{Do: "enqueue", Text: "q", N: 3}, act{Do: "add", N: 1})
		b.run("p", act{Do: "enqueue", Text: "q", N: 100}, act{Do: "fail"})
		synctest.Wait()
		got := b.must("q")
		if got.Count != 6 || !slices.Equal(got.Log, []string{"1:1", "2:2", "3:3"}) {
			t.Errorf("got %+v", got)
		}
		time.Sleep(time.Minute)
		in, err := b.rt.Inspect(t.Context(), durable.ID{Type: "probe", Name: "p"})
		if err != nil || in.Effects != 0 || len(in.Alarms) != 0 {
			t.Errorf("left behind: %+v, %v", in, err)
		}
	})
}

// Effects survive a crash at every step, and are applied once.
func TestEffectsAcrossCrashes(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		for commits := range 6 { // of the event, of the effect, of the forgetting
			b.store.Hold()
			done := b.start("p", act{Do: "add", N: 1}, act{Do: "enqueue", Text: "q", N: 1})
			synctest.Wait()
			for range commits {
				b.store.Release(1)
				synctest.Wait()
			}
			acknowledged := len(done) == 1
			b.reopenCrashed()
			time.Sleep(time.Minute)
			p, q := b.must("p").Count, b.must("q").Count
			if p != q || acknowledged && p == 0 {
				t.Fatalf("after %d commits: the event %d times, its effect %d times, acknowledged %v", commits, p, q, acknowledged)
			}
			for _, name := range []string{"p", "q"} {
				if err := b.rt.Delete(t.Context(), durable.ID{Type: "probe", Name: name}); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

// An effect that fails is tried again and holds up those behind it.
func TestEffectFails(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.failSubmits(func(batch *durable.Batch) error {
			if batch.ID.Name == "q" {
				return errors.New("not now")
			}
			return nil
		})
		b.must("p", act{Do: "enqueue", Text: "q", N: 1}, act{Do: "enqueue", Text: "r", N: 1})
		time.Sleep(10 * time.Second)
		if got := b.must("r").Count; got != 0 {
			t.Error("an effect overtook another")
		}
		b.failSubmits(nil)
		time.Sleep(10 * time.Minute)
		if q, r := b.must("q").Count, b.must("r").Count; q != 1 || r != 1 {
			t.Errorf("got %d and %d, want 1 and 1", q, r)
		}
		if got := b.rt.Stats()[0].EffectErrors; got == 0 {
			t.Error("the failure was not counted")
		}
	})
}
