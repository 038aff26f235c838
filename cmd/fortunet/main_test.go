package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
)

// A result is what one run of the program left behind.
type result struct {
	code           int
	stdout, stderr string
}

// fortunetRun runs the program in this process, with an environment and an input.
func fortunetRun(t *testing.T, env map[string]string, stdin io.Reader, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), args, func(name string) string { return env[name] }, stdin, &stdout, &stderr)
	return result{code, stdout.String(), stderr.String()}
}

func TestVersion(t *testing.T) {
	got := fortunetRun(t, nil, strings.NewReader(""), "version")
	if got.code != exitOK || got.stderr != "" {
		t.Fatalf("got %+v", got)
	}
	for _, want := range []string{"fortunet ", "charts 2", "time zones 2025c", "go1."} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("%q lacks %q", got.stdout, want)
		}
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"chart", "--help"}} {
		got := fortunetRun(t, nil, strings.NewReader(""), args...)
		if got.code != exitOK || got.stderr != "" || !strings.Contains(got.stdout, "Usage: fortunet") {
			t.Errorf("%v: got %+v", args, got)
		}
	}
	got := fortunetRun(t, nil, strings.NewReader(""), "chart", "--help")
	for _, want := range []string{"$FORTUNET_ZONE", "$FORTUNET_HOROSCOPE_HOUR", "--zone=STRING", "--place=NAME"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("the help lacks %q:\n%s", want, got.stdout)
		}
	}
}

// Ensure a command line that makes no sense is told so, apart from one that fails.
func TestUsage(t *testing.T) {
	for _, args := range [][]string{
		{}, {"fly"}, {"chart"}, {"chart", "ziwei", "--colour=red"}, {"chart", "ziwei", "--hour=noon"},
		{"chart", "ziwei", "--format=pdf"}, {"version", "please"},
	} {
		got := fortunetRun(t, nil, strings.NewReader(""), args...)
		if got.code != exitUsage || got.stdout != "" || !strings.HasPrefix(got.stderr, "fortunet: ") {
			t.Errorf("%v: got %+v", args, got)
		}
	}
}

// Ensure a program asked to stop does so though its input never ends.
func TestStops(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	in, hold := io.Pipe()
	defer hold.Close()
	done := make(chan int)
	var stderr bytes.Buffer
	go func() {
		done <- run(ctx, []string{"chart", "-"}, func(string) string { return "" }, in, io.Discard, &stderr)
	}()
	stop()
	if code := <-done; code != exitFailed {
		t.Errorf("status %d, want %d (%s)", code, exitFailed, stderr.String())
	}
}
