package objects

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
)

// An admitted request of the model.
type entry struct{ at, cost int64 }

// since returns the end of a log from the first request on that is in the window that
// ends now, and what was before it.
func since(log []entry, now, span int64) (rest []entry, gone int64) {
	for len(log) > 0 && log[0].at+span <= now {
		gone += log[0].cost
		log = log[1:]
	}
	return log, gone
}

// inWindow returns what a log of requests holds in the window that ends now.
func inWindow(log []entry, now, span int64) (sum int64) {
	for _, e := range log {
		if e.at+span > now {
			sum += e.cost
		}
	}
	return sum
}

// A window is held against a log of everything it admitted: it never counts less than
// the log holds, never more than a sixtieth of the limit above it, and says truly when
// there is room again.
func TestWindowModel(t *testing.T) {
	for seed := range uint64(80) {
		rng := rand.New(rand.NewPCG(seed, 7))
		limit := []int64{1, 2, 10, 50, 59, 60, 61, 100, 119, 120, 1000, 5000}[rng.IntN(12)]
		span := []int64{1000, 60_000, 3_600_000, 86_400_000}[rng.IntN(4)]
		most := max(1, limit/[]int64{1, 10, 100, 10000}[rng.IntN(4)])
		var w window
		var log []entry
		var exact, gone int64
		for now, step := int64(1_700_000_000_000), 0; step < 3000; step++ {
			switch rng.IntN(8) {
			case 0:
				now += rng.Int64N(2 * span)
			case 1, 2, 3, 4:
				now += rng.Int64N(2*span/limit + 1)
			}
			w.expire(now, span)
			log, gone = since(log, now, span)
			exact -= gone
			if w.Total < exact || w.Total > exact+limit/60 {
				t.Fatalf("seed %d step %d: %d counted, %d of %d in the window", seed, step, w.Total, exact, limit)
			}
			cost := 1 + rng.Int64N(most)
			if w.Total > limit-cost {
				at := w.free(cost, limit, span)
				if at <= now || at > now+span {
					t.Fatalf("seed %d step %d: room at %d, now is %d", seed, step, at, now)
				}
				before, after := w, w
				before.expire(at-1, span)
				if after.expire(at, span); after.Total > limit-cost || before.Total <= limit-cost {
					t.Fatalf("seed %d step %d: room for %d at %d is not when it is said to be", seed, step, cost, at)
				}
				continue
			}
			if at := w.add(now, cost, limit, span); at != now {
				t.Fatalf("seed %d: counted at %d, not at %d", seed, at, now)
			}
			log = append(log, entry{now, cost})
			exact += cost
			if w.used > 60 {
				t.Fatalf("seed %d step %d: %d slots", seed, step, w.used)
			}
			if rng.IntN(50) == 0 {
				w = again(t, w)
			}
		}
	}
}

// again returns w as it is read back.
func again(t *testing.T, w window) (back window) {
	t.Helper()
	raw, err := json.Marshal(w)
	if err != nil || len(raw) > slots*60 {
		t.Fatalf("%d bytes: %s, %v", len(raw), raw, err)
	}
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	raw2, _ := json.Marshal(back)
	if string(raw) != string(raw2) || back.Total != w.Total || back.Span != w.Span || back.used != w.used {
		t.Fatalf("%s is read back as %s", raw, raw2)
	}
	return back
}

// Whatever becomes of limit and clock, and however much is settled afterwards, a window
// never counts less than what is in it and keeps to its slots.
func TestWindowUnderChange(t *testing.T) {
	for seed := range uint64(50) {
		rng := rand.New(rand.NewPCG(seed, 8))
		const span = 3_600_000
		limit := int64(100)
		var w window
		var log []entry
		now := int64(1_700_000_000_000)
		for step := range 2000 {
			switch rng.IntN(10) {
			case 0:
				limit = []int64{1, 10, 50, 100, 1000, 5000}[rng.IntN(6)]
			case 1:
				now += rng.Int64N(span)
			case 2, 3, 4, 5:
				now += rng.Int64N(2 * span / limit)
			}
			clock := now
			if rng.IntN(10) == 0 {
				clock -= rng.Int64N(span / 10) // it jumps back
			}
			w.expire(clock, span)
			log, _ = since(log, now, span)
			if exact := inWindow(log, now, span); w.Total < exact {
				t.Fatalf("seed %d step %d: %d counted, %d in the window", seed, step, w.Total, exact)
			}
			if cost := 1 + rng.Int64N(3); w.Total <= limit-cost || limit == 5000 { // as under a shadow rule
				log = append(log, entry{w.add(clock, cost, limit, span), cost})
			}
			if i := len(log) - 1 - rng.IntN(20); i >= 0 && rng.IntN(3) == 0 {
				if e := &log[i]; e.cost > 0 && e.at+span > now {
					back, before := 1+rng.Int64N(e.cost), w.Total
					if w.giveBack(e.at, back); w.Total != before-back {
						t.Fatalf("seed %d step %d: giving %d back changed %d to %d", seed, step, back, before, w.Total)
					}
					e.cost -= back
				}
			}
			var sum int64
			for i := range w.used {
				s := w.at(i)
				sum += s.count
				if s.count <= 0 || s.early < 0 || s.early > s.count || s.first > s.last || i > 0 && w.at(i-1).last >= s.first {
					t.Fatalf("seed %d step %d: slot %d is %+v after %+v", seed, step, i, *s, *w.at((i + slots - 1) % slots))
				}
			}
			if sum != w.Total || w.used > slots {
				t.Fatalf("seed %d step %d: %d slots with %d, %d counted", seed, step, w.used, sum, w.Total)
			}
			if rng.IntN(8) == 0 {
				w = again(t, w)
			}
		}
	}
}

// A clock that was ahead for a while locks nobody out for longer than two windows, and
// forgets nothing: what it counted is there for a whole window yet and can be given back.
func TestWindowSetBack(t *testing.T) {
	const span, limit, year = 3_600_000, 120, 365 * 86_400_000
	var w window
	now := int64(1_700_000_000_000)
	w.add(now, 10, limit, span)
	var at int64
	for i := range int64(10) {
		at = w.add(now+year+i*1000, 5, limit, span)
	}
	now += 60_000
	w.expire(now, span)
	if w.Total != 60 || w.end(span) != now+span || w.used != 2 {
		t.Errorf("set back: %d in %d slots for %d ms", w.Total, w.used, w.end(span)-now)
	}
	w.giveBack(at, 5)
	w = again(t, w)
	w.expire(now+span-60_000, span)
	if w.Total != 45 {
		t.Errorf("what was counted before is gone, something was given back: %d, want 45", w.Total)
	}
	if w.expire(now+span, span); w.Total != 0 || w.used != 0 {
		t.Errorf("a window later: %d in %d slots", w.Total, w.used)
	}
	w.add(now+2*span, limit, limit, span) // ahead by less than a window: it is not known which clock is right
	if w.expire(now+span, span); w.Total != limit || w.end(span) > now+3*span {
		t.Errorf("ahead by a window: %d until %d", w.Total, w.end(span)-now)
	}
}

func TestWindowMalformed(t *testing.T) {
	many := `"1`
	for range slots + 1 {
		many += ";1,1,1,0"
	}
	for _, bad := range []string{`1`, `null1`, `""`, `"x"`, `"1;"`, `"1;1,2,3"`, `"1;1,2,3,4,5"`, `"1;1,-2,3,0"`, `"1;a,2,3,0"`, many + `"`} {
		var w window
		if err := json.Unmarshal([]byte(bad), &w); err == nil {
			t.Errorf("%s is read as %+v", bad, w)
		}
	}
}
