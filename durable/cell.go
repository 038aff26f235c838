package durable

import (
	"fmt"
	"reflect"
	"unsafe"
)

// A cell is the decoded value of one key.
type cell[T any] struct {
	m       *memory
	e       *entry
	v       T
	decoded bool
	flat    bool
	waits   bool // a relaxed change is encoded when it is sent

	// The value before transaction prevTx changed it without encoding it.
	prev   T
	prevTx uint64
}

// cellOf returns the cell of a key. Two views of one key share it.
func cellOf[T any](m *memory, key string) *cell[T] {
	e := m.entry(key)
	if e.cell == nil {
		t := reflect.TypeFor[T]()
		c := &cell[T]{m: m, e: e, flat: isFlat(t)}
		c.waits = c.flat && canWait(t)
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
			panic(failure{ErrDamaged.with(fmt.Errorf("read %s: %w", viewOf(c.e.key), err))})
		}
		c.decoded = true
	}
	return c.v, true
}

func (c *cell[T]) set(v T, relaxed bool) {
	if relaxed && c.waits {
		c.m.touch(c.e)
		c.m.resize(c.e, len(c.e.key)+int(unsafe.Sizeof(v))) // about
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
		panic(failure{fmt.Errorf("store %s: %w", viewOf(c.e.key), err)})
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

// encodeCell encodes the value. It runs off events too, where nothing would catch a type
// that panics.
func (c *cell[T]) encodeCell() (raw []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			raw, err = nil, fmt.Errorf("%v", p)
		}
	}()
	raw, err = encode(c.v)
	if raw == nil {
		raw = []byte{}
	}
	return raw, err
}

// forget drops the decoded value; the next reader decodes what is stored. What an undo
// would find stays.
func (c *cell[T]) forget() {
	var none T
	c.v, c.decoded = none, false
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
