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

// A part's fault names its place in the whole; the fault itself is not changed.
func TestWithin(t *testing.T) {
	part := fault.Field("email", "wrong_type", "is no text")
	for _, c := range []struct {
		path string
		err  error
		want string
	}{
		{"preferences.notifications", part, "preferences.notifications.email"},
		{"", part, "email"},
		{"a", fault.Coded(fault.Invalid, "malformed_json", "is not JSON"), "a"},
		{"a", fmt.Errorf("read: %w", part), "a.email"},
	} {
		f, ok := errors.AsType[*fault.Error](fault.Within(c.path, c.err))
		if !ok || f.Field != c.want {
			t.Errorf("%q within %q: field %q, want %q", c.err, c.path, f.Field, c.want)
		}
	}
	if err := fault.Within("a", io.EOF); err != io.EOF {
		t.Errorf("what is no fault became %v", err)
	}
	if f, _ := errors.AsType[*fault.Error](part); f.Field != "email" {
		t.Errorf("the part's field is %q now", f.Field)
	}
}
