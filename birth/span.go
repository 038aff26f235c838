package birth

import (
	"math"
	"sort"
	"time"
)

// A span is a time during which a zone keeps one offset: from its start, in seconds
// since 1970, to the start of the next.
type span struct {
	start    int64
	offset   int32 // seconds, positive in the east
	standard int32 // offset less daylight saving
}

// Histories are written out from before the first standard time of any country to
// after the last birth that can be answered.
const (
	historyFrom = -6_000_000_000 // 1779
	historyTo   = 13_600_000_000 // 2400
)

// A stretch is a span as the compiled zone has it: it says whether there is daylight
// saving, but not how much.
type stretch struct {
	start  int64
	offset int
	dst    bool
}

// history returns all the spans of a location.
func history(location *time.Location) []span {
	all := stretches(location)
	spans := make([]span, len(all))
	for i, s := range all {
		spans[i] = span{s.start, int32(s.offset), int32(standard(location.String(), all, i))}
	}
	return spans
}

// stretches walks over a location. Where the zone goes on by rule, the bounds package
// time gives are also those of the year, or even before the time asked about, so the
// walk takes its own steps there and joins what is alike.
func stretches(location *time.Location) []stretch {
	var all []stretch
	for at := int64(historyFrom); at < historyTo; {
		t := time.Unix(at, 0).In(location)
		_, offset := t.Zone()
		if n := len(all); n == 0 || all[n-1].offset != offset || all[n-1].dst != t.IsDST() {
			all = append(all, stretch{at, offset, t.IsDST()})
		}
		_, end := t.ZoneBounds()
		if end.IsZero() {
			break
		}
		at = max(end.Unix(), at+1)
		if at != end.Unix() {
			at = time.Date(t.UTC().Year()+1, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
		}
	}
	all[0].start = math.MinInt64
	return all
}

// An exception is a standard offset that cannot be told from the spans around.
type exception struct {
	from, to int64 // a span that begins in here, the end not included
	standard int
}

// exceptions holds them by zone, from the sources of the tz database. Ireland and
// Namibia are those whose law calls summer the standard time and winter the
// exception; a birth there is read like one in the countries around, summer being
// the saving.
var exceptions = map[string][]exception{
	"Europe/Dublin":        {{57_722_400, math.MaxInt64, 0}}, // since 1971-10-31
	"Eire":                 {{57_722_400, math.MaxInt64, 0}},
	"Africa/Windhoek":      {{764_200_800, 1_504_400_400, 3600}}, // 1994-03-20 to 2017-09-03
	"Europe/Paris":         {{-781_052_400, -766_623_600, 0}},    // the summer of 1945
	"Europe/Monaco":        {{-904_438_800, -766_623_600, 0}},    // as in Paris, since 1941
	"Europe/Jersey":        {{-781_052_400, -766_623_600, 0}},
	"Europe/Guernsey":      {{-781_052_400, -766_623_600, 0}},
	"Europe/Amsterdam":     {{-1_025_745_572, -1_017_000_000, 1200}},  // the summer of 1937
	"Europe/Moscow":        {{-1_593_820_800, -1_589_860_000, 10800}}, // July 1919
	"W-SU":                 {{-1_593_820_800, -1_589_860_000, 10800}},
	"America/Montevideo":   {{-1_459_641_600, -1_443_800_000, -12600}, {-853_621_200, -845_800_000, -10800}},
	"America/Santiago":     {{-1_336_159_035, -1_317_500_000, -18000}}, // the summer of 1927
	"America/Punta_Arenas": {{-1_336_159_035, -1_317_500_000, -18000}},
	"America/Coyhaique":    {{-1_336_159_035, -1_317_500_000, -18000}},
	"Chile/Continental":    {{-1_336_159_035, -1_317_500_000, -18000}},
	"Pacific/Rarotonga":    {{279_714_600, 289_387_800, -36000}}, // half an hour, in the summer of 1978
}

const hour = 3600

// standard returns the offset of stretch i less daylight saving.
//
// That is the offset of the nearest stretch before that has none, or of the nearest
// after where only that one is an hour less: a country may change its standard while
// it saves. Where neither is less but one is the same, the clock was put forward for
// good by keeping it in summer and an hour is saved meanwhile. Where both are more,
// the exception is behind the standard instead of ahead (Prague in the winter of 1946,
// Morocco in Ramadan) and nothing is saved.
func standard(zone string, all []stretch, i int) int {
	s := all[i]
	for _, e := range exceptions[zone] {
		if s.start >= e.from && s.start < e.to {
			return e.standard
		}
	}
	if !s.dst {
		return s.offset
	}
	before, after := i, i
	for before > 0 && all[before].dst {
		before--
	}
	for after < len(all)-1 && all[after].dst {
		after++
	}
	b, a := all[before].offset, all[after].offset
	switch {
	case s.offset-b == hour || s.offset-a != hour && b < s.offset && !all[before].dst:
		return b
	case a < s.offset && !all[after].dst:
		return a
	case b == s.offset || a == s.offset:
		return s.offset - hour
	}
	return s.offset
}

// at returns the index of the span that holds the instant.
func (z *Zone) at(utc int64) int {
	return sort.Search(len(z.spans), func(i int) bool { return z.spans[i].start > utc }) - 1
}

// end returns when span i ends.
func (z *Zone) end(i int) int64 {
	if i+1 < len(z.spans) {
		return z.spans[i+1].start
	}
	return math.MaxInt64
}
