package fortunet

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// The codes of the faults this package returns, beside those of package birth. A
// fault also names the member it is about, as a dotted path from the top of what
// was read.
const (
	CodeMalformed        = "malformed_json"    // not JSON, or something stands after it
	CodeInvalidUTF8      = "invalid_utf8"      // bytes or escapes that are no text
	CodeWrongType        = "wrong_type"        // a string where a number belongs, and the like
	CodeUnknownField     = "unknown_field"     // a member that means nothing here
	CodeDuplicateField   = "duplicate_field"   // a member given twice
	CodeMissingField     = "missing_field"     // a member that must be there
	CodeConflictingField = "conflicting_field" // two members that exclude each other
	CodeInvalidValue     = "invalid_value"     // of the right type, but not one of those allowed
	CodeOutOfRange       = "out_of_range"      // a number or date beyond what can be answered
	CodeTooDeep          = "too_deep"          // objects or lists within too many others
	CodeTooLong          = "too_long"          // text, or a list, over its limit
	CodeTooLarge         = "too_large"         // bytes over a limit, before or after reading

)

// quote returns a name somebody sent as a message may show it: quoted, and cut where
// it is long.
func quote[T ~string | ~[]byte](s T) string {
	const most = 64
	if len(s) <= most {
		return strconv.Quote(string(s))
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strconv.Quote(string(s[:cut])) + "…"
}

// list returns values as a message names them: "a, b or c".
func list[T ~string](values []T) string {
	var b strings.Builder
	for i, v := range values {
		switch {
		case i > 0 && i == len(values)-1:
			b.WriteString(" or ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(string(v))
	}
	return b.String()
}
