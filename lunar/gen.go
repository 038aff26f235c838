//go:build ignore

// Gen makes terms.bin, the instants of the solar terms, anew:
//
//	go run gen.go -ephemeris ../astro/ephemeris.bin -deltat deltat.jsonl -out terms.bin
//
// The ephemeris is a file of Chebyshev series fitted to JPL DE431 whose layout is that
// of the "EPH1" files of package astro; delta T is JSON Lines of {"year", "deltaT"}, TT
// less UT1 in seconds on 1 January.
//
// It is apart from package astro so that the one can be held against the other.
package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"flag"
	"log"
	"math"
	"os"
	"strings"
	"time"
)

const (
	firstYear = 1899
	lastYear  = 2222
	terms     = 24

	lightAUDay    = 173.144632674 // speed of light, AU a day
	earthPerMoon  = 82.30056907419062
	j2000         = 2451545.0
	unixEpoch     = 2440587.5
	dayOfCentury  = 36525
	tropicalYear  = 365.2422
	arcsecond     = math.Pi / 180 / 3600
	secondsOfADay = 86400
)

func main() {
	log.SetFlags(0)
	ephemeris := flag.String("ephemeris", "../astro/ephemeris.bin", "Chebyshev series")
	deltat := flag.String("deltat", "deltat.jsonl", "delta T by year")
	out := flag.String("out", "terms.bin", "file to write")
	flag.Parse()

	bodies, err := readBodies(*ephemeris)
	if err != nil {
		log.Fatal(err)
	}
	dt, err := readDeltaT(*deltat)
	if err != nil {
		log.Fatal(err)
	}
	var table []byte
	for year := firstYear; year <= lastYear; year++ {
		start := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
		for term := range terms {
			jd := bodies.termAt(year, term)
			second := math.Round((jd - dt.at(jd)/secondsOfADay - unixEpoch) * secondsOfADay)
			table = binary.LittleEndian.AppendUint32(table, uint32(int64(second)-start))
		}
	}
	if err := os.WriteFile(*out, table, 0o644); err != nil {
		log.Fatal(err)
	}
}

// A vector is in AU or AU a day, ecliptic and mean equinox of J2000.
type vector [3]float64

// A body is the Chebyshev series of one body.
type body struct {
	length, unit, start float64 // days of a segment; AU of a coefficient; Julian day of segment 0
	n, record           int     // coefficients of an axis; bytes of a segment
	widths, segments    []byte
}

type bodies map[string]*body

// readBodies reads a file of series.
func readBodies(file string) (bodies, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if len(data) < 8 || string(data[:4]) != "EPH1" {
		log.Fatalf("%s is no ephemeris", file)
	}
	all := bodies{}
	r := data[8:]
	take := func(n int) []byte {
		part := r[:n]
		r = r[n:]
		return part
	}
	number := func() float64 { return math.Float64frombits(binary.LittleEndian.Uint64(take(8))) }
	count := func() int { return int(binary.LittleEndian.Uint32(take(4))) }
	for range int(binary.LittleEndian.Uint32(data[4:])) {
		name := strings.TrimRight(string(take(16)), "\x00")
		b := &body{length: number(), unit: number(), start: number(), n: count()}
		segments := count()
		b.record = count()
		b.widths = take(3 * b.n)
		b.segments = take(segments * b.record)
		all[name] = b
	}
	return all, nil
}

// at returns the body's position and velocity at a Julian day, TDB.
func (b *body) at(jd float64) (position, velocity vector) {
	segment := int((jd - b.start) / b.length)
	u := 2*(jd-b.start-float64(segment)*b.length)/b.length - 1
	r := b.segments[segment*b.record:]
	for axis := range position {
		t, tBefore := 1.0, u   // the polynomials T0 and, by the recurrence, T-1 = T1
		d, dBefore := 0.0, 1.0 // their derivatives
		for j := range b.n {
			c, width := 0.0, int(b.widths[axis*b.n+j])
			c, r = coefficient(r, width), r[width:]
			position[axis] += c * t
			velocity[axis] += c * d
			t, tBefore = 2*u*t-tBefore, t
			d, dBefore = 2*tBefore+2*u*d-dBefore, d
		}
		position[axis] *= b.unit
		velocity[axis] *= b.unit * 2 / b.length
	}
	return position, velocity
}

// coefficient reads a signed integer of that many bytes, low end first.
func coefficient(r []byte, width int) float64 {
	var v uint64
	for i := range width {
		v |= uint64(r[i]) << (8 * i)
	}
	shift := 64 - 8*width
	return float64(int64(v<<shift) >> shift)
}

// termAt returns the Julian day, TT, of a term of a Gregorian year, 小寒 being 0.
func (all bodies) termAt(year, term int) float64 {
	want := float64(285 + 15*term)
	jd := j2000 + 4.7 + float64(year-2000)*tropicalYear + float64(term)*tropicalYear/terms
	for range 10 {
		off := math.Mod(want-all.sunLongitude(jd)+900, 360) - 180
		jd += off * tropicalYear / 360
	}
	return jd
}

