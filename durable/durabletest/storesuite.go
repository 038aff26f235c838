// Package durabletest proves that stores keep the promises of package durable, and
// holds a store in memory that can be made to break down for testing what rests on it.
package durabletest

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fortunet/fortunet/durable"
)

// A Harness is one empty store on which TestStore runs one test.
type Harness struct {
	Store durable.Store

	// Reopen ends the store and returns another one over what it left. The caller
	// closes the last one that it got.
	Reopen func(t *testing.T) durable.Store

	// Epoch returns the claim under which batches of an object are submitted; nil
	// means 0, for stores without a Placement.
	Epoch func(id durable.ID) uint64
}

// TestStore runs the promises of durable.Store against the stores that open returns.
// It calls open for every test; closing the stores is up to TestStore.
func TestStore(t *testing.T, open func(t *testing.T) Harness) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, *trial)
	}{
		{"Empty", testEmpty},
		{"Keys", testKeys},
		{"KeyOrder", testKeyOrder},
		{"RepeatedKey", testRepeatedKey},
		{"OddNames", testOddNames},
		{"Clear", testClear},
		{"Log", testLog},
		{"LogTrim", testLogTrim},
		{"AlarmOrder", testAlarmOrder},
		{"AlarmMoves", testAlarmMoves},
		{"AlarmPages", testAlarmPages},
		{"ListPages", testListPages},
		{"DoneOrder", testDoneOrder},
		{"Whole", testWhole},
		{"Concurrent", testConcurrent},
		{"BigValues", testBigValues},
		{"ValuesAreCopies", testCopies},
		{"Cancelled", testCancelled},
		{"CloseWaits", testCloseWaits},
		{"Closed", testClosed},
		{"Model", testModel},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := open(t)
			tr := &trial{h: h, store: h.Store}
			defer func() {
				if err := tr.store.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			}()
			test.run(t, tr)
		})
	}
}

// A trial is one test's store with short words for using it.
type trial struct {
	h     Harness
	store durable.Store
}

// submit hands a batch over and returns a channel that gets what Done gets.
func (tr *trial) submit(t *testing.T, b *durable.Batch) <-chan error {
	t.Helper()
	done := make(chan error, 2) // room for a second call, which would be a fault of the store
	b.Done = func(err error) { done <- err }
	if tr.h.Epoch != nil {
		b.Epoch = tr.h.Epoch(b.ID)
	}
	if err := tr.store.Submit(b); err != nil {
		t.Fatalf("Submit %s: %v", b.ID, err)
	}
	return done
}

// commit submits batches one behind the other and waits for all of them.
func (tr *trial) commit(t *testing.T, batches ...*durable.Batch) {
	t.Helper()
	var waits []<-chan error
	for _, b := range batches {
		waits = append(waits, tr.submit(t, b))
	}
	for i, done := range waits {
		if err := await(t, done); err != nil {
			t.Fatalf("batch %d of %s: %v", i, batches[i].ID, err)
		}
	}
}

func await(t *testing.T, done <-chan error) error {
	t.Helper()
	select {
	case err := <-done:
		return err
	case <-time.After(30 * time.Second):
		t.Fatal("Done was not called")
		return nil
	}
}

func (tr *trial) reopen(t *testing.T) {
	t.Helper()
	tr.store = tr.h.Reopen(t)
}

func (tr *trial) load(t *testing.T, id durable.ID) []durable.KV {
	t.Helper()
	kvs, err := tr.store.Load(t.Context(), id)
	if err != nil {
		t.Fatalf("Load %q: %v", id, err)
	}
	return kvs
}

func (tr *trial) log(t *testing.T, id durable.ID, log string, from, before uint64, limit int, reverse bool) []durable.Record {
	t.Helper()
	records, err := tr.store.Log(t.Context(), id, log, from, before, limit, reverse)
	if err != nil {
		t.Fatalf("Log %q %q: %v", id, log, err)
	}
	return records
}

func (tr *trial) list(t *testing.T, typ, after string, limit int) []string {
	t.Helper()
	names, err := tr.store.List(t.Context(), typ, after, limit)
	if err != nil {
		t.Fatalf("List %q: %v", typ, err)
	}
	return names
}

func (tr *trial) alarms(t *testing.T, after durable.AlarmRef, limit int) []durable.AlarmRef {
	t.Helper()
	refs, err := tr.store.Alarms(t.Context(), after, limit)
	if err != nil {
		t.Fatalf("Alarms: %v", err)
	}
	return refs
}

