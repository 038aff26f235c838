package zodiac_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/fortunet/fortunet/astro"
	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/lang"
	"github.com/fortunet/fortunet/zodiac"
)

func julian(t time.Time) float64 { return astro.InstantAt(t).UT }

func must(t testing.TB, ut float64, place birth.Place, o zodiac.Options) *zodiac.Chart {
	t.Helper()
	c, err := zodiac.Compute(ut, place, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A birth in Taipei, by the clock 14:30.
func ExampleCompute() {
	at := time.Date(1990, 5, 17, 6, 30, 0, 0, time.UTC)
	c, err := zodiac.Compute(julian(at), birth.Place{Latitude: 25.0375, Longitude: 121.5637}, zodiac.Options{})
	if err != nil {
		panic(err)
	}
	sun := c.Bodies[astro.Sun]
	fmt.Printf("Sun %.2f° %s, house %d\n", sun.Degree(), sun.Sign.Name(lang.English), sun.House)
	fmt.Printf("Ascendant %.2f\n", c.Angles.Asc)
	// Output:
	// Sun 26.10° Taurus, house 8
	// Ascendant 183.41
}

// The houses of every system go round the circle once, whatever the place, and quadrant
// systems stand on the angles.
func TestHouses(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 5))
	for range 400 {
		lat := random.Float64()*132 - 66
		c := must(t, 2305500+random.Float64()*290000, birth.Place{Latitude: lat, Longitude: random.Float64()*360 - 180},
			zodiac.Options{Systems: tenSystems})
		for _, h := range c.Houses {
			sum := 0.0
			for i, cusp := range h.Cusps {
				width := astro.Circle(h.Cusps[(i+1)%12] - cusp)
				sum += width
				if facing := astro.Circle(h.Cusps[(i+6)%12] - cusp); math.Abs(facing-180) > 1e-9 {
					t.Errorf("latitude %v: cusps %d and %d of %s are %v° apart", lat, i+1, (i+6)%12+1, h.System.Key(), facing)
				}
				if got := h.At(cusp); got != i+1 {
					t.Errorf("latitude %v: cusp %d of %s is in house %d", lat, i+1, h.System.Key(), got)
				}
			}
			if math.Abs(sum-360) > 1e-6 {
				t.Errorf("latitude %v: houses of %s are %v° in all", lat, h.System.Key(), sum)
			}
			switch h.System {
			case zodiac.WholeSign, zodiac.Morinus, zodiac.Equal:
			default:
				if h.Cusps[0] != c.Angles.Asc || math.Abs(astro.Apart(h.Cusps[9], c.Angles.MC)) > 1e-9 {
					t.Errorf("latitude %v: %s does not stand on the angles", lat, h.System.Key())
				}
			}
		}
	}
}

// Beyond the polar circles Placidus and Koch have no answer and say so.
func TestPolar(t *testing.T) {
	c := must(t, 2448044, birth.Place{Latitude: 78.2, Longitude: 15.6}, zodiac.Options{Systems: []zodiac.System{zodiac.Placidus, zodiac.Porphyry, zodiac.Koch}})
	if !c.Houses[0].Fallback || c.Houses[1].Fallback || !c.Houses[2].Fallback || c.Houses[0].Cusps != c.Houses[1].Cusps {
		t.Fatalf("%+v", c.Houses)
	}
	var out struct {
		Houses        map[string]*[12]float64
		HouseFallback map[string]struct{ System string }
	}
	if err := json.Unmarshal(c.AppendJSON(nil, lang.English), &out); err != nil {
		t.Fatal(err)
	}
	if out.Houses["placidus"] != nil || out.HouseFallback["placidus"].System != "porphyry" || out.Houses["porphyry"] == nil {
		t.Errorf("%+v", out)
	}
}

