package objects

import (
	"encoding/json"
	"testing"

	"github.com/fortunet/fortunet"
)

// Whatever is stored as a window, it is refused or one that can be counted in: what is in
// it adds up, and it is written again as it was read.
func FuzzStoredWindow(f *testing.F) {
	for _, seed := range []string{`"3600000"`, `"3600000;1795647145000,0,1,0"`, `"1000;5,3,4,2;9,0,1,0"`, `""`, `"x"`, `"1;2"`, `7`, `"-1"`,
		`"1;9223372036854775807,9223372036854775807,9223372036854775807,0"`, `"1;5,0,1,2"`, `"1;5,0,1,0;4,0,1,0"`} {
		f.Add([]byte(seed), int64(1795647145001), int64(3))
	}
	f.Fuzz(func(t *testing.T, raw []byte, now, cost int64) {
		var w, again window
		if json.Unmarshal(raw, &w) != nil {
			return
		}
		text, err := json.Marshal(w)
		if err != nil || json.Unmarshal(text, &again) != nil || again != w {
			t.Fatalf("%q is written as %q", raw, text)
		}
		const limit, span = 60, 3_600_000
		now, cost = max(now%mostStored, 0), max(cost%limit, 1)
		w.expire(now, span)
		at := w.add(now, cost, limit, span)
		w.giveBack(at, cost)
		w.free(cost, limit, span)
		sum := int64(0)
		for i := range w.used {
			sum += w.at(i).count
		}
		if w.Total != sum || sum < 0 {
			t.Fatalf("%q: total %d, slots %d", raw, w.Total, sum)
		}
	})
}

// Whatever is stored of a session, it is refused or what a session can be.
func FuzzStoredSession(f *testing.F) {
	for _, seed := range []string{`["ziwei:2:ab","zodiac:2:cd"]`, `[]`, `null`, `[null]`, `{"theme":"dark"}`, `{"astrology":{}}`, `{}`,
		`"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"`, `"AB"`, `7`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var c, c2 charts
		if json.Unmarshal(raw, &c) == nil {
			text, err := json.Marshal(c)
			if err != nil || json.Unmarshal(text, &c2) != nil || c2 != c || c.n < 0 || c.n > maxActiveCharts || c.list() == nil {
				t.Fatalf("charts %q: %+v, then %q", raw, c, text)
			}
		}
		var p, p2 storedPreferences
		if json.Unmarshal(raw, &p) == nil {
			text, err := json.Marshal(p)
			if err != nil || json.Unmarshal(text, &p2) != nil || p2 != p {
				t.Fatalf("preferences %q: %+v, then %q", raw, p, text)
			}
			if string(raw) == "{}" && p.Preferences != fortunet.DefaultPreferences() {
				t.Fatal("what is not stored is not as it is by default")
			}
		}
		var h, h2 Hash
		if json.Unmarshal(raw, &h) == nil {
			if text, err := json.Marshal(h); err != nil || json.Unmarshal(text, &h2) != nil || h2 != h {
				t.Fatalf("hash %q: %v", raw, h)
			}
		}
	})
}

// What is kept with a socket is read as it was written.
func FuzzParseSeat(f *testing.F) {
	for _, seed := range []string{"K2EZJVBHQZPUDKSU 1795647145000", "d 0 1 2 3", "", " ", "d x", "d 99999999999999999999", "d 1 -5 \xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := parseSeat(text)
		again := parseSeat(string(s.append(nil)))
		if s.device != "" && (again.device != s.device || again.began != s.began || len(again.bad) != len(s.bad)) {
			t.Fatalf("%q: %+v, then %+v", text, s, again)
		}
	})
}
