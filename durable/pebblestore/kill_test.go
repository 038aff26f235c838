package pebblestore

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"
)

// writeUntilKilled writes histories without end and prints a line for each batch that
// is durable.
func writeUntilKilled(dir string) {
	s, err := Open(dir, Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var mu sync.Mutex
	out := bufio.NewWriter(os.Stdout)
	var wg sync.WaitGroup
	for w := range killWriters {
		h := newHistory(fmt.Sprint(w), 1000*w)
		kvs, err := s.Load(context.Background(), h.id)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if len(kvs) > 0 {
			fmt.Sscan(string(kvs[len(kvs)-1].Value), &h.next)
			h.next++
		}
		wg.Go(func() {
			for window := make(chan struct{}, 8); ; h.next++ {
				window <- struct{}{}
				b, i := h.batch(h.next), h.next
				b.Done = func(err error) {
					if err == nil {
						mu.Lock()
						fmt.Fprintln(out, w, i)
						out.Flush()
						mu.Unlock()
					}
					<-window
				}
				if err := s.Submit(b); err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
			}
		})
	}
	wg.Wait()
}

const killWriters = 4

// A process that is killed again and again while it writes loses nothing that it said
// was durable.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	hs := make([]*history, killWriters)
	for w := range hs {
		hs[w] = newHistory(fmt.Sprint(w), 1000*w)
	}
	rounds := 8
	if testing.Short() {
		rounds = 2
	}
	total := 0
	for range rounds {
		cmd := child(t, "write", dir)
		cmd.Stderr = t.Output()
		pipe, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(pipe)
		stop := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() }) // should it hang
		for left := 200 + rand.IntN(800); left > 0 && lines.Scan(); left-- {
			note(t, hs, lines.Text())
			total++
		}
		cmd.Process.Kill() // SIGKILL
		for lines.Scan() {
			note(t, hs, lines.Text())
		}
		cmd.Wait()
		stop.Stop()

		s := openTest(t, dir)
		for _, h := range hs {
			h.maximum = h.known + 8 // so many are on their way at once
			h.check(t, s)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if total < 200*rounds {
		t.Errorf("only %d batches in %d rounds", total, rounds)
	}
}

func note(t *testing.T, hs []*history, line string) {
	var w, i int
	if n, _ := fmt.Sscan(line, &w, &i); n != 2 {
		return // cut in the middle by the kill
	}
	if i <= hs[w].known {
		t.Errorf("batch %d of %d after %d", i, w, hs[w].known)
	}
	hs[w].known = i
}
