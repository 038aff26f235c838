package durable

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A memory is an object's stored keys as they are in memory: what the store holds,
// what is on its way there, and what is relaxed and not yet sent. It belongs to
// whoever has the object's turn.
type memory struct {
	entries map[string]*entry
	bytes   int // of keys and values
	max     int
	dirty   []*entry                     // entries with a relaxed change not yet in a batch
	dues    map[string]int64             // alarm name -> due as last put into a batch
	lost    func(view string, err error) // told of a relaxed change that cannot be encoded

	tx transaction
}

// An entry is one key. raw is its encoded value unless lazy is set: then the cell
// has a newer one, of a flat type, which is encoded when a batch is made.
type entry struct {
	key   string
	raw   []byte
	cell  undoable
	has   bool // the key exists
	lazy  bool
	dirty bool
	held  bool   // a Value keeps its cell for as long as the object lives
	op    int32  // where in transaction tx's batch the key stands, -1 for nowhere
	size  int32  // bytes counted for the key and its value; of a lazy value about
	tx    uint64 // the transaction that last recorded an undo for this entry
}

// undoable is a cell[T] without its type.
type undoable interface {
	encodeCell() ([]byte, error)
	forget()
	undoCell(tx uint64)
	unset() bool
}

// An undo is how an entry was before the transaction first changed it.
type undo struct {
	e                *entry
	raw              []byte
	has, lazy, dirty bool
}

// A transaction gathers what the running event changes and puts out.
type transaction struct {
	seq       uint64
	open      bool
	confirmed bool // something must be durable before anything leaves
	relaxed   bool
	destroy   bool
	unlimited bool // the runtime's own records, which an object at its limit needs too
	undo      []undo
	batch     *Batch
	sends     []send
	after     []func()
}

// newMemory returns the memory of an object that is stored as kvs, with alarms in them
// that are due at dues.
func newMemory(kvs []KV, dues map[string]int64, max int) *memory {
	m := &memory{max: max, dues: dues, entries: make(map[string]*entry, len(kvs)), lost: func(string, error) {}}
	for _, kv := range kvs {
		e := &entry{key: kv.Key, raw: kv.Value, has: true}
		m.entries[kv.Key] = e
		m.settleSize(e)
	}
	return m
}

