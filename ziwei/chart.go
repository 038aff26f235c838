// Package ziwei draws Zi Wei Dou Shu charts (紫微斗數): from a birth the twelve palaces
// with their stars, and for any later moment the horoscope (運限).
//
// Compute is a pure function of a birth and of options that name the school. Palaces
// are counted from 寅: index 0 is 寅, then 卯 and so on to 丑, 11. Stars, gods, palaces
// and transformations are typed numbers with keys free of language; Language has their
// names.
//
// Rules are told by the verses that practitioners know them by. Tables and keys follow
// iztro 2.6.1 (MIT), except where docs/decisions/0001-zi-wei-disputed-rules.md says
// otherwise.
package ziwei

import (
	"github.com/fortunet/fortunet/lunar"
)

// A Chart is a natal chart. It is not changed after Compute returns it, so many may
// read it at once; it must not be copied, since its lists share its memory.
type Chart struct {
	Birth   Birth
	Options Options

	Lunar   lunar.Date        // of the civil date, also for a late 子 hour
	Pillars lunar.FourPillars // year and month as YearDivide says
	Bazi    lunar.FourPillars // 八字: year and month by solar terms
	Sign    Sign              // by calendar date
	SunSign Sign              // by the Sun's longitude
	Element Element
	Soul    int // index of the soul palace
	Body    int // index of the body palace

	SoulStar Star // 命主
	BodyStar Star // 身主

	Palaces [12]Palace

	hour  hour
	month int               // the month stars were placed by
	year  lunar.Pillar      // the year stars were placed by
	at    [starCount]int8   // palace index by star, absent if it has none
	stars [starCount]Placed // what the palaces' lists are parts of
}

const absent = -1

// A draft is a chart on which stars are being placed, with what they hang on.
type draft struct {
	chart   *Chart
	options Options
	year    lunar.Pillar
	month   int        // 1 to 12
	day     lunar.Date // the day the chart is drawn for
	hour    lunar.Branch

	starYear lunar.Pillar // the year of the stars that YearStars is about
}

// Compute draws the chart of a birth. An error is an Invalid fault whose field is
// birthDate, timeIndex, gender or one below options.
func Compute(b Birth, o Options) (*Chart, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	c := &Chart{Birth: b, Options: o, Sign: signOf(b.Date.Month, b.Date.Day)}
	d, err := c.calendar()
	if err != nil {
		return nil, err
	}
	d.placePalaces()
	d.placeMajor()
	d.placeMinor()
	d.placeAdjective()
	d.placeGods()
	d.placeDecades()
	d.fill()
	return c, nil
}

// calendar finds what the calendar says of the birth, on which everything hangs.
func (c *Chart) calendar() (*draft, error) {
	h, err := hourOf(c.Birth.Date, c.Birth.TimeIndex, c.Birth.Instant, c.Options)
	if err != nil {
		return nil, err
	}
	if c.Lunar, err = lunar.FromDayNumber(h.civil); err != nil {
		return nil, err
	}
	if c.Pillars, err = h.pillars(c.Options.YearDivide, h.pillarMonth(c.Options.Leap), c.Options.TermDivide); err != nil {
		return nil, err
	}
	term, year, err := h.term(c.Options.TermDivide)
	if err != nil {
		return nil, err
	}
	c.Bazi = c.Pillars
	c.Bazi.Year, c.Bazi.Month = lunar.SolarPillars(term, year)
	if term, _, err = lunar.TermAt(h.instant); err != nil {
		return nil, err
	}
	c.SunSign = Sign(term.Longitude() / 30)
	c.hour, c.year, c.month = h, c.Pillars.Year, c.Options.Leap.month(h.day)
	d := &draft{chart: c, options: c.Options, year: c.year, starYear: c.year, month: c.month, day: h.day, hour: h.branch}
	if c.Options.YearStars == StarsByHoroscope && c.Options.HoroscopeDivide != c.Options.YearDivide {
		p, err := h.pillars(c.Options.HoroscopeDivide, 1, c.Options.TermDivide)
		if err != nil {
			return nil, err
		}
		d.starYear = p.Year
	}
	for s := range c.at {
		c.at[s] = absent
	}
	return d, nil
}

