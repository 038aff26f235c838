package objects

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fortunet/fortunet"
)

const (
	reservationLife = 15 * time.Minute // after which what was reserved stands
	maxReservations = 256              // the oldest stands when there would be more
)

// A reservation is a stored count that may still be changed.
type reservation struct {
	Classes string        `json:"classes"` // separated by spaces
	At      int64         `json:"at"`      // Unix milliseconds
	Cost    int64         `json:"cost"`
	Plan    fortunet.Plan `json:"plan"`
	Factor  int64         `json:"factor,omitempty"`
}

// open reports whether the reservation may still be settled.
func (r reservation) open(now int64) bool { return now-r.At < reservationLife.Milliseconds() }

// readReservations finds the reservations that are stored, when a limiter is built.
func (l *Limiter) readReservations() {
	for key := range l.reservations.All() {
		if id, err := strconv.ParseUint(key, 16, 64); err == nil {
			l.open, l.newest = append(l.open, id), id
		}
	}
}

func (l *Limiter) reserve(_ context.Context, req CheckRequest) (Verdict, error) {
	v := l.judge(req)
	if !v.Allowed {
		return v, nil
	}
	at := l.countAll(&v, req)
	l.prune()
	// Never a number that was given before, also when that was forgotten.
	id := max(l.newest+1, uint64(l.s.Now().UnixMicro()))
	var classes []string
	for class := range req.classes() {
		classes = append(classes, string(class))
	}
	l.reservations.SetRelaxed(reservationKey(id), reservation{Classes: strings.Join(classes, " "), At: at, Cost: cost(req), Plan: req.Plan, Factor: req.Factor})
	l.open, l.newest = append(l.open, id), id
	v.Reservation = id
	return v, nil
}

func (l *Limiter) settle(_ context.Context, req Settlement) (Verdict, error) {
	key := reservationKey(req.Reservation)
	r, ok := l.reservations.Get(key)
	if !ok || req.Used < 0 {
		return Verdict{Allowed: true}, nil
	}
	l.reservations.DeleteRelaxed(key)
	first, _, _ := strings.Cut(r.Classes, " ")
	now, used := l.now(), min(req.Used, fortunet.MaxLimit)
	if used == r.Cost || !r.open(now) {
		return Verdict{Allowed: true, Class: fortunet.Class(first)}, nil
	}
	for class := range strings.FieldsSeq(r.Classes) {
		if used < r.Cost {
			w, ok := l.windows.Get(class)
			if ok {
				w.giveBack(r.At, r.Cost-used)
				l.windows.SetRelaxed(class, w)
			}
			continue
		}
		// What it cost beyond is counted now, as any other request is: counted where it
		// was reserved, it could keep many of its slot for too long.
		l.countClass(fortunet.Class(class), CheckRequest{Plan: r.Plan, Factor: r.Factor, Cost: used - r.Cost}, now)
	}
	return Verdict{Allowed: true, Class: fortunet.Class(first)}, nil
}

// prune forgets the oldest reservations that nobody has settled: those that are too
// old, and those that would be too many with one more.
func (l *Limiter) prune() {
	now := l.now()
	for len(l.open) > 0 {
		key := reservationKey(l.open[0])
		r, ok := l.reservations.Get(key)
		if ok && r.open(now) && l.reservations.Len() < maxReservations {
			break
		}
		if ok {
			l.reservations.DeleteRelaxed(key)
		}
		l.open = l.open[1:]
	}
	if len(l.open) > 4*maxReservations {
		l.open = slices.DeleteFunc(l.open, func(id uint64) bool {
			_, ok := l.reservations.Get(reservationKey(id))
			return !ok
		})
	}
}

// reservationKey is a number in a form that sorts as numbers do.
func reservationKey(id uint64) string {
	const digits = 16
	var b [digits]byte
	for i := digits - 1; i >= 0; i-- {
		b[i] = "0123456789abcdef"[id&15]
		id >>= 4
	}
	return string(b[:])
}

func (l *Limiter) forgetReservations() {
	for key := range l.reservations.All() {
		l.reservations.Delete(key)
	}
	l.open = nil
}

// forgetClass takes a class out of the reservations: what they counted in it is gone.
func (l *Limiter) forgetClass(gone fortunet.Class) {
	for key, r := range l.reservations.All() {
		rest := slices.DeleteFunc(strings.Fields(r.Classes), func(class string) bool { return class == string(gone) })
		if kept := strings.Join(rest, " "); kept == "" {
			l.reservations.Delete(key)
		} else if kept != r.Classes {
			r.Classes = kept
			l.reservations.Set(key, r)
		}
	}
}
