package fortunet

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/fortunet/fortunet/fault"
)

// How long what people write may be, in characters (code points) after cleaning.
const (
	MaxName  = 100
	MaxNotes = 10_000
)

// CleanName returns a name, a title or another single line as it is stored: in Unicode
// normal form C, without control characters and what reverses the direction of
// writing, white space collapsed and trimmed. field names it in the fault for text
// that is not UTF-8 or is longer than MaxName.
func CleanName(field, s string) (string, error) {
	s, err := clean(field, s, MaxName, false)
	return strings.Join(strings.Fields(s), " "), err
}

// CleanNotes is CleanName for text of several lines: line ends become "\n" and tabs
// stay, and the limit is MaxNotes.
func CleanNotes(field, s string) (string, error) {
	s, err := clean(field, s, MaxNotes, true)
	return strings.TrimSpace(s), err
}

func clean(field, s string, limit int, lines bool) (string, error) {
	if !utf8.ValidString(s) {
		return "", fault.Field(field, CodeInvalidUTF8, "is not UTF-8")
	}
	// Text this long is refused whatever it would shrink to, unread.
	if len(s) > limit*4*utf8.UTFMax {
		return "", tooLong(field, limit)
	}
	if lines {
		s = strings.ReplaceAll(s, "\r\n", "\n")
	}
	// Composed last: what is taken out may have kept a letter and its accent apart.
	s = norm.NFC.String(strings.Map(func(r rune) rune { return visible(r, lines) }, s))
	if utf8.RuneCountInString(s) > limit {
		return "", tooLong(field, limit)
	}
	return s, nil
}

func tooLong(field string, limit int) error {
	return fault.Field(field, CodeTooLong, "is longer than %d characters", limit)
}

// visible returns what stands for r in stored text, -1 for nothing.
func visible(r rune, lines bool) rune {
	switch {
	case r == '\t' || r == '\n':
		if lines {
			return r
		}
		return ' '
	case r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029':
		if lines {
			return '\n'
		}
		return ' '
	case unicode.IsControl(r), isDirection(r), r == '\ufeff', unicode.Is(unicode.Noncharacter_Code_Point, r):
		return -1
	}
	return r
}

// isDirection reports whether r embeds, overrides or isolates a direction of writing,
// with which a name could make what stands after it read backwards.
func isDirection(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}
