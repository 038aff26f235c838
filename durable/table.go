package durable

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"sync"
	"time"
)

const (
	shardCount   = 64
	buildTimeout = 30 * time.Second
	failedFor    = time.Second // a failed build is remembered
)

// A hosted is a type as one runtime runs it: its instances by name.
type hosted struct {
	rt          *Runtime
	kind        *kind
	set         settings
	log         *slog.Logger
	buildObject func(context.Context, *State) (any, error)
	lost        func(view string, err error) // see memory
	count       counters
	shards      [shardCount]shard
	swept       time.Duration // when the sweep last looked here; only it knows
}

type shard struct {
	mu   sync.RWMutex
	live map[string]*instance
}

var seed = maphash.MakeSeed()

func (h *hosted) shard(name string) *shard {
	return &h.shards[maphash.String(seed, name)%shardCount]
}

// find returns the instance in the table, nil if there is none.
func (h *hosted) find(name string) *instance {
	s := h.shard(name)
	s.mu.RLock()
	in := s.live[name]
	s.mu.RUnlock()
	return in
}

func (h *hosted) remove(in *instance) {
	s := h.shard(in.name)
	s.mu.Lock()
	if s.live[in.name] == in {
		delete(s.live, in.name)
	}
	s.mu.Unlock()
	h.count.live.Add(-1)
	size := in.footprint.Swap(0)
	h.rt.resident.Add(-size)
	h.rt.left.Add(size)
}

// enter returns the live instance of an object with its turn taken, loading and
// building the object if need be.
func (h *hosted) enter(ctx context.Context, caller *event, name string) (*instance, error) {
	if err := ctx.Err(); err != nil {
		return nil, cancelled(NotDone, ctx)
	}
	for {
		in := h.find(name)
		if in == nil {
			if in = h.activate(caller, name); in == nil {
				return nil, ErrStopping
			}
		}
		if err := in.acquire(ctx); err != nil {
			return nil, err
		}
		state := in.state.Load()
		if state == live && !h.rt.shut.Load() {
			return in, nil
		}
		err := in.failure()
		<-in.turn
		if state == failed {
			return nil, err
		}
		if state == live {
			return nil, ErrStopping
		}
		if state == leaving {
			if err := in.awaitLeft(ctx); err != nil {
				return nil, err
			}
		}
	}
}

func (in *instance) failure() error {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.why
}

// activate puts an instance into the table, with its turn taken by the goroutine
// that loads and builds it, or returns the one that is there. It returns nil when the
// runtime has drained.
func (h *hosted) activate(caller *event, name string) *instance {
	s := h.shard(name)
	s.mu.Lock()
	if in := s.live[name]; in != nil {
		s.mu.Unlock()
		return in
	}
	if h.rt.shut.Load() { // looked at behind the lock, which the last round of draining takes
		s.mu.Unlock()
		return nil
	}
	in := h.newInstance(name)
	s.live[name] = in
	s.mu.Unlock()
	h.count.live.Add(1)
	h.count.activations.Add(1)
	wake(h.rt.awake)
	h.rt.background(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(h.rt.life), buildTimeout)
		defer cancel()
		err := in.load(ctx, caller)
		if err == nil {
			in.account()
		} else {
			in.fail(err)
		}
		if in.outbox.pending > 0 {
			h.rt.background(in.pump)
		}
		<-in.turn
		h.rt.makeRoom()
	})
	return in
}

// newInstance returns an instance that is loading, its turn taken.
func (h *hosted) newInstance(name string) *instance {
	in := &instance{h: h, name: name, turn: make(chan struct{}, 1), left: make(chan struct{})}
	in.turn <- struct{}{}
	return in
}

// load reads the object and builds it.
func (in *instance) load(ctx context.Context, caller *event) error {
	in.st = &State{in: in}
	in.mem = newMemory(nil, nil, in.h.set.maxBytes)
	if p := in.h.rt.placement; p != nil {
		owner := p.Owner(in.id().Partition())
		if !owner.Here {
			return ErrMoved
		}
		in.epoch = owner.Epoch
	}
	kvs, err := in.h.rt.store.Load(ctx, in.id())
	if err != nil {
		if errors.Is(err, ErrStore) {
			return err
		}
		return ErrStore.with(fmt.Errorf("load: %w", err))
	}
	dues, err := checkRecords(kvs)
	if err != nil {
		return err
	}
	in.mem = newMemory(kvs, dues, in.h.set.maxBytes)
	in.mem.lost = in.h.lost
	in.readOutbox()
	in.state.Store(live) // so that what build writes can be committed; the turn is still taken
	return in.build(ctx, caller)
}

// fail remembers for a second that the object could not be built. It has the turn.
func (in *instance) fail(err error) {
	in.h.count.buildErrors.Add(1)
	in.mu.Lock()
	in.why = err
	in.mu.Unlock()
	if !in.state.CompareAndSwap(loading, failed) && !in.state.CompareAndSwap(live, failed) {
		return // it is leaving already: what build wrote has failed
	}
	in.h.rt.background(func() {
		for more := true; more; {
			in.h.rt.pause(failedFor)
			in.turn <- struct{}{}
			more = in.outbox.pumping && in.h.rt.life.Err() == nil
			if more {
				<-in.turn
			}
		}
		in.flush() // what it has noted of its effects
		<-in.drain()
		in.depart()
	})
}

// account counts the instance's memory against the runtime's budget, in the turn.
func (in *instance) account() {
	const overhead = 2048 // of the instance, its views and its table entry, roughly
	size := int64(in.mem.bytes + overhead)
	in.h.rt.resident.Add(size - in.footprint.Swap(size))
}
