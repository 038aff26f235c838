package server

import (
	"context"
	"io"
	"net/http"
	"net/netip"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/objects"
)

// A request is what a handler knows of a request beside its input: who asks, from
// where. It must not outlive the handler.
type request struct {
	w    http.ResponseWriter
	r    *http.Request
	addr netip.Addr
	who  objects.Identity // the zero Identity where nobody needs to be signed in

	pending bool // charge is to be settled when the request has ended
	charge  charge
}

// An access says who may use a route.
type access uint8

const (
	anybody   access = iota // no sign-in is asked for
	programs                // who is signed in, API keys with the route's permission too
	people                  // who is signed in on a device: not an API key
	operators               // administrators, on a device
)

// session returns the stub of the caller's session.
func (s *Server) session(who objects.Identity) durable.Stub[objects.Session] {
	return objects.Sessions.Get(s.o.Runtime, who.UserID)
}

// enter finds out who asks and whether the route is theirs, and counts the request in
// the route's class.
func (s *Server) enter(w http.ResponseWriter, r *http.Request, rt *route) (request, error) {
	q := request{w: w, r: r, addr: s.clientAddr(r)}
	if coding := r.Header["Content-Encoding"]; len(coding) > 0 && !strings.EqualFold(coding[0], "identity") {
		return q, errCoding
	}
	if rt.access != anybody {
		who, err := s.identify(r, rt)
		if err != nil {
			return q, err
		}
		if err := rt.admits(who); err != nil {
			return q, err
		}
		q.who = who
		if rt.access == operators {
			s.audit(&q)
		}
	}
	if err := rt.checkQuery(r); err != nil {
		return q, err
	}
	if rt.class == "" || rt.self {
		return q, nil
	}
	return q, s.admit(&q, rt.class)
}

// identify returns who asks, by a ticket where the route takes one.
func (s *Server) identify(r *http.Request, rt *route) (objects.Identity, error) {
	if rt.tickets && r.URL.RawQuery != "" {
		if ticket := r.URL.Query().Get("ticket"); ticket != "" {
			return s.redeem(r, ticket)
		}
	}
	return s.authenticate(r)
}

// audit logs what an operator does: who, what, and when. Whom it is about is left out
// where that is an address, of a machine or of a person.
func (s *Server) audit(q *request) {
	about := ""
	for _, name := range []string{"type", "name", "id"} {
		if v := q.r.PathValue(name); v != "" {
			if _, isAddr := parseHop(v); isAddr || strings.HasPrefix(v, "ip:") || strings.HasPrefix(v, guestsPrefix) || strings.Contains(v, "@") {
				v = "an address"
			}
			about = strings.TrimPrefix(about+"/"+v, "/")
		}
	}
	s.log.Info("operator's request", "id", requestID(q.w), "user", q.who.UserID, "route", q.r.Pattern, "about", about)
}

// admits returns a fault unless the route is for somebody like who.
func (rt *route) admits(who objects.Identity) error {
	switch {
	case rt.access == operators && (who.Role != fortunet.Admin || who.Guest):
		return errAdmin
	case rt.access >= people && who.Device == "":
		return errKey
	case who.Key != "" && !hasScope(who.Scopes, rt.permission):
		return fault.Coded(fault.Forbidden, "missing_scope", "this API key was made without %s", rt.permission)
	case rt.permission != "" && !who.Plan.Allows(rt.permission):
		return fault.Coded(fault.Forbidden, "missing_permission", "the plan does not include %s", rt.permission)
	}
	return nil
}

var errKey = fault.Coded(fault.Forbidden, "no_api_key", "this is not for API keys: sign in")

// hasScope reports whether a permission is among scopes separated by spaces. What
// asks for no permission is for devices, not for keys.
func hasScope(scopes string, p fortunet.Permission) bool {
	for scope := range strings.FieldsSeq(scopes) {
		if scope == string(p) {
			return true
		}
	}
	return false
}

type requestKey struct{}

// entrance is enter as huma's middleware: it runs before the body is read.
func (s *Server) entrance(rt *route) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(ctx)
		q, err := s.enter(w, r, rt)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		// Huma closes what it reads, and of a body that is closed the guard could not read
		// what is left.
		r.Body = io.NopCloser(http.MaxBytesReader(w, r.Body, maxBody))
		defer s.settleEnd(&q)
		next(huma.WithValue(ctx, requestKey{}, &q))
		q.charge.failed = ctx.Status() >= http.StatusBadRequest
	}
}

// handled makes a handler of ours one of huma's.
func handled[I, O any](s *Server, h func(*Server, context.Context, *request, *I) (*O, error)) func(context.Context, *I) (*O, error) {
	return func(ctx context.Context, in *I) (*O, error) {
		q := ctx.Value(requestKey{}).(*request)
		out, err := h(s, ctx, q, in)
		if err != nil {
			p := problemOf(err)
			s.logProblem(q.w, q.r, p)
			return nil, p
		}
		return out, nil
	}
}

// raw makes a handler that reads and writes by itself one of the mux's.
func (s *Server) raw(rt *route, h func(*Server, *request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q, err := s.enter(w, r, rt)
		defer s.settleEnd(&q)
		if err == nil {
			err = h(s, &q)
			q.charge.failed = err != nil
		}
		if err != nil {
			s.fail(w, r, err)
		}
	}
}
