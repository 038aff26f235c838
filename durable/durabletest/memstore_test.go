package durabletest_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/durabletest"
)

func TestMemStore(t *testing.T) {
	durabletest.TestStore(t, func(t *testing.T) durabletest.Harness {
		store := durabletest.NewMemStore()
		return durabletest.Harness{
			Store: store,
			Reopen: func(t *testing.T) durable.Store {
				store.Close()
				store = store.Crash(0)
				return store
			},
		}
	})
}

var sam = durable.ID{Type: "t", Name: "sam"}

// A journal submits batches that each set a key, counting up, and remembers their outcomes.
type journal struct {
	t     *testing.T
	store *durabletest.MemStore
	id    durable.ID

	mu       sync.Mutex
	outcomes []string
}

func (j *journal) submit(n int) {
	for range n {
		j.mu.Lock()
		i := len(j.outcomes)
		j.outcomes = append(j.outcomes, "")
		j.mu.Unlock()
		b := &durable.Batch{ID: j.id, Keys: []durable.KeyOp{{Key: fmt.Sprint(i), Value: []byte("x")}}}
		b.Done = func(err error) {
			if err != nil {
				j.settle(i, "failed")
			} else {
				j.settle(i, "ok")
			}
		}
		if err := j.store.Submit(b); err != nil {
			j.settle(i, "refused")
		}
	}
}

func (j *journal) settle(i int, outcome string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.outcomes[i] != "" {
		j.t.Errorf("batch %d is %s and then %s", i, j.outcomes[i], outcome)
	}
	j.outcomes[i] = outcome
}

func (j *journal) want(outcomes ...string) {
	j.t.Helper()
	synctest.Wait()
	j.mu.Lock()
	defer j.mu.Unlock()
	if !slices.Equal(j.outcomes, outcomes) {
		j.t.Errorf("outcomes %q, want %q", j.outcomes, outcomes)
	}
}

func wantKeys(t *testing.T, store durable.Store, id durable.ID, want ...string) {
	t.Helper()
	kvs, err := store.Load(t.Context(), id)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	var got []string
	for _, kv := range kvs {
		got = append(got, kv.Key)
	}
	if !slices.Equal(got, want) {
		t.Errorf("keys %q, want %q", got, want)
	}
}

// The second of three batches ends in each way a write can; what comes behind a
// failure fails until the object is loaded.
func TestMemStoreOutcomes(t *testing.T) {
	broken := errors.New("broken disk")
	for _, test := range []struct {
		name     string
		apply    bool
		err      error
		outcomes []string
		keys     []string
	}{
		{"done", true, nil, []string{"ok", "ok", "ok"}, []string{"0", "1", "2"}},
		{"done and failed", true, broken, []string{"ok", "failed", "failed"}, []string{"0", "1"}},
		{"failed", false, broken, []string{"ok", "failed", "failed"}, []string{"0"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := durabletest.NewMemStore()
				n := 0
				store.OnCommit = func(*durable.Batch) (bool, error) {
					if n++; n == 2 {
						return test.apply, test.err
					}
					return true, nil
				}
				j := &journal{t: t, store: store, id: sam}
				j.submit(3)
				j.want(test.outcomes...)
				wantKeys(t, store, sam, test.keys...)
				j.submit(1)
				j.want(append(test.outcomes, "ok")...)
				wantKeys(t, store, sam, append(test.keys, "3")...)
			})
		})
	}
}

// A failure dooms its object alone, and until the next Load.
func TestMemStorePoison(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := durabletest.NewMemStore()
		fail := true
		store.OnCommit = func(b *durable.Batch) (bool, error) {
			if b.ID == sam && fail {
				fail = false
				return false, errors.New("broken")
			}
			return true, nil
		}
		ours := &journal{t: t, store: store, id: sam}
		others := &journal{t: t, store: store, id: durable.ID{Type: "t", Name: "other"}}
		ours.submit(1)
		others.submit(1)
		ours.want("failed")
		ours.submit(1)
		others.submit(1)
		ours.want("failed", "failed")
		others.want("ok", "ok")
		wantKeys(t, store, sam)
		ours.submit(1)
		ours.want("failed", "failed", "ok")
		wantKeys(t, store, sam, "2")
		if got, want := store.Stats(), (durabletest.MemStats{Submitted: 5, Committed: 3, Failed: 2, Doomed: 1, Loads: 2, Bytes: 6}); got != want {
			t.Errorf("stats %+v, want %+v", got, want)
		}
	})
}

