package lunar

import "fmt"

// A year is a word of yearTable.
type year uint32

func yearOf(y int) year { return year(yearTable[y-firstYear]) }

// newYear returns the day number of the first day of lunar year y.
func newYear(y int) int { return DayNumber(y, 1, 1) + int(yearOf(y)>>17) }

// leap returns the number of the month that a leap month follows, 0 if none does.
func (w year) leap() int { return int(w >> 13 & 15) }

// months returns how many months the year has.
func (w year) months() int {
	if w.leap() > 0 {
		return 13
	}
	return 12
}

// monthDays returns how many days the month has that is place months after the first.
func (w year) monthDays(place int) int { return 29 + int(w>>place&1) }

// days returns how many days the year has.
func (w year) days() int {
	n := 0
	for i := range w.months() {
		n += w.monthDays(i)
	}
	return n
}

// month returns what the month is called that is place months after the first.
func (w year) month(place int) (month int, leap bool) {
	l := w.leap()
	if l == 0 || place < l {
		return place + 1, false
	}
	return place, place == l
}

// place returns how many months lie before the month of that name.
func (w year) place(month int, leap bool) (int, bool) {
	l := w.leap()
	switch {
	case month < 1 || month > 12 || leap && month != l:
		return 0, false
	case leap || l > 0 && month > l:
		return month, true
	}
	return month - 1, true
}

// A Month is a month of the Chinese calendar.
type Month struct {
	Year, Number int
	Leap         bool
	Days         int // 29 or 30
	First        int // the day number of its first day
}

// Months returns the months of a lunar year in order. The error is ErrRange.
func Months(lunarYear int) ([]Month, error) {
	if lunarYear < firstYear || lunarYear > lastYear {
		return nil, fmt.Errorf("year %d: %w", lunarYear, ErrRange)
	}
	w := yearOf(lunarYear)
	months := make([]Month, w.months())
	first := newYear(lunarYear)
	for i := range months {
		number, leap := w.month(i)
		months[i] = Month{lunarYear, number, leap, w.monthDays(i), first}
		first += months[i].Days
	}
	return months, nil
}

// LeapMonth returns the number of a lunar year's leap month, 0 if it has none or is
// outside the table.
func LeapMonth(lunarYear int) int {
	if lunarYear < firstYear || lunarYear > lastYear {
		return 0
	}
	return yearOf(lunarYear).leap()
}

// MonthDays returns how many days a month has, 0 if there is no such month.
func MonthDays(lunarYear, month int, leap bool) int {
	if lunarYear < firstYear || lunarYear > lastYear {
		return 0
	}
	w := yearOf(lunarYear)
	place, ok := w.place(month, leap)
	if !ok {
		return 0
	}
	return w.monthDays(place)
}
