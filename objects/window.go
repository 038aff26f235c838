package objects

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// slots is how many groups of requests a window keeps apart.
const slots = 61

// A window is what was counted in a sliding window of time. Requests that follow each
// other are gathered into slots, and the requests of a slot are forgotten together, a
// window after the last of them: so no window of time ever holds more than its limit.
// All but the slot's last requests are then forgotten too late, which is why a slot
// takes no more once it holds over a sixtieth of the limit; only the oldest slot has
// requests in it that should be gone, so what is counted too long is a sixtieth of
// the limit at most. Closed slots hold more than a sixtieth each: there are never
// more than sixty, unless the limit was changed meanwhile.
//
// A window is a flat value, so that counting a request encodes nothing.
type window struct {
	Span  int64 // milliseconds for which it is kept: other plans may have longer windows
	Total int64
	head  uint8 // the oldest slot
	used  uint8
	slot  [slots]slot
}

type slot struct {
	first, last int64 // Unix milliseconds of its first and its last request
	count       int64
	early       int64 // those of count that came before last
}

func (w *window) at(i uint8) *slot { return &w.slot[(w.head+i)%slots] }

// expire forgets slots whose last request is a window old. What a clock that was ahead
// by more than a window has counted is taken for counted now, or it would stay until
// that clock's time has come.
func (w *window) expire(now, span int64) {
	if w.used > 0 && w.at(w.used-1).last > now+span {
		w.setBack(now)
	}
	for w.used > 0 && w.at(0).last+span <= now {
		w.Total -= w.at(0).count
		w.drop(0)
	}
}

// setBack makes one slot, at now, of those whose requests are still to come.
func (w *window) setBack(now int64) {
	s := slot{first: now, last: now}
	for w.used > 0 && w.at(w.used-1).last >= now {
		newest := w.at(w.used - 1)
		s.first = min(s.first, newest.first)
		s.count += newest.count
		w.drop(w.used - 1)
	}
	s.early = s.count
	*w.at(w.used) = s
	w.used++
}

// drop takes slot i out of the ring.
func (w *window) drop(i uint8) {
	if i == 0 {
		*w.at(0) = slot{}
		w.head = (w.head + 1) % slots
		w.used--
		return
	}
	for ; i+1 < w.used; i++ {
		*w.at(i) = *w.at(i + 1)
	}
	*w.at(w.used - 1) = slot{}
	w.used--
}

// add counts cost requests at now under a limit and returns the time they are counted
// at: a clock that jumps back counts them with the newest.
func (w *window) add(now, cost, limit, span int64) int64 {
	const parts = slots - 1
	w.Span = max(w.Span, span)
	w.Total += cost
	if w.used > 0 {
		newest := w.at(w.used - 1)
		now = max(now, newest.last)
		if now == newest.last {
			newest.count += cost
			return now
		}
		if newest.count <= limit/parts {
			newest.last, newest.early = now, newest.count
			newest.count += cost
			return now
		}
		if w.used == slots {
			w.compact(now - span)
		}
	}
	*w.at(w.used) = slot{first: now, last: now, count: cost}
	w.used++
	return now
}

// compact makes one slot of the two neighbours that lose least by it, of those which are
// there only for windows longer than the one that began at a time, if there are any.
func (w *window) compact(began int64) {
	best, least := uint8(0), int64(-1)
	for i := uint8(0); i+1 < w.used; i++ {
		if least >= 0 && w.at(best+1).last <= began && w.at(i+1).last > began {
			break
		}
		if early := w.at(i).count + w.at(i+1).early; least < 0 || early < least {
			best, least = i, early
		}
	}
	older, newer := w.at(best), w.at(best+1)
	newer.first, newer.early = older.first, least
	newer.count += older.count
	w.drop(best)
}

// giveBack takes back n of what was counted at a time, if that is still counted. What
// was counted later than anything here was so by a clock that has been set back since.
func (w *window) giveBack(at, n int64) {
	if w.used == 0 {
		return
	}
	at = min(at, w.at(w.used-1).last)
	for i := range w.used {
		s := w.at(i)
		if s.first > at || at > s.last {
			continue
		}
		n = min(n, s.count)
		s.count -= n
		w.Total -= n
		if at < s.last {
			s.early = max(s.early-n, 0)
		}
		s.early = min(s.early, s.count)
		if s.count == 0 {
			w.drop(i)
		}
		return
	}
}

// end returns when nothing will be counted any more, in Unix milliseconds.
func (w *window) end(span int64) int64 {
	if w.used == 0 {
		return 0
	}
	return w.at(w.used-1).last + span
}

// free returns when cost more requests will fit under the limit, in Unix
// milliseconds: when the slots have expired that are in the way. Cost is not over
// the limit by itself.
func (w *window) free(cost, limit, span int64) int64 {
	over := w.Total - (limit - cost)
	for i := range w.used {
		s := w.at(i)
		if over -= s.count; over <= 0 {
			return s.last + span
		}
	}
	return w.end(span)
}

// MarshalJSON writes the window as one string: its span and, for each slot, first,
// last minus first, count and early.
func (w window) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, 16+int(w.used)*28)
	b = strconv.AppendInt(append(b, '"'), w.Span, 10)
	for i := range w.used {
		s := w.at(i)
		b = strconv.AppendInt(append(b, ';'), s.first, 10)
		b = strconv.AppendInt(append(b, ','), s.last-s.first, 10)
		b = strconv.AppendInt(append(b, ','), s.count, 10)
		b = strconv.AppendInt(append(b, ','), s.early, 10)
	}
	return append(b, '"'), nil
}

var errWindow = errors.New("a stored window is malformed")

// mostStored bounds each number of a stored window, so that no sum of them overflows.
const mostStored = 1 << 50

// UnmarshalJSON reads what MarshalJSON wrote, and nothing that no window can be.
func (w *window) UnmarshalJSON(raw []byte) error {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return err
	}
	parts := strings.Split(text, ";")
	if len(parts) > slots+1 {
		return errWindow
	}
	var out window
	var err error
	if out.Span, err = strconv.ParseInt(parts[0], 10, 64); err != nil || out.Span < 0 || out.Span > mostStored {
		return errWindow
	}
	for _, part := range parts[1:] {
		var n [4]int64
		fields := strings.Split(part, ",")
		if len(fields) != len(n) {
			return errWindow
		}
		for i, f := range fields {
			if n[i], err = strconv.ParseInt(f, 10, 64); err != nil || n[i] < 0 || n[i] > mostStored {
				return errWindow
			}
		}
		if n[3] > n[2] || out.used > 0 && n[0] < out.slot[out.used-1].last {
			return errWindow
		}
		out.slot[out.used] = slot{first: n[0], last: n[0] + n[1], count: n[2], early: n[3]}
		out.used++
		out.Total += n[2]
	}
	*w = out
	return nil
}
