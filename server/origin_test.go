package server

import "testing"

// An origin that no browser would ever send is a mistake, and said to be one.
func TestCheckOrigins(t *testing.T) {
	for origin, good := range map[string]bool{"https://example.org": true, "http://127.0.0.1:3000": true, "http://[::1]:8080": true,
		"https://example.org/": false, "https://example.org/app": false, "https://*.example.org": false, "*": false, "null": false, "": false,
		"https://Example.org": false, "HTTPS://example.org": false, "https://a@example.org": false, "https://example.org:": false,
		"https://:443": false, "ws://example.org": false, "example.org": false, "https://example.org?x": false} {
		if err := CheckOrigins([]string{"https://fine.example", origin}); (err == nil) != good {
			t.Errorf("%q: %v", origin, err)
		}
	}
}
