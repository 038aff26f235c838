package fortunet

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestCleanName(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"", ""},
		{"王小明", "王小明"},
		{"  Ada \t Lovelace\r\n", "Ada Lovelace"},
		{"e\u0301", "é"},
		{"e\x00\u0301", "é"},
		{"a\u0007b\u009fc\u007f", "abc"},
		{"evil\u202egnp.exe", "evilgnp.exe"},
		{"\ufeff王\u2066小\u2069明", "王小明"},
		{"👩\u200d🚀", "👩\u200d🚀"},
		{"王\u3000小明", "王 小明"},
		{"line\u2028break", "line break"},
		{strings.Repeat("字", MaxName), strings.Repeat("字", MaxName)},
	} {
		got, err := CleanName("name", test.in)
		if err != nil || got != test.want {
			t.Errorf("%+q: got %+q, %v, want %+q", test.in, got, err, test.want)
		}
	}
	for _, test := range []struct{ in, code string }{
		{"a\xffb", CodeInvalidUTF8},
		{strings.Repeat("字", MaxName+1), CodeTooLong},
		{strings.Repeat("\x00", 1<<20), CodeTooLong},
	} {
		_, err := CleanName("participant.name", test.in)
		wantFault(t, test.in, err, test.code, "participant.name")
	}
}

func TestCleanNotes(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"one\r\ntwo\rthree\n\n\tfour\u2028five\n", "one\ntwo\nthree\n\n\tfour\nfive"},
		{"a\x1b[31mred", "a[31mred"},
		{strings.Repeat("a", MaxNotes), strings.Repeat("a", MaxNotes)},
	} {
		got, err := CleanNotes("notes", test.in)
		if err != nil || got != test.want {
			t.Errorf("%.40q: got %.40q, %v, want %.40q", test.in, got, err, test.want)
		}
	}
	_, err := CleanNotes("notes", strings.Repeat("a", MaxNotes+1))
	wantFault(t, "long notes", err, CodeTooLong, "notes")
}

func FuzzCleanName(f *testing.F) {
	f.Add("e\x00\u0301 \u202e x")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := CleanName("name", s)
		if err != nil {
			return
		}
		if !utf8.ValidString(got) || !norm.NFC.IsNormalString(got) || utf8.RuneCountInString(got) > MaxName ||
			strings.ContainsFunc(got, unicode.IsControl) || strings.TrimSpace(got) != got {
			t.Fatalf("%+q is left as %+q", s, got)
		}
		if again, err := CleanName("name", got); err != nil || again != got {
			t.Fatalf("%+q cleaned again is %+q, %v", got, again, err)
		}
	})
}
