package durable

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
)

// A Func calls one method of an object and waits for its answer, which leaves only
// when everything it rests on is durable. The error is the method's own, or an
// *Error; OutcomeOf tells them apart. A request belongs to the object once it is
// passed; an answer belongs to the caller.
type Func[O, Req, Res any] func(ctx context.Context, obj Stub[O], req Req) (Res, error)

// Method adds a method to t and returns the function that calls it. Name is stable,
// like the type's. Req and Res travel as JSON between nodes; Method panics, at
// program start, on types that cannot, and on a name used twice.
func Method[O, Req, Res any](t *Type[O], name string, m func(*O, context.Context, Req) (Res, error)) Func[O, Req, Res] {
	k := t.register()
	what := k.name + "." + name
	checkTravels(what, reflect.TypeFor[Req]())
	checkTravels(what, reflect.TypeFor[Res]())
	k.addMethod(&method{name: name, call: byBytes(what, m)})
	frozen := isFlat(reflect.TypeFor[Res]())
	return func(ctx context.Context, obj Stub[O], req Req) (Res, error) {
		h := obj.h
		if h == nil {
			var none Res
			return none, fmt.Errorf("%s: %w", what, ErrNotHosted)
		}
		if h.rt.byBytes || h.rt.placement != nil {
			return callByBytes[Req, Res](ctx, h, obj.name, name, req)
		}
		return callHere(ctx, h, obj.name, m, req, frozen)
	}
}

// callHere runs one call of a resident or stored object on this node, on the
// caller's goroutine.
func callHere[O, Req, Res any](ctx context.Context, h *hosted, name string,
	m func(*O, context.Context, Req) (Res, error), req Req, frozen bool) (res Res, err error) {
	ev, err := h.begin(ctx, name)
	if err != nil {
		return res, err
	}
	res, raw, held, err := turn(ev, m, req, frozen)
	if held != nil {
		if werr := held.waitFor(ctx); werr != nil {
			var none Res
			return none, werr
		}
	}
	if raw != nil {
		var out Res
		if err := decode(raw, &out); err != nil {
			return out, fmt.Errorf("decode answer: %w", err)
		}
		return out, nil
	}
	return res, err
}

// turn runs m in the event's turn and ends the event. If an answer shares memory
// with the object it is returned encoded, as raw.
func turn[O, Req, Res any](ev *event, m func(*O, context.Context, Req) (Res, error), req Req, frozen bool) (res Res, raw []byte, held *held, err error) {
	returned := false
	defer func() {
		if !returned {
			var none Res
			res, raw = none, nil
			held, err = ev.abort(recover())
		}
	}()
	res, err = m(ev.in.object.(*O), ev, req)
	if err == nil && !frozen {
		raw, err = encode(res)
		if err == nil && raw == nil {
			raw = []byte{}
		}
	}
	held, err = ev.end(err)
	returned = true
	if err != nil {
		raw = nil
	}
	return res, raw, held, err
}

// byBytes wraps a method as one from JSON to JSON.
func byBytes[O, Req, Res any](what string, m func(*O, context.Context, Req) (Res, error)) func(any, context.Context, []byte) ([]byte, error) {
	return func(obj any, ctx context.Context, body []byte) ([]byte, error) {
		var req Req
		if err := json.Unmarshal(body, &req); err != nil {
			return nil, fmt.Errorf("decode request of %s: %w", what, err)
		}
		res, err := m(obj.(*O), ctx, req)
		if err != nil {
			return nil, err
		}
		return json.Marshal(res)
	}
}

// callByBytes runs a call wherever the object lives, with request and answer in the
// form in which they travel.
func callByBytes[Req, Res any](ctx context.Context, h *hosted, name, method string, req Req) (res Res, err error) {
	body, err := json.Marshal(req)
	if err != nil {
		return res, fmt.Errorf("encode request of %s.%s: %w", h.kind.name, method, err)
	}
	answer, err := h.route(ctx, name, method, body, nil)
	if err != nil {
		return res, err
	}
	if err := json.Unmarshal(answer, &res); err != nil {
		return res, fmt.Errorf("decode answer of %s.%s: %w", h.kind.name, method, err)
	}
	return res, nil
}

// An Alarm is what an alarm's handler is told: which alarm of its object is due, as
// it was set.
type Alarm struct {
	Name    string // as given to SetAlarm
	Key     string // what follows the first "/" in Name, "" if there is none
	Due     int64  // Unix milliseconds
	Attempt int    // 0 the first time, one more after each failure
}

// OnAlarm registers the handler of all alarms of t whose name is kind, or begins with
// kind and a slash. It is called from an init function, because a package variable
// would pull the handler into the check that keeps object types from waiting for
// each other. The alarm is cleared with the handler's last transaction unless the
// handler set it again; if the handler fails, the alarm is tried again after a
// growing while, for as long as it takes.
func OnAlarm[O any](t *Type[O], kind string, f func(*O, context.Context, Alarm) error) {
	k := t.register()
	if k.alarms[kind] != nil {
		panic("durable: alarm " + k.name + "." + kind + " is registered twice")
	}
	k.alarms[kind] = func(obj any, ctx context.Context, a Alarm) error { return f(obj.(*O), ctx, a) }
}
