package server

import (
	"bytes"
	"context"
	"net"
	"net/http"
)

// Listener returns l so that a long answer to a request that came without TLS leaves in
// one piece: net/http would send its first 4 KB apart from the rest, which costs a
// system call and wakes the reader twice. The standing headers are put into that piece
// as they are: net/http would copy, sort and write each of them, which is a tenth of
// what a cached chart costs altogether. It belongs below HTTP, not below TLS.
func Listener(l net.Listener) net.Listener { return listener{l} }

type listener struct{ net.Listener }

// Accept implements net.Listener.
func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &conn{Conn: c}, nil
}

// A conn keeps what is written while it is held, until it is released. It is held and
// released by the goroutine that writes.
type conn struct {
	net.Conn
	holding bool
	lines   []byte // headers that go behind the status line of what is held
	held    []byte
	pieces  [2][]byte
}

// Write implements net.Conn.
func (c *conn) Write(b []byte) (int, error) {
	if !c.holding {
		return c.Conn.Write(b)
	}
	if len(c.held) == 0 && (len(b) <= maxHeld || len(c.lines) > 0) {
		c.hold(b)
		return len(b), nil
	}
	c.pieces = [2][]byte{c.held, b}
	n := len(c.held)
	bufs := net.Buffers(c.pieces[:])
	wrote, err := bufs.WriteTo(c.Conn)
	c.held = c.held[:0]
	return max(int(wrote)-n, 0), err
}

// hold keeps b, which begins with a status line if there are lines to go behind it.
func (c *conn) hold(b []byte) {
	if len(c.lines) > 0 {
		first := bytes.IndexByte(b, '\n') + 1
		c.held = append(append(c.held, b[:first]...), c.lines...)
		c.lines, b = c.lines[:0], b[first:]
	}
	c.held = append(c.held, b...)
}

// maxHeld is how many bytes are held: as many as net/http's own buffer has.
const maxHeld = 4 << 10

// release writes what is held.
func (c *conn) release() error {
	c.holding = false
	if len(c.held) == 0 {
		return nil
	}
	_, err := c.Conn.Write(c.held)
	c.held = c.held[:0]
	return err
}

type connKey struct{}

// withConn lets handlers find a conn of ours.
func withConn(ctx context.Context, c net.Conn) context.Context {
	if c, ok := c.(*conn); ok {
		return context.WithValue(ctx, connKey{}, c)
	}
	return ctx
}

// writeWhole answers with 200 and a body, which with the headers leaves in one piece
// where the connection is ours. The headers say how long the body is.
func writeWhole(w http.ResponseWriter, r *http.Request, body []byte) {
	c, ours := r.Context().Value(connKey{}).(*conn)
	rec, plain := w.(*recorder)
	if !ours || !plain || rec.status != 0 || r.Method == http.MethodHead || len(body) < maxHeld {
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write(body) // a client that went away needs no answer
		return
	}
	// A body of this length makes net/http write while the connection is held, and its
	// first bytes are the status line's.
	c.holding, c.lines = true, appendStanding(c.lines[:0], w.Header())
	rec.status = http.StatusOK
	rec.ResponseWriter.WriteHeader(http.StatusOK)
	_, _ = w.Write(body)
	_ = c.release()
}
