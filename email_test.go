package fortunet

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/fortunet/fortunet/fault"
)

func TestNormalizeEmail(t *testing.T) {
	for in, want := range map[string]string{
		"a@b.tw":        "a@b.tw",
		" A.B+c@D.Tw\n": "a.b+c@d.tw",
		"王@例子.台灣":       "王@例子.台灣",
		"Ｗａｎｇ＠ｅｘａｍｐｌｅ．ｔｗ": "wang@example.tw",
		"E\u0301@x.tw":                          "é@x.tw",
		"\u212a@x.tw":                           "k@x.tw", // the Kelvin sign
		"":                                      "",
		"a":                                     "",
		"@b.tw":                                 "",
		"a@":                                    "",
		"a@b":                                   "",
		"a@.tw":                                 "",
		"a@b..tw":                               "",
		"a@b.tw.":                               "",
		"a@b@c.tw":                              "",
		"a b@c.d":                               "",
		"a\x00@b.c":                             "",
		"a\r\nBcc: x@y.z@b.c":                   "",
		"a\xff@b.c":                             "",
		"a\u200b@b.c":                           "",
		"a\u202e@b.c":                           "",
		"a@b.c, d@e.f":                          "",
		`"a"@b.c`:                               "",
		"<a@b.c>":                               "",
		"a@[127.0.0.1]":                         "",
		strings.Repeat("a", 248) + "@b.cd ":     strings.Repeat("a", 248) + "@b.cd",
		strings.Repeat("a", 249) + "@b.cd":      strings.Repeat("a", 249) + "@b.cd", // 254 bytes
		strings.Repeat("a", 250) + "@b.cd":      "",
		strings.Repeat("a", 50<<20) + "@b.cd":   "",
		strings.Repeat("\ufdfa", 100) + "@b.cd": "", // grows elevenfold when normalised
	} {
		got, err := NormalizeEmail(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%.60q: %q, %v, want %q", in, got, err, want)
		}
		if err != nil && fault.CodeOf(err) != "invalid_email" {
			t.Errorf("%.60q: %v", in, err)
		}
	}
}

// What is normal stays as it is, is text, and holds nothing that could end a header.
func FuzzNormalizeEmail(f *testing.F) {
	for _, s := range []string{"a@b.tw", "İ@x.tw", "ẞ@x.tw", "ﬀ@ﬀ.tw", "ſ@x.tw", "a@b\u3002tw", "Ａ@Ｂ.tw", "\u00a8@x.tw"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once, err := NormalizeEmail(s)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid || once != "" {
				t.Fatalf("%q: %q, %v", s, once, err)
			}
			return
		}
		if twice, err := NormalizeEmail(once); err != nil || twice != once {
			t.Errorf("%q becomes %q, then %q, %v", s, once, twice, err)
		}
		if !utf8.ValidString(once) || strings.ContainsAny(once, " \r\n\t\x00<>,") || strings.Count(once, "@") != 1 {
			t.Errorf("%q becomes %q", s, once)
		}
	})
}
