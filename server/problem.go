package server

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/fault"
)

// A Problem is the body of every answer that is an error (RFC 9457). Message repeats
// what is wrong under the name "error", which older clients read.
type Problem struct {
	Type       string        `json:"type" doc:"always about:blank: code says more than a type could" example:"about:blank"`
	Title      string        `json:"title" doc:"the words of the status" example:"Bad Request"`
	Status     int           `json:"status" doc:"the HTTP status" example:"400"`
	Detail     string        `json:"detail" doc:"what is wrong, for people" example:"must be male or female, not \"x\""`
	Message    string        `json:"error" doc:"what is wrong in short, for people"`
	Code       string        `json:"code" doc:"what is wrong, for programs; see the catalogue at the head of this document" example:"invalid_value"`
	Field      string        `json:"field,omitempty" doc:"the member or parameter at fault, as a dotted path" example:"gender"`
	RetryAfter int           `json:"retryAfter,omitempty" doc:"whole seconds after which to try again, as in Retry-After"`
	PlanType   fortunet.Plan `json:"planType,omitempty" doc:"the plan whose limit is reached"`
	RequestID  string        `json:"requestId,omitempty" doc:"the X-Request-Id of this answer, to be quoted in questions"`

	cause error // for the log alone
}

const problemType = "application/problem+json"

// statusOf maps what went wrong to an HTTP status.
var statusOf = map[fault.Kind]int{
	fault.Internal:     http.StatusInternalServerError,
	fault.Invalid:      http.StatusBadRequest,
	fault.Unauthorized: http.StatusUnauthorized,
	fault.Forbidden:    http.StatusForbidden,
	fault.NotFound:     http.StatusNotFound,
	fault.Conflict:     http.StatusConflict,
	fault.TooLarge:     http.StatusRequestEntityTooLarge,
	fault.Limited:      http.StatusTooManyRequests,
	fault.Overloaded:   http.StatusServiceUnavailable,
	fault.Unavailable:  http.StatusServiceUnavailable,
}

// problemOf returns an error as it may be shown. It is the one place where errors
// become answers.
func problemOf(err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		shown := *p
		return &shown
	}
	f := fault.Public(err)
	switch {
	case f.Kind != fault.Internal:
	case errors.Is(err, context.DeadlineExceeded):
		f = errTimeout
	case errors.Is(err, context.Canceled):
		f = errCancelled
	}
	p := newProblem(statusOf[f.Kind], f.Code, f.Message)
	p.Field, p.cause = f.Field, err
	p.setRetry(f.RetryAfter)
	return p
}

var (
	errTimeout   = fault.Error{Kind: fault.Unavailable, Code: "timeout", Message: "this took too long", RetryAfter: time.Second}
	errCancelled = fault.Error{Kind: fault.Unavailable, Code: "cancelled", Message: "the caller stopped waiting"}
)

func newProblem(status int, code, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status,
		Detail: detail, Message: detail, Code: code}
}

func (p *Problem) setRetry(after time.Duration) {
	if after > 0 {
		p.RetryAfter = int(math.Ceil(after.Seconds()))
	}
}

// Error returns the detail and the cause, for logs.
func (p *Problem) Error() string {
	if p.cause == nil {
		return p.Detail
	}
	return p.cause.Error()
}

// Unwrap returns the cause.
func (p *Problem) Unwrap() error { return p.cause }

// GetStatus, ContentType and GetHeaders make a Problem what huma answers errors with.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType returns the media type of problem documents.
func (p *Problem) ContentType(string) string { return problemType }

// GetHeaders returns the headers that belong to the problem.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	p.setHeaders(h)
	return h
}

func (p *Problem) setHeaders(h http.Header) {
	if p.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.RetryAfter))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="fortunet"`)
	}
}

// fail answers a request with an error, and logs what is ours to repair.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	s.logProblem(w, r, p)
	p.setHeaders(w.Header())
	reply(w, p.Status, problemType, p)
}

// logProblem gives a problem its request's id and logs it where somebody should know,
// with the route's pattern and nothing else of the request.
func (s *Server) logProblem(w http.ResponseWriter, r *http.Request, p *Problem) {
	p.RequestID = requestID(w)
	switch {
	case p.Status == http.StatusServiceUnavailable:
		s.log.Warn("request refused", "id", p.RequestID, "route", r.Pattern, "code", p.Code, "err", p)
	case p.Status >= http.StatusInternalServerError:
		s.log.Error("request failed", "id", p.RequestID, "route", r.Pattern, "err", p)
	}
}

// reply writes v as JSON.
func reply(w http.ResponseWriter, status int, contentType string, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // the recovery answers; values replied are ours and can be encoded
	}
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that went away needs no answer
}

// The errors every handler may return, by what is wrong with the request itself.
var (
	errSignIn = fault.Coded(fault.Unauthorized, "sign_in", "sign in, or become a guest with POST /api/v2/auth/guest")
	errAdmin  = fault.Coded(fault.Forbidden, "admin_only", "this is for operators")
	errPath   = fault.Coded(fault.NotFound, "not_found", "there is nothing at this address")
	errOrigin = fault.Coded(fault.Forbidden, "cross_origin", "this request came from a page of another origin")
	errLarge  = fault.Coded(fault.TooLarge, fortunet.CodeTooLarge, "the body is over %d bytes", maxBody)
	errBody   = fault.Coded(fault.Invalid, "unreadable_body", "the body ended too early or could not be read")
	errCoding = newProblem(http.StatusUnsupportedMediaType, "unsupported_encoding", "the body must not be compressed")
	errType   = newProblem(http.StatusUnsupportedMediaType, "unsupported_media_type", "the body must be application/json")
)
