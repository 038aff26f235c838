package durable

import (
	"context"
	"errors"
	"time"

	"github.com/fortunet/fortunet/fault"
)

// An Outcome says what is known of an event that ended in an error of the runtime,
// because that decides whether it may be tried again.
type Outcome uint8

const (
	NotDone    Outcome = iota // nothing of it happened; it may be tried again
	Unknown                   // it may have happened, wholly, or not at all
	Overloaded                // nothing happened, because too much waits already
	Moved                     // nothing happened here; the object runs elsewhere now
)

// An Error is a failure of the runtime or the store, as opposed to one that an
// object's own method returned. Two are the same to errors.Is if their codes are.
type Error struct {
	Outcome Outcome
	code    string
	text    string
	err     error
}

var (
	ErrOverloaded     = &Error{Outcome: Overloaded, code: "overloaded", text: "too many events wait for this object"}
	ErrStopping       = &Error{Outcome: NotDone, code: "stopping", text: "the runtime is shutting down"}
	ErrBroken         = &Error{Outcome: NotDone, code: "broken", text: "the object was replaced while this event was under way"}
	ErrPanic          = &Error{Outcome: NotDone, code: "panic", text: "the object's method panicked"}
	ErrUnknown        = &Error{Outcome: Unknown, code: "unknown_outcome", text: "it is not known whether the write became durable"}
	ErrStore          = &Error{Outcome: NotDone, code: "store_unavailable", text: "the store does not take this now"}
	ErrTimeout        = &Error{Outcome: NotDone, code: "timeout", text: "the object was not free in time"}
	ErrCycle          = &Error{Outcome: NotDone, code: "call_cycle", text: "the object waits for this very call"}
	ErrCallAfterWrite = &Error{Outcome: NotDone, code: "call_after_write", text: "an event may not ask another object after it has written"}
	ErrTooLarge       = &Error{Outcome: NotDone, code: "object_too_large", text: "the object's state is over its limit"}
	ErrDamaged        = &Error{Outcome: NotDone, code: "object_damaged", text: "what is stored of the object cannot be read"}
	ErrNotHosted      = &Error{Outcome: NotDone, code: "not_hosted", text: "this runtime does not host objects of this type"}
	ErrNoMethod       = &Error{Outcome: NotDone, code: "no_method", text: "the object's type has no such method"}
	ErrMoved          = &Error{Outcome: Moved, code: "moved", text: "the object runs on another node"}

	errCancelled = &Error{Outcome: NotDone, code: "cancelled", text: "the caller stopped waiting"}
)

var sentinels = []*Error{ErrOverloaded, ErrStopping, ErrBroken, ErrPanic, ErrUnknown, ErrStore, ErrTimeout, ErrCycle,
	ErrCallAfterWrite, ErrTooLarge, ErrDamaged, ErrNotHosted, ErrNoMethod, ErrMoved, errCancelled}

// Error returns the text and the cause.
func (e *Error) Error() string {
	if e.err == nil {
		return e.text
	}
	return e.text + ": " + e.err.Error()
}

// Is reports whether target is a runtime error of the same code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.code == e.code
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.err }

// As lets the edges treat a runtime error as a fault that may be shown.
func (e *Error) As(target any) bool {
	f, ok := target.(**fault.Error)
	if !ok {
		return false
	}
	kind := fault.Internal
	switch e.code {
	case ErrOverloaded.code:
		kind = fault.Overloaded
	case ErrStopping.code, ErrUnknown.code, ErrStore.code, ErrTimeout.code, errCancelled.code, ErrMoved.code, ErrBroken.code, ErrDamaged.code:
		kind = fault.Unavailable
	case ErrTooLarge.code:
		kind = fault.TooLarge
	}
	*f = &fault.Error{Kind: kind, Code: e.code, Message: e.text, RetryAfter: time.Second}
	return true
}

// with returns a copy of e with a cause.
func (e *Error) with(cause error) *Error {
	c := *e
	c.err = cause
	return &c
}

// OutcomeOf returns what is known of the event that ended in err, and whether err
// came from the runtime at all: if not, a method returned it, and nothing the event
// wrote was kept.
func OutcomeOf(err error) (Outcome, bool) {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Outcome, true
	}
	return NotDone, false
}

// cancelled is the error of a caller that stopped waiting, or whose deadline passed.
// Before the event had its turn nothing was done; after it, what it wrote may well
// become durable.
func cancelled(o Outcome, ctx context.Context) error {
	e := errCancelled
	switch {
	case o == Unknown:
		e = ErrUnknown
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		e = ErrTimeout
	}
	return e.with(context.Cause(ctx))
}

// A WireError is an error as it travels between nodes: what is public of it.
type WireError struct {
	Runtime bool          `json:"runtime,omitempty"` // an Error of this package
	Code    string        `json:"code"`
	Text    string        `json:"text"`
	Outcome Outcome       `json:"outcome,omitempty"`
	Kind    fault.Kind    `json:"kind,omitempty"`
	Field   string        `json:"field,omitempty"`
	Retry   time.Duration `json:"retry,omitempty"`
}

// toWire encodes err. The text of an error nobody marked stays on its node.
func toWire(err error) *WireError {
	if e, ok := errors.AsType[*Error](err); ok {
		return &WireError{Runtime: true, Code: e.code, Text: e.text, Outcome: e.Outcome}
	}
	f := fault.Public(err)
	return &WireError{Code: f.Code, Text: f.Message, Kind: f.Kind, Field: f.Field, Retry: f.RetryAfter}
}

// err decodes what toWire made.
func (w *WireError) err() error {
	if !w.Runtime {
		return &fault.Error{Kind: w.Kind, Code: w.Code, Message: w.Text, Field: w.Field, RetryAfter: w.Retry}
	}
	for _, e := range sentinels {
		if e.code == w.Code {
			return e
		}
	}
	return &Error{Outcome: w.Outcome, code: w.Code, text: w.Text}
}

// failure is what storage views panic with to end an event; the event's guard turns
// it into an ordinary error.
type failure struct{ err error }
