package durable

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/fortunet/fortunet/fault"
)

// An Inspection is what can be seen of one object. Looking does not wake it.
type Inspection struct {
	ID      ID             `json:"id"`
	Exists  bool           `json:"exists"` // something is stored
	Live    bool           `json:"live"`   // it is in memory
	Bytes   int            `json:"bytes"`  // of its keys
	Keys    []Key          `json:"keys"`
	Logs    []LogInfo      `json:"logs"`
	Alarms  []AlarmInfo    `json:"alarms"`
	Effects int            `json:"effects"` // stored and not yet carried out
	Sockets []SocketInfo   `json:"sockets"`
	Awake   map[string]int `json:"awake,omitempty"` // why it is in memory: counts by reason
	Idle    time.Duration  `json:"idle,omitempty"`  // since its last event
}

// A Key is one stored key. Its value is JSON; one that is not JSON is a string of
// text, or of base64 where Binary is set.
type Key struct {
	Key    string          `json:"key"` // view name, a zero byte and a map key, or a view name
	Value  json.RawMessage `json:"value"`
	Binary bool            `json:"binary,omitempty"`
	Plain  bool            `json:"plain,omitempty"` // the stored bytes are the string's, not its JSON
}

// LogInfo describes one log of an object.
type LogInfo struct {
	Log   string `json:"log"`
	First uint64 `json:"first"`
	Last  uint64 `json:"last"`
}

// AlarmInfo describes one alarm of an object.
type AlarmInfo struct {
	Name    string    `json:"name"`
	Due     time.Time `json:"due"`
	Attempt int       `json:"attempt"`         // how often it has failed
	Error   string    `json:"error,omitempty"` // how it failed last
}

// SocketInfo describes one socket of an object.
type SocketInfo struct {
	ID     string   `json:"id"`
	Tags   []string `json:"tags"`
	Queued int      `json:"queued"` // bytes that wait to be sent
}

// List returns up to limit names of stored objects of a type, ascending, beginning
// behind after.
func (rt *Runtime) List(ctx context.Context, typ, after string, limit int) ([]string, error) {
	if rt.hostedByName(typ) == nil {
		return nil, fault.Errorf(fault.NotFound, "there are no objects of type %q", typ)
	}
	return rt.store.List(ctx, typ, after, limit)
}

// Types returns the names of the types the runtime hosts.
func (rt *Runtime) Types() []string {
	names := make([]string, 0, len(rt.hosted))
	for _, h := range rt.hosted {
		names = append(names, h.kind.name)
	}
	return names
}

// Inspect describes an object: as it is in memory if it is there, as it is stored
// otherwise.
func (rt *Runtime) Inspect(ctx context.Context, id ID) (*Inspection, error) {
	h := rt.hostedByName(id.Type)
	if h == nil {
		return nil, fault.Errorf(fault.NotFound, "there are no objects of type %q", id.Type)
	}
	view := &Inspection{ID: id, Keys: []Key{}, Logs: []LogInfo{}, Alarms: []AlarmInfo{}, Sockets: []SocketInfo{}}
	for _, p := range rt.gateway.peers(h, id.Name, "") {
		view.Sockets = append(view.Sockets, p.info())
	}
	kvs, err := rt.look(ctx, h, id, view)
	if err != nil {
		return nil, err
	}
	for _, kv := range kvs {
		if err := view.add(kv); err != nil {
			return nil, err
		}
	}
	view.Exists = len(kvs) > 0
	return view, nil
}

// look returns an object's keys in order, from memory or from the store.
func (rt *Runtime) look(ctx context.Context, h *hosted, id ID, view *Inspection) ([]KV, error) {
	in := h.find(id.Name)
	if in == nil {
		return rt.store.Load(ctx, id)
	}
	if err := in.acquire(ctx); err != nil {
		return nil, err
	}
	defer in.release()
	if in.state.Load() != live {
		return rt.store.Load(ctx, id)
	}
	view.Live = true
	view.Idle = rt.clock() - time.Duration(in.lastUsed.Load())
	view.Awake = map[string]int{"waiting": int(in.waiting.Load()), "inFlight": int(in.inflight.Load()),
		"outside": int(in.outsiders.Load()), "effects": in.outbox.pending, "relaxed": len(in.mem.dirty)}
	var kvs []KV
	for _, key := range in.mem.keys("") {
		e := in.mem.entries[key]
		raw := e.raw
		if e.lazy {
			raw = e.cell.encodeCell()
		}
		kvs = append(kvs, KV{key, raw})
	}
	return kvs, nil
}

