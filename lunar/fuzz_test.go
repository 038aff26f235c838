package lunar_test

import (
	"errors"
	"testing"

	"github.com/fortunet/fortunet/lunar"
)

// Whatever is asked, the answer is a date that goes back to the question, or one of
// the two faults.
func FuzzFromSolar(f *testing.F) {
	f.Fuzz(func(t *testing.T, year, month, day int) {
		d, err := lunar.FromSolar(year, month, day)
		if err != nil {
			if !errors.Is(err, lunar.ErrNoDate) && !errors.Is(err, lunar.ErrRange) {
				t.Fatalf("FromSolar(%d, %d, %d): %v", year, month, day, err)
			}
			return
		}
		y, m, dd, err := d.Solar()
		if err != nil || y != year || m != month || dd != day {
			t.Fatalf("FromSolar(%d, %d, %d) = %v, which is %d-%d-%d, %v", year, month, day, d, y, m, dd, err)
		}
	})
}

func FuzzDate(f *testing.F) {
	f.Fuzz(func(t *testing.T, year, month, day int, leap bool) {
		d := lunar.Date{Year: year, Month: month, Day: day, Leap: leap}
		y, m, dd, err := d.Solar()
		if err != nil {
			if !errors.Is(err, lunar.ErrNoDate) && !errors.Is(err, lunar.ErrRange) {
				t.Fatalf("%v.Solar(): %v", d, err)
			}
			return
		}
		if back, err := lunar.FromSolar(y, m, dd); err != nil || back != d {
			t.Fatalf("%v is %d-%d-%d, which is %v, %v", d, y, m, dd, back, err)
		}
	})
}
