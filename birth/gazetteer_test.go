package birth

import (
	"testing"
	"unicode/utf8"
)

func TestFindTowns(t *testing.T) {
	for _, c := range []struct{ query, name, region, zone string }{
		{"臺北市", "臺北市", "", "Asia/Taipei"},
		{"台北", "臺北市", "", "Asia/Taipei"},
		{"台北市信義區", "信義區", "臺北市", "Asia/Taipei"},
		{"信義區 基隆", "信義區", "基隆市", "Asia/Taipei"},
		{"台东县", "臺東縣", "", "Asia/Taipei"},
		{"中山", "中山區", "", "Asia/Taipei"},
		{"中山 臺北", "中山區", "臺北市", "Asia/Taipei"},
		{"成功鎮", "成功鎮", "臺東縣", "Asia/Taipei"},
		{"taipei", "臺北市", "", "Asia/Taipei"},
		{"Xinyi District, Taipei", "信義區", "臺北市", "Asia/Taipei"},
		{"東京", "東京", "", "Asia/Tokyo"},
		{"tokyo", "東京", "", "Asia/Tokyo"},
		{"LONDON", "倫敦", "", "Europe/London"},
		{"london canada", "倫敦", "", "America/Toronto"},
		{"sao paulo", "聖保羅", "", "America/Sao_Paulo"},
		{"New York", "紐約", "", "America/New_York"},
		{"香港", "香港", "", "Asia/Hong_Kong"},
		{"吉隆坡", "吉隆坡", "", "Asia/Kuala_Lumpur"},
		{"北京", "北京", "", "Asia/Shanghai"},
	} {
		found := FindTowns(c.query, 5)
		if len(found) == 0 {
			t.Errorf("%s: nothing", c.query)
			continue
		}
		if got := found[0]; got.Name[0] != c.name || got.Region[0] != c.region && c.region != "" || got.Zone != c.zone {
			t.Errorf("%s: %+v, want %+v", c.query, got, c)
		}
	}
	for _, query := range []string{"", " ", "，", "no such town anywhere", "\xff\xfe"} {
		if found := FindTowns(query, 5); len(found) != 0 {
			t.Errorf("%q: %+v", query, found)
		}
	}
	if found := FindTowns("a", 1000); len(found) != 20 {
		t.Errorf("%d towns at once", len(found))
	}
}

// Every town has a name, a place on Earth, and a zone that clocks go by; Taiwan has all
// its counties and towns.
func TestGazetteer(t *testing.T) {
	taiwan, zones := 0, map[string]bool{}
	for _, town := range gazetteer() {
		if town.Name[1] == "" || town.Country[0] == "" || town.Country[1] == "" || !utf8.ValidString(town.Name[0]) {
			t.Errorf("%+v", town)
		}
		if town.Latitude < -90 || town.Latitude > 90 || town.Longitude < -180 || town.Longitude > 180 {
			t.Errorf("%s is nowhere: %+v", town.Name[1], town.Place)
		}
		if town.Code == "TW" {
			taiwan++
			if town.Name[0] == "" || town.Latitude < 20 || town.Latitude > 27 || town.Longitude < 114 || town.Longitude > 123 {
				t.Errorf("%+v", town)
			}
		}
		zones[town.Zone] = true
	}
	if want := 22 + 368; taiwan != want {
		t.Errorf("%d places in Taiwan, want %d", taiwan, want)
	}
	for zone := range zones {
		if _, err := LoadZone(zone); err != nil {
			t.Errorf("%s: %v", zone, err)
		}
	}
}

func FuzzFindTowns(f *testing.F) {
	for _, query := range []string{"台北", "london gb", "Ｔａｉｐｅｉ", "a,,b", "\u0301", "區"} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		if found := FindTowns(query, 20); len(found) > 20 {
			t.Errorf("%d towns", len(found))
		}
	})
}

func BenchmarkFindTowns(b *testing.B) {
	FindTowns("a", 1)
	b.ReportAllocs()
	for b.Loop() {
		FindTowns("springfield il", 10)
	}
}

func BenchmarkReadTowns(b *testing.B) {
	for b.Loop() {
		if _, err := readTowns(placesFile); err != nil {
			b.Fatal(err)
		}
	}
}
