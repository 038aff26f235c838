package server

import (
	"context"
	"net"
	"net/http"
)

// Listener returns l so that a long answer to a request that came without TLS leaves in
// one piece: net/http would send its first 4 KB apart from the rest, which costs a
// system call and wakes the reader twice. It belongs below HTTP, not below TLS.
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
	held    []byte
	pieces  [2][]byte
}

// Write implements net.Conn.
func (c *conn) Write(b []byte) (int, error) {
	if !c.holding {
		return c.Conn.Write(b)
	}
	if len(c.held) == 0 && len(b) <= maxHeld {
		c.held = append(c.held, b...)
		return len(b), nil
	}
	c.pieces = [2][]byte{c.held, b}
	n := len(c.held)
	bufs := net.Buffers(c.pieces[:])
	wrote, err := bufs.WriteTo(c.Conn)
	c.held = c.held[:0]
	return max(int(wrote)-n, 0), err
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

// writeWhole writes an answer's body, and what net/http has before it, in one piece
// where the connection is ours.
func writeWhole(w http.ResponseWriter, r *http.Request, body []byte) {
	c, ours := r.Context().Value(connKey{}).(*conn)
	if !ours || len(body) < maxHeld {
		_, _ = w.Write(body) // a client that went away needs no answer
		return
	}
	c.holding = true
	_, _ = w.Write(body)
	_ = c.release()
}
