package astro

import "math"

// Crossing returns the first instant after one, or the last before it where days is
// negative, at which a body stands at a longitude, degrees of the true ecliptic of
// date; ok is false where it does not within that many days. It is within a hundredth
// of a second where the body moves at a hundredth of a degree a day or faster. Of two
// passages less than a day apart beside a station it may see neither.
func Crossing(b Body, lon float64, from Instant, days float64) (at Instant, ok bool, err error) {
	apart := func(ut float64) float64 {
		if err != nil {
			return 0
		}
		var s Sky
		if s, err = At(Instant{ut, DeltaT(ut)}); err != nil {
			return 0
		}
		return Apart(s.Place(b).Lon, lon)
	}
	// Nothing here moves 40 degrees in a step, so a change of sign within 90 degrees of
	// the place is a passage.
	const step = 1.0 // days
	ahead := math.Copysign(step, days)
	end := from.UT + days
	x, y := from.UT, apart(from.UT)
	for err == nil && math.Abs(x-from.UT) < math.Abs(days) {
		next := x + ahead
		if math.Abs(next-from.UT) > math.Abs(days) {
			next = end
		}
		then := apart(next)
		if err == nil && next != x && y != 0 && (y < 0) != (then < 0) && math.Abs(y) < 90 && math.Abs(then) < 90 {
			ut := root(apart, x, next, y, then)
			return Instant{ut, DeltaT(ut)}, err == nil, err
		}
		x, y = next, then
	}
	return Instant{}, false, err
}

// root returns where f vanishes between a and b, at which it has the values fa and fb of
// unlike sign: by the method of Illinois, a false position that halves the value at an
// end that stays.
func root(f func(float64) float64, a, b, fa, fb float64) float64 {
	const enough = 1e-9 // days
	side := 0
	for range 60 {
		if math.Abs(b-a) < enough || fa == fb {
			break
		}
		c := (a*fb - b*fa) / (fb - fa)
		fc := f(c)
		switch {
		case fc == 0:
			return c
		case (fc < 0) == (fb < 0):
			b, fb = c, fc
			if side == -1 {
				fa /= 2
			}
			side = -1
		default:
			a, fa = c, fc
			if side == 1 {
				fb /= 2
			}
			side = 1
		}
	}
	return (a*fb - b*fa) / (fb - fa)
}
