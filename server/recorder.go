package server

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"time"
)

// A recorder is the guard's view of one answer.
type recorder struct {
	http.ResponseWriter
	start    time.Time
	id       string
	status   int // 0 until the header is written
	hijacked bool
}

// recorderOf returns the recorder below w.
func recorderOf(w http.ResponseWriter) *recorder {
	for {
		switch v := w.(type) {
		case *recorder:
			return v
		case interface{ Unwrap() http.ResponseWriter }:
			w = v.Unwrap()
		default:
			return nil
		}
	}
}

// requestID returns the id of the request that w answers.
func requestID(w http.ResponseWriter) string {
	if rec := recorderOf(w); rec != nil {
		return rec.id
	}
	return ""
}

// WriteHeader implements http.ResponseWriter. It completes the answer's headers.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK {
		r.status = status
		setStanding(r.Header())
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.WriteHeader(http.StatusOK)
	}
	return r.ResponseWriter.Write(b)
}

// WriteString implements io.StringWriter.
func (r *recorder) WriteString(b string) (int, error) {
	if r.status == 0 {
		r.WriteHeader(http.StatusOK)
	}
	return io.WriteString(r.ResponseWriter, b)
}

// Hijack implements http.Hijacker, for WebSockets.
func (r *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	c, rw, err := http.NewResponseController(r.ResponseWriter).Hijack()
	if err == nil {
		r.status, r.hijacked = http.StatusSwitchingProtocols, true
	}
	if ours, ok := c.(*conn); ok {
		c = ours.Conn // a socket's writes are its own business
	}
	return c, rw, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
