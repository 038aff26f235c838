package durable

import (
	"context"
	"runtime/debug"
	"time"
)

// evict takes an idle instance out of memory if ok, asked in the turn, agrees. Relaxed
// writes are flushed first, and while any write is under way the instance stays for
// whoever asks meanwhile; an instance whose flush is refused stays. Sockets stay with
// the gateway.
func (in *instance) evict(ok func() bool) {
	if !in.tryAcquire() {
		return
	}
	if in.state.Load() != live || !in.spare() || !ok() {
		in.release()
		return
	}
	if len(in.mem.dirty) > 0 {
		in.flush()
		if !in.unflushed.IsZero() {
			in.release()
			return
		}
	}
	if in.inflight.Load() > 0 {
		in.release()
		in.evictLater(ok)
		return
	}
	if !in.state.CompareAndSwap(live, leaving) {
		in.release()
		return
	}
	in.h.count.evictions.Add(1)
	in.depart()
}

// evictLater evicts the instance when the store has taken what is under way.
func (in *instance) evictLater(ok func() bool) {
	if !in.parting.CompareAndSwap(false, true) {
		return // it waits for that already
	}
	in.h.rt.background(func() {
		<-in.drain()
		in.parting.Store(false)
		in.evict(ok)
	})
}

// spare reports whether nobody waits for the instance or works for it.
func (in *instance) spare() bool {
	return in.waiting.Load() == 0 && in.outsiders.Load() == 0 && in.outbox.pending == 0
}

const (
	sweepOften  = time.Second
	sweepSeldom = 5 * time.Second
)

// sweepEvery returns how often objects of the type are looked through for idle ones.
func (h *hosted) sweepEvery() time.Duration {
	return min(max(h.set.idle/2, sweepOften), sweepSeldom)
}

// sweep evicts instances that have been idle for long enough, and gives back what they
// held, until the runtime drains.
func (rt *Runtime) sweep() {
	every := sweepSeldom
	for _, h := range rt.hosted {
		every = min(every, h.sweepEvery())
	}
	for {
		select {
		case <-rt.awake:
		case <-rt.draining:
			return
		}
		for busy := true; busy; {
			if !rt.pauseUntil(rt.draining, every) {
				return
			}
			live := int64(0)
			for _, h := range rt.hosted {
				if h.count.live.Load() > 0 && rt.clock()-h.swept >= h.sweepEvery() {
					h.swept = rt.clock()
					h.sweep()
				}
				live += h.count.live.Load()
			}
			rt.makeRoom()
			busy = rt.giveBack() || live > 0
		}
	}
}

// giveBack returns memory to the system after many objects have left: a process that
// has become idle collects no garbage for minutes by itself. It reports whether there is
// more to give back later.
func (rt *Runtime) giveBack() (later bool) {
	const (
		worth  = 4 << 20
		seldom = 10 * time.Second
	)
	now := rt.clock()
	if rt.left.Load() < worth {
		return false
	}
	if now-rt.gaveBack < seldom {
		return true
	}
	rt.left.Store(0)
	rt.gaveBack = now
	debug.FreeOSMemory()
	return false
}

func (h *hosted) sweep() {
	for i := range h.shards {
		before := int64(h.rt.clock() - h.set.idle)
		for _, in := range h.shards[i].idle(before) {
			in.evict(func() bool { return in.lastUsed.Load() < before })
		}
	}
}

// idle returns the shard's instances that were last used before a time.
func (s *shard) idle(before int64) []*instance {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var idle []*instance
	for _, in := range s.live {
		if in.state.Load() == live && in.lastUsed.Load() < before {
			idle = append(idle, in)
		}
	}
	return idle
}

// makeRoom evicts instances until the runtime's objects fit their budget again. Of
// a few taken at random it evicts the one whose memory is worth least: large, long
// unused, and cheap to compute again.
func (rt *Runtime) makeRoom() {
	const sample = 8
	for tries := 0; rt.budget > 0 && rt.resident.Load() > rt.budget && tries < 64; tries++ {
		now := int64(rt.clock())
		var worst *instance
		var least float64
		for _, h := range rt.hosted {
			for _, in := range h.sample(sample) {
				idle := float64(max(now-in.lastUsed.Load(), 1))
				score := idle * float64(in.footprint.Load()) / in.worth()
				if worst == nil || score > least {
					worst, least = in, score
				}
			}
		}
		if worst == nil {
			return
		}
		worst.evict(func() bool { return true })
	}
}

// sample returns up to n live instances of the type, at random.
func (h *hosted) sample(n int) []*instance {
	var some []*instance
	start := int(h.rt.random.Add(1)) * 7
	for i := range shardCount {
		s := &h.shards[(start+i)%shardCount]
		s.mu.RLock()
		for _, in := range s.live { // in random order
			if in.state.Load() == live && !in.parting.Load() {
				some = append(some, in)
				break
			}
		}
		s.mu.RUnlock()
		if len(some) == n {
			break
		}
	}
	return some
}

func (in *instance) worth() float64 {
	if cost := in.cost.Load(); cost > 0 {
		return float64(cost)
	}
	return 1
}

// SetCost says what it would cost to compute again what the object keeps in memory,
// in any unit that is the same for all types of the program, such as microseconds.
// When memory runs short, cheap objects leave first. Unset it counts as 1.
func (s *State) SetCost(cost int64) { s.in.cost.Store(max(cost, 0)) }

// drainAll ends every instance: events that wait for a turn have had it, relaxed
// writes are flushed and commits have settled when it returns, or ctx is done. An
// event under way may wake objects it asks behind the back of a round, so there is
// another after nothing can wake.
func (rt *Runtime) drainAll(ctx context.Context) error {
	for {
		rest, last := 0, rt.shut.Load()
		for _, h := range rt.hosted {
			for i := range h.shards {
				for _, in := range h.shards[i].all() {
					if !in.evictLast(ctx) {
						rest++
					}
				}
			}
		}
		if rest == 0 && last {
			return nil
		}
		if rest == 0 {
			rt.shut.Store(true)
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

func (s *shard) all() []*instance {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := make([]*instance, 0, len(s.live))
	for _, in := range s.live {
		all = append(all, in)
	}
	return all
}

// evictLast takes an instance out of memory at shutdown, waiting for its turn. An
// instance whose relaxed writes the store refuses stays, and is tried again until
// the shutdown's time is over.
func (in *instance) evictLast(ctx context.Context) bool {
	select {
	case in.turn <- struct{}{}:
	case <-ctx.Done():
		return false
	}
	if in.state.Load() == failed || in.state.Load() == gone {
		<-in.turn
		return true
	}
	if in.state.Load() == live && (in.waiting.Load() > 0 || in.outsiders.Load() > 0) {
		in.release()
		time.Sleep(time.Millisecond) // whoever waits has the turn next
		return false
	}
	refused := false
	if in.state.Load() == live && len(in.mem.dirty) > 0 {
		in.flush()
		refused = !in.unflushed.IsZero()
	}
	if refused {
		in.release()
		time.Sleep(10 * time.Millisecond)
		return false
	}
	in.leave(nil)
	<-in.turn
	select {
	case <-in.left:
		return true
	case <-ctx.Done():
		return false
	}
}
