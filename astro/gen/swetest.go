package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"os/exec"
	"strconv"
	"strings"
)

// A sampler asks swetest where bodies are.
type sampler struct{ data string }

// The barycentre of Earth and Moon lies this part of the way to the Moon (DE431).
const moonShare = 1 / 82.30056907419062

const kilometresOfAU = 149597870.700

// sample returns where a body is at evenly spaced days: AU on the ecliptic and mean
// equinox of J2000, without light time or anything else of its apparent place.
func (s sampler) sample(b body, from, step float64, count int) ([][3]float64, error) {
	if b.name != "emb" {
		return s.run(b.what, b.of, from, step, count)
	}
	earth, err := s.run(b.what, b.of, from, step, count)
	if err != nil {
		return nil, err
	}
	moon, err := s.run("1", "", from, step, count)
	for i := range moon {
		for axis := range 3 {
			earth[i][axis] += moon[i][axis] * moonShare
		}
	}
	return earth, err
}

// run runs swetest as often as it takes: it prints no more than 36,525 lines at once.
func (s sampler) run(what, of string, from, step float64, count int) ([][3]float64, error) {
	const most = 32768 // so that every run starts on a number that decimals can write
	points := make([][3]float64, 0, count)
	for len(points) < count {
		more, err := s.once(what, of, from+float64(len(points))*step, step, min(count-len(points), most))
		if err != nil {
			return nil, err
		}
		points = append(points, more...)
	}
	return points, nil
}

// once runs swetest and reads what it prints.
func (s sampler) once(what, of string, from, step float64, count int) ([][3]float64, error) {
	// The Moon's distance in AU has too few digits; angles and kilometres have enough.
	format, read := "-fX", rectangular
	if what == "1" {
		format, read = "-flbw", spherical
	}
	args := []string{
		"-bj" + strconv.FormatFloat(from, 'f', -1, 64), "-n" + strconv.Itoa(count), "-s" + strconv.FormatFloat(step, 'f', -1, 64),
		"-p" + what, format, "-true", "-j2000", "-nonut", "-noaberr", "-nodefl", "-eswe", "-edir" + s.data, "-head",
	}
	if of != "" {
		args = append(args, of)
	}
	cmd := exec.Command("swetest", args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	points, err := readPoints(out, count, read)
	if err != nil {
		_ = cmd.Process.Kill() // what it says no longer matters
		_ = cmd.Wait()
		return nil, err
	}
	return points, cmd.Wait()
}

// readPoints reads a line for each point; anything else, such as a warning that a data
// file is missing, is an error.
func readPoints(out io.Reader, count int, read func(a, b, c float64) [3]float64) ([][3]float64, error) {
	points := make([][3]float64, 0, count)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 {
			continue
		}
		var n [3]float64
		if len(fields) != len(n) {
			return nil, fmt.Errorf("swetest says %q", lines.Text())
		}
		for i := range n {
			var err error
			if n[i], err = strconv.ParseFloat(fields[i], 64); err != nil {
				return nil, fmt.Errorf("swetest says %q", lines.Text())
			}
		}
		points = append(points, read(n[0], n[1], n[2]))
	}
	if len(points) != count {
		return nil, fmt.Errorf("swetest printed %d places, not %d", len(points), count)
	}
	return points, nil
}

func rectangular(x, y, z float64) [3]float64 { return [3]float64{x, y, z} }

// spherical reads longitude and latitude in degrees and a distance in kilometres.
func spherical(lon, lat, km float64) [3]float64 {
	sinL, cosL := math.Sincos(lon * math.Pi / 180)
	sinB, cosB := math.Sincos(lat * math.Pi / 180)
	r := km / kilometresOfAU
	return [3]float64{r * cosB * cosL, r * cosB * sinL, r * sinB}
}
