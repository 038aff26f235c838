package server

import (
	"encoding/json"
	"strings"
	"testing"
)

// FuzzCheckJSON holds the strict reading of bodies against encoding/json: what is
// accepted is JSON, and what encoding/json reads in one way only is not refused as
// malformed.
func FuzzCheckJSON(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":1,"a":2}`, `[[[]]]`, `{"a":{"b":[1,{"c":null}]}}`, `"\ud800"`, "\"\xff\"", ` 1 `, `1 2`, `{"a":`, `{"":{"":1}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		err := checkJSON(data)
		if valid := json.Valid(data); err == nil && !valid {
			t.Fatalf("%q is accepted", data)
		} else if err != nil && strings.Contains(err.Error(), "malformed") && valid {
			t.Fatalf("%q is refused: %v", data, err)
		}
	})
}

func TestCheckJSON(t *testing.T) {
	lists := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for body, want := range map[string]textError{
		`{"a":1,"b":{"a":1}}`:          {},
		`[{"a":1},{"a":2}]`:            {},
		lists(64):                      {},
		`{"a":1,"a":2}`:                {"duplicate_field", "is given twice", "a"},
		`{"x":[0,{"a":1,"\u0061":2}]}`: {"duplicate_field", "is given twice", "x.1.a"},
		`{"\u0000":1,"\u0000":2}`:      {"duplicate_field", "is given twice", "\x00"},
		`{"a":1}{`:                     {"malformed_json", "is not JSON: something stands after the end at byte 7", ""},
		"\"\xff\"":                     {"invalid_utf8", "is not UTF-8", ""},
		`["\ud800"]`:                   {"invalid_utf8", "has half of a surrogate pair", "0"},
		lists(65):                      {"too_deep", "is nested too deeply", strings.TrimSuffix(strings.Repeat("0.", 64), ".")},
		lists(100_000):                 {"too_deep", "is nested too deeply", strings.TrimSuffix(strings.Repeat("0.", 64), ".")},
	} {
		var got textError
		if err := checkJSON([]byte(body)); err != nil {
			got = err.(textError)
		}
		if got != want {
			t.Errorf("%.80q: %+q, want %+q", body, got, want)
		}
	}
}

func TestTakesGzip(t *testing.T) {
	for header, want := range map[string]bool{"gzip": true, "br, GZIP": true, "gzip;q=0": false, "gzip; q=0.1": true, "": false, "deflate": false,
		"gzip;q=x": false, "x-gzip": false, "gzip;level=1": true} {
		if got := takesGzip(header); got != want {
			t.Errorf("%q: %v, want %v", header, got, want)
		}
	}
}
