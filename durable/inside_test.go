package durable

import (
	"context"
	"net"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"
)

// An index is a store of nothing but alarms, each page of which waits for a token.
type index struct {
	Store
	pages chan []AlarmRef
}

func (x index) Alarms(context.Context, AlarmRef, int) ([]AlarmRef, error) { return <-x.pages, nil }

// A page of the index that was asked for before the clock was told to begin anew is not
// taken for what is there now.
func TestRescanWhileReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := index{pages: make(chan []AlarmRef)}
		c := newAlarmClock(&Runtime{store: x, life: t.Context()})
		done := make(chan struct{})
		go func() {
			defer close(done)
			if _, err := c.fill(); err != nil {
				t.Error(err)
			}
		}()
		synctest.Wait()
		c.rescan()
		x.pages <- nil
		go func() { x.pages <- []AlarmRef{{Due: time.Now().UnixMilli() + 1000, Name: "gained"}} }()
		<-done
		if len(c.window) != 1 {
			t.Errorf("%d alarms in the window, want that of the partition that was gained", len(c.window))
		}
		if !t.Failed() {
			return
		}
		<-x.pages
	})
}

func peerFor(t *testing.T) *Peer {
	h := &hosted{kind: &kind{socket: &socketKind{maxQueue: 10_000}}}
	return &Peer{h: h, gateway: &gateway{rt: &Runtime{}}}
}

// Messages that replace each other stay within the bounds of the queue, even if they
// grow.
func TestCoalescedGrow(t *testing.T) {
	p := peerFor(t)
	for _, size := range []int{1, 500} {
		for i := range 100 {
			p.push(queued{frame: newFrame(opText, make([]byte, size)), coalesce: string(rune('a' + i))})
		}
	}
	if p.queued > 10_000 || !p.closing {
		t.Errorf("%d bytes wait in a queue of 10000, closing: %t", p.queued, p.closing)
	}
}

// A connection that comes when its socket has been given up is closed.
func TestOpenAfterDrop(t *testing.T) {
	p := peerFor(t)
	ours, theirs := net.Pipe()
	p.drop()
	p.open(ours)
	theirs.SetReadDeadline(time.Now().Add(10 * time.Second))
	if _, err := theirs.Read(make([]byte, 1)); err == nil || err.Error() != "EOF" {
		t.Errorf("reading from the other side: %v, want EOF", err)
	}
}

// Keys that are deleted relaxed leave memory whichever way the deletion goes to the
// store, and those deleted and set again do not.
func TestDeletedRelaxedIsForgotten(t *testing.T) {
	m := newMemory(nil, map[string]int64{}, 1<<20)
	in := &instance{h: &hosted{rt: &Runtime{store: taker{}}, kind: &kind{}}, mem: m}
	in.state.Store(live)
	in.h.rt.alarms = newAlarmClock(in.h.rt)
	in.listed = true
	event := func(f func()) {
		m.begin()
		f()
		if _, err := in.commit(); err != nil {
			t.Fatal(err)
		}
	}
	event(func() {
		cellOf[int](m, "a").set(1, false)
		cellOf[int](m, "b").set(1, false)
		cellOf[int](m, "c").set(1, false)
	})
	event(func() { cellOf[int](m, "a").delete(true); cellOf[int](m, "c").delete(true) })
	event(func() { cellOf[int](m, "b").set(2, false); cellOf[int](m, "c").set(3, false) })
	event(func() { cellOf[int](m, "b").delete(true) })
	in.flush()
	if len(m.entries) != 1 || m.entries["c"] == nil || m.bytes != len("c3") {
		t.Errorf("%d entries of %d bytes are left, want c alone", len(m.entries), m.bytes)
	}
}

// A taker takes every batch.
type taker struct{ Store }

func (taker) Submit(b *Batch) error {
	b.Done(nil)
	return nil
}

// Tries come later each time, within bounds, and not all at the same time.
func TestBackoff(t *testing.T) {
	for attempt := range 40 {
		middle := min(firstBackoff<<min(attempt, 20), longestWait)
		seen := map[time.Duration]bool{}
		for range 50 {
			d := backoff(attempt)
			if d < middle*3/4 || d > middle*5/4 {
				t.Fatalf("attempt %d: %v, want about %v", attempt, d, middle)
			}
			seen[d] = true
		}
		if len(seen) < 10 {
			t.Errorf("attempt %d: only %d different pauses of 50", attempt, len(seen))
		}
	}
}

// What an object leaves behind when it leaves memory must not share spans of the heap
// with what a socket keeps: a span with one Peer in it is not given back. Go has classes
// of 80, 96, 160 and 176 bytes; a Peer is of 176, gws keeps some of 96.
func TestSizeClasses(t *testing.T) {
	if n := unsafe.Sizeof(entry{}); n > 80 {
		t.Errorf("an entry has %d bytes, more than 80", n)
	}
	if n := unsafe.Sizeof(memory{}); n > 160 {
		t.Errorf("a memory has %d bytes, more than 160", n)
	}
	if n := unsafe.Sizeof(Peer{}); n <= 160 || n > 176 {
		t.Errorf("a Peer has %d bytes: look which classes are left to others", n)
	}
}
