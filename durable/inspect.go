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
	in, err := h.hold(ctx, id.Name)
	if err != nil {
		return nil, err
	}
	if state := in.state.Load(); state != live {
		if state == leaving {
			defer in.depart() // it is here for the sake of this alone
		} else {
			defer in.release()
		}
		return rt.store.Load(ctx, id)
	}
	defer in.release()
	view.Live = true
	view.Idle = rt.clock() - time.Duration(in.lastUsed.Load())
	view.Awake = map[string]int{"waiting": int(in.waiting.Load()), "inFlight": int(in.inflight.Load()),
		"outside": int(in.outsiders.Load()), "effects": in.outbox.pending, "relaxed": len(in.mem.dirty)}
	var kvs []KV
	for _, key := range in.mem.keys("") {
		e := in.mem.entries[key]
		raw := e.raw
		if e.lazy {
			if newer, err := e.cell.encodeCell(); err == nil {
				raw = newer
			}
		}
		kvs = append(kvs, KV{key, raw})
	}
	return kvs, nil
}

// hold returns an instance whose turn is taken: the object's, live or failed, or one
// without an object that keeps others from loading it, and that is to depart.
func (h *hosted) hold(ctx context.Context, name string) (*instance, error) {
	for {
		in := h.find(name)
		if in == nil {
			if in = h.reserve(name); in != nil {
				return in, nil
			}
			continue
		}
		if err := in.acquire(ctx); err != nil {
			return nil, err
		}
		state := in.state.Load()
		if state == live || state == failed {
			return in, nil
		}
		<-in.turn
		if err := in.awaitLeft(ctx); err != nil {
			return nil, err
		}
	}
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
