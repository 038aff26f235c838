package pebblestore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"reflect"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/fortunet/fortunet/durable"
)

// storeDir is where the store of a test lies on its file system.
const storeDir = "/store"

// openOn opens a store on a file system of the test's own, with small tables so that
// a short history flushes and compacts.
func openOn(t testing.TB, fs vfs.FS, tune ...func(*Store)) (*Store, error) {
	t.Helper()
	if err := fs.MkdirAll(storeDir, 0o755); err != nil {
		t.Fatal(err)
	}
	// The directory itself must survive a crash.
	if root, err := fs.OpenDir("/"); err == nil {
		root.Sync()
		root.Close()
	}
	o := Options{CacheBytes: 1 << 20, Logger: slog.New(slog.NewTextHandler(t.Output(), nil))}
	return open(storeDir, o, fs, func(s *Store) {
		s.backoff = backoff{first: time.Millisecond, most: 10 * time.Millisecond}
		s.tune = func(o *pebble.Options) {
			o.MemTableSize = 64 << 10
			o.WALBytesPerSync = 0
		}
		for _, f := range tune {
			f(s)
		}
	})
}

// tiny lets a store flush and compact after a few kilobytes.
func tiny(s *Store) {
	s.tune = func(o *pebble.Options) {
		o.MemTableSize = 16 << 10
		o.WALBytesPerSync = 0
	}
}

func mustOpenOn(t testing.TB, fs vfs.FS, tune ...func(*Store)) *Store {
	t.Helper()
	s, err := openOn(t, fs, tune...)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return s
}

// A history is what one object's writer did and what came of it. Batch i sets key "n"
// to i, a key of its own, a record i and an alarm, each of which says i, and forgets
// what batch i-3 left; so each state of the object tells which batches made it.
type history struct {
	id      durable.ID
	fill    []byte
	next    int // number of the next batch
	known   int // the last batch that is certainly durable; 0: none
	maximum int // the last batch that may be
}

func newHistory(name string, fill int) *history {
	h := &history{id: durable.ID{Type: "history\x00", Name: name}, fill: make([]byte, fill), next: 1}
	rand.NewChaCha8([32]byte{byte(len(name))}).Read(h.fill) // so that tables get as big as they look
	return h
}

func (h *history) batch(i int) *durable.Batch {
	value := append([]byte(strconv.Itoa(i)+" "), h.fill...)
	b := &durable.Batch{
		ID:     h.id,
		Keys:   []durable.KeyOp{{Key: "n", Value: []byte(strconv.Itoa(i))}, {Key: key(i), Value: value}},
		Logs:   []durable.LogOp{{Log: "l", Index: uint64(i), Value: value}},
		Alarms: []durable.AlarmOp{{Name: key(i), New: int64(i)}},
	}
	if old := i - 3; old > 0 {
		b.Keys = append(b.Keys, durable.KeyOp{Key: key(old), Delete: true})
		b.Trims = []durable.LogTrim{{Log: "l", From: 0, Before: uint64(i - 2)}}
		b.Alarms = append(b.Alarms, durable.AlarmOp{Name: key(old), Old: int64(old)})
	}
	return b
}

func key(i int) string { return fmt.Sprintf("k%06d", i) }

// write submits up to count batches without waiting between them, and waits for all.
// It checks that they end in order: well, then badly or refused. It returns the first
// error.
func (h *history) write(t testing.TB, s *Store, count int) (failure error) {
	t.Helper()
	type end struct {
		i   int
		err error
	}
	ends := make(chan end, count)
	submitted := 0
	for range count {
		i := h.next
		b := h.batch(i)
		b.Done = func(err error) { ends <- end{i, err} }
		if err := s.Submit(b); err != nil {
			if !errors.Is(err, durable.ErrStore) {
				t.Errorf("Submit: %v, want ErrStore", err)
			}
			failure = err
			break
		}
		submitted++
		h.next++
		h.maximum = i
	}
	last := 0
	var refused error = failure
	failure = nil
	for range submitted {
		select {
		case e := <-ends:
			switch {
			case e.i < last:
				t.Errorf("Done of batch %d came after that of %d", e.i, last)
			case e.err == nil && failure != nil:
				t.Errorf("batch %d is well though one before it failed: %v", e.i, failure)
			case e.err == nil:
				h.known = e.i
			case failure == nil:
				failure = e.err
			}
			last = e.i
		case <-time.After(time.Minute):
			t.Fatal("Done was not called")
		}
	}
	if failure != nil && !errors.Is(failure, durable.ErrUnknown) {
		t.Errorf("Done got %v, want ErrUnknown", failure)
	}
	if failure == nil {
		failure = refused
	}
	return failure
}

