package birth

import (
	"errors"
	"strconv"

	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/lunar"
)

// FromLunar returns the Gregorian day of a date of the Chinese calendar, whose year is
// known by the Gregorian one it begins in. leap says that the month is a leap month.
// field names the date's member in the fault for a month without that day and for a
// year the calendar here does not reach; a leap month the year does not have is about
// leapMonth.
func FromLunar(field string, d Date, leap bool) (Date, error) {
	year, month, day, err := lunar.Date{Year: d.Year, Month: d.Month, Day: d.Day, Leap: leap}.Solar()
	switch {
	case err == nil:
		return Date{year, month, day}, nil
	case errors.Is(err, lunar.ErrRange):
		return Date{}, fault.Field(field, CodeOutOfRange, "%v is %v", d, lunar.ErrRange)
	case leap && lunar.LeapMonth(d.Year) != d.Month:
		return Date{}, fault.Field("leapMonth", CodeInvalidDate, "the lunar year %d has %s", d.Year, leapMonth(d.Year))
	}
	days := lunar.MonthDays(d.Year, d.Month, leap)
	return Date{}, fault.Field(field, CodeInvalidDate, "there is no %v: the lunar month has %d days", d, days)
}

// leapMonth says which leap month a lunar year has.
func leapMonth(year int) string {
	if month := lunar.LeapMonth(year); month > 0 {
		return "no leap month but month " + strconv.Itoa(month)
	}
	return "no leap month"
}
