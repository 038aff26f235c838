package ziwei

import (
	"time"

	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/lunar"
)

// A Gender decides which way decades and cycles go around.
type Gender uint8

const (
	Male Gender = iota
	Female
)

var genderKeys = [2]string{"male", "female"}

// Key returns "male" or "female".
func (g Gender) Key() string { return genderKeys[g] }

// ParseGender returns the gender of that key, or an Invalid fault.
func ParseGender(key string) (Gender, error) {
	for g, k := range genderKeys {
		if k == key {
			return Gender(g), nil
		}
	}
	return 0, fault.Field("gender", "invalid_value", "%q is not one of male, female", clip(key))
}

// LateZi is the index of the hour from 23:00 to midnight. The others are 0 for the
// early 子 hour from midnight, 1 for 丑 from 01:00, up to 11 for 亥 from 21:00.
const LateZi = 12

// A Birth is when and to whom a chart belongs.
type Birth struct {
	Date      birth.Date // of the Gregorian calendar, by the clock TimeIndex was read from
	TimeIndex int        // 0 to 12; see LateZi
	Gender    Gender

	// Instant is the moment of birth where it is known. Only solar terms are compared
	// with it; without it the middle of the hour, taken as UTC+8, stands for it.
	Instant time.Time
}

// check returns an Invalid fault about what a birth cannot be.
func (b Birth) check() error {
	if !b.Date.Valid() {
		return fault.Field("birthDate", birth.CodeInvalidDate, "there is no %v", b.Date)
	}
	if err := birth.ZiweiBirths.Check("birthDate", b.Date); err != nil {
		return err
	}
	if b.TimeIndex < 0 || b.TimeIndex > LateZi {
		return fault.Field("timeIndex", birth.CodeOutOfRange, "%d is not from 0 to 12", b.TimeIndex)
	}
	if err := checkInstant("birthDate", b.Date, b.Instant); err != nil {
		return err
	}
	if b.Gender > Female {
		return fault.Field("gender", "invalid_value", "is not one of male, female")
	}
	return nil
}

// checkInstant returns a fault about field if an instant is known and is not of that
// date anywhere on Earth.
func checkInstant(field string, d birth.Date, instant time.Time) error {
	if instant.IsZero() {
		return nil
	}
	const most = 48 * time.Hour // zones are 26 hours apart, true solar time and a day's length come on top
	noon := time.Date(d.Year, time.Month(d.Month), d.Day, 12, 0, 0, 0, time.UTC)
	if instant.Sub(noon).Abs() > most {
		return fault.Field(field, birth.CodeOutOfRange, "%v is not the day of %v", d, instant.UTC())
	}
	return nil
}

// An hour is one of the thirteen of a day, as the calendar and a school see it.
type hour struct {
	civil   int        // day number of the date
	drawn   int        // day number it is drawn for: the next for a late 子 hour that opens it
	day     lunar.Date // the lunar date of drawn
	branch  lunar.Branch
	instant time.Time // the moment, or the middle of the hour
}

// beijing is the zone solar terms are told in.
var beijing = time.FixedZone("UTC+8", 8*3600)

// hourOf returns what the calendar and the options say of an hour. The error is that of
// the lunar table, for dates outside it.
func hourOf(date birth.Date, index int, instant time.Time, o Options) (hour, error) {
	h := hour{
		civil:   lunar.DayNumber(date.Year, date.Month, date.Day),
		branch:  lunar.Branch(index % 12),
		instant: instant,
	}
	h.drawn = h.civil
	if index == LateZi && o.DayDivide == Forward {
		h.drawn++
	}
	var err error
	if h.day, err = lunar.FromDayNumber(h.drawn); err != nil {
		return hour{}, err
	}
	if instant.IsZero() {
		minute := index * 120 // the middle of a double hour; both 子 hours are single
		switch index {
		case 0:
			minute = 30
		case LateZi:
			minute = 23*60 + 30
		}
		h.instant = time.Date(date.Year, time.Month(date.Month), date.Day, 0, minute, 0, 0, beijing)
	}
	return h, nil
}

// month returns the number of the month a lunar date belongs to by the rule, 1 to 12.
// The second half of a leap month 12, which the table has none of, would be month 1.
func (r LeapRule) month(d lunar.Date) int {
	if r == LeapSplit && d.Leap && d.Day > 15 {
		return d.Month%12 + 1
	}
	return d.Month
}

// term returns the solar term an hour is in and its Gregorian year. The error is that
// of the table of terms, for instants far from any date that is answered.
func (h hour) term(d TermDivide) (lunar.Term, int, error) {
	if d == TermDay {
		return lunar.TermOn(h.drawn)
	}
	return lunar.TermAt(h.instant)
}

// pillars returns the four pillars of an hour, year and month divided as said; month is
// the number of the month where months are lunar.
func (h hour) pillars(divide Divide, month int, t TermDivide) (lunar.FourPillars, error) {
	day := lunar.DayPillar(h.drawn)
	p := lunar.FourPillars{Day: day, Hour: lunar.HourPillar(day.Stem, h.branch)}
	if divide == LunarYear {
		p.Year = lunar.YearPillar(h.day.Year)
		p.Month = lunar.MonthPillar(p.Year.Stem, month)
		return p, nil
	}
	term, year, err := h.term(t)
	if err != nil {
		return p, err
	}
	p.Year, p.Month = lunar.SolarPillars(term, year)
	return p, nil
}

// pillarMonth returns the number of the month whose pillar an hour has when months are
// lunar. A leap month always shows the pillars of two, one a half, since in its middle a
// term opens the next. The day that begins at 23:00 opens the second half only where it
// also moves the stars.
func (h hour) pillarMonth(r LeapRule) int {
	d := h.day
	if r == LeapWhole && d.Leap {
		d.Day -= h.drawn - h.civil
	}
	return LeapSplit.month(d)
}
