package server

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"
)

// countingConn remembers what was written, piece by piece.
type countingConn struct {
	net.Conn
	pieces [][]byte
	fails  bool
}

func (c *countingConn) Write(b []byte) (int, error) {
	if c.fails {
		return 0, io.ErrClosedPipe
	}
	c.pieces = append(c.pieces, bytes.Clone(b))
	return len(b), nil
}

// Whatever is written, held or not, arrives once and in order.
func TestConn(t *testing.T) {
	big, small := bytes.Repeat([]byte("b"), 9000), []byte("small")
	for name, writes := range map[string][][]byte{
		"nothing": {}, "small": {small}, "big": {big}, "full": {big[:maxHeld]}, "full and rest": {big[:maxHeld], big}, "small and big": {small, big},
		"two small": {small, small}, "three": {big[:maxHeld], big, small}, "three big": {big, big, big}, "full twice": {big[:maxHeld], big[:maxHeld]},
	} {
		under := &countingConn{}
		c := &conn{Conn: under}
		for round := range 2 { // the connection is used again
			under.pieces = nil
			c.holding = true
			for _, b := range writes {
				if n, err := c.Write(b); n != len(b) || err != nil {
					t.Errorf("%s: wrote %d of %d, %v", name, n, len(b), err)
				}
			}
			if err := c.release(); err != nil {
				t.Error(err)
			}
			if got, want := bytes.Join(under.pieces, nil), bytes.Join(writes, nil); !bytes.Equal(got, want) {
				t.Errorf("%s, round %d: %d bytes arrived, want %d", name, round, len(got), len(want))
			}
			if n, err := c.Write(small); n != len(small) || err != nil || !bytes.Equal(under.pieces[len(under.pieces)-1], small) {
				t.Errorf("%s: what is not held waits", name)
			}
		}
	}
	c := &conn{Conn: &countingConn{fails: true}, holding: true}
	if _, err := c.Write(small); err != nil {
		t.Error(err)
	}
	if n, err := c.Write(big); n != 0 || !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a write that failed: %d, %v", n, err)
	}
}
