package server

import (
	"net/http"
	"net/url"
	"slices"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/fault"
)

var errQuery = fault.Coded(fault.Invalid, "malformed_query", "the query is not written as NAME=VALUE&NAME=VALUE, percent-encoded")

// checkQuery reads a query as strictly as a body is read. net/url leaves out what it
// cannot read, and who looks for a parameter takes the first of several.
func (rt *route) checkQuery(r *http.Request) error {
	if r.URL.RawQuery == "" {
		return nil
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return errQuery
	}
	for name, values := range query {
		switch {
		case !utf8.ValidString(name) || !utf8.ValidString(values[0]):
			return fault.Field(shorten(name), fortunet.CodeInvalidUTF8, "is not UTF-8")
		case rt.strict && !slices.Contains(rt.params, name):
			return fault.Field(shorten(name), fortunet.CodeUnknownField, "is no parameter here")
		case len(values) > 1:
			return fault.Field(shorten(name), fortunet.CodeDuplicateField, "is given twice")
		}
	}
	return nil
}

// takes makes the route refuse parameters that its description does not name, as huma
// does by itself. What those who run the server ask for is not looked at so closely.
func (rt *route) takes(params []*huma.Param) {
	rt.strict = rt.access != anybody
	for _, p := range params {
		if p.In == "query" {
			rt.params = append(rt.params, p.Name)
		}
	}
}
