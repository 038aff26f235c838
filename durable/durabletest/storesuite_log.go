package durabletest

// What stores promise of logs, alarms and listings.

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/fortunet/fortunet/durable"
)

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
