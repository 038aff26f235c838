package durabletest

// What stores promise of commits: order, wholeness, and what a random history leaves.

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/fortunet/fortunet/durable"
)

// Batches of one object take effect and are done in the order of Submit, while
// other objects are busy too.
func testDoneOrder(t *testing.T, tr *trial) {
	const batches = 300
	var wg sync.WaitGroup
	for w := range 4 {
		id := durable.ID{Type: "t", Name: fmt.Sprint(w)}
		wg.Go(func() {
			var mu sync.Mutex
			var order []int
			done := make(chan error, batches)
			for i := range batches {
				b := &durable.Batch{ID: id, Keys: []durable.KeyOp{set("n", fmt.Sprint(i)), unset(fmt.Sprint(i - 1)), set(fmt.Sprint(i), "")}}
				if tr.h.Epoch != nil {
					b.Epoch = tr.h.Epoch(id)
				}
				b.Done = func(err error) {
					mu.Lock()
					order = append(order, i)
					mu.Unlock()
					done <- err
				}
				if err := tr.store.Submit(b); err != nil {
					t.Errorf("Submit: %v", err)
					return
				}
			}
			for range batches {
				if err := <-done; err != nil {
					t.Errorf("Done: %v", err)
				}
			}
			if !slices.IsSorted(order) {
				t.Errorf("Done came in the order %v", order)
			}
		})
	}
	wg.Wait()
	last := fmt.Sprint(batches - 1)
	for w := range 4 {
		tr.want(t, durable.ID{Type: "t", Name: fmt.Sprint(w)}, last, "", "n", last)
	}
}

// Whoever sees a part of a batch sees the rest of it.
func testWhole(t *testing.T, tr *trial) {
	const objects = 200
	var wg sync.WaitGroup
	var finished atomic.Bool
	wg.Go(func() {
		for !finished.Load() {
			for _, ref := range tr.alarms(t, durable.AlarmRef{}, objects) {
				names := tr.list(t, "t", "", objects)
				if _, ok := slices.BinarySearch(names, ref.ID.Name); !ok {
					t.Errorf("%s has an alarm and no keys", ref.ID)
				}
				if got := tr.log(t, ref.ID, "l", 0, 10, 10, false); len(got) != 2 {
					t.Errorf("%s has an alarm and %d records, want 2", ref.ID, len(got))
				}
			}
		}
	})
	for i := range objects {
		tr.commit(t, &durable.Batch{ID: durable.ID{Type: "t", Name: fmt.Sprintf("%03d", i)}, Keys: []durable.KeyOp{set("k", "v")},
			Logs: []durable.LogOp{record("l", 1, "a"), record("l", 2, "b")}, Alarms: []durable.AlarmOp{{Name: "a", New: 1}}})
	}
	finished.Store(true)
	wg.Wait()
}

func testConcurrent(t *testing.T, tr *trial) {
	const writers, batches = 32, 20
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			id := durable.ID{Type: "t", Name: fmt.Sprint(w)}
			for i := range batches {
				done := make(chan error, 1)
				b := &durable.Batch{ID: id, Keys: []durable.KeyOp{set(fmt.Sprint("k", i), fmt.Sprint(w, i))}, Done: func(err error) { done <- err }}
				if tr.h.Epoch != nil {
					b.Epoch = tr.h.Epoch(id)
				}
				if err := tr.store.Submit(b); err != nil {
					t.Errorf("Submit: %v", err)
					return
				}
				if err := <-done; err != nil {
					t.Errorf("Done: %v", err)
				}
				kvs, err := tr.store.Load(t.Context(), id)
				if err != nil || len(kvs) != i+1 {
					t.Errorf("Load %s: %d keys, %v; want %d", id, len(kvs), err, i+1)
				}
			}
		})
	}
	wg.Wait()
	tr.reopen(t)
	for w := range writers {
		var want []string
		for i := range batches {
			want = append(want, fmt.Sprint("k", i))
		}
		slices.Sort(want)
		var got []string
		for _, kv := range tr.load(t, durable.ID{Type: "t", Name: fmt.Sprint(w)}) {
			got = append(got, kv.Key)
		}
		same(t, "keys", got, want)
	}
}

func testBigValues(t *testing.T, tr *trial) {
	big := bytes.Repeat([]byte("0123456789abcdef"), 4<<20/16)
	rand.NewChaCha8([32]byte{1}).Read(big[:2<<20]) // half of it does not compress
	for i := range 4 {
		tr.commit(t, &durable.Batch{ID: anna, Keys: []durable.KeyOp{{Key: fmt.Sprint(i), Value: big}},
			Logs: []durable.LogOp{{Log: "l", Index: uint64(i), Value: big}}})
	}
	for range 2 {
		kvs := tr.load(t, anna)
		records := tr.log(t, anna, "l", 0, 10, 10, true)
		if len(kvs) != 4 || len(records) != 4 {
			t.Fatalf("%d keys and %d records, want 4 and 4", len(kvs), len(records))
		}
		for i := range 4 {
			if !bytes.Equal(kvs[i].Value, big) || !bytes.Equal(records[i].Value, big) {
				t.Errorf("big value %d came back changed", i)
			}
		}
		tr.reopen(t)
	}
}

// What Load and Log return belongs to the caller, and what a batch pointed to
// belongs to its owner again after Done.
func testCopies(t *testing.T, tr *trial) {
	value := []byte("value")
	tr.commit(t, &durable.Batch{ID: anna, Keys: []durable.KeyOp{{Key: "k", Value: value}}, Logs: []durable.LogOp{{Log: "l", Index: 1, Value: value}}})
	copy(value, "XXXXX")
	for range 2 {
		kvs, records := tr.load(t, anna), tr.log(t, anna, "l", 0, 2, 1, false)
		if got := string(kvs[0].Value) + string(records[0].Value); got != "valuevalue" {
			t.Fatalf("stored %q, want valuevalue", got)
		}
		copy(kvs[0].Value, "YYYYY")
		copy(records[0].Value, "YYYYY")
	}
}

