package fortunet

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/fortunet/fortunet/fault"
)

// A reader reads one JSON text (RFC 8259) from left to right, strictly, without
// building a tree. Each method is given the path of the member it reads, which it
// puts into its fault. What it returns may share memory with data.
//
// It exists beside encoding/json because that package accepts members given twice,
// folds the case of their names, replaces bytes that are not UTF-8 and does not say
// which member was at fault, and because every request for a chart, cached ones too,
// pays for being read.
type reader struct {
	data []byte
	pos  int
}

// peek returns the first byte of the next token, 0 at the end.
func (r *reader) peek() byte {
	for r.pos < len(r.data) {
		switch c := r.data[r.pos]; c {
		case ' ', '\t', '\n', '\r':
			r.pos++
		default:
			return c
		}
	}
	return 0
}

// end reports a fault if anything but white space is left.
func (r *reader) end() error {
	if r.peek(); r.pos < len(r.data) {
		return r.malformed("", "something stands after the end")
	}
	return nil
}

func (r *reader) malformed(path, what string) error {
	return fault.Field(path, CodeMalformed, "is not JSON: %s at byte %d", what, r.pos)
}

// wrongType is the fault of a value that should have been of another type, or of no
// value at all.
func (r *reader) wrongType(path, wanted string) error {
	var got string
	switch c := r.peek(); {
	case c == '"':
		got = "a string"
	case c == '{':
		got = "an object"
	case c == '[':
		got = "a list"
	case c == '-' || c >= '0' && c <= '9':
		got = "a number"
	case r.word("true") || r.word("false"):
		got = "true or false"
	case r.word("null"):
		got = "null"
	case c == 0 && r.pos == len(r.data):
		return r.malformed(path, "it ends too early")
	default:
		return r.malformed(path, "no value begins with this")
	}
	return fault.Field(path, CodeWrongType, "must be %s, not %s", wanted, got)
}

// word takes a literal name if it stands next.
func (r *reader) word(name string) bool {
	if len(r.data)-r.pos < len(name) || string(r.data[r.pos:r.pos+len(name)]) != name {
		return false
	}
	r.pos += len(name)
	return true
}

// null takes null if it stands next.
func (r *reader) null() bool { return r.peek() == 'n' && r.word("null") }

// boolean reads true or false.
func (r *reader) boolean(path string) (bool, error) {
	switch r.peek() {
	case 't':
		if r.word("true") {
			return true, nil
		}
	case 'f':
		if r.word("false") {
			return false, nil
		}
	}
	return false, r.wrongType(path, "true or false")
}

// object reads an object and calls member with each name, in order; member must read
// the value. A name given twice is refused before member sees it again.
func (r *reader) object(path string, member func(name []byte) error) error {
	if r.peek() != '{' {
		return r.wrongType(path, "an object")
	}
	r.pos++
	if r.peek() == '}' {
		r.pos++
		return nil
	}
	var seen names
	for {
		if r.peek() != '"' {
			return r.malformed(path, "a member's name belongs")
		}
		name, err := r.text(path)
		if err != nil {
			return err
		}
		if !seen.add(name) {
			return fault.Field(join(path, name), CodeDuplicateField, "is given twice")
		}
		if r.peek() != ':' {
			return r.malformed(path, "a colon belongs")
		}
		r.pos++
		if err := member(name); err != nil {
			return err
		}
		switch r.peek() {
		case ',':
			r.pos++
		case '}':
			r.pos++
			return nil
		default:
			return r.malformed(path, "a comma or the object's end belongs")
		}
	}
}

// list reads a list of at most most elements and calls element for each, which must
// read it.
func (r *reader) list(path string, most int, element func(i int) error) error {
	if r.peek() != '[' {
		return r.wrongType(path, "a list")
	}
	r.pos++
	if r.peek() == ']' {
		r.pos++
		return nil
	}
	for i := 0; ; i++ {
		if i == most {
			return fault.Field(path, CodeTooLong, "has more than %d elements", most)
		}
		if err := element(i); err != nil {
			return err
		}
		switch r.peek() {
		case ',':
			r.pos++
		case ']':
			r.pos++
			return nil
		default:
			return r.malformed(path, "a comma or the list's end belongs")
		}
	}
}

