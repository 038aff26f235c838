package birth

import "testing"

func TestParseDate(t *testing.T) {
	for _, s := range []string{"1990-05-17", "2000-02-29", "1904-02-29", "1600-01-01", "0001-12-31", "9999-01-01"} {
		d, err := ParseDate("birthDate", s)
		if err != nil {
			t.Errorf("%s: %v", s, err)
		} else if got := d.String(); got != s {
			t.Errorf("%s is written again as %s", s, got)
		}
	}
	for _, s := range []string{
		"", "1990-5-17", "1990/05/17", "19900517", "1990-05-17T00:00", " 1990-05-17", "1990-05-1٧",
		"1990-13-45", "1990-00-10", "1990-05-00", "1990-05-32", "1990-04-31", "1990-02-29", "1900-02-29", "-990-05-17", "1990-+5-17",
	} {
		_, err := ParseDate("birthDate", s)
		wantFault(t, s, err, CodeInvalidDate, "birthDate")
	}
}

func TestParseLunarDate(t *testing.T) {
	if got, err := ParseLunarDate("birthDate", "1990-02-30"); got != (Date{1990, 2, 30}) || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
	for _, s := range []string{"1990-02-31", "1990-13-01", "x"} {
		_, err := ParseLunarDate("birthDate", s)
		wantFault(t, s, err, CodeInvalidDate, "birthDate")
	}
}

func TestParseClock(t *testing.T) {
	for _, test := range []struct {
		in, want string
		index    int
	}{
		{"00:00", "00:00:00", 0},
		{"00:59:59", "00:59:59", 0},
		{"01:00", "01:00:00", 1},
		{"02:59", "02:59:00", 1},
		{"03:00", "03:00:00", 2},
		{"12:59", "12:59:00", 6},
		{"13:00", "13:00:00", 7},
		{"14:30:05", "14:30:05", 7},
		{"22:59:59", "22:59:59", 11},
		{"23:00", "23:00:00", 12},
		{"23:59:59", "23:59:59", 12},
	} {
		c, err := ParseClock("birthTime", test.in)
		if err != nil {
			t.Errorf("%s: %v", test.in, err)
			continue
		}
		if c.String() != test.want || c.TimeIndex() != test.index {
			t.Errorf("%s: got %v in hour %d, want %s in hour %d", test.in, c, c.TimeIndex(), test.want, test.index)
		}
	}
	for _, s := range []string{"", "14", "1430", "4:30", "14:3", "14.30", "24:00", "14:60", "99:99", "14:30:60", "14:30:", "14:30:5", "-1:30", "14:30Z", "２３:00"} {
		_, err := ParseClock("birthTime", s)
		wantFault(t, s, err, CodeInvalidTime, "birthTime")
	}
}

func TestWall(t *testing.T) {
	for _, s := range []string{"1600-01-01T00:00:00", "1899-12-31T23:59:59", "1970-01-01T00:00:00", "1969-12-31T23:59:59", "2399-12-31T12:34:56"} {
		w := wall(t, s)
		if got := w.String(); got != s {
			t.Errorf("%s is written as %s", s, got)
		}
		if got := w.Date().At(w.Clock()); got != w {
			t.Errorf("%s taken apart and put together is %v", s, got)
		}
	}
	if got, want := (Date{2000, 2, 28}).AddDays(2), (Date{2000, 3, 1}); got != want {
		t.Errorf("two days after 2000-02-28: %v, want %v", got, want)
	}
	if got, want := (Date{1900, 3, 1}).AddDays(-1), (Date{1900, 2, 28}); got != want {
		t.Errorf("a day before 1900-03-01: %v, want %v", got, want)
	}
}

func TestRange(t *testing.T) {
	for _, d := range []Date{{1900, 2, 1}, {1990, 5, 17}, {2100, 12, 31}} {
		if err := ZiweiBirths.Check("birthDate", d); err != nil {
			t.Errorf("%v: %v", d, err)
		}
	}
	for _, d := range []Date{{1900, 1, 31}, {1600, 5, 5}, {2101, 1, 1}} {
		wantFault(t, d.String(), ZiweiBirths.Check("birthDate", d), CodeOutOfRange, "birthDate")
	}
	if err := WesternBirths.Check("birthDate", Date{1600, 1, 1}); err != nil {
		t.Error(err)
	}
}
