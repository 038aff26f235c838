package durable

import (
	"context"
	"crypto/rand"
	"errors"
	"time"
)

// route runs a call by bytes wherever its object lives: here, or over the mesh on
// the node that owns it. Effect is set for a stored effect.
func (h *hosted) route(ctx context.Context, name, method string, body []byte, effect *EffectID) ([]byte, error) {
	rt, id := h.rt, ID{Type: h.kind.name, Name: name}
	if rt.placement == nil || rt.mesh == nil {
		return h.callByBytes(ctx, name, method, body, originOf(effect, nil))
	}
	call := &Call{ID: rand.Text(), Object: id, Method: method, Body: body, Effect: effect, Chain: chainOf(eventOf(ctx))}
	call.Deadline, _ = ctx.Deadline()
	if ev := eventOf(ctx); ev != nil {
		if err := ev.ask(ctx, h, name); err != nil {
			return nil, err
		}
	}
	for attempt := 0; ; attempt++ {
		raw, err := h.try(ctx, id, call)
		if !errors.Is(err, ErrMoved) {
			return raw, err
		}
		if !rt.pauseFor(ctx, backoff(attempt)/4) {
			return nil, cancelled(NotDone, ctx)
		}
	}
}

// try makes one attempt at a call.
func (h *hosted) try(ctx context.Context, id ID, call *Call) ([]byte, error) {
	p := id.Partition()
	if h.rt.placement.Owner(p).Here {
		return h.callByBytes(ctx, id.Name, call.Method, call.Body, originOf(call.Effect, nil))
	}
	reply, err := h.rt.mesh.Call(ctx, p, call)
	if err != nil {
		if _, ok := OutcomeOf(err); !ok {
			err = ErrUnknown.with(err)
		}
		return nil, err
	}
	if reply.Error != nil {
		return nil, reply.Error.err()
	}
	return reply.Body, nil
}

// answer runs a call that came over the mesh.
func (rt *Runtime) answer(ctx context.Context, c *Call) *Reply {
	h := rt.hostedByName(c.Object.Type)
	if h == nil {
		return &Reply{Error: toWire(ErrNotHosted)}
	}
	if !c.Deadline.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, c.Deadline)
		defer cancel()
	}
	if !rt.placement.Owner(c.Object.Partition()).Here {
		return &Reply{Error: toWire(ErrMoved)}
	}
	body, err := h.callByBytes(ctx, c.Object.Name, c.Method, c.Body, originOf(c.Effect, c.Chain))
	if err != nil {
		return &Reply{Error: toWire(err)}
	}
	return &Reply{Body: body}
}

func originOf(effect *EffectID, chain []ID) *origin {
	if effect == nil && chain == nil {
		return nil
	}
	return &origin{chain: chain, effect: effect}
}

// chainOf returns the objects whose turns wait for what ev calls.
func chainOf(ev *event) []ID {
	var chain []ID
	for ; ev != nil; ev = ev.caller {
		chain = append(chain, ev.in.id())
		if ev.origin != nil {
			chain = append(chain, ev.origin.chain...)
		}
	}
	return chain
}

// callByBytes runs a registered method of an object on this node.
func (h *hosted) callByBytes(ctx context.Context, name, method string, body []byte, from *origin) ([]byte, error) {
	m := h.kind.methods[method]
	if m == nil {
		return nil, ErrNoMethod
	}
	ev, err := h.begin(ctx, name)
	if err != nil {
		return nil, err
	}
	ev.origin = from
	if from != nil && from.effect != nil && ev.in.knowsEffect(*from.effect) {
		ev.origin = nil
		held, err := ev.end(nil)
		if err == nil && held != nil {
			err = held.waitFor(ctx)
		}
		return nil, err
	}
	raw, held, err := runBytes(ev, m, body)
	if held != nil {
		if werr := held.waitFor(ctx); werr != nil {
			return nil, werr
		}
	}
	if err == nil && h.rt.placement != nil && held == nil {
		err = h.rt.placement.Confirm(ev.in.id().Partition(), ev.in.epoch)
	}
	return raw, err
}

// runBytes is turn for a method by bytes.
func runBytes(ev *event, m *method, body []byte) (raw []byte, held *held, err error) {
	returned := false
	defer func() {
		if !returned {
			raw = nil
			held, err = ev.abort(recover())
		}
	}()
	raw, err = m.call(ev.in.object, ev, body)
	held, err = ev.end(err)
	returned = true
	return raw, held, err
}

// pauseFor waits for d and reports whether to go on.
func (rt *Runtime) pauseFor(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	case <-rt.life.Done():
		return false
	}
}

// pauseUntil waits for d and reports whether stop is still open.
func (rt *Runtime) pauseUntil(stop <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-stop:
		return false
	}
}

// pause waits for d and reports whether the runtime still runs.
func (rt *Runtime) pause(d time.Duration) bool { return rt.pauseFor(rt.life, d) }