// A chart set beside itself is its own composite, and aspects of two charts are the
// same whichever comes first.
func TestCompare(t *testing.T) {
	a := must(t, 2448028.7708, taipei, zodiac.Options{})
	b := must(t, 2445000.1, birth.Place{Latitude: 51.5, Longitude: -0.1}, zodiac.Options{})
	self := zodiac.Compare(a, a).Composite
	for i := range self.Bodies {
		if math.Abs(astro.Apart(self.Bodies[i].Lon, a.Bodies[i].Lon)) > 1e-9 {
			t.Errorf("%s of the composite with itself is off", astro.Body(i).Key())
		}
	}
	for i, cusp := range self.Houses[0].Cusps {
		if math.Abs(astro.Apart(cusp, a.Houses[0].Cusps[i])) > 1e-7 {
			t.Errorf("cusp %d of the composite with itself is %v, want %v", i+1, cusp, a.Houses[0].Cusps[i])
		}
	}
	one, other := zodiac.Compare(a, b), zodiac.Compare(b, a)
	if len(one.Aspects) == 0 || len(one.Aspects) != len(other.Aspects) {
		t.Errorf("%d aspects one way, %d the other", len(one.Aspects), len(other.Aspects))
	}
	if one.AInB != other.BInA || one.BInA != other.AInB {
		t.Error("houses hang on the order")
	}
	sun := (&one.Composite.Bodies[astro.Sun]).Lon
	x, y := astro.Apart(sun, a.Bodies[astro.Sun].Lon), astro.Apart(b.Bodies[astro.Sun].Lon, sun)
	if math.Abs(x-y) > 1e-9 || math.Abs(x) > 90 {
		t.Errorf("the composite's Sun is %v from one and %v from the other", x, y)
	}
}

// Transits at the birth find every body where it was.
func TestTransits(t *testing.T) {
	c := must(t, 2448028.7708, taipei, zodiac.Options{})
	same, err := c.Transits(c.Instant.UT, taipei)
	if err != nil {
		t.Fatal(err)
	}
	exact := map[zodiac.Point]bool{}
	for _, a := range same.Aspects {
		if a.A == a.B && a.Kind == zodiac.Conjunction && a.Orb < 1e-9 {
			exact[a.A] = true
		}
	}
	for b := astro.Sun; b <= astro.Pluto; b++ {
		if !exact[zodiac.Point(b)] || same.Houses[b] != c.Bodies[b].House {
			t.Errorf("%s is not where it was", b.Key())
		}
	}
	for _, a := range mustTransits(t, c, 2461368).Aspects {
		if a.Orb > zodiac.TransitOrbs.Of[a.Kind] {
			t.Errorf("%s %s %s is off by %v", a.A.Key(), a.Kind.Key(), a.B.Key(), a.Orb)
		}
	}
}

func mustTransits(t *testing.T, c *zodiac.Chart, ut float64) *zodiac.Transits {
	t.Helper()
	x, err := c.Transits(ut, taipei)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// At thirty years the progressed Sun is where the Sun was thirty days after birth, and
// the Midheaven has gone as far in right ascension.
func TestProgress(t *testing.T) {
	c := must(t, 2448028.7708, taipei, zodiac.Options{})
	p, err := c.Progress(c.Instant.UT + 30*365.24219)
	if err != nil {
		t.Fatal(err)
	}
	later := must(t, c.Instant.UT+30, taipei, zodiac.Options{})
	if got, want := p.Chart.Bodies[astro.Sun].Lon, later.Bodies[astro.Sun].Lon; math.Abs(got-want) > 1e-9 {
		t.Errorf("Sun at %v, want %v", got, want)
	}
	arc := later.Bodies[astro.Sun].RA - c.Bodies[astro.Sun].RA
	if math.Abs(p.SolarArc-arc) > 1e-9 || math.Abs(astro.Apart(p.Chart.Angles.ARMC, c.Angles.ARMC)-arc) > 1e-9 {
		t.Errorf("arc %v, ARMC moved by %v, want %v", p.SolarArc, astro.Apart(p.Chart.Angles.ARMC, c.Angles.ARMC), arc)
	}
	sidereal := must(t, c.Instant.UT, taipei, zodiac.Options{Ayanamsa: zodiac.Lahiri})
	q, err := sidereal.Progress(c.Instant.UT + 30*365.24219)
	if err != nil {
		t.Fatal(err)
	}
	want := p.Chart.Bodies[astro.Sun].Lon - q.Chart.AyanamsaDegrees
	if got := q.Chart.Bodies[astro.Sun].Lon; math.Abs(got-want) > 1e-9 {
		t.Errorf("sidereal Sun at %v, want %v", got, want)
	}
}

// At a return Sun or Moon is where it was at birth, in either zodiac; the last is before
// the moment and the next after it, a year or a month apart.
func TestReturns(t *testing.T) {
	for _, a := range []zodiac.Ayanamsa{zodiac.Tropical, zodiac.Lahiri} {
		c := must(t, 2448028.7708, taipei, zodiac.Options{Ayanamsa: a})
		now := julian(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC))
		r, err := c.Returns(now, taipei)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range []zodiac.Return{r.LastSolar, r.NextSolar, r.LastLunar, r.NextLunar} {
			if off := astro.Apart(one.Chart.Bodies[one.Of].Lon, c.Bodies[one.Of].Lon) * 3600; math.Abs(off) > 0.01 {
				t.Errorf("%q: %s off by %v\"", a.Key(), one.Of.Key(), off)
			}
		}
		year := r.NextSolar.Chart.Instant.UT - r.LastSolar.Chart.Instant.UT
		month := r.NextLunar.Chart.Instant.UT - r.LastLunar.Chart.Instant.UT
		if year < 365 || year > 366 || month < 26.5 || month > 28 ||
			r.LastSolar.Chart.Instant.UT > now || r.NextLunar.Chart.Instant.UT < now {
			t.Errorf("%q: a year of %v days, a month of %v", a.Key(), year, month)
		}
	}
}

