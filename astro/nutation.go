package astro

import "math"

// A nutationTerm is one term of the series: multiples of the Moon's and the Sun's
// anomaly, the Moon's argument of latitude and elongation, and its node; then the
// coefficients in units of 0.1 microarcseconds: of the sine, its change a century, and
// of the cosine, in longitude; of the cosine, its change, and of the sine, in obliquity.
type nutationTerm struct {
	of                   [5]int8
	sin, sinT, cos       float64
	obCos, obCosT, obSin float64
}

// fundamentals are the series' five arguments (Simon et al., 1994), arcseconds at J2000
// and a century.
var fundamentals = [5][2]float64{
	{485868.249036, 1717915923.2178},
	{1287104.79305, 129596581.0481},
	{335779.526232, 1739527262.8478},
	{1072260.70369, 1602961601.2090},
	{450160.398036, -6962890.5431},
}

// nutationRates are how fast the argument of each term grows, radians a day.
var nutationRates = func() (rates [len(nutationTerms)]float64) {
	for i := range nutationTerms {
		for k, n := range nutationTerms[i].of {
			rates[i] += float64(n) * fundamentals[k][1] * arcsec / century
		}
	}
	return rates
}()

// A nutation is how far the true pole stands from the mean one: radians, and radians a
// day for the longitude's rate.
type nutation struct{ lon, obl, lonRate float64 }

// nutate returns the nutation t centuries after J2000, TT, by IAU 2000B: within a
// thousandth of an arcsecond of the full series in 1995-2050.
func nutate(t float64) nutation {
	const most = 4 // the largest multiple of an argument
	var power [5][2*most + 1]complex128
	for k, f := range fundamentals {
		const turn = 1296000
		sin, cos := math.Sincos(math.Mod(f[0]+f[1]*t, turn) * arcsec)
		one := complex(cos, sin)
		power[k][most] = 1
		for n := 1; n <= most; n++ {
			p := power[k][most+n-1] * one
			power[k][most+n] = p
			power[k][most-n] = complex(real(p), -imag(p))
		}
	}
	var lon, obl, rate float64
	for i := len(nutationTerms) - 1; i >= 0; i-- { // the smallest first
		term := &nutationTerms[i]
		e := power[4][most+term.of[4]]
		for k, n := range term.of[:4] {
			if n != 0 {
				e *= power[k][most+n]
			}
		}
		cos, sin := real(e), imag(e)
		amplitude := term.sin + term.sinT*t
		lon += amplitude*sin + term.cos*cos
		rate += (amplitude*cos - term.cos*sin) * nutationRates[i]
		obl += (term.obCos+term.obCosT*t)*cos + term.obSin*sin
	}
	// The offsets stand for the planets' long-period terms (Luzum, 2001).
	const unit, mas = arcsec / 1e7, arcsec / 1000
	return nutation{lon*unit - 0.135*mas, obl*unit + 0.388*mas, rate * unit}
}
