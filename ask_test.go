package fortunet

import (
	"strings"
	"testing"

	"github.com/fortunet/fortunet/fault"
)

const (
	askZiwei   = `{"chartType":"ziwei","birthDate":"1990-05-17","timeIndex":7,"gender":"female"}`
	askWestern = `{"chartType":"zodiac","utc":"1990-05-17T06:30:00Z","location":{"latitude":25,"longitude":121.5}}`
)

// keyOf returns the key of a question, which must be good.
func keyOf(t *testing.T, q Question, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return string(q.AppendKey(nil))
}

// Questions with different answers have different keys, and those with the same answer
// the same, however they are written.
func TestQuestionKeys(t *testing.T) {
	calculation := func(body string) string {
		q, _, err := DecodeCalculation([]byte(body), "")
		return keyOf(t, q, err)
	}
	transits := func(body string) string {
		q, _, err := DecodeTransits([]byte(body), "")
		return keyOf(t, q, err)
	}
	pair := func(body string) string {
		q, _, err := DecodeSynastry([]byte(body), "")
		return keyOf(t, q, err)
	}
	picture := func(body string) string {
		q, err := DecodePicture([]byte(body), "")
		return keyOf(t, q, err)
	}
	other := strings.Replace(askWestern, "1990", "1991", 1)
	keys := []string{
		calculation(askZiwei), calculation(askWestern), calculation(other),
		transits(`{"natal":` + askWestern + `,"moment":"2026-01-01T00:00:00Z"}`),
		transits(`{"natal":` + askWestern + `,"moment":"2026-01-01T00:00:01Z"}`),
		transits(`{"natal":` + askWestern + `,"moment":"2026-01-01T00:00:00Z","location":{"latitude":25,"longitude":121.5}}`),
		pair(`{"a":` + askWestern + `,"b":` + other + `}`), pair(`{"a":` + other + `,"b":` + askWestern + `}`),
		picture(`{"request":` + askWestern + `}`), picture(`{"request":` + askWestern + `,"theme":"dark"}`),
		picture(`{"request":` + askWestern + `,"width":300}`), picture(`{"request":` + askWestern + `,"language":"en"}`),
		picture(`{"request":` + askWestern + `,"other":` + other + `}`),
		picture(`{"request":` + askWestern + `,"moment":"2026-01-01T00:00:00Z"}`),
	}
	for i, key := range keys {
		for j := range i {
			if key == keys[j] {
				t.Errorf("questions %d and %d have one key", i, j)
			}
		}
	}
	// A picture beside a chart does not make it another chart, nor does the order of
	// members or what is left to its default.
	for _, same := range [][2]string{
		{calculation(askZiwei), calculation(strings.TrimSuffix(askZiwei, "}") + `,"drawing":{"theme":"dark"}}`)},
		{picture(`{"request":` + askZiwei + `}`), picture(`{"width":1080,"theme":"light","language":"zh-TW","request":` + askZiwei + `}`)},
		{pair(`{"a":` + askWestern + `,"b":` + other + `}`), pair(`{"b":` + strings.TrimSuffix(other, "}") + `,"language":"ko"}` + `,"a":` + askWestern + `}`)},
	} {
		if same[0] != same[1] {
			t.Errorf("%q and %q", same[0], same[1])
		}
	}
}

