package durable_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/durabletest"
)

// A keeper keeps what it answers with, and builds itself with a write.
type keeper struct {
	s     *durable.State
	slice []int
	built durable.Value[int]
	quiet durable.Value[int]
	log   durable.Log[int]
	text  durable.Value[string]
}

var keepers = &durable.Type[keeper]{Name: "keeper", FailClosed: true, Idle: time.Hour}

// A page is an answer that shares memory with the object it came from.
type page struct {
	Numbers []int
	Index   map[string][]int
}

var (
	leaf = durable.Method(keepers, "leaf", func(k *keeper, _ context.Context, n int) (page, error) {
		for i := range k.slice {
			k.slice[i] = n
		}
		return page{Numbers: k.slice, Index: map[string][]int{"all": k.slice}}, nil
	})
	murmur = durable.Method(keepers, "murmur", func(k *keeper, _ context.Context, n int) (int, error) {
		k.quiet.SetRelaxed(n)
		return k.built.Or(0), nil
	})
	jot = durable.Method(keepers, "jot", func(k *keeper, ctx context.Context, n int) (int, error) {
		k.log.Append(n)
		entries, err := k.log.Newest(ctx, 3)
		if err != nil || entries[0].Value != n {
			return 0, fmt.Errorf("an event does not see its own record: %v, %w", entries, err)
		}
		return k.log.Len(), nil
	})
	nap = durable.Method(keepers, "nap", func(k *keeper, _ context.Context, ms int) (bool, error) {
		k.s.SetAlarmRelaxed("wake", k.s.Now().Add(time.Duration(ms)*time.Millisecond))
		return true, nil
	})
	stuff = durable.Method(keepers, "stuff", func(k *keeper, _ context.Context, n int) (int, error) {
		if n > 0 {
			k.text.Set(strings.Repeat("x", n))
		}
		text, _ := k.text.Get()
		return len(text), nil
	})
	inOrder = durable.Method(keepers, "inOrder", func(k *keeper, _ context.Context, n int) (int, error) {
		k.built.Set(n)
		k.s.After(func(context.Context) { afters <- n })
		return n, nil
	})
)

var afters chan int

func init() {
	durable.OnAlarm(keepers, "wake", func(k *keeper, _ context.Context, _ durable.Alarm) error {
		k.built.Set(k.built.Or(0) + 100)
		return nil
	})
}

func newKeeper(_ context.Context, s *durable.State) (*keeper, error) {
	k := &keeper{s: s, slice: make([]int, 100), built: durable.NewValue[int](s, "built"), quiet: durable.NewValue[int](s, "quiet"),
		log: durable.NewLog[int](s, "log"), text: durable.NewValue[string](s, "text")}
	if _, ok := k.built.Get(); !ok {
		k.built.Set(1)
	}
	return k, nil
}

// keep opens a runtime for keepers in a bubble.
func keep(t *testing.T, memory int64, f func(rt *durable.Runtime, store *durabletest.MemStore)) {
	synctest.Test(t, func(t *testing.T) {
		store := durabletest.NewMemStore()
		rt, err := durable.Open(durable.Options{Store: store, Memory: memory, Objects: []durable.Hosted{durable.Host(keepers, newKeeper)}})
		if err != nil {
			t.Fatal(err)
		}
		f(rt, store)
		store.Resume()
		if err := rt.Close(context.Background()); err != nil {
			t.Error(err)
		}
		store.Close()
	})
}

// An answer is frozen before the turn passes: later events change the object and not
// what callers hold, which the race detector watches.
func TestAnswersAreFrozen(t *testing.T) {
	keep(t, 0, func(rt *durable.Runtime, _ *durabletest.MemStore) {
		done := make(chan bool)
		for n := range 8 {
			go func() {
				defer func() { done <- true }()
				for range 100 {
					got, err := leaf(context.Background(), keepers.Get(rt, "k"), n)
					if err != nil {
						t.Error(err)
						return
					}
					for i, x := range got.Numbers {
						if x != n || got.Index["all"][i] != n {
							t.Errorf("an answer of %d changed to %d", n, x)
							return
						}
					}
				}
			}()
		}
		for range 8 {
			<-done
		}
	})
}

// What build writes is durable before the first event's answer leaves.
func TestBuildIsGated(t *testing.T) {
	keep(t, 0, func(rt *durable.Runtime, store *durabletest.MemStore) {
		store.Hold()
		done := make(chan int, 1)
		go func() {
			n, _ := murmur(context.Background(), keepers.Get(rt, "k"), 1)
			done <- n
		}()
		synctest.Wait()
		if len(done) != 0 {
			t.Error("answered before what build wrote was durable")
		}
		store.Resume()
		if n := <-done; n != 1 {
			t.Errorf("got %d, want 1", n)
		}
	})
}

// A log read shows records that are not on the disk yet, each once, in order.
func TestLogOverlay(t *testing.T) {
	keep(t, 0, func(rt *durable.Runtime, store *durabletest.MemStore) {
		ctx := context.Background()
		for n := range 3 {
			if got, err := jot(ctx, keepers.Get(rt, "k"), n); err != nil || got != n+1 {
				t.Fatal(got, err)
			}
		}
		store.Hold()
		errs := make(chan error, 5)
		for n := range 5 {
			go func() {
				_, err := jot(ctx, keepers.Get(rt, "k"), 100+n)
				errs <- err
			}()
			synctest.Wait()
		}
		store.Resume()
		for range 5 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
	})
}

