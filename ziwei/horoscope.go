package ziwei

import (
	"time"

	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/lunar"
)

// HoroscopeYears is how long after a birth a horoscope can be asked for.
const HoroscopeYears = 120

// A Moment is when a horoscope is asked for, as Birth says when somebody was born.
type Moment struct {
	Date      birth.Date
	TimeIndex int
	Instant   time.Time
}

// A Horoscope is what a moment brings to a natal chart (運限).
type Horoscope struct {
	Moment     Moment
	Lunar      lunar.Date // of the civil date
	NominalAge int        // 虛歲, 1 from birth

	Decadal Scope // its kind is Childhood before the first decade
	Age     Scope // small limit; it has no flowing stars
	Yearly  Scope
	Monthly Scope
	Daily   Scope
	Hourly  Scope

	// The gods of the year, by palace index.
	Suiqian, Jiangqian [12]God
}

// A Scope is one span of time of a horoscope.
type Scope struct {
	Kind     ScopeKind
	Index    int // of its soul palace
	Pillar   lunar.Pillar
	Mutagens [4]Star // the stars that get 祿, 權, 科 and 忌

	flows [flowsInScope]int8
}

// Palace returns the name that the palace at index has in the scope.
func (s *Scope) Palace(index int) PalaceName { return PalaceName(around(index - s.Index)) }

// Flows returns the flowing stars of the scope that stand in the palace at index.
func (s *Scope) Flows(index int) []Flow {
	var flows []Flow
	s.eachFlow(index, func(f Flow) { flows = append(flows, f) })
	return flows
}

// eachFlow calls visit with each flowing star that stands in the palace at index.
func (s *Scope) eachFlow(index int, visit func(Flow)) {
	if s.Kind == SmallLimit {
		return
	}
	first := firstFlow(s.Kind)
	for f, place := range s.flows {
		if int(place) == index {
			visit(first + Flow(f))
		}
	}
	if s.Kind == Yearly && placeOf(nianjie(s.Pillar.Branch)) == index {
		visit(flowNianjie)
	}
}

// Scopes returns the six scopes from the longest to the shortest.
func (h *Horoscope) Scopes() [6]*Scope {
	return [6]*Scope{&h.Decadal, &h.Age, &h.Yearly, &h.Monthly, &h.Daily, &h.Hourly}
}

// Horoscope returns what a moment brings to the chart. An error is an Invalid fault
// whose field is horoscope.solarDate or horoscope.timeIndex: the moment must be of the
// birth's day or after it, and at most HoroscopeYears after.
func (c *Chart) Horoscope(m Moment) (*Horoscope, error) {
	if err := c.check(m); err != nil {
		return nil, err
	}
	now, err := hourOf(m.Date, m.TimeIndex, m.Instant, c.Options)
	if err != nil {
		return nil, err
	}
	h := &Horoscope{Moment: m, NominalAge: c.age(now.day)}
	if h.Lunar, err = lunar.FromDayNumber(now.civil); err != nil {
		return nil, err
	}
	month := c.Options.Leap.month(now.day)
	pillars, err := now.pillars(c.Options.HoroscopeDivide, month, c.Options.TermDivide)
	if err != nil {
		return nil, err
	}

	h.Decadal = c.decadal(h.NominalAge)
	small := c.smallLimit(h.NominalAge)
	h.Age = c.scope(SmallLimit, small, c.Palaces[small].Pillar)

	// 流月: 流年地支逆數至生月，再順數至生時為正月，順行至本月；流日、流時順數。
	year := placeOf(pillars.Year.Branch)
	first := year - c.month + int(c.hour.branch)
	h.Yearly = c.scope(Yearly, year, pillars.Year)
	h.Monthly = c.scope(Monthly, first+month, pillars.Month)
	h.Daily = c.scope(Daily, h.Monthly.Index+now.day.Day-1, pillars.Day)
	h.Hourly = c.scope(Hourly, h.Daily.Index+int(now.branch), pillars.Hour)
	h.Suiqian, h.Jiangqian = yearGods(pillars.Year.Branch, c.Options.Algorithm)
	return h, nil
}

// check returns an Invalid fault about a moment no horoscope can be told for.
func (c *Chart) check(m Moment) error {
	if !m.Date.Valid() {
		return fault.Field("horoscope.solarDate", birth.CodeInvalidDate, "there is no %v", m.Date)
	}
	last := c.Birth.Date
	last.Year += HoroscopeYears
	if err := (birth.Range{From: c.Birth.Date, To: last}).Check("horoscope.solarDate", m.Date); err != nil {
		return err
	}
	if err := checkInstant("horoscope.solarDate", m.Date, m.Instant); err != nil {
		return err
	}
	if m.TimeIndex < 0 || m.TimeIndex > LateZi {
		return fault.Field("horoscope.timeIndex", birth.CodeOutOfRange, "%d is not from 0 to 12", m.TimeIndex)
	}
	return nil
}

// age returns the nominal age on a lunar date that is not before the birth's.
func (c *Chart) age(now lunar.Date) int {
	born := c.hour.day
	age := now.Year - born.Year + 1
	if c.Options.AgeDivide == AgeByBirthday && age > 1 && now.Before(birthday(born, now.Year)) {
		age--
	}
	return max(age, 1)
}

// birthday returns the lunar date on which who was born on that date has the birthday
// of a year: the day of the month of birth, its last day if it is shorter, in the
// ordinary month where that year's month of birth has no leap one.
func birthday(born lunar.Date, year int) lunar.Date {
	d := lunar.Date{Year: year, Month: born.Month, Day: born.Day, Leap: born.Leap}
	days := lunar.MonthDays(year, d.Month, d.Leap)
	if days == 0 {
		d.Leap = false
		days = lunar.MonthDays(year, d.Month, false)
	}
	d.Day = min(d.Day, days)
	return d
}

// childhood are the palaces of the years before the first decade:
//
//	一命二財三疾厄，四歲夫妻五福德，六歲事業為童限，專就宮垣視吉凶。
var childhood = [6]PalaceName{SoulPalace, WealthPalace, HealthPalace, SpousePalace, SpiritPalace, CareerPalace}

// decadal returns the scope of the decade of a nominal age. After the twelfth decade
// they go around again.
func (c *Chart) decadal(age int) Scope {
	first := c.Element.Number()
	kind, place := Childhood, 0
	if age < first {
		place = c.Palace(childhood[age-1]).Index
	} else {
		kind = Decadal
		for i := range c.Palaces {
			if c.Palaces[i].Decade.From == first+(age-first)/10%12*10 {
				place = i
			}
		}
	}
	return c.scope(kind, place, c.Palaces[place].Pillar)
}

// smallLimit returns the palace index of the small limit of a nominal age.
func (c *Chart) smallLimit(age int) int {
	for i := range c.Palaces {
		if c.Palaces[i].FirstAge == (age-1)%12+1 {
			return i
		}
	}
	return 0 // not reached: the twelve first ages are 1 to 12
}

// scope returns a scope whose soul palace is at index, counted around.
func (c *Chart) scope(kind ScopeKind, index int, p lunar.Pillar) Scope {
	return Scope{
		Kind:     kind,
		Index:    around(index),
		Pillar:   p,
		Mutagens: c.Options.Tables.Mutagen.Mutagens(p.Stem),
		flows:    flowPlaces(p, c.Options.Tables.Kuiyue),
	}
}