// By night the Part of Fortune goes the other way.
func TestFortune(t *testing.T) {
	for hour := range 24 {
		c := must(t, 2448028.5+float64(hour)/24, taipei, zodiac.Options{})
		sun, moon := c.Bodies[astro.Sun], c.Bodies[astro.Moon]
		above := sun.House >= 7
		if c.Day != above {
			t.Errorf("hour %d: day is %v, the Sun in house %d", hour, c.Day, sun.House)
		}
		want := c.Angles.Asc + moon.Lon - sun.Lon
		if !above {
			want = c.Angles.Asc + sun.Lon - moon.Lon
		}
		if math.Abs(astro.Apart(c.Fortune.Lon, want)) > 1e-9 {
			t.Errorf("hour %d: Fortune at %v, want %v", hour, c.Fortune.Lon, want)
		}
	}
}

// Every name is there in every language.
func TestNames(t *testing.T) {
	for _, tag := range []string{"zh-TW", "zh-CN", "en", "ja", "ko", "vi"} {
		l, ok := lang.Parse(tag)
		if !ok {
			t.Fatal(tag)
		}
		check := func(key, name string) {
			if name == "" {
				t.Errorf("%s has no name in %s", key, tag)
			}
		}
		for p := range zodiac.Vertex + 1 {
			check(p.Key(), p.Name(l))
		}
		for s := zodiac.Aries; s <= zodiac.Pisces; s++ {
			check(s.Key(), s.Name(l))
		}
		for _, s := range tenSystems {
			check(s.Key(), s.Name(l))
		}
		for k := zodiac.Conjunction; k <= zodiac.Opposition; k++ {
			check(k.Key(), k.Name(l))
		}
		for k := zodiac.GrandTrine; k <= zodiac.Stellium; k++ {
			check(k.Key(), k.Name(l))
		}
		for a := zodiac.Tropical; a <= zodiac.Raman; a++ {
			check(a.Key(), a.Name(l))
		}
	}
}

// Whatever is asked, there is a chart of numbers or a fault.
func FuzzCompute(f *testing.F) {
	f.Add(2448028.77, 25.0, 121.5, uint8(0))
	f.Add(2448028.77, 90.0, 180.0, uint8(1))
	f.Add(2448028.77, -90.0, -180.0, uint8(2))
	f.Add(2448028.77, 66.56, 0.0, uint8(3))
	f.Add(2305447.5, 0.0, 0.0, uint8(4))
	f.Add(2597641.4, -66.6, 10.0, uint8(0))
	f.Add(math.NaN(), 0.0, 0.0, uint8(0))
	f.Fuzz(func(t *testing.T, ut, lat, lon float64, a uint8) {
		if !(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180) {
			return // no place
		}
		c, err := zodiac.Compute(ut, birth.Place{Latitude: lat, Longitude: lon},
			zodiac.Options{Systems: tenSystems, Ayanamsa: zodiac.Ayanamsa(a % 5)})
		if err != nil {
			return
		}
		raw := c.AppendJSON(nil, lang.TraditionalChinese)
		if !json.Valid(raw) {
			t.Fatalf("%v %v %v: not JSON: %s", ut, lat, lon, raw)
		}
		for b := range c.Bodies {
			if h := c.Bodies[b].House; h < 1 || h > 12 {
				t.Errorf("house %d", h)
			}
		}
	})
}
