package durable

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// A Later names a method that runs as an effect of another object's event: stored
// with that event, run after it, once. It is declared as a variable and bound to
// its method in an init function, so that two types may have effects on each other
// though they may not wait for each other.
type Later[O, Req any] struct {
	kind   *kind
	method string
}

// Bind names the method behind l. Like Method it panics on types that cannot travel
// and on names used twice.
func Bind[O, Req any](l *Later[O, Req], t *Type[O], name string, m func(*O, context.Context, Req) error) {
	if l.kind != nil {
		panic("durable: effect " + t.Name + "." + name + " is bound twice")
	}
	Method(t, name, func(o *O, ctx context.Context, req Req) (struct{}, error) { return struct{}{}, m(o, ctx, req) })
	l.kind, l.method = t.register(), name
}

// To returns the effect of running the method on the object called name, for
// State.Enqueue.
func (l *Later[O, Req]) To(name string, req Req) Effect {
	if l.kind == nil {
		panic("durable: an effect is used that was never bound")
	}
	body, err := json.Marshal(req)
	if err != nil {
		panic(failure{fmt.Errorf("encode effect %s.%s: %w", l.kind.name, l.method, err)})
	}
	return Effect{ID{Type: l.kind.name, Name: name}, l.method, body}
}

// An Effect is a call that an event leaves behind.
type Effect struct {
	to     ID
	method string
	body   []byte
}

// effectRecord is a stored Effect.
type effectRecord struct {
	To     ID              `json:"to"`
	Method string          `json:"method"`
	Body   json.RawMessage `json:"body"`
}

// seenRecord is the newest effect applied of one sender.
type seenRecord struct {
	Sender ID     `json:"sender"`
	Seq    uint64 `json:"seq"`
	At     int64  `json:"at"` // Unix milliseconds
}

const (
	outboxAlarm  = "\x03"          // fires for an object that has effects left, as after a crash
	outboxWake   = 5 * time.Second // and how long the live object has before it does
	effectTime   = 30 * time.Second
	seenSenders  = 256 // how many senders an object remembers at least
	seenFor      = 7 * 24 * time.Hour
	firstBackoff = 200 * time.Millisecond
	longestWait  = 5 * time.Minute
)

// An outbox is the stored effects of an object that have not been carried out.
type outbox struct {
	next    uint64 // number of the next effect
	pending int
	pumping bool
}

// Enqueue stores an effect with the event. It is carried out once the event is
// durable, after the object's earlier effects, tried again for as long as it takes,
// and applied exactly once.
func (s *State) Enqueue(e Effect) {
	m, out := s.mem(), &s.in.outbox
	if out.pending == 0 {
		s.in.setAlarm(outboxAlarm, s.Now().Add(outboxWake).UnixMilli(), 0, "", false)
	}
	cellOf[effectRecord](m, outboxKey(out.next)).set(effectRecord{To: e.to, Method: e.method, Body: e.body}, false)
	cellOf[uint64](m, outboxPrefix).set(out.next+1, false)
	out.next++
	out.pending++
}

func outboxKey(n uint64) string {
	return outboxPrefix + string(binary.BigEndian.AppendUint64(nil, n))
}

// countEffect counts a stored key if it is an effect's, so that an instance that only
// looked wakes the object for it.
func (in *instance) countEffect(key string) {
	if len(key) > len(outboxPrefix) && strings.HasPrefix(key, outboxPrefix) {
		in.outbox.pending++
	}
}

// readOutbox sets the counters of the outbox to what memory holds.
func (in *instance) readOutbox() {
	keys := in.mem.keys(outboxPrefix)
	next, ok := cellOf[uint64](in.mem, outboxPrefix).get()
	if ok {
		in.outbox.pending = len(keys) - 1
	} else {
		// Receivers remember the numbers of an object that was destroyed and made again.
		in.outbox.pending, next = 0, uint64(in.h.rt.Now().UnixMicro())
	}
	in.outbox.next = next
}

// shipped starts carrying effects out when a batch that stored some is durable.
func (in *instance) shipped(b *Batch) {
	for _, op := range b.Keys {
		if !op.Delete && len(op.Key) > 1 && strings.HasPrefix(op.Key, outboxPrefix) {
			in.h.rt.background(in.pump)
			return
		}
	}
}

// pump carries out the object's effects in order until none is left, the runtime
// stops or the instance leaves.
func (in *instance) pump() {
	mine := false
	err := in.internal(func() error {
		mine = !in.outbox.pumping
		in.outbox.pumping = true
		return nil
	})
	if err != nil || !mine {
		return
	}
	for attempt := 0; ; {
		n, rec, ok, err := in.firstEffect()
		if err != nil {
			in.stopPumping()
			return
		}
		if !ok {
			return
		}
		err = in.h.rt.carryOut(rec, EffectID{Sender: in.id(), Seq: n})
		if err == nil {
			err = in.internal(func() error { in.dropEffect(n); return nil })
		}
		if err == nil {
			attempt = 0
			continue
		}
		in.h.count.effectErrors.Add(1)
		in.h.log.Warn("effect failed, will be tried again", "method", rec.Method, "attempt", attempt, "err", err)
		if !in.h.rt.pause(backoff(attempt)) || in.state.Load() != live {
			in.stopPumping()
			return
		}
		attempt++
	}
}

