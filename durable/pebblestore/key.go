package pebblestore

import (
	"encoding/binary"
	"strings"

	"github.com/fortunet/fortunet/durable"
)

// The layout of keys. Each kind of entry has a prefix byte; strings that do not end
// a key are escaped and terminated, so that any bytes may stand in them, none runs
// into the next, and keys sort as the tuples of their parts do.
//
//	00 "format"                                     → version of this layout, one byte
//	01 type name key                                → value of an object's key
//	02 type name log index (8 bytes, big endian)    → record of a log
//	03 due (8 bytes, big endian, sign flipped) type name alarm  → nothing
//
// A string is escaped by writing 00 as 00 FF, and terminated by 00 01. The last
// string of a key is neither.
const (
	prefixMeta  = 0x00
	prefixKey   = 0x01
	prefixLog   = 0x02
	prefixAlarm = 0x03

	escape     = 0x00
	escapedNul = 0xff // behind escape: a zero byte
	terminator = 0x01 // behind escape: the end of the string
	pastEnd    = 0x02 // behind escape: sorts behind everything that goes on from the string
)

// appendString appends s, escaped and terminated.
func appendString(dst []byte, s string) []byte {
	for {
		i := strings.IndexByte(s, escape)
		if i < 0 {
			return append(append(dst, s...), escape, terminator)
		}
		dst = append(append(dst, s[:i]...), escape, escapedNul)
		s = s[i+1:]
	}
}

// cutString splits an escaped string off the head of key.
func cutString(key []byte) (s string, rest []byte, ok bool) {
	var b strings.Builder
	start := 0
	for i := 0; i+1 < len(key); i++ {
		if key[i] != escape {
			continue
		}
		switch key[i+1] {
		case terminator:
			if start == 0 {
				return string(key[:i]), key[i+2:], true
			}
			b.Write(key[start:i])
			return b.String(), key[i+2:], true
		case escapedNul:
			b.Write(key[start : i+1])
			start = i + 2
			i++
		default:
			return "", nil, false
		}
	}
	return "", nil, false
}

// past returns the first key behind all that begin with prefix, which must end in a
// terminated string.
func past(prefix []byte) []byte {
	end := append([]byte(nil), prefix...)
	end[len(end)-1] = pastEnd
	return end
}

// typePrefix begins the keys of all objects of a type.
func typePrefix(typ string) []byte {
	return appendString([]byte{prefixKey}, typ)
}

// objectPrefix begins all keys (prefixKey) or all log records (prefixLog) of an object.
func objectPrefix(kind byte, id durable.ID) []byte {
	dst := make([]byte, 0, len(id.Type)+len(id.Name)+32)
	return appendString(appendString(append(dst, kind), id.Type), id.Name)
}

// logPrefix begins all records of a log.
func logPrefix(id durable.ID, log string) []byte {
	return appendString(objectPrefix(prefixLog, id), log)
}

// appendIndex appends a log index so that indexes sort as numbers.
func appendIndex(dst []byte, index uint64) []byte {
	return binary.BigEndian.AppendUint64(dst, index)
}

// alarmKey returns the key of an entry of the alarm index.
func alarmKey(ref durable.AlarmRef) []byte {
	dst := make([]byte, 0, len(ref.ID.Type)+len(ref.ID.Name)+len(ref.Name)+32)
	dst = binary.BigEndian.AppendUint64(append(dst, prefixAlarm), uint64(ref.Due)^1<<63)
	dst = appendString(appendString(dst, ref.ID.Type), ref.ID.Name)
	return append(dst, ref.Name...)
}

// parseAlarmKey is the inverse of alarmKey.
func parseAlarmKey(key []byte) (ref durable.AlarmRef, ok bool) {
	if len(key) < 9 || key[0] != prefixAlarm {
		return ref, false
	}
	ref.Due = int64(binary.BigEndian.Uint64(key[1:]) ^ 1<<63)
	rest := key[9:]
	if ref.ID.Type, rest, ok = cutString(rest); !ok {
		return durable.AlarmRef{}, false
	}
	if ref.ID.Name, rest, ok = cutString(rest); !ok {
		return durable.AlarmRef{}, false
	}
	ref.Name = string(rest)
	return ref, true
}
