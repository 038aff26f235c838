package fortunet

import (
	"errors"
	"time"

	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/lunar"
)

// A CalendarMonth is a month as an almanac shows it: of the Gregorian calendar or of
// the Chinese one, each day told in both.
type CalendarMonth struct {
	Calendar string        `json:"calendar" enum:"solar,lunar" doc:"whose month it is"`
	Year     int           `json:"year" doc:"of that calendar" example:"2026"`
	Month    int           `json:"month" doc:"1 to 12" example:"11"`
	IsLeap   bool          `json:"isLeap" doc:"it is a leap month, of the Chinese calendar only"`
	Days     []CalendarDay `json:"days" nullable:"false"`
}

// A CalendarDay is a day of an almanac. Year and month of its pillars change with the
// solar terms, at the first moment of the term's day in UTC+8.
type CalendarDay struct {
	Date    string        `json:"date" doc:"Gregorian" example:"2026-11-23"`
	Weekday int           `json:"weekday" doc:"0 is Sunday"`
	Lunar   LunarDay      `json:"lunar"`
	Pillars DayPillars    `json:"pillars"`
	Term    *CalendarTerm `json:"term,omitempty" doc:"the solar term that falls on the day, counted in UTC+8"`
}

// A LunarDay is a date of the Chinese calendar.
type LunarDay struct {
	Year      int    `json:"year"`
	Month     int    `json:"month"`
	Day       int    `json:"day"`
	IsLeap    bool   `json:"isLeap"`
	MonthDays int    `json:"monthDays" doc:"29 or 30"`
	Name      string `json:"name" doc:"month and day as they are written" example:"十月十五"`
}

// DayPillars are stem and branch of the year, month and day, as plain keys.
type DayPillars struct {
	Year  [2]string `json:"year"`
	Month [2]string `json:"month"`
	Day   [2]string `json:"day"`
}

// A CalendarTerm is one of the 24 solar terms.
type CalendarTerm struct {
	Key  string `json:"key" example:"xiaoxue"`
	Name string `json:"name" example:"小雪"`
	At   string `json:"at" doc:"the instant, in UTC" example:"2026-11-22T07:23:10Z"`
}

// The days whose month can be asked for: those of the lunar table.
var calendarDays = birth.Range{From: birth.Date{Year: 1900, Month: 2, Day: 1}, To: birth.Date{Year: 2220, Month: 12, Day: 31}}

// SolarMonth returns a month of the Gregorian calendar, from February 1900 to December
// 2220. The error is an Invalid fault about year or month.
func SolarMonth(year, month int) (CalendarMonth, error) {
	if month < 1 || month > 12 {
		return CalendarMonth{}, fault.Field("month", CodeOutOfRange, "must be from 1 to 12, not %d", month)
	}
	if err := checkCalendarYear(year); err != nil {
		return CalendarMonth{}, err
	}
	if err := calendarDays.Check("year", birth.Date{Year: year, Month: month, Day: 1}); err != nil {
		return CalendarMonth{}, err
	}
	first := lunar.DayNumber(year, month, 1)
	next := lunar.DayNumber(year+month/12, month%12+1, 1)
	return calendarMonth(CalendarMonth{Calendar: "solar", Year: year, Month: month}, first, next)
}

// LunarMonth returns a month of the Chinese calendar of the years 1900 to 2220, leap
// saying which of two with the same number is meant. The error is an Invalid fault
// about year, month or leap.
func LunarMonth(year, month int, leap bool) (CalendarMonth, error) {
	if err := checkCalendarYear(year); err != nil {
		return CalendarMonth{}, err
	}
	months, err := lunar.Months(year)
	if err != nil {
		return CalendarMonth{}, outOfCalendar(err)
	}
	for _, m := range months {
		if m.Number == month && m.Leap == leap {
			return calendarMonth(CalendarMonth{Calendar: "lunar", Year: year, Month: month, IsLeap: leap}, m.First, m.First+m.Days)
		}
	}
	if leap {
		return CalendarMonth{}, fault.Field("leap", CodeInvalidValue, "the Chinese year %d has no leap month %d", year, month)
	}
	return CalendarMonth{}, fault.Field("month", CodeOutOfRange, "must be from 1 to 12, not %d", month)
}

// checkCalendarYear refuses a year beyond the calendar, which may be none that a date can
// be written with.
func checkCalendarYear(year int) error {
	if from, to := calendarDays.From.Year, calendarDays.To.Year; year < from || year > to {
		return fault.Field("year", CodeOutOfRange, "must be from %d to %d, not %d", from, to, year)
	}
	return nil
}

// calendarMonth fills in the days from first up to next, as days since 1970-01-01.
func calendarMonth(m CalendarMonth, first, next int) (CalendarMonth, error) {
	terms, err := termsBetween(first, next)
	if err != nil {
		return CalendarMonth{}, err
	}
	for n := first; n < next; n++ {
		d, err := calendarDay(n)
		if err != nil {
			return CalendarMonth{}, outOfCalendar(err)
		}
		if t, ok := terms[n]; ok {
			d.Term = &t
		}
		m.Days = append(m.Days, d)
	}
	return m, nil
}

func calendarDay(n int) (CalendarDay, error) {
	l, err := lunar.FromDayNumber(n)
	if err != nil {
		return CalendarDay{}, err
	}
	term, of, err := lunar.TermOn(n)
	if err != nil {
		return CalendarDay{}, err
	}
	year, month := lunar.SolarPillars(term, of)
	day := lunar.DayPillar(n)
	y, mo, d := lunar.DayOf(n)
	const thursday = 4 // 1970-01-01
	return CalendarDay{
		Date:    birth.Date{Year: y, Month: mo, Day: d}.String(),
		Weekday: ((n+thursday)%7 + 7) % 7,
		Lunar: LunarDay{Year: l.Year, Month: l.Month, Day: l.Day, IsLeap: l.Leap,
			MonthDays: lunar.MonthDays(l.Year, l.Month, l.Leap), Name: l.MonthName() + l.DayName()},
		Pillars: DayPillars{pillarKeys(year), pillarKeys(month), pillarKeys(day)},
	}, nil
}

func pillarKeys(p lunar.Pillar) [2]string { return [2]string{p.Stem.Key(), p.Branch.Key()} }

// termsBetween returns the terms by the day in UTC+8 they fall on.
func termsBetween(first, next int) (map[int]CalendarTerm, error) {
	const beijing = 8 * time.Hour
	terms := map[int]CalendarTerm{}
	from, _, _ := lunar.DayOf(first)
	to, _, _ := lunar.DayOf(next)
	for year := from; year <= to; year++ {
		all, err := lunar.Terms(year)
		if err != nil {
			return nil, outOfCalendar(err)
		}
		for t, at := range all {
			term := lunar.Term(t)
			y, m, d := at.Add(beijing).Date()
			terms[lunar.DayNumber(y, int(m), d)] = CalendarTerm{term.Key(), term.String(), at.Format(time.RFC3339)}
		}
	}
	return terms, nil
}

// outOfCalendar is the fault of a month that reaches beyond the tables.
func outOfCalendar(err error) error {
	if errors.Is(err, lunar.ErrRange) {
		return fault.Field("year", CodeOutOfRange, "the calendar does not reach there")
	}
	return err
}
