// Package durable runs named objects: small Go structs that live in one place at a
// time, handle one event at a time, remember what they store, and leave memory when
// nobody asks for them.
//
// # An object
//
// A Type is a kind of object, a package variable. Methods are published as typed
// function variables; the struct's own methods stay unexported, and what is not
// registered cannot be called:
//
//	var Counters = &durable.Type[Counter]{Name: "counter"}
//
//	var Add = durable.Method(Counters, "add", (*Counter).add)
//
//	total, err := Add(ctx, Counters.Get(rt, "visits"), 2)
//
// Host says how an object is built from its State, and Open starts a runtime over a
// Store. The example of this package is a whole program.
//
// # Events
//
// A call, an alarm and a message of a socket are events. An event is a transaction: if
// its method returns nil, everything it stored becomes durable together; if it returns
// an error, nothing of it remains. A method that must keep a failed attempt, such as a
// count of wrong passwords, therefore returns a result that says so, and no error.
//
// No answer, message or effect leaves before everything it rests on is durable. The
// object does not wait for that: its next events run meanwhile, and their writes share
// a sync. Writes marked relaxed are waited for by nobody and are stored within a second.
//
// # Storage
//
// NewValue, NewMap and NewLog make views of what an object stores. Values and maps are
// in memory, so reading them costs what a Go map costs; a log is read by range and may
// grow. Storage calls return no errors: storage that fails ends the event. What a view
// returns is not changed in place but copied and set.
//
// # Other objects
//
// A method may ask another object before it has written anything, through its Func. To
// act on others after it has written, it leaves effects behind with State.Enqueue: they
// are stored with the event, carried out in order, and applied exactly once. Types that
// ask each other in a circle do not compile; circles through data end in ErrCycle.
//
// Slow work is done in State.Outside, which ends the event's first transaction, lets
// others have the turn meanwhile, and begins a second.
//
// # Time and sockets
//
// Alarms are durable, named, and tried again until their handler succeeds. WebSockets,
// registered with Sockets, stay open while their object is out of memory.
//
// # Errors
//
// An error is the method's own or an *Error of the runtime. OutcomeOf says what is known
// then, which decides whether to try again: nothing happened, it is unknown whether it
// did, too much was waiting, or the object has moved. Without a deadline a call waits for
// Options.CallTimeout at most: ErrTimeout says that it never ran, ErrUnknown that its
// write may still become durable.
package durable
