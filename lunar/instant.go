package lunar

import (
	_ "embed"
	"fmt"
	"time"
)

// Gregorian years of which the terms are known. They reach a year past each end of the
// lunar table.
const (
	firstTermYear = 1899
	lastTermYear  = 2222
)

// termTable has for each Gregorian year from firstTermYear to lastTermYear its 24 terms,
// each as the seconds from the year's first midnight, UTC, in four bytes, low end first.
//
// They are the instants at which the apparent longitude of the Sun, true equinox of
// date, is a multiple of 15 degrees: from JPL DE431 with light time, aberration, IAU
// 2006 precession and nutation. Universal time comes from the delta T of Swiss
// Ephemeris 2.10.03, beyond 2025 a guess of everybody's that grows to a minute or two
// by 2100. UT1 is taken for UTC. gen.go makes the table.
//
//go:embed terms.bin
var termTable string

const daySeconds = 86400

// termSecond returns the instant of a term in a Gregorian year of the table, in seconds
// from the year's first midnight.
func termSecond(year int, t Term) int {
	at := ((year-firstTermYear)*TermCount + int(t)) * 4
	b := termTable[at : at+4]
	return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 | int(b[3])<<24
}

// Terms returns the instants of the terms of a Gregorian year, to the second. The error
// is ErrRange, outside 1899 to 2222.
func Terms(year int) ([TermCount]time.Time, error) {
	var terms [TermCount]time.Time
	if year < firstTermYear || year > lastTermYear {
		return terms, fmt.Errorf("terms of %d: %w", year, ErrRange)
	}
	for t := range terms {
		terms[t] = time.Date(year, 1, 1, 0, 0, termSecond(year, Term(t)), 0, time.UTC)
	}
	return terms, nil
}

// TermAt returns the last term at or before an instant, and the Gregorian year it was
// in. The error is ErrRange, for instants before 1900 or after 2222.
func TermAt(instant time.Time) (Term, int, error) {
	return lastTerm(int(instant.Unix()), func(s int) int { return s })
}

// TermOn is TermAt for a day in the time of UTC+8, given as days since 1970-01-01: a
// term counts from the first moment of its day.
func TermOn(day int) (Term, int, error) {
	const beijing = 8 * 3600
	return lastTerm(day*daySeconds, func(s int) int { return (s + beijing) / daySeconds * daySeconds })
}

// lastTerm returns the last term that counts from that second since 1970 or before it;
// from says from which second of the year a term counts whose instant is at a second.
func lastTerm(second int, from func(int) int) (Term, int, error) {
	year, _, _ := DayOf(floorDiv(second, daySeconds))
	if year <= firstTermYear || year > lastTermYear {
		return 0, 0, fmt.Errorf("%v: %w", time.Unix(int64(second), 0).UTC(), ErrRange)
	}
	second -= DayNumber(year, 1, 1) * daySeconds
	for t := Dongzhi; ; t-- {
		if from(termSecond(year, t)) <= second {
			return t, year, nil
		}
		if t == Xiaohan {
			return Dongzhi, year - 1, nil
		}
	}
}

// SolarPillars returns the pillars of the year and month that a term of a Gregorian year
// is in, as 八字 counts them: the year changes with 立春, the months with the even terms.
func SolarPillars(t Term, year int) (y, m Pillar) {
	month := int(t) / 2
	if t < Lichun {
		year--
		month = 12
	}
	y = YearPillar(year)
	return y, MonthPillar(y.Stem, month)
}
