package durable

import (
	"context"
	"errors"
	"time"
)

// A held is an event whose outputs wait until its batch and every earlier one of
// its object are durable: the output gate. Without a batch it only waits for the
// earlier ones.
type held struct {
	in    *instance
	batch *Batch
	sends []send
	after []func()

	done chan struct{} // closed when the outputs were handed over or dropped
	err  error         // valid once done is closed

	settled bool // under in.mu: the batch is durable or has failed
	failed  error
}

// commit submits what the transaction wrote and holds what it put out. It returns
// nil if nothing needs to wait. If the store refuses the batch, nothing has changed
// but that the transaction is still open. The caller has the turn.
func (in *instance) commit() (*held, error) {
	m := in.mem
	tx := &m.tx
	if tx.relaxed {
		if err := in.relax(); err != nil {
			return nil, err
		}
	}
	if !tx.confirmed {
		if in.gated.Load() == 0 && len(tx.sends) == 0 && len(tx.after) == 0 {
			if in.state.Load() == leaving { // a write this event saw failed just now
				return nil, in.leftBecause()
			}
			m.sweep()
			m.reset()
			return nil, nil
		}
		h := in.hold(nil)
		m.sweep()
		m.reset()
		in.handOver()
		return h, nil
	}
	h, err := in.submit(tx.batch)
	if err != nil {
		return nil, err
	}
	destroy := tx.destroy
	m.sweep()
	m.reset()
	if destroy {
		in.leave(ErrBroken.with(errors.New("the object was destroyed")))
	}
	in.account()
	return h, nil
}

// submit completes a batch with the relaxed changes that wait, holds the
// transaction's outputs behind it and gives it to the store.
func (in *instance) submit(b *Batch) (*held, error) {
	m, rt := in.mem, in.h.rt
	b.ID, b.Epoch = in.id(), in.epoch
	var l filled
	if m.tx.destroy {
		l = in.clearAll(b)
	} else {
		l = m.fill(b)
	}
	h := in.hold(b)
	b.Done = h.settle
	if err := rt.store.Submit(b); err != nil {
		in.unhold(h)
		m.unfill(l)
		in.h.count.refusals.Add(1)
		if _, ok := OutcomeOf(err); !ok {
			err = ErrStore.with(err)
		}
		return nil, err
	}
	in.h.count.commits.Add(1)
	in.h.count.commitBytes.Add(uint64(b.Size()))
	in.unflushed = time.Time{}
	m.forget(l)
	return h, nil
}

// clearAll turns b into a batch that forgets the whole object, but for the effects
// it has still to carry out and the alarm that sees to them.
func (in *instance) clearAll(b *Batch) filled {
	m := in.mem
	*b = Batch{ID: b.ID, Epoch: b.Epoch, Clear: true}
	keep := m.keys(outboxPrefix)
	if in.outbox.pending > 0 {
		keep = append(keep, alarmPrefix+outboxAlarm)
	}
	for _, key := range keep {
		e := m.entries[key]
		if e.lazy {
			m.settleLazy(e)
		}
		b.Keys = append(b.Keys, KeyOp{Key: key, Value: e.raw})
	}
	for name, due := range m.dues {
		if name != outboxAlarm || in.outbox.pending == 0 {
			b.Alarms = append(b.Alarms, AlarmOp{Name: name, Old: due})
		}
	}
	if due := in.outboxDue(); due != m.dues[outboxAlarm] {
		b.Alarms = append(b.Alarms, AlarmOp{Name: outboxAlarm, Old: m.dues[outboxAlarm], New: due})
	}
	l := filled{dirty: m.dirty, dues: m.dues}
	m.dirty, m.dues = nil, map[string]int64{}
	return l
}

// hold queues the transaction's outputs behind everything in flight.
func (in *instance) hold(b *Batch) *held {
	tx := &in.mem.tx
	h := &held{in: in, batch: b, sends: tx.sends, after: tx.after, done: make(chan struct{}), settled: b == nil}
	in.mu.Lock()
	in.held = append(in.held, h)
	in.mu.Unlock()
	in.inflight.Add(1)
	in.gated.Add(1)
	return h
}

