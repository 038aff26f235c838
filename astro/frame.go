package astro

import "math"

// A vector is in AU, or AU a day, on the axes its context names.
type vector struct{ x, y, z float64 }

func (a vector) plus(b vector) vector   { return vector{a.x + b.x, a.y + b.y, a.z + b.z} }
func (a vector) less(b vector) vector   { return vector{a.x - b.x, a.y - b.y, a.z - b.z} }
func (a vector) times(f float64) vector { return vector{a.x * f, a.y * f, a.z * f} }
func (a vector) dot(b vector) float64   { return a.x*b.x + a.y*b.y + a.z*b.z }
func (a vector) length() float64        { return math.Sqrt(a.dot(a)) }
func (a vector) cross(b vector) vector {
	return vector{a.y*b.z - a.z*b.y, a.z*b.x - a.x*b.z, a.x*b.y - a.y*b.x}
}

// turning returns by how much b is further along the ecliptic than a, radians; they
// must be close.
func (a vector) turning(b vector) float64 { return (a.x*b.y - a.y*b.x) / (a.x*b.x + a.y*b.y) }

// A matrix turns a vector from one set of axes to another: its rows are the new ones.
type matrix struct{ x, y, z vector }

func (m *matrix) of(v vector) vector { return vector{m.x.dot(v), m.y.dot(v), m.z.dot(v)} }

// obliquity returns the mean obliquity of the ecliptic t centuries after J2000, in
// radians: IAU 2006 (Capitaine, Wallace and Chapront, 2003).
func obliquity(t float64) float64 {
	return poly(t, 84381.406, -46.836769, -0.0001831, 0.00200340, -0.000000576, -0.0000000434) * arcsec
}

// precess returns what turns the mean ecliptic and equinox of J2000 into those t
// centuries later, IAU 2006, and how fast the equinox recedes, radians a day: a turn by
// piA about the line in which both ecliptics meet, which lies PiA from one equinox and
// PiA+pA from the other.
func precess(t float64) (m matrix, rate float64) {
	piA := t * poly(t, 46.998973, -0.0334926, -0.00012559, 0.000000113, -0.0000000022) * arcsec
	node := poly(t, 629546.7936, -867.95758, 0.157992, -0.0005371, -0.00004797, 0.000000072) * arcsec
	pA := generalPrecession(t)
	rate = poly(t, 5028.796195, 2*1.1054348, 3*0.00007964, -4*0.000023857) * arcsec / century

	sinP, cosP := math.Sincos(piA)
	sinN, cosN := math.Sincos(node)
	sinA, cosA := math.Sincos(node + pA)
	// Along the meeting line, across it in the new plane, and the new pole.
	along := vector{cosN, sinN, 0}
	across := vector{-sinN * cosP, cosN * cosP, sinP}
	m.x = along.times(cosA).less(across.times(sinA))
	m.y = along.times(sinA).plus(across.times(cosA))
	m.z = vector{sinN * sinP, -cosN * sinP, cosP}
	return m, rate
}

// siderealTime returns Greenwich apparent sidereal time in degrees: the Earth's
// rotation angle by UT1 and the equinox's motion by TT (IAU 2006), with the equation of
// the equinoxes to its largest terms.
func siderealTime(i Instant, n nutation, obliquity float64) float64 {
	days := i.UT - j2000
	turned := math.Mod(days, 1)*360 + math.Mod(0.7790572732640*360+0.00273781191135448*360*days, 360)
	t := (i.TT() - j2000) / century
	moved := poly(t, 0.014506, 4612.156534, 1.3915817, -0.00000044, -0.000029956, -0.0000000368)
	node := (fundamentals[4][0] + fundamentals[4][1]*t) * arcsec
	equinox := n.lon/arcsec*math.Cos(obliquity) + 0.00264096*math.Sin(node) + 0.00006352*math.Sin(2*node)
	return Circle(turned + (moved+equinox)/3600)
}

// Precession returns how far the mean equinox has receded along the ecliptic since
// J2000, degrees, negative before it: the general precession of IAU 2006.
func (s *Sky) Precession() float64 { return generalPrecession((s.tt-j2000)/century) / degree }

// generalPrecession returns it t centuries after J2000, radians.
func generalPrecession(t float64) float64 {
	return t * poly(t, 5028.796195, 1.1054348, 0.00007964, -0.000023857, -0.0000000383) * arcsec
}
