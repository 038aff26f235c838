package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fortunet/fortunet/disktest"
)

// On a disk that is nearly full, and on one that is full, the program says so, goes on
// answering what needs no space, shows nothing that it could not store and loses nothing
// that it acknowledged. When there is space again it goes on by itself.
func TestFullDisk(t *testing.T) {
	for name, leave := range map[string]int64{"nearly full": 4 << 20, "full": 0} {
		t.Run(name, func(t *testing.T) {
			disk := disktest.Mount(t, 64<<20)
			data := filepath.Join(disk, "data")
			p := serve(t, data, wide...)
			tokens := []string{p.guest(), p.guest()}
			acked := make([]int, len(tokens))
			write := func(user, n int) (status int, body string) {
				status, body = p.call("PATCH", "/api/v2/session", tokens[user], fmt.Sprintf(`{"metadata":{"a":%d}}`, n))
				if status == http.StatusOK {
					acked[user] = n
				}
				return status, body
			}
			for user := range tokens {
				if status, body := write(user, 1); status != http.StatusOK {
					t.Fatalf("%d %s", status, body)
				}
			}
			const chart = `{"chartType":"ziwei","birthDate":"1990-05-17","timeIndex":4,"gender":"female"}`
			p.call("POST", "/api/v2/charts/calculate", tokens[0], chart)

			free := disktest.Fill(t, disk, leave)
			refused(t, func() (int, string) { return write(0, 2) })
			for user, token := range tokens {
				if got := p.metadata(token)["a"]; got < acked[user] {
					t.Errorf("while the disk is full: %d, and %d was acknowledged", got, acked[user])
				}
			}
			if status, body := p.call("POST", "/api/v2/charts/calculate", tokens[0], chart); status != http.StatusOK || !strings.Contains(body, `"cached":true`) {
				t.Errorf("a cached chart: %d %.200s", status, body)
			}
			if status, body := p.call("POST", "/api/v2/charts/calculate", tokens[1], strings.Replace(chart, "05-17", "05-18", 1)); status != http.StatusOK {
				t.Errorf("a chart that is not cached: %d %.200s", status, body)
			}
			refused(t, func() (int, string) { return p.call("POST", "/api/v2/auth/guest", "", "") })
			if body := until(t, http.StatusServiceUnavailable, func() (int, string) { return p.call("GET", "/readyz", "", "") }); !strings.Contains(body, "disk") {
				t.Errorf("readyz does not say why: %s", body)
			}

			free()
			for user := range tokens {
				n := 2
				until(t, http.StatusOK, func() (int, string) { n++; return write(user, n) })
			}
			until(t, http.StatusOK, func() (int, string) { return p.call("GET", "/readyz", "", "") })
			p.guest()
			p.kill()
			p = serve(t, data, wide...)
			for user, token := range tokens {
				if got := p.metadata(token)["a"]; got != acked[user] {
					t.Errorf("after a restart: %d, want %d", got, acked[user])
				}
			}
			if code := p.stop(); code != exitOK {
				t.Errorf("stopped with %d: %s", code, p.log)
			}
		})
	}
}

// refused repeats a request until it is refused, with a problem that says what is wrong.
func refused(t *testing.T, request func() (int, string)) {
	t.Helper()
	body := until(t, http.StatusServiceUnavailable, request)
	var problem struct{ Code, Detail string }
	if err := json.Unmarshal([]byte(body), &problem); err != nil || problem.Code == "" || problem.Detail == "" {
		t.Errorf("on a full disk: %s, want a problem that says why", body)
	}
}

// until repeats a request until it is answered with a status, and returns the body.
func until(t *testing.T, want int, request func() (int, string)) string {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; {
		status, body := request()
		if status == want {
			return body
		}
		if time.Now().After(deadline) {
			t.Fatalf("still %d %s, want %d", status, body, want)
		}
	}
}
