package server_test

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/fortunet/fortunet/server"
)

// An answer is the same, byte by byte and header by header, whether it leaves through
// a connection of ours, where it goes in one piece, or through one of net/http's.
func TestWire(t *testing.T) {
	const page = "https://pages.example.org"
	w := newWorld(t, func(c *setup) { c.Origins = []string{page} })
	token, _ := w.guest()
	chart := ask{path: "/api/v2/charts/calculate", body: birth(0), token: token}
	svg := ask{path: "/api/v2/charts/image.svg", body: `{"request":` + birth(0) + `}`, token: token}
	tag := w.do(svg).wants(200, "").Header.Get("ETag")
	w.do(chart).wants(200, "") // from now on both ways find it in the cache
	with := func(a ask, name, value string) ask {
		a.header = map[string]string{name: value}
		return a
	}
	asks := map[string]ask{
		"chart": chart, "chart zipped": with(chart, "Accept-Encoding", "gzip"), "chart for a page": with(chart, "Origin", page),
		"picture": svg, "picture known": with(svg, "If-None-Match", tag), "text": {path: chart.path + "?format=text", body: chart.body, token: token},
		"batch":   {path: "/api/v2/charts/batch", body: `{"requests":[` + birth(0) + `]}`, token: token},
		"session": {path: "/api/v2/session", token: token}, "head": {method: "HEAD", path: "/api/v2/session", token: token},
		"page": {path: "/"}, "nothing": {path: "/nothing"}, "refused": {path: chart.path, body: `{}`, token: token},
	}
	plain, ours := overTheWire(t, w, false), overTheWire(t, w, true)
	for range 2 { // the second time over a connection that was used for all of them
		for _, name := range slices.Sorted(maps.Keys(asks)) {
			want, got := plain(asks[name]), ours(asks[name])
			if got.Status != want.Status || !reflect.DeepEqual(got.Header, want.Header) {
				t.Errorf("%s: %d %v\nwant %d %v", name, got.Status, got.Header, want.Status, want.Header)
			}
			if string(got.Body) != string(want.Body) {
				t.Errorf("%s: %d bytes that differ from the %d wanted", name, len(got.Body), len(want.Body))
			}
		}
	}
}

// overTheWire serves a world on a port and returns a function that asks it there, one
// after the other. What depends on when and how often is left out of the headers.
func overTheWire(t *testing.T, w *world, ours bool) func(ask) reply {
	ts := httptest.NewUnstartedServer(nil)
	ts.Config = w.s.HTTP()
	if ours {
		ts.Listener = server.Listener(ts.Listener)
	}
	ts.Start()
	t.Cleanup(ts.Close)
	client := &http.Client{Transport: &http.Transport{DisableCompression: true, MaxConnsPerHost: 1}}
	t.Cleanup(client.CloseIdleConnections)
	return func(a ask) reply {
		r := a.request()
		r.RequestURI = ""
		r.URL.Scheme, r.URL.Host = "http", strings.TrimPrefix(ts.URL, "http://")
		r.Header.Set("X-Request-Id", "the-same-for-both")
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"Date", "Ratelimit"} {
			resp.Header.Del(name)
		}
		return reply{t: t, Status: resp.StatusCode, Header: resp.Header, Body: body}
	}
}