// stopPumping ends the pumping while effects are left.
func (in *instance) stopPumping() {
	in.internal(func() error { in.outbox.pumping = false; return nil })
}

// firstEffect returns the oldest effect, once it is durable, and whether there is one. If
// not, the pumping has ended.
func (in *instance) firstEffect() (n uint64, rec effectRecord, ok bool, err error) {
	var waits *held
	err = in.internal(func() error {
		keys := in.mem.keys(outboxPrefix)
		if len(keys) < 2 {
			in.outbox.pumping = false // now, so that whoever enqueues next starts another
			return nil
		}
		n = binary.BigEndian.Uint64([]byte(keys[1][1:]))
		rec, ok = cellOf[effectRecord](in.mem, keys[1]).get()
		if in.gated.Load() > 0 {
			waits = in.holdAnswer()
		}
		return nil
	})
	if err == nil && waits != nil {
		<-waits.done
		err = waits.err
	}
	return n, rec, ok, err
}

// dropEffect forgets effect n, which was carried out. A crash that forgets the
// forgetting is harmless: the receiver knows the effect's number.
func (in *instance) dropEffect(n uint64) {
	cellOf[effectRecord](in.mem, outboxKey(n)).delete(true)
	in.outbox.pending--
	if in.outbox.pending == 0 {
		cellOf[alarmRecord](in.mem, alarmPrefix+outboxAlarm).delete(true)
		if keys := in.mem.keys(""); len(keys) == 1 && keys[0] == outboxPrefix {
			cellOf[uint64](in.mem, outboxPrefix).delete(true) // nothing else is left of the object
		}
	}
}

// outboxDue returns when the alarm for what is left in the outbox is due, 0 if nothing
// is left.
func (in *instance) outboxDue() int64 {
	if in.outbox.pending == 0 {
		return 0
	}
	rec, _ := cellOf[alarmRecord](in.mem, alarmPrefix+outboxAlarm).get()
	return rec.Due
}

// wakeOutbox is the handler of outboxAlarm.
func (in *instance) wakeOutbox() {
	if in.outbox.pending > 0 {
		in.setAlarm(outboxAlarm, in.h.rt.Now().Add(time.Minute).UnixMilli(), 0, "", true)
		in.h.rt.background(in.pump)
	}
}

// carryOut runs an effect once on its object, wherever that lives.
func (rt *Runtime) carryOut(rec effectRecord, id EffectID) error {
	h := rt.hostedByName(rec.To.Type)
	if h == nil {
		return fmt.Errorf("effect on %s: %w", rec.To.Type, ErrNotHosted)
	}
	ctx, cancel := context.WithTimeout(rt.life, effectTime)
	defer cancel()
	_, err := h.route(ctx, rec.To.Name, rec.Method, rec.Body, &id)
	return err
}

// knowsEffect reports whether the effect was applied before.
func (in *instance) knowsEffect(id EffectID) bool {
	rec, ok := in.seenCell(id.Sender).get()
	return ok && rec.Seq >= id.Seq
}

func (in *instance) seenCell(sender ID) *cell[seenRecord] {
	return cellOf[seenRecord](in.mem, seenPrefix+sender.Type+"\x00"+sender.Name)
}

// sawEffect notes with the event that the effect is applied, and forgets senders
// that have been silent for so long that none of theirs can be on its way.
func (in *instance) sawEffect(id EffectID) {
	now := in.h.rt.Now().UnixMilli()
	in.seenCell(id.Sender).set(seenRecord{Sender: id.Sender, Seq: id.Seq, At: now}, false)
	keys := in.mem.keys(seenPrefix)
	if len(keys) <= seenSenders {
		return
	}
	for _, key := range keys {
		c := cellOf[seenRecord](in.mem, key)
		if rec, ok := c.get(); ok && now-rec.At > seenFor.Milliseconds() {
			c.delete(false)
		}
	}
}

// backoff returns how long to wait after failure number attempt, from 0: doubling,
// bounded, with a quarter of jitter either way.
func backoff(attempt int) time.Duration {
	d := min(firstBackoff<<min(attempt, 20), longestWait)
	return d*3/4 + rand.N(d/2)
}

// queueAfter runs functions given to After, in order, off the turn.
func (in *instance) queueAfter(fs []func()) {
	in.mu.Lock()
	in.afters = append(in.afters, fs...)
	start := !in.afterRuns
	in.afterRuns = true
	in.mu.Unlock()
	if start {
		in.h.rt.background(in.runAfters)
	}
}

func (in *instance) runAfters() {
	for {
		in.mu.Lock()
		if len(in.afters) == 0 {
			in.afterRuns = false
			in.mu.Unlock()
			return
		}
		f := in.afters[0]
		in.afters = slices.Delete(in.afters, 0, 1)
		in.mu.Unlock()
		f()
	}
}

// runAfter runs one function given to After.
func (in *instance) runAfter(f func(context.Context)) {
	defer func() {
		if p := recover(); p != nil {
			in.h.count.panics.Add(1)
			in.h.log.Error("after panicked", "panic", p)
		}
	}()
	ctx, cancel := context.WithTimeout(in.h.rt.life, effectTime)
	defer cancel()
	f(ctx)
}
