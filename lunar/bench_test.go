package lunar_test

import (
	"testing"
	"time"

	"github.com/fortunet/fortunet/lunar"
)

func BenchmarkFromSolar(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := lunar.FromSolar(2033, 12, 30); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSolar(b *testing.B) {
	b.ReportAllocs()
	d := lunar.Date{Year: 2033, Month: 11, Day: 9, Leap: true}
	for b.Loop() {
		if _, _, _, err := d.Solar(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTermAt(b *testing.B) {
	b.ReportAllocs()
	at := time.Date(1984, 2, 4, 15, 20, 0, 0, time.UTC)
	for b.Loop() {
		if _, _, err := lunar.TermAt(at); err != nil {
			b.Fatal(err)
		}
	}
}
