package durable

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

type atomicPhase = atomic.Int32

// The states of an instance. It is live from its building until it must leave;
// while it is leaving, the table keeps it, so that nobody loads the object before
// nothing of this incarnation is in the store's hands.
const (
	loading int32 = iota
	live
	leaving
	failed // it could not be built; remembered for a second
	gone
)

// An instance is an object in memory.
type instance struct {
	h    *hosted
	name string

	// turn holds one token while somebody has the object's turn. Go hands it to
	// waiting senders first come, first served.
	turn    chan struct{}
	waiting atomic.Int32

	state     atomic.Int32
	inflight  atomic.Int32  // batches and events that are in the store's hands or held
	gated     atomic.Int32  // of those, what later events have to wait for: not relaxed writes
	outsiders atomic.Int32  // events that are outside
	lastUsed  atomic.Int64  // on the runtime's clock
	flushSoon atomic.Bool   // whoever has the turn flushes relaxed writes before passing it
	footprint atomic.Int64  // bytes counted against the runtime's memory
	parting   atomic.Bool   // leaves when the store has taken what is under way
	seized    atomic.Bool   // somebody waits for it to be gone, to be alone with the object
	left      chan struct{} // closed when the instance is gone

	// Owned by the turn.
	object      any
	st          *State
	mem         *memory
	incarnation uint64 // grows when the object is built anew
	epoch       uint64
	why         error     // why it failed or left
	outbox      outbox    // effects that are stored
	unflushed   time.Time // since when relaxed writes wait
	listed      bool      // the flusher has it in its list
	forAlarm    bool      // nothing but alarms has woken it
	cost        atomic.Int64

	mu        sync.Mutex // for a few lines at a time, never across a wait
	held      []*held    // in the order of their events
	handing   bool       // somebody hands outputs over
	poison    error      // why the first failed batch failed; nothing after it may leave
	drained   chan struct{}
	afters    []func()
	afterRuns bool
}

func (in *instance) id() ID { return ID{Type: in.h.kind.name, Name: in.name} }

// acquire waits for the turn.
func (in *instance) acquire(ctx context.Context) error {
	select {
	case in.turn <- struct{}{}:
		return nil
	default:
	}
	if in.waiting.Add(1) > in.h.set.queue {
		in.waiting.Add(-1)
		return ErrOverloaded
	}
	defer in.waiting.Add(-1)
	late, stop := in.h.rt.late(ctx)
	defer stop()
	if ctx.Done() == nil && late == nil {
		in.turn <- struct{}{}
		return nil
	}
	select {
	case in.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return cancelled(NotDone, ctx)
	case <-late:
		return ErrTimeout
	}
}

// awaitLeft waits until an instance that is leaving has left.
func (in *instance) awaitLeft(ctx context.Context) error {
	late, stop := in.h.rt.late(ctx)
	defer stop()
	select {
	case <-in.left:
		return nil
	case <-ctx.Done():
		return cancelled(NotDone, ctx)
	case <-late:
		return ErrTimeout
	}
}

// tryAcquire takes the turn if nobody has it.
func (in *instance) tryAcquire() bool {
	select {
	case in.turn <- struct{}{}:
		return true
	default:
		return false
	}
}

// release passes the turn on.
func (in *instance) release() {
	if in.flushSoon.Load() && in.state.Load() == live {
		in.flush()
	}
	<-in.turn
}

// build makes the object over its memory, in the turn, as an event of its own: what
// it writes is committed before anything that follows.
func (in *instance) build(ctx context.Context, caller *event) error {
	if in.st != nil {
		in.st.dead.Store(true)
	}
	in.incarnation++
	in.st = &State{in: in}
	in.readOutbox()
	in.mem.begin()
	ev := &event{Context: ctx, in: in, caller: caller, start: in.h.rt.clock()}
	object, err := in.guardedBuild(ev)
	ev.phase.Store(ended)
	if err != nil {
		in.mem.rollback()
		return err
	}
	in.object = object
	_, err = in.commit()
	return err
}

