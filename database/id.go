package database

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/fault"
)

// newID returns a random UUID (version 4, RFC 9562), which tells nothing.
func newID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return format(b)
}

// newOrderedID returns a UUID that begins with the time, to a quarter of a microsecond,
// and is random behind it (version 7, method 3 of RFC 9562), so that rows in the order
// of their ids are in the order in which they were made.
func newOrderedID(now time.Time) string {
	var b [16]byte
	rand.Read(b[8:])
	milli := now.UnixMilli()
	fraction := now.UnixNano() - milli*int64(time.Millisecond)
	binary.BigEndian.PutUint64(b[:8], uint64(milli)<<16|0x7000|uint64(fraction*4096/int64(time.Millisecond)))
	b[8] = b[8]&0x3f | 0x80
	return format(b)
}

func format(b [16]byte) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// checkID returns an Invalid fault unless id is a UUID in lower case.
func checkID(id string) error {
	ok := len(id) == 36
	for i := 0; ok && i < len(id); i++ {
		c := id[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			ok = c == '-'
		} else {
			ok = c >= '0' && c <= '9' || c >= 'a' && c <= 'f'
		}
	}
	if !ok {
		return fault.Field("id", fortunet.CodeInvalidValue, "is not a UUID in lower case")
	}
	return nil
}

// identify returns the id of a new row, made unless one is given, and the time of
// making as it is stored.
func identify(given string) (id string, created time.Time, err error) {
	at := time.Now().UTC()
	if given == "" {
		return newOrderedID(at), at.Truncate(time.Millisecond), nil
	}
	return given, at.Truncate(time.Millisecond), checkID(given)
}

// idFailure names the error of an id that another row has.
func idFailure(err error, column string) error {
	if clashes(err, column) {
		return &fault.Error{Kind: fault.Conflict, Code: codeIDTaken, Field: "id", Message: "this id is taken", Err: err}
	}
	return err
}
