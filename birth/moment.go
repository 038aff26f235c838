package birth

import (
	"math"
	"strconv"
	"time"

	"github.com/fortunet/fortunet/astro"
	"github.com/fortunet/fortunet/fault"
)

// A Basis names the clock an hour is read from.
type Basis string

const (
	Standard  Basis = "standard"  // the clock less daylight saving
	Clocked   Basis = "clock"     // the clock as it was
	TrueSolar Basis = "trueSolar" // a sundial at the place
	GivenHour Basis = "timeIndex" // none: the hour was given as such
)

// A Pass says which time is meant of those that came twice.
type Pass string

const (
	FirstPass  Pass = "first"
	SecondPass Pass = "second"
	OnlyPass   Pass = "only" // in an answer: it came once
)

// A Place is a point on the Earth, in degrees, north and east positive.
type Place struct {
	Latitude, Longitude float64
}

// Check returns an Invalid fault about field if there is no such point.
func (p Place) Check(field string) error {
	if !(math.Abs(p.Latitude) <= 90) {
		return fault.Field(field+".latitude", CodeOutOfRange, "must be from -90 to 90 degrees, not %v", p.Latitude)
	}
	if !(math.Abs(p.Longitude) <= 180) {
		return fault.Field(field+".longitude", CodeOutOfRange, "must be from -180 to 180 degrees, not %v", p.Longitude)
	}
	return nil
}

// An Input is what is said of a birth by the clock.
type Input struct {
	Date  Date // Gregorian
	Clock Clock
	Zone  string // IANA name
	Place *Place // nil if unknown
	Basis Basis  // "" is Standard
	Pass  Pass   // "" is FirstPass
}

// Indexes are the hours, 0 to 12, that different clocks put a moment in.
type Indexes struct {
	Clock, Standard int
	TrueSolar       int // meaningful where the place is known
}

// A Moment is when somebody was born and how that was made out.
type Moment struct {
	// What decides a Zi Wei chart: the day and hour on the clock that Used names.
	Date      Date
	TimeIndex int
	Used      Basis

	// The rest is known unless Used is GivenHour.
	Local          Wall
	Zone           string
	UTC            int64 // seconds since 1970-01-01T00:00:00Z
	Offset         int   // seconds, positive in the east
	DST            bool
	StandardOffset int
	StandardLocal  Wall
	Index          Indexes
	Pass           Pass

	// These only where the place is known too.
	Placed         bool
	MeanSolar      Wall    // UTC and 240 seconds a degree of longitude
	EquationOfTime float64 // true less mean solar time, seconds
	TrueSolar      Wall
}

// Given returns the moment of a birth whose hour is known as such: the date and index
// are final, whatever any clock showed. index is from 0 to 12.
func Given(date Date, index int) Moment {
	return Moment{Date: date, TimeIndex: index, Used: GivenHour}
}

// Resolve makes out the moment. Its errors are Invalid faults about timezone,
// birthTime, location or options.timeBasis, the members of a request these come from;
// that of a time which never was names the two instants it could be read as.
func (in Input) Resolve() (Moment, error) {
	zone, err := LoadZone(in.Zone)
	if err != nil {
		return Moment{}, err
	}
	if in.Place != nil {
		if err := in.Place.Check("location"); err != nil {
			return Moment{}, err
		}
	} else if in.Basis == TrueSolar {
		return Moment{}, fault.Field("location", CodeMissingPlace, "is needed for true solar time")
	}
	local := in.Date.At(in.Clock)
	kind, reading, second := zone.Read(local)
	pass := OnlyPass
	switch {
	case kind == Nonexistent:
		return Moment{}, neverWas(zone, local, reading, second)
	case kind == Ambiguous && in.Pass == SecondPass:
		reading, pass = second, SecondPass
	case kind == Ambiguous:
		pass = FirstPass
	}
	m := momentOf(zone, local, reading, in.Place)
	m.Pass = pass
	return m, m.use(in.Basis)
}

// momentOf works out everything that follows from one reading of the clock.
func momentOf(zone *Zone, local Wall, r Reading, place *Place) Moment {
	m := Moment{
		Local:          local,
		Zone:           zone.String(),
		UTC:            r.UTC,
		Offset:         r.Offset,
		DST:            r.DST,
		StandardOffset: r.StandardOffset,
		StandardLocal:  Wall(r.UTC + int64(r.StandardOffset)),
	}
	m.Index.Clock, m.Index.Standard = local.TimeIndex(), m.StandardLocal.TimeIndex()
	if place != nil {
		mean := float64(r.UTC) + place.Longitude*240
		m.Placed = true
		m.EquationOfTime = equationOfTime(r.UTC)
		m.MeanSolar = Wall(math.Floor(mean + 0.5))
		m.TrueSolar = Wall(math.Floor(mean + m.EquationOfTime + 0.5))
		m.Index.TrueSolar = m.TrueSolar.TimeIndex()
	}
	return m
}

