package server

import "net/http"

// The standing headers are what an answer has unless its handler set another value:
// pages set a Content-Security-Policy of their own, and what may be kept says so.
var standing = []standingHeader{
	newStanding("Cache-Control", "no-store"),
	newStanding("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
	newStanding("Cross-Origin-Resource-Policy", "same-origin"),
	newStanding("Referrer-Policy", "no-referrer"),
	newStanding("X-Content-Type-Options", "nosniff"),
	newStanding("X-Frame-Options", "DENY"),
}

type standingHeader struct {
	name  string
	value []string // shared and never changed
	line  string   // as it is sent
}

func newStanding(name, value string) standingHeader {
	return standingHeader{name, []string{value}, name + ": " + value + "\r\n"}
}

// setStanding sets the standing headers in h.
func setStanding(h http.Header) {
	for i := range standing {
		if s := &standing[i]; h[s.name] == nil {
			h[s.name] = s.value
		}
	}
}

// appendStanding appends the lines of the standing headers that h has not.
func appendStanding(b []byte, h http.Header) []byte {
	for i := range standing {
		if s := &standing[i]; h[s.name] == nil {
			b = append(b, s.line...)
		}
	}
	return b
}
