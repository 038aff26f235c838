package durable

import (
	"context"
	"strings"
	"time"
)

// setAlarm stores an alarm's record with the running transaction.
func (in *instance) setAlarm(name string, due int64, attempt int, problem string, relaxed bool) {
	c := cellOf[alarmRecord](in.mem, alarmPrefix+name)
	old, _ := c.get()
	gen := max(old.Gen+1, uint64(in.h.rt.Now().UnixMicro()))
	c.set(alarmRecord{Due: due, Gen: gen, Attempt: attempt, Error: problem}, relaxed)
}

// fireAlarm runs the handler of ref if the object still has that alarm.
func (rt *Runtime) fireAlarm(ref AlarmRef) error {
	h := rt.hostedByName(ref.ID.Type)
	if h == nil {
		return nil // stored by a program that hosts more types than this one
	}
	if rt.placement != nil && !rt.placement.Owner(ref.ID.Partition()).Here {
		return nil
	}
	ctx, cancel := context.WithTimeout(rt.life, alarmTime)
	defer cancel()
	ev := &event{Context: ctx, start: rt.clock()}
	fresh := h.find(ref.ID.Name) == nil
	if err := h.open(ctx, ev, ref.ID.Name); err != nil {
		h.count.alarmErrors.Add(1)
		return err
	}
	in := ev.in
	if fresh && in.lastUsed.Load() == 0 {
		in.forAlarm = true
	}
	held, err := in.ring(ev, ref)
	if held != nil && err == nil {
		err = held.waitFor(ctx)
	}
	if fresh {
		in.evict(func() bool { return in.forAlarm })
	}
	return err
}

// ring runs the handler in the turn and ends the event, and, if the handler failed,
// runs another that puts the alarm off. The error says that neither could be stored.
func (in *instance) ring(ev *event, ref AlarmRef) (*held, error) {
	rec, ok := cellOf[alarmRecord](in.mem, alarmPrefix+ref.Name).get()
	if !ok || rec.Due != ref.Due {
		held, err := ev.end(nil) // cleared or moved since
		return held, err
	}
	in.h.count.alarms.Add(1)
	kind, key, _ := strings.Cut(ref.Name, "/")
	handler := in.h.kind.alarms[kind]
	if ref.Name == outboxAlarm {
		handler = func(any, context.Context, Alarm) error { in.wakeOutbox(); return nil }
	}
	ev.finish = func() error {
		c := cellOf[alarmRecord](in.mem, alarmPrefix+ref.Name)
		if now, ok := c.get(); ok && now.Gen == rec.Gen {
			c.delete(false)
		}
		return nil
	}
	held, err := in.runAlarm(ev, handler, Alarm{Name: ref.Name, Key: key, Due: rec.Due, Attempt: rec.Attempt})
	if err == nil {
		return held, nil
	}
	in.h.count.alarmErrors.Add(1)
	in.h.log.Warn("alarm failed, will be tried again", "alarm", printable(kind), "attempt", rec.Attempt, "err", err)
	return nil, in.h.rt.putOff(ref, err)
}

func (in *instance) runAlarm(ev *event, handler func(any, context.Context, Alarm) error, a Alarm) (held *held, err error) {
	returned := false
	defer func() {
		if !returned {
			held, err = ev.abort(recover())
		}
	}()
	if handler == nil {
		err = ErrNoMethod
	} else {
		err = handler(in.object, ev, a)
	}
	held, err = ev.end(err)
	returned = true
	return held, err
}

// putOff sets a failed alarm to a later time, in an event of its own, because the
// failed one keeps nothing.
func (rt *Runtime) putOff(ref AlarmRef, cause error) error {
	ctx, cancel := context.WithTimeout(rt.life, alarmTime)
	defer cancel()
	h := rt.hostedByName(ref.ID.Type)
	ev := &event{Context: ctx, start: rt.clock()}
	if err := h.open(ctx, ev, ref.ID.Name); err != nil {
		return err
	}
	c := cellOf[alarmRecord](ev.in.mem, alarmPrefix+ref.Name)
	if rec, ok := c.get(); ok && rec.Due == ref.Due {
		due := rt.Now().Add(backoff(rec.Attempt)).UnixMilli()
		ev.in.mem.tx.unlimited = true
		ev.in.setAlarm(ref.Name, due, rec.Attempt+1, brief(cause), false)
	}
	held, err := ev.end(nil)
	if err == nil && held != nil {
		err = held.waitFor(ctx)
	}
	return err
}

// brief is what an alarm's record keeps of an error.
func brief(err error) string {
	const most = 500
	text := err.Error()
	return text[:min(len(text), most)]
}

const alarmTime = 2 * time.Minute // one handler has

// printable is a name's handler part, fit for a log: what follows may be personal.
func printable(name string) string {
	kind, _, _ := strings.Cut(name, "/")
	if kind == outboxAlarm {
		return "outbox"
	}
	return kind
}
