package main

import (
	"bytes"
	"fmt"
	"io"
	"testing"
)

// BenchmarkChartLines answers distinct requests through the pipe, JSON included.
func BenchmarkChartLines(b *testing.B) {
	const count = 2000
	var in bytes.Buffer
	for i := range count {
		fmt.Fprintf(&in, `{"chartType":"ziwei","birthDate":"%d-%02d-%02d","birthTime":"%02d:30","gender":"female","timezone":"Asia/Taipei"}`+"\n",
			1950+i%60, 1+i%12, 1+i%28, i%24)
	}
	b.ReportAllocs()
	for b.Loop() {
		if code := run(b.Context(), []string{"chart", "-"}, func(string) string { return "" }, bytes.NewReader(in.Bytes()), io.Discard, io.Discard); code != exitOK {
			b.Fatalf("status %d", code)
		}
	}
	b.ReportMetric(float64(count*b.N)/b.Elapsed().Seconds(), "charts/s")
}
