package fortunet

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/fortunet/fortunet/fault"
)

func TestDecodeSessionPatch(t *testing.T) {
	for body, want := range map[string][2]string{
		`{}`: {},
		` {"metadata" : {"a":[1, null]} , "preferences":null}`: {`null`, `{"a":[1, null]}`},
		`{"preferences":{"theme":"dark"}}`:                     {`{"theme":"dark"}`},
		`{"metadata":7}`:                                       {"", "7"}, // for PatchMetadata to refuse
	} {
		preferences, metadata, err := DecodeSessionPatch([]byte(body))
		if err != nil || string(preferences) != want[0] || string(metadata) != want[1] {
			t.Errorf("%s: %q, %q, %v", body, preferences, metadata, err)
		}
	}
	long := strings.Repeat("long", 1000)
	for _, c := range []struct{ body, code, field string }{
		{``, CodeMalformed, ""}, {`{}{`, CodeMalformed, ""}, {`null`, CodeWrongType, ""}, {`[]`, CodeWrongType, ""},
		{`{"` + long + `":1}`, CodeUnknownField, long[:64] + "…"},
		{"{\"a\xff\":1}", CodeInvalidUTF8, ""}, {`{"a\ud800":1}`, CodeInvalidUTF8, ""},
		{`{"metadata":1,"metadata":1}`, CodeDuplicateField, "metadata"},
		{`{"metadata":{"x":[0,{"a":1,"a":1}]}}`, CodeDuplicateField, "metadata.x.1.a"},
		{`{"metadata":` + strings.Repeat("[", 90_000), CodeTooDeep, "metadata" + strings.Repeat(".0", 63)},
	} {
		_, _, err := DecodeSessionPatch([]byte(c.body))
		wantFault(t, c.body, err, c.code, c.field)
	}
}

// The parts are JSON that encoding/json reads in the same way.
func FuzzDecodeSessionPatch(f *testing.F) {
	for _, seed := range []string{`{"preferences":{"theme":"dark"},"metadata":{"a":1}}`, `{"metadata":null}`, ` { } `, `{"preferences":"\ud83d\ude00"}`,
		`{"metadata":1,"metadata":2}`, `{"x":1}`, `[]`, `{"metadata":[[[{}]]]}`, "{\"metadata\":\"\xff\"}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		preferences, metadata, err := DecodeSessionPatch(raw)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid || preferences != nil || metadata != nil {
				t.Fatalf("%q: %q, %q, %v", raw, preferences, metadata, err)
			}
			return
		}
		var want map[string]json.RawMessage
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatalf("%q is accepted: %v", raw, err)
		}
		if !bytes.Equal(want["preferences"], preferences) || !bytes.Equal(want["metadata"], metadata) {
			t.Fatalf("%q: %q, %q", raw, preferences, metadata)
		}
		if CheckJSON(raw) != nil {
			t.Fatalf("%q is not read alike", raw)
		}
	})
}
