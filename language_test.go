package fortunet

import (
	"strings"
	"testing"
)

func TestMatchLanguage(t *testing.T) {
	for _, test := range []struct {
		header string
		want   Language
	}{
		{"", TraditionalChinese},
		{"en", English},
		{"en-GB,en;q=0.9", English},
		{"zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7", TraditionalChinese},
		{"zh-CN,zh;q=0.9", SimplifiedChinese},
		{"zh-Hans-TW", SimplifiedChinese},
		{"zh-Hant-CN", TraditionalChinese},
		{"zh-HK", TraditionalChinese},
		{"zh", TraditionalChinese},
		{"zh-SG", SimplifiedChinese},
		{"yue-Hant-HK", TraditionalChinese},
		{"fr, de;q=0.8", TraditionalChinese},
		{"fr, ja;q=0.5, ko;q=0.8", Korean},
		{"ja;q=0.5,vi;q=0.5", Japanese},
		{"en;q=0, vi;q=0.1", Vietnamese},
		{"en;q=2, ja;q=0.1", Japanese},
		{"en;q=NaN, ja;q=0.1", Japanese},
		{"en;x=1, ja;q=0.1", Japanese},
		{"*", TraditionalChinese},
		{"EN-us", English},
		{"english", TraditionalChinese},
		{",,;;==,en", English},
		{strings.Repeat("fr,", 100) + "en", TraditionalChinese},
		{strings.Repeat("x", 1<<20) + ",en", TraditionalChinese},
	} {
		if got := MatchLanguage(test.header); got != test.want {
			t.Errorf("%.60q: got %s, want %s", test.header, got, test.want)
		}
	}
}

func TestParseLanguage(t *testing.T) {
	for _, l := range Languages() {
		if got, err := ParseLanguage(string(l)); got != l || err != nil {
			t.Errorf("ParseLanguage(%q) = %q, %v", l, got, err)
		}
	}
	_, err := ParseLanguage("zh-tw")
	wantFault(t, "zh-tw", err, CodeInvalidValue, "language")
	for i, l := range readingLanguages {
		if got, want := l.Tag(), languages[i]; got != want {
			t.Errorf("%s is %s, want %s", l, got, want)
		}
	}
	if ReadEnglish.Tag() != English || ReadVietnamese.Tag() != Vietnamese {
		t.Error("the reading languages are out of step with the languages")
	}
}
