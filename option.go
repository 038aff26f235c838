package fortunet

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/ziwei"
)

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
	ziwei   ziwei.Options
	western WesternOptions

	// The first option given that only the one or the other type knows, or "".
	ofZiwei, ofZodiac string
}

// ziweiOptions holds the dotted names of what package ziwei can be told.
var ziweiOptions = func() map[string]bool {
	names := map[string]bool{}
	for _, o := range ziwei.OptionList() {
		names[o.Name] = true
	}
	return names
}()

// option reads one member of options.
func (d *draft) option(name []byte) error {
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
	switch string(name) {
	case "timeBasis":
		return oneOf(&d.reader, "options.timeBasis", &o.basis, bases)
	case "fixLeap":
		on, err := d.boolean("options.fixLeap")
		if err != nil {
			return err
		}
		return o.setZiwei("fixLeap", strconv.FormatBool(on))
	case "tables":
		return d.object("options.tables", func(name []byte) error {
			return d.ziweiOption("options.tables", name, "tables."+string(name))
		})
	}
	if bytes.IndexByte(name, '.') >= 0 {
		return unknown("options", name)
	}
	return d.ziweiOption("options", name, string(name))
}

// ziweiOption reads a choice that package ziwei knows by its dotted name.
func (d *draft) ziweiOption(path string, name []byte, dotted string) error {
	if !ziweiOptions[dotted] {
		return unknown(path, name)
	}
	value, err := d.text("options." + dotted)
	if err != nil {
		return err
	}
	return d.options.setZiwei(dotted, string(value))
}

// setZiwei works on a copy, which alone then leaves the stack.
func (o *options) setZiwei(name, value string) error {
	z := o.ziwei
	err := z.Set(name, value)
	o.ziwei = z
	return err
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
