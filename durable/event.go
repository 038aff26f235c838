package durable

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"
)

// An event is one call, alarm or socket message while it is handled. It is also the
// context its method gets, so that calls the method makes know whose turn waits for
// them.
type event struct {
	context.Context
	in     *instance
	caller *event // the event whose turn waits for this one
	start  time.Duration
	phase  atomicPhase
	origin *origin      // where it came from, nil for a call made on this node
	finish func() error // run in the turn before the last commit, or nil
}

// An origin is what an event that came from elsewhere brought along.
type origin struct {
	chain  []ID      // the objects whose turns wait for it on other nodes
	effect *EffectID // the stored effect it is
}

// The phases of an event. Only while running does it hold the turn.
const (
	running int32 = iota
	outside
	lost // its object was replaced while it was outside
	ended
)

type eventKey struct{}

// Value returns the event itself to eventOf, and the caller's values otherwise.
func (ev *event) Value(key any) any {
	if key == (eventKey{}) {
		return ev
	}
	return ev.Context.Value(key)
}

// eventOf returns the event in whose method ctx was handed out, nil if there is none
// or it no longer runs: a context kept by a goroutine holds nobody's turn.
func eventOf(ctx context.Context) *event {
	ev, _ := ctx.Value(eventKey{}).(*event)
	for ev != nil && ev.phase.Load() != running {
		ev, _ = ev.Context.Value(eventKey{}).(*event)
	}
	return ev
}

// begin waits for the turn of an object and opens an event in it.
func (h *hosted) begin(ctx context.Context, name string) (*event, error) {
	ev := &event{Context: ctx, caller: eventOf(ctx), start: h.rt.clock()}
	if err := h.open(ctx, ev, name); err != nil {
		return nil, err
	}
	ev.in.forAlarm = false
	return ev, nil
}

func (h *hosted) open(ctx context.Context, ev *event, name string) error {
	if ev.caller != nil {
		if err := ev.caller.ask(ctx, h, name); err != nil {
			return err
		}
	} else if h.rt.stopping.Load() {
		return ErrStopping
	}
	in, err := h.enter(ctx, ev.caller, name)
	if err != nil {
		h.count.refused(err)
		return err
	}
	ev.in = in
	in.mem.begin()
	return nil
}

// ask checks that the event may call another object now: the callee must not wait
// for this very call, and nothing that may yet be undone may have been seen.
func (ev *event) ask(ctx context.Context, h *hosted, name string) error {
	for e := ev; e != nil; e = e.caller {
		if e.in != nil && e.in.h == h && e.in.name == name {
			return fmt.Errorf("%s/%s: %w", h.kind.name, name, ErrCycle)
		}
		if e.origin != nil && slices.Contains(e.origin.chain, ID{Type: h.kind.name, Name: name}) {
			return fmt.Errorf("%s/%s: %w", h.kind.name, name, ErrCycle)
		}
	}
	if ev.in.mem.tx.confirmed {
		return ErrCallAfterWrite
	}
	if ev.in.gated.Load() > 0 {
		return ev.in.holdAnswer().waitFor(ctx)
	}
	if ev.in.state.Load() == leaving { // a write this event saw failed just now
		return ev.in.leftBecause()
	}
	return nil
}

// end ends an event whose method returned err, passes the turn on, and returns what
// the answer has to wait for, nil for nothing.
func (ev *event) end(err error) (*held, error) {
	in := ev.in
	switch ev.phase.Load() {
	case lost:
		if err == nil {
			err = ErrBroken
		}
		in.h.count.event(in.h.rt.clock()-ev.start, err)
		return nil, err
	case ended:
		return nil, err
	}
	if err == nil && ev.finish != nil {
		err = ev.finish()
	}
	if err == nil {
		in.markSeen(ev)
		err = in.checkSet()
	}
	held, err := in.close(err)
	ev.pass(err)
	return held, err
}

// pass gives the event's turn to the next and counts it. Counting and the clock are left
// for when others no longer wait for that; that it was used, the next in the turn sees.
func (ev *event) pass(err error) {
	in := ev.in
	ev.phase.Store(ended)
	in.lastUsed.Store(int64(ev.start))
	in.release()
	now := in.h.rt.clock()
	in.lastUsed.Store(int64(now))
	in.h.count.event(now-ev.start, err)
}

// abort ends an event whose method panicked with what, or left by runtime.Goexit if
// what is nil, or was ended by storage that failed.
func (ev *event) abort(what any) (*held, error) {
	in := ev.in
	var cause error = ErrPanic
	if f, ok := what.(failure); ok {
		cause = f.err
	} else {
		in.h.count.panics.Add(1)
		in.h.log.Error("method panicked", "panic", fmt.Sprint(what), "stack", string(debug.Stack()))
	}
	switch ev.phase.Load() {
	case lost:
		in.h.count.event(in.h.rt.clock()-ev.start, cause)
		return nil, cause
	case outside: // f panicked; the turn is another's
		in.outsiders.Add(-1)
		ev.phase.Store(ended)
		in.h.count.event(in.h.rt.clock()-ev.start, cause)
		return nil, cause
	case ended:
		return nil, cause
	}
	if errors.Is(cause, ErrPanic) {
		in.mem.rollback()
		in.dismiss(ErrPanic)
	}
	held, err := in.close(cause)
	ev.pass(err)
	return held, err
}

// outside is State.Outside.
func (ev *event) outside(ctx context.Context, f func(context.Context) error) error {
	in := ev.in
	incarnation := in.incarnation
	err := in.checkSet()
	held, err := in.close(err)
	in.outsiders.Add(1)
	ev.phase.Store(outside)
	in.release()
	if err != nil { // nothing was kept, and the object was built anew
		in.outsiders.Add(-1)
		ev.phase.Store(lost)
		return err
	}
	if held != nil {
		err = held.waitFor(ctx)
	}
	if err == nil {
		err = f(ev.Context)
	}
	in.turn <- struct{}{}
	in.outsiders.Add(-1)
	if in.state.Load() != live || in.incarnation != incarnation {
		ev.phase.Store(lost)
		in.release()
		return ErrBroken
	}
	in.mem.begin()
	ev.phase.Store(running)
	return err
}
