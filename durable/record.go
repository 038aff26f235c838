package durable

import (
	"encoding/binary"
	"errors"
	"fmt"
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

var (
	errRecord = errors.New("it is not what the runtime stores")
	errOutbox = errors.New("effects are stored with numbers that were never given out")
)

// checkRecords reads everything among an object's keys that is the runtime's own, and
// returns when its alarms are due. The error is ErrDamaged if something cannot be read:
// an object is built only without one, so that what reads a record of the runtime's need
// not expect that it cannot be read, wherever it runs.
func checkRecords(kvs []KV) (dues map[string]int64, err error) {
	r := records{dues: map[string]int64{}}
	for _, kv := range kvs {
		if bad := r.check(kv); bad != nil && err == nil {
			err = ErrDamaged.with(fmt.Errorf("%s record: %w", recordName(kv.Key), bad))
		}
	}
	if r.newest > 0 && r.newest >= r.next && err == nil {
		err = ErrDamaged.with(errOutbox)
	}
	return r.dues, err
}

// records is what has been read of an object's records.
type records struct {
	dues         map[string]int64
	next, newest uint64 // numbers of effects
}

func (r *records) check(kv KV) error {
	if kv.Key == "" {
		return errRecord
	}
	switch rest := kv.Key[1:]; kv.Key[:1] {
	case alarmPrefix:
		var rec alarmRecord
		if err := readable(kv, &rec, func() bool { return rec.Due > 0 && rec.Attempt >= 0 }); err != nil {
			return err
		}
		r.dues[rest] = rec.Due
	case outboxPrefix:
		if rest == "" {
			return readable(kv, &r.next, func() bool { return r.next > 0 })
		}
		if len(rest) != 8 {
			return errRecord
		}
		r.newest = max(r.newest, binary.BigEndian.Uint64([]byte(rest)), 1)
		return readable(kv, new(effectRecord), nil)
	case seenPrefix:
		return readable(kv, new(seenRecord), nil)
	case logPrefix:
		var ends logEnds
		return readable(kv, &ends, func() bool { return ends.Head > 0 && ends.Head <= ends.Next })
	}
	return nil
}

// readable reads a record and asks what it says whether that can be.
func readable[T any](kv KV, rec *T, sound func() bool) error {
	if err := decode(kv.Value, rec); err != nil {
		return err
	}
	if sound != nil && !sound() {
		return errRecord
	}
	return nil
}

// recordName says what kind of record a key is, and nothing personal.
func recordName(key string) string {
	switch {
	case strings.HasPrefix(key, alarmPrefix):
		return "alarm"
	case strings.HasPrefix(key, outboxPrefix):
		return "effect"
	case strings.HasPrefix(key, seenPrefix):
		return "sender's"
	case strings.HasPrefix(key, logPrefix):
		return "log"
	}
	return "nameless"
}
