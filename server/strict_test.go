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
	for body, want := range map[string]string{
		`{"a":1,"b":{"a":1}}`:          "",
		`[{"a":1},{"a":2}]`:            "",
		`{"a":1,"a":2}`:                textMark + "duplicate_field" + textMark + "a" + textMark + "is given twice",
		`{"x":[0,{"a":1,"\u0061":2}]}`: textMark + "duplicate_field" + textMark + "x.1.a" + textMark + "is given twice",
		`{"a":1}{`:                     textMark + "malformed_json" + textMark + textMark + "the body is not JSON",
		"\"\xff\"":                     textMark + "invalid_utf8" + textMark + textMark + "the body is not UTF-8",
		strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth): "",
	} {
		got := ""
		if err := checkJSON([]byte(body)); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
	if err := checkJSON([]byte(strings.Repeat("[", 65) + strings.Repeat("]", 65))); err == nil || !strings.Contains(err.Error(), "too_deep") {
		t.Errorf("65 lists: %v", err)
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
