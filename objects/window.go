package objects

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// slots is how finely a window of time is divided. A slot begins with the first
// request that does not fit the slot before and lasts a sixtieth of the window; its
// requests are forgotten together, a window after the last of them. So no window ever
// holds more than its limit, and what is counted too long is a sixtieth at most.
const slots = 61

// A window is what was counted in a sliding window of time. It is a flat value, so
// that counting a request encodes nothing.
type window struct {
	Span  int64 // milliseconds, as it was last counted by
	Total int64
	head  uint8 // the oldest slot
	used  uint8
	slot  [slots]slot
}

type slot struct {
	first, last int64 // Unix milliseconds of its first and its last request
	count       int64
}

// expire forgets slots whose last request is a window old.
func (w *window) expire(now, span int64) {
	for w.used > 0 && w.slot[w.head].last+span <= now {
		w.pop()
	}
}

func (w *window) pop() {
	w.Total -= w.slot[w.head].count
	w.slot[w.head] = slot{}
	w.head = (w.head + 1) % slots
	w.used--
}

// add counts cost requests at now, which must not have been expired before. A clock
// that jumps back counts them with the newest.
func (w *window) add(now, cost, span int64) {
	w.Span = span
	if w.used > 0 {
		newest := &w.slot[(w.head+w.used-1)%slots]
		now = max(now, newest.last)
		if now-newest.first < span/(slots-1) {
			newest.last = now
			newest.count += cost
			w.Total += cost
			return
		}
		if w.used == slots { // the span has shrunk; the two oldest become one
			second := &w.slot[(w.head+1)%slots]
			second.count += w.slot[w.head].count
			w.Total += w.slot[w.head].count
			w.pop()
		}
	}
	w.slot[(w.head+w.used)%slots] = slot{first: now, last: now, count: cost}
	w.used++
	w.Total += cost
}

// adjust changes what was counted at a time by delta, if that is still counted.
func (w *window) adjust(at, delta int64) {
	for i := range w.used {
		s := &w.slot[(w.head+i)%slots]
		if s.first <= at && at <= s.last {
			delta = max(delta, -s.count)
			s.count += delta
			w.Total += delta
			return
		}
	}
}

// end returns when nothing will be counted any more, in Unix milliseconds.
func (w *window) end(span int64) int64 {
	if w.used == 0 {
		return 0
	}
	return w.slot[(w.head+w.used-1)%slots].last + span
}

// free returns when cost more requests will fit under the limit, in Unix
// milliseconds: when the slots have expired that are in the way. Cost is not over
// the limit by itself.
func (w *window) free(cost, limit, span int64) int64 {
	over := w.Total + cost - limit
	for i := range w.used {
		s := &w.slot[(w.head+i)%slots]
		if over -= s.count; over <= 0 {
			return s.last + span
		}
	}
	return w.end(span)
}

// MarshalJSON writes the window as one string: its span and, for each slot, first,
// last minus first and count.
func (w window) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, 16+int(w.used)*24)
	b = strconv.AppendInt(append(b, '"'), w.Span, 10)
	for i := range w.used {
		s := w.slot[(w.head+i)%slots]
		b = strconv.AppendInt(append(b, ';'), s.first, 10)
		b = strconv.AppendInt(append(b, ','), s.last-s.first, 10)
		b = strconv.AppendInt(append(b, ','), s.count, 10)
	}
	return append(b, '"'), nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (w *window) UnmarshalJSON(raw []byte) error {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return err
	}
	parts := strings.Split(text, ";")
	if len(parts) > slots+1 {
		return errors.New("a window has too many slots")
	}
	var out window
	var err error
	if out.Span, err = strconv.ParseInt(parts[0], 10, 64); err != nil {
		return err
	}
	for _, part := range parts[1:] {
		var n [3]int64
		fields := strings.Split(part, ",")
		if len(fields) != len(n) {
			return errors.New("a window's slot is malformed")
		}
		for i, f := range fields {
			if n[i], err = strconv.ParseInt(f, 10, 64); err != nil || n[i] < 0 {
				return errors.New("a window's slot is malformed")
			}
		}
		out.slot[out.used] = slot{first: n[0], last: n[0] + n[1], count: n[2]}
		out.used++
		out.Total += n[2]
	}
	*w = out
	return nil
}

// AppendRateLimit appends the values of the headers RateLimit-Policy and RateLimit
// (draft-ietf-httpapi-ratelimit-headers) for a verdict.
func AppendRateLimit(policy, limit []byte, v Verdict) ([]byte, []byte) {
	name := append(append([]byte{'"'}, v.Class...), '"')
	policy = append(append(policy, name...), ";q="...)
	policy = strconv.AppendInt(policy, v.Limit, 10)
	policy = strconv.AppendInt(append(policy, ";w="...), v.Window, 10)
	limit = append(append(limit, name...), ";r="...)
	limit = strconv.AppendInt(limit, v.Remaining, 10)
	limit = strconv.AppendInt(append(limit, ";t="...), v.Reset, 10)
	return policy, limit
}
