package fortunet

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/fortunet/fortunet/fault"
)

// The first fifteen are the cases of RFC 7396, appendix A, whose target and patch are objects.
func TestPatchMetadata(t *testing.T) {
	for _, test := range []struct{ current, patch, want string }{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"a":"b"}`, `{"a":null}`, `{}`},
		{`{"a":"b"}`, ` null `, `{}`},
		{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`{"e":null}`, `{"a":1}`, `{"a":1,"e":null}`},
		{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
		{``, `{"z":1,"a":[null,{"b":null}]}`, `{"a":[null,{"b":null}],"z":1}`},
		{`{"a":1}`, `{"a":{"b":2}}`, `{"a":{"b":2}}`},
		{`{"n":12345678901234567890.10}`, `{"m":1e400}`, `{"m":1e400,"n":12345678901234567890.10}`},
		{``, `{"html":"<b>&"}`, `{"html":"<b>&"}`},
		{``, ` {} `, `{}`},
	} {
		got, err := PatchMetadata([]byte(test.current), []byte(test.patch))
		if err != nil {
			t.Errorf("%s with %s: %v", test.current, test.patch, err)
			continue
		}
		if string(got) != test.want {
			t.Errorf("%s with %s: got %s, want %s", test.current, test.patch, got, test.want)
		}
	}
}

func TestPatchMetadataRefused(t *testing.T) {
	nested := func(n int) string { return `{"a":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + `}` }
	if _, err := PatchMetadata(nil, []byte(nested(MaxMetadataDepth))); err != nil {
		t.Errorf("%d levels: %v", MaxMetadataDepth, err)
	}
	for _, test := range []struct{ patch, code, field string }{
		{``, CodeMalformed, "metadata"},
		{`null 1`, CodeMalformed, ""},
		{`[]`, CodeWrongType, "metadata"},
		{`{"a":1,"a":2}`, CodeDuplicateField, "metadata.a"},
		{`{"a":{"b":1,"b":2}}`, CodeDuplicateField, "metadata.a.b"},
		{`{"a":01}`, CodeMalformed, "metadata.a"},
		{`{"a":tru}`, CodeMalformed, "metadata.a"},
		{`{} {}`, CodeMalformed, ""},
		{"{\"a\":\"\x80\"}", CodeInvalidUTF8, "metadata.a"},
		{nested(MaxMetadataDepth + 1), CodeTooDeep, "metadata.a" + strings.Repeat(".0", 7)},
		{`{"a":` + strings.Repeat("[", 8000), CodeTooDeep, "metadata.a" + strings.Repeat(".0", 7)},
		{`{"a":"` + strings.Repeat("x", MaxMetadata) + `"}`, CodeTooLarge, "metadata"},
		{`{"a":"` + strings.Repeat("x", MaxMetadataPatch) + `"}`, CodeTooLarge, "metadata"},
	} {
		_, err := PatchMetadata([]byte(`{"kept":true}`), []byte(test.patch))
		wantFault(t, test.patch, err, test.code, test.field)
	}
}

func FuzzPatchMetadata(f *testing.F) {
	f.Add([]byte(`{"a":{"b":null}}`), []byte(`{"a":{"c":[1,2.5e3,"x\n"]}}`))
	f.Add([]byte(``), []byte(`{"a":"\ud83d\ude00","b":null}`))
	f.Fuzz(func(t *testing.T, current, patch []byte) {
		start, err := PatchMetadata(nil, current)
		if err != nil {
			start = nil
		}
		got, err := PatchMetadata(start, patch)
		if err != nil {
			if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.TooLarge {
				t.Fatalf("%v is of kind %v", err, kind)
			}
			return
		}
		if !json.Valid(patch) || !json.Valid(got) || len(got) > MaxMetadata {
			t.Fatalf("%q with %q gives %q", start, patch, got)
		}
		again, err := PatchMetadata(got, []byte(`{}`))
		if err != nil || string(again) != string(got) {
			t.Fatalf("%q is not canonical: %q, %v", got, again, err)
		}
	})
}
