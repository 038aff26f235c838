package pebblestore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/fortunet/fortunet/durable"
)

// crash returns what a power cut would leave of a file system: all that was synced,
// and of the rest a random part if seed is not 0.
func crash(fs *vfs.MemFS, seed uint64) *vfs.MemFS {
	cfg := vfs.CrashCloneCfg{}
	if seed != 0 {
		cfg = vfs.CrashCloneCfg{UnsyncedDataPercent: 50, RNG: rand.New(rand.NewPCG(seed, 0))}
	}
	return fs.CrashClone(cfg)
}

// oneFault makes change k fail, and all behind it until the store is repaired if the
// disk stays broken.
func oneFault(k int, err error, done, stays bool, hit *atomic.Pointer[change]) func(change) verdict {
	return func(c change) verdict {
		if c.n == k || stays && c.n > k {
			hit.CompareAndSwap(nil, &c)
			return verdict{err, done}
		}
		return verdict{}
	}
}

// Every change that a short history makes on the disk fails once, in every way. The
// store finds its way back by itself, and no crash afterwards loses what it vouched for.
func TestFaultAtEveryStep(t *testing.T) {
	var kinds sync.Map // of the changes that failed
	t.Cleanup(func() {
		for _, kind := range []string{"create log", "write log", "sync log", "create sst", "write sst", "sync sst", "write MANIFEST", "sync MANIFEST"} {
			if _, ok := kinds.Load(kind); !ok && !testing.Short() {
				t.Errorf("no fault in a %s", kind)
			}
		}
	})
	for _, mode := range []struct {
		name        string
		err         error
		done, stays bool
	}{
		{"fails", syscall.EIO, false, false},
		{"fails done", syscall.EIO, true, false},
		{"stays broken", syscall.EIO, false, true},
		{"stays full", syscall.ENOSPC, false, true},
		{"turns read-only", syscall.EROFS, false, true},
	} {
		t.Run(mode.name, func(t *testing.T) {
			t.Parallel()
			step := 1
			if testing.Short() {
				step = 7
			}
			for k := 1 + rand.IntN(step); ; k += step {
				hit := faultAt(t, k, mode.err, mode.done, mode.stays)
				if hit == nil {
					t.Logf("%d changes", k-1)
					if k < 50 {
						t.Errorf("the history makes only %d changes, too few to show anything", k)
					}
					return
				}
				kinds.Store(strings.Replace(hit.op, "reuse", "create", 1)+" "+hit.kind(), true)
				if t.Failed() {
					return
				}
			}
		})
	}
}

// faultAt runs a history with a fault at change k, and returns what failed, or nil if
// there are fewer changes. Of the power cuts after what was found and after what was
// written then, one, in turn, keeps a part of what was not synced.
func faultAt(t *testing.T, k int, err error, done, stays bool) *change {
	mem := vfs.NewCrashableMem()
	fs := newFaultFS(mem)
	s := mustOpenOn(t, fs, tiny)
	hs := []*history{newHistory("a", 500), newHistory("b", 2200)}
	if !writeAll(t, s, hs, 3) {
		t.Fatal("the history failed before the fault")
	}
	var hit atomic.Pointer[change]
	defer func() {
		if t.Failed() {
			t.Logf("with a fault at %v", hit.Load())
		}
	}()
	fs.fault(oneFault(k, err, done, stays, &hit))
	if writeAll(t, s, hs, 5) {
		writeAll(t, s, hs, 5)
	}
	fs.fault(nil) // repaired
	for _, h := range hs {
		h.recover(t, s)
	}
	checkCrash(t, mem, hs, uint64(k*(k%2))) // what was shown is there to stay
	waitWell(t, s)
	if !writeAll(t, s, hs, 2) {
		t.Error("writes fail though the disk is well")
	}
	checkCrash(t, mem, hs, uint64(k*((k+1)%2)))
	if err := s.Close(); err != nil && hit.Load() == nil {
		t.Errorf("Close: %v", err)
	}
	return hit.Load()
}

// checkCrash opens what a power cut would leave and compares it with the histories.
func checkCrash(t *testing.T, mem *vfs.MemFS, hs []*history, seed uint64) {
	t.Helper()
	found := mustOpenOn(t, crash(mem, seed), tiny)
	for _, h := range hs {
		then := *h
		then.check(t, found)
	}
	if err := found.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// waitWell waits until the store says that it takes writes.
func waitWell(t *testing.T, s *Store) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); s.Err() != nil; <-time.After(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the store stays out of order: %v", s.Err())
		}
	}
}

