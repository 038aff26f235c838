package durable

import (
	"sync"
	"time"
)

const (
	flushEvery   = 500 * time.Millisecond // so that a relaxed write waits for less than a second
	unflushedMax = 10 * time.Second       // after which a type that fails closed refuses to go on
)

// A flusher sends relaxed writes to the store.
type flusher struct {
	mu    sync.Mutex
	dirty []*instance   // that have relaxed writes, each once
	poke  chan struct{} // there is something to do; holds at most one token
}

// relax notes that the instance has relaxed writes, in the turn. It refuses the
// event if earlier ones have waited for too long and the type wants that.
func (in *instance) relax() error {
	now := in.h.rt.Now()
	if in.unflushed.IsZero() {
		in.unflushed = now
	}
	if !in.listed {
		in.listed = true
		f := &in.h.rt.flusher
		f.mu.Lock()
		f.dirty = append(f.dirty, in)
		f.mu.Unlock()
		wake(f.poke)
	}
	if in.h.set.failClosed && now.Sub(in.unflushed) > unflushedMax {
		return ErrStore
	}
	return nil
}

// run flushes what is dirty half a second after it became so, until the runtime has
// drained.
func (f *flusher) run(rt *Runtime) {
	for {
		select {
		case <-f.poke:
		case <-rt.drained:
			return
		}
		for rest := 1; rest > 0; rest = f.pass() {
			if !rt.pause(flushEvery) {
				return
			}
		}
	}
}

// pass flushes every dirty instance whose turn is free, and asks those who hold a
// turn to flush before they pass it on. It returns how many are still dirty.
func (f *flusher) pass() int {
	f.mu.Lock()
	list := f.dirty
	f.dirty = nil
	f.mu.Unlock()
	var rest []*instance
	for _, in := range list {
		if !in.tryAcquire() {
			in.flushSoon.Store(true)
			rest = append(rest, in)
			continue
		}
		if in.state.Load() == live {
			in.flush()
		}
		in.listed = in.state.Load() == live && !in.unflushed.IsZero()
		if in.listed {
			rest = append(rest, in)
		}
		<-in.turn
	}
	f.mu.Lock()
	f.dirty = append(f.dirty, rest...)
	f.mu.Unlock()
	return len(rest)
}

// flush submits the relaxed writes that wait, in the turn, with no event open. If
// the store refuses, they stay where they are.
func (in *instance) flush() {
	in.flushSoon.Store(false)
	m := in.mem
	m.tidy()
	if len(m.dirty) == 0 {
		in.unflushed = time.Time{}
		return
	}
	b := &Batch{ID: in.id(), Epoch: in.epoch}
	l := m.fill(b)
	in.inflight.Add(1)
	b.Done = func(err error) { in.flushed(b, err) }
	if err := in.h.rt.store.Submit(b); err != nil {
		m.unfill(l)
		in.h.count.refusals.Add(1)
		in.finished()
		return
	}
	in.h.count.commits.Add(1)
	in.h.count.commitBytes.Add(uint64(b.Size()))
	in.unflushed = time.Time{}
	m.forget(l)
	in.account()
}

// flushed is the Done of a batch of relaxed writes, for which nobody waits.
func (in *instance) flushed(b *Batch, err error) {
	if err != nil {
		in.h.count.commitErrors.Add(1)
		in.mu.Lock()
		in.poison = err
		in.mu.Unlock()
		in.leave(ErrUnknown.with(err))
	}
	in.h.rt.alarms.noticed(b, err == nil)
	in.finished()
}
