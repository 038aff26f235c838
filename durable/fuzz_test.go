package durable_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/durabletest"
)

// FuzzStored damages what is stored of an object, its own keys and the runtime's: the
// object may fail, with an error, and nothing else does.
func FuzzStored(f *testing.F) {
	for _, kv := range [][2]string{
		{"count", "7"}, {"count", `"seven"`}, {"names\x00a", "x"}, {"list", "[1"}, {"\x02ring", `{"due":1,"gen":1}`}, {"\x02ring", "{"},
		{"\x02ring/fail", `{"due":1,"gen":1,"attempt":9}`}, {"\x02nobody", `{"due":1}`}, {"\x02\x03", `{"due":1,"gen":1}`}, {"\x02\x03", `1`},
		{"\x03", "12"}, {"\x03", "x"}, {"\x03abc", "{}"}, {"\x03\x00\x00\x00\x00\x00\x00\x00\x01", `{"to":{"type":"probe","name":"q"},"method":"later","body":[]}`},
		{"\x03\x00\x00\x00\x00\x00\x00\x00\x01", "["}, {"\x04probe\x00p", `{"seq":1}`}, {"\x04", "no"}, {"\x05log", `{"head":1,"next":3}`},
		{"\x05log", `{"head":9,"next":3}`}, {"\x05log", "-"}, {"", ""}, {"\x00", "\xff"}, {"\x06", "later"},
	} {
		f.Add(kv[0], []byte(kv[1]))
	}
	f.Fuzz(func(t *testing.T, key string, value []byte) {
		synctest.Test(t, func(t *testing.T) {
			b := &bench{t: t, store: durabletest.NewMemStore()}
			b.open(false)
			defer b.close()
			id := durable.ID{Type: "probe", Name: "p"}
			damage(t, b.store, id, durable.KeyOp{Key: key, Value: value})
			for range 2 {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				for _, acts := range [][]act{nil, {{Do: "add", N: 1}, {Do: "see", N: 1}, {Do: "name", Text: "a"}, {Do: "log", Text: "x"}}, {{Do: "alarm", N: 10}},
					{{Do: "enqueue", Text: "q", N: 1}}, {{Do: "keep", N: 1}}} {
					run(ctx, probes.Get(b.rt, "p"), acts)
				}
				b.rt.Inspect(ctx, id)
				if x, err := b.rt.Export(ctx, id); err == nil {
					travels(t, b.rt, x)
				}
				cancel()
				time.Sleep(10 * time.Minute) // alarms and effects have their time, and it leaves memory
			}
			if got := b.must("well", act{Do: "add", N: 1}).Count; got != 1 {
				t.Errorf("another object counts %d", got)
			}
			if err := b.rt.Delete(t.Context(), id); err != nil {
				t.Errorf("it cannot be deleted: %v", err)
			}
		})
	})
}

// damage stores a key of an object behind the runtime's back.
func damage(t *testing.T, store durable.Store, id durable.ID, op durable.KeyOp) {
	done := make(chan error, 1)
	b := &durable.Batch{ID: id, Keys: []durable.KeyOp{op}, Done: func(err error) { done <- err }}
	if name, alarm := strings.CutPrefix(op.Key, "\x02"); alarm {
		b.Alarms = []durable.AlarmOp{{Name: name, New: 1}}
	}
	if err := store.Submit(b); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// travels sends an export through JSON and imports it again.
func travels(t *testing.T, rt *durable.Runtime, x *durable.Export) {
	raw, err := json.Marshal(x)
	if err != nil {
		t.Fatalf("an export cannot be encoded: %v", err)
	}
	var back durable.Export
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	rt.Import(t.Context(), &back) // which may refuse it
}