// placePalaces gives the palaces their stems, branches and names, and finds the soul and
// body palaces, their masters and the class.
func (d *draft) placePalaces() {
	c := d.chart
	first := lunar.FirstStem(d.year.Stem)
	for i := range c.Palaces {
		p := &c.Palaces[i]
		p.Index = i
		p.Pillar = lunar.Pillar{Stem: first.Add(i), Branch: branchAt(i)}
		// 子 and 丑 have the stems of 寅 and 卯 again; the origin is the one from 寅 on.
		p.IsOrigin = p.Pillar.Stem == d.year.Stem && i < 10
	}
	c.Soul, c.Body = soulAndBody(d.month, d.hour)
	master := branchAt(c.Soul)
	if d.options.Algorithm == Zhongzhou {
		master = d.year.Branch
	}
	c.SoulStar, c.BodyStar = soulStars[master], bodyStars[d.year.Branch]

	switch d.options.AstroType {
	case EarthPlate:
		c.Soul = c.Body
	case HumanPlate:
		c.Soul = around(c.Soul + int(SpiritPalace))
	}
	if d.options.AstroType != Heaven {
		c.Body = around(c.Soul + 2*int(d.hour))
	}
	for i := range c.Palaces {
		c.Palaces[i].Name = PalaceName(around(i - c.Soul))
	}
	c.Palaces[c.Soul].IsSoul = true
	c.Palaces[c.Body].IsBody = true
	c.Element = elementOf(c.Palaces[c.Soul].Pillar)
}

// male reports whether the chart is a man's.
func (d *draft) male() bool { return d.chart.Birth.Gender == Male }

// direction is 1 for 陽男陰女, -1 for 陰男陽女.
func (d *draft) direction() int {
	if d.year.Branch.Yang() == d.male() {
		return 1
	}
	return -1
}

// put places a star by palace index, counted around.
func (d *draft) put(s Star, place int) { d.chart.at[s] = int8(around(place)) }

// stand places a star by branch.
func (d *draft) stand(s Star, b lunar.Branch) { d.chart.at[s] = int8(placeOf(b)) }

// at returns where a star was placed.
func (d *draft) at(s Star) int { return int(d.chart.at[s]) }

// fill gathers the placed stars into the lists of the palaces.
func (d *draft) fill() {
	c := d.chart
	mutagens := d.options.Tables.Mutagen.Mutagens(d.year.Stem)
	n := 0
	gather := func(place int, from, to Star) []Placed {
		start := n
		for s := from; s < to; s++ {
			if int(c.at[s]) != place {
				continue
			}
			placed := Placed{Star: s, Brightness: d.options.Tables.Brightness.Brightness(s, place)}
			for i, m := range mutagens {
				if m == s {
					placed.Mutagen = Lu + Mutagen(i)
				}
			}
			c.stars[n] = placed
			n++
		}
		return c.stars[start:n:n]
	}
	for i := range c.Palaces {
		p := &c.Palaces[i]
		p.Major = gather(i, Ziwei, Zuofu)
		p.Minor = gather(i, Zuofu, Hongluan)
		p.Adjective = gather(i, Hongluan, starCount)
	}
}

// Find returns the index of the palace a star stands in; false if the chart's school
// does not have it.
func (c *Chart) Find(s Star) (index int, ok bool) {
	if s >= starCount || c.at[s] == absent {
		return 0, false
	}
	return int(c.at[s]), true
}

// Palace returns the palace of that name.
func (c *Chart) Palace(name PalaceName) *Palace {
	return &c.Palaces[around(c.Soul+int(name))]
}

// Animal returns the branch whose animal the birth year has.
func (c *Chart) Animal() lunar.Branch { return c.year.Branch }
