package astro

import (
	_ "embed"
	"encoding/binary"
	"fmt"
	"math"
)

// ephemeris is the data file; package gen below this one makes it anew and its README
// has the layout.
//
//go:generate go run ./gen -o ephemeris.bin
//go:embed ephemeris.bin
var ephemeris string

// What the file holds, in its order.
const (
	sunSeries     = iota // from the solar system's barycentre, as are those of the outer bodies
	mercurySeries        // from the Sun, as are the three that follow
	venusSeries
	embSeries // the barycentre of Earth and Moon
	marsSeries
	jupiterSeries
	saturnSeries
	uranusSeries
	neptuneSeries
	plutoSeries
	chironSeries
	moonSeries // from the Earth's centre

	seriesCount
)

// A series is the motion of one body: segments of equal length, in each a Chebyshev
// series for x, y and z on the ecliptic and mean equinox of J2000.
type series struct {
	length float64 // of a segment, days
	unit   float64 // AU of one unit of a coefficient
	start  float64 // Julian day, TT, of the first segment
	terms  int     // of an axis
	count  int     // of segments
	record int     // bytes of a segment
	fields []field // of a record: x, then y, then z
	data   string  // the segments and what follows them
}

// A field is where one coefficient lies in a record: the four bytes from at on hold it
// in their low ones; shift brings its sign to the top.
type field struct {
	at    uint16
	shift uint8
}

// The most terms a series has.
const mostTerms = 32

// all are the series of the embedded file. Only its headers are read, at start: the
// coefficients are taken from where they lie.
var all = open(ephemeris)

// open reads the headers of a data file.
func open(file string) (s [seriesCount]series) {
	const magic = "EPH1"
	r := header{rest: file}
	if r.text(len(magic)) != magic || r.int() != seriesCount {
		panic("astro: the embedded ephemeris is not one")
	}
	for i := range s {
		r.series(&s[i])
	}
	return s
}

// A header is what is left of a data file. It panics on one that is cut short, which
// only a broken build can hold.
type header struct{ rest string }

func (h *header) text(n int) string {
	t := h.rest[:n]
	h.rest = h.rest[n:]
	return t
}

func (h *header) int() int { return int(int32(binary.LittleEndian.Uint32([]byte(h.text(4))))) }

func (h *header) float() float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64([]byte(h.text(8))))
}

func (h *header) series(s *series) {
	name := h.text(16)
	s.length, s.unit, s.start = h.float(), h.float(), h.float()
	s.terms, s.count, s.record = h.int(), h.int(), h.int()
	if s.terms > mostTerms {
		panic(fmt.Sprintf("astro: %q has %d terms", name, s.terms))
	}
	at := 0
	for _, width := range []byte(h.text(3 * s.terms)) {
		s.fields = append(s.fields, field{uint16(at), 32 - 8*width})
		at += int(width)
	}
	if at != s.record {
		panic(fmt.Sprintf("astro: records of %q are %d bytes, not %d", name, s.record, at))
	}
	// A coefficient is read as four bytes whatever its width, so three bytes after the
	// last record must be there to read: the next header, or the end of the file.
	s.data = h.rest
	h.text(s.count * s.record)
}

// at returns where the body is at a Julian day, TT, and its velocity: AU and AU a day.
func (s *series) at(tt float64) (place, velocity vector) {
	x := (tt - s.start) / s.length
	segment := min(max(int(x), 0), s.count-1)
	u := 2*(x-float64(segment)) - 1

	// Chebyshev polynomials and their derivatives.
	var t, d [mostTerms]float64
	t[0], t[1], d[1] = 1, u, 1
	for k := 2; k < s.terms; k++ {
		t[k] = 2*u*t[k-1] - t[k-2]
		d[k] = 2*t[k-1] + 2*u*d[k-1] - d[k-2]
	}
	record := s.data[segment*s.record:]
	n := s.terms
	sum := func(fields []field) (p, v float64) {
		for k, f := range fields {
			c := float64(coefficient(record, f))
			p += c * t[k&(mostTerms-1)]
			v += c * d[k&(mostTerms-1)]
		}
		return p * s.unit, v * s.unit * 2 / s.length
	}
	place.x, velocity.x = sum(s.fields[:n])
	place.y, velocity.y = sum(s.fields[n : 2*n])
	place.z, velocity.z = sum(s.fields[2*n:])
	return place, velocity
}

// coefficient reads a signed integer of one to four bytes.
func coefficient(record string, f field) int32 {
	b := record[f.at : f.at+4]
	u := uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
	return int32(u<<f.shift) >> f.shift
}