// want compares what keys an object has with pairs of key and value.
func (tr *trial) want(t *testing.T, id durable.ID, pairs ...string) {
	t.Helper()
	var got []string
	for _, kv := range tr.load(t, id) {
		got = append(got, kv.Key, string(kv.Value))
	}
	same(t, fmt.Sprintf("keys of %q", id), got, pairs)
}

// same compares two lists; nil and empty are the same.
func same[T any](t *testing.T, what string, got, want []T) {
	t.Helper()
	if len(got) == 0 && len(want) == 0 || reflect.DeepEqual(got, want) {
		return
	}
	g, w := fmt.Sprintf("%#v", got), fmt.Sprintf("%#v", want)
	t.Fatalf("%s:\n got %.2000s\nwant %.2000s", what, g, w)
}

func set(key, value string) durable.KeyOp {
	return durable.KeyOp{Key: key, Value: []byte(value)}
}

func unset(key string) durable.KeyOp { return durable.KeyOp{Key: key, Delete: true} }

func record(log string, index uint64, value string) durable.LogOp {
	return durable.LogOp{Log: log, Index: index, Value: []byte(value)}
}

var (
	anna = durable.ID{Type: "person", Name: "anna"}
	bert = durable.ID{Type: "person", Name: "bert"}
)

func testEmpty(t *testing.T, tr *trial) {
	tr.want(t, anna)
	same(t, "log", tr.log(t, anna, "l", 0, math.MaxUint64, 10, false), nil)
	same(t, "list", tr.list(t, "person", "", 10), nil)
	same(t, "alarms", tr.alarms(t, durable.AlarmRef{}, 10), nil)
	tr.commit(t, &durable.Batch{ID: anna}) // a batch may hold nothing
	tr.want(t, anna)
	same(t, "list", tr.list(t, "person", "", 10), nil)
}

func testKeys(t *testing.T, tr *trial) {
	tr.commit(t, &durable.Batch{ID: anna, Keys: []durable.KeyOp{set("a", "1"), set("b", "2"), {Key: "c"}}})
	tr.commit(t, &durable.Batch{ID: bert, Keys: []durable.KeyOp{set("a", "x")}})
	tr.want(t, anna, "a", "1", "b", "2", "c", "")
	tr.commit(t, &durable.Batch{ID: anna, Keys: []durable.KeyOp{unset("a"), set("b", "3"), unset("never")}})
	tr.want(t, anna, "b", "3", "c", "")
	tr.want(t, bert, "a", "x")
	tr.reopen(t)
	tr.want(t, anna, "b", "3", "c", "")
	tr.want(t, bert, "a", "x")
	tr.commit(t, &durable.Batch{ID: anna, Keys: []durable.KeyOp{unset("b"), unset("c")}})
	tr.want(t, anna)
	same(t, "list", tr.list(t, "person", "", 10), []string{"bert"})
}

// Keys come in the order of their bytes, whatever bytes they are.
func testKeyOrder(t *testing.T, tr *trial) {
	b := &durable.Batch{ID: anna}
	for _, key := range rand.Perm(256) {
		b.Keys = append(b.Keys, set(string([]byte{byte(key)}), "x"), set(string([]byte{byte(key), 0}), "x"))
	}
	b.Keys = append(b.Keys, set("", "x"))
	tr.commit(t, b)
	var got, want []string
	for _, kv := range tr.load(t, anna) {
		got = append(got, kv.Key)
	}
	for _, op := range b.Keys {
		want = append(want, op.Key)
	}
	slices.Sort(want)
	same(t, "keys", got, want)
}

func testRepeatedKey(t *testing.T, tr *trial) {
	tr.commit(t, &durable.Batch{ID: anna, Keys: []durable.KeyOp{
		set("a", "1"), set("b", "1"), unset("a"), set("b", "2"), set("b", "3"), unset("c"), set("c", "1")}})
	tr.want(t, anna, "b", "3", "c", "1")
	tr.reopen(t)
	tr.want(t, anna, "b", "3", "c", "1")
}