// While the store takes nothing, a type that fails closed goes on for ten seconds and
// then refuses; nothing it was told is forgotten when the store is back.
func TestUnflushedFailsClosed(t *testing.T) {
	keep(t, 0, func(rt *durable.Runtime, store *durabletest.MemStore) {
		ctx, k := context.Background(), keepers.Get(rt, "k")
		var refuse atomic.Bool
		store.OnSubmit = func(*durable.Batch) error {
			if refuse.Load() {
				return errors.New("full")
			}
			return nil
		}
		if _, err := murmur(ctx, k, 1); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		refuse.Store(true)
		if _, err := murmur(ctx, k, 2); err != nil {
			t.Errorf("at once: %v", err)
		}
		time.Sleep(9 * time.Second)
		if _, err := murmur(ctx, k, 3); err != nil {
			t.Errorf("after nine seconds: %v", err)
		}
		time.Sleep(2 * time.Second)
		if _, err := murmur(ctx, k, 4); !errors.Is(err, durable.ErrStore) {
			t.Errorf("after eleven seconds: %v, want ErrStore", err)
		}
		refuse.Store(false)
		time.Sleep(time.Second)
		synctest.Wait()
		if _, err := murmur(ctx, k, 5); err != nil {
			t.Errorf("when the store is back: %v", err)
		}
	})
}

// A relaxed alarm goes off.
func TestRelaxedAlarm(t *testing.T) {
	keep(t, 0, func(rt *durable.Runtime, _ *durabletest.MemStore) {
		ctx, k := context.Background(), keepers.Get(rt, "k")
		if _, err := nap(ctx, k, 5000); err != nil {
			t.Fatal(err)
		}
		time.Sleep(6 * time.Second)
		synctest.Wait()
		if n, err := murmur(ctx, k, 1); err != nil || n != 101 {
			t.Errorf("got %d, %v, want 101", n, err)
		}
	})
}

// Objects leave memory when they outgrow its budget, the idle ones first, and lose
// nothing.
func TestMemoryBudget(t *testing.T) {
	const budget, size, n = 1 << 20, 50 << 10, 100
	keep(t, budget, func(rt *durable.Runtime, _ *durabletest.MemStore) {
		ctx := context.Background()
		for i := range n {
			if _, err := stuff(ctx, keepers.Get(rt, fmt.Sprint("k", i)), size); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if s := rt.Stats()[0]; s.Bytes > budget+2*size || s.Live < 2 {
			t.Errorf("%d objects with %d bytes are in memory; the budget is %d", s.Live, s.Bytes, budget)
		}
		for i := range n {
			if got, err := stuff(ctx, keepers.Get(rt, fmt.Sprint("k", i)), 0); err != nil || got != size {
				t.Errorf("k%d: %d, %v", i, got, err)
			}
		}
	})
}

// What an object gives to After runs in the order of its events.
func TestAfterInOrder(t *testing.T) {
	keep(t, 0, func(rt *durable.Runtime, store *durabletest.MemStore) {
		afters = make(chan int, 10)
		store.Hold()
		for n := range 10 {
			go inOrder(context.Background(), keepers.Get(rt, "k"), n)
			synctest.Wait()
		}
		if len(afters) != 0 {
			t.Error("After ran before its event was durable")
		}
		store.Resume()
		synctest.Wait()
		var got []int
		for range 10 {
			got = append(got, <-afters)
		}
		if !slices.IsSorted(got) {
			t.Errorf("ran in the order %v", got)
		}
	})
}

// Mistakes that could never work are found when the program starts.
func TestRegistrationPanics(t *testing.T) {
	type fresh struct{}
	for name, f := range map[string]func(){
		"a request that cannot travel": func() {
			durable.Method(&durable.Type[fresh]{Name: "x"}, "m", func(*fresh, context.Context, chan int) (int, error) { return 0, nil })
		},
		"a request with an interface": func() {
			durable.Method(&durable.Type[fresh]{Name: "x"}, "m", func(*fresh, context.Context, error) (int, error) { return 0, nil })
		},
		"an answer with keys that are not text": func() {
			durable.Method(&durable.Type[fresh]{Name: "x"}, "m", func(*fresh, context.Context, int) (map[[2]int]int, error) { return nil, nil })
		},
		"an answer with unexported fields": func() {
			durable.Method(&durable.Type[fresh]{Name: "x"}, "m", func(*fresh, context.Context, int) (struct{ a int }, error) { return struct{ a int }{}, nil })
		},
		"a method registered twice": func() {
			durable.Method(keepers, "leaf", func(*keeper, context.Context, int) (int, error) { return 0, nil })
		},
		"an alarm registered twice": func() {
			durable.OnAlarm(keepers, "wake", func(*keeper, context.Context, durable.Alarm) error { return nil })
		},
		"a type without a name": func() {
			durable.Method(&durable.Type[fresh]{}, "m", func(*fresh, context.Context, int) (int, error) { return 0, nil })
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was accepted", name)
				}
			}()
			f()
		}()
	}
}

// A stub of a type that the runtime does not host says so.
func TestNotHosted(t *testing.T) {
	keep(t, 0, func(rt *durable.Runtime, _ *durabletest.MemStore) {
		if _, err := run(context.Background(), probes.Get(rt, "p"), nil); !errors.Is(err, durable.ErrNotHosted) {
			t.Errorf("got %v, want ErrNotHosted", err)
		}
	})
}
