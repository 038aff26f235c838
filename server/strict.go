package server

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/fault"
)

// Requests that huma reads are read as strictly as those that package fortunet reads:
// this file is what huma needs for that. It finds unknown members, wrong types and
// values by an operation's schema; members given twice, bytes that are no text and
// nesting without end are found by that package, and all get its codes.

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

// A textError is a fault on its way through huma, which keeps an error's text alone. The
// field comes last, since a client may have put anything into it.
type textError struct{ code, text, field string }

const textMark = "\x00"

func (e textError) Error() string { return textMark + e.code + textMark + e.text + textMark + e.field }

// checkJSON returns an error if data is not one JSON value that can be read in one way
// only.
func checkJSON(data []byte) error {
	if err := fortunet.CheckJSON(data); err != nil {
		f := fault.Public(err)
		return textError{f.Code, f.Message, f.Field}
	}
	return nil
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
		p.Code, p.Detail, p.Message, p.Field = mine[1], mine[2], mine[2], mine[3]
		return
	}
	where := d.Location
	switch root, inner, _ := strings.Cut(where, "."); root {
	case "body", "path", "query", "header", "cookie":
		where = inner
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
	p.Field, p.Detail, p.Message = shorten(where), message, message
}

// shorten returns a path that a client made up as a message may show it.
func shorten(path string) string {
	const longest = 256
	if len(path) <= longest {
		return path
	}
	return strings.ToValidUTF8(path[:longest], "") + "…"
}
