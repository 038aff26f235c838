package durable_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/durabletest"
)

// Close waits for events that are outside, and they end as they would have.
func TestCloseWaitsForOutside(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		gates["g"] = make(chan struct{})
		slow := b.start("p", act{Do: "outside", Text: "g"}, act{Do: "add", N: 1})
		synctest.Wait()
		closed := make(chan error, 1)
		go func() { closed <- b.rt.Close(context.Background()) }()
		time.Sleep(time.Second)
		if len(closed) != 0 {
			t.Error("closed while an event is outside")
		}
		close(gates["g"])
		if r := <-slow; r.err != nil || r.Count != 1 {
			t.Errorf("got %+v", r)
		}
		if err := <-closed; err != nil {
			t.Error(err)
		}
	})
}

// Close tries relaxed writes that the store refuses again until its time is over, and
// says so then.
func TestCloseWhileStoreRefuses(t *testing.T) {
	for _, heals := range []bool{true, false} {
		each(t, func(t *testing.T, b *bench) {
			var refuse atomic.Bool
			b.failSubmits(func(*durable.Batch) error {
				if refuse.Load() {
					return errors.New("no space left")
				}
				return nil
			})
			b.must("p")
			refuse.Store(true)
			b.must("p", act{Do: "see", N: 3})
			if heals {
				time.AfterFunc(2*time.Second, func() { refuse.Store(false) })
			}
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			if err := b.rt.Close(ctx); (err == nil) != heals {
				t.Errorf("heals %t: Close: %v", heals, err)
			}
			refuse.Store(false)
			synctest.Wait()
			b.open(false)
			if got := b.must("p").Seen; heals && got != 3 {
				t.Errorf("the store has %d, want 3", got)
			}
		})
	}
}

// A commit that is refused takes nothing along: relaxed writes of earlier events still
// go to the store, and the index of alarms still knows what stands there.
func TestRefusedCommitGivesBack(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must("p", act{Do: "add", N: 1}, act{Do: "alarm", N: 3_600_000})
		b.must("p", act{Do: "see", N: 2})
		b.failSubmits(func(*durable.Batch) error { return errors.New("no space left") })
		if _, err := b.run("p", act{Do: "alarm", N: 7_200_000}); !errors.Is(err, durable.ErrStore) {
			t.Errorf("got %v, want ErrStore", err)
		}
		b.failSubmits(nil)
		b.must("p", act{Do: "silence"})
		refs, err := b.store.Alarms(t.Context(), durable.AlarmRef{}, 10)
		if err != nil || len(refs) != 0 {
			t.Errorf("the index has %v, %v, want nothing", refs, err)
		}
		time.Sleep(time.Second)
		b.reopenCrashed()
		if got := b.must("p"); got.Seen != 2 || got.Count != 1 {
			t.Errorf("got %+v", got)
		}
	})
}

// A type that fails open goes on however long the store refuses.
func TestUnflushedFailsOpen(t *testing.T) {
	whispering(t, func(t *testing.T, store *durabletest.MemStore, say func(whisper) (int, error)) {
		say(whisper{})
		var refuse atomic.Bool
		store.OnSubmit = func(*durable.Batch) error {
			if refuse.Load() {
				return errors.New("full")
			}
			return nil
		}
		refuse.Store(true)
		for range 10 {
			if _, err := say(whisper{}); err != nil {
				t.Error(err)
			}
			time.Sleep(5 * time.Second)
		}
		refuse.Store(false)
		time.Sleep(time.Second)
		if n, err := say(whisper{}); err != nil || n != 12 {
			t.Errorf("%d, %v, want 12", n, err)
		}
	})
}

// When relaxed writes fail on their way, what they built is gone, and the object goes on
// over what the store has.
func TestFailedFlush(t *testing.T) {
	for _, applied := range []bool{false, true} {
		each(t, func(t *testing.T, b *bench) {
			b.must("p", act{Do: "add", N: 1})
			b.must("p", act{Do: "see", N: 5})
			b.failCommits(func(*durable.Batch) (bool, error) { return applied, errors.New("the disk is gone") })
			time.Sleep(time.Second)
			synctest.Wait()
			b.failCommits(nil)
			want := 0
			if applied {
				want = 5
			}
			if got := b.must("p", act{Do: "add", N: 1}); got.Seen != want || got.Count != 2 {
				t.Errorf("applied %t: %+v", applied, got)
			}
		})
	}
}

// At most 64 objects are woken for alarms at a time, however many are due.
func TestAlarmsAtATime(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		const n = 200
		gates["slow"] = make(chan struct{})
		for i := range n {
			b.must("p"+string(rune('A'+i)), act{Do: "alarm", Text: "/slow", N: 600_000})
		}
		time.Sleep(11 * time.Minute)
		synctest.Wait()
		if s := b.rt.Stats()[0]; s.Alarms != 64 || s.Live != 64 {
			t.Errorf("%d alarms go off in %d objects at a time, want 64", s.Alarms, s.Live)
		}
		close(gates["slow"])
		time.Sleep(time.Minute)
		if s := b.rt.Stats()[0]; s.Alarms != n || s.Live != 0 {
			t.Errorf("%d alarms went off, %d objects live, want %d and none", s.Alarms, s.Live, n)
		}
	})
}

// An object that was woken for an alarm stays if somebody called it meanwhile.
func TestAlarmAndCaller(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		gates["slow"] = make(chan struct{})
		b.must("p", act{Do: "alarm", Text: "/slow", N: 600_000})
		time.Sleep(10*time.Minute + time.Second)
		b.must("p")
		close(gates["slow"])
		synctest.Wait()
		if got := b.rt.Stats()[0].Live; got != 1 {
			t.Errorf("%d objects live, want the one that was called", got)
		}
	})
}
