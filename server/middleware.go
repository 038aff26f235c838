package server

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"sync"
	"time"
)

// chain is everything a request passes on its way to its handler, outermost first:
// the guard, which counts, logs and recovers; what is no path; compression; what pages
// of other origins may do; what is carried out once.
func (s *Server) chain(h http.Handler) http.Handler {
	return s.guard(s.tidy(s.compress(s.crossOrigin(s.once(h)))))
}

// maxBody is how many bytes a request may have.
const maxBody = 1 << 20

// Headers of many answers. The slices are shared and never changed.
var (
	transport    = []string{"max-age=31536000"}
	jsonType     = []string{"application/json"}
	openResource = []string{"cross-origin"}
)

// guard gives each request an id and its answer the security headers, counts and logs
// it, sets its deadline, and turns a panic into an answer. The request is a copy from
// here on: what others put in place of its body, net/http does not see. It logs the
// route's pattern and never the path, the query, an address or a header: those are
// personal.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := recorders.Get().(*recorder)
		*rec = recorder{ResponseWriter: w, start: time.Now(), id: idFor(r)}
		h := w.Header()
		h["X-Request-Id"] = []string{rec.id}
		if s.isSecure(r) {
			h["Strict-Transport-Security"] = transport
		}
		s.metrics.inFlight.Add(1)
		r, limit := withDeadline(r, rec.start)
		defer limit.end()
		defer s.settle(rec, r)
		sent := r.Body
		next.ServeHTTP(rec, r)
		if rec.status >= http.StatusBadRequest {
			drain(r, sent)
		}
	})
}

// settle ends a request: it answers for a handler that panicked, counts and logs.
func (s *Server) settle(rec *recorder, r *http.Request) {
	s.metrics.inFlight.Add(-1)
	if p := recover(); p != nil {
		if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(p)
		}
		s.log.Error("handler panicked", "id", rec.id, "route", r.Pattern, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		if rec.status == 0 {
			s.fail(rec, r, errors.New("a handler panicked"))
		} else {
			defer panic(http.ErrAbortHandler) // half an answer must not pass for one
		}
	}
	if rec.status == 0 {
		rec.WriteHeader(http.StatusOK) // as net/http would, but with all headers
	}
	s.count(rec, r)
	if !rec.hijacked {
		*rec = recorder{}
		recorders.Put(rec)
	}
}

var recorders = sync.Pool{New: func() any { return new(recorder) }}

// idFor returns the id that a sane client or proxy has given the request, or a new one.
func idFor(r *http.Request) string {
	if given := r.Header["X-Request-Id"]; len(given) == 1 && isID(given[0]) {
		return given[0]
	}
	var b [16]byte
	for i, n := 0, rand.Uint64(); i < len(b); i, n = i+1, n>>4 { // a name, no secret
		b[i] = "0123456789abcdef"[n&15]
	}
	return string(b[:])
}

// isID reports whether an id is one that can be logged and repeated without harm.
func isID(id string) bool {
	if len(id) < 8 || len(id) > 64 {
		return false
	}
	for i := range len(id) {
		c := id[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}
