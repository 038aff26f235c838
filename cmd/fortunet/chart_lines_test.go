package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// echo answers a line with its length and beginning; one that begins with ! is bad.
func echo(out, line []byte) ([]byte, bool) {
	out = fmt.Appendf(out, "%d:%.8s", len(line), line)
	return out, !bytes.HasPrefix(line, []byte("!"))
}

func consoleOf(ctx context.Context) *console { return &console{Context: ctx} }

func TestPumpKeepsOrder(t *testing.T) {
	var in, want strings.Builder
	for i := range 20_000 {
		line := fmt.Sprintf("%d-%s", i, strings.Repeat("x", i%97))
		in.WriteString(line + "\n")
		fmt.Fprintf(&want, "%d:%.8s\n", len(line), line)
	}
	for _, workers := range []int{1, 2, 7} {
		var out bytes.Buffer
		bad, err := pump(consoleOf(t.Context()), strings.NewReader(in.String()), &out, workers, echo)
		if err != nil || bad != 0 {
			t.Fatalf("%d workers: %d bad, %v", workers, bad, err)
		}
		if out.String() != want.String() {
			t.Errorf("%d workers: the answers are not in the order of the lines", workers)
		}
	}
}

func TestPumpLines(t *testing.T) {
	for _, test := range []struct {
		name, in, want string
		bad            int
	}{
		{"nothing", "", "", 0},
		{"no end", "a\nbb", "1:a\n2:bb\n", 0},
		{"blank lines", "\n \t\na\n\r\n\nb\n\n", "1:a\n1:b\n", 0},
		{"bad ones", "a\n!\nb\n!\n", "1:a\n1:!\n1:b\n1:!\n", 2},
		{"longest", strings.Repeat("x", maxLine) + "\na\n", fmt.Sprintf("%d:xxxxxxxx\n1:a\n", maxLine), 0},
		{"too long", strings.Repeat("x", maxLine+1) + "\na\n", fmt.Sprintf("%d:xxxxxxxx\n1:a\n", maxLine+1), 0},
		{"far too long", strings.Repeat("x", 5*maxLine) + "\na", fmt.Sprintf("%d:xxxxxxxx\n1:a\n", maxLine+2), 0},
	} {
		var out bytes.Buffer
		bad, err := pump(consoleOf(t.Context()), strings.NewReader(test.in), &out, 2, echo)
		if err != nil || bad != test.bad || out.String() != test.want {
			t.Errorf("%s: got %d bad, %v, %.60q, want %d bad, %.60q", test.name, bad, err, out.String(), test.bad, test.want)
		}
	}
}

// Ensure who sends a line and waits for its answer gets it.
func TestPumpAnswersAtOnce(t *testing.T) {
	in, send := io.Pipe()
	receive, out := io.Pipe()
	done := make(chan error, 1)
	go func() {
		_, err := pump(consoleOf(t.Context()), in, out, 2, echo)
		out.Close()
		done <- err
	}()
	answers := bufio.NewReader(receive)
	for _, line := range []string{"a", "bb", "ccc"} {
		if _, err := io.WriteString(send, line+"\n"); err != nil {
			t.Fatal(err)
		}
		got, err := answers.ReadString('\n')
		if want := fmt.Sprintf("%d:%s\n", len(line), line); got != want || err != nil {
			t.Fatalf("got %q, %v, want %q", got, err, want)
		}
	}
	send.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// stuck is output that nobody takes until it is released.
type stuck struct{ released chan struct{} }

func (s stuck) Write(p []byte) (int, error) {
	<-s.released
	return len(p), nil
}

// endless is input without an end that counts how much of it was taken.
type endless struct{ taken atomic.Int64 }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	p[len(p)-1] = '\n'
	e.taken.Add(int64(len(p)))
	return len(p), nil
}

// Ensure no more is read than may wait in memory while nobody takes the answers.
func TestPumpIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const workers = 2
		ctx, stop := context.WithCancel(t.Context())
		var in endless
		out := stuck{make(chan struct{})}
		done := make(chan struct{})
		go func() {
			defer close(done)
			pump(consoleOf(ctx), &in, out, workers, echo)
		}()
		synctest.Wait() // until all stand still
		// Each read is a batch: those in the queue, one being written, one that waits
		// to get in.
		if got, most := in.taken.Load(), int64(2*workers+2)*batchBytes; got > most || got == 0 {
			t.Errorf("%d bytes were read, want no more than %d", got, most)
		}
		stop()
		close(out.released)
		<-done
	})
}

type failing struct{ error }

func (f failing) Write([]byte) (int, error) { return 0, f.error }
func (f failing) Read([]byte) (int, error)  { return 0, f.error }

func TestPumpFailures(t *testing.T) {
	broken := errors.New("broken pipe")
	lines := strings.NewReader(strings.Repeat("a\n", 200_000))
	if _, err := pump(consoleOf(t.Context()), lines, failing{broken}, 2, echo); !errors.Is(err, broken) {
		t.Errorf("writing: got %v", err)
	}
	in := io.MultiReader(strings.NewReader("a\n"), failing{broken})
	var out bytes.Buffer
	if _, err := pump(consoleOf(t.Context()), in, &out, 2, echo); !errors.Is(err, broken) || out.String() != "1:a\n" {
		t.Errorf("reading: got %q, %v", out.String(), err)
	}
}

// With -, a flag that would change nothing is a mistake; the language is that of lines
// which name none.
func TestChartLinesFlags(t *testing.T) {
	const line = `{"chartType":"ziwei","birthDate":"1990-05-17","timeIndex":7,"gender":"female"}` + "\n"
	for _, c := range []struct {
		flags []string
		want  string // in the answer
		code  int
	}{
		{nil, `"language":"zh-TW"`, exitOK},
		{[]string{"--language=en"}, `"language":"en"`, exitOK},
		{[]string{"--format=json"}, `"language":"zh-TW"`, exitOK},
		{[]string{"--format=svg"}, "", exitUsage}, {[]string{"--gender=male"}, "", exitUsage}, {[]string{"--width", "500"}, "", exitUsage},
		{[]string{"--option=fixLeap=false"}, "", exitUsage}, {[]string{"--language=fr"}, "", exitUsage},
	} {
		got := fortunetRun(t, map[string]string{"FORTUNET_FORMAT": "svg", "FORTUNET_WIDTH": "500"}, strings.NewReader(line), append([]string{"chart", "-"}, c.flags...)...)
		if got.code != c.code || !strings.Contains(got.stdout, c.want) || (got.stdout == "") != (c.want == "") || (got.stderr == "") != (c.code == exitOK) {
			t.Errorf("%v: status %d, %.80q, %q", c.flags, got.code, got.stdout, got.stderr)
		}
	}
}
