package fortunet

import (
	"slices"
	"strconv"

	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/fault"
)

// ZiweiOptions chooses between the schools of Zi Wei Dou Shu.
type ZiweiOptions struct {
	FixLeap         bool
	Algorithm       string
	AstroType       string
	YearDivide      string
	HoroscopeDivide string
	DayDivide       string
	AgeDivide       string
	Tables          ZiweiTables
}

// ZiweiTables names the variants of the tables that schools differ in, "" the usual.
type ZiweiTables struct {
	Mutagen, Kuiyue, Changsheng, Brightness string
}

// WesternOptions says what a western chart is computed with.
type WesternOptions struct {
	HouseSystems []string
	Ayanamsa     string // "" is the tropical zodiac
	Orbs         []Orb  // by rising angle; what is not there has its default
	HasDeltaT    bool
	DeltaT       float64 // TT − UT1, seconds
}

// An Orb is how far from exact an aspect still counts.
type Orb struct {
	Angle int     // of the aspect, degrees
	Width float64 // to either side, degrees
}

const (
	maxOrb    = 15     // degrees
	maxDeltaT = 10_000 // seconds; within the ephemeris it is under 200
)

var (
	bases        = []birth.Basis{birth.Standard, birth.Clocked, birth.TrueSolar}
	passes       = []birth.Pass{birth.FirstPass, birth.SecondPass}
	houseSystems = []string{"placidus", "koch", "porphyry", "regiomontanus", "campanus", "equal", "wholeSign",
		"alcabitius", "topocentric", "morinus"}
	ayanamsas = []string{"lahiri", "fagan-bradley", "krishnamurti", "raman"}
	aspects   = []string{"0", "30", "45", "60", "72", "90", "120", "135", "150", "180"}
)

// options are those of both chart types while they are read.
type options struct {
	basis   birth.Basis
	pass    birth.Pass
	ziwei   ZiweiOptions
	western WesternOptions

	// The first option given that only the one or the other type knows, or "".
	ofZiwei, ofZodiac string
}

func defaultOptions() options {
	return options{
		basis: birth.Standard,
		pass:  birth.FirstPass,
		ziwei: ZiweiOptions{
			FixLeap:         true,
			Algorithm:       "default",
			AstroType:       "heaven",
			YearDivide:      "normal",
			HoroscopeDivide: "normal",
			DayDivide:       "forward",
			AgeDivide:       "normal",
		},
	}
}

// option reads one member of options.
func (d *draft) option(name []byte) (err error) {
	o := &d.options
	switch string(name) {
	case "pass":
		return oneOf(&d.reader, "options.pass", &o.pass, passes)
	case "houseSystems", "ayanamsa", "orbs", "deltaT":
		if o.ofZodiac == "" {
			o.ofZodiac = string(name)
		}
		return d.westernOption(string(name), &o.western)
	}
	if o.ofZiwei == "" {
		o.ofZiwei = string(name)
	}
	return d.ziweiOption(name)
}

func (d *draft) ziweiOption(name []byte) (err error) {
	z := &d.options.ziwei
	switch string(name) {
	case "timeBasis":
		return oneOf(&d.reader, "options.timeBasis", &d.options.basis, bases)
	case "fixLeap":
		z.FixLeap, err = d.boolean("options.fixLeap")
		return err
	case "algorithm":
		return oneOf(&d.reader, "options.algorithm", &z.Algorithm, []string{"default", "zhongzhou"})
	case "astroType":
		return oneOf(&d.reader, "options.astroType", &z.AstroType, []string{"heaven", "earth", "human"})
	case "yearDivide":
		return oneOf(&d.reader, "options.yearDivide", &z.YearDivide, []string{"normal", "exact"})
	case "horoscopeDivide":
		return oneOf(&d.reader, "options.horoscopeDivide", &z.HoroscopeDivide, []string{"normal", "exact"})
	case "dayDivide":
		return oneOf(&d.reader, "options.dayDivide", &z.DayDivide, []string{"forward", "current"})
	case "ageDivide":
		return oneOf(&d.reader, "options.ageDivide", &z.AgeDivide, []string{"normal", "birthday"})
	case "tables":
		return d.object("options.tables", d.table)
	}
	return unknown("options", name)
}

func (d *draft) westernOption(name string, w *WesternOptions) (err error) {
	switch name {
	case "houseSystems":
		w.HouseSystems = nil
		err = d.list("options.houseSystems", len(houseSystems), func(i int) error {
			path := "options.houseSystems." + strconv.Itoa(i)
			var system string
			if err := oneOf(&d.reader, path, &system, houseSystems); err != nil {
				return err
			}
			if slices.Contains(w.HouseSystems, system) {
				return fault.Field(path, CodeInvalidValue, "names %s twice", system)
			}
			w.HouseSystems = append(w.HouseSystems, system)
			return nil
		})
	case "ayanamsa":
		err = oneOf(&d.reader, "options.ayanamsa", &w.Ayanamsa, ayanamsas)
	case "orbs":
		err = d.object("options.orbs", func(name []byte) error { return d.orb(name, w) })
	case "deltaT":
		w.HasDeltaT = true
		w.DeltaT, err = d.float("options.deltaT", -maxDeltaT, maxDeltaT)
	}
	return err
}

// orb reads one member of orbs and keeps them in order.
func (d *draft) orb(name []byte, w *WesternOptions) error {
	if !slices.Contains(aspects, string(name)) {
		return fault.Field(join("options.orbs", name), CodeUnknownField, "is no aspect: %s", list(aspects))
	}
	width, err := d.float(join("options.orbs", name), 0, maxOrb)
	if err != nil {
		return err
	}
	angle, err := strconv.Atoi(string(name))
	if err != nil {
		return err
	}
	at, _ := slices.BinarySearchFunc(w.Orbs, angle, func(o Orb, angle int) int { return o.Angle - angle })
	w.Orbs = slices.Insert(w.Orbs, at, Orb{angle, width})
	return nil
}

// settled returns the western options with their defaults.
func (w WesternOptions) settled() WesternOptions {
	if len(w.HouseSystems) == 0 {
		w.HouseSystems = []string{"placidus"}
	}
	return w
}

// tableVariants holds the names of the variants of each table, the usual one first.
var tableVariants = map[string][]string{
	"mutagen": {"default"}, "kuiyue": {"default"}, "changsheng": {"default"}, "brightness": {"default"},
}

func (d *draft) table(name []byte) error {
	t := &d.options.ziwei.Tables
	switch string(name) {
	case "mutagen":
		return oneOf(&d.reader, "options.tables.mutagen", &t.Mutagen, tableVariants["mutagen"])
	case "kuiyue":
		return oneOf(&d.reader, "options.tables.kuiyue", &t.Kuiyue, tableVariants["kuiyue"])
	case "changsheng":
		return oneOf(&d.reader, "options.tables.changsheng", &t.Changsheng, tableVariants["changsheng"])
	case "brightness":
		return oneOf(&d.reader, "options.tables.brightness", &t.Brightness, tableVariants["brightness"])
	}
	return unknown("options.tables", name)
}
