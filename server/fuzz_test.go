package server_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/fortunet/fortunet"
)

// FuzzRequest sends anything to anything: no answer is a 500 or one that the API's document
// does not know, every error is a whole problem document, and nothing signs in that was
// not given a token.
func FuzzRequest(f *testing.F) {
	rules := fortunet.DefaultRules()
	if err := rules.Configure("default=1000000000/1h", "chart_calculation=1000000000/1h"); err != nil {
		f.Fatal(err)
	}
	w := newWorld(f, func(c *setup) {
		c.Rules, c.AccessLog, c.Log = rules, nil, nil
		c.Origins = []string{"https://app.example.org"}
		c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
	})
	token, _ := w.operator()
	routes := w.s.Routed()
	known := w.statuses()
	f.Add(uint8(0), true, `{"cookie":true}`, "X-Forwarded-For", "::1, 1.2.3.4", "")
	f.Add(uint8(5), true, "", "Accept-Encoding", "gzip;q=0.5", "x=1")
	f.Add(uint8(6), true, `{"preferences":{"theme":"dark"}}`, "Content-Type", "application/merge-patch+json", "")
	f.Add(uint8(18), true, birth(0), "Accept-Language", "zh-Hant;q=0.3, en", "")
	f.Add(uint8(18), false, birth(1), "Authorization", "Bearer a.b", "")
	f.Add(uint8(21), true, "", "Origin", "null", "limit=5&after=%00")
	f.Fuzz(func(t *testing.T, route uint8, signedIn bool, body, name, value, query string) {
		pattern := routes[int(route)%len(routes)]
		method, path, _ := strings.Cut(pattern, " ")
		if pattern == "DELETE /api/v2/account" || strings.HasPrefix(path, "/api/v2/session/devices") || strings.HasSuffix(path, "logout") || strings.HasSuffix(path, "login") || strings.HasSuffix(path, "register") {
			return // these end the token, or hash for long
		}
		path = strings.NewReplacer("{type}", "chartcache", "{name}", "x", "{id}", "x").Replace(path)
		r, err := http.NewRequest(method, "http://example.com"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.URL.RawQuery, r.RemoteAddr, r.RequestURI = query, "192.0.2.1:1234", path
		if signedIn {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		if http.CanonicalHeaderKey(name) != "Authorization" || !signedIn {
			r.Header.Set(name, value)
		}
		rec := httptest.NewRecorder()
		w.s.ServeHTTP(rec, r)
		if !known[pattern][rec.Code] {
			t.Fatalf("%s: status %d is not in the document: %s", pattern, rec.Code, rec.Body)
		}
		switch {
		case rec.Code >= 500 && rec.Code != http.StatusServiceUnavailable:
			t.Fatalf("%s: %d %s", pattern, rec.Code, rec.Body)
		case rec.Code >= 400 && rec.Code != http.StatusServiceUnavailable:
			var p problem
			if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil || p.Code == "" || p.Status != rec.Code || rec.Header().Get("Content-Type") != "application/problem+json" {
				t.Fatalf("%s: not a problem: %d %s", pattern, rec.Code, rec.Body)
			}
		case !signedIn && strings.HasPrefix(path, "/api/v2/") && rec.Code < 300 && !strings.HasSuffix(path, "/guest") && !strings.Contains(value, token):
			t.Fatalf("%s: %d without a token", pattern, rec.Code)
		}
	})
}