// text reads a string.
func (r *reader) text(path string) ([]byte, error) {
	if r.peek() != '"' {
		return nil, r.wrongType(path, "a string")
	}
	start := r.pos + 1
	ascii := true
	for i := start; i < len(r.data); i++ {
		switch c := r.data[i]; {
		case c == '"':
			s := r.data[start:i]
			if !ascii && !utf8.Valid(s) {
				return nil, fault.Field(path, CodeInvalidUTF8, "is not UTF-8")
			}
			r.pos = i + 1
			return s, nil
		case c == '\\':
			return r.escaped(path, start)
		case c < ' ':
			r.pos = i
			return nil, r.malformed(path, "a control character stands in a string")
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	r.pos = len(r.data)
	return nil, r.malformed(path, "a string does not end")
}

// escaped reads a string that has escapes; start is where its text begins.
func (r *reader) escaped(path string, start int) ([]byte, error) {
	var out []byte
	for r.pos = start; r.pos < len(r.data); {
		c := r.data[r.pos]
		switch {
		case c == '"':
			r.pos++
			if !utf8.Valid(out) {
				return nil, fault.Field(path, CodeInvalidUTF8, "is not UTF-8")
			}
			return out, nil
		case c < ' ':
			return nil, r.malformed(path, "a control character stands in a string")
		case c == '\\':
			var err error
			if out, err = r.escape(path, out); err != nil {
				return nil, err
			}
		default:
			out = append(out, c)
			r.pos++
		}
	}
	return nil, r.malformed(path, "a string does not end")
}

// escape reads the escape at the reader's position and appends what it stands for.
func (r *reader) escape(path string, out []byte) ([]byte, error) {
	if r.pos+1 >= len(r.data) {
		return nil, r.malformed(path, "a string does not end")
	}
	c := r.data[r.pos+1]
	if c == 'u' {
		return r.unicode(path, out)
	}
	i := bytes.IndexByte([]byte(`"\/bfnrt`), c)
	if i < 0 {
		return nil, r.malformed(path, "no escape is written like this")
	}
	r.pos += 2
	return append(out, "\"\\/\b\f\n\r\t"[i]), nil
}

// unicode reads \uXXXX, or two of them that are one character. Half of such a pair is
// no text.
func (r *reader) unicode(path string, out []byte) ([]byte, error) {
	first, ok := r.hex()
	if !ok {
		return nil, r.malformed(path, "four hexadecimal digits belong after \\u")
	}
	if !utf16.IsSurrogate(first) {
		return utf8.AppendRune(out, first), nil
	}
	second, ok := r.hex()
	char := utf16.DecodeRune(first, second)
	if !ok || char == utf8.RuneError {
		return nil, fault.Field(path, CodeInvalidUTF8, "has half of a surrogate pair")
	}
	return utf8.AppendRune(out, char), nil
}

// hex reads one \uXXXX.
func (r *reader) hex() (rune, bool) {
	if len(r.data)-r.pos < 6 || r.data[r.pos] != '\\' || r.data[r.pos+1] != 'u' {
		return 0, false
	}
	var v rune
	for _, c := range r.data[r.pos+2 : r.pos+6] {
		switch {
		case c >= '0' && c <= '9':
			v = v<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			v = v<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	r.pos += 6
	return v, true
}

// number reads a number and returns it as written.
func (r *reader) number(path string) ([]byte, error) {
	if c := r.peek(); c != '-' && (c < '0' || c > '9') {
		return nil, r.wrongType(path, "a number")
	}
	start := r.pos
	if r.data[r.pos] == '-' {
		r.pos++
	}
	whole := r.digits()
	good := whole > 0 && (whole == 1 || r.data[r.pos-whole] != '0')
	if good && r.at('.') {
		r.pos++
		good = r.digits() > 0
	}
	if good && (r.at('e') || r.at('E')) {
		r.pos++
		if r.at('+') || r.at('-') {
			r.pos++
		}
		good = r.digits() > 0
	}
	if !good {
		return nil, r.malformed(path, "no number is written like this")
	}
	return r.data[start:r.pos], nil
}

func (r *reader) at(c byte) bool { return r.pos < len(r.data) && r.data[r.pos] == c }

// digits passes over digits and says how many there were.
func (r *reader) digits() int {
	start := r.pos
	for r.pos < len(r.data) && r.data[r.pos] >= '0' && r.data[r.pos] <= '9' {
		r.pos++
	}
	return r.pos - start
}

// integer reads a whole number of at most nine digits, written without point or
// exponent, from least to most.
func (r *reader) integer(path string, least, most int) (int, error) {
	text, err := r.number(path)
	if err != nil {
		return 0, err
	}
	if bytes.ContainsAny(text, ".eE") {
		return 0, fault.Field(path, CodeWrongType, "must be a whole number, not %s", cut(text))
	}
	n, err := strconv.Atoi(string(text))
	if err != nil || n < least || n > most {
		return 0, fault.Field(path, CodeOutOfRange, "must be from %d to %d, not %s", least, most, cut(text))
	}
	return n, nil
}

// float reads a number from least to most. One too small to tell from zero is zero.
func (r *reader) float(path string, least, most float64) (float64, error) {
	text, err := r.number(path)
	if err != nil {
		return 0, err
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil || f < least || f > most {
		return 0, fault.Field(path, CodeOutOfRange, "must be from %v to %v, not %s", least, most, cut(text))
	}
	return f + 0, nil // no negative zero
}

// cut returns a number as a message may show it.
func cut(number []byte) string {
	if len(number) > 32 {
		return string(number[:32]) + "…"
	}
	return string(number)
}

// names is the set of names seen in one object. Most objects have few.
type names struct {
	few  [16][]byte
	n    int
	many map[string]struct{}
}

// add reports whether the name was not there yet.
func (s *names) add(name []byte) bool {
	if s.many == nil {
		for _, known := range s.few[:s.n] {
			if bytes.Equal(known, name) {
				return false
			}
		}
		if s.n < len(s.few) {
			s.few[s.n] = name
			s.n++
			return true
		}
		s.many = make(map[string]struct{}, 2*len(s.few))
		for _, known := range s.few {
			s.many[string(known)] = struct{}{}
		}
	}
	if _, known := s.many[string(name)]; known {
		return false
	}
	s.many[string(name)] = struct{}{}
	return true
}

// join returns the path of a member. A name nobody expected is cut where it is long.
func join(path string, name []byte) string {
	if len(name) > 64 {
		name = append(bytes.Clone(bytes.ToValidUTF8(name[:64], nil)), "…"...)
	}
	if path == "" {
		return string(name)
	}
	return path + "." + string(name)
}

// unknown is the fault of a member that means nothing here.
func unknown(path string, name []byte) error {
	return fault.Field(join(path, name), CodeUnknownField, "is not known here")
}
