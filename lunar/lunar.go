// Package lunar is the Chinese calendar: lunar dates, stems and branches, solar terms.
//
// A lunar year begins with the first day of month 1, in late January or February; it
// is known by the number of the Gregorian year it begins in. It has twelve months of 29
// or 30 days, in some years a thirteenth, the leap month, which has the number of the
// month before it. Which is which stands in a table for the lunar years 1899 to 2221, the
// instants of the solar terms in another for the Gregorian years 1899 to 2222; nothing
// is computed from the sky when a date is asked for.
package lunar

import (
	"errors"
	"fmt"
)

// Errors that conversions wrap.
var (
	// ErrRange is a date outside the table: before 1899-02-10, which began the lunar
	// year 1899, or after 2222-02-11, which ended 2221.
	ErrRange = errors.New("outside the lunar years 1899 to 2221")
	// ErrNoDate is a date that its calendar does not have.
	ErrNoDate = errors.New("no such date")
)

// A Date is a day of the Chinese calendar.
type Date struct {
	Year  int  // the Gregorian year in which the lunar year begins
	Month int  // 1 to 12
	Day   int  // 1 to 30
	Leap  bool // the month is a leap month, following the ordinary one of its number
}

// FromSolar returns the lunar date of a day of the Gregorian calendar. The error is
// ErrNoDate or ErrRange.
func FromSolar(year, month, day int) (Date, error) {
	if !validDay(year, month, day) {
		return Date{}, fmt.Errorf("%d-%d-%d: %w", year, month, day, ErrNoDate)
	}
	if year < firstYear || year > lastYear+1 { // far ones would overflow the count of days
		return Date{}, fmt.Errorf("%d-%d-%d: %w", year, month, day, ErrRange)
	}
	return FromDayNumber(DayNumber(year, month, day))
}

// FromDayNumber returns the lunar date of the day that is n days after 1970-01-01. The
// error is ErrRange.
func FromDayNumber(n int) (Date, error) {
	if n < newYear(firstYear) || n >= newYear(lastYear)+yearOf(lastYear).days() {
		return Date{}, fmt.Errorf("day %d: %w", n, ErrRange)
	}
	year, _, _ := DayOf(n)
	if year > lastYear || n < newYear(year) {
		year--
	}
	n -= newYear(year)
	w := yearOf(year)
	place := 0
	for n >= w.monthDays(place) {
		n -= w.monthDays(place)
		place++
	}
	month, leap := w.month(place)
	return Date{year, month, n + 1, leap}, nil
}

// DayNumber returns the days from 1970-01-01 to d. The error is ErrNoDate, also for a
// leap month that the year does not have, or ErrRange.
func (d Date) DayNumber() (int, error) {
	if d.Year < firstYear || d.Year > lastYear {
		return 0, fmt.Errorf("%v: %w", d, ErrRange)
	}
	w := yearOf(d.Year)
	place, ok := w.place(d.Month, d.Leap)
	if !ok || d.Day < 1 || d.Day > w.monthDays(place) {
		return 0, fmt.Errorf("%v: %w", d, ErrNoDate)
	}
	n := newYear(d.Year) + d.Day - 1
	for i := range place {
		n += w.monthDays(i)
	}
	return n, nil
}

// Solar returns the day of the Gregorian calendar that d is. Errors are those of
// DayNumber.
func (d Date) Solar() (year, month, day int, err error) {
	n, err := d.DayNumber()
	if err != nil {
		return 0, 0, 0, err
	}
	year, month, day = DayOf(n)
	return year, month, day, nil
}

// Before reports whether d comes before e. A leap month follows the ordinary one of
// its number.
func (d Date) Before(e Date) bool {
	if d.Year != e.Year {
		return d.Year < e.Year
	}
	if d.Month != e.Month {
		return d.Month < e.Month
	}
	if d.Leap != e.Leap {
		return e.Leap
	}
	return d.Day < e.Day
}

// String returns the date as year-month-day, a leap month marked with an L: 2023-L2-14.
func (d Date) String() string {
	mark := ""
	if d.Leap {
		mark = "L"
	}
	return fmt.Sprintf("%d-%s%d-%d", d.Year, mark, d.Month, d.Day)
}
