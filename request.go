package fortunet

import (
	"time"

	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/fault"
)

// MaxRequest is the longest text of a request for one chart, in bytes. Nearly all are
// under 1 KB.
const MaxRequest = 1 << 20

// DecodeChartRequest reads a request for a chart:
//
//	{chartType, birthDate, birthTime | timeIndex, gender, timezone, location?, calendar?,
//	leapMonth?, language?, options?, horoscope?}
//
// or, western, with utc in place of date, time and zone, and returns its normal form.
// language is what it is answered in if it does not say so itself, "" being
// DefaultLanguage.
//
// Reading is strict. What is missing, unknown, given twice, of another type, out of
// range or contradicts another member is a fault, Invalid or TooLarge, whose field is
// the member's path. Whether a time ever was on the clocks is not asked here, only
// when the moment is made out.
func DecodeChartRequest(raw []byte, language Language) (ChartRequest, error) {
	var d draft
	if err := d.decode(raw, language); err != nil {
		return ChartRequest{}, err
	}
	return d.request, nil
}

// A draft is a request while it is read. Members may come in any order, so what one
// means for another is settled when all are there.
type draft struct {
	reader
	request   ChartRequest
	given     member
	birthDate string
	lunar     bool
	leapMonth bool
	options   options

	drawable bool  // the text may ask for a picture
	look     *Look // of the picture, nil where there is to be none
}

// A member is a bit for each member of a request, one set meaning it was given.
type member uint

const (
	hasBirthDate member = 1 << iota
	hasBirthTime
	hasTimeIndex
	hasTimezone
	hasUTC
	hasCalendar
	hasLeapMonth
	hasHoroscope
	hasGender
)

func (d *draft) has(m member) bool { return d.given&m != 0 }

// decode reads a text whole.
func (d *draft) decode(raw []byte, language Language) error {
	if len(raw) > MaxRequest {
		return fault.Coded(fault.TooLarge, CodeTooLarge, "the request is over %d bytes", MaxRequest)
	}
	d.data, d.request.Language = raw, language
	if err := d.read(); err != nil {
		return err
	}
	if err := d.settle(); err != nil {
		return err
	}
	if d.look != nil {
		*d.look = d.look.settled(d.request.Language)
	}
	return nil
}

func (d *draft) read() error {
	d.options.basis, d.options.pass = birth.Standard, birth.FirstPass
	d.request.Hour = -1
	if err := d.object("", d.member); err != nil {
		return err
	}
	return d.end()
}

// member reads one member of the request.
func (d *draft) member(name []byte) error {
	r := &d.request
	switch string(name) {
	case "chartType":
		return oneOf(&d.reader, "chartType", &r.Type, chartTypes)
	case "language":
		return oneOf(&d.reader, "language", &r.Language, languages)
	case "gender":
		d.given |= hasGender
		return oneOf(&d.reader, "gender", &r.Gender, genders)
	case "location":
		return d.location()
	case "options":
		return d.object("options", d.option)
	case "horoscope":
		d.given |= hasHoroscope
		return d.horoscope()
	case "drawing":
		if d.drawable {
			d.look = new(Look)
			return d.object("drawing", func(name []byte) error { return d.lookMember("drawing", name, d.look) })
		}
	}
	return d.when(name)
}

// when reads the members that say when the birth was.
func (d *draft) when(name []byte) (err error) {
	r := &d.request
	switch string(name) {
	case "birthDate":
		d.given |= hasBirthDate
		d.birthDate, err = d.str("birthDate")
	case "birthTime":
		d.given |= hasBirthTime
		var s string
		if s, err = d.str("birthTime"); err == nil {
			r.Clock, err = birth.ParseClock("birthTime", s)
		}
	case "timeIndex":
		d.given |= hasTimeIndex
		r.Hour, err = d.integer("timeIndex", 0, 12)
	case "timezone":
		d.given |= hasTimezone
		r.Zone, err = d.zone()
	case "utc":
		d.given |= hasUTC
		d.request.HasUTC = true
		d.request.UTC, err = d.utc("utc")
	case "calendar":
		d.given |= hasCalendar
		var c string
		err = oneOf(&d.reader, "calendar", &c, []string{"solar", "lunar"})
		d.lunar = c == "lunar"
	case "leapMonth":
		d.given |= hasLeapMonth
		d.leapMonth, err = d.boolean("leapMonth")
	default:
		return unknown("", name)
	}
	return err
}

// str reads a string and gives it memory of its own.
func (r *reader) str(path string) (string, error) {
	text, err := r.text(path)
	return string(text), err
}

// zone reads the name of a time zone.
func (r *reader) zone() (string, error) {
	text, err := r.text("timezone")
	if err != nil {
		return "", err
	}
	zone, err := birth.LoadZone(string(text))
	if err != nil {
		return "", err
	}
	return zone.String(), nil
}

// utc reads an instant as RFC 3339 writes it in UTC, to the second.
func (r *reader) utc(path string) (int64, error) {
	s, err := r.str(path)
	if err != nil {
		return 0, err
	}
	const form = "2006-01-02T15:04:05Z"
	at, err := time.Parse(form, s)
	if err != nil || len(s) != len(form) {
		return 0, fault.Field(path, birth.CodeInvalidTime, "must be written YYYY-MM-DDTHH:MM:SSZ, such as 1990-05-17T06:30:00Z")
	}
	return at.Unix(), nil
}

func (d *draft) location() (err error) {
	r := &d.request
	r.PlaceName, err = d.place("location", &r.Place)
	r.HasPlace = err == nil
	return err
}

