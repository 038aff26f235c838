package durable

import (
	"context"
	"fmt"
	"strings"

	"github.com/fortunet/fortunet/fault"
)

// An Export is one object as JSON, whole: what Import makes an object of.
type Export struct {
	ID   ID                    `json:"id"`
	Keys []Key                 `json:"keys"` // those of the runtime included
	Logs map[string][]LogEntry `json:"logs,omitempty"`
}

// A LogEntry is one record of an exported log.
type LogEntry struct {
	Index uint64 `json:"index"`
	Key          // with no Key
}

// Export returns everything stored of an object. It fails with a NotFound fault if
// there is nothing.
func (rt *Runtime) Export(ctx context.Context, id ID) (*Export, error) {
	h := rt.hostedByName(id.Type)
	if h == nil {
		return nil, fault.Errorf(fault.NotFound, "there are no objects of type %q", id.Type)
	}
	var out *Export
	err := rt.alone(ctx, h, id, func(kvs []KV) (*Batch, error) {
		if len(kvs) == 0 {
			return nil, fault.Errorf(fault.NotFound, "no such object")
		}
		out = &Export{ID: id, Logs: map[string][]LogEntry{}}
		for _, kv := range kvs {
			out.Keys = append(out.Keys, keyOf(kv))
			name, isLog := strings.CutPrefix(kv.Key, logPrefix)
			if !isLog {
				continue
			}
			entries, err := rt.exportLog(ctx, id, name)
			if err != nil {
				return nil, err
			}
			out.Logs[name] = entries
		}
		return nil, nil
	})
	return out, err
}

func (rt *Runtime) exportLog(ctx context.Context, id ID, name string) ([]LogEntry, error) {
	entries := []LogEntry{}
	for from := uint64(0); ; {
		recs, err := rt.store.Log(ctx, id, name, from, ^uint64(0), maxLogRead, false)
		if err != nil {
			return nil, fmt.Errorf("export log %q: %w", name, err)
		}
		for _, rec := range recs {
			entries = append(entries, LogEntry{Index: rec.Index, Key: keyOf(KV{Value: rec.Value})})
		}
		if len(recs) < maxLogRead {
			return entries, nil
		}
		from = recs[len(recs)-1].Index + 1
	}
}

// Import stores an exported object under its ID, in place of what is there; alarms
// are set again and logs keep their indexes. It returns when that is durable.
func (rt *Runtime) Import(ctx context.Context, x *Export) error {
	h := rt.hostedByName(x.ID.Type)
	if h == nil {
		return fault.Errorf(fault.NotFound, "there are no objects of type %q", x.ID.Type)
	}
	b, size := &Batch{ID: x.ID, Clear: true}, 0
	var kvs []KV
	for _, k := range x.Keys {
		raw, err := k.stored()
		if err != nil {
			return fault.Errorf(fault.Invalid, "key %q: %w", k.Key, err)
		}
		size += len(k.Key) + len(raw)
		b.Keys = append(b.Keys, KeyOp{Key: k.Key, Value: raw})
		kvs = append(kvs, KV{k.Key, raw})
	}
	dues, err := checkRecords(kvs)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "this was not exported from an object")
	}
	if size > h.set.maxBytes {
		return ErrTooLarge.with(fmt.Errorf("%d bytes, the limit is %d", size, h.set.maxBytes))
	}
	for name, entries := range x.Logs {
		for _, e := range entries {
			raw, err := e.stored()
			if err != nil {
				return fault.Errorf(fault.Invalid, "log %q: %w", name, err)
			}
			b.Logs = append(b.Logs, LogOp{Log: name, Index: e.Index, Value: raw})
		}
	}
	return rt.alone(ctx, h, x.ID, func(old []KV) (*Batch, error) {
		alarmsBetween(b, old, dues)
		return b, nil
	})
}

// Delete forgets everything stored of an object, whatever its own code would say to
// it, and returns when that is durable. Sockets are closed with 1001.
func (rt *Runtime) Delete(ctx context.Context, id ID) error {
	h := rt.hostedByName(id.Type)
	if h == nil {
		return fault.Errorf(fault.NotFound, "there are no objects of type %q", id.Type)
	}
	err := rt.alone(ctx, h, id, func(old []KV) (*Batch, error) {
		b := &Batch{ID: id, Clear: true}
		alarmsBetween(b, old, nil)
		return b, nil
	})
	if err == nil {
		for _, p := range rt.gateway.peers(h, id.Name, "") {
			p.hangup(1001, "deleted")
		}
	}
	return err
}

// alarmsBetween adds to b the changes of the alarm index from the keys old to alarms that
// are due at other times. Of old keys that cannot be read nothing is known.
func alarmsBetween(b *Batch, old []KV, dues map[string]int64) {
	before, _ := checkRecords(old)
	for name, due := range before {
		b.Alarms = append(b.Alarms, AlarmOp{Name: name, Old: due, New: dues[name]})
	}
	for name, due := range dues {
		if before[name] == 0 {
			b.Alarms = append(b.Alarms, AlarmOp{Name: name, New: due})
		}
	}
}

// alone runs f on an object's stored keys while no instance of the object is in
// memory and none can be loaded, and commits the batch it returns, nil for none.
func (rt *Runtime) alone(ctx context.Context, h *hosted, id ID, f func([]KV) (*Batch, error)) error {
	in, err := h.seize(ctx, id.Name)
	if err != nil {
		return err
	}
	defer rt.background(func() {
		<-in.drain()
		in.depart()
	})
	kvs, err := rt.store.Load(ctx, id)
	if err != nil {
		return err
	}
	for _, kv := range kvs {
		in.countEffect(kv.Key)
	}
	b, err := f(kvs)
	if b == nil || err != nil {
		return err
	}
	in.outbox.pending = 0
	for _, op := range b.Keys {
		in.countEffect(op.Key)
	}
	b.Epoch = in.epoch
	in.mem = newMemory(nil, nil, h.set.maxBytes)
	in.mem.begin()
	held := in.hold(b)
	b.Done = held.settle
	if err := rt.store.Submit(b); err != nil {
		in.unhold(held)
		return ErrStore.with(err)
	}
	return held.waitFor(ctx)
}

// seize puts an instance without an object into the table, its turn taken, after
// what was there has left.
func (h *hosted) seize(ctx context.Context, name string) (*instance, error) {
	for {
		old := h.find(name)
		if old == nil {
			if in := h.reserve(name); in != nil {
				return in, nil
			}
			continue
		}
		if err := old.acquire(ctx); err != nil {
			return nil, err
		}
		if old.state.Load() == live && len(old.mem.dirty) > 0 {
			old.flush()
		}
		old.seized.Store(true)
		old.leave(ErrBroken)
		<-old.turn
		if err := old.awaitLeft(ctx); err != nil {
			return nil, err
		}
	}
}

// reserve puts an instance without an object into the table, its turn taken, nil if
// there is one already.
func (h *hosted) reserve(name string) *instance {
	in := h.newInstance(name)
	in.state.Store(leaving)
	in.st = &State{in: in}
	if p := h.rt.placement; p != nil {
		in.epoch = p.Owner(in.id().Partition()).Epoch
	}
	s := h.shard(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live[name] != nil {
		return nil
	}
	s.live[name] = in
	h.count.live.Add(1)
	return in
}
