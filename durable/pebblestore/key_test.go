package pebblestore

import (
	"bytes"
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/fortunet/fortunet/durable"
)

// pieces are strings in which escaping goes wrong if it can.
var pieces = []string{"", "\x00", "\x00\x00", "\x00\x01", "\x00\x02", "\x00\xff", "\x01", "\x02", "\xff", "a", "a\x00", "a\x00\x01",
	"a\x00\xff", "a\x01", "ab", "\xff\x00", "\xff\xff", "名"}

// Every string comes back, with what stands behind it, and encodings sort as strings do.
func TestStringCodec(t *testing.T) {
	for _, s := range pieces {
		for _, tail := range pieces {
			encoded := append(appendString(nil, s), tail...)
			got, rest, ok := cutString(encoded)
			if !ok || got != s || string(rest) != tail {
				t.Errorf("%q before %q came back as %q, %q, %t", s, tail, got, rest, ok)
			}
		}
		for _, other := range pieces {
			got := bytes.Compare(appendString(nil, s), appendString(nil, other))
			if want := cmp.Compare(s, other); got != want {
				t.Errorf("%q and %q compare as %d, want %d", s, other, got, want)
			}
			if s != other && bytes.HasPrefix(appendString(nil, s), appendString(nil, other)) {
				t.Errorf("%q begins with %q", s, other)
			}
		}
	}
}

func TestCutStringRefuses(t *testing.T) {
	for _, key := range []string{"", "a", "\x00", "a\x00", "a\x00\xff", "a\x00\x03", "a\x00\x00"} {
		if s, _, ok := cutString([]byte(key)); ok {
			t.Errorf("%q was taken for %q", key, s)
		}
	}
}

// Everything of an object, and of a type, lies before past of its prefix, and nothing else.
func TestPast(t *testing.T) {
	for _, s := range pieces {
		prefix := typePrefix(s)
		for _, other := range pieces {
			for _, name := range pieces {
				key := append(objectPrefix(prefixKey, durable.ID{Type: other, Name: name}), "key"...)
				within := bytes.Compare(key, prefix) >= 0 && bytes.Compare(key, past(prefix)) < 0
				if within != (s == other) {
					t.Errorf("key of type %q within type %q: %t", other, s, within)
				}
			}
		}
	}
}

func TestAlarmKeyOrder(t *testing.T) {
	var refs []durable.AlarmRef
	for _, due := range []int64{-1 << 63, -2, -1, 1, 2, 255, 256, 1<<63 - 1} {
		for range 20 {
			pick := func() string { return pieces[rand.IntN(len(pieces))] }
			refs = append(refs, durable.AlarmRef{Due: due, ID: durable.ID{Type: pick(), Name: pick()}, Name: pick()})
		}
	}
	slices.SortFunc(refs, func(a, b durable.AlarmRef) int { return bytes.Compare(alarmKey(a), alarmKey(b)) })
	if !slices.IsSortedFunc(refs, durable.AlarmRef.Compare) {
		t.Errorf("keys sort alarms as %#v", refs)
	}
	for _, ref := range refs {
		if got, ok := parseAlarmKey(alarmKey(ref)); !ok || got != ref {
			t.Errorf("%#v came back as %#v, %t", ref, got, ok)
		}
	}
}

func FuzzAlarmKey(f *testing.F) {
	f.Add(int64(0), "", "", "")
	f.Add(int64(-1), "a\x00", "\x00\xff", "\x00\x01")
	f.Add(int64(1)<<62, "room", "名\x00\x00", "expire")
	f.Fuzz(func(t *testing.T, due int64, typ, name, alarm string) {
		ref := durable.AlarmRef{Due: due, ID: durable.ID{Type: typ, Name: name}, Name: alarm}
		key := alarmKey(ref)
		if got, ok := parseAlarmKey(key); !ok || got != ref {
			t.Fatalf("%#v came back as %#v, %t", ref, got, ok)
		}
		// A neighbour by one byte sorts as it should.
		for _, other := range []durable.AlarmRef{
			{Due: due, ID: durable.ID{Type: typ + "\x00", Name: name}, Name: alarm},
			{Due: due, ID: durable.ID{Type: typ, Name: name + "\x00"}, Name: alarm},
			{Due: due, ID: durable.ID{Type: typ, Name: strings.TrimSuffix(name, "a")}, Name: alarm},
			{Due: due, ID: ref.ID, Name: alarm + "\x00"},
		} {
			if got, want := bytes.Compare(key, alarmKey(other)), ref.Compare(other); got != want {
				t.Fatalf("%#v and %#v compare as %d, want %d", ref, other, got, want)
			}
		}
	})
}

// Whatever bytes a damaged table holds, parsing them does not panic, and what parses
// is what was written.
func FuzzParseAlarmKey(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{prefixAlarm, 0, 0, 0, 0, 0, 0, 0, 0})
	f.Add(alarmKey(durable.AlarmRef{Due: 1, ID: durable.ID{Type: "t", Name: "n\x00"}, Name: "a"}))
	f.Add([]byte("\x0312345678a\x00\xffb\x00\x01c\x00\x01d"))
	f.Fuzz(func(t *testing.T, key []byte) {
		if ref, ok := parseAlarmKey(key); ok && !bytes.Equal(alarmKey(ref), key) {
			t.Fatalf("%x was taken for %#v, which is %x", key, ref, alarmKey(ref))
		}
	})
}

func FuzzStringOrder(f *testing.F) {
	f.Add("a", "a\x00", "tail")
	f.Add("\x00\xff", "\x00\x01", "")
	f.Fuzz(func(t *testing.T, a, b, tail string) {
		if got, rest, ok := cutString(append(appendString(nil, a), tail...)); !ok || got != a || string(rest) != tail {
			t.Fatalf("%q before %q came back as %q, %q, %t", a, tail, got, rest, ok)
		}
		// What follows a string must not change how different strings compare.
		if a != b {
			got := bytes.Compare(append(appendString(nil, a), tail...), appendString(nil, b))
			if want := strings.Compare(a, b); got != want {
				t.Fatalf("%q and %q compare as %d, want %d", a, b, got, want)
			}
		}
	})
}
