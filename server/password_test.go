package server

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/fortunet/fortunet/fault"
)

// Hashes are computed few at a time, a bounded number waits for them, and who is turned
// away, or gives up, is told to come again and costs nothing.
func TestHasherIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &hasher{slots: make(chan struct{}, hashSlots)}
		ctx, cancel := context.WithCancel(t.Context())
		work := make(chan struct{})
		var running, most atomic.Int64
		outcomes := make(chan error, 2*maxHashing)
		ask := func(ctx context.Context) {
			outcomes <- h.slot(ctx, func() {
				if n := running.Add(1); n > most.Load() {
					most.Store(n)
				}
				<-work
				running.Add(-1)
			})
		}
		for range maxHashing / 2 {
			go ask(t.Context())
		}
		synctest.Wait()
		for range maxHashing / 2 {
			go ask(ctx)
		}
		synctest.Wait()
		busy := func(err error) bool {
			f, ok := errors.AsType[*fault.Error](err)
			return ok && f.Kind == fault.Overloaded && f.RetryAfter > 0
		}
		if ask(t.Context()); !busy(<-outcomes) {
			t.Error("one too many is let in")
		}
		cancel() // half of those who wait give up
		for range maxHashing / 2 {
			if err := <-outcomes; !busy(err) {
				t.Errorf("who gave up: %v", err)
			}
		}
		close(work)
		for range maxHashing / 2 {
			if err := <-outcomes; err != nil {
				t.Errorf("who was let in: %v", err)
			}
		}
		if most.Load() != hashSlots || h.count.Load() != maxHashing/2 || h.waiting.Load() != 0 {
			t.Errorf("%d at a time, %d in all, %d still wait", most.Load(), h.count.Load(), h.waiting.Load())
		}
	})
}

// Whatever is stored as a hash, verifying it costs no more than it may, and nothing that
// was not made of a password is one.
func FuzzParsePHC(f *testing.F) {
	good := hashPassword("correct horse")
	f.Add(good)
	f.Add(strings.Replace(good, "m=19456", "m=4294967295", 1))
	f.Add("$argon2id$v=19$m=19456,t=0,p=1$$")
	f.Fuzz(func(t *testing.T, phc string) {
		h, ok := parsePHC(phc)
		if !ok {
			return
		}
		if h.memory > 256<<10 || h.passes == 0 || h.passes > 16 || h.lanes == 0 || h.lanes > 8 || len(h.key) < 32 || len(h.key) > 128 {
			t.Fatalf("%q: %+v", phc, h)
		}
		if h.memory <= argonMemory && h.passes <= argonPasses && phc != good && verifyPassword(phc, "x") {
			t.Fatalf("%q is the hash of x", phc)
		}
	})
}
