package zodiac

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fortunet/fortunet/astro"
)

// sky returns a chart whose planets stand at those longitudes, the others
// nowhere.
func sky(lons map[astro.Body]float64) *Chart {
	c := &Chart{}
	for b := range c.Bodies {
		lon, ok := lons[astro.Body(b)]
		if !ok {
			lon = 1000 // nowhere
		}
		c.Bodies[b].Lon = lon
		c.Bodies[b].Sign = Scorpio + Sign(b%5)
		if ok {
			c.Bodies[b].Sign = SignAt(lon)
		}
	}
	// Only aspects between those that stand somewhere count.
	points := c.seen()
	for i := range points {
		for j := i + 1; j < len(points); j++ {
			a, b := &points[i], &points[j]
			if a.lon == 1000 || b.lon == 1000 || !planet(a.point) || !planet(b.point) {
				continue
			}
			if found, ok := DefaultOrbs.between(a, b); ok {
				c.Aspects = append(c.Aspects, found)
			}
		}
	}
	return c
}

func (p Pattern) String() string {
	keys := make([]string, len(p.Points))
	for i, point := range p.Points {
		keys[i] = point.Key()
	}
	return p.Kind.Key() + " " + strings.Join(keys, " ")
}

// Each figure is found where it stands, and not where one of its planets is a little
// too far.
func TestPatterns(t *testing.T) {
	const mercury, venus, mars, jupiter, saturn = astro.Mercury, astro.Venus, astro.Mars, astro.Jupiter, astro.Saturn
	for _, c := range []struct {
		lons map[astro.Body]float64
		want []string
	}{
		{map[astro.Body]float64{mercury: 5, mars: 125, saturn: 248}, []string{"grandTrine mercury mars saturn"}},
		{map[astro.Body]float64{mercury: 5, mars: 125, saturn: 253}, nil},
		{map[astro.Body]float64{mercury: 5, mars: 125, saturn: 245, jupiter: 184},
			[]string{"grandTrine mercury mars saturn", "kite jupiter mercury mars saturn"}},
		{map[astro.Body]float64{mercury: 5, mars: 125, saturn: 245, jupiter: 175.5}, []string{"grandTrine mercury mars saturn"}},
		{map[astro.Body]float64{mercury: 5, mars: 184, saturn: 95}, []string{"tSquare saturn mercury mars"}},
		{map[astro.Body]float64{mercury: 5, mars: 184, saturn: 103}, nil},
		{map[astro.Body]float64{mercury: 5, venus: 95, mars: 185, saturn: 275}, []string{
			"tSquare venus mercury mars", "grandCross mercury mars venus saturn", "tSquare saturn mercury mars",
			"tSquare mercury venus saturn", "tSquare mars venus saturn"}},
		{map[astro.Body]float64{mercury: 5, venus: 95, mars: 185, saturn: 266}, []string{"tSquare venus mercury mars"}},
		{map[astro.Body]float64{mercury: 5, venus: 65, saturn: 215}, []string{"yod saturn mercury venus"}},
		{map[astro.Body]float64{mercury: 5, venus: 65, saturn: 218}, nil},
		{map[astro.Body]float64{mercury: 31, venus: 40, mars: 49, jupiter: 58}, []string{"stellium mercury venus mars jupiter"}},
		{map[astro.Body]float64{mercury: 31, venus: 40, mars: 49, jupiter: 60.5}, nil},
	} {
		got := fmt.Sprint(sky(c.lons).patterns())
		if want := "[" + strings.Join(c.want, " ") + "]"; got != want {
			t.Errorf("%v:\n got %s\nwant %s", c.lons, got, want)
		}
	}
}

func TestBetween(t *testing.T) {
	at := func(p astro.Body, lon, speed float64) *seen { return &seen{Point(p), lon, speed} }
	for _, c := range []struct {
		a, b     *seen
		want     string
		applying bool
	}{
		{at(astro.Mars, 10, 0.5), at(astro.Jupiter, 17, 0.1), "conjunction 7", true},
		{at(astro.Mars, 17, 0.5), at(astro.Jupiter, 10, 0.1), "conjunction 7", false},
		{at(astro.Mars, 10, 0.5), at(astro.Jupiter, 19, 0.1), "", false},
		{at(astro.Sun, 10, 1), at(astro.Jupiter, 19.5, 0.1), "conjunction 9.5", true},
		{at(astro.Mars, 355, 0.5), at(astro.Jupiter, 85, 0.1), "square 0", false},
		{at(astro.Mars, 350, 0.5), at(astro.Jupiter, 85, 0.1), "square 5", true},
		{at(astro.Mars, 359, 0.5), at(astro.Jupiter, 85, 0.1), "square 4", false},
		{at(astro.Mars, 359, -0.5), at(astro.Jupiter, 85, 0.1), "square 4", true},
		{at(astro.Mars, 10, 0.5), at(astro.Jupiter, 193, 0.1), "opposition 3", true},
		{at(astro.Mars, 10, 0.5), at(astro.Jupiter, 187, 0.1), "opposition 3", false},
		{at(astro.Mars, 10, 0.5), at(astro.Chiron, 14, 0.1), "", false},
		{at(astro.Mars, 10, 0.5), at(astro.Chiron, 12, 0.1), "conjunction 2", true},
		{at(astro.Mars, 0, 0), at(astro.Jupiter, 72.5, 0), "quintile 0.5", false},
	} {
		a, ok := DefaultOrbs.between(c.a, c.b)
		got := ""
		if ok {
			got = fmt.Sprintf("%s %g", a.Kind.Key(), a.Orb)
		}
		if got != c.want || a.Applying != c.applying {
			t.Errorf("%v %v: %q applying %v, want %q %v", *c.a, *c.b, got, a.Applying, c.want, c.applying)
		}
	}
}

func TestDignities(t *testing.T) {
	for _, c := range []struct {
		b    astro.Body
		s    Sign
		want Dignity
	}{
		{astro.Sun, Leo, Domicile}, {astro.Sun, Aquarius, Detriment}, {astro.Sun, Aries, Exaltation}, {astro.Sun, Libra, Fall},
		{astro.Mercury, Virgo, Domicile | Exaltation}, {astro.Mercury, Pisces, Detriment | Fall},
		{astro.Pluto, Scorpio, Domicile}, {astro.Mars, Scorpio, Domicile}, {astro.Uranus, Leo, Detriment},
		{astro.Chiron, Leo, 0}, {astro.TrueNode, Gemini, 0}, {astro.Venus, Leo, 0},
	} {
		if got := dignityOf(c.b, c.s); got != c.want {
			t.Errorf("%s in %s: %b, want %b", c.b.Key(), c.s.Key(), got, c.want)
		}
	}
}
