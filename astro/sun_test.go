package astro_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/fortunet/fortunet/astro"
)

// Meeus, Astronomical Algorithms, examples 25.a and 28.b: 1992 October 13, 0h. The
// book's low accuracy gives longitude 199.90895°, right ascension 198.38083° and
// declination −7.78507°; its equation of time is +13m42.6s, from a better theory. The book's instant is in
// dynamical time, for which SunAt takes what it is given.
func ExampleSunAt() {
	s := astro.SunAt(time.Date(1992, 10, 13, 0, 0, 0, 0, time.UTC))
	fmt.Printf("%.4f %.5f %.5f %.0f\n", s.Longitude, s.RightAscension, s.Declination, s.EquationOfTime)
	// Output: 199.9089 198.38083 -7.78507 822
}

// The Sun's longitude only grows, a degree a day or so, and its declination follows it.
func TestSunMoves(t *testing.T) {
	last := astro.SunAt(time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC))
	for at := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2101; at = at.AddDate(0, 0, 1) {
		s := astro.SunAt(at)
		moved := math.Mod(s.Longitude-last.Longitude+360, 360)
		if moved < 0.9 || moved > 1.1 {
			t.Fatalf("%s: moved %v° in a day", at.Format(time.DateOnly), moved)
		}
		if math.Abs(s.EquationOfTime) > 17*60 || math.Abs(s.Declination) > 23.6 {
			t.Fatalf("%s: %+v", at.Format(time.DateOnly), s)
		}
		if want := math.Sin(s.Longitude * math.Pi / 180); want*s.Declination < -1e-9 {
			t.Fatalf("%s: longitude %v with declination %v", at.Format(time.DateOnly), s.Longitude, s.Declination)
		}
		last = s
	}
}
