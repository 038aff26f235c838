// Package fault gives errors a kind, a code and a message that may be shown.
//
// Every layer below the edges returns ordinary wrapped errors; where a caller's
// behaviour hangs on what went wrong, the error at the root is a fault. The edges
// ask KindOf for the status, CodeOf for the name a program can test, and Public
// for the words a person may read. An error nobody marked is Internal and its
// text stays in the log.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// A Kind says what sort of thing went wrong, coarsely enough to travel.
type Kind uint8

const (
	Internal     Kind = iota // ours; the text is not for the public
	Invalid                  // the request cannot be right, whenever it is sent
	Unauthorized             // nobody is signed in, or the token is not good
	Forbidden                // somebody is, and may not
	NotFound                 // there is no such thing, or none the caller may see
	Conflict                 // it clashes with what is there now
	TooLarge                 // over a size that is fixed
	Limited                  // over a rate; see Error.RetryAfter
	Overloaded               // too much at once; try again soon
	Unavailable              // something this needs is down; try again later
)

var kindNames = [...]string{
	"internal", "invalid", "unauthorized", "forbidden", "not_found",
	"conflict", "too_large", "limited", "overloaded", "unavailable",
}

// String returns the kind's name in lower snake case, which is also the default code.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return kindNames[Internal]
}

// An Error is an error with a kind. Code, Message, Field and RetryAfter are public;
// the wrapped cause is not.
type Error struct {
	Kind       Kind
	Code       string        // names the fault to programs, in lower snake case
	Message    string        // says it to people
	Field      string        // the member of the request at fault, as a dotted path, or ""
	RetryAfter time.Duration // how long to wait, where that is known
	Err        error         // the cause, or nil
}

// Error returns the message and the cause, for logs.
func (e *Error) Error() string {
	text := e.Message
	if e.Field != "" {
		text = e.Field + ": " + text
	}
	if e.Err != nil {
		if cause := e.Err.Error(); cause != "" {
			text += ": " + cause
		}
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf returns an error of kind k whose public message is the formatted text.
// A %w verb also sets the cause, whose text then is part of the message, so it
// must be fit to show; use Wrap where it is not.
func Errorf(k Kind, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	return &Error{Kind: k, Code: k.String(), Message: err.Error(), Err: hidden(errors.Unwrap(err))}
}

// hidden keeps a cause reachable to errors.Is and errors.As without printing it twice.
func hidden(err error) error {
	if err == nil {
		return nil
	}
	return quiet{err}
}

type quiet struct{ error }

func (quiet) Error() string   { return "" }
func (q quiet) Unwrap() error { return q.error }

// Field returns an Invalid error about one member of a request: code names the
// fault, field is the member's dotted path.
func Field(field, code, format string, args ...any) error {
	return &Error{Kind: Invalid, Code: code, Field: field, Message: fmt.Sprintf(format, args...)}
}

// Within returns a fault about a part as one about the whole, in which the part stands
// at path. What is no fault stays as it is.
func Within(path string, err error) error {
	part, ok := errors.AsType[*Error](err)
	if !ok || path == "" {
		return err
	}
	whole := *part
	whole.Field = path
	if part.Field != "" {
		whole.Field += "." + part.Field
	}
	return &whole
}

// Coded returns an error of kind k under a code of its own.
func Coded(k Kind, code, format string, args ...any) error {
	return &Error{Kind: k, Code: code, Message: fmt.Sprintf(format, args...)}
}

// Wrap gives err a kind and a public message and keeps err's own text private.
// It returns nil if err is nil.
func Wrap(err error, k Kind, message string) error {
	if err == nil {
		return nil
	}
	return &Error{Kind: k, Code: k.String(), Message: message, Err: err}
}

// KindOf returns the kind of the outermost fault in err's chain, Internal if there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// CodeOf returns the code of the outermost fault in err's chain, "internal" if there is none.
func CodeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok && e.Code != "" {
		return e.Code
	}
	return KindOf(err).String()
}

// Public returns the outermost fault in err's chain as it may be shown: without its
// cause, and without a word of an error nobody marked.
func Public(err error) Error {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Kind == Internal {
		return Error{Kind: Internal, Code: Internal.String(), Message: "something went wrong here"}
	}
	shown := *e
	shown.Err = nil
	if shown.Code == "" {
		shown.Code = shown.Kind.String()
	}
	return shown
}
