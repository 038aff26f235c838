package durable

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Keys of the runtime itself stand beside an object's own, told apart by their first
// byte; names of views begin with a letter.
const (
	alarmPrefix  = "\x02" // + alarm name: alarmRecord
	outboxPrefix = "\x03" // alone: the next effect's number; + number, big endian: effectRecord
	seenPrefix   = "\x04" // + sender: seenRecord
	logPrefix    = "\x05" // + log name: logEnds
)

// A memory is an object's stored keys as they are in memory: what the store holds,
// what is on its way there, and what is relaxed and not yet sent. It belongs to
// whoever has the object's turn.
type memory struct {
	entries map[string]*entry
	bytes   int // of keys and values
	max     int
	dirty   []*entry         // entries with a relaxed change not yet in a batch
	dues    map[string]int64 // alarm name -> due as last put into a batch

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
	tx    uint64 // the transaction that last recorded an undo for this entry
	op    int    // where in that transaction's batch the key stands, -1 for nowhere
}

// undoable is a cell[T] without its type.
type undoable interface {
	encodeCell() []byte
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
	undo      []undo
	batch     *Batch
	sends     []send
	after     []func()
}

func newMemory(kvs []KV, max int) *memory {
	m := &memory{max: max, dues: map[string]int64{}, entries: make(map[string]*entry, len(kvs))}
	for _, kv := range kvs {
		m.entries[kv.Key] = &entry{key: kv.Key, raw: kv.Value, has: true}
		m.bytes += len(kv.Key) + len(kv.Value)
		if name, ok := strings.CutPrefix(kv.Key, alarmPrefix); ok {
			var rec alarmRecord
			if decode(kv.Value, &rec) == nil {
				m.dues[name] = rec.Due
			}
		}
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
	tx.open = true
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
	m.resize(e, raw)
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
		e.op = len(b.Keys)
		b.Keys = append(b.Keys, op)
	}
	e.dirty = false
}

// putLazy notes that e's cell has a newer value, to be encoded later.
func (m *memory) putLazy(e *entry) {
	m.touch(e)
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

// settleLazy encodes what e's cell holds.
func (m *memory) settleLazy(e *entry) {
	raw := e.cell.encodeCell()
	e.lazy = false
	m.resize(e, raw)
	e.raw = raw
}

// resize counts a change of e's value and ends the event if the object grows over
// its limit.
func (m *memory) resize(e *entry, raw []byte) {
	before := m.bytes
	if e.raw != nil {
		m.bytes -= len(e.key) + len(e.raw)
	}
	if raw != nil {
		m.bytes += len(e.key) + len(raw)
	}
	if m.bytes > m.max && m.bytes > before {
		over := m.bytes
		m.bytes = before
		panic(failure{ErrTooLarge.with(fmt.Errorf("%d bytes, the limit is %d", over, m.max))})
	}
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
	m.dirty = slices.DeleteFunc(m.dirty, func(e *entry) bool { return !e.dirty })
	m.reset()
	m.bytes = 0
	for key, e := range m.entries {
		if e.lazy {
			e.raw, e.lazy = e.cell.encodeCell(), false
		}
		e.cell = nil
		if e.has {
			m.bytes += len(key) + len(e.raw)
		} else if !e.dirty {
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
			raw := e.cell.encodeCell()
			e.lazy = false
			m.bytes += len(raw) - len(e.raw)
			if e.raw == nil {
				m.bytes += len(e.key)
			}
			e.raw = raw
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
		if old := m.dues[name]; old != rec.Due {
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

// A cell is the decoded value of one key.
type cell[T any] struct {
	m       *memory
	e       *entry
	v       T
	decoded bool
	flat    bool

	// The value before transaction prevTx changed it without encoding it.
	prev   T
	prevTx uint64
}

// cellOf returns the cell of a key. Two views of one key share it.
func cellOf[T any](m *memory, key string) *cell[T] {
	e := m.entry(key)
	if e.cell == nil {
		c := &cell[T]{m: m, e: e, flat: isFlat(reflect.TypeFor[T]())}
		e.cell = c
		return c
	}
	c, ok := e.cell.(*cell[T])
	if !ok {
		panic(fmt.Sprintf("durable: key %q is used as two types", key))
	}
	return c
}

func (c *cell[T]) get() (T, bool) {
	if !c.e.has {
		var none T
		return none, false
	}
	if !c.decoded {
		if err := decode(c.e.raw, &c.v); err != nil {
			panic(failure{fmt.Errorf("read key %q: %w", c.e.key, err)})
		}
		c.decoded = true
	}
	return c.v, true
}

func (c *cell[T]) set(v T, relaxed bool) {
	if relaxed && c.flat {
		if c.prevTx != c.m.tx.seq {
			if c.e.has {
				c.get()
			}
			c.prev, c.prevTx = c.v, c.m.tx.seq
		}
		c.v, c.decoded = v, true
		c.m.putLazy(c.e)
		return
	}
	raw, err := encode(v)
	if err != nil {
		panic(failure{fmt.Errorf("store key %q: %w", c.e.key, err)})
	}
	if raw == nil {
		raw = []byte{}
	}
	if c.e.lazy && c.prevTx != c.m.tx.seq { // an undo must find the older relaxed value
		c.prev, c.prevTx = c.v, c.m.tx.seq
	}
	c.m.put(c.e, raw, relaxed)
	c.v, c.decoded = v, true
}

func (c *cell[T]) delete(relaxed bool) {
	if !c.e.has {
		return
	}
	if c.e.lazy && c.prevTx != c.m.tx.seq {
		c.prev, c.prevTx = c.v, c.m.tx.seq
	}
	c.m.put(c.e, nil, relaxed)
	var none T
	c.v, c.decoded = none, false
}

func (c *cell[T]) encodeCell() []byte {
	raw, err := encode(c.v)
	if err != nil {
		panic(failure{fmt.Errorf("store key %q: %w", c.e.key, err)})
	}
	if raw == nil {
		raw = []byte{}
	}
	return raw
}

func (c *cell[T]) undoCell(tx uint64) {
	if c.prevTx == tx {
		c.v, c.decoded = c.prev, true
	}
}

// unset reports whether a decoded value differs from what is stored, which means
// that it was changed in place.
func (c *cell[T]) unset() bool {
	if !c.decoded || c.flat || !c.e.has || c.e.lazy {
		return false
	}
	raw, err := encode(c.v)
	return err != nil || string(raw) != string(c.e.raw)
}

// deletedDirty returns the entries whose relaxed deletion waits, and drops those from
// the list of what waits that do not.
func (m *memory) deletedDirty() []*entry {
	m.dirty = slices.DeleteFunc(m.dirty, func(e *entry) bool { return !e.dirty })
	var gone []*entry
	for _, e := range m.dirty {
		if !e.has && !e.held {
			gone = append(gone, e)
		}
	}
	return gone
}
