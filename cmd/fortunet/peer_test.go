package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The benchmarks below hold the program against the first sketch on Cloudflare's own
// runtime, workerd, over HTTP, in one run, on the disk FORTUNET_BENCH_DIR names. Both
// the peer and the load generator stand beside the project in ../shared; without
// them, or without npm, the benchmarks skip.
const shared = "../../../shared"

// A load is what the load generator reports.
type load struct {
	PerSecond float64                `json:"req_per_s"`
	Latency   map[string]float64     `json:"latency_us"`
	CPU       float64                `json:"server_cpu_us_per_req"`
	Non2xx    int                    `json:"non_2xx"`
	Opened    int                    `json:"opened"`
	Failed    int                    `json:"failed"`
	PerConn   float64                `json:"server_bytes_per_connection"`
	Statuses  map[string]json.Number `json:"statuses"`
}

// generator copies and builds the load generator and returns a function that runs it.
func generator(b *testing.B) func(args ...string) load {
	dir := filepath.Join(b.TempDir(), "loadgen")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(shared, "loadgen"))); err != nil {
		b.Skipf("there is no load generator: %v", err)
	}
	build := exec.Command("go", "build", "-o", "loadgen", ".")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build the load generator: %v\n%s", err, out)
	}
	return func(args ...string) (l load) {
		b.Helper()
		out, err := exec.Command(filepath.Join(dir, "loadgen"), args...).Output()
		if err == nil {
			err = json.Unmarshal(out, &l)
		}
		if err != nil {
			b.Fatalf("loadgen %v: %v\n%s", args, err, out)
		}
		if l.Non2xx > 0 || l.Failed > 0 {
			b.Fatalf("loadgen %v: %d answers were refusals, %d connections failed", args, l.Non2xx, l.Failed)
		}
		return l
	}
}

// startPeer starts workerd on an empty directory and returns its address and process.
func startPeer(b *testing.B, data string) (address string, pid int) {
	dir := filepath.Join(b.TempDir(), "workerd")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(shared, "peers/workerd"))); err != nil {
		b.Skipf("there is no peer: %v", err)
	}
	if _, err := exec.LookPath("npm"); err != nil {
		b.Skip("the peer needs npm")
	}
	if err := os.Chmod(filepath.Join(dir, "run.sh"), 0o700); err != nil {
		b.Fatal(err)
	}
	const port = "8971"
	cmd := exec.Command("./run.sh", port, data)
	cmd.Dir, cmd.SysProcAttr = dir, &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		cmd.Wait()
	})
	address = "http://127.0.0.1:" + port
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(200 * time.Millisecond) {
		resp, err := http.Get(address + "/")
		if err == nil {
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			return address, cmd.Process.Pid // run.sh has become workerd
		}
		if time.Now().After(deadline) {
			b.Skipf("the peer did not start: %v", err)
		}
	}
}

func benchFile(b *testing.B, lines ...string) string {
	path := filepath.Join(b.TempDir(), "lines")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	return path
}

// guests makes n guests and returns a file of their tokens.
func guests(b *testing.B, p *program, n int) string {
	tokens := make([]string, n)
	for i := range tokens {
		tokens[i] = p.guest()
	}
	return benchFile(b, tokens...)
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// BenchmarkPeer reports medians of ratios taken round by round: requests a second of
// ours ÷ the peer's, p99 and CPU a request of the peer's ÷ ours.
func BenchmarkPeer(b *testing.B) {
	dir, err := os.MkdirTemp(os.Getenv("FORTUNET_BENCH_DIR"), "peer")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { os.RemoveAll(dir) })
	run := generator(b)
	peer, peerPID := startPeer(b, filepath.Join(dir, "peer"))
	ours := serve(b, filepath.Join(dir, "ours"), "--limit", "default=1000000000/1h", "--limit", "chart_calculation=1000000000/1h")
	tokens := guests(b, ours, 100)
	const birth = `{"chartType":"ziwei","birthDate":"1990-05-17","birthTime":"14:30","gender":"female","timezone":"Asia/Taipei"}`
	chart := benchFile(b, birth)
	sketch := benchFile(b, `{"activeCharts":["ziwei|1990-05-17|14:30|female|Asia/Taipei"]}`)
	patch := benchFile(b, `{"metadata":{"activeCharts":["ziwei|1990-05-17|14:30|female|Asia/Taipei"]}}`)
	for _, c := range []struct {
		name                     string
		conns                    int
		peerPath, peerBody       string
		method, ourPath, ourBody string
	}{
		{"cached-chart", 16, "/api/v2/charts/calculate", chart, "POST", "/api/v2/charts/calculate", chart},
		{"session-write", 16, "/bench/session", sketch, "PATCH", "/api/v2/session", patch},
		{"session-write", 128, "/bench/session", sketch, "PATCH", "/api/v2/session", patch},
	} {
		b.Run(fmt.Sprint(c.name, "-", c.conns), func(b *testing.B) {
			const rounds = 3
			var rate, p99, cpu, ourRate, ourCPU []float64
			for b.Loop() {
				for range rounds {
					common := []string{"http", "-conns", fmt.Sprint(c.conns), "-warmup", "3s", "-duration", "5s"}
					p := run(append(common, "-url", peer+c.peerPath, "-body", c.peerBody, "-header", "X-User-Id: u{user}",
						"-rotate-users", "100", "-pid", fmt.Sprint(peerPID))...)
					o := run(append(common, "-url", ours.url+c.ourPath, "-body", c.ourBody, "-method", c.method,
						"-header", "Authorization: Bearer {user}", "-users", tokens, "-pid", fmt.Sprint(ours.cmd.Process.Pid))...)
					rate, p99 = append(rate, o.PerSecond/p.PerSecond), append(p99, p.Latency["p99"]/o.Latency["p99"])
					cpu, ourRate, ourCPU = append(cpu, p.CPU/o.CPU), append(ourRate, o.PerSecond), append(ourCPU, o.CPU)
				}
			}
			b.ReportMetric(median(rate), "×rate")
			b.ReportMetric(median(p99), "÷p99")
			b.ReportMetric(median(cpu), "÷cpu")
			b.ReportMetric(median(ourRate), "req/s")
			b.ReportMetric(median(ourCPU), "cpu-µs/req")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkIdleSockets reports the resident memory of one of 10,000 idle session
// sockets, each of a user of its own, after the objects behind them have left memory.
func BenchmarkIdleSockets(b *testing.B) {
	const sockets = 10_000
	run := generator(b)
	for b.Loop() {
		p := serve(b, b.TempDir(), "--limit", "default=1000000000/1h")
		tokens := guests(b, p, sockets)
		p.kill()
		again := serve(b, p.data, "--limit", "default=1000000000/1h") // memory as after a start
		l := run("connect", "-url", "ws"+strings.TrimPrefix(again.url, "http")+"/ws/session", "-n", fmt.Sprint(sockets), "-hold", "20s",
			"-ready", "session_connected", "-header", "Authorization: Bearer {user}", "-users", tokens, "-pid", fmt.Sprint(again.cmd.Process.Pid))
		b.ReportMetric(l.PerConn, "B/socket")
		b.ReportMetric(0, "ns/op")
		again.kill()
	}
}