// place reads {latitude, longitude, name?}.
func (r *reader) place(path string, p *birth.Place) (name string, err error) {
	var latitude, longitude bool
	err = r.object(path, func(member []byte) (err error) {
		at := join(path, member)
		switch string(member) {
		case "latitude":
			latitude = true
			p.Latitude, err = r.float(at, -90, 90)
		case "longitude":
			longitude = true
			p.Longitude, err = r.float(at, -180, 180)
		case "name":
			if name, err = r.str(at); err == nil {
				name, err = CleanName(at, name)
			}
		default:
			err = unknown(path, member)
		}
		return err
	})
	switch {
	case err != nil:
		return "", err
	case !latitude:
		return "", missing(path + ".latitude")
	case !longitude:
		return "", missing(path + ".longitude")
	}
	return name, nil
}

func (d *draft) horoscope() error {
	h := &d.request.Horoscope
	var date, index bool
	err := d.object("horoscope", func(name []byte) (err error) {
		switch string(name) {
		case "solarDate":
			date = true
			var s string
			if s, err = d.str("horoscope.solarDate"); err == nil {
				h.Date, err = birth.ParseDate("horoscope.solarDate", s)
			}
		case "timeIndex":
			index = true
			h.TimeIndex, err = d.integer("horoscope.timeIndex", 0, 12)
		default:
			err = unknown("horoscope", name)
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case !date:
		return missing("horoscope.solarDate")
	case !index:
		return missing("horoscope.timeIndex")
	}
	d.request.HasHoroscope = true
	return nil
}

// settle checks the members against each other and brings them into normal form.
func (d *draft) settle() error {
	r := &d.request
	if r.Language == "" {
		r.Language = DefaultLanguage
	}
	var err error
	switch r.Type {
	case Ziwei:
		err = d.settleZiwei()
	case Zodiac:
		err = d.settleZodiac()
	default:
		return missing("chartType")
	}
	return err
}

func (d *draft) settleZiwei() error {
	r := &d.request
	switch {
	case d.has(hasUTC):
		return misplaced("utc", Ziwei)
	case !d.has(hasGender):
		return missing("gender")
	case d.options.ofZodiac != "":
		return misplaced("options."+d.options.ofZodiac, Ziwei)
	case d.has(hasTimeIndex) && d.has(hasBirthTime):
		return fault.Field("timeIndex", CodeConflictingField, "cannot stand beside birthTime: give the one or the other")
	case !d.has(hasTimeIndex) && !d.has(hasBirthTime):
		return missing("birthTime")
	}
	if err := d.settleDate(birth.ZiweiBirths); err != nil {
		return err
	}
	if r.HasHoroscope {
		if err := r.checkHoroscope(); err != nil {
			return err
		}
	}
	r.Basis, r.Pass, r.Ziwei = d.options.basis, d.options.pass, d.options.ziwei
	if r.Hour >= 0 {
		// The hour is final: what would only have led to one is gone.
		r.Zone, r.HasPlace, r.Place, r.PlaceName, r.Basis, r.Pass = "", false, birth.Place{}, "", "", ""
		return nil
	}
	if r.Zone == "" {
		return missing("timezone")
	}
	if r.Basis == birth.TrueSolar && !r.HasPlace {
		return missing("location")
	}
	return nil
}

func (d *draft) settleZodiac() error {
	r := &d.request
	switch {
	case d.has(hasTimeIndex):
		return misplaced("timeIndex", Zodiac)
	case d.has(hasHoroscope):
		return misplaced("horoscope", Zodiac)
	case d.options.ofZiwei != "":
		return misplaced("options."+d.options.ofZiwei, Zodiac)
	case !r.HasPlace:
		return missing("location")
	}
	r.Gender, r.Western, r.Pass = "", d.options.western.settled(), d.options.pass
	if !d.has(hasUTC) {
		switch {
		case !d.has(hasBirthTime):
			return missing("birthTime")
		case r.Zone == "":
			return missing("timezone")
		}
		return d.settleDate(birth.WesternBirths)
	}
	if d.has(hasBirthDate | hasBirthTime | hasTimezone | hasCalendar | hasLeapMonth) {
		return fault.Field("utc", CodeConflictingField, "stands in place of birthDate, birthTime, timezone and calendar")
	}
	r.Pass = ""
	return birth.WesternBirths.Check("utc", birth.Wall(r.UTC).Date())
}

// settleDate turns the date of birth into a Gregorian one within range.
func (d *draft) settleDate(within birth.Range) (err error) {
	r := &d.request
	if !d.has(hasBirthDate) {
		return missing("birthDate")
	}
	if !d.lunar {
		if d.leapMonth {
			return fault.Field("leapMonth", CodeConflictingField, "needs calendar to be lunar")
		}
		if r.Date, err = birth.ParseDate("birthDate", d.birthDate); err != nil {
			return err
		}
		return within.Check("birthDate", r.Date)
	}
	date, err := birth.ParseLunarDate("birthDate", d.birthDate)
	if err != nil {
		return err
	}
	if r.Date, err = birth.FromLunar("birthDate", date, d.leapMonth); err != nil {
		return err
	}
	return within.Check("birthDate", r.Date)
}

func missing(path string) error {
	return fault.Field(path, CodeMissingField, "is missing")
}

// misplaced is the fault of a member that means nothing for a chart of this type.
func misplaced(path string, t ChartType) error {
	return fault.Field(path, CodeUnknownField, "means nothing for a %s chart", t)
}
