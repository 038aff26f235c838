package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

// asProgram is the variable that makes the test binary be the program.
const asProgram = "FORTUNET_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// A program is a running fortunet serve.
type program struct {
	t    testing.TB
	cmd  *exec.Cmd
	data string
	url  string
	log  *bytes.Buffer
}

// serve starts the program on a data directory and waits until it is ready.
func serve(t testing.TB, data string, flags ...string) *program {
	t.Helper()
	p := &program{t: t, data: data, log: &bytes.Buffer{}}
	p.cmd = exec.Command(os.Args[0], append([]string{"serve", "--addr", "127.0.0.1:0", "--data", data}, flags...)...)
	p.cmd.Env = append(os.Environ(), asProgram+"=1")
	p.cmd.Stderr = p.log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	lines := bufio.NewScanner(out)
	for p.url == "" && lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), " is at "); ok {
			p.url = strings.TrimSuffix(url, "/")
		}
	}
	if p.url == "" {
		p.cmd.Wait()
		t.Fatalf("the program did not start: %s", p.log)
	}
	go io.Copy(io.Discard, out)
	if status, body := p.call("GET", "/readyz", "", ""); status != http.StatusOK {
		t.Fatalf("not ready: %d %s", status, body)
	}
	return p
}

// kill ends the program at once.
func (p *program) kill() {
	if p.cmd.ProcessState == nil {
		p.cmd.Process.Kill()
		p.cmd.Wait()
	}
}

// stop asks the program to end, and returns its exit status.
func (p *program) stop() int {
	p.cmd.Process.Signal(syscall.SIGTERM)
	p.cmd.Wait()
	return p.cmd.ProcessState.ExitCode()
}

// call makes a request; a status of 0 says that nobody answered.
func (p *program) call(method, path, token, body string) (int, string) {
	req, err := http.NewRequest(method, p.url+path, strings.NewReader(body))
	if err != nil {
		p.t.Error(err)
		return 0, ""
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err.Error()
	}
	return resp.StatusCode, string(raw)
}

// guest makes a guest and returns its token.
func (p *program) guest() string {
	p.t.Helper()
	status, body := p.call("POST", "/api/v2/auth/guest", "", "")
	var answer struct{ Token string }
	if err := json.Unmarshal([]byte(body), &answer); status != http.StatusCreated || err != nil || answer.Token == "" {
		p.t.Fatalf("guest: %d %s", status, body)
	}
	return answer.Token
}

// session returns the metadata of a session.
func (p *program) metadata(token string) map[string]int {
	p.t.Helper()
	status, body := p.call("GET", "/api/v2/session", token, "")
	var answer struct{ Metadata map[string]int }
	if err := json.Unmarshal([]byte(body), &answer); status != http.StatusOK || err != nil {
		p.t.Fatalf("session: %d %s, %v", status, body, err)
	}
	return answer.Metadata
}

var wide = []string{"--limit", "default=1000000/1h", "--limit", "chart_calculation=1000000/1h"}

// A chart is cached, limited, in the session, and survives a kill; limits do too.
func TestMainJob(t *testing.T) {
	dir := t.TempDir()
	p := serve(t, dir)
	token := p.guest()
	body := func(day int) string {
		return fmt.Sprintf(`{"chartType":"ziwei","birthDate":"1990-05-%02d","birthTime":"%02d:30","gender":"female","timezone":"Asia/Taipei"}`, 1+day%28, day/28*2)
	}
	type answer struct {
		Data     json.RawMessage
		Cached   bool
		ChartKey string
	}
	ask := func(day int) (int, answer) {
		status, text := p.call("POST", "/api/v2/charts/calculate", token, body(day))
		var a answer
		if err := json.Unmarshal([]byte(text), &a); err != nil {
			t.Fatalf("%d %s", status, text)
		}
		return status, a
	}
	_, first := ask(0)
	for day := range 50 {
		if status, a := ask(day); status != http.StatusOK || a.Cached != (day == 0) {
			t.Fatalf("chart %d: %d, cached %v", day, status, a.Cached)
		}
	}
	if status, _ := ask(50); status != http.StatusTooManyRequests {
		t.Errorf("the 51st uncached chart: %d", status)
	}
	for day := range 50 {
		if status, a := ask(day); status != http.StatusOK || !a.Cached {
			t.Errorf("chart %d again: %d, cached %v", day, status, a.Cached)
		}
	}
	if code := p.stop(); code != exitOK {
		t.Fatalf("stopped with %d: %s", code, p.log)
	}
	p = serve(t, dir)
	if _, a := ask(0); !a.Cached || a.ChartKey != first.ChartKey || !bytes.Equal(a.Data, first.Data) {
		t.Error("after a restart the chart is another, or not cached")
	}
	if status, _ := ask(50); status != http.StatusTooManyRequests {
		t.Errorf("after a restart the 51st uncached chart: %d", status)
	}
	p.kill()
	p = serve(t, dir)
	if _, a := ask(0); !a.Cached {
		t.Error("after a kill the chart is not cached")
	}
	p.stop() // the log is the program's until then
	if log := p.log.String(); strings.Contains(log, "1990-0") || strings.Contains(log, token) || strings.Contains(log, "127.0.0.1:") && strings.Contains(log, "client") {
		t.Errorf("the log has what is personal: %s", log)
	}
}