// A fault while the store is opened is an error of Open, and the next Open finds all.
func TestFaultInOpen(t *testing.T) {
	mem := vfs.NewCrashableMem()
	s := mustOpenOn(t, mem)
	before := newHistory("a", 20000)
	if err := before.write(t, s, 10); err != nil {
		t.Fatal(err)
	}
	left := crash(mem, 0) // its log is to be replayed
	s.Close()
	for name, errno := range diskErrors {
		t.Run(name, func(t *testing.T) {
			for k := 1; ; k++ {
				mem := crash(left, 0)
				fs := newFaultFS(mem)
				var hit atomic.Pointer[change]
				fs.fault(oneFault(k, errno, k%2 == 0, true, &hit))
				s, err := openOn(t, fs)
				if hit.Load() == nil {
					s.Close()
					if k < 10 {
						t.Errorf("opening makes only %d changes", k)
					}
					return
				}
				if err == nil {
					// Files that are not needed any more are removed behind Open.
					s.Close()
				} else if !errors.Is(err, durable.ErrStore) || !errors.Is(err, errno) {
					t.Fatalf("fault at %v: %v, want ErrStore because of %v", hit.Load(), err, errno)
				}
				found := mustOpenOn(t, crash(mem, 0))
				then := *before
				then.check(t, found)
				found.Close()
			}
		})
	}
}

// At the very moment of each Done the disk holds everything that was vouched for.
func TestDoneBehindSync(t *testing.T) {
	mem := vfs.NewCrashableMem()
	s := mustOpenOn(t, mem)
	defer s.Close()
	const writers, batches = 4, 8
	var mu sync.Mutex
	known := make(map[string]int)
	var wg sync.WaitGroup
	check := func() {
		mu.Lock()
		defer mu.Unlock()
		found := mustOpenOn(t, crash(mem, 0))
		defer found.Close()
		for w := range writers {
			h := newHistory(fmt.Sprint(w), 5000)
			h.known, h.maximum = known[h.id.Name], batches
			h.check(t, found)
		}
	}
	for w := range writers {
		h := newHistory(fmt.Sprint(w), 5000)
		for i := 1; i <= batches; i++ {
			b := h.batch(i)
			wg.Add(1)
			b.Done = func(err error) {
				defer wg.Done()
				if err != nil {
					t.Errorf("Done: %v", err)
				}
				mu.Lock()
				known[h.id.Name] = i
				mu.Unlock()
				check()
			}
			if err := s.Submit(b); err != nil {
				t.Fatal(err)
			}
		}
	}
	wg.Wait()
}

// While the disk does not answer, Submit returns and Done is not called.
func TestNoDoneWithoutSync(t *testing.T) {
	fs := newFaultFS(vfs.NewCrashableMem())
	s := mustOpenOn(t, fs)
	defer s.Close()
	syncing, release := make(chan struct{}, 100), make(chan struct{})
	fs.fault(func(c change) verdict {
		if c.op == "sync" && isLog(c.name) {
			syncing <- struct{}{}
			<-release
		}
		return verdict{}
	})
	h := newHistory("a", 10)
	done := make(chan int, 10)
	for i := 1; i <= 5; i++ {
		b := h.batch(i)
		b.Done = func(error) { done <- i }
		if err := s.Submit(b); err != nil {
			t.Fatal(err)
		}
	}
	<-syncing
	if len(done) > 0 {
		t.Fatalf("Done of batch %d before its sync", <-done)
	}
	close(release)
	for i := 1; i <= 5; i++ {
		if got := <-done; got != i {
			t.Errorf("Done of batch %d, want %d", got, i)
		}
	}
}