func testCancelled(t *testing.T, tr *trial) {
	tr.commit(t, &durable.Batch{ID: anna, Keys: []durable.KeyOp{set("a", "1")}})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, loadErr := tr.store.Load(ctx, anna)
	_, logErr := tr.store.Log(ctx, anna, "l", 0, 1, 1, false)
	_, listErr := tr.store.List(ctx, "person", "", 1)
	_, alarmsErr := tr.store.Alarms(ctx, durable.AlarmRef{}, 1)
	for i, err := range []error{loadErr, logErr, listErr, alarmsErr} {
		if err == nil {
			t.Errorf("read %d went on although its context was cancelled", i)
		}
	}
	tr.want(t, anna, "a", "1")
}

func testCloseWaits(t *testing.T, tr *trial) {
	var waits []<-chan error
	for i := range 200 {
		waits = append(waits, tr.submit(t, &durable.Batch{ID: anna, Keys: []durable.KeyOp{set("n", fmt.Sprint(i))}}))
	}
	if err := tr.store.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	for i, done := range waits {
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("batch %d: %v", i, err)
			}
		default:
			t.Fatalf("Close returned before Done of batch %d", i)
		}
	}
	tr.reopen(t)
	tr.want(t, anna, "n", "199")
}

func testClosed(t *testing.T, tr *trial) {
	tr.commit(t, &durable.Batch{ID: anna, Keys: []durable.KeyOp{set("a", "1")}})
	for range 2 {
		if err := tr.store.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	if err := tr.store.Submit(&durable.Batch{ID: anna, Done: func(error) { t.Error("Done of a refused batch") }}); err == nil {
		t.Error("a closed store took a batch")
	}
	if _, err := tr.store.Load(t.Context(), anna); err == nil {
		t.Error("a closed store loaded an object")
	}
	if _, err := tr.store.List(t.Context(), "person", "", 1); err == nil {
		t.Error("a closed store listed objects")
	}
	tr.reopen(t)
	tr.want(t, anna, "a", "1")
}

// A long random history reads at every step as it does in the memory store.
func testModel(t *testing.T, tr *trial) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	model := &trial{store: NewMemStore()}
	m := &modelRun{rnd: rnd, ids: []durable.ID{anna, bert, {Type: "person", Name: ""}, {Type: "person\x00", Name: "anna"}, {Type: "person", Name: "anna\x00"}},
		next: make(map[durable.ID]uint64), due: make(map[durable.AlarmRef]int64)}
	for step := range 400 {
		var here, there []*durable.Batch
		for range 1 + rnd.IntN(5) {
			b := m.batch()
			twin := *b
			here, there = append(here, b), append(there, &twin)
		}
		tr.commit(t, here...)
		model.commit(t, there...)
		if step%100 == 99 {
			tr.reopen(t)
		}
		if step%5 == 0 {
			m.compare(t, tr, model)
		}
	}
	m.compare(t, tr, model)
}

// A modelRun makes random batches such as the runtime could.
type modelRun struct {
	rnd  *rand.Rand
	ids  []durable.ID
	next map[durable.ID]uint64      // the next log index
	due  map[durable.AlarmRef]int64 // when alarms (Due not set) are due
}

func (m *modelRun) batch() *durable.Batch {
	letters := []string{"", "a", "a\x00", "b", "\xff", "\x00", "c"}
	pick := func() string { return letters[m.rnd.IntN(len(letters))] }
	b := &durable.Batch{ID: m.ids[m.rnd.IntN(len(m.ids))], Clear: m.rnd.IntN(12) == 0}
	for range m.rnd.IntN(5) {
		b.Keys = append(b.Keys, durable.KeyOp{Key: pick() + pick(), Value: fmt.Append(nil, m.rnd.Uint32()), Delete: m.rnd.IntN(3) == 0})
	}
	for range m.rnd.IntN(4) {
		m.next[b.ID]++
		b.Logs = append(b.Logs, record(pick(), m.next[b.ID], fmt.Sprint(m.rnd.Uint32())))
	}
	if next := m.next[b.ID]; next > 10 && len(b.Logs) == 0 {
		from := m.rnd.Uint64N(next)
		b.Trims = append(b.Trims, durable.LogTrim{Log: pick(), From: from, Before: from + m.rnd.Uint64N(200)})
	}
	for range m.rnd.IntN(3) {
		ref := durable.AlarmRef{ID: b.ID, Name: pick()}
		op := durable.AlarmOp{Name: ref.Name, Old: m.due[ref], New: m.rnd.Int64N(4)}
		m.due[ref] = op.New
		b.Alarms = append(b.Alarms, op)
	}
	return b
}

func (m *modelRun) compare(t *testing.T, tr, model *trial) {
	t.Helper()
	for _, id := range m.ids {
		same(t, fmt.Sprintf("keys of %q", id), tr.load(t, id), model.load(t, id))
		same(t, "list", tr.list(t, id.Type, "", 100), model.list(t, id.Type, "", 100))
		for _, log := range []string{"", "a", "a\x00", "b"} {
			from, limit, reverse := m.rnd.Uint64N(50), 1+m.rnd.IntN(300), m.rnd.IntN(2) == 0
			same(t, "log", tr.log(t, id, log, from, from+500, limit, reverse), model.log(t, id, log, from, from+500, limit, reverse))
		}
	}
	same(t, "alarms", tr.alarms(t, durable.AlarmRef{}, 1000), model.alarms(t, durable.AlarmRef{}, 1000))
}