// What is acknowledged was synced: the answer of a write leaves after a sync of the
// log that began after the write came.
func TestSyncBeforeAnswer(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("needs strace")
	}
	p := serve(t, t.TempDir(), wide...)
	token := p.guest()
	trace := exec.Command(strace, "-f", "-e", "trace=fsync,fdatasync,sync_file_range", "-p", fmt.Sprint(p.cmd.Process.Pid))
	out, err := trace.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := trace.Start(); err != nil {
		t.Fatal(err)
	}
	var syncs atomic.Int64
	attached, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		first := true
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if first {
				close(attached)
				first = false
			}
			if line := lines.Text(); strings.Contains(line, "sync(") && !strings.Contains(line, "sync_file_range(") {
				syncs.Add(1)
			}
		}
	}()
	select {
	case <-attached:
	case <-done:
		t.Skip("strace cannot attach here")
	}
	const writes = 20
	for i := range writes {
		if status, body := p.call("PATCH", "/api/v2/session", token, fmt.Sprintf(`{"metadata":{"a":%d}}`, i)); status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
	}
	trace.Process.Signal(os.Interrupt)
	<-done
	trace.Wait()
	if got := syncs.Load(); got < writes {
		t.Errorf("%d writes one after another were acknowledged with %d syncs", writes, got)
	}
}

// An operator is made on the machine, and may then what others may not.
func TestGrant(t *testing.T) {
	dir := t.TempDir()
	p := serve(t, dir, wide...)
	status, body := p.call("POST", "/api/v2/auth/register", "", `{"email":"op@example.tw","password":"correct horse","name":"Op"}`)
	var answer struct{ Token string }
	if json.Unmarshal([]byte(body), &answer); status != http.StatusCreated || answer.Token == "" {
		t.Fatalf("%d %s", status, body)
	}
	if status, _ := p.call("GET", "/api/v2/admin/statistics", answer.Token, ""); status != http.StatusForbidden {
		t.Errorf("before: %d", status)
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"admin", "grant", "--data", dir, "op@example.tw"}, func(string) string { return "" }, nil, &out, &errs); code != exitOK {
		t.Fatalf("grant: %s", &errs)
	}
	if status, body := p.call("GET", "/api/v2/admin/statistics", answer.Token, ""); status != http.StatusOK {
		t.Errorf("after: %d %s", status, body)
	}
	if got := fortunetRun(t, nil, nil, "admin", "grant", "--data", dir, "op@example.tw", "--revoke", "--plan=premium"); got.code != exitOK {
		t.Fatalf("revoke: %+v", got)
	}
	if status, _ := p.call("GET", "/api/v2/admin/statistics", answer.Token, ""); status != http.StatusForbidden {
		t.Errorf("after it was revoked: %d", status)
	}
	if _, body := p.call("GET", "/api/v2/session", answer.Token, ""); !strings.Contains(body, `"plan":"premium"`) {
		t.Errorf("the plan was not set: %s", body)
	}
	_, body = p.call("GET", "/api/v2/session", p.guest(), "")
	var guest struct{ User struct{ ID string } }
	if json.Unmarshal([]byte(body), &guest); guest.User.ID == "" {
		t.Fatal(body)
	}
	if got := fortunetRun(t, nil, nil, "admin", "grant", "--data", dir, guest.User.ID); got.code != exitFailed || !strings.Contains(got.stderr, "guest") {
		t.Errorf("a guest: %+v", got)
	}
}

// Two servers cannot have one data directory.
func TestServeRefuses(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir)
	for _, args := range [][]string{{"serve", "--data", dir, "--addr", "127.0.0.1:0"}, {"serve", "--data", "/dev/null/x"},
		{"serve", "--data", t.TempDir(), "--addr", "127.0.0.1:99999"}, {"admin", "grant", "--data", dir, "nobody"}} {
		got := fortunetRun(t, nil, nil, args...)
		if got.code != exitFailed || got.stderr == "" || strings.Contains(got.stderr, "sql:") {
			t.Errorf("%v: %+v", args, got)
		}
	}
}

// A flag or a variable that makes no sense is named before anything is opened.
func TestServeUsage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	for _, flag := range []string{"--limit=default", "--limit=nonsense=1/1h", "--limit=default=-1/1h", "--limit=default=1/1y", "--trusted-proxy=10.0.0.0/99",
		"--origin=https://*.example.org", "--origin=example.org", "--tls-cert=x", "--addr=nonsense", "--addr=", "--metrics-addr=9090",
		"--log-level=loud", "--web=" + dir} {
		name, value, _ := strings.Cut(flag, "=")
		for _, env := range []map[string]string{nil, {"FORTUNET_" + strings.ToUpper(strings.ReplaceAll(name[2:], "-", "_")): value}} {
			args := []string{"serve", "--data", dir}
			if env == nil {
				args = append(args, flag)
			} else if value == "" {
				continue // as if it were not set
			}
			if got := fortunetRun(t, env, nil, args...); got.code != exitUsage || !strings.Contains(got.stderr, name) || !strings.Contains(got.stderr, "--help") {
				t.Errorf("%v %v: %+v", args, env, got)
			}
		}
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the data directory was made nonetheless")
	}
}
