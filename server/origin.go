package server

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/fortunet/fortunet/fault"
)

// Headers that pages of allowed origins may send and read.
const (
	corsMethods = "GET, HEAD, POST, PATCH, DELETE"
	corsHeaders = "Authorization, Content-Type, Idempotency-Key, If-None-Match, X-Request-Id, Accept-Language"
	corsExposed = "ETag, Idempotent-Replayed, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"
)

// crossOrigin decides what pages of other origins may do. Those of allowed origins may
// call the API, with the cookie. All others may only do what a link could: anything
// else they make a browser send is refused unless it carries a token of its own, which
// a page can only have if somebody gave it to it; sockets are refused even then.
// Programs that are not browsers send no Origin and are not concerned.
func (s *Server) crossOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin, h := r.Header["Origin"], w.Header()
		if len(s.o.Origins) > 0 {
			h.Add("Vary", "Origin") // also of an answer that another origin gets, which a cache may keep
		}
		if len(origin) > 0 && s.allows(origin[0]) {
			h.Set("Access-Control-Allow-Origin", origin[0])
			h.Set("Access-Control-Allow-Credentials", "true")
			h["Cross-Origin-Resource-Policy"] = openResource
			if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
				h.Set("Access-Control-Allow-Methods", corsMethods)
				h.Set("Access-Control-Allow-Headers", corsHeaders)
				h.Set("Access-Control-Max-Age", "600")
				w.WriteHeader(http.StatusNoContent)
				return
			}
			h.Set("Access-Control-Expose-Headers", corsExposed)
			next.ServeHTTP(w, r)
			return
		}
		if s.isForged(r) {
			s.fail(w, r, errOrigin)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isForged reports whether a request may have been made by a page of an origin that is
// not allowed, in the name of whoever uses the browser.
func (s *Server) isForged(r *http.Request) bool {
	if isSocket(r) {
		origin := r.Header.Get("Origin")
		if origin == "" {
			return hasCookie(r) && r.Header.Get("Authorization") == ""
		}
		u, err := url.Parse(origin)
		return err != nil || !strings.EqualFold(u.Host, r.Host)
	}
	if len(r.Header["Authorization"]) > 0 {
		return false
	}
	return s.csrf.Check(r) != nil
}

// allows reports whether pages of an origin may call the API.
func (s *Server) allows(origin string) bool { return slices.Contains(s.o.Origins, origin) }

// isSocket reports whether a request asks for another protocol on its connection.
func isSocket(r *http.Request) bool { return len(r.Header["Upgrade"]) > 0 }

// CheckOrigins returns an error unless each is a scheme and a host, as browsers write
// an origin: any other would never be met. There are no patterns.
func CheckOrigins(origins []string) error {
	for _, o := range origins {
		u, err := url.Parse(o)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Hostname() == "" || u.Scheme+"://"+u.Host != o ||
			o != strings.ToLower(o) || strings.Contains(o, "*") || strings.HasSuffix(u.Host, ":") {
			return fault.Field("origins", "invalid_value", "%q is not an origin such as https://example.org", o)
		}
	}
	return nil
}
