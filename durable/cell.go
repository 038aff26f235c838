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
	plan    *plan

	// The value before transaction prevTx changed it without encoding it.
	prev   T
	prevTx uint64
}

// cellOf returns the cell of a key. Two views of one key share it.
func cellOf[T any](m *memory, key string) *cell[T] {
	e := m.entry(key)
	if e.cell == nil {
		c := &cell[T]{m: m, e: e, plan: planOf(reflect.TypeFor[T]())}
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
	size, lazy := 0, false
	if relaxed {
		size, lazy = c.plan.measure(unsafe.Pointer(&v))
	}
	if lazy {
		c.m.touch(c.e)
		c.m.resize(c.e, len(c.e.key)+size)
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
	if !c.decoded || c.plan.flat || !c.e.has || c.e.lazy {
		return false
	}
	raw, err := encode(c.v)
	return err != nil || string(raw) != string(c.e.raw)
}