// add sorts one key into the inspection.
func (view *Inspection) add(kv KV) error {
	view.Bytes += len(kv.Key) + len(kv.Value)
	switch kv.Key[:min(1, len(kv.Key))] {
	case alarmPrefix:
		var rec alarmRecord
		if err := decode(kv.Value, &rec); err != nil {
			return fmt.Errorf("alarm record: %w", err)
		}
		name := strings.Replace(kv.Key[1:], outboxAlarm, "(effects)", 1)
		view.Alarms = append(view.Alarms, AlarmInfo{Name: name, Due: time.UnixMilli(rec.Due), Attempt: rec.Attempt, Error: rec.Error})
	case outboxPrefix:
		if len(kv.Key) > 1 {
			view.Effects++
		}
	case seenPrefix:
	case logPrefix:
		var ends logEnds
		if err := decode(kv.Value, &ends); err != nil {
			return fmt.Errorf("log record: %w", err)
		}
		view.Logs = append(view.Logs, LogInfo{Log: kv.Key[1:], First: ends.Head, Last: ends.Next - 1})
	default:
		view.Keys = append(view.Keys, keyOf(kv))
	}
	return nil
}

// keyOf shows a stored key as JSON.
func keyOf(kv KV) Key {
	k := Key{Key: kv.Key}
	switch {
	case json.Valid(kv.Value):
		k.Value = slices.Clone(kv.Value)
	case utf8.Valid(kv.Value):
		k.Value, _ = json.Marshal(string(kv.Value))
		k.Plain = true
	default:
		k.Value, _ = json.Marshal(kv.Value)
		k.Binary = true
	}
	return k
}

// stored is the inverse of keyOf.
func (k Key) stored() ([]byte, error) {
	switch {
	case k.Binary:
		var raw []byte
		err := json.Unmarshal(k.Value, &raw)
		return raw, err
	case k.Plain:
		var text string
		err := json.Unmarshal(k.Value, &text)
		return []byte(text), err
	case !json.Valid(k.Value):
		return nil, errors.New("the value is not JSON")
	}
	return k.Value, nil
}

func (p *Peer) info() SocketInfo {
	p.mu.Lock()
	defer p.mu.Unlock()
	return SocketInfo{ID: p.id, Tags: append([]string{}, p.tags...), Queued: p.queued}
}

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
	b := &Batch{ID: x.ID, Clear: true}
	for _, k := range x.Keys {
		raw, err := k.stored()
		if err != nil {
			return fault.Errorf(fault.Invalid, "key %q: %w", k.Key, err)
		}
		b.Keys = append(b.Keys, KeyOp{Key: k.Key, Value: raw})
	}
	if size := b.Size(); size > h.set.maxBytes {
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
		return b, alarmsBetween(b, old)
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
		return b, alarmsBetween(b, old)
	})
	if err == nil {
		for _, p := range rt.gateway.peers(h, id.Name, "") {
			p.hangup(1001, "deleted")
		}
	}
	return err
}

// alarmsBetween adds to b the changes of the alarm index from the keys old to those
// b sets.
func alarmsBetween(b *Batch, old []KV) error {
	before := newMemory(old, 1<<62).dues
	after := newMemory(nil, 1<<62).dues
	for _, op := range b.Keys {
		if name, ok := strings.CutPrefix(op.Key, alarmPrefix); ok {
			var rec alarmRecord
			if err := decode(op.Value, &rec); err != nil {
				return fault.Errorf(fault.Invalid, "alarm %q: %w", name, err)
			}
			after[name] = rec.Due
		}
	}
	for name, due := range before {
		b.Alarms = append(b.Alarms, AlarmOp{Name: name, Old: due, New: after[name]})
		delete(after, name)
	}
	for name, due := range after {
		b.Alarms = append(b.Alarms, AlarmOp{Name: name, New: due})
	}
	return nil
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
	b, err := f(kvs)
	if b == nil || err != nil {
		return err
	}
	b.Epoch = in.epoch
	in.mem = newMemory(nil, h.set.maxBytes)
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
		s := h.shard(name)
		s.mu.Lock()
		old := s.live[name]
		if old == nil {
			in := h.newInstance(name)
			in.state.Store(leaving)
			in.st = &State{in: in}
			if p := h.rt.placement; p != nil {
				in.epoch = p.Owner(in.id().Partition()).Epoch
			}
			s.live[name] = in
			s.mu.Unlock()
			h.count.live.Add(1)
			return in, nil
		}
		s.mu.Unlock()
		if err := old.acquire(ctx); err != nil {
			return nil, err
		}
		if old.state.Load() == live && len(old.mem.dirty) > 0 {
			old.flush()
		}
		old.leave(ErrBroken)
		<-old.turn
		if err := old.awaitLeft(ctx); err != nil {
			return nil, err
		}
	}
}
