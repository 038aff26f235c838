package fortunet

import (
	"strconv"
	"strings"

	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/lang"
)

// A Language is one FortuneT answers in, as a BCP 47 tag.
type Language string

const (
	TraditionalChinese Language = "zh-TW"
	SimplifiedChinese  Language = "zh-CN"
	English            Language = "en"
	Japanese           Language = "ja"
	Korean             Language = "ko"
	Vietnamese         Language = "vi"
)

// DefaultLanguage is spoken where nobody asked for another.
const DefaultLanguage = TraditionalChinese

var languages = []Language{TraditionalChinese, SimplifiedChinese, English, Japanese, Korean, Vietnamese}

// Languages returns every language, the default one first, as a list the caller owns.
func Languages() []Language { return append([]Language(nil), languages...) }

// Valid reports whether l is one of Languages, spelt exactly so.
func (l Language) Valid() bool {
	_, ok := lang.Parse(string(l))
	return ok
}

// ParseLanguage returns the language of that exact tag, or an Invalid fault.
func ParseLanguage(tag string) (Language, error) {
	l := Language(tag)
	if _, err := l.names(); err != nil {
		return "", err
	}
	return l, nil
}

// names returns the language for tables of names, or an Invalid fault.
func (l Language) names() (lang.Language, error) {
	names, ok := lang.Parse(string(l))
	if !ok {
		return 0, fault.Field("language", CodeInvalidValue, "must be %s, not %s", list(languages), quote(string(l)))
	}
	return names, nil
}

// An Accept-Language header longer than this, or with more ranges, is read this far:
// what matters stands in front, and the rest costs time.
const (
	maxAcceptLanguage = 512
	maxLanguageRanges = 16
)

// MatchLanguage returns the language an Accept-Language header (RFC 9110) likes best
// of those there are, the first of several liked alike, DefaultLanguage if it likes
// none or cannot be read. Chinese is told apart by script, then by region; without
// either it is Traditional.
func MatchLanguage(header string) Language {
	best, bestWeight := DefaultLanguage, 0.0
	if len(header) > maxAcceptLanguage {
		header = header[:maxAcceptLanguage]
	}
	for n := 0; header != "" && n < maxLanguageRanges; n++ {
		var item string
		item, header, _ = strings.Cut(header, ",")
		tag, params, _ := strings.Cut(item, ";")
		l := nearest(strings.TrimSpace(tag))
		if l == "" {
			continue
		}
		if w := weight(params); w > bestWeight {
			best, bestWeight = l, w
		}
	}
	return best
}

// weight returns the q of a language range's parameters: 1 if there is none, 0 if it
// cannot be read.
func weight(params string) float64 {
	params = strings.TrimSpace(params)
	if params == "" {
		return 1
	}
	name, value, _ := strings.Cut(params, "=")
	if !strings.EqualFold(strings.TrimSpace(name), "q") {
		return 0
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return 0
	}
	return q
}

// nearest returns the language a tag's speaker reads, or "".
func nearest(tag string) Language {
	primary, rest, _ := strings.Cut(strings.ToLower(tag), "-")
	switch primary {
	case "*":
		return DefaultLanguage
	case "en":
		return English
	case "ja":
		return Japanese
	case "ko":
		return Korean
	case "vi":
		return Vietnamese
	case "zh", "yue", "nan", "hak", "cmn":
		return chinese(rest)
	}
	return ""
}

// chinese tells the script from the subtags that follow the language.
func chinese(subtags string) Language {
	region := TraditionalChinese
	for subtags != "" {
		var s string
		s, subtags, _ = strings.Cut(subtags, "-")
		switch s {
		case "hans":
			return SimplifiedChinese
		case "hant":
			return TraditionalChinese
		case "cn", "sg", "my":
			region = SimplifiedChinese
		}
	}
	return region
}
