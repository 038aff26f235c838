package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// begin sends the head of a request and the beginning of its body.
func (p *program) begin(method, path, token, body string, sent int) net.Conn {
	p.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(time.Minute))
	fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n",
		method, path, token, len(body))
	line, err := bufio.NewReaderSize(conn, 16).ReadString('\n')
	if err != nil || !strings.Contains(line, " 100 ") {
		p.t.Fatalf("%q, %v", line, err)
	}
	fmt.Fprint(conn, body[:sent])
	return conn
}

// A request that was under way when the program was asked to end is carried out, with
// all it needs still there.
func TestStopFinishesRequests(t *testing.T) {
	dir := t.TempDir()
	p := serve(t, dir)
	token := p.guest()
	const body = `{"metadata":{"a":7}}`
	conn := p.begin("PATCH", "/api/v2/session", token, body, 5)
	p.cmd.Process.Signal(syscall.SIGTERM)
	for { // until no more requests are taken
		probe, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
		if err != nil {
			break
		}
		probe.Close()
	}
	fmt.Fprint(conn, body[5:])
	answers := bufio.NewReader(conn)
	var resp *http.Response
	for { // what is left of the head that said to go on
		line, err := answers.Peek(9)
		if err != nil {
			t.Fatal(err)
		}
		if string(line) == "HTTP/1.1 " {
			break
		}
		answers.ReadByte()
	}
	resp, err := http.ReadResponse(answers, nil)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%v, %v", resp, err)
	}
	resp.Body.Close()
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("%v: %s", err, p.log)
	}
	if m := serve(t, dir).metadata(token); m["a"] != 7 {
		t.Errorf("the session has %v", m)
	}
}

// A client that never sends the rest of its request does not make stopping a failure.
func TestStopWithoutTheRest(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a request that does not end")
	}
	t.Parallel()
	p := serve(t, t.TempDir())
	p.begin("PATCH", "/api/v2/session", p.guest(), `{"metadata":{"a":7}}`, 5)
	if code := p.stop(); code != exitOK || !strings.Contains(p.log.String(), "cut off") {
		t.Errorf("stopped with %d: %s", code, p.log)
	}
}

// Who asks twice does not want to wait: the second signal ends the program at once.
func TestStopAtOnce(t *testing.T) {
	p := serve(t, t.TempDir())
	p.begin("PATCH", "/api/v2/session", p.guest(), `{"metadata":{"a":7}}`, 5)
	ended := make(chan struct{})
	go func() {
		p.cmd.Wait()
		close(ended)
	}()
	begun := time.Now()
	for {
		select {
		case <-ended:
			if took := time.Since(begun); took > requestTime/2 {
				t.Errorf("it took %v", took)
			}
			return
		default:
			p.cmd.Process.Signal(syscall.SIGTERM)
			runtime.Gosched()
		}
	}
}
