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

// Nothing that rests on a write leaves before the write is durable: not its own
// answer, not that of a later event that only read, not an error, not what After
// does. Later events run meanwhile, and their writes join.
func TestOutputGate(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		gates["after"] = make(chan struct{})
		b.must("p")
		b.store.Hold()
		write := b.start("p", act{Do: "add", N: 1}, act{Do: "after", Text: "after"})
		synctest.Wait()
		read := b.start("p", act{Do: "look"})
		synctest.Wait()
		fail := b.start("p", act{Do: "fail"})
		synctest.Wait()
		second := b.start("p", act{Do: "add", N: 1})
		for name, c := range map[string]<-chan result{"write": write, "read": read, "error": fail, "second write": second} {
			if !waiting(c) {
				t.Errorf("the %s has left before the write is durable", name)
			}
		}
		if got := b.store.InFlight(); got != 2 {
			t.Errorf("%d batches in flight, want 2: writers wait for each other's disk", got)
		}
		select {
		case <-gates["after"]:
			t.Error("After ran before the write is durable")
		default:
		}
		other := b.start("another", act{Do: "look"})
		if waiting(other) {
			t.Error("an event of another object waits")
		}
		b.store.Release(1)
		if waiting(write) || waiting(read) || waiting(fail) || !waiting(second) {
			t.Error("the first commit let out the wrong events")
		}
		<-gates["after"]
		b.store.Release(1)
		if waiting(second) {
			t.Error("the second commit let nothing out")
		}
		b.store.Resume()
	})
}

// Relaxed writes are waited for by nobody, and are in the store within a second.
func TestRelaxed(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must("p")
		b.store.Hold()
		if r := b.start("p", act{Do: "see", N: 3}); waiting(r) {
			t.Error("a relaxed write waits for the disk")
		}
		time.Sleep(time.Second) // it is on its way to the disk now
		if r := b.start("p", act{Do: "look"}); waiting(r) {
			t.Error("an answer waits for a relaxed write")
		}
		if got := b.store.InFlight(); got != 1 {
			t.Errorf("%d batches a second after a relaxed write, want 1", got)
		}
		b.store.Resume()
		time.Sleep(time.Second)
		b.reopenCrashed()
		if got := b.must("p").Seen; got != 3 {
			t.Errorf("a second later the store has %d, want 3", got)
		}
		b.must("p", act{Do: "see", N: 4}, act{Do: "add", N: 1}) // rides along with the confirmed write
		b.reopenCrashed()
		if got := b.must("p"); got.Seen != 7 || got.Count != 1 {
			t.Errorf("got %+v", got)
		}
	})
}

// reopenCrashed goes on with what a crash would have left.
func (b *bench) reopenCrashed() {
	old, rt := b.store, b.rt
	b.store = old.Crash(1)
	old.Resume()
	b.open(false)
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	rt.Close(ctx) // which cannot flush, since its store has crashed
	old.Close()
	synctest.Wait()
}

// A commit that fails is never answered as done; everything built on it fails too,
// and the object is rebuilt from the store.
func TestFailedCommitPoisons(t *testing.T) {
	for _, applied := range []bool{false, true} {
		each(t, func(t *testing.T, b *bench) {
			b.must("p", act{Do: "add", N: 1})
			fail := true
			b.failCommits(func(*durable.Batch) (bool, error) {
				if fail {
					fail = false
					return applied, errors.New("the disk is gone")
				}
				return true, nil
			})
			b.store.Hold()
			gates["after"] = make(chan struct{})
			first := b.start("p", act{Do: "add", N: 10}, act{Do: "after", Text: "after"})
			synctest.Wait()
			second := b.start("p", act{Do: "add", N: 100})
			synctest.Wait()
			read := b.start("p", act{Do: "look"})
			synctest.Wait()
			b.store.Resume()
			for name, c := range map[string]<-chan result{"first": first, "second": second, "read": read} {
				r := <-c
				if o, ok := durable.OutcomeOf(r.err); !ok || o != durable.Unknown {
					t.Errorf("%s: %+v, want an unknown outcome", name, r)
				}
			}
			synctest.Wait()
			select {
			case <-gates["after"]:
				t.Error("After ran for a write that failed")
			default:
			}
			want := 1
			if applied {
				want = 11
			}
			if got := b.must("p"); got.Count != want || got.Cache != want {
				t.Errorf("rebuilt as %+v, want count %d", got, want)
			}
		})
	}
}

