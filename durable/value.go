package durable

import (
	"iter"
	"slices"
	"strings"
)

// A Value is one stored T. Reads come from memory. What Get returns shares memory
// with what is stored if T has pointers, slices or maps in it: change a copy and Set
// it.
type Value[T any] struct{ c *cell[T] }

// NewValue returns the value that is stored under name, which is part of what is
// stored and begins with a letter.
func NewValue[T any](s *State, name string) Value[T] {
	c := cellOf[T](s.mem(), viewKey(name))
	c.e.held = true
	return Value[T]{c}
}

// Get returns the value, and whether there is one.
func (v Value[T]) Get() (T, bool) { return v.c.get() }

// Or returns the value, or def if there is none.
func (v Value[T]) Or(def T) T {
	if x, ok := v.c.get(); ok {
		return x
	}
	return def
}

// Set stores x with the event.
func (v Value[T]) Set(x T) { v.c.set(x, false) }

// SetRelaxed stores x within a second; nothing waits for it, and a crash before then
// forgets it.
func (v Value[T]) SetRelaxed(x T) { v.c.set(x, true) }

// Delete forgets the value with the event.
func (v Value[T]) Delete() { v.c.delete(false) }

// DeleteRelaxed forgets the value within a second.
func (v Value[T]) DeleteRelaxed() { v.c.delete(true) }

// viewKey checks the name of a view, a mistake in which is a programming error.
func viewKey(name string) string {
	letter := name != "" && (name[0] >= 'a' && name[0] <= 'z' || name[0] >= 'A' && name[0] <= 'Z')
	if !letter || strings.ContainsRune(name, 0) {
		panic("durable: " + name + " cannot name a view: it must begin with a letter and hold no zero byte")
	}
	return name
}

// viewOf returns the name of the view that a key belongs to; what follows it in the key
// may be personal.
func viewOf(key string) string {
	name, _, _ := strings.Cut(key, "\x00")
	return name
}

// A Map is many stored Ts by key, in the order of their keys, which may hold any
// bytes. It is in memory whole.
type Map[T any] struct{ v *mapView[T] }

type mapView[T any] struct {
	m      *memory
	prefix string
	keys   []string // of what exists, sorted
}

// NewMap returns the map that is stored under name, which begins with a letter.
func NewMap[T any](s *State, name string) Map[T] {
	m, prefix := s.mem(), viewKey(name)+"\x00"
	keys := m.keys(prefix)
	for i, k := range keys {
		keys[i] = k[len(prefix):]
	}
	return Map[T]{&mapView[T]{m: m, prefix: prefix, keys: keys}}
}

// Len returns how many keys there are.
func (m Map[T]) Len() int { return len(m.v.keys) }

// Get returns the value of key, and whether there is one.
func (m Map[T]) Get(key string) (T, bool) {
	if _, ok := slices.BinarySearch(m.v.keys, key); !ok {
		var none T
		return none, false
	}
	return m.v.cell(key).get()
}

// Set stores x under key with the event.
func (m Map[T]) Set(key string, x T) { m.v.set(key, x, false) }

// SetRelaxed stores x under key within a second, as Value.SetRelaxed does.
func (m Map[T]) SetRelaxed(key string, x T) { m.v.set(key, x, true) }

// Delete forgets key with the event.
func (m Map[T]) Delete(key string) { m.v.delete(key, false) }

// DeleteRelaxed forgets key within a second.
func (m Map[T]) DeleteRelaxed(key string) { m.v.delete(key, true) }

// All yields all keys with their values, in order. The map may be changed meanwhile;
// what is yielded is what stood when All began and still stands.
func (m Map[T]) All() iter.Seq2[string, T] { return m.Prefix("") }

// Prefix yields the keys that begin with prefix, as All does.
func (m Map[T]) Prefix(prefix string) iter.Seq2[string, T] {
	return func(yield func(string, T) bool) {
		from, _ := slices.BinarySearch(m.v.keys, prefix)
		keys := slices.Clone(m.v.keys[from:])
		for _, key := range keys {
			if !strings.HasPrefix(key, prefix) {
				return
			}
			if x, ok := m.Get(key); ok && !yield(key, x) {
				return
			}
		}
	}
}

func (v *mapView[T]) cell(key string) *cell[T] {
	var text [64]byte // a lookup of a short key is not to cost an allocation
	if e := v.m.entries[string(append(append(text[:0], v.prefix...), key...))]; e != nil && e.cell != nil {
		if c, ok := e.cell.(*cell[T]); ok {
			return c
		}
	}
	return cellOf[T](v.m, v.prefix+key)
}

func (v *mapView[T]) set(key string, x T, relaxed bool) {
	v.cell(key).set(x, relaxed)
	if i, ok := slices.BinarySearch(v.keys, key); !ok {
		v.keys = slices.Insert(v.keys, i, key)
	}
}

func (v *mapView[T]) delete(key string, relaxed bool) {
	if i, ok := slices.BinarySearch(v.keys, key); ok {
		v.cell(key).delete(relaxed)
		v.keys = slices.Delete(v.keys, i, i+1)
	}
}