// While the disk is broken everything is refused with an error that says so; objects
// that lost a batch are refused until they are loaded, others are not.
func TestRefusedWhileFailing(t *testing.T) {
	fs := newFaultFS(vfs.NewCrashableMem())
	s := mustOpenOn(t, fs)
	defer s.Close()
	lost, other := newHistory("lost", 10), newHistory("other", 10)
	if !writeAll(t, s, []*history{lost, other}, 2) {
		t.Fatal("writes failed")
	}
	fs.fault(func(c change) verdict { return verdict{err: syscall.EIO} })
	if err := lost.write(t, s, 1); !errors.Is(err, durable.ErrUnknown) || !errors.Is(err, syscall.EIO) {
		t.Errorf("Done got %v, want ErrUnknown because of EIO", err)
	}
	ctx := context.Background()
	_, loadErr := s.Load(ctx, other.id)
	_, logErr := s.Log(ctx, other.id, "l", 0, 9, 9, false)
	_, listErr := s.List(ctx, other.id.Type, "", 9)
	_, alarmsErr := s.Alarms(ctx, durable.AlarmRef{}, 9)
	submitErr := s.Submit(&durable.Batch{ID: other.id, Done: func(error) { t.Error("Done of a refused batch") }})
	for i, err := range []error{loadErr, logErr, listErr, alarmsErr, submitErr, s.Err(), s.Checkpoint("/backup")} {
		if !errors.Is(err, durable.ErrStore) {
			t.Errorf("call %d: %v, want ErrStore", i, err)
		}
	}
	for failed := fs.changes(); fs.changes() < failed+3; runtime.Gosched() {
		// It is tried again and again.
	}
	if !s.Metrics().Failing {
		t.Error("metrics do not show the failure")
	}

	fs.fault(nil)
	other.recover(t, s)
	if err := s.Submit(&durable.Batch{ID: lost.id, Done: func(error) { t.Error("Done of a refused batch") }}); !errors.Is(err, durable.ErrStore) {
		t.Errorf("a batch behind a lost one: %v, want ErrStore", err)
	}
	if err := other.write(t, s, 2); err != nil {
		t.Errorf("another object's batch: %v", err)
	}
	lost.recover(t, s)
	if err := lost.write(t, s, 2); err != nil {
		t.Errorf("after loading: %v", err)
	}
	if err := s.Err(); err != nil {
		t.Errorf("Err() = %v after recovery", err)
	}
	if m := s.Metrics(); m.Failing || m.Failures != 1 {
		t.Errorf("metrics %+v, want one failure that is over", m)
	}
}

// What is read while the database fails is not believed.
func TestReadWhileFailing(t *testing.T) {
	s := mustOpenOn(t, vfs.NewMem())
	defer s.Close()
	h := newHistory("a", 10)
	if err := h.write(t, s, 3); err != nil {
		t.Fatal(err)
	}
	prefix := objectPrefix(prefixKey, h.id)
	err := s.scan(t.Context(), "object", prefix, past(prefix), func(it *pebble.Iterator) error {
		if !it.First() {
			t.Error("nothing to read")
		}
		s.handle.guard.fail(syscall.EIO)
		return nil
	})
	if !errors.Is(err, durable.ErrStore) || !errors.Is(err, syscall.EIO) {
		t.Errorf("a read during the failure: %v, want ErrStore because of EIO", err)
	}
	h.recover(t, s)
}

// A store whose disk stays broken can be closed, and keeps nothing behind.
func TestCloseWhileFailing(t *testing.T) {
	before := runtime.NumGoroutine()
	fs := newFaultFS(vfs.NewCrashableMem())
	for range 10 {
		fs.fault(nil)
		s := mustOpenOn(t, fs)
		h := newHistory("a", 10)
		h.maximum = 1000
		h.check(t, s)
		fs.fault(func(c change) verdict { return verdict{err: syscall.EIO} })
		if h.write(t, s, 3) == nil {
			t.Error("a batch is well on a broken disk")
		}
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	for deadline := time.Now().Add(30 * time.Second); runtime.NumGoroutine() > before+2; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
}

// Failing and coming back a hundred times leaves nothing behind.
func TestFailuresLeakNothing(t *testing.T) {
	fs := newFaultFS(vfs.NewCrashableMem())
	s := mustOpenOn(t, fs)
	defer s.Close()
	h := newHistory("a", 10000)
	before := 0
	for round := range 100 {
		fs.fault(func(c change) verdict {
			if c.n == 1+round%9 {
				return verdict{err: syscall.EIO}
			}
			return verdict{}
		})
		for h.write(t, s, 3) == nil {
			if fs.changes() > 20 {
				break
			}
		}
		fs.fault(nil)
		h.recover(t, s)
		if round == 10 {
			before = runtime.NumGoroutine()
		}
	}
	if got := s.Metrics().Failures; got < 50 {
		t.Errorf("%d failures in 100 rounds, too few to show anything", got)
	}
	for deadline := time.Now().Add(30 * time.Second); runtime.NumGoroutine() > before+5; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
}