// sunLongitude returns the apparent longitude of the Sun, true equinox of date, in
// degrees: light time and aberration as IERS Conventions chapter 7 has them to first
// order, the ecliptic's motion of IAU 2006, nutation.
func (all bodies) sunLongitude(jd float64) float64 {
	emb, embV := all["emb"].at(jd)
	moon, moonV := all["moon"].at(jd)
	sun, sunV := all["sun"].at(jd)
	var earth, earthV vector // from the Sun; from the barycentre
	for i := range earth {
		earth[i] = emb[i] - moon[i]/earthPerMoon
		earthV[i] = embV[i] - moonV[i]/earthPerMoon + sunV[i]
	}
	before, _ := all["sun"].at(jd - earth.length()/lightAUDay)
	var ray vector
	for i := range ray {
		ray[i] = before[i] - sun[i] - earth[i]
	}
	away := ray.length()
	for i := range ray {
		ray[i] = ray[i]/away + earthV[i]/lightAUDay
	}
	t := (jd - j2000) / dayOfCentury
	return ofDate(ray, t)*180/math.Pi + nutation(t)
}

func (v vector) length() float64 { return math.Sqrt(v[0]*v[0] + v[1]*v[1] + v[2]*v[2]) }

// ofDate returns the longitude of a direction on the mean ecliptic of date in radians,
// by the angles of Capitaine, Wallace and Chapront 2003 (P03); t is in centuries.
func ofDate(v vector, t float64) float64 {
	tilt := t * (46.998973 + t*(-0.0334926-t*0.00012559)) * arcsecond
	node := (629546.7936 + t*(-867.95758+t*(0.157992-t*0.0005371))) * arcsecond
	drift := t * (5028.796195 + t*(1.1054348+t*(0.00007964-t*0.000023857))) * arcsecond
	longitude := math.Atan2(v[1], v[0])
	latitude := math.Asin(v[2] / v.length())
	sin := math.Cos(tilt)*math.Cos(latitude)*math.Sin(node-longitude) - math.Sin(tilt)*math.Sin(latitude)
	cos := math.Cos(latitude) * math.Cos(node-longitude)
	return drift + node - math.Atan2(sin, cos)
}

// nutationTerms are multiples of D, M, M', F and the node, then the sine's coefficient
// and its change a century in 0.0001 arcseconds: the terms of IAU 1980 (Meeus,
// Astronomical Algorithms, table 22.A) above 0.0015 arcseconds, which is 0.04 seconds
// of the Sun's motion.
var nutationTerms = [...][7]float64{
	{0, 0, 0, 0, 1, -171996, -174.2}, {-2, 0, 0, 2, 2, -13187, -1.6}, {0, 0, 0, 2, 2, -2274, -0.2}, {0, 0, 0, 0, 2, 2062, 0.2},
	{0, 1, 0, 0, 0, 1426, -3.4}, {0, 0, 1, 0, 0, 712, 0.1}, {-2, 1, 0, 2, 2, -517, 1.2}, {0, 0, 0, 2, 1, -386, -0.4},
	{0, 0, 1, 2, 2, -301, 0}, {-2, -1, 0, 2, 2, 217, -0.5}, {-2, 0, 1, 0, 0, -158, 0}, {-2, 0, 0, 2, 1, 129, 0.1},
	{0, 0, -1, 2, 2, 123, 0}, {2, 0, 0, 0, 0, 63, 0}, {0, 0, 1, 0, 1, 63, 0.1}, {2, 0, -1, 2, 2, -59, 0},
	{0, 0, -1, 0, 1, -58, -0.1}, {0, 0, 1, 2, 1, -51, 0}, {-2, 0, 2, 0, 0, 48, 0}, {0, 0, -2, 2, 1, 46, 0},
	{2, 0, 0, 2, 2, -38, 0}, {0, 0, 2, 2, 2, -31, 0}, {0, 0, 2, 0, 0, 29, 0}, {-2, 0, 1, 2, 2, 29, 0},
	{0, 0, 0, 2, 0, 26, 0}, {-2, 0, 0, 2, 0, -22, 0}, {0, 0, -1, 2, 1, 21, 0}, {0, 2, 0, 0, 0, 17, -0.1},
	{2, 0, -1, 0, 1, 16, 0}, {-2, 2, 0, 2, 2, -16, 0.1}, {0, 1, 0, 0, 1, -15, 0},
}

// nutation returns the nutation in longitude in degrees, t in centuries.
func nutation(t float64) float64 {
	arguments := [5]float64{
		297.85036 + t*(445267.111480-t*0.0019142),
		357.52772 + t*(35999.050340-t*0.0001603),
		134.96298 + t*(477198.867398+t*0.0086972),
		93.27191 + t*(483202.017538-t*0.0036825),
		125.04452 + t*(-1934.136261+t*0.0020708),
	}
	sum := 0.0
	for _, term := range nutationTerms {
		angle := 0.0
		for i, a := range arguments {
			angle += term[i] * a
		}
		sum += (term[5] + term[6]*t) * math.Sin(angle*math.Pi/180)
	}
	return sum / 10000 / 3600
}

// deltaT is TT less UT1 in seconds, by year.
type deltaT map[int]float64

func readDeltaT(file string) (deltaT, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	table := deltaT{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var row struct {
			Year   int     `json:"year"`
			DeltaT float64 `json:"deltaT"`
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			return nil, err
		}
		table[row.Year] = row.DeltaT
	}
	return table, lines.Err()
}

// at interpolates between two years.
func (table deltaT) at(jd float64) float64 {
	years := (jd - (j2000 - 0.5)) / 365.25
	whole := math.Floor(years)
	year := 2000 + int(whole)
	return table[year] + (years-whole)*(table[year+1]-table[year])
}
