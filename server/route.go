package server

import (
	"context"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/fortunet/fortunet"
)

// A route is one line of the list of routes.
type route struct {
	pattern    string // "METHOD /path", as of http.ServeMux
	id         string // of the operation, under which it is described
	status     int    // of an answer that is no error
	access     access
	class      fortunet.Class // "" where the request is not counted
	self       bool           // the handler counts, not the entrance
	permission fortunet.Permission
	tickets    bool // ?ticket= may stand for a token
	creates    bool // an Idempotency-Key is heeded

	strict bool     // parameters that are not among params are refused
	params []string // of the query
}

// An answer is what a handler of huma's answers with.
type answer[T any] struct{ Body T }

func with[T any](v T, err error) (*answer[T], error) {
	if err != nil {
		return nil, err
	}
	return &answer[T]{v}, nil
}

// none is the input of a handler that takes none.
type none struct{}

// empty is the answer without a body.
type empty struct{}

// newAPI returns huma on a mux, with the document's head.
func newAPI(mux *http.ServeMux, version string) huma.API {
	config := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: "FortuneT", Version: version, Description: apiDescription()},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"bearer": {Type: "http", Scheme: "bearer", Description: "A token, or an API key, as Authorization: Bearer TOKEN."},
					"cookie": {Type: "apiKey", In: "cookie", Name: cookieName, Description: "The token in a cookie that no script can read."},
				},
			},
			Tags: apiTags,
		},
		Formats:       map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat},
		DefaultFormat: "application/json",
		Transformers: []huma.Transformer{func(ctx huma.Context, _ string, v any) (any, error) {
			if p, ok := v.(*Problem); ok {
				_, w := humago.Unwrap(ctx)
				p.RequestID = requestID(w)
			}
			return v, nil
		}},
	}
	return humago.New(mux, config)
}

// add registers a handler that huma reads and writes for.
func add[I, O any](s *Server, rt *route, h func(*Server, context.Context, *request, *I) (*O, error)) {
	op := s.operation(rt)
	op.DefaultStatus = rt.status
	op.Middlewares = huma.Middlewares{s.entrance(rt)}
	if rt.creates {
		s.creates[rt.pattern] = rt
		op.Parameters = append(op.Parameters, &huma.Param{Name: idempotencyHeader, In: "header", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: new(longestKey)},
			Description: "Carried out once, however often it is sent within a day: all others with this value and the same body get the first answer."})
		op.Errors = append(op.Errors, http.StatusConflict)
	}
	huma.Register(s.api, op, handled(s, h))
	s.routed = append(s.routed, rt.pattern)
}

// addRaw registers a handler that reads and writes by itself; describe completes what
// the document says of it.
func (s *Server) addRaw(rt *route, describe func(huma.Registry, *huma.Operation), h func(*Server, *request) error) {
	op := s.operation(rt)
	op.Responses = map[string]*huma.Response{strconv.Itoa(rt.status): {Description: http.StatusText(rt.status)}}
	schemas := s.api.OpenAPI().Components.Schemas
	describe(schemas, &op)
	rt.takes(op.Parameters)
	problem := schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	for _, status := range op.Errors {
		op.Responses[strconv.Itoa(status)] = &huma.Response{Description: http.StatusText(status),
			Content: map[string]*huma.MediaType{problemType: {Schema: problem}}}
	}
	s.api.OpenAPI().AddOperation(&op)
	s.mux.HandleFunc(rt.pattern, s.raw(rt, h))
	s.routed = append(s.routed, rt.pattern)
}

// operation describes a route.
func (s *Server) operation(rt *route) huma.Operation {
	method, path, _ := strings.Cut(rt.pattern, " ")
	said, known := descriptions[rt.id]
	if !known {
		panic("server: " + rt.id + " is not described")
	}
	op := huma.Operation{OperationID: rt.id, Method: method, Path: path, Summary: said.summary, Description: said.text,
		Tags: []string{said.tag}, MaxBodyBytes: maxBody + 1, BodyReadTimeout: readTimeout, RejectUnknownQueryParameters: true}
	if rt.access != anybody {
		op.Security = []map[string][]string{{"bearer": {}}, {"cookie": {}}}
		op.Errors = append(op.Errors, http.StatusUnauthorized, http.StatusForbidden)
	}
	if rt.class != "" {
		op.Errors = append(op.Errors, http.StatusTooManyRequests)
		op.Description += "\n\nCounts in class `" + string(rt.class) + "`."
	}
	op.Errors = append(op.Errors, http.StatusBadRequest, http.StatusServiceUnavailable)
	return op
}

// settleRefusals makes the document say with which statuses each operation is refused:
// what follows from its method, its path and its body is known here. Huma would add one
// for bodies it cannot take, which here is 400.
func (s *Server) settleRefusals() {
	for path, item := range s.api.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{http.MethodGet: item.Get, http.MethodPost: item.Post,
			http.MethodPatch: item.Patch, http.MethodDelete: item.Delete} {
			if op == nil {
				continue
			}
			statuses := append([]int{http.StatusInternalServerError}, refusals[op.OperationID]...)
			if method != http.MethodGet {
				statuses = append(statuses, http.StatusForbidden)
			}
			if strings.Contains(path, "{") {
				statuses = append(statuses, http.StatusNotFound)
			}
			if op.RequestBody != nil {
				statuses = append(statuses, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
			}
			delete(op.Responses, strconv.Itoa(http.StatusUnprocessableEntity))
			for _, status := range statuses {
				op.Responses[strconv.Itoa(status)] = &huma.Response{Description: http.StatusText(status),
					Content: op.Responses[strconv.Itoa(http.StatusBadRequest)].Content}
			}
		}
	}
}

// refusals are the statuses of single operations, by id, that nothing else tells of.
var refusals = map[string][]int{
	"changeUser":    {http.StatusConflict},
	"login":         {http.StatusUnauthorized},
	"logout":        {http.StatusUnauthorized},
	"register":      {http.StatusUnauthorized, http.StatusConflict},
	"sessionSocket": {http.StatusUpgradeRequired},
}
