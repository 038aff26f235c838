package ziwei_test

import (
	"testing"

	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/lang"
	"github.com/fortunet/fortunet/ziwei"
)

var someone = ziwei.Birth{Date: birth.Date{Year: 1990, Month: 5, Day: 17}, TimeIndex: 7, Gender: ziwei.Female}

func someonesChart(tb testing.TB) *ziwei.Chart {
	tb.Helper()
	c, err := ziwei.Compute(someone, ziwei.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func BenchmarkCompute(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ziwei.Compute(someone, ziwei.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkChartJSON(b *testing.B) {
	c := someonesChart(b)
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = c.AppendJSON(buf[:0], lang.TraditionalChinese)
	}
	b.SetBytes(int64(len(buf)))
}

func BenchmarkHoroscope(b *testing.B) {
	c := someonesChart(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Horoscope(ziwei.Moment{Date: birth.Date{Year: 2026, Month: 11, Day: 23}, TimeIndex: 9}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHoroscopeJSON(b *testing.B) {
	h, err := someonesChart(b).Horoscope(ziwei.Moment{Date: birth.Date{Year: 2026, Month: 11, Day: 23}, TimeIndex: 9})
	if err != nil {
		b.Fatal(err)
	}
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = h.AppendJSON(buf[:0], lang.TraditionalChinese)
	}
	b.SetBytes(int64(len(buf)))
}
