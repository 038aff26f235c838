package durable

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"
)

// A State is an object's corner of the runtime, given to the function that builds
// it. It is used from the object's events only.
//
// An event (a call, an alarm, a socket message) is a transaction. If its method
// returns nil, what it stored becomes durable, and only then do its answer, its
// messages and its effects leave. If it returns an error, nothing it stored remains,
// and an object that had stored something is built anew over what it had before;
// plain fields are a cache and are best changed after the last thing that can fail.
// A method that wants to keep a failed attempt returns a result that says so instead
// of an error. Storage therefore reports no errors: storage that fails ends the
// event.
type State struct {
	in   *instance
	dead atomic.Bool
}

// Name returns the name the object is addressed by.
func (s *State) Name() string { return s.in.name }

// ID returns the object's type and name.
func (s *State) ID() ID { return s.in.id() }

// Runtime returns the runtime, for stubs of other objects.
func (s *State) Runtime() *Runtime { return s.in.h.rt }

// Log returns a logger that carries the object's type. Names may be personal data
// and stay out of it.
func (s *State) Log() *slog.Logger { return s.in.h.log }

// Now returns the time: the cluster's where there is one.
func (s *State) Now() time.Time { return s.in.h.rt.Now() }

// mem returns the memory for a view, and ends the event of a method that goes on
// after its object was replaced.
func (s *State) mem() *memory {
	if s.dead.Load() {
		panic(failure{ErrBroken})
	}
	return s.in.mem
}

// An alarmRecord is a stored alarm. Gen tells an alarm that was set again from the
// one that fired.
type alarmRecord struct {
	Due     int64  `json:"due"`
	Gen     uint64 `json:"gen"`
	Attempt int    `json:"attempt,omitempty"`
	Error   string `json:"error,omitempty"`
}

// SetAlarm sets the alarm called name to go off at a time, in place of what it was
// set to, with the event. The part of name before the first "/" names the handler,
// see OnAlarm; the rest is free. An alarm goes off at least once and is tried again
// until its handler succeeds.
func (s *State) SetAlarm(name string, at time.Time) { s.setAlarm(name, at, false) }

// SetAlarmRelaxed is SetAlarm as a relaxed write.
func (s *State) SetAlarmRelaxed(name string, at time.Time) { s.setAlarm(name, at, true) }

func (s *State) setAlarm(name string, at time.Time, relaxed bool) {
	s.mem()
	kind, _, _ := strings.Cut(name, "/")
	if s.in.h.kind.alarms[kind] == nil {
		panic("durable: " + s.in.h.kind.name + " has no handler for alarm " + name)
	}
	s.in.setAlarm(name, max(at.UnixMilli(), 1), 0, "", relaxed)
}

// ClearAlarm clears an alarm with the event.
func (s *State) ClearAlarm(name string) { s.alarm(name).delete(false) }

// ClearAlarmRelaxed clears an alarm within a second.
func (s *State) ClearAlarmRelaxed(name string) { s.alarm(name).delete(true) }

// AlarmAt returns when the alarm called name is due, and whether it is set.
func (s *State) AlarmAt(name string) (time.Time, bool) {
	rec, ok := s.alarm(name).get()
	return time.UnixMilli(rec.Due), ok
}

func (s *State) alarm(name string) *cell[alarmRecord] {
	return cellOf[alarmRecord](s.mem(), alarmPrefix+name)
}

// After runs f off the object's turn once the event is durable, after what earlier
// events of the object gave to After. F must not touch the object; it has half a
// minute. A crash forgets it: what a promise rests on is enqueued instead.
func (s *State) After(f func(context.Context)) {
	m := s.mem()
	m.tx.after = append(m.tx.after, func() { s.in.runAfter(f) })
}

// Destroy forgets everything the object has stored, its alarms and logs included,
// and ends this incarnation, when the event ends.
func (s *State) Destroy() {
	m := s.mem()
	m.write()
	m.tx.destroy = true
}

// Outside ends the event's first transaction, waits until it is durable, runs f
// while other events of the object may run, and begins a second transaction when
// the turn comes again; it then returns f's error. What the method knew of the
// object may have changed meanwhile: look again. An error later undoes only the
// second transaction. If the object was replaced meanwhile, Outside returns
// ErrBroken and the method must return without touching the object.
func (s *State) Outside(ctx context.Context, f func(context.Context) error) error {
	ev := eventOf(ctx)
	if ev == nil || ev.in != s.in || ev.phase.Load() != running {
		return errors.New("durable: Outside is called outside an event of its object")
	}
	return ev.outside(ctx, f)
}
