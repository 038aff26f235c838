package astro_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"os"
	"testing"

	"github.com/fortunet/fortunet/astro"
)

// A row is one instant of the reference, as testdata/README.md says.
type row struct {
	ID string
	In struct {
		UTC string
		Lon float64
	}
	Out struct {
		JDUT        float64 `json:"jdUt"`
		DeltaT      float64
		Obliquity   float64
		NutationLon float64
		NutationObl float64
		ARMC        float64
		Bodies      map[string]struct {
			Lon, Lat, Dist, Speed, RA, Dec float64
			Retro                          bool
		}
	}
}

func readRows(t *testing.T, path string) (rows []row) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the whole set of reference charts is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for d := json.NewDecoder(bufio.NewReader(f)); d.More(); {
		var r row
		if err := d.Decode(&r); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	return rows
}

// A bound is how far a body's place may be from the reference: arcseconds, degrees a
// day, a part of the distance, and the speed above which its sign must agree.
type bound struct{ angle, speed, dist, station float64 }

func boundOf(b astro.Body) bound {
	switch b {
	case astro.MeanNode, astro.MeanLilith:
		return bound{0.05, 5e-6, 1e-9, 2e-5}
	case astro.TrueNode:
		return bound{0.3, 1e-3, 1e-6, 1e-3}
	case astro.TrueLilith:
		return bound{2, 1e-2, 1e-6, 2e-2}
	case astro.Moon:
		return bound{0.02, 1e-4, 1e-7, 2e-5}
	}
	return bound{0.02, 2e-5, 1e-7, 2e-5}
}

func TestGolden(t *testing.T) {
	for name, path := range map[string]string{"sample": "testdata/places.jsonl", "whole": "../../shared/golden/zodiac.jsonl"} {
		t.Run(name, func(t *testing.T) {
			for _, r := range readRows(t, path) {
				checkRow(t, &r)
			}
		})
	}
}

func checkRow(t *testing.T, r *row) {
	s, err := astro.At(astro.Instant{UT: r.Out.JDUT, DeltaT: r.Out.DeltaT})
	if err != nil {
		t.Fatalf("%s: %v", r.ID, err)
	}
	near := func(what string, got, want, most float64) {
		t.Helper()
		if !(math.Abs(got-want) <= most) {
			t.Errorf("%s (%s): %s is %v, want %v", r.ID, r.In.UTC, what, got, want)
		}
	}
	const arcsec = 1.0 / 3600
	near("obliquity", s.Obliquity, r.Out.Obliquity, 0.01*arcsec)
	near("nutation in longitude", s.NutationLon, r.Out.NutationLon, 0.02*arcsec)
	near("nutation in obliquity", s.NutationObl, r.Out.NutationObl, 0.02*arcsec)
	if first, last := 2396758.5, 2469807.5; r.Out.JDUT > first && r.Out.JDUT < last { // 1850-2049
		near("ARMC", astro.Apart(s.SiderealTime()+r.In.Lon, r.Out.ARMC), 0, 0.002*arcsec)
	}
	for b := range astro.Body(astro.BodyCount) {
		want, p, most := r.Out.Bodies[b.Key()], s.Place(b), boundOf(b)
		near(b.Key()+".lon", astro.Apart(p.Lon, want.Lon), 0, most.angle*arcsec)
		near(b.Key()+".lat", p.Lat, want.Lat, most.angle*arcsec)
		near(b.Key()+".ra", astro.Apart(p.RA, want.RA), 0, most.angle*arcsec)
		near(b.Key()+".dec", p.Dec, want.Dec, most.angle*arcsec)
		near(b.Key()+".dist", p.Dist/want.Dist, 1, most.dist)
		near(b.Key()+".speed", p.Speed, want.Speed, most.speed)
		if math.Abs(want.Speed) > most.station && (p.Speed < 0) != want.Retro {
			t.Errorf("%s: %s retrograde is %v, want %v", r.ID, b.Key(), p.Speed < 0, want.Retro)
		}
	}
}

func TestDeltaT(t *testing.T) {
	f, err := os.Open("../../shared/golden/deltat.jsonl")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the reference of delta T is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for d := json.NewDecoder(f); d.More(); {
		var r struct {
			Year   int
			DeltaT float64
		}
		if err := d.Decode(&r); err != nil {
			t.Fatal(err)
		}
		if got := astro.DeltaT(newYear(r.Year)); math.Abs(got-r.DeltaT) > 0.02 {
			t.Errorf("%d: %v, want %v", r.Year, got, r.DeltaT)
		}
	}
}

// newYear returns the Julian day of 1 January, 0h, Gregorian.
func newYear(year int) float64 {
	y := year - 1
	return 1721425.5 + float64(365*y+y/4-y/100+y/400)
}
