package durable

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// A Log is a stored sequence that grows: history, uses, audit. Records are appended
// with the event and read by range on demand; a log is never loaded whole and does
// not count towards the object's size. Each record has an index, from 1 ascending
// without gaps, which stays its own when older records are trimmed.
type Log[T any] struct {
	s    *State
	name string
	ends *cell[logEnds]
}

// logEnds are the first index that is kept and the next to be given out.
type logEnds struct {
	Head uint64 `json:"head"`
	Next uint64 `json:"next"`
}

// An Entry is one record of a Log.
type Entry[T any] struct {
	Index uint64
	At    time.Time // when it was appended
	Value T
}

type logRecord[T any] struct {
	At    int64 `json:"at"` // Unix milliseconds
	Value T     `json:"v"`
}

// maxLogRead bounds one read, and so the time for which it holds the object's turn.
const maxLogRead = 10_000

// NewLog returns the log that is stored under name, which begins with a letter.
func NewLog[T any](s *State, name string) Log[T] {
	c := cellOf[logEnds](s.mem(), logPrefix+viewKey(name))
	c.e.held = true
	return Log[T]{s: s, name: name, ends: c}
}

func (l Log[T]) bounds() logEnds {
	if e, ok := l.ends.get(); ok {
		return e
	}
	return logEnds{Head: 1, Next: 1}
}

// Len returns how many records there are.
func (l Log[T]) Len() int { b := l.bounds(); return int(b.Next - b.Head) }

// First returns the index of the oldest record; it is Last()+1 if there is none.
func (l Log[T]) First() uint64 { return l.bounds().Head }

// Last returns the index of the newest record, 0 if there never was one.
func (l Log[T]) Last() uint64 { return l.bounds().Next - 1 }

// Append adds a record with the event and returns its index.
func (l Log[T]) Append(v T) uint64 {
	raw, err := encode(logRecord[T]{At: l.s.Now().UnixMilli(), Value: v})
	if err != nil {
		panic(failure{fmt.Errorf("append to log %q: %w", l.name, err)})
	}
	b := l.bounds()
	index := b.Next
	b.Next++
	l.ends.set(b, false)
	batch := l.s.mem().write()
	batch.Logs = append(batch.Logs, LogOp{Log: l.name, Index: index, Value: raw})
	return index
}

// Read returns up to limit records from index from on, oldest first, those that this
// and earlier events appended included. The object's turn is held while the store
// is read.
func (l Log[T]) Read(ctx context.Context, from uint64, limit int) ([]Entry[T], error) {
	b := l.bounds()
	return l.read(ctx, max(from, b.Head), b.Next, limit, false)
}

// Newest returns up to limit records, newest first.
func (l Log[T]) Newest(ctx context.Context, limit int) ([]Entry[T], error) {
	b := l.bounds()
	return l.read(ctx, b.Head, b.Next, limit, true)
}

func (l Log[T]) read(ctx context.Context, from, before uint64, limit int, reverse bool) ([]Entry[T], error) {
	limit = min(limit, maxLogRead)
	if from >= before || limit <= 0 {
		return nil, nil
	}
	if n := uint64(limit); before-from > n {
		if reverse {
			from = before - n
		} else {
			before = from + n
		}
	}
	raws := map[uint64][]byte{}
	for _, op := range l.s.in.pendingLogs(l.name) {
		raws[op.Index] = op.Value
	}
	stored, err := l.s.in.h.rt.store.Log(ctx, l.s.in.id(), l.name, from, before, limit, false)
	if err != nil {
		return nil, fmt.Errorf("read log %q: %w", l.name, err)
	}
	for _, rec := range stored {
		raws[rec.Index] = rec.Value
	}
	entries := make([]Entry[T], 0, before-from)
	for i := from; i < before; i++ {
		raw, ok := raws[i]
		if !ok {
			return nil, fmt.Errorf("read log %q: record %d is missing", l.name, i)
		}
		var rec logRecord[T]
		if err := decode(raw, &rec); err != nil {
			return nil, fmt.Errorf("read log %q, record %d: %w", l.name, i, err)
		}
		entries = append(entries, Entry[T]{Index: i, At: time.UnixMilli(rec.At), Value: rec.Value})
	}
	if reverse {
		slices.Reverse(entries)
	}
	return entries, nil
}

// TrimTo forgets all records before index, with the event.
func (l Log[T]) TrimTo(index uint64) {
	b := l.bounds()
	index = min(index, b.Next)
	if index <= b.Head {
		return
	}
	batch := l.s.mem().write()
	batch.Trims = append(batch.Trims, LogTrim{Log: l.name, From: b.Head, Before: index})
	batch.Logs = slices.DeleteFunc(batch.Logs, func(op LogOp) bool { return op.Log == l.name && op.Index < index })
	b.Head = index
	l.ends.set(b, false)
}

// Keep forgets all but the newest n records, with the event.
func (l Log[T]) Keep(n int) {
	if b := l.bounds(); b.Next-b.Head > uint64(n) {
		l.TrimTo(b.Next - uint64(n))
	}
}

// KeepSince forgets the records appended before t, with the event; it reads no more
// than a few hundred of them, so an overlong log shrinks over several calls.
func (l Log[T]) KeepSince(ctx context.Context, t time.Time) error {
	const chunk = 256
	old, err := l.Read(ctx, 0, chunk)
	if err != nil {
		return err
	}
	for i, e := range old {
		if !e.At.Before(t) {
			if i > 0 {
				l.TrimTo(e.Index)
			}
			return nil
		}
	}
	if len(old) > 0 {
		l.TrimTo(old[len(old)-1].Index + 1)
	}
	return nil
}