// oddNames are strings that a careless encoding would mix up.
var oddNames = func() []string {
	names := []string{"", "/", "//", "a", "a/", "a/b", "a\x00", "a\x00\x00", "a\x00\x01", "a\x00\xff", "a\x01",
		"ab", "aa", "\x00\x00", "\x00\x01", "\x00\xff", "\xff\xff", "\xff\x00", "名前", "'; drop", `"\`, "%", "\xc3\x28",
		strings.Repeat("long", 200)}
	for b := range 256 {
		if s := string([]byte{byte(b)}); s != "a" && s != "/" && s != "%" {
			names = append(names, s)
		}
	}
	return names
}()

// Types, names, keys, logs and alarms may be any bytes and are never mixed up.
func testOddNames(t *testing.T, tr *trial) {
	var ids []durable.ID
	for i, s := range oddNames {
		ids = append(ids, durable.ID{Type: s, Name: "n"}, durable.ID{Type: "t", Name: s})
		if i%4 == 0 {
			ids = append(ids, durable.ID{Type: s, Name: s}, durable.ID{Type: "a", Name: s}, durable.ID{Type: s, Name: ""})
		}
	}
	slices.SortFunc(ids, func(a, b durable.ID) int {
		return durable.AlarmRef{ID: a}.Compare(durable.AlarmRef{ID: b})
	})
	ids = slices.Compact(ids)
	var batches []*durable.Batch
	for i, id := range ids {
		tag := fmt.Sprint(i)
		odd := oddNames[i%len(oddNames)]
		batches = append(batches, &durable.Batch{
			ID:     id,
			Keys:   []durable.KeyOp{set(odd, tag)},
			Logs:   []durable.LogOp{record(odd, 7, tag), record("", 8, tag)},
			Alarms: []durable.AlarmOp{{Name: odd, New: 1000}},
		})
	}
	tr.commit(t, batches...)
	for range 2 {
		for i, id := range ids {
			odd := oddNames[i%len(oddNames)]
			tr.want(t, id, odd, fmt.Sprint(i))
			records := []durable.Record{{Index: 7, Value: fmt.Append(nil, i)}}
			if odd == "" {
				records = append(records, durable.Record{Index: 8, Value: fmt.Append(nil, i)})
			}
			same(t, fmt.Sprintf("log %q of %q", odd, id), tr.log(t, id, odd, 0, 100, 9, false), records)
		}
		var names []string
		for _, id := range ids {
			if id.Type == "t" {
				names = append(names, id.Name)
			}
		}
		same(t, "list", tr.list(t, "t", "", len(ids)), names)
		var refs []durable.AlarmRef
		for i, id := range ids {
			refs = append(refs, durable.AlarmRef{Due: 1000, ID: id, Name: oddNames[i%len(oddNames)]})
		}
		same(t, "alarms", tr.alarms(t, durable.AlarmRef{}, len(ids)+1), refs)
		tr.reopen(t)
	}
	// Forgetting one object leaves its neighbours alone.
	tr.commit(t, &durable.Batch{ID: durable.ID{Type: "t", Name: "a"}, Clear: true})
	for i, id := range ids {
		if (id == durable.ID{Type: "t", Name: "a"}) {
			tr.want(t, id)
		} else {
			tr.want(t, id, oddNames[i%len(oddNames)], fmt.Sprint(i))
		}
	}
}

// Clear forgets keys and logs that were there before, and nothing of its own batch.
func testClear(t *testing.T, tr *trial) {
	fill := func(id durable.ID) *durable.Batch {
		return &durable.Batch{ID: id, Keys: []durable.KeyOp{set("a", "1"), set("b", "1")},
			Logs: []durable.LogOp{record("l", 1, "x"), record("m", 2, "y")}, Alarms: []durable.AlarmOp{{Name: "w", New: 5}}}
	}
	tr.commit(t, fill(anna), fill(bert), &durable.Batch{ID: anna, Clear: true,
		Keys: []durable.KeyOp{set("b", "2")}, Logs: []durable.LogOp{record("m", 3, "z")}})
	tr.reopen(t)
	tr.want(t, anna, "b", "2")
	same(t, "log l", tr.log(t, anna, "l", 0, 9, 9, false), nil)
	same(t, "log m", tr.log(t, anna, "m", 0, 9, 9, false), []durable.Record{{Index: 3, Value: []byte("z")}})
	tr.want(t, bert, "a", "1", "b", "1")
	same(t, "log of another", tr.log(t, bert, "l", 0, 9, 9, false), []durable.Record{{Index: 1, Value: []byte("x")}})
	tr.commit(t, &durable.Batch{ID: anna, Clear: true, Alarms: []durable.AlarmOp{{Name: "w", Old: 5}}})
	tr.want(t, anna)
	same(t, "list", tr.list(t, "person", "", 9), []string{"bert"})
	same(t, "alarms", tr.alarms(t, durable.AlarmRef{}, 9), []durable.AlarmRef{{Due: 5, ID: bert, Name: "w"}})
	tr.commit(t, fill(anna))
	tr.want(t, anna, "a", "1", "b", "1")

	// What was submitted just before is forgotten too, however much it is.
	big := &durable.Batch{ID: anna}
	for i := range uint64(1000) {
		big.Keys = append(big.Keys, set(fmt.Sprint("big", i), "x"))
		big.Logs = append(big.Logs, record("m", 10+i, "x"))
	}
	tr.commit(t, big, &durable.Batch{ID: anna, Clear: true, Keys: []durable.KeyOp{set("big5", "new")}})
	tr.want(t, anna, "big5", "new")
	same(t, "log m", tr.log(t, anna, "m", 0, 9999, 9999, false), nil)
	tr.want(t, bert, "a", "1", "b", "1")
}

func testLog(t *testing.T, tr *trial) {
	const top = math.MaxUint64
	indexes := []uint64{1, 2, 3, 10, 255, 256, 65536, 1 << 40, top - 1}
	b := &durable.Batch{ID: anna, Logs: []durable.LogOp{record("other", 2, "no"), record("l\x00", 2, "no")}}
	for _, i := range indexes {
		b.Logs = append(b.Logs, record("l", i, fmt.Sprint(i)))
	}
	tr.commit(t, b)
	for range 2 {
		for _, test := range []struct {
			from, before uint64
			limit        int
			reverse      bool
			want         []uint64
		}{
			{0, top, 100, false, indexes},
			{0, top, 3, false, indexes[:3]},
			{2, 256, 100, false, []uint64{2, 3, 10, 255}},
			{4, 10, 100, false, nil},
			{4, 11, 100, false, []uint64{10}},
			{10, 10, 100, false, nil},
			{20, 10, 100, false, nil},
			{0, 0, 100, false, nil},
			{0, top, 0, false, nil},
			{0, top, 2, true, []uint64{top - 1, 1 << 40}},
			{2, 256, 100, true, []uint64{255, 10, 3, 2}},
			{2, 256, 1, true, []uint64{255}},
			{20, 10, 100, true, nil},
			{top - 1, top, 1, true, []uint64{top - 1}},
		} {
			var want []durable.Record
			for _, i := range test.want {
				want = append(want, durable.Record{Index: i, Value: fmt.Append(nil, i)})
			}
			same(t, fmt.Sprintf("log %+v", test), tr.log(t, anna, "l", test.from, test.before, test.limit, test.reverse), want)
		}
		tr.reopen(t)
	}
}

func testLogTrim(t *testing.T, tr *trial) {
	b := &durable.Batch{ID: anna}
	for i := range uint64(1000) {
		b.Logs = append(b.Logs, record("l", i, "x"), record("k", i, "x"))
	}
	tr.commit(t, b)
	trim := func(from, before uint64) {
		t.Helper()
		tr.commit(t, &durable.Batch{ID: anna, Trims: []durable.LogTrim{{Log: "l", From: from, Before: before}}})
	}
	want := func(log string, count int, first, last uint64) {
		t.Helper()
		records := tr.log(t, anna, log, 0, math.MaxUint64, 2000, false)
		if len(records) != count || records[0].Index != first || records[count-1].Index != last {
			t.Fatalf("log %s has %d records, want %d from %d to %d", log, len(records), count, first, last)
		}
	}
	trim(0, 3)
	want("l", 997, 3, 999)
	trim(0, 600)
	want("l", 400, 600, 999)
	trim(700, 700)
	trim(700, 10)
	want("l", 400, 600, 999)
	trim(990, math.MaxUint64)
	want("l", 390, 600, 989)
	want("k", 1000, 0, 999)
	// An index is never given out twice, so what a batch appends is not what it trims.
	tr.commit(t, &durable.Batch{ID: anna, Logs: []durable.LogOp{record("l", 1000, "y")},
		Trims: []durable.LogTrim{{Log: "l", From: 600, Before: 601}}})
	tr.reopen(t)
	want("l", 390, 601, 1000)
	want("k", 1000, 0, 999)
}

func testAlarmOrder(t *testing.T, tr *trial) {
	var want []durable.AlarmRef
	for _, due := range []int64{math.MinInt64, -1, 1, 255, 256, 1 << 40, math.MaxInt64} {
		for _, id := range []durable.ID{{Type: "a", Name: "a"}, {Type: "a", Name: "a\x00"}, {Type: "a", Name: "b"}, {Type: "aa", Name: ""}} {
			for _, name := range []string{"", "x", "x\x00", "y"} {
				want = append(want, durable.AlarmRef{Due: due, ID: id, Name: name})
			}
		}
	}
	for _, i := range rand.Perm(len(want)) {
		ref := want[i]
		tr.commit(t, &durable.Batch{ID: ref.ID, Alarms: []durable.AlarmOp{{Name: ref.Name, New: ref.Due}}})
	}
	same(t, "alarms", tr.alarms(t, durable.AlarmRef{}, 1000), want)
	tr.reopen(t)
	same(t, "alarms", tr.alarms(t, durable.AlarmRef{}, 1000), want)
}

func testAlarmMoves(t *testing.T, tr *trial) {
	steps := []struct {
		op   durable.AlarmOp
		want []int64
	}{
		{durable.AlarmOp{Name: "w", New: 5}, []int64{5}},
		{durable.AlarmOp{Name: "w", Old: 5, New: 7}, []int64{7}},
		{durable.AlarmOp{Name: "w", Old: 7, New: 7}, []int64{7}},
		{durable.AlarmOp{Name: "w", Old: 7}, nil},
		{durable.AlarmOp{Name: "w", Old: 7}, nil},
		{durable.AlarmOp{Name: "w"}, nil},
	}
	for _, step := range steps {
		tr.commit(t, &durable.Batch{ID: anna, Alarms: []durable.AlarmOp{step.op}})
		var got []int64
		for _, ref := range tr.alarms(t, durable.AlarmRef{}, 10) {
			got = append(got, ref.Due)
		}
		same(t, fmt.Sprintf("alarms after %+v", step.op), got, step.want)
	}
	tr.commit(t, &durable.Batch{ID: anna, Alarms: []durable.AlarmOp{{Name: "a", New: 3}, {Name: "b", New: 3}, {Name: "a", Old: 3, New: 4}}})
	same(t, "alarms", tr.alarms(t, durable.AlarmRef{}, 10),
		[]durable.AlarmRef{{Due: 3, ID: anna, Name: "b"}, {Due: 4, ID: anna, Name: "a"}})
}

func testAlarmPages(t *testing.T, tr *trial) {
	var want []durable.AlarmRef
	for i := range 50 {
		id := durable.ID{Type: "t", Name: fmt.Sprint(i)}
		for _, ref := range []durable.AlarmRef{{Due: int64(1 + i/7), ID: id, Name: "x"}, {Due: 100, ID: id, Name: "y"}} {
			want = append(want, ref)
			tr.commit(t, &durable.Batch{ID: id, Alarms: []durable.AlarmOp{{Name: ref.Name, New: ref.Due}}})
		}
	}
	slices.SortFunc(want, durable.AlarmRef.Compare)
	for _, limit := range []int{1, 7, 100, 101} {
		var got []durable.AlarmRef
		for after := (durable.AlarmRef{}); ; {
			page := tr.alarms(t, after, limit)
			if len(page) > limit {
				t.Fatalf("page of %d, want at most %d", len(page), limit)
			}
			if len(page) == 0 {
				break
			}
			got = append(got, page...)
			after = page[len(page)-1]
		}
		same(t, fmt.Sprintf("alarms by %d", limit), got, want)
	}
	behind := durable.AlarmRef{Due: 100, ID: durable.ID{Type: "t"}} // one that is not there
	same(t, "alarms behind", tr.alarms(t, behind, 1000), want[50:])
}

func testListPages(t *testing.T, tr *trial) {
	var want []string
	for i := range 60 {
		want = append(want, fmt.Sprintf("n%c%d", rune(i%3), i))
		id := durable.ID{Type: "t", Name: want[i]}
		b := &durable.Batch{ID: id, Alarms: []durable.AlarmOp{{Name: "a", New: 1}}}
		for k := range 1 + i%20 {
			b.Keys = append(b.Keys, set(fmt.Sprint(k), "x"))
		}
		tr.commit(t, b)
		for _, typ := range []string{"s", "t\x00", "tt", "u"} {
			tr.commit(t, &durable.Batch{ID: durable.ID{Type: typ, Name: "no"}, Keys: []durable.KeyOp{set("k", "v")}})
		}
		// Neither records nor alarms make an object.
		tr.commit(t, &durable.Batch{ID: durable.ID{Type: "t", Name: "z"}, Logs: []durable.LogOp{record("l", uint64(i), "x")}})
	}
	slices.Sort(want)
	for _, limit := range []int{1, 7, 60, 61} {
		var got []string
		for after := ""; ; {
			page := tr.list(t, "t", after, limit)
			if len(page) > limit {
				t.Fatalf("page of %d, want at most %d", len(page), limit)
			}
			if len(page) == 0 {
				break
			}
			got = append(got, page...)
			after = page[len(page)-1]
		}
		same(t, fmt.Sprintf("list by %d", limit), got, want)
	}
	same(t, "list by none", tr.list(t, "t", "", 0), nil)
	same(t, "list behind one that is not there", tr.list(t, "t", want[30]+"\x00", 2), want[31:33])
}

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
