package server

import (
	"net/http"
	"strings"
)

// lost answers what no route takes: pages and their assets, then 405 for an address
// that takes other methods, then 404.
func (s *Server) lost(w http.ResponseWriter, r *http.Request) {
	if others := s.methodsAt(r); len(others) > 0 {
		w.Header().Set("Allow", strings.Join(others, ", "))
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		s.fail(w, r, newProblem(http.StatusMethodNotAllowed, "method_not_allowed", "this address does not take that method"))
		return
	}
	if isProgram(r.URL.Path) {
		s.fail(w, r, errPath)
		return
	}
	s.page(w, r)
}

// tidy answers that there is nothing at an address which is none of a path, or is not
// written as paths are: net/http would answer with a page that leads elsewhere, or with
// plain text. "OPTIONS *" it answers by itself.
func (s *Server) tidy(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.RawPath
		if path == "" {
			path = r.URL.Path
		}
		if r.RequestURI == "*" || !isTidy(path) {
			s.fail(w, r, errPath)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isTidy reports whether a path begins with a slash and has no part that is empty, save
// for the last one, or made of dots alone that lead elsewhere.
func isTidy(path string) bool {
	if path == "" || path[0] != '/' {
		return false
	}
	for start, i := 1, 1; i <= len(path); i++ {
		if i < len(path) && path[i] != '/' {
			continue
		}
		switch part := path[start:i]; {
		case part == "" && i < len(path), part == ".", part == "..":
			return false
		}
		start = i + 1
	}
	return true
}

// isProgram reports whether a path is one of those that only programs ask for.
func isProgram(path string) bool {
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/ws/")
}

// methodsAt returns the methods that routes at the request's path take.
func (s *Server) methodsAt(r *http.Request) []string {
	var taken []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete} {
		_, pattern := s.mux.Handler(&http.Request{Method: m, URL: r.URL, Host: r.Host})
		if pattern != "" && pattern != "/" {
			taken = append(taken, m)
			if m == http.MethodGet {
				taken = append(taken, http.MethodHead)
			}
		}
	}
	return taken
}

// page serves the pages and their assets. Where there is none, people get the page for
// those who lost their way and programs a problem.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		probe := r.Clone(r.Context())
		probe.Method = http.MethodHead
		at := &plainRefusal{ResponseWriter: nowhere{http.Header{}}}
		s.site.ServeHTTP(at, probe)
		if at.refused == http.StatusNotFound {
			s.fail(w, r, errPath)
			return
		}
		w.Header().Set("Allow", "GET, HEAD")
		s.fail(w, r, newProblem(http.StatusMethodNotAllowed, "method_not_allowed", "this address does not take that method"))
		return
	}
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		s.site.ServeHTTP(w, r)
		return
	}
	at := &plainRefusal{ResponseWriter: w}
	s.site.ServeHTTP(at, r)
	if at.refused != 0 {
		s.fail(w, r, errPath)
	}
}

// A plainRefusal holds back the answer that there is nothing here, which is plain text,
// so that it can be made a problem.
type plainRefusal struct {
	http.ResponseWriter
	refused int
}

// WriteHeader implements http.ResponseWriter.
func (p *plainRefusal) WriteHeader(status int) {
	if status == http.StatusNotFound {
		p.refused = status
		return
	}
	p.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (p *plainRefusal) Write(b []byte) (int, error) {
	if p.refused != 0 {
		return len(b), nil
	}
	return p.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (p *plainRefusal) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// nowhere takes an answer that nobody reads.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header         { return n.header }
func (n nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (n nowhere) WriteHeader(int)             {}
