// Command gen makes astro's ephemeris anew: it samples the motions of the bodies by
// running swetest, the test program of Swiss Ephemeris, as a process of its own, and
// fits Chebyshev series to the numbers it prints. Its README has the layout of the file
// and the errors of the one in the tree.
//
//	apt-get install swetest swe-basic-data swe-standard-data swe-extra-data
//	go generate ./astro
package main

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"log"
	"math"
	"os"
)

// A body is one series of the file.
type body struct {
	name  string
	what  string  // swetest's letter
	of    string  // swetest's flag for where it is counted from
	days  float64 // of a segment
	unit  float64 // AU of one unit of a coefficient
	terms int
}

// bodies are the series in the file's order. Lengths and terms are those that make the
// smallest file within the units; a unit is a few thousandths of an arcsecond of what
// is seen from the Earth at its nearest, and less for the Moon, whose velocity must be
// exact as well, since the node and the apogee hang on it.
var bodies = []body{
	{"sun", "0", "-bary", 512, 2.5e-8, 18},
	{"mercury", "2", "-hel", 48, 3.75e-9, 23},
	{"venus", "3", "-hel", 256, 2e-9, 23},
	{"emb", "C", "-hel", 128, 1.5e-9, 19},
	{"mars", "4", "-hel", 256, 2.5e-9, 22},
	{"jupiter", "5", "-bary", 2048, 2.5e-8, 14},
	{"saturn", "6", "-bary", 2048, 5e-8, 13},
	{"uranus", "7", "-bary", 2048, 1e-7, 7},
	{"neptune", "8", "-bary", 2048, 1.5e-7, 6},
	{"pluto", "9", "-bary", 2048, 1.5e-7, 6},
	{"chiron", "D", "-bary", 768, 5e-8, 24},
	{"moon", "1", "", 20, 3.75e-12, 23},
}

const (
	first = 2305415.5 // Julian day, TDB: 1599 November 30
	last  = 2597673.5 // 2400 February 2; every segment is filled whole

	samples = 128 // of a segment, and one more at its end
)

func main() {
	log.SetFlags(0)
	out := flag.String("o", "ephemeris.bin", "file to write")
	data := flag.String("data", "/usr/share/libswe/ephe", "folder of Swiss Ephemeris' data files")
	flag.Parse()
	file, err := generate(sampler{*data})
	if err == nil {
		err = os.WriteFile(*out, file, 0o644)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// generate returns the file.
func generate(s sampler) ([]byte, error) {
	var file bytes.Buffer
	file.WriteString("EPH1")
	put(&file, int32(len(bodies)))
	for _, b := range bodies {
		segments := int(math.Ceil((last - first) / b.days))
		points, err := s.sample(b, first, b.days/samples, segments*samples+1)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", b.name, err)
		}
		report := b.encode(&file, points, segments)
		log.Printf("%-8s %6d segments, %s", b.name, segments, report)
	}
	file.Write(make([]byte, 4)) // a coefficient is read as four bytes, also the last
	return file.Bytes(), nil
}

// encode fits all segments and writes them.
func (b body) encode(file *bytes.Buffer, points [][3]float64, segments int) string {
	fit := newFit(b.terms)
	coefficients := make([]int32, 0, segments*3*b.terms)
	widths := make([]byte, 3*b.terms)
	var worst, nearest float64 = 0, math.Inf(1)
	for s := range segments {
		part := points[s*samples : s*samples+samples+1]
		for axis := range 3 {
			for k, c := range fit.solve(part, axis) {
				n := int32(math.RoundToEven(c / b.unit))
				coefficients = append(coefficients, n)
				widths[axis*b.terms+k] = max(widths[axis*b.terms+k], width(n))
			}
		}
		w, n := fit.check(part, coefficients[len(coefficients)-3*b.terms:], b.unit)
		worst, nearest = max(worst, w), min(nearest, n)
	}
	b.write(file, coefficients, widths, segments)
	return fmt.Sprintf("off by %.1e AU at most, least distance %.4f AU", worst, nearest)
}

// write appends the header and the records.
func (b body) write(file *bytes.Buffer, coefficients []int32, widths []byte, segments int) {
	var name [16]byte
	copy(name[:], b.name)
	record := 0
	for _, w := range widths {
		record += int(w)
	}
	put(file, name, b.days, b.unit, float64(first), int32(b.terms), int32(segments), int32(record))
	file.Write(widths)
	for i, c := range coefficients {
		var four [4]byte
		binary.LittleEndian.PutUint32(four[:], uint32(c))
		file.Write(four[:widths[i%len(widths)]])
	}
}

// width returns how many bytes a signed integer takes.
func width(n int32) byte {
	for w := byte(1); w < 4; w++ {
		if n >= -1<<(8*w-1) && n < 1<<(8*w-1) {
			return w
		}
	}
	return 4
}

func put(file *bytes.Buffer, values ...any) {
	for _, v := range values {
		if err := binary.Write(file, binary.LittleEndian, v); err != nil {
			log.Fatal(err) // values have fixed sizes, and a buffer takes all
		}
	}
}
