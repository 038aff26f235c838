package pebblestore

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/fortunet/fortunet/durable"
)

// readError gives an error of a read its public meaning.
func readError(what string, err error) error {
	if pebble.IsCorruptionError(err) {
		return fmt.Errorf("%w: read %s: %w: %w", durable.ErrStore, what, ErrCorrupt, err)
	}
	return fmt.Errorf("%w: read %s: %w", durable.ErrStore, what, err)
}

// scan calls visit with an iterator over the keys in [lower, upper). It fails if the
// handle failed meanwhile, whatever was read.
func (s *Store) scan(ctx context.Context, what string, lower, upper []byte, visit func(*pebble.Iterator) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	h, err := s.acquire(nil)
	if err != nil {
		return err
	}
	defer h.users.Done()
	it, err := h.db.NewIterWithContext(ctx, &pebble.IterOptions{LowerBound: lower, UpperBound: upper})
	if err != nil {
		return readError(what, err)
	}
	err = visit(it)
	if closeErr := it.Close(); err == nil && closeErr != nil {
		err = readError(what, closeErr)
	}
	if cause := h.guard.err(); cause != nil {
		return failing(cause)
	}
	return err
}

// checkEvery is after how many steps a long scan looks whether it is still wanted.
const checkEvery = 256

// Load implements durable.Store.
func (s *Store) Load(ctx context.Context, id durable.ID) ([]durable.KV, error) {
	prefix := objectPrefix(prefixKey, id)
	var kvs []durable.KV
	err := s.scan(ctx, "object", prefix, past(prefix), func(it *pebble.Iterator) error {
		for ok := it.First(); ok; ok = it.Next() {
			value, err := it.ValueAndErr()
			if err != nil {
				return readError("object", err)
			}
			kvs = append(kvs, durable.KV{Key: string(it.Key()[len(prefix):]), Value: bytes.Clone(value)})
			if len(kvs)%checkEvery == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.heal(id)
	return kvs, nil
}

// Log implements durable.Store.
func (s *Store) Log(ctx context.Context, id durable.ID, log string, from, before uint64, limit int, reverse bool) ([]durable.Record, error) {
	if from >= before || limit <= 0 {
		return nil, ctx.Err()
	}
	prefix := logPrefix(id, log)
	lower := appendIndex(bytes.Clone(prefix), from)
	upper := appendIndex(bytes.Clone(prefix), before)
	var records []durable.Record
	err := s.scan(ctx, "log", lower, upper, func(it *pebble.Iterator) error {
		first, next := it.First, it.Next
		if reverse {
			first, next = it.Last, it.Prev
		}
		for ok := first(); ok && len(records) < limit; ok = next() {
			value, err := it.ValueAndErr()
			if err != nil {
				return readError("log", err)
			}
			records = append(records, durable.Record{
				Index: binary.BigEndian.Uint64(it.Key()[len(prefix):]),
				Value: bytes.Clone(value),
			})
			if len(records)%checkEvery == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return records, nil
}

// List implements durable.Store. It goes from object to object without reading the
// keys between, so its cost is in objects, however many keys they have.
func (s *Store) List(ctx context.Context, typ, after string, limit int) ([]string, error) {
	if limit <= 0 {
		return nil, ctx.Err()
	}
	prefix := typePrefix(typ)
	lower := prefix
	if after != "" {
		lower = past(appendString(bytes.Clone(prefix), after))
	}
	var names []string
	err := s.scan(ctx, "list", lower, past(prefix), func(it *pebble.Iterator) error {
		var object []byte // the prefix of the keys of the object found last
		for ok := it.First(); ok; ok = nextObject(it, object) {
			name, rest, valid := cutString(it.Key()[len(prefix):])
			if !valid {
				return readError("list", fmt.Errorf("%w: key %x", ErrCorrupt, it.Key()))
			}
			names = append(names, name)
			if len(names) == limit {
				return nil
			}
			if len(names)%checkEvery == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			object = append(object[:0], it.Key()[:len(it.Key())-len(rest)]...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return names, nil
}

// nextObject moves an iterator behind the keys that begin with object. A few steps
// are cheaper than seeking, and most objects have few keys.
func nextObject(it *pebble.Iterator, object []byte) bool {
	const few = 4
	for range few {
		if !it.Next() {
			return false
		}
		if !bytes.HasPrefix(it.Key(), object) {
			return true
		}
	}
	return it.SeekGE(past(object))
}

// Alarms implements durable.Store.
func (s *Store) Alarms(ctx context.Context, after durable.AlarmRef, limit int) ([]durable.AlarmRef, error) {
	if limit <= 0 {
		return nil, ctx.Err()
	}
	lower := []byte{prefixAlarm}
	if after != (durable.AlarmRef{}) {
		lower = append(alarmKey(after), 0) // the least key behind it
	}
	var refs []durable.AlarmRef
	err := s.scan(ctx, "alarms", lower, []byte{prefixAlarm + 1}, func(it *pebble.Iterator) error {
		for ok := it.First(); ok && len(refs) < limit; ok = it.Next() {
			ref, valid := parseAlarmKey(it.Key())
			if !valid {
				return readError("alarms", fmt.Errorf("%w: key %x", ErrCorrupt, it.Key()))
			}
			refs = append(refs, ref)
			if len(refs)%checkEvery == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return refs, nil
}
