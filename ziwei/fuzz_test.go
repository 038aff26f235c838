package ziwei_test

import (
	"encoding/json"
	"testing"

	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/lang"
	"github.com/fortunet/fortunet/lunar"
	"github.com/fortunet/fortunet/ziwei"
)

// Whatever is asked, the answer is a chart that can be told, and its horoscopes, or an
// Invalid fault that names a field.
func FuzzCompute(f *testing.F) {
	f.Fuzz(func(t *testing.T, year, month, day, hour int, gender uint8, options []byte, after, hourAfter int) {
		var o ziwei.Options
		for i, option := range ziwei.OptionList() {
			if i < len(options) {
				if err := o.Set(option.Name, option.Values[int(options[i])%len(option.Values)]); err != nil {
					t.Fatal(err)
				}
			}
		}
		b := ziwei.Birth{Date: birth.Date{Year: year, Month: month, Day: day}, TimeIndex: hour, Gender: ziwei.Gender(gender)}
		c, err := ziwei.Compute(b, o)
		if err != nil {
			mustBeInvalid(t, err)
			return
		}
		if text := c.AppendJSON(nil, lang.English); !json.Valid(text) {
			t.Fatalf("%+v %+v: %s", b, o, text)
		}
		y, m, d := lunar.DayOf(lunar.DayNumber(year, month, day) + after%50000)
		h, err := c.Horoscope(ziwei.Moment{Date: birth.Date{Year: y, Month: m, Day: d}, TimeIndex: hourAfter})
		if err != nil {
			mustBeInvalid(t, err)
			return
		}
		if text := h.AppendJSON(nil, lang.English); !json.Valid(text) {
			t.Fatalf("%+v %+v %+v: %s", b, o, h.Moment, text)
		}
	})
}

func mustBeInvalid(t *testing.T, err error) {
	t.Helper()
	if got := fault.Public(err); got.Kind != fault.Invalid || got.Field == "" {
		t.Fatalf("%v is %+v", err, got)
	}
}

func FuzzSet(f *testing.F) {
	f.Fuzz(func(t *testing.T, name, value string) {
		var o ziwei.Options
		if err := o.Set(name, value); err != nil {
			mustBeInvalid(t, err)
			if (o != ziwei.Options{}) {
				t.Fatalf("Set(%q, %q) failed and changed %+v", name, value, o)
			}
			return
		}
		if got := o.Value(name); got != value {
			t.Fatalf("Set(%q, %q) set %q", name, value, got)
		}
	})
}
