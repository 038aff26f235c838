package server_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/server"
)

// newBenchWorld is a world without limits to speak of and without logs.
func newBenchWorld(b *testing.B) *world {
	rules := fortunet.DefaultRules()
	if err := rules.Configure("default=1000000000/1h", "chart_calculation=1000000000/1h"); err != nil {
		b.Fatal(err)
	}
	return newWorld(b, func(c *setup) { c.Rules, c.AccessLog, c.Log = rules, nil, nil })
}

// A sink is an answer nobody reads.
type sink struct {
	header http.Header
	status int
	n      int
}

func (s *sink) Header() http.Header    { return s.header }
func (s *sink) WriteHeader(status int) { s.status = status }

func (s *sink) Write(p []byte) (int, error) {
	if s.status == 0 {
		s.status = http.StatusOK
	}
	s.n += len(p)
	return len(p), nil
}

// inProcess runs one request again and again through the whole handler.
func inProcess(b *testing.B, w *world, a ask) {
	r := a.request()
	body := []byte(a.body)
	reader := bytes.NewReader(body)
	out := &sink{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(out.header)
		out.status, out.n = 0, 0
		reader.Reset(body)
		r.Body = io.NopCloser(reader)
		w.s.ServeHTTP(out, r)
		if out.status != 200 {
			b.Fatalf("status %d", out.status)
		}
	}
	b.SetBytes(int64(out.n))
}

// BenchmarkCalculateHit is the product's load: a cached chart, through the handler.
func BenchmarkCalculateHit(b *testing.B) {
	w := newBenchWorld(b)
	guest, _ := w.guest()
	account, _ := w.account("ann@example.org")
	for name, token := range map[string]string{"guest": guest, "account": account} {
		w.calculate(token, birth(0))
		b.Run(name, func(b *testing.B) {
			inProcess(b, w, ask{path: "/api/v2/charts/calculate", body: birth(0), token: token})
		})
	}
}

func BenchmarkGetSession(b *testing.B) {
	w := newBenchWorld(b)
	token, _ := w.account("ann@example.org")
	inProcess(b, w, ask{path: "/api/v2/session", token: token})
}

func BenchmarkPatchSession(b *testing.B) {
	w := newBenchWorld(b)
	token, _ := w.account("ann@example.org")
	inProcess(b, w, ask{method: "PATCH", path: "/api/v2/session", token: token, body: `{"preferences":{"theme":"dark"}}`})
}

// BenchmarkLoopback asks over kept-alive connections of loopback, with a client that
// does next to nothing, and reports the processor time of both ends together and of a
// server that answers with bytes of the same length without doing anything.
func BenchmarkLoopback(b *testing.B) {
	w := newBenchWorld(b)
	token, _ := w.account("ann@example.org")
	body := birth(0)
	length := len(w.calculate(token, body).Body)
	request := fmt.Sprintf("POST /api/v2/charts/calculate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"+
		"Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s", token, len(body), body)
	still := bytes.Repeat([]byte("x"), length)
	idle := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header()["Content-Length"] = []string{fmt.Sprint(length)}
		_, _ = w.Write(still)
	})
	for _, x := range []struct {
		name  string
		h     http.Handler
		whole bool
	}{{"calculate", w.s, true}, {"pieces", w.s, false}, {"nothing", idle, false}} {
		for _, conns := range []int{1, 16} {
			b.Run(fmt.Sprintf("%s/%dconns", x.name, conns), func(b *testing.B) {
				ts := httptest.NewUnstartedServer(x.h)
				defer ts.Close()
				if x.whole {
					ts.Config, ts.Listener = w.s.HTTP(), server.Listener(ts.Listener)
				}
				ts.Start()
				loopback(b, ts, request, conns)
			})
		}
	}
}

func loopback(b *testing.B, ts *httptest.Server, request string, conns int) {
	var wg sync.WaitGroup
	each := (b.N + conns - 1) / conns
	before := cpuTime()
	b.ResetTimer()
	for range conns {
		wg.Go(func() {
			conn, err := net.Dial("tcp", strings.TrimPrefix(ts.URL, "http://"))
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			in := bufio.NewReaderSize(conn, 32<<10)
			for range each {
				if _, err := io.WriteString(conn, request); err != nil {
					b.Error(err)
					return
				}
				if err := skipAnswer(in); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64((cpuTime()-before).Microseconds())/float64(each*conns), "cpu-µs/op")
}

// skipAnswer reads an answer that has a Content-Length.
func skipAnswer(in *bufio.Reader) error {
	length := 0
	for first := true; ; first = false {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if first && !bytes.HasPrefix(line, []byte("HTTP/1.1 200")) {
			return fmt.Errorf("answer %q", line)
		}
		if n, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			fmt.Sscanf(string(n), "%d", &length)
		}
		if len(line) == 2 {
			_, err := in.Discard(length)
			return err
		}
	}
}

// cpuTime is the processor time of this process.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
