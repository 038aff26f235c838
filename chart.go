package fortunet

import (
	"slices"

	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/ziwei"
)

// EngineVersion names the rules charts are computed by: those of the engines, their
// tables and their time zones. It changes whenever any chart would come out
// differently, so that what was kept of older ones can be told apart.
const EngineVersion = "2"

// A ChartType is a system of astrology.
type ChartType string

const (
	Ziwei  ChartType = "ziwei"  // 紫微斗數
	Zodiac ChartType = "zodiac" // western
)

var chartTypes = []ChartType{Ziwei, Zodiac}

// Valid reports whether t is a type of chart.
func (t ChartType) Valid() bool { return slices.Contains(chartTypes, t) }

// A Gender is that of the person born, which decides the direction of a Zi Wei chart.
type Gender string

const (
	Male   Gender = "male"
	Female Gender = "female"
)

var genders = []Gender{Male, Female}

// A ChartRequest asks for one chart, in its normal form: as DecodeChartRequest leaves
// it, every default is written out, a lunar date has become a Gregorian one, and what
// cannot change the chart is gone, so that requests for the same chart are equal.
type ChartRequest struct {
	Type     ChartType
	Language Language // of the names in the chart

	// When: an instant if HasUTC (a western chart only); else a day, and on it an hour
	// as such if Hour is not -1, or a time on the clocks of a zone.
	HasUTC bool
	UTC    int64 // seconds since 1970, taken as UT1
	Date   birth.Date
	Hour   int // 0 to 12, or -1
	Clock  birth.Clock
	Zone   string
	Pass   birth.Pass

	// Where: known if HasPlace. Its name is for people and decides nothing.
	HasPlace  bool
	Place     birth.Place
	PlaceName string

	// Of a Zi Wei chart alone.
	Gender       Gender
	Basis        birth.Basis
	Ziwei        ziwei.Options
	HasHoroscope bool
	Horoscope    Horoscope

	// Of a western chart alone.
	Western WesternOptions
}

// A Horoscope is the moment whose 運限 are asked for.
type Horoscope struct {
	Date      birth.Date // Gregorian
	TimeIndex int        // 0 to 12
}

// checkHoroscope returns a fault if the moment is before the birth or too long after.
func (r *ChartRequest) checkHoroscope() error {
	last := r.Date
	last.Year += ziwei.HoroscopeYears
	return birth.Range{From: r.Date, To: last}.Check("horoscope.solarDate", r.Horoscope.Date)
}

// Moment makes out the moment of birth.
func (r *ChartRequest) Moment() (birth.Moment, error) {
	if r.Hour >= 0 {
		return birth.Given(r.Date, r.Hour), nil
	}
	in := birth.Input{Date: r.Date, Clock: r.Clock, Zone: r.Zone, Basis: r.Basis, Pass: r.Pass}
	if r.HasPlace {
		in.Place = &r.Place
	}
	return in.Resolve()
}
