package server

import (
	"bufio"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// gzipFrom is how many bytes an answer must have to be worth compressing.
const gzipFrom = 1400

var gzips = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic(err) // the level is one there is
	}
	return z
}}

// compress answers the API's calls in gzip where the client asks for it. What the pages
// package serves is compressed where it is made.
func (s *Server) compress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if accepted := r.Header["Accept-Encoding"]; len(accepted) == 0 || !takesGzip(accepted[0]) ||
			!strings.HasPrefix(r.URL.Path, "/api/") || isSocket(r) {
			next.ServeHTTP(w, r)
			return
		}
		z := &gzipWriter{ResponseWriter: w}
		defer z.close()
		next.ServeHTTP(z, r)
	})
}

// takesGzip reports whether an Accept-Encoding header names gzip with a weight above 0.
func takesGzip(header string) bool {
	for item := range strings.SplitSeq(header, ",") {
		coding, params, _ := strings.Cut(item, ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		name, q, weighed := strings.Cut(strings.TrimSpace(params), "=")
		if !weighed || !strings.EqualFold(strings.TrimSpace(name), "q") {
			return true
		}
		weight, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
		return err == nil && weight > 0
	}
	return false
}

// A gzipWriter compresses an answer if its first piece is long enough. The header
// waits for that piece.
type gzipWriter struct {
	http.ResponseWriter
	z      *gzip.Writer
	status int // told and not written yet; 0 for none
	begun  bool
}

// WriteHeader implements http.ResponseWriter.
func (g *gzipWriter) WriteHeader(status int) {
	if status < http.StatusOK {
		g.ResponseWriter.WriteHeader(status)
		return
	}
	if g.status == 0 {
		g.status = status
	}
}

// begin decides about compression and writes the header; size is that of the first
// piece, or of the whole answer where that is known.
func (g *gzipWriter) begin(size int) {
	if g.begun {
		return
	}
	g.begun = true
	h := g.Header()
	if length, err := strconv.Atoi(h.Get("Content-Length")); err == nil {
		size = length
	}
	if size >= gzipFrom && h.Get("Content-Encoding") == "" {
		h.Set("Content-Encoding", "gzip")
		h.Add("Vary", "Accept-Encoding")
		h.Del("Content-Length")
		g.z = gzips.Get().(*gzip.Writer)
		g.z.Reset(g.ResponseWriter)
	}
	if g.status != 0 {
		g.ResponseWriter.WriteHeader(g.status)
	}
}

// Write implements http.ResponseWriter.
func (g *gzipWriter) Write(b []byte) (int, error) {
	g.begin(len(b))
	if g.z != nil {
		return g.z.Write(b)
	}
	return g.ResponseWriter.Write(b)
}

// WriteString implements io.StringWriter.
func (g *gzipWriter) WriteString(b string) (int, error) {
	g.begin(len(b))
	if g.z != nil {
		return io.WriteString(g.z, b)
	}
	return io.WriteString(g.ResponseWriter, b)
}

// close ends the answer.
func (g *gzipWriter) close() {
	g.begin(0)
	if g.z != nil {
		_ = g.z.Close() // a client that went away needs no answer
		g.z.Reset(nil)
		gzips.Put(g.z)
		g.z = nil
	}
}

// Hijack implements http.Hijacker.
func (g *gzipWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(g.ResponseWriter).Hijack()
}

// Unwrap lets http.ResponseController reach the connection.
func (g *gzipWriter) Unwrap() http.ResponseWriter { return g.ResponseWriter }
