package web

import (
	"net/http"
	"path"
	"strconv"
	"strings"
)

// ContentSecurityPolicy is sent with every answer of this package. Everything
// comes from the server itself, nothing is inline, and no string becomes markup
// or code; a server that answers other pages may send the same.
const ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
	"font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types fortunet-worker fortunet-drawing"

// permissionsPolicy gives up what the pages never ask for.
const permissionsPolicy = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"

// ServeHTTP answers GET and HEAD.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	if f := s.find(r.URL.Path); f != nil {
		f.serve(w, r, http.StatusOK)
		return
	}
	if page := strings.TrimSuffix(r.URL.Path, "/"); len(page) > 1 && page != r.URL.Path && s.page(page) != nil {
		http.Redirect(w, r, page, http.StatusPermanentRedirect)
		return
	}
	if lost := s.files["/404"]; lost != nil && strings.Contains(r.Header.Get("Accept"), "text/html") {
		lost.serve(w, r, http.StatusNotFound)
		return
	}
	http.NotFound(w, r)
}

// secure sets the headers that every answer carries.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", ContentSecurityPolicy)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", permissionsPolicy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
}

// find returns what is served at the path, or nil.
func (s *site) find(p string) *file {
	if f := s.page(p); f != nil {
		return f
	}
	if f := s.files[p]; f != nil && f.immutable {
		return f
	}
	if !s.live || !strings.HasPrefix(p, assetPrefix) {
		return nil
	}
	for address, f := range s.files {
		if f.immutable && plain(address) == plain(p) {
			fresh := *f
			fresh.immutable = false
			return &fresh
		}
	}
	return nil
}

// page returns the page at the path, or nil. The page for lost visitors has no
// address of its own.
func (s *site) page(p string) *file {
	if f := s.files[p]; f != nil && !f.immutable && p != "/404" {
		return f
	}
	return nil
}

// plain returns an asset's address without its hash.
func plain(address string) string {
	ext := path.Ext(address)
	name := strings.TrimSuffix(address, ext)
	return strings.TrimSuffix(name, path.Ext(name)) + ext
}

// serve sends the file in the encoding the client takes, or says that the client
// already has it.
func (f *file) serve(w http.ResponseWriter, r *http.Request, status int) {
	body, tag := f.body, `"`+f.hash+`"`
	h := w.Header()
	if f.zipped != nil {
		h.Add("Vary", "Accept-Encoding")
		if acceptsGzip(r.Header.Get("Accept-Encoding")) {
			body, tag = f.zipped, `"`+f.hash+`-gzip"`
			h.Set("Content-Encoding", "gzip")
		}
	}
	h.Set("Cache-Control", "no-cache")
	if f.immutable {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if status == http.StatusOK {
		h.Set("ETag", tag)
		if matches(r.Header.Get("If-None-Match"), tag) {
			h.Del("Content-Encoding")
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Type", f.contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that went away needs no answer
	}
}

// matches reports whether an If-None-Match header names the tag, compared weakly
// as RFC 9110 section 13.1.2 asks.
func matches(header, tag string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == tag {
			return true
		}
	}
	return false
}

// acceptsGzip reports whether an Accept-Encoding header allows gzip: by name, or
// by a star where gzip is not named, with a weight above zero.
func acceptsGzip(header string) bool {
	star := false
	for item := range strings.SplitSeq(header, ",") {
		coding, params, _ := strings.Cut(strings.TrimSpace(item), ";")
		allowed := weight(params) > 0
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip", "x-gzip":
			return allowed
		case "*":
			star = allowed
		}
	}
	return star
}

// weight returns the q of an item's parameters, 1 if there is none and 0 if it
// cannot be read.
func weight(params string) float64 {
	name, value, found := strings.Cut(params, "=")
	if !found || !strings.EqualFold(strings.TrimSpace(name), "q") {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil {
		return 0
	}
	return q
}
