package durable

import (
	"encoding"
	"encoding/json"
	"math"
	"reflect"
	"sync"
	"time"
	"unsafe"
)

// A plan says of a type what becomes of a relaxed write of it: whether it may be kept
// as it is and encoded when it is sent, which nobody could be told of if it failed.
type plan struct {
	flat  bool // see isFlat
	lazy  bool // encoding a value can fail only for what is listed below
	fixed int  // about the bytes of an encoded value, strings aside

	strings, floats, floats32, times []uintptr // where there are such in a value
}

const maxPlan = 64 // places in a value that are worth looking at

var plans sync.Map // reflect.Type -> *plan

func planOf(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	p := &plan{flat: isFlat(t)}
	p.lazy = p.flat && p.visit(t, 0) && len(p.strings)+len(p.floats)+len(p.floats32)+len(p.times) <= maxPlan
	found, _ := plans.LoadOrStore(t, p)
	return found.(*plan)
}

// visit takes in the part of type t that lies at an offset, and reports whether it is
// one whose encoding is foreseeable.
func (p *plan) visit(t reflect.Type, at uintptr) bool {
	switch {
	case t == reflect.TypeFor[time.Time]():
		p.times = append(p.times, at)
		p.fixed += len(time.RFC3339Nano)
		return true
	case marshals(t) || marshals(reflect.PointerTo(t)):
		return false
	}
	const number = 20
	p.fixed += number
	switch t.Kind() {
	case reflect.String:
		p.strings = append(p.strings, at)
	case reflect.Float64:
		p.floats = append(p.floats, at)
	case reflect.Float32:
		p.floats32 = append(p.floats32, at)
	case reflect.Complex64, reflect.Complex128:
		return false
	case reflect.Array:
		for i := range t.Len() {
			if i > maxPlan || !p.visit(t.Elem(), at+uintptr(i)*t.Elem().Size()) {
				return false
			}
		}
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			p.fixed += len(f.Name) + len(f.Tag)
			if !p.visit(f.Type, at+f.Offset) {
				return false
			}
		}
	}
	return true
}

func marshals(t reflect.Type) bool {
	return t.Implements(reflect.TypeFor[json.Marshaler]()) || t.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

// measure returns about how many bytes the value at v has encoded, and whether it can
// be encoded later.
func (p *plan) measure(v unsafe.Pointer) (size int, lazy bool) {
	if !p.lazy {
		return 0, false
	}
	size = p.fixed
	for _, at := range p.strings {
		size += len(*(*string)(unsafe.Add(v, at)))
	}
	for _, at := range p.floats {
		if x := *(*float64)(unsafe.Add(v, at)); math.IsNaN(x) || math.IsInf(x, 0) {
			return 0, false
		}
	}
	for _, at := range p.floats32 {
		if x := float64(*(*float32)(unsafe.Add(v, at))); math.IsNaN(x) || math.IsInf(x, 0) {
			return 0, false
		}
	}
	for _, at := range p.times {
		if !encodable(*(*time.Time)(unsafe.Add(v, at))) {
			return 0, false
		}
	}
	return size, true
}

// encodable reports whether t has a form in RFC 3339.
func encodable(t time.Time) bool {
	_, offset := t.Zone()
	return t.Year() >= 0 && t.Year() < 10_000 && offset > -24*60*60 && offset < 24*60*60
}
