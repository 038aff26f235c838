package birth

import "testing"

func TestFromLunar(t *testing.T) {
	for _, test := range []struct {
		lunar string
		leap  bool
		want  Date
	}{
		{"1990-04-23", false, Date{1990, 5, 17}},
		{"2023-02-01", true, Date{2023, 3, 22}},
		{"2023-02-30", false, Date{2023, 3, 21}},
		{"1900-01-01", false, Date{1900, 1, 31}},
		{"2020-04-29", true, Date{2020, 6, 20}},
	} {
		d, err := ParseLunarDate("birthDate", test.lunar)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := FromLunar("birthDate", d, test.leap); got != test.want || err != nil {
			t.Errorf("%s leap %v: got %v, %v, want %v", test.lunar, test.leap, got, err, test.want)
		}
	}
	for _, test := range []struct {
		date        Date
		leap        bool
		code, field string
	}{
		{Date{2023, 3, 1}, true, CodeInvalidDate, "leapMonth"},
		{Date{2022, 2, 1}, true, CodeInvalidDate, "leapMonth"},
		{Date{2023, 2, 30}, true, CodeInvalidDate, "birthDate"},
		{Date{1990, 2, 30}, false, "", ""},
		{Date{1990, 1, 30}, false, CodeInvalidDate, "birthDate"},
		{Date{1600, 1, 1}, false, CodeOutOfRange, "birthDate"},
		{Date{2399, 1, 1}, false, CodeOutOfRange, "birthDate"},
	} {
		_, err := FromLunar("birthDate", test.date, test.leap)
		if test.code == "" {
			if err != nil {
				t.Errorf("%v: %v", test.date, err)
			}
			continue
		}
		wantFault(t, test.date.String(), err, test.code, test.field)
	}
}
