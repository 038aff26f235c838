package main

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func TestQueues(t *testing.T) {
	for _, c := range []struct{ cores, given, want int }{
		{1, 1, 2}, {2, 2, 4}, {3, 3, 4}, {4, 4, 4}, {16, 16, 16}, // a whole machine
		{16, 2, 2}, {2, 1, 1}, // a quota
	} {
		if got := queues(c.cores, c.given); got != c.want {
			t.Errorf("%d of %d cores: %d queues, want %d", c.given, c.cores, got, c.want)
		}
	}
}

// Whoever starts the program has the last word.
func TestTuneHeedsEnvironment(t *testing.T) {
	procs, percent := runtime.GOMAXPROCS(0), debug.SetGCPercent(77)
	defer func() {
		runtime.GOMAXPROCS(procs)
		debug.SetGCPercent(percent)
	}()
	runtime.GOMAXPROCS(3)
	tune(func(name string) string { return map[string]string{"GOGC": "77", "GOMAXPROCS": "3"}[name] })
	if got := debug.SetGCPercent(77); got != 77 || runtime.GOMAXPROCS(0) != 3 {
		t.Errorf("GOGC %d, GOMAXPROCS %d", got, runtime.GOMAXPROCS(0))
	}
	tune(func(string) string { return "" })
	if got := debug.SetGCPercent(77); got != gcPercent {
		t.Errorf("GOGC %d, want %d", got, gcPercent)
	}
}
