package database

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/fortunet/fortunet/fault"
)

// The codes of the faults of this package, beside those of package fortunet for what
// is invalid.
const (
	codeEmailTaken    = "email_taken"    // another user has the address
	codeIdentityTaken = "identity_taken" // another user signs in with it
	codeIDTaken       = "id_taken"       // a row of that id is there
	codeRegistered    = "registered_already"
	codeGuest         = "guest" // not for guests
	codeCancelled     = "cancelled"
	codeTimeout       = "timeout"
	codeUnavailable   = "database_unavailable"
	codeFull          = "disk_full"
	codeReadOnly      = "database_read_only"
	codeBusy          = "database_busy"
	codeCorrupt       = "database_corrupt"
	codeTooNew        = "data_too_new"
	codeUnknown       = "unknown_outcome" // of a write, since the disk hangs
)

// retryAfter is what callers are told where the disk is at fault.
const retryAfter = 5 * time.Second

// failure gives an error its kind. The text of what the driver said stays private. What
// is a fault already stays as it is.
func failure(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fault.Wrap(err, fault.NotFound, "there is no such thing")
	case errors.Is(err, context.DeadlineExceeded):
		return unavailable(err, codeTimeout, "the database did not answer in time")
	case errors.Is(err, context.Canceled):
		return coded(err, fault.Unavailable, codeCancelled, "the caller stopped waiting")
	// The pool's own error has no name.
	case errors.Is(err, sql.ErrConnDone), strings.HasSuffix(err.Error(), "sql: database is closed"):
		return coded(err, fault.Unavailable, codeUnavailable, "the database is closed")
	}
	if f := driverFailure(err); f != nil {
		return f
	}
	return err
}

// coded is fault.Wrap with a code of its own.
func coded(err error, k fault.Kind, code, message string) error {
	return &fault.Error{Kind: k, Code: code, Message: message, Err: err}
}

// unavailable is the fault of a database that can do nothing for the moment.
func unavailable(err error, code, message string) error {
	return &fault.Error{Kind: fault.Unavailable, Code: code, Message: message, RetryAfter: retryAfter, Err: err}
}

// missing returns the error of a row that was not there as one that names what is
// missing.
func missing(err error, noun string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.Wrap(err, fault.NotFound, "there is no such "+noun)
	}
	return failure(err)
}
