package birth

import (
	"time"

	"github.com/fortunet/fortunet/fault"
)

// A Date is a day of the Gregorian calendar (also before 1582), or, where its use
// says so, the year, month and day of a lunar one.
type Date struct {
	Year, Month, Day int
}

// ParseDate returns the day written YYYY-MM-DD. field names the member in the fault
// for text of another form and for a day the Gregorian calendar does not have.
func ParseDate(field, s string) (Date, error) {
	d, err := parseDate(field, s)
	if err == nil && !d.Valid() {
		return Date{}, fault.Field(field, CodeInvalidDate, "there is no %s: month %d of %d has no day %d", s, d.Month, d.Year, d.Day)
	}
	return d, err
}

// ParseLunarDate is ParseDate for a date of the lunar calendar, whose months have up
// to 30 days. Whether the month has that many, FromLunar knows.
func ParseLunarDate(field, s string) (Date, error) {
	d, err := parseDate(field, s)
	if err == nil && d.Day > 30 {
		return Date{}, fault.Field(field, CodeInvalidDate, "there is no %s: a lunar month has at most 30 days", s)
	}
	return d, err
}

// parseDate reads three numbers, a month from 1 to 12 and a day from 1 to 31.
func parseDate(field, s string) (Date, error) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return Date{}, fault.Field(field, CodeInvalidDate, "must be written YYYY-MM-DD, such as 1990-05-17")
	}
	d := Date{number(s[:4]), number(s[5:7]), number(s[8:])}
	if d.Year < 0 || d.Month < 0 || d.Day < 0 {
		return Date{}, fault.Field(field, CodeInvalidDate, "must be written YYYY-MM-DD, such as 1990-05-17")
	}
	if d.Month < 1 || d.Month > 12 {
		return Date{}, fault.Field(field, CodeInvalidDate, "there is no %s: no month %d", s, d.Month)
	}
	if d.Day < 1 || d.Day > 31 {
		return Date{}, fault.Field(field, CodeInvalidDate, "there is no %s: no day %d", s, d.Day)
	}
	return d, nil
}

// number returns the value of digits, -1 if there is anything else among them.
func number(digits string) int {
	n := 0
	for i := range len(digits) {
		c := digits[i]
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

var monthDays = [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// Valid reports whether the Gregorian calendar has the day.
func (d Date) Valid() bool {
	if d.Month < 1 || d.Month > 12 || d.Day < 1 {
		return false
	}
	days := monthDays[d.Month-1]
	if d.Month == 2 && d.Year%4 == 0 && (d.Year%100 != 0 || d.Year%400 == 0) {
		days++
	}
	return d.Day <= days
}

// Before reports whether d comes before e.
func (d Date) Before(e Date) bool {
	if d.Year != e.Year {
		return d.Year < e.Year
	}
	if d.Month != e.Month {
		return d.Month < e.Month
	}
	return d.Day < e.Day
}

// AddDays returns the day n days later.
func (d Date) AddDays(n int) Date { return (d.At(Clock{}) + Wall(n)*daySeconds).Date() }

// At returns what a clock shows on that day at that time.
func (d Date) At(c Clock) Wall {
	days := time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC).Unix()
	return Wall(days + int64(c.Hour)*3600 + int64(c.Minute)*60 + int64(c.Second))
}

// String returns the date as YYYY-MM-DD.
func (d Date) String() string { return string(d.Append(nil)) }

// Append appends the date as YYYY-MM-DD.
func (d Date) Append(b []byte) []byte {
	b = append(b, byte('0'+d.Year/1000%10), byte('0'+d.Year/100%10), byte('0'+d.Year/10%10), byte('0'+d.Year%10), '-')
	b = append(two(b, d.Month), '-')
	return two(b, d.Day)
}

func two(b []byte, n int) []byte { return append(b, byte('0'+n/10%10), byte('0'+n%10)) }

// A Clock is a time of day.
type Clock struct {
	Hour, Minute, Second int
}

// ParseClock returns the time written HH:MM or HH:MM:SS, from 00:00:00 to 23:59:59.
// field names the member in the fault for anything else.
func ParseClock(field, s string) (Clock, error) {
	bad := len(s) != 5 && len(s) != 8
	var c Clock
	if !bad {
		c.Hour, c.Minute = number(s[:2]), number(s[3:5])
		bad = s[2] != ':'
		if len(s) == 8 {
			c.Second = number(s[6:])
			bad = bad || s[5] != ':'
		}
	}
	if bad || c.Hour < 0 || c.Minute < 0 || c.Second < 0 {
		return Clock{}, fault.Field(field, CodeInvalidTime, "must be written HH:MM or HH:MM:SS, such as 14:30")
	}
	if c.Hour > 23 || c.Minute > 59 || c.Second > 59 {
		return Clock{}, fault.Field(field, CodeInvalidTime, "there is no %s: a day goes from 00:00:00 to 23:59:59", s)
	}
	return c, nil
}

// TimeIndex returns which of the thirteen hours of a Zi Wei day the time is in: 0 the
// early 子 hour from midnight, 1 丑 from 01:00 … 11 亥 from 21:00, 12 the late 子
// hour from 23:00. A boundary belongs to the later hour.
func (c Clock) TimeIndex() int { return (c.Hour + 1) / 2 }

// Append appends the time as HH:MM:SS.
func (c Clock) Append(b []byte) []byte {
	b = append(two(b, c.Hour), ':')
	b = append(two(b, c.Minute), ':')
	return two(b, c.Second)
}

// String returns the time as HH:MM:SS.
func (c Clock) String() string { return string(c.Append(nil)) }

const daySeconds = 86400

// A Wall is what a clock with a calendar shows, as seconds since it showed
// 1970-01-01 00:00:00 if nobody had ever set it. It is no instant: that takes a zone.
type Wall int64

// Date returns the day.
func (w Wall) Date() Date {
	y, m, d := time.Unix(int64(w), 0).UTC().Date()
	return Date{y, int(m), d}
}

// Clock returns the time of day.
func (w Wall) Clock() Clock {
	s := int(((w % daySeconds) + daySeconds) % daySeconds)
	return Clock{s / 3600, s / 60 % 60, s % 60}
}

// TimeIndex is that of the time of day.
func (w Wall) TimeIndex() int { return w.Clock().TimeIndex() }

// Append appends the day and time as YYYY-MM-DDTHH:MM:SS.
func (w Wall) Append(b []byte) []byte {
	b = append(w.Date().Append(b), 'T')
	return w.Clock().Append(b)
}

// String returns the day and time as YYYY-MM-DDTHH:MM:SS.
func (w Wall) String() string { return string(w.Append(nil)) }

// A Range is a span of days, both ends included.
type Range struct {
	From, To Date
}

// Ranges of birth dates that can be answered.
var (
	ZiweiBirths   = Range{Date{1900, 2, 1}, Date{2100, 12, 31}}
	WesternBirths = Range{Date{1600, 1, 1}, Date{2399, 12, 31}}
)

// Check returns an Invalid fault about field, naming the range, if d is outside it.
func (r Range) Check(field string, d Date) error {
	if d.Before(r.From) || r.To.Before(d) {
		return fault.Field(field, CodeOutOfRange, "%v is not from %v to %v", d, r.From, r.To)
	}
	return nil
}