func (in *instance) guardedBuild(ev *event) (object any, err error) {
	returned := false
	defer func() {
		if returned {
			return
		}
		what := recover()
		if f, ok := what.(failure); ok {
			err = f.err
			return
		}
		in.h.count.panics.Add(1)
		in.h.log.Error("build panicked", "panic", what)
		err = ErrPanic
	}()
	object, err = in.h.buildObject(ev, in.st)
	returned = true
	return object, err
}

// close commits the transaction if err is nil and undoes it otherwise. It returns
// what the answer waits for. The turn stays with the caller.
func (in *instance) close(err error) (*held, error) {
	if err == nil && in.state.Load() != live {
		err = in.leftBecause()
	}
	if err == nil {
		held, cerr := in.commit()
		if cerr == nil {
			return held, nil
		}
		err = cerr
	}
	in.undo()
	if in.gated.Load() == 0 {
		return nil, err
	}
	return in.holdAnswer(), err
}

// undo takes the transaction back. If it had changed anything the object may have
// built on that, so it is built anew.
func (in *instance) undo() {
	if !in.mem.tx.wrote() {
		in.mem.reset()
		return
	}
	in.mem.rollback()
	if in.state.Load() == live {
		in.rebuild()
	}
}

// dismiss makes the instance leave over something that has not spoilt its memory: what
// earlier events wrote relaxed is sent to the store first. If the store refuses that,
// the object is built anew here and the instance stays.
func (in *instance) dismiss(why error) {
	if in.state.Load() != live {
		return
	}
	in.flush()
	if in.unflushed.IsZero() {
		in.leave(why)
		return
	}
	in.rebuild()
}

// rebuild builds the object anew over its memory, in the turn.
func (in *instance) rebuild() {
	ctx, cancel := context.WithTimeout(context.Background(), buildTimeout)
	defer cancel()
	if err := in.build(ctx, nil); err != nil {
		in.h.log.Warn("object could not be built again", "err", err)
		if in.state.Load() == live {
			in.flush()
		}
		in.leave(err)
	}
}

// leave makes the instance go: no further event runs in it, and when nothing of it
// is in the store's hands it is gone. It may be called with or without the turn.
func (in *instance) leave(why error) {
	if !in.state.CompareAndSwap(live, leaving) {
		return
	}
	in.mu.Lock()
	in.why = why
	in.mu.Unlock()
	in.h.rt.background(func() {
		in.turn <- struct{}{}
		<-in.drain()
		in.depart()
	})
}

// leftBecause is the error of an event that finds its instance leaving.
func (in *instance) leftBecause() error {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.why == nil {
		return ErrBroken
	}
	if errors.Is(in.why, ErrUnknown) {
		return ErrBroken.with(in.why) // its own writes were not submitted
	}
	return in.why
}

// depart takes the instance out of the table. The caller has the turn, and nothing
// is in flight. Effects that are left go on in the next incarnation, behind whoever
// wants to be alone with the object.
func (in *instance) depart() {
	in.st.dead.Store(true)
	in.state.Store(gone)
	in.h.remove(in)
	close(in.left)
	<-in.turn
	if in.outbox.pending > 0 && !in.h.rt.stopping.Load() && !in.seized.Load() {
		in.h.activate(nil, in.name)
	}
}

// internal runs f as a transaction of the runtime's own, of which nobody waits for
// the outcome. F must not panic.
func (in *instance) internal(f func() error) error {
	in.turn <- struct{}{}
	defer in.release()
	if s := in.state.Load(); s != live && s != failed {
		return ErrBroken
	}
	in.mem.begin()
	err := f()
	if err == nil {
		_, err = in.commit()
	}
	if err != nil {
		in.undo()
	}
	return err
}

// markSeen stores, with the event, that an effect was applied.
func (in *instance) markSeen(ev *event) {
	if ev.origin != nil && ev.origin.effect != nil {
		in.sawEffect(*ev.origin.effect)
	}
}

// checkSet ends the event of an object that changed a stored value in place without
// setting it, where the runtime was told to look.
func (in *instance) checkSet() error {
	if !in.h.rt.strict {
		return nil
	}
	for key, e := range in.mem.entries {
		if e.cell != nil && e.cell.unset() {
			return errors.New("durable: " + in.h.kind.name + " changed " + key + " without Set")
		}
	}
	return nil
}
