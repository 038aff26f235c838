package astro_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/fortunet/fortunet/astro"
	"github.com/fortunet/fortunet/fault"
)

// Meeus, Astronomical Algorithms, 2nd edition, examples 22.a, 25.b and 33.a. The book
// gives nutations of −3.788″ and +9.443″ (by the older IAU 1980) for 1987 April 10, 0h TD; a
// Sun at 199°54'21.8" for 1992 October 13, 0h TD; and Venus at right ascension
// 21h04m41.454s, declination −18°53'16.84", for 1992 December 20, 0h TD.
func ExampleSky_Place() {
	at := func(tt float64) astro.Sky {
		s, err := astro.At(astro.Instant{UT: tt}) // no delta T: the book's times are dynamical
		if err != nil {
			panic(err)
		}
		return s
	}
	s := at(2446895.5)
	fmt.Printf("%.1f %.1f\n", s.NutationLon*3600, s.NutationObl*3600)
	s = at(2448908.5)
	fmt.Printf("%.4f\n", s.Place(astro.Sun).Lon)
	s = at(2448976.5)
	venus := s.Place(astro.Venus)
	fmt.Printf("%.4f %.4f\n", venus.RA, venus.Dec)
	// Output:
	// -3.8 9.4
	// 199.9060
	// 316.1727 -18.8880
}

// Meeus, example 12.a: apparent sidereal time at Greenwich, 1987 April 10, 0h UT, is
// 13h10m46.1351s.
func ExampleSky_SiderealTime() {
	s, err := astro.At(astro.InstantAt(time.Date(1987, 4, 10, 0, 0, 0, 0, time.UTC)))
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.2f s\n", (s.SiderealTime()/15-13)*3600-10*60)
	// Output: 46.14 s
}

// Meeus, example 28.a: on 1992 October 13 at 0h TD the equation of time is +13m42.6s. The
// book's mean Sun goes by dynamical time; by universal time it is 0.16 s behind.
func ExampleSky_EquationOfTime() {
	s, err := astro.At(astro.InstantAt(time.Date(1992, 10, 13, 0, 0, 0, 0, time.UTC)))
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.0f\n", s.EquationOfTime())
	// Output: 822
}

// The June solstice of 1962. The quick method of Meeus, example 27.a, gives June 21 at
// 21h25m08s TD.
func ExampleCrossing() {
	from := astro.InstantAt(time.Date(1962, 6, 1, 0, 0, 0, 0, time.UTC))
	at, ok, err := astro.Crossing(astro.Sun, 90, from, 60)
	if !ok || err != nil {
		panic(err)
	}
	tt := at.Time().Add(time.Duration(at.DeltaT * float64(time.Second)))
	fmt.Println(tt.Round(time.Second).Format(time.DateTime))
	// Output: 1962-06-21 21:24:39
}

// A speed is what the longitude really does.
func TestSpeed(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		ut := 2305450 + random.Float64()*292000
		b := astro.Body(random.IntN(astro.BodyCount))
		const step = 1.0 / 64
		lon := func(at float64) float64 {
			s, err := astro.At(astro.Instant{UT: at, DeltaT: 60})
			if err != nil {
				t.Fatal(err)
			}
			return s.Place(b).Lon
		}
		s, err := astro.At(astro.Instant{UT: ut, DeltaT: 60})
		if err != nil {
			t.Fatal(err)
		}
		most := 1e-5
		if b == astro.TrueNode || b == astro.TrueLilith {
			most = 2e-3 // they swing within days
		}
		got, want := s.Place(b).Speed, astro.Apart(lon(ut+step), lon(ut-step))/(2*step)
		if math.Abs(got-want) > most {
			t.Errorf("%s at %v: speed %v, the longitude moves at %v", b.Key(), ut, got, want)
		}
	}
}

// Places go on without a jump from one segment of the series to the next.
func TestSeams(t *testing.T) {
	const start = 2305415.5
	for b, days := range map[astro.Body]float64{astro.Moon: 20, astro.Mercury: 48, astro.Sun: 128, astro.Chiron: 768, astro.Jupiter: 2048} {
		for n := 1.0; n < 140; n += 13 {
			before, after := start+n*days-1e-7, start+n*days+1e-7
			a, err := astro.At(astro.Instant{UT: before})
			if err != nil {
				t.Fatal(err)
			}
			z, err := astro.At(astro.Instant{UT: after})
			if err != nil {
				t.Fatal(err)
			}
			if jump := math.Abs(astro.Apart(z.Place(b).Lon, a.Place(b).Lon)); jump > 0.01/3600+2e-7*14 {
				t.Errorf("%s jumps by %v° at %v", b.Key(), jump, after)
			}
		}
	}
}

func TestOutOfRange(t *testing.T) {
	for _, ut := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, 2305423, 2597665} {
		if _, err := astro.At(astro.Instant{UT: ut}); fault.CodeOf(err) != astro.CodeOutOfRange {
			t.Errorf("%v: %v", ut, err)
		}
	}
	for _, year := range []int{1600, 2399} {
		s, err := astro.At(astro.InstantAt(time.Date(year, 12, 31, 23, 59, 59, 0, time.UTC)))
		if err != nil {
			t.Fatal(err)
		}
		if e := s.EquationOfTime(); math.Abs(e) > 17*60 {
			t.Errorf("%d: equation of time %v s", year, e)
		}
	}
}

// Crossing finds every passage, forwards and backwards, also of a planet that goes over
// the same place three times.
func TestCrossing(t *testing.T) {
	from := astro.InstantAt(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC))
	const lon = 20 // Mars passed it going forth, back, and forth again
	var passages []float64
	for at := from; ; {
		next, ok, err := astro.Crossing(astro.Mars, lon, at, 400)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		s, err := astro.At(next)
		if err != nil {
			t.Fatal(err)
		}
		if off := astro.Apart(s.Place(astro.Mars).Lon, lon); math.Abs(off) > 1e-7 {
			t.Errorf("%s: off by %v°", next.Time(), off)
		}
		passages = append(passages, next.UT)
		at = next.After(0.01)
	}
	if len(passages) != 3 {
		t.Fatalf("%d passages, want 3", len(passages))
	}
	end := astro.InstantAt(time.Date(2021, 2, 1, 0, 0, 0, 0, time.UTC))
	back, ok, err := astro.Crossing(astro.Mars, lon, end, -400)
	if err != nil || !ok || math.Abs(back.UT-passages[2]) > 1e-6 {
		t.Errorf("backwards: %v, %v, %v; want %v", back.UT, ok, err, passages[2])
	}
}

func BenchmarkSky(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := astro.At(astro.Instant{UT: 2451545.3, DeltaT: 64}); err != nil {
			b.Fatal(err)
		}
	}
}

// The sky and all fifteen bodies.
func BenchmarkPlaces(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		s, err := astro.At(astro.Instant{UT: 2451545.3, DeltaT: 64})
		if err != nil {
			b.Fatal(err)
		}
		for k := range astro.Body(astro.BodyCount) {
			s.Place(k)
		}
	}
}

// What a program pays at start, once.
func BenchmarkOpen(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		astro.Open()
	}
}
