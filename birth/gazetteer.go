package birth

import (
	"bytes"
	"cmp"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// A Town is a place that people are born in, by name.
type Town struct {
	Name    [2]string // in zh-TW, which may be "", and in English
	Region  [2]string // what it is a part of, "" where its name says enough
	Country [2]string
	Code    string // of the country, ISO 3166
	Place
	Zone       string // of the tz database
	Population int    // roughly

	keys   [2]string // what Name is found by
	around []string  // what its region and country are
}

// places.tsv.gz holds the towns; gen/README.md says where they come from.
//
//go:generate go run ./gen
//go:embed places.tsv.gz
var placesFile []byte

// gazetteer reads the towns when they are first asked for, in some tens of
// milliseconds.
var gazetteer = sync.OnceValue(func() []Town {
	towns, err := readTowns(placesFile)
	if err != nil {
		panic("birth: the embedded gazetteer: " + err.Error())
	}
	return towns
})

func readTowns(file []byte) ([]Town, error) {
	z, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	head, body, ok := strings.Cut(string(raw), "\n\n")
	if !ok {
		return nil, fmt.Errorf("no countries")
	}
	countries := map[string][2]string{}
	for line := range strings.SplitSeq(head, "\n") {
		f := strings.Split(line, "\t")
		countries[f[0]] = [2]string{f[2], f[1]}
	}
	// Regions and countries are few, so each is looked at once.
	parts := map[[3]string][]string{}
	towns := make([]Town, 0, strings.Count(body, "\n"))
	for line := range strings.Lines(body) {
		t, err := readTown(strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
		if err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
		t.Country = countries[t.Code]
		part := [3]string{t.Region[0], t.Region[1], t.Code}
		if parts[part] == nil {
			for _, name := range []string{t.Region[0], t.Region[1], t.Country[0], t.Country[1], t.Code} {
				if name != "" {
					parts[part] = append(parts[part], searchKey(name))
				}
			}
		}
		t.around = parts[part]
		towns = append(towns, t)
	}
	return towns, nil
}

func readTown(f []string) (t Town, err error) {
	if len(f) != 9 {
		return t, fmt.Errorf("%d fields", len(f))
	}
	t = Town{Name: [2]string{f[1], f[0]}, Region: [2]string{f[3], f[2]}, Code: f[4], Zone: f[7]}
	if t.Latitude, err = strconv.ParseFloat(f[5], 64); err != nil {
		return t, err
	}
	if t.Longitude, err = strconv.ParseFloat(f[6], 64); err != nil {
		return t, err
	}
	t.Population, err = strconv.Atoi(f[8])
	t.keys = [2]string{searchKey(t.Name[0]), searchKey(t.Name[1])}
	return t, err
}

// searchKey is what a name is compared by: small letters without accents, and of
// characters that are written in two ways the one.
func searchKey(name string) string {
	plain := true
	for i := range len(name) {
		plain = plain && name[i] < 0x80
	}
	if !plain {
		bare := transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
		if s, _, err := transform.String(bare, name); err == nil {
			name = s
		}
		name = sameCharacters.Replace(name)
	}
	return strings.ToLower(name)
}

// sameCharacters brings characters to one of the ways they are written in: 臺 and 台, and
// what people who write simplified Chinese type for the places of Taiwan.
var sameCharacters = strings.NewReplacer("臺", "台", "县", "縣", "区", "區", "镇", "鎮", "乡", "鄉", "湾", "灣", "东", "東",
	"兰", "蘭", "莲", "蓮", "义", "義", "云", "雲", "竹", "竹", "园", "園", "门", "門", "连", "連", "冈", "岡", "凤", "鳳", "广", "廣", "纽", "紐",
	"约", "約", "伦", "倫", "汉", "漢", "庆", "慶", "圳", "圳", "宁", "寧", "苏", "蘇", "杭", "杭", "长", "長", "马", "馬", "罗", "羅", "华", "華")

const (
	mostQuery = 60 // bytes of a query that are looked at
	mostTowns = 20
	mostTries = 3 // ways to part a query into a name and where it is
)

// FindTowns returns the towns whose name a query may mean, at most limit and at most
// 20, the likeliest first: named so exactly, then beginning so, then with it inside; of
// those alike Taiwan's before others where the query is Chinese, and the larger first.
// What stands before or after a name narrows it down by region or country: 信義區 臺北,
// springfield il. It takes a few milliseconds.
func FindTowns(query string, limit int) []Town {
	if len(query) > mostQuery {
		query = strings.ToValidUTF8(query[:mostQuery], "")
	}
	query = strings.Join(strings.FieldsFunc(searchKey(query), func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == '，' }), " ")
	if query == "" || limit <= 0 {
		return nil
	}
	found := findTowns(query, "")
	tries := mostTries
	for at := len(query) - 1; at > 0 && len(found) == 0 && tries > 0; at-- {
		if query[at] == ' ' {
			tries--
			found = append(findTowns(query[:at], query[at+1:]), findTowns(query[at+1:], query[:at])...)
		}
	}
	if len(found) == 0 {
		found = findWithin(query)
	}
	found = found[:min(len(found), limit, mostTowns)]
	out := make([]Town, len(found))
	for i, f := range found {
		out[i] = *f.Town
	}
	return out
}

// A match is a town and how well it fits, less being better.
type match struct {
	*Town
	rank int
}

// findTowns finds the towns by a query whose region or country begins with within.
func findTowns(query, within string) (found []match) {
	chinese := query[0] >= 0x80
	towns := gazetteer()
	for i := range towns {
		t := &towns[i]
		rank := min(rankOf(t.keys[0], query), rankOf(t.keys[1], query))
		if rank == notFound || within != "" && !t.within(within) {
			continue
		}
		if chinese && t.Code == "TW" {
			rank--
			if kind, ok := strings.CutPrefix(t.keys[0], query); ok && isKind(kind) {
				rank = exactly - 1 // 中山 is said for 中山區
			}
		}
		found = append(found, match{t, rank})
	}
	slices.SortStableFunc(found, func(a, b match) int { return cmp.Compare(a.rank, b.rank) })
	return found
}

// findWithin finds what is written without a blank, the larger part first: 臺北市信義區.
func findWithin(query string) (found []match) {
	towns := gazetteer()
	for i := range towns {
		t := &towns[i]
		if t.Region[0] == "" {
			continue
		}
		if region := t.around[0]; strings.HasPrefix(query, region) {
			if rank := rankOf(t.keys[0], query[len(region):]); rank != notFound || query == region {
				found = append(found, match{t, rank})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b match) int { return cmp.Compare(a.rank, b.rank) })
	return found
}

const (
	exactly  = 2
	notFound = 100
)

// isKind says whether a word is what a place of Taiwan is, and not which.
func isKind(word string) bool {
	return word == "區" || word == "鄉" || word == "鎮" || word == "市" || word == "縣"
}

// rankOf says how well a name fits a query.
func rankOf(name, query string) int {
	switch at := strings.Index(name, query); {
	case at < 0:
		return notFound
	case len(name) == len(query):
		return exactly
	case at == 0:
		return 4
	case name[at-1] == ' ' || name[at-1] == '-':
		return 6
	}
	return 8
}

func (t *Town) within(text string) bool {
	for _, name := range t.around {
		if strings.HasPrefix(name, text) {
			return true
		}
	}
	return false
}
