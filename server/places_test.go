package server_test

import (
	"strings"
	"testing"

	"github.com/fortunet/fortunet"
)

// Places are found without signing in, named in the reader's language.
func TestPlaces(t *testing.T) {
	w := newWorld(t)
	find := func(query, language string) []fortunet.FoundPlace {
		t.Helper()
		r := w.do(ask{path: "/api/v2/places?" + query, header: map[string]string{"Accept-Language": language}}).wants(200, "")
		if got := r.Header.Get("Cache-Control"); got != "public, max-age=86400" {
			t.Errorf("Cache-Control %q", got)
		}
		var in struct{ Places []fortunet.FoundPlace }
		r.decode(&in)
		return in.Places
	}
	got := find("q=%E5%8F%B0%E5%8C%97%E5%B8%82%E4%BF%A1%E7%BE%A9%E5%8D%80", "zh-TW")
	if len(got) == 0 || got[0].Name != "信義區" || got[0].Region != "臺北市" || got[0].Timezone != "Asia/Taipei" || got[0].Latitude < 25 || got[0].Latitude > 25.1 {
		t.Errorf("台北市信義區: %+v", got)
	}
	if got := find("q=taipei&limit=1", "en"); len(got) != 1 || got[0].Name != "Taipei City" {
		t.Errorf("taipei: %+v", got)
	}
	if got := find("q=nowhere+at+all", "en"); got == nil || len(got) != 0 {
		t.Errorf("nowhere: %+v", got)
	}
	for query, field := range map[string]string{"": "q", "q=": "q", "q=a&limit=21": "limit", "q=a&limit=0": "limit", "q=" + strings.Repeat("a", 101): "q", "q=a&language=tlh": "language"} {
		r := w.do(ask{path: "/api/v2/places?" + query})
		if p := r.problem(); r.Status != 400 || p.Field != field {
			t.Errorf("%q: %d %s", query, r.Status, r.Body)
		}
	}
}
