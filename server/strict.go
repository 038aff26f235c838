package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/fault"
)

// Requests that huma reads are read as strictly as those that package fortunet reads:
// this file is what huma needs for that. It finds unknown members, wrong types and
// values by an operation's schema; members given twice, bytes that are no text and
// nesting without end are found here, and all get the codes of package fortunet.

const maxDepth = 64 // objects and lists within each other

// jsonFormat reads and writes bodies for huma.
var jsonFormat = huma.Format{
	Marshal: func(w io.Writer, v any) error {
		body, err := json.Marshal(v)
		if err == nil {
			_, err = w.Write(body)
		}
		return err
	},
	Unmarshal: func(data []byte, v any) error {
		if _, first := v.(*any); first { // huma reads twice: to check, then into the type
			if err := checkJSON(data); err != nil {
				return err
			}
		}
		return json.Unmarshal(data, v)
	},
}

// A textError is a fault on its way through huma, which keeps an error's text alone.
type textError struct{ code, field, text string }

const textMark = "\x00"

func (e textError) Error() string { return textMark + e.code + textMark + e.field + textMark + e.text }

// checkJSON returns an error if data is not one JSON value that can be read in one way
// only.
func checkJSON(data []byte) error {
	if !utf8.Valid(data) {
		return textError{fortunet.CodeInvalidUTF8, "", "the body is not UTF-8"}
	}
	if !json.Valid(data) {
		return textError{fortunet.CodeMalformed, "", "the body is not JSON"}
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return checkValue(d, "", 0)
}

// checkValue reads one value that is known to be well formed.
func checkValue(d *json.Decoder, path string, depth int) error {
	t, err := d.Token()
	if err != nil {
		return textError{fortunet.CodeMalformed, path, "is not JSON"}
	}
	if _, nests := t.(json.Delim); !nests {
		return nil
	}
	if depth == maxDepth {
		return textError{fortunet.CodeTooDeep, path, "nests too deep"}
	}
	seen := map[string]bool{}
	for i := 0; d.More(); i++ {
		inner := strings.TrimPrefix(path+"."+strconv.Itoa(i), ".")
		if t == json.Delim('{') {
			token, err := d.Token()
			name, ok := token.(string)
			if err != nil || !ok {
				return textError{fortunet.CodeMalformed, path, "is not JSON"}
			}
			inner = strings.TrimPrefix(path+"."+name, ".")
			if seen[name] {
				return textError{fortunet.CodeDuplicateField, inner, "is given twice"}
			}
			seen[name] = true
		}
		if err := checkValue(d, inner, depth+1); err != nil {
			return err
		}
	}
	_, err = d.Token() // the end of it
	return err
}

// What huma says of a request, by the code it gets here. Huma's errors carry nothing
// but words; these are the beginnings of its messages.
var humaCodes = []struct{ begins, code string }{
	{"unexpected property", fortunet.CodeUnknownField},
	{"unknown query parameter", fortunet.CodeUnknownField},
	{"expected required property", fortunet.CodeMissingField},
	{"required ", fortunet.CodeMissingField},
	{"expected value", fortunet.CodeInvalidValue},
	{"expected boolean", fortunet.CodeWrongType},
	{"expected number to", fortunet.CodeOutOfRange},
	{"expected number >", fortunet.CodeOutOfRange},
	{"expected number <", fortunet.CodeOutOfRange},
	{"expected number", fortunet.CodeWrongType},
	{"expected integer", fortunet.CodeWrongType},
	{"expected string to", fortunet.CodeInvalidValue},
	{"expected string", fortunet.CodeWrongType},
	{"expected array length <=", fortunet.CodeTooLong},
	{"expected array length", fortunet.CodeInvalidValue},
	{"expected array", fortunet.CodeWrongType},
	{"expected object with", fortunet.CodeInvalidValue},
	{"expected object", fortunet.CodeWrongType},
	{"expected length <=", fortunet.CodeTooLong},
	{"expected length", fortunet.CodeInvalidValue},
	{"invalid ", fortunet.CodeWrongType},
}

func init() {
	// Huma is configured by package variables; this package is its only user.
	huma.ValidateStrictCasing = true
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return humaProblem(status, message, errs)
	}
}

// humaProblem turns what huma found while it read a request into a problem.
func humaProblem(status int, message string, errs []error) *Problem {
	for _, err := range errs {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return problemOf(errLarge)
		}
	}
	switch status {
	case http.StatusRequestEntityTooLarge:
		return problemOf(errLarge)
	case http.StatusUnsupportedMediaType:
		return problemOf(errType)
	case http.StatusRequestTimeout:
		return newProblem(status, "body_timeout", "the body did not come in time")
	case http.StatusInternalServerError:
		return problemOf(errBody) // huma has no error of its own but that of reading the body
	}
	p := newProblem(http.StatusBadRequest, fault.Invalid.String(), message)
	if message == "request body is required" {
		p.Code = "missing_body"
	}
	for _, err := range errs {
		if detail, ok := errors.AsType[*huma.ErrorDetail](err); ok {
			p.describe(detail)
			break
		}
	}
	return p
}

// describe makes the problem about what huma found first.
func (p *Problem) describe(d *huma.ErrorDetail) {
	message := d.Message
	if mine := strings.SplitN(message, textMark, 4); len(mine) == 4 {
		p.Code, p.Field, p.Detail, p.Message = mine[1], mine[2], mine[3], mine[3]
		return
	}
	where := d.Location
	for _, root := range []string{"body", "path", "query", "header", "cookie"} {
		where = strings.TrimPrefix(strings.TrimPrefix(where, root+"."), root)
	}
	if name, ok := strings.CutPrefix(message, "expected required property "); ok {
		name, _, _ = strings.Cut(name, " ")
		where, message = strings.TrimPrefix(where+"."+name, "."), "is missing"
		p.Code = fortunet.CodeMissingField
	}
	for _, h := range humaCodes {
		if p.Code == fault.Invalid.String() && strings.HasPrefix(message, h.begins) {
			p.Code = h.code
		}
	}
	p.Field, p.Detail, p.Message = where, message, message
}
