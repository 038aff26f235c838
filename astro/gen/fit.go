package main

import "math"

// A fit finds the Chebyshev series of least squares for samples at even distances over
// a segment. It holds an orthogonal basis of the polynomials at the samples, and what
// each of it is in Chebyshev polynomials.
type fit struct {
	terms int
	value [][]float64 // of Chebyshev polynomial k at sample i: value[i][k]
	basis [][]float64 // orthonormal: basis[k][i]
	upper [][]float64 // polynomial k is the sum of upper[j][k] times basis j
}

func newFit(terms int) *fit {
	f := &fit{terms: terms}
	for i := range samples + 1 {
		f.value = append(f.value, chebyshev(2*float64(i)/samples-1, terms))
	}
	f.basis = make([][]float64, terms)
	f.upper = make([][]float64, terms)
	for k := range terms {
		f.upper[k] = make([]float64, terms)
		column := make([]float64, samples+1)
		for i := range column {
			column[i] = f.value[i][k]
		}
		for range 2 { // once more for what rounding left
			for j := range k {
				along := dot(column, f.basis[j])
				f.upper[j][k] += along
				for i := range column {
					column[i] -= along * f.basis[j][i]
				}
			}
		}
		length := math.Sqrt(dot(column, column))
		f.upper[k][k] = length
		for i := range column {
			column[i] /= length
		}
		f.basis[k] = column
	}
	return f
}

// solve returns the coefficients for one axis of a segment's samples.
func (f *fit) solve(points [][3]float64, axis int) []float64 {
	c := make([]float64, f.terms)
	for k := range c {
		for i, p := range points {
			c[k] += f.basis[k][i] * p[axis]
		}
	}
	for k := f.terms - 1; k >= 0; k-- {
		for j := k + 1; j < f.terms; j++ {
			c[k] -= f.upper[k][j] * c[j]
		}
		c[k] /= f.upper[k][k]
	}
	return c
}

// check returns how far the series, as it is stored, is off at most at the samples, and
// the least distance from the origin, AU.
func (f *fit) check(points [][3]float64, stored []int32, unit float64) (worst, nearest float64) {
	nearest = math.Inf(1)
	for i, p := range points {
		var off, far float64
		for axis := range 3 {
			sum := 0.0
			for k, c := range stored[axis*f.terms : (axis+1)*f.terms] {
				sum += float64(c) * unit * f.value[i][k]
			}
			off += (sum - p[axis]) * (sum - p[axis])
			far += p[axis] * p[axis]
		}
		worst, nearest = max(worst, math.Sqrt(off)), min(nearest, math.Sqrt(far))
	}
	return worst, nearest
}

// chebyshev returns the first polynomials at u.
func chebyshev(u float64, terms int) []float64 {
	t := make([]float64, max(terms, 2))
	t[0], t[1] = 1, u
	for k := 2; k < terms; k++ {
		t[k] = 2*u*t[k-1] - t[k-2]
	}
	return t[:terms]
}

func dot(a, b []float64) (sum float64) {
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}
