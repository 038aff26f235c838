package zodiac_test

import (
	"testing"

	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/zodiac"
)

var taipei = birth.Place{Latitude: 25.0375, Longitude: 121.5637}

func benchmark(b *testing.B, o zodiac.Options) {
	b.ReportAllocs()
	ut := 2448028.77
	for b.Loop() {
		ut += 0.37
		if ut > 2500000 {
			ut = 2400000
		}
		if _, err := zodiac.Compute(ut, taipei, o); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNatal(b *testing.B) { benchmark(b, zodiac.Options{}) }

func BenchmarkNatalTenSystems(b *testing.B) {
	var o zodiac.Options
	for s := zodiac.Placidus; s <= zodiac.Morinus; s++ {
		o.Systems = append(o.Systems, s)
	}
	benchmark(b, o)
}