// While anything of an object is in the store's hands, nobody loads it again.
func TestLeavingIsNotLoadedTwice(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must("p", act{Do: "add", N: 1})
		loads := b.store.Stats().Loads
		b.store.Hold()
		first := b.start("p", act{Do: "add", N: 10})
		synctest.Wait()
		broken := b.start("p", act{Do: "panic"})
		synctest.Wait()
		next := b.start("p", act{Do: "add", N: 100})
		if !waiting(next) || b.store.Stats().Loads != loads {
			t.Error("loaded while a write was in flight")
		}
		b.store.Resume()
		if r := <-first; r.err != nil || r.Count != 11 {
			t.Errorf("the write before the panic: %+v", r)
		}
		if r := <-broken; !errors.Is(r.err, durable.ErrPanic) {
			t.Errorf("the panic: %+v", r)
		}
		if r := <-next; r.err != nil || r.Count != 111 {
			t.Errorf("the write after the panic: %+v", r)
		}
	})
}

// A store that refuses a batch has done nothing: the event is undone, relaxed writes
// are kept, and the object goes on.
func TestRefusedCommit(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must("p", act{Do: "add", N: 1}, act{Do: "see", N: 1})
		b.must("p", act{Do: "see", N: 1})
		b.failSubmits(func(*durable.Batch) error { return errors.New("no space left") })
		_, err := b.run("p", act{Do: "add", N: 10}, act{Do: "see", N: 10})
		if o, ok := durable.OutcomeOf(err); !ok || o != durable.NotDone || !errors.Is(err, durable.ErrStore) {
			t.Errorf("got %v, want ErrStore", err)
		}
		time.Sleep(5 * time.Minute) // it is idle, but what is relaxed must not be lost
		if got := b.must("p"); got.Count != 1 || got.Seen != 2 || got.Cache != 1 {
			t.Errorf("while the store refuses: %+v", got)
		}
		b.failSubmits(nil)
		time.Sleep(time.Second)
		b.reopenCrashed()
		if got := b.must("p"); got.Count != 1 || got.Seen != 2 {
			t.Errorf("afterwards: %+v", got)
		}
	})
}

// Cancelling a caller ends its wait and not its commit.
func TestCancelDoesNotUndo(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must("p")
		b.store.Hold()
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			_, err := run(ctx, probes.Get(b.rt, "p"), []act{{Do: "add", N: 1}})
			done <- err
		}()
		synctest.Wait()
		cancel()
		err := <-done
		if o, ok := durable.OutcomeOf(err); !ok || o != durable.Unknown {
			t.Errorf("got %v, want an unknown outcome", err)
		}
		b.store.Resume()
		if got := b.must("p").Count; got != 1 {
			t.Errorf("count %d, want 1", got)
		}
	})
}

// Idle objects leave memory and come back as they were.
func TestEviction(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must("p", act{Do: "add", N: 1}, act{Do: "name", Text: "x", N: 1}, act{Do: "log", Text: "l"}, act{Do: "see", N: 1})
		b.must("p", act{Do: "see", N: 1})
		time.Sleep(5 * time.Minute)
		if got := b.rt.Stats()[0].Live; got != 0 {
			t.Fatalf("%d live objects, want 0", got)
		}
		got := b.must("p")
		if got.Count != 1 || got.Seen != 2 || !slices.Equal(got.Names, []string{"x=1"}) || !slices.Equal(got.Log, []string{"1:l"}) {
			t.Errorf("came back as %+v", got)
		}
	})
}

// Close lets events under way finish, flushes what is relaxed and takes nothing new.
func TestClose(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		gates["g"] = make(chan struct{})
		running := b.start("p", act{Do: "see", N: 1}, act{Do: "wait", Text: "g"}, act{Do: "add", N: 1})
		synctest.Wait()
		queued := b.start("p", act{Do: "add", N: 1})
		synctest.Wait()
		closed := make(chan error, 1)
		go func() { closed <- b.rt.Close(context.Background()) }()
		synctest.Wait()
		if _, err := b.run("p"); !errors.Is(err, durable.ErrStopping) {
			t.Errorf("while closing: %v, want ErrStopping", err)
		}
		close(gates["g"])
		if r := <-running; r.err != nil {
			t.Error(r.err)
		}
		if r := <-queued; r.err != nil || r.Count != 2 {
			t.Errorf("queued: %+v", r)
		}
		if err := <-closed; err != nil {
			t.Error(err)
		}
		b.open(false)
		if got := b.must("p"); got.Count != 2 || got.Seen != 1 {
			t.Errorf("afterwards: %+v", got)
		}
	})
}