func TestMemStoreRefuse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := durabletest.NewMemStore()
		j := &journal{t: t, store: store, id: sam}
		j.submit(1)
		store.OnSubmit = func(*durable.Batch) error { return durable.ErrStore }
		j.submit(1)
		store.OnSubmit = nil
		j.submit(1)
		j.want("ok", "refused", "ok")
		wantKeys(t, store, sam, "0", "2")

		store.OnLoad = func(durable.ID) error { return durable.ErrStore }
		if _, err := store.Load(t.Context(), sam); !errors.Is(err, durable.ErrStore) {
			t.Errorf("Load: %v, want ErrStore", err)
		}
	})
}

func TestMemStoreHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := durabletest.NewMemStore()
		j := &journal{t: t, store: store, id: sam}
		store.Hold()
		j.submit(4)
		j.want("", "", "", "")
		if got := store.Release(1); got != 1 {
			t.Errorf("Release(1) = %d", got)
		}
		j.want("ok", "", "", "")
		store.Release(2)
		j.want("ok", "ok", "ok", "")
		if got := store.Release(9); got != 1 {
			t.Errorf("Release(9) = %d, want 1", got)
		}
		j.submit(2)
		j.want("ok", "ok", "ok", "ok", "", "")
		if got := store.InFlight(); got != 2 {
			t.Errorf("InFlight() = %d, want 2", got)
		}
		store.Resume()
		j.want("ok", "ok", "ok", "ok", "ok", "ok")
	})
}

func TestMemStoreCrash(t *testing.T) {
	survived := make(map[int]bool)
	for seed := range uint64(40) {
		synctest.Test(t, func(t *testing.T) {
			store := durabletest.NewMemStore()
			j := &journal{t: t, store: store, id: sam}
			j.submit(2)
			j.want("ok", "ok")
			store.Hold()
			j.submit(3)
			found := store.Crash(seed)
			j.submit(1)
			j.want("ok", "ok", "failed", "failed", "failed", "refused")
			if _, err := store.Load(t.Context(), sam); err == nil {
				t.Error("a crashed store loaded an object")
			}
			kvs, err := found.Load(t.Context(), sam)
			if err != nil {
				t.Fatal(err)
			}
			for i, kv := range kvs {
				if kv.Key != fmt.Sprint(i) {
					t.Errorf("key %d is %q: not a prefix of the history", i, kv.Key)
				}
			}
			survived[len(kvs)] = true
		})
	}
	for n := 2; n <= 5; n++ {
		if !survived[n] {
			t.Errorf("no seed kept %d batches", n)
		}
	}
	if len(survived) != 4 {
		t.Errorf("kept %v batches, want 2 to 5", survived)
	}
}

// A commit may take its time, and a crash meanwhile decides it.
func TestMemStoreSlowCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := durabletest.NewMemStore()
		store.OnCommit = func(*durable.Batch) (bool, error) {
			time.Sleep(time.Minute)
			return true, nil
		}
		j := &journal{t: t, store: store, id: sam}
		j.submit(3)
		time.Sleep(90 * time.Second)
		j.want("ok", "", "")
		found := store.Crash(0)
		time.Sleep(time.Hour)
		j.want("ok", "failed", "failed")
		if kvs, err := found.Load(t.Context(), sam); err != nil || len(kvs) == 0 || kvs[0].Key != "0" {
			t.Errorf("after the crash %v, %v; want key 0", kvs, err)
		}
	})
}

// The store notices when the runtime breaks its side of the contract.
func TestMemStoreContract(t *testing.T) {
	store := durabletest.NewMemStore()
	store.Hold()
	if err := store.Submit(&durable.Batch{ID: sam, Done: func(error) {}}); err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	defer func() {
		if recover() == nil {
			t.Error("Load with a batch in flight did not panic")
		}
	}()
	store.Load(t.Context(), sam)
}
