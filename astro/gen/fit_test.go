package main

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

// A fit gives a polynomial back, and smooths what is not one.
func TestFit(t *testing.T) {
	const terms = 23
	f := newFit(terms)
	want := make([]float64, terms)
	for k := range want {
		want[k] = math.Sin(float64(3*k)) / float64(1+k*k)
	}
	points := make([][3]float64, samples+1)
	for i := range points {
		points[i][1] = dot(want, f.value[i])
	}
	for k, c := range f.solve(points, 1) {
		if math.Abs(c-want[k]) > 1e-12 {
			t.Errorf("coefficient %d is %v, want %v", k, c, want[k])
		}
	}
}

func TestEncode(t *testing.T) {
	b := body{name: "test", days: 8, unit: 1e-6, terms: 4}
	points := make([][3]float64, 2*samples+1)
	for i := range points {
		x := float64(i) / samples
		points[i] = [3]float64{x, x * x, 100}
	}
	var file bytes.Buffer
	b.encode(&file, points, 2)
	const header = 16 + 3*8 + 3*4 + 3*4
	record := int(file.Bytes()[header-12-4]) // its low byte
	if got := file.Len(); got != header+2*record {
		t.Errorf("%d bytes, want %d and two records of %d", got, header, record)
	}
	if record < 3+3+4 || record > 36 {
		t.Errorf("a record is %d bytes", record)
	}
}

func TestWidth(t *testing.T) {
	for n, want := range map[int32]byte{0: 1, 127: 1, -128: 1, 128: 2, -129: 2, 1 << 15: 3, 1<<23 - 1: 3, 1 << 23: 4, math.MinInt32: 4} {
		if got := width(n); got != want {
			t.Errorf("width(%d) = %d, want %d", n, got, want)
		}
	}
}

func TestReadPoints(t *testing.T) {
	good := "   0.5  1.5  -2.5\n\n 1 2 3\n"
	points, err := readPoints(strings.NewReader(good), 2, rectangular)
	if err != nil || points[0] != [3]float64{0.5, 1.5, -2.5} || points[1] != [3]float64{1, 2, 3} {
		t.Errorf("%v, %v", points, err)
	}
	for _, bad := range []string{"", "1 2 3\n", "warning: SwissEph file not found\n1 2 3\n", "a b c\n1 2 3\n", good + good} {
		if _, err := readPoints(strings.NewReader(bad), 2, rectangular); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
