package durable

import (
	"context"
	"fmt"
	"reflect"
	"sync/atomic"
	"time"
)

// A Type is a kind of object: a package variable next to the struct it describes.
// Its fields are set in the literal and not changed afterwards.
type Type[O any] struct {
	// Name is part of every stored key and of every call between nodes, so it must
	// stay the same for as long as anything is stored under it.
	Name string

	// Idle is how long an object nobody asks stays in memory; 0 means DefaultIdle.
	Idle time.Duration

	// Queue is how many events may wait for one object's turn before callers get
	// ErrOverloaded; 0 means DefaultQueue.
	Queue int

	// MaxBytes bounds what one object stores in keys; 0 means DefaultMaxBytes, and
	// more than 1 GB means that. Logs do not count.
	MaxBytes int

	// FailClosed says what happens to an event that writes relaxed while relaxed
	// writes of its object have been waiting for the store for more than ten
	// seconds: ErrStore if true; if false it goes on, and may be forgotten.
	FailClosed bool

	kind kind
}

const (
	DefaultIdle     = time.Minute
	DefaultQueue    = 1024
	DefaultMaxBytes = 4 << 20

	mostBytes = 1 << 30 // that MaxBytes can be
)

// A kind is what the runtime knows of a Type without its type parameter. It is
// filled while packages are initialised and read-only afterwards.
type kind struct {
	name     string
	id       int // dense, from 1; 0 before the first registration
	methods  map[string]*method
	alarms   map[string]func(any, context.Context, Alarm) error
	socket   *socketKind
	settings func() settings
}

// settings are the numbers of a Type with the defaults filled in.
type settings struct {
	idle       time.Duration
	queue      int32
	maxBytes   int
	failClosed bool
}

// A method is one registered method, by bytes. answers says that it returns a
// result; one that does not can be the target of an effect.
type method struct {
	name string
	call func(obj any, ctx context.Context, body []byte) ([]byte, error)
}

var kinds atomic.Int64 // how many kinds there are in the program

func (t *Type[O]) register() *kind {
	k := &t.kind
	if k.id == 0 {
		if t.Name == "" {
			panic(fmt.Sprintf("durable: a Type[%v] has no name", reflect.TypeFor[O]()))
		}
		k.id = int(kinds.Add(1))
		k.name = t.Name
		k.methods = map[string]*method{}
		k.alarms = map[string]func(any, context.Context, Alarm) error{}
		k.settings = t.settings
	}
	return k
}

func (t *Type[O]) settings() settings {
	s := settings{idle: t.Idle, queue: int32(t.Queue), maxBytes: t.MaxBytes, failClosed: t.FailClosed}
	if s.idle == 0 {
		s.idle = DefaultIdle
	}
	if s.queue == 0 {
		s.queue = DefaultQueue
	}
	if s.maxBytes == 0 {
		s.maxBytes = DefaultMaxBytes
	}
	s.maxBytes = min(s.maxBytes, mostBytes)
	return s
}

func (k *kind) addMethod(m *method) {
	if k.methods[m.name] != nil {
		panic("durable: method " + k.name + "." + m.name + " is registered twice")
	}
	k.methods[m.name] = m
}

// Get returns a stub for the object called name. Nothing happens yet: an object
// comes to life at its first event, on the node that owns its name.
func (t *Type[O]) Get(rt *Runtime, name string) Stub[O] {
	return Stub[O]{h: rt.hostedBy(t.kind.id), name: name}
}

// A Stub addresses one object, wherever it runs. Stubs are small comparable values.
type Stub[O any] struct {
	h    *hosted
	name string
}

// Name returns the name the object is addressed by.
func (s Stub[O]) Name() string { return s.name }

// A Hosted is a type with the function that builds its objects, ready for Open.
type Hosted struct {
	kind  *kind
	build func(context.Context, *State) (any, error)
}

// Host says that a runtime is to run objects of type t, each built by build when it
// comes to life and again whenever its memory was dropped. Build creates the
// object's storage views and reads what it needs; what it writes is committed
// before the first event's answer leaves. If it fails, the error is returned to all
// who call the object during the next second, and nothing it wrote is kept.
func Host[O any](t *Type[O], build func(context.Context, *State) (*O, error)) Hosted {
	return Hosted{kind: t.register(), build: func(ctx context.Context, s *State) (any, error) {
		o, err := build(ctx, s)
		if err == nil && o == nil {
			err = fmt.Errorf("build of %s returned no object", t.Name)
		}
		return o, err
	}}
}
