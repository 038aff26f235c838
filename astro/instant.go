package astro

import (
	"math"
	"time"
)

// An Instant is a moment in both time scales the sky needs: the Earth turns by UT1, the
// bodies move by TT.
type Instant struct {
	UT     float64 // Julian day, UT1
	DeltaT float64 // TT less UT1, seconds
}

const (
	unixEpoch = 2440587.5 // Julian day of 1970 January 1, 0h
	day       = 86400.0   // seconds
)

// InstantAt returns the instant of a time, UTC being taken as UT1, from which it has
// been within 0.9 s since 1972.
func InstantAt(t time.Time) Instant {
	ut := unixEpoch + (float64(t.Unix())+float64(t.Nanosecond())/1e9)/day
	return Instant{ut, DeltaT(ut)}
}

// TT returns the Julian day in terrestrial time.
func (i Instant) TT() float64 { return i.UT + i.DeltaT/day }

// After returns the instant a number of days later.
func (i Instant) After(days float64) Instant {
	ut := i.UT + days
	return Instant{ut, DeltaT(ut)}
}

// Time returns the instant to the millisecond, UT1 being taken as UTC.
func (i Instant) Time() time.Time {
	ms := math.Round((i.UT - unixEpoch) * day * 1000)
	return time.UnixMilli(int64(ms)).UTC()
}

// DeltaT returns TT less UT1 in seconds at a Julian day, UT1: a table of 1 January of
// each year, interpolated. What it says of years to come is a guess, as everybody's is.
// Outside 1600 to 2400 it is that of the nearest of them.
func DeltaT(ut float64) float64 {
	// Gregorian years are counted as of equal length here; no date is off by more than
	// two days for it, in which delta T changes by less than 0.01 s.
	const (
		first = 2305447.5 // 1600 January 1, 0h
		year  = 365.2425
	)
	x := (ut - first) / year
	last := len(deltaTable) - 1
	switch {
	case !(x > 0):
		return float64(deltaTable[0]) / 1e4
	case x >= float64(last):
		return float64(deltaTable[last]) / 1e4
	}
	i := int(x)
	a, b := float64(deltaTable[i]), float64(deltaTable[i+1])
	return (a + (b-a)*(x-float64(i))) / 1e4
}
