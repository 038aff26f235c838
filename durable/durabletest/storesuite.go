// Package durabletest proves that stores keep the promises of package durable, and
// holds a store in memory that can be made to break down for testing what rests on it.
package durabletest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
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
