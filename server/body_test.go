package server_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A client that sends all of a body before it reads is told why it was refused, and may
// go on with the same connection.
func TestRefusedBodies(t *testing.T) {
	w := newWorld(t)
	ts := w.listen(t)
	token, _ := w.guest()
	large := strings.Repeat(" ", 3<<20)
	for _, c := range []struct {
		name, path, token, body string
		status                  int
	}{
		{"too large, read by us", "/api/v2/charts/calculate", token, large, 413},
		{"too large, read by huma", "/api/v2/auth/login", "", large, 413},
		{"nobody", "/api/v2/charts/batch", "", large[:1<<20], 401},
		{"no such path", "/api/v2/nothing", token, large, 404},
	} {
		conn, err := net.Dial("tcp", ts.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		r, err := http.NewRequest("POST", ts.URL+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		if c.token != "" {
			r.Header.Set("Authorization", "Bearer "+c.token)
		}
		if err := r.Write(conn); err != nil {
			t.Errorf("%s: reset while sending: %v", c.name, err)
			continue
		}
		if got := readStatus(t, conn, r); got != c.status {
			t.Errorf("%s: status %d, want %d", c.name, got, c.status)
		}
		next, _ := http.NewRequest("GET", ts.URL+"/healthz", nil)
		if err := next.Write(conn); err != nil {
			t.Errorf("%s: the connection is gone: %v", c.name, err)
		} else if got := readStatus(t, conn, next); got != 200 {
			t.Errorf("%s: the next request got %d", c.name, got)
		}
	}
}

// What a refused request says in its body is never taken for a request.
func TestBodyIsNoRequest(t *testing.T) {
	w := newWorld(t)
	ts := w.listen(t)
	const inner = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
	for _, path := range []string{"/api/v2/charts/calculate", "/api/v2/auth/login", "/api/v2/auth/guest", "/api/v2/nothing", "/healthz"} {
		for _, size := range []int{100 << 10, 2 << 20, 12 << 20} {
			body := strings.Repeat(inner, size/len(inner))
			text := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", path, len(body), body) +
				"GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
			conn, err := net.Dial("tcp", ts.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			go io.Copy(conn, strings.NewReader(text)) // what the server does not take is part of the test
			answers, _ := io.ReadAll(conn)
			conn.Close()
			statuses := regexp.MustCompile(`HTTP/1\.1 (\d+)`).FindAllStringSubmatch(string(answers), -1)
			switch n := len(statuses); {
			case size > 8<<20 && n > 1, size <= 8<<20 && (n != 2 || statuses[1][1] != "404"):
				t.Errorf("%s, %d bytes: answers %v, want one and that to the request behind it", path, size, statuses)
			}
		}
	}
}

// A body that is compressed is refused as such, and not as a text that makes no sense.
func TestCompressedBodies(t *testing.T) {
	w := newWorld(t)
	token, _ := w.guest()
	for _, path := range []string{"/api/v2/charts/calculate", "/api/v2/auth/login"} {
		a := ask{path: path, token: token, body: "{", header: map[string]string{"Content-Encoding": "gzip"}}
		w.do(a).wants(415, "unsupported_encoding")
		a.header["Content-Encoding"] = "Identity"
		w.do(a).wants(400, "malformed_json")
	}
}

// Who asks first whether to send is told at once, and sends nothing.
func TestRefusedBeforeSending(t *testing.T) {
	ts := newWorld(t).listen(t)
	conn, err := net.Dial("tcp", ts.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprintf(conn, "POST /api/v2/charts/calculate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2000\r\nExpect: 100-continue\r\n\r\n")
	if got := readStatus(t, conn, nil); got != 401 {
		t.Errorf("status %d, want 401", got)
	}
}

func readStatus(t *testing.T, conn net.Conn, to *http.Request) int {
	t.Helper()
	resp, err := http.ReadResponse(bufio.NewReader(conn), to)
	if err != nil {
		t.Errorf("no answer: %v", err)
		return 0
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}