// holdAnswer returns what an answer that depends on everything in flight waits for.
func (in *instance) holdAnswer() *held {
	h := &held{in: in, done: make(chan struct{}), settled: true}
	in.mu.Lock()
	in.held = append(in.held, h)
	in.mu.Unlock()
	in.inflight.Add(1)
	in.gated.Add(1)
	in.handOver()
	return h
}

// unhold takes back the newest hold, whose batch was refused.
func (in *instance) unhold(h *held) {
	in.mu.Lock()
	if n := len(in.held); n > 0 && in.held[n-1] == h {
		in.held = in.held[:n-1]
	}
	in.mu.Unlock()
	in.gated.Add(-1)
	in.finished()
}

// settle is a batch's Done.
func (h *held) settle(err error) {
	in := h.in
	if err != nil { // first it is leaving, so that nobody takes what it shows for settled
		in.h.count.commitErrors.Add(1)
		in.leave(ErrUnknown.with(err))
		in.h.rt.alarms.noticed(h.batch, false)
	}
	in.mu.Lock()
	h.settled, h.failed = true, err
	in.mu.Unlock()
	in.handOver()
}

// handOver hands over, in order, the outputs of all events nothing holds any more.
// It runs on whatever goroutine settled the first of them, never on two at once.
func (in *instance) handOver() {
	in.mu.Lock()
	if in.handing {
		in.mu.Unlock()
		return
	}
	in.handing = true
	for len(in.held) > 0 && in.held[0].settled {
		h := in.held[0]
		in.held[0] = nil
		in.held = in.held[1:]
		if in.poison == nil {
			in.poison = h.failed
		}
		poison := in.poison
		in.mu.Unlock()
		h.deliver(poison)
		in.gated.Add(-1)
		in.finished()
		in.mu.Lock()
	}
	if len(in.held) == 0 {
		in.held = nil
	}
	in.handing = false
	in.mu.Unlock()
}

// deliver lets the outputs of h leave, or drops them if the write failed on which
// they rest.
func (h *held) deliver(failure error) {
	in := h.in
	if failure != nil {
		h.err = ErrUnknown.with(failure)
		close(h.done)
		return
	}
	for _, s := range h.sends {
		s.deliver()
	}
	if len(h.after) > 0 {
		in.queueAfter(h.after)
	}
	if h.batch != nil {
		in.h.rt.alarms.noticed(h.batch, true)
		in.shipped(h.batch)
	}
	close(h.done)
}

// finished counts one event less in flight.
func (in *instance) finished() {
	in.mu.Lock()
	if in.inflight.Add(-1) == 0 && in.drained != nil {
		close(in.drained)
		in.drained = nil
	}
	in.mu.Unlock()
}

// drain returns a channel that is closed once nothing of the instance is in flight.
func (in *instance) drain() <-chan struct{} {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.inflight.Load() == 0 {
		none := make(chan struct{})
		close(none)
		return none
	}
	if in.drained == nil {
		in.drained = make(chan struct{})
	}
	return in.drained
}

// waitFor waits until h was handed over. Cancelling ends the wait, not the commit.
func (h *held) waitFor(ctx context.Context) error {
	select {
	case <-h.done:
		return h.err
	default:
	}
	late, stop := h.in.h.rt.late(ctx)
	defer stop()
	select {
	case <-h.done:
		return h.err
	case <-ctx.Done():
		return cancelled(Unknown, ctx)
	case <-late:
		return ErrUnknown.with(errLate)
	}
}

var errLate = errors.New("the store has not answered in time")

// pendingLogs returns the records of a log that may not be in the store yet.
func (in *instance) pendingLogs(log string) []LogOp {
	var ops []LogOp
	collect := func(b *Batch) {
		if b == nil {
			return
		}
		for _, op := range b.Logs {
			if op.Log == log {
				ops = append(ops, op)
			}
		}
	}
	in.mu.Lock()
	for _, h := range in.held {
		collect(h.batch)
	}
	in.mu.Unlock()
	collect(in.mem.tx.batch)
	return ops
}
