package durable_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/durabletest"
)

// An event that has seen a write asks nobody once that write has failed.
func TestAskAfterFailedCommit(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		gates["g"] = make(chan struct{})
		b.must("p")
		b.store.Hold()
		write := b.start("p", act{Do: "add", N: 1})
		synctest.Wait()
		ask := b.start("p", act{Do: "wait", Text: "g"}, act{Do: "ask", Text: "o", N: 1})
		synctest.Wait()
		b.failCommits(func(*durable.Batch) (bool, error) { return false, errors.New("the disk is gone") })
		b.store.Resume()
		if r := <-write; r.err == nil {
			t.Error("a failed write was acknowledged")
		}
		b.failCommits(nil)
		close(gates["g"])
		if r := <-ask; r.err == nil {
			t.Error("no error")
		}
		if n, err := peek(t.Context(), others.Get(b.rt, "o"), struct{}{}); err != nil || n != 0 {
			t.Errorf("the other object was asked on the strength of a write that failed: %d, %v", n, err)
		}
	})
}

// What an event that Close waits for writes relaxed in another object is flushed too.
func TestCloseFlushesWhatEventsWake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clear(gates)
		gates["g"] = make(chan struct{})
		store := durabletest.NewMemStore()
		open := func() *durable.Runtime {
			rt, err := durable.Open(durable.Options{Store: store, Objects: []durable.Hosted{durable.Host(others, newOther), durable.Host(probes, newProbe)}})
			if err != nil {
				t.Fatal(err)
			}
			return rt
		}
		rt := open()
		done := make(chan error)
		go func() {
			_, err := run(context.Background(), probes.Get(rt, "p"), []act{{Do: "wait", Text: "g"}, {Do: "hint", Text: "o", N: 5}})
			done <- err
		}()
		synctest.Wait()
		closed := make(chan error)
		go func() { closed <- rt.Close(context.Background()) }()
		synctest.Wait()
		close(gates["g"])
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := <-closed; err != nil {
			t.Error(err)
		}
		rt = open()
		if n, err := peek(t.Context(), others.Get(rt, "o"), struct{}{}); err != nil || n != 5 {
			t.Errorf("after Close the other object has %d, %v, want 5", n, err)
		}
		rt.Close(context.Background())
		store.Close()
	})
}

// An object is looked at when nothing of it is in the store's hands.
func TestInspectWhileLeaving(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		gates["g"] = make(chan struct{})
		b.must("p")
		b.store.Hold()
		write := b.start("p", act{Do: "add", N: 1})
		synctest.Wait()
		broken := b.start("p", act{Do: "wait", Text: "g"}, act{Do: "panic"})
		synctest.Wait()
		looked := make(chan *durable.Inspection, 1)
		go func() {
			in, err := b.rt.Inspect(context.Background(), durable.ID{Type: "probe", Name: "p"})
			if err != nil {
				t.Error(err)
			}
			looked <- in
		}()
		synctest.Wait()
		close(gates["g"])
		synctest.Wait()
		b.store.Resume()
		<-write
		<-broken
		if in := <-looked; in.Live || len(in.Keys) != 1 {
			t.Errorf("got %+v", in)
		}
		if got := b.rt.Stats()[0].Live; got != 0 {
			t.Errorf("%d objects live after one was looked at, want 0", got)
		}
	})
}

// A log's records that go again in the event that appends them never reach the store.
func TestAppendAndKeep(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must("p", act{Do: "log", Text: "old"})
		var most int
		b.failSubmits(func(batch *durable.Batch) error {
			most = max(most, len(batch.Logs))
			return nil
		})
		acts := make([]act, 300, 301)
		for i := range acts {
			acts[i] = act{Do: "log", Text: "x"}
		}
		b.must("p", append(acts, act{Do: "keep", N: 2})...)
		if got := b.must("p").Log; !slices.Equal(got, []string{"300:x", "301:x"}) {
			t.Errorf("got %v", got)
		}
		if most != 2 {
			t.Errorf("%d records were sent to the store, want 2", most)
		}
		b.must("p", act{Do: "keep", N: 1}) // a trim alone
		if got := b.must("p").Log; !slices.Equal(got, []string{"301:x"}) {
			t.Errorf("got %v", got)
		}
	})
}

// A context that outlives its event holds nobody's turn.
func TestLeakedContext(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must("p", act{Do: "add", N: 1}, act{Do: "leak"})
		ctx := leaked
		b.must("q", act{Do: "add", N: 1})
		for _, name := range []string{"p", "q"} {
			if got, err := run(ctx, probes.Get(b.rt, name), nil); err != nil || got.Count != 1 {
				t.Errorf("calling %s with the context of an event that ended: %+v, %v", name, got, err)
			}
		}
	})
}