func TestDecodeAsksRefused(t *testing.T) {
	decoders := map[string]func(string) error{
		"batch":    func(s string) error { _, err := DecodeBatch([]byte(s), ""); return err },
		"transits": func(s string) error { _, _, err := DecodeTransits([]byte(s), ""); return err },
		"pair":     func(s string) error { _, _, err := DecodeSynastry([]byte(s), ""); return err },
		"picture":  func(s string) error { _, err := DecodePicture([]byte(s), ""); return err },
		"chart":    func(s string) error { _, _, err := DecodeCalculation([]byte(s), ""); return err },
	}
	for _, c := range []struct{ decoder, body, code, field string }{
		{"batch", `{}`, CodeMissingField, "requests"},
		{"batch", `{"requests":[]} `, "", ""},
		{"batch", `{"requests":[]}x`, "malformed_json", ""},
		{"transits", `{"natal":` + askZiwei + `,"moment":"2026-01-01T00:00:00Z"}`, CodeInvalidValue, "natal.chartType"},
		{"transits", `{"natal":` + askWestern + `,"moment":"2026-02-30T00:00:00Z"}`, "", "moment"},
		{"transits", `{"natal":` + askWestern + `,"natal":` + askWestern + `,"moment":"2026-01-01T00:00:00Z"}`, "duplicate_field", "natal"},
		{"pair", `{"a":` + askWestern + `,"b":` + askZiwei + `}`, CodeConflictingField, "a.chartType"},
		{"pair", `{"a":` + askWestern + `}`, CodeMissingField, "b"},
		{"pair", `{"a":` + askWestern + `,"b":{"chartType":"zodiac","utc":"x"}}`, "", "b.utc"},
		{"picture", `{"request":` + askWestern + `,"location":{"latitude":1,"longitude":1}}`, CodeUnknownField, "location"},
		{"picture", `{"request":` + askWestern + `,"width":99999}`, CodeOutOfRange, "width"},
		{"chart", strings.TrimSuffix(askZiwei, "}") + `,"drawing":{"colour":"red"}}`, CodeUnknownField, "drawing.colour"},
		{"chart", strings.TrimSuffix(askZiwei, "}") + `,"drawing":7}`, "wrong_type", "drawing"},
	} {
		err := decoders[c.decoder](c.body)
		if c.code == "" && c.field == "" {
			if err != nil {
				t.Errorf("%s %s: %v", c.decoder, c.body, err)
			}
			continue
		}
		f := fault.Public(err)
		if err == nil || f.Kind != fault.Invalid || f.Field != c.field || c.code != "" && f.Code != c.code {
			t.Errorf("%s %s: %v (%s at %q), want %s at %q", c.decoder, c.body, err, f.Code, f.Field, c.code, c.field)
		}
	}
}

// Whatever is sent, a question can be answered or is a fault of whoever asks.
func FuzzDecodeAsks(f *testing.F) {
	other := strings.Replace(askWestern, "1990", "1991", 1)
	for _, seed := range []string{
		`{"requests":[` + askZiwei + `,7,` + askWestern + `]}`, `{"natal":` + askWestern + `,"moment":"2026-01-01T00:00:00Z"}`,
		`{"a":` + askWestern + `,"b":` + other + `}`, `{"a":` + askZiwei + `,"b":` + askZiwei + `}`,
		`{"request":` + askZiwei + `,"theme":"dark","language":"en","width":360}`, `{"request":` + askWestern + `,"moment":"2026-01-01T00:00:00Z"}`,
		strings.TrimSuffix(askZiwei, "}") + `,"drawing":{"width":240}}`, `{"requests":[{}]}`, `{"a":{}}`, `[`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		check := func(q Question, err error) {
			if err == nil {
				_, err = AnswerText(q)
			}
			if k := fault.KindOf(err); err != nil && k != fault.Invalid && k != fault.TooLarge {
				t.Errorf("%s: %v", raw, err)
			}
		}
		items, err := DecodeBatch(raw, English)
		for _, item := range items {
			if item.Err == nil {
				check(Ask(item.Request), nil)
			}
		}
		check(Question{Chart: ChartRequest{Type: Ziwei}, Form: "none"}, err)
		q, look, err := DecodeTransits(raw, English)
		check(q, err)
		if err == nil && look != nil {
			check(q.As(SVG, *look), nil)
		}
		q, _, err = DecodeSynastry(raw, English)
		check(q, err)
		if q, err = DecodePicture(raw, English); err == nil {
			check(q, nil)
			check(q.As(Text, q.Look), nil)
		}
	})
}
