package durable

import (
	"bytes"
	"encoding"
	"encoding/json"
	"net/netip"
	"reflect"
	"time"
	"unsafe"
)

// encode returns v as it is stored and as it travels: bytes and strings as they are,
// everything else as JSON.
func encode[T any](v T) ([]byte, error) {
	switch v := any(v).(type) {
	case []byte:
		return bytes.Clone(v), nil
	case string:
		return viewBytes(v), nil
	}
	return json.Marshal(v)
}

// viewBytes and viewString see one memory as the other type. Encoded values are never
// changed, so a large string is in memory once and not twice.
func viewBytes(s string) []byte {
	if s == "" {
		return []byte{}
	}
	return unsafe.Slice(unsafe.StringData(s), len(s))
}

func viewString(raw []byte) string { return unsafe.String(unsafe.SliceData(raw), len(raw)) }

// decode is the inverse of encode. A string shares memory with raw.
func decode[T any](raw []byte, v *T) error {
	switch v := any(v).(type) {
	case *[]byte:
		*v = bytes.Clone(raw)
		return nil
	case *string:
		*v = viewString(raw)
		return nil
	}
	return json.Unmarshal(raw, v)
}

var immutable = map[reflect.Type]bool{
	reflect.TypeFor[time.Time]():    true,
	reflect.TypeFor[netip.Addr]():   true,
	reflect.TypeFor[netip.Prefix](): true,
}

// isFlat reports whether a value of type t shares no memory that anybody could
// change: no pointer, slice, map, interface, channel or function in it. Such a value
// is frozen by copying it.
func isFlat(t reflect.Type) bool {
	if immutable[t] {
		return true
	}
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			if !isFlat(t.Field(i).Type) {
				return false
			}
		}
		return true
	case reflect.Array:
		return isFlat(t.Elem())
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return false
	}
	return true
}

// canWait reports whether values of a flat type t may be encoded later than they are set,
// off their event, where nobody could be told that they cannot be: JSON has no word for
// some floating-point numbers and times, and a string may be too large for its object. A
// type that encodes itself is taken to know how, and to be small.
func canWait(t reflect.Type) bool {
	if t.Implements(reflect.TypeFor[json.Marshaler]()) {
		return !immutable[t]
	}
	switch t.Kind() {
	case reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128, reflect.String:
		return false
	case reflect.Array:
		return canWait(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if !canWait(t.Field(i).Type) {
				return false
			}
		}
	}
	return true
}

// checkTravels panics unless values of type T can be encoded and decoded, so that a
// method with a request that could never travel is found at program start.
func checkTravels(what string, t reflect.Type) {
	if bad := untravelling(t, map[reflect.Type]bool{}); bad != nil {
		panic("durable: " + what + ": a " + bad.String() + " cannot travel")
	}
}

func untravelling(t reflect.Type, seen map[reflect.Type]bool) reflect.Type {
	if seen[t] || immutable[t] || t.Implements(reflect.TypeFor[json.Marshaler]()) {
		return nil
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Chan, reflect.Func, reflect.UnsafePointer, reflect.Complex64, reflect.Complex128:
		return t
	case reflect.Interface:
		if t.NumMethod() > 0 {
			return t // what was in it would not be known on the other side
		}
	case reflect.Map:
		k := t.Key()
		if k.Kind() != reflect.String && !isInteger(k.Kind()) && !k.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
			return t
		}
		return untravelling(t.Elem(), seen)
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return untravelling(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Tag.Get("json") == "-" {
				continue
			}
			if !f.IsExported() && !f.Anonymous {
				return t // it would be lost on the way without a word
			}
			if bad := untravelling(f.Type, seen); bad != nil {
				return bad
			}
		}
	}
	return nil
}

func isInteger(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Uintptr }