// keys returns the existing keys with a prefix, in order.
func (m *memory) keys(prefix string) []string {
	var keys []string
	for key, e := range m.entries {
		if e.has && strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// begin opens a transaction.
func (m *memory) begin() {
	tx := &m.tx
	tx.seq++
	tx.open, tx.unlimited = true, false
}

// reset forgets the transaction, keeping its slices for the next.
func (m *memory) reset() {
	tx := &m.tx
	if len(tx.undo) == 0 && tx.batch == nil && tx.sends == nil && tx.after == nil { // it only read
		tx.open = false
		return
	}
	clear(tx.undo)
	*tx = transaction{seq: tx.seq, undo: tx.undo[:0]}
}

// wrote reports whether the transaction has changed anything.
func (tx *transaction) wrote() bool { return tx.confirmed || tx.relaxed || tx.destroy }

// write returns the transaction's batch, which makes the event a confirmed one.
func (m *memory) write() *Batch {
	m.tx.confirmed = true
	if m.tx.batch == nil {
		m.tx.batch = &Batch{}
	}
	return m.tx.batch
}

// touch records e for undoing, once a transaction.
func (m *memory) touch(e *entry) {
	tx := &m.tx
	if !tx.open {
		panic("durable: " + e.key + " is changed outside an event")
	}
	if e.tx == tx.seq {
		return
	}
	tx.undo = append(tx.undo, undo{e: e, raw: e.raw, has: e.has, lazy: e.lazy, dirty: e.dirty})
	e.tx, e.op = tx.seq, -1
	if !e.has {
		m.entries[e.key] = e // it may have been swept
	}
}

// sweep drops the entries that the transaction deleted.
func (m *memory) sweep() {
	for _, u := range m.tx.undo {
		if e := u.e; !e.has && !e.dirty && !e.held && m.entries[e.key] == e {
			delete(m.entries, e.key)
		}
	}
}

// put changes a key: to raw, or deletes it if raw is nil. A confirmed change goes
// into the batch, a relaxed one waits in the dirty list.
func (m *memory) put(e *entry, raw []byte, relaxed bool) {
	m.touch(e)
	size := 0
	if raw != nil {
		size = len(e.key) + len(raw)
	}
	m.resize(e, size)
	e.raw, e.has, e.lazy = raw, raw != nil, false
	if relaxed {
		m.soil(e)
		return
	}
	b := m.write()
	op := KeyOp{Key: e.key, Value: raw, Delete: raw == nil}
	if e.op >= 0 {
		b.Keys[e.op] = op
	} else {
		e.op = int32(len(b.Keys))
		b.Keys = append(b.Keys, op)
	}
	e.dirty = false
}

// putLazy notes that e's cell has a newer value, to be encoded later.
func (m *memory) putLazy(e *entry) {
	e.has, e.lazy = true, true
	m.soil(e)
}

// soil marks e as changed but not in any batch.
func (m *memory) soil(e *entry) {
	m.tx.relaxed = true
	if e.op >= 0 && m.tx.batch != nil { // written confirmed earlier in this event: it rides with that
		if e.lazy {
			m.settleLazy(e)
		}
		m.tx.batch.Keys[e.op] = KeyOp{Key: e.key, Value: e.raw, Delete: !e.has}
		return
	}
	if !e.dirty {
		e.dirty = true
		m.dirty = append(m.dirty, e)
	}
}

// settleLazy encodes what e's cell holds. What cannot be encoded, because a type that
// encodes itself fails, is as if it had never been set.
func (m *memory) settleLazy(e *entry) {
	raw, err := e.cell.encodeCell()
	e.lazy = false
	if err != nil {
		e.cell.forget()
		e.has = e.raw != nil
		m.lost(viewOf(e.key), err)
	} else {
		e.raw = raw
	}
	m.settleSize(e)
}

// resize counts e as size bytes and ends the event if the object grows over its limit.
func (m *memory) resize(e *entry, size int) {
	before := int(e.size)
	after := m.bytes - before + size
	if after > m.max && size > before && !m.tx.unlimited {
		panic(failure{ErrTooLarge.with(fmt.Errorf("%d bytes, the limit is %d", after, m.max))})
	}
	m.bytes, e.size = after, int32(size)
}

// settleSize counts e as what it is.
func (m *memory) settleSize(e *entry) {
	size := 0
	if e.has {
		size = len(e.key) + len(e.raw)
	}
	m.bytes += size - int(e.size)
	e.size = int32(size)
}

// entry returns the entry of a key, making one that does not exist yet.
func (m *memory) entry(key string) *entry {
	e := m.entries[key]
	if e == nil {
		e = &entry{key: key}
		m.entries[key] = e
	}
	return e
}

// rollback undoes the transaction and encodes what only cells knew, so that views
// can be built anew over the entries.
func (m *memory) rollback() {
	tx := &m.tx
	for _, u := range slices.Backward(tx.undo) {
		e := u.e
		if e.cell != nil {
			e.cell.undoCell(tx.seq)
		}
		e.raw, e.has, e.lazy = u.raw, u.has, u.lazy
		if u.dirty && !e.dirty {
			e.dirty = true
			m.dirty = append(m.dirty, e)
		} else if !u.dirty {
			e.dirty = false
		}
	}
	m.tidy()
	m.reset()
	for key, e := range m.entries {
		if e.lazy {
			m.settleLazy(e)
		}
		e.cell = nil
		m.settleSize(e)
		if !e.has && !e.dirty {
			delete(m.entries, key)
		}
	}
}

// A filled is what fill put into a batch beyond the event's own changes, so that a
// refused batch can be taken back.
type filled struct {
	dirty []*entry
	dues  map[string]int64
}

// fill adds to b every relaxed change that waits, and the alarm index's changes.
func (m *memory) fill(b *Batch) filled {
	var l filled
	for _, e := range m.dirty {
		if !e.dirty {
			continue // written confirmed meanwhile
		}
		if e.lazy {
			m.settleLazy(e)
		}
		b.Keys = append(b.Keys, KeyOp{Key: e.key, Value: e.raw, Delete: !e.has})
		e.dirty = false
		l.dirty = append(l.dirty, e)
	}
	m.dirty = m.dirty[:0]
	for _, op := range b.Keys {
		name, ok := strings.CutPrefix(op.Key, alarmPrefix)
		if !ok {
			continue
		}
		var rec alarmRecord
		if !op.Delete {
			if err := decode(op.Value, &rec); err != nil {
				panic("durable: an alarm record cannot be read back: " + err.Error())
			}
		}
		old := m.dues[name]
		if old == rec.Due {
			if old != 0 { // it may be going off this very moment, so the clock hears of it
				b.Alarms = append(b.Alarms, AlarmOp{Name: name, Old: old, New: old})
			}
			continue
		}
		if l.dues == nil {
			l.dues = maps.Clone(m.dues)
		}
		b.Alarms = append(b.Alarms, AlarmOp{Name: name, Old: old, New: rec.Due})
		if rec.Due == 0 {
			delete(m.dues, name)
		} else {
			m.dues[name] = rec.Due
		}
	}
	return l
}

// unfill takes back what fill did, after the store refused the batch.
func (m *memory) unfill(l filled) {
	for _, e := range l.dirty {
		e.dirty = true
		m.dirty = append(m.dirty, e)
	}
	if l.dues != nil {
		m.dues = l.dues
	}
}

// tidy drops from the list of what waits those entries that do not.
func (m *memory) tidy() {
	m.dirty = slices.DeleteFunc(m.dirty, func(e *entry) bool { return !e.dirty })
}

// forget drops the entries whose relaxed deletion the store has taken.
func (m *memory) forget(l filled) {
	for _, e := range l.dirty {
		if !e.has && !e.dirty && !e.held && m.entries[e.key] == e {
			delete(m.entries, e.key)
		}
	}
}
