package ziwei

import (
	"strings"

	"github.com/fortunet/fortunet/fault"
)

// Options say by which school a chart is drawn. The zero value is the default of each.
type Options struct {
	Leap            LeapRule
	Algorithm       Algorithm
	AstroType       AstroType
	YearDivide      Divide // of the natal chart
	HoroscopeDivide Divide // of the horoscope's year and month
	TermDivide      TermDivide
	DayDivide       DayDivide
	AgeDivide       AgeDivide
	YearStars       YearStars
	Tables          Tables
}

// A LeapRule says to which month the days of a leap month belong. It goes for a birth
// and for the moment of a horoscope alike.
type LeapRule uint8

const (
	LeapSplit LeapRule = iota // days 1-15 to the month of its number, the others to the next
	LeapWhole                 // all days to the month of its number
)

// An Algorithm is a school of placing stars.
type Algorithm uint8

const (
	Quanshu   Algorithm = iota // 紫微斗數全書
	Zhongzhou                  // 中州派
)

// An AstroType says which palace is taken for the soul palace.
type AstroType uint8

const (
	Heaven     AstroType = iota // 天盤: the soul palace itself
	EarthPlate                  // 地盤: the body palace
	HumanPlate                  // 人盤: the palace of 福德
)

// A Divide says when a year and its months begin.
type Divide uint8

const (
	LunarYear Divide = iota // with the lunar year and the lunar months
	SolarTerm               // with 立春 and the other terms that open months
)

// A TermDivide says from when on a term counts, for SolarTerm.
type TermDivide uint8

const (
	TermInstant TermDivide = iota // from its instant
	TermDay                       // from midnight, UTC+8, of its day
)

// A DayDivide says to which day the late 子 hour belongs.
type DayDivide uint8

const (
	Forward DayDivide = iota // to the next: it is drawn as the early 子 hour of the next day
	Current                  // to its own: it is drawn as the early 子 hour of the same day
)

// An AgeDivide says when the nominal age changes.
type AgeDivide uint8

const (
	AgeByYear     AgeDivide = iota // at the lunar new year
	AgeByBirthday                  // at the lunar birthday
)

// YearStars say which year places the stars and gods that many schools count from 立春
// whatever else they do: those of the adjective stars that hang on the year but 紅鸞
// and 天喜, the gods of 歲前 and of 將前. It matters only where YearDivide and
// HoroscopeDivide differ.
type YearStars uint8

const (
	StarsByChart     YearStars = iota // the year of YearDivide, as all other stars
	StarsByHoroscope                  // the year of HoroscopeDivide
)

// Tables name a school's variant of a table.
type Tables struct {
	Mutagen    MutagenTable
	Kuiyue     KuiyueTable
	Changsheng ChangshengTable
	Brightness BrightnessTable
}

// A KuiyueTable places 天魁 and 天鉞.
type KuiyueTable uint8

const (
	KuiyueDefault KuiyueTable = iota // 甲戊庚牛羊，六辛逢馬虎
	KuiyueGengXin                    // 甲戊兼牛羊，庚辛逢馬虎
	KuiyueSwapped                    // as the default, 辛 with 魁 and 鉞 exchanged
)

// A ChangshengTable says where 長生 begins for 土五局.
type ChangshengTable uint8

const (
	ChangshengDefault   ChangshengTable = iota // 申, as 水二局
	ChangshengEarthFire                        // 寅, as 火六局
)

// A choice is an option by its name in requests, with its values in the order of the
// constants and the field they set.
type choice struct {
	name   string
	values []string
	field  func(*Options) *uint8
}

var choices = []choice{
	{"fixLeap", []string{"true", "false"}, func(o *Options) *uint8 { return (*uint8)(&o.Leap) }},
	{"algorithm", []string{"default", "zhongzhou"}, func(o *Options) *uint8 { return (*uint8)(&o.Algorithm) }},
	{"astroType", []string{"heaven", "earth", "human"}, func(o *Options) *uint8 { return (*uint8)(&o.AstroType) }},
	{"yearDivide", []string{"normal", "exact"}, func(o *Options) *uint8 { return (*uint8)(&o.YearDivide) }},
	{"horoscopeDivide", []string{"normal", "exact"}, func(o *Options) *uint8 { return (*uint8)(&o.HoroscopeDivide) }},
	{"termDivide", []string{"instant", "day"}, func(o *Options) *uint8 { return (*uint8)(&o.TermDivide) }},
	{"dayDivide", []string{"forward", "current"}, func(o *Options) *uint8 { return (*uint8)(&o.DayDivide) }},
	{"ageDivide", []string{"normal", "birthday"}, func(o *Options) *uint8 { return (*uint8)(&o.AgeDivide) }},
	{"yearStars", []string{"chart", "horoscope"}, func(o *Options) *uint8 { return (*uint8)(&o.YearStars) }},
	{"tables.mutagen", mutagenTableNames(), func(o *Options) *uint8 { return (*uint8)(&o.Tables.Mutagen) }},
	{"tables.kuiyue", []string{"default", "geng-xin", "xin-swapped"}, func(o *Options) *uint8 { return (*uint8)(&o.Tables.Kuiyue) }},
	{"tables.changsheng", []string{"default", "earth-fire"}, func(o *Options) *uint8 { return (*uint8)(&o.Tables.Changsheng) }},
	{"tables.brightness", brightnessTableNames, func(o *Options) *uint8 { return (*uint8)(&o.Tables.Brightness) }},
}

// An Option is one that a request may set: its dotted name below "options" and the
// values it takes, the default first.
type Option struct {
	Name   string
	Values []string
}

// OptionList returns every option, as a list the caller owns.
func OptionList() []Option {
	list := make([]Option, len(choices))
	for i, c := range choices {
		list[i] = Option{c.name, append([]string(nil), c.values...)}
	}
	return list
}

// Set sets the option of that dotted name, such as "algorithm" or "tables.mutagen", to
// one of its values. An unknown name or value is an Invalid fault about
// "options." + name and changes nothing.
func (o *Options) Set(name, value string) error {
	for _, c := range choices {
		if c.name != name {
			continue
		}
		for i, v := range c.values {
			if v == value {
				*c.field(o) = uint8(i)
				return nil
			}
		}
		return fault.Field("options."+name, "invalid_value", "%q is not one of %s", clip(value), strings.Join(c.values, ", "))
	}
	return fault.Field("options."+clip(name), "unknown_field", "is no option")
}

// Value returns the value of the option of that name, "" if there is none.
func (o Options) Value(name string) string {
	for _, c := range choices {
		if c.name == name {
			if i := int(*c.field(&o)); i < len(c.values) {
				return c.values[i]
			}
		}
	}
	return ""
}

// AppendKey appends every option's value in a fixed order, so that equal options give
// equal bytes and different ones different bytes.
func (o Options) AppendKey(dst []byte) []byte {
	for _, c := range choices {
		dst = append(dst, '0'+*c.field(&o))
	}
	return dst
}

// check returns a fault about a field that was set to no constant of its type.
func (o Options) check() error {
	for _, c := range choices {
		if int(*c.field(&o)) >= len(c.values) {
			return fault.Field("options."+c.name, "invalid_value", "is not one of %s", strings.Join(c.values, ", "))
		}
	}
	return nil
}

// clip cuts what somebody sent to a length a message may show.
func clip(s string) string {
	const most = 64
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