// recover loads the object as soon as the store lets it, and checks it.
func (h *history) recover(t testing.TB, s *Store) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		f, err := h.read(s)
		if err == nil {
			h.compare(t, f)
			return
		}
		if !errors.Is(err, durable.ErrStore) {
			t.Fatalf("%v, want ErrStore", err)
		}
		if time.Now().After(deadline) {
			t.Fatalf("the store did not come back: %v", err)
		}
		<-time.After(time.Millisecond)
	}
}

// A finding is what a store has of a history.
type finding struct {
	kvs     []durable.KV
	records []durable.Record
	alarms  []durable.AlarmRef
}

// read reads everything there is of a history. A flush in the background may find the
// disk broken between two reads, and the store is then opened again over what was
// durable; so the keys are read once more at the end, and if they are others by then
// that is an ErrStore like any other.
func (h *history) read(s *Store) (f finding, err error) {
	ctx := context.Background()
	if f.kvs, err = s.Load(ctx, h.id); err != nil {
		return f, fmt.Errorf("Load: %w", err)
	}
	if f.records, err = s.Log(ctx, h.id, "l", 0, 1<<62, 1<<30, false); err != nil {
		return f, fmt.Errorf("Log: %w", err)
	}
	all, err := s.Alarms(ctx, durable.AlarmRef{}, 1<<30)
	if err != nil {
		return f, fmt.Errorf("Alarms: %w", err)
	}
	for _, ref := range all {
		if ref.ID == h.id {
			f.alarms = append(f.alarms, ref)
		}
	}
	again, err := s.Load(ctx, h.id)
	switch {
	case err != nil:
		return f, fmt.Errorf("Load: %w", err)
	case !reflect.DeepEqual(again, f.kvs):
		return f, fmt.Errorf("the store was opened again between two reads: %w", durable.ErrStore)
	}
	return f, nil
}

// check compares what is stored with the history, in a store that is well.
func (h *history) check(t testing.TB, s *Store) {
	t.Helper()
	f, err := h.read(s)
	if err != nil {
		t.Fatal(err)
	}
	h.compare(t, f)
}

// compare compares what was found with the history: everything known to be durable is
// there, and no batch is there in part or without those before it. From then on what
// was found is what is known.
func (h *history) compare(t testing.TB, f finding) {
	t.Helper()
	kvs, records, alarms := f.kvs, f.records, f.alarms
	n := 0
	if len(kvs) > 0 {
		var err error
		if n, err = strconv.Atoi(string(kvs[len(kvs)-1].Value)); err != nil || kvs[len(kvs)-1].Key != "n" {
			t.Fatalf("the last key is %q", kvs[len(kvs)-1].Key)
		}
	}
	if n < h.known || n > h.maximum {
		t.Fatalf("%s: stored up to batch %d, want one of %d to %d", h.id.Name, n, h.known, h.maximum)
	}
	first := max(1, n-2)
	count := n - first + 1
	if len(kvs) != count+min(n, 1) || len(records) != count || len(alarms) != count {
		t.Fatalf("%s at batch %d: %d keys, %d records, %d alarms, want %d of each and n", h.id.Name, n, len(kvs), len(records), len(alarms), count)
	}
	for j := range count {
		i := first + j
		want := append([]byte(strconv.Itoa(i)+" "), h.fill...)
		if kvs[j].Key != key(i) || !bytes.Equal(kvs[j].Value, want) {
			t.Fatalf("%s at batch %d: key %d is %q", h.id.Name, n, j, kvs[j].Key)
		}
		if records[j].Index != uint64(i) || !bytes.Equal(records[j].Value, want) {
			t.Fatalf("%s at batch %d: record %d has index %d", h.id.Name, n, j, records[j].Index)
		}
		if alarms[j].Name != key(i) || alarms[j].Due != int64(i) {
			t.Fatalf("%s at batch %d: alarm %d is %v", h.id.Name, n, j, alarms[j])
		}
	}
	h.known, h.maximum, h.next = n, n, n+1
}

// writeAll lets several histories write at the same time and reports whether all
// went well.
func writeAll(t testing.TB, s *Store, hs []*history, count int) bool {
	t.Helper()
	var wg sync.WaitGroup
	errs := make([]error, len(hs))
	for i, h := range hs {
		wg.Go(func() { errs[i] = h.write(t, s, count) })
	}
	wg.Wait()
	return errors.Join(errs...) == nil
}
