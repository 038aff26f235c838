package durable

import (
	"cmp"
	"context"
	"strings"
	"time"
)

// An ID names an object. Type and Name may hold any bytes.
type ID struct {
	Type string `json:"type"`
	Name string `json:"name"`
}

// String returns the ID as it is shown to people; it is not unique for odd names.
func (id ID) String() string { return id.Type + "/" + id.Name }

// A Store keeps objects. It is the seam between the runtime and a disk or a database.
//
// An object in a store is a small ordered map of keys, loaded whole, with logs and
// an index of alarms beside it. All changes come as batches. A store promises:
//
//   - A batch is applied whole or not at all, and its Done is called exactly once,
//     with nil only after the batch is durable.
//   - Batches of one object take effect in the order of their Submit calls, and their
//     Done functions are called in that order.
//   - After Done got an error the outcome is unknown, and every later batch of that
//     object already submitted, or submitted before the next Load of the object,
//     fails too and is not applied: state built on a lost write never becomes durable.
//   - Load, Log, List and Alarms show every batch whose Done got nil, and never one
//     that a crash could still take back once Done got an error.
//
// Methods may be called by several goroutines at once. The runtime never has two
// incarnations of one object in a store's hands: it calls Load only after Done of
// everything submitted for the object before.
type Store interface {
	// Load returns the object's keys in ascending order, none for an object that
	// was never stored. It fails while the store is failing.
	Load(ctx context.Context, id ID) ([]KV, error)

	// Submit hands over a batch and returns without waiting for the disk. An error
	// means that the batch was refused and certainly not applied; Done is then not
	// called, and batches before and after it are not affected. The batch and what
	// it points to belong to the store until Done. Done may be called before
	// Submit returns, must be fast and must not call the store.
	Submit(b *Batch) error

	// Log returns up to limit records of one of the object's logs with indexes in
	// [from, before), ascending, or descending from before-1 if reverse.
	Log(ctx context.Context, id ID, log string, from, before uint64, limit int, reverse bool) ([]Record, error)

	// List returns up to limit names of stored objects of a type, ascending,
	// beginning behind after; "" begins at the first.
	List(ctx context.Context, typ, after string, limit int) ([]string, error)

	// Alarms returns up to limit entries of the alarm index in the order of Compare,
	// beginning behind after; the zero AlarmRef begins at the first. Only
	// objects that this node owns are listed.
	Alarms(ctx context.Context, after AlarmRef, limit int) ([]AlarmRef, error)

	// Close waits for what was submitted and releases the store.
	Close() error
}

// A KV is one key of an object with its value.
type KV struct {
	Key   string
	Value []byte
}

// A Batch is one transaction of one object.
type Batch struct {
	ID    ID
	Epoch uint64 // the claim under which the object runs; 0 where there is no Placement

	Clear  bool      // first forget all keys and all logs of the object
	Keys   []KeyOp   // in order; the last one of a key counts
	Logs   []LogOp   // records to append
	Trims  []LogTrim // records to forget
	Alarms []AlarmOp // changes of the alarm index

	Done func(error)
}

// Size returns the bytes of keys, values and records in the batch.
func (b *Batch) Size() int {
	n := 0
	for _, op := range b.Keys {
		n += len(op.Key) + len(op.Value)
	}
	for _, op := range b.Logs {
		n += len(op.Log) + 8 + len(op.Value)
	}
	return n
}

// A KeyOp sets a key, or deletes it.
type KeyOp struct {
	Key    string
	Value  []byte
	Delete bool
}

// A LogOp appends a record to a log. Indexes of a log are given out ascending by
// the runtime and never twice.
type LogOp struct {
	Log   string
	Index uint64
	Value []byte
}

// A LogTrim forgets the records of a log in [From, Before).
type LogTrim struct {
	Log          string
	From, Before uint64
}

// An AlarmOp moves an alarm in the index from Old to New, in Unix milliseconds;
// 0 stands for not being there.
type AlarmOp struct {
	Name     string
	Old, New int64
}

// A Record is one entry of a log.
type Record struct {
	Index uint64
	Value []byte
}

// An AlarmRef is one entry of the alarm index: an alarm of an object that is due at
// Due, in Unix milliseconds.
type AlarmRef struct {
	Due  int64
	ID   ID
	Name string
}

// Time returns Due as a time.
func (a AlarmRef) Time() time.Time { return time.UnixMilli(a.Due) }

// Compare orders alarms by time, type, object name and alarm name.
func (a AlarmRef) Compare(b AlarmRef) int {
	return cmp.Or(cmp.Compare(a.Due, b.Due), strings.Compare(a.ID.Type, b.ID.Type),
		strings.Compare(a.ID.Name, b.ID.Name), strings.Compare(a.Name, b.Name))
}
