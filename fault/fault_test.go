package fault_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/fortunet/fortunet/fault"
)

func TestErrorf(t *testing.T) {
	err := fmt.Errorf("load: %w", fault.Errorf(fault.NotFound, "no chart %s: %w", "abc", io.EOF))
	if got := fault.KindOf(err); got != fault.NotFound {
		t.Errorf("kind %v, want %v", got, fault.NotFound)
	}
	if got := fault.CodeOf(err); got != "not_found" {
		t.Errorf("code %q, want not_found", got)
	}
	if !errors.Is(err, io.EOF) {
		t.Error("the cause is lost")
	}
	if got, want := err.Error(), "load: no chart abc: EOF"; got != want {
		t.Errorf("text %q, want %q", got, want)
	}
}

// What nobody marked, and what a fault wraps, never reaches the public.
func TestPublicHidesCauses(t *testing.T) {
	secret := errors.New("password=hunter2")
	for _, err := range []error{
		secret,
		fault.Wrap(secret, fault.Unavailable, "the store is down"),
		fault.Wrap(secret, fault.Internal, "hunter2 was wrong"),
	} {
		shown := fault.Public(err)
		if strings.Contains(fmt.Sprint(shown.Message, shown.Code, shown.Err), "hunter2") {
			t.Errorf("Public(%v) shows %+v", err, shown)
		}
	}
	if fault.Wrap(nil, fault.Internal, "x") != nil {
		t.Error("wrapping nil made an error")
	}
}

func TestField(t *testing.T) {
	err := fault.Field("birthDate", "invalid_date", "%q is not a date", "1990-02-30")
	if got := fault.Public(err); got.Field != "birthDate" || got.Code != "invalid_date" || got.Kind != fault.Invalid {
		t.Errorf("got %+v", got)
	}
}