// equationOfTime returns what a sundial is ahead of mean time by, seconds. The years that
// can be asked for lie within the ephemeris.
func equationOfTime(utc int64) float64 {
	sky, err := astro.At(astro.InstantAt(time.Unix(utc, 0)))
	if err != nil {
		return 0
	}
	return sky.EquationOfTime()
}

// use reads the day and hour from the clock of the basis.
func (m *Moment) use(basis Basis) error {
	switch basis {
	case Standard, "":
		m.Used, m.Date, m.TimeIndex = Standard, m.StandardLocal.Date(), m.Index.Standard
	case Clocked:
		m.Used, m.Date, m.TimeIndex = Clocked, m.Local.Date(), m.Index.Clock
	case TrueSolar:
		m.Used, m.Date, m.TimeIndex = TrueSolar, m.TrueSolar.Date(), m.Index.TrueSolar
	default:
		return fault.Field("options.timeBasis", CodeInvalidBasis, "must be standard, clock or trueSolar")
	}
	return nil
}

// neverWas is the fault of a time the clocks were put forward over.
func neverWas(zone *Zone, local Wall, before, after Reading) error {
	return fault.Field("birthTime", CodeNonexistentTime,
		"%v never was in %v, where the clocks were put forward over it: with the offset before, it is %s; with the offset after, %s",
		local, zone, instant(zone, before), instant(zone, after))
}

// instant names a moment by UTC and by what the zone's clocks did show.
func instant(zone *Zone, r Reading) string {
	shown := zone.At(r.UTC)
	return utc(r.UTC) + " (" + Wall(r.UTC+int64(shown.Offset)).String() + " there)"
}

func utc(seconds int64) string { return Wall(seconds).String() + "Z" }

// Instant returns the moment as a time in UTC.
func (m *Moment) Instant() time.Time { return time.Unix(m.UTC, 0).UTC() }

// MarshalJSON is AppendJSON for encoding/json.
func (m Moment) MarshalJSON() ([]byte, error) { return m.AppendJSON(nil), nil }

// AppendJSON appends the moment as an object: local, zone, utc, offset, dst,
// standardOffset, standardLocal, timeIndex {clock, standard}, used, pass, and where
// the place is known meanSolar, equationOfTime (to a tenth of a second), trueSolar and
// timeIndex.trueSolar. Where the hour was given, local is the date alone and there is
// nothing else but used.
func (m *Moment) AppendJSON(b []byte) []byte {
	if m.Used == GivenHour {
		b = append(b, `{"local":"`...)
		b = m.Date.Append(b)
		return append(b, `","used":"timeIndex"}`...)
	}
	b = append(b, `{"local":"`...)
	b = m.Local.Append(b)
	b = append(b, `","zone":"`...)
	b = append(b, m.Zone...) // no zone's name needs escaping
	b = append(b, `","utc":"`...)
	b = Wall(m.UTC).Append(b)
	b = append(b, `Z","offset":`...)
	b = strconv.AppendInt(b, int64(m.Offset), 10)
	b = append(b, `,"dst":`...)
	b = strconv.AppendBool(b, m.DST)
	b = append(b, `,"standardOffset":`...)
	b = strconv.AppendInt(b, int64(m.StandardOffset), 10)
	b = append(b, `,"standardLocal":"`...)
	b = m.StandardLocal.Append(b)
	b = append(b, '"')
	if m.Placed {
		b = append(b, `,"meanSolar":"`...)
		b = m.MeanSolar.Append(b)
		b = append(b, `","equationOfTime":`...)
		b = strconv.AppendFloat(b, m.EquationOfTime, 'f', 1, 64)
		b = append(b, `,"trueSolar":"`...)
		b = m.TrueSolar.Append(b)
		b = append(b, '"')
	}
	b = append(b, `,"timeIndex":{"clock":`...)
	b = strconv.AppendInt(b, int64(m.Index.Clock), 10)
	b = append(b, `,"standard":`...)
	b = strconv.AppendInt(b, int64(m.Index.Standard), 10)
	if m.Placed {
		b = append(b, `,"trueSolar":`...)
		b = strconv.AppendInt(b, int64(m.Index.TrueSolar), 10)
	}
	b = append(b, `},"used":"`...)
	b = append(b, m.Used...)
	b = append(b, `","pass":"`...)
	b = append(b, m.Pass...)
	return append(b, `"}`...)
}
