package birth

import (
	"errors"
	"testing"

	"github.com/fortunet/fortunet/fault"
)

// wantFault reports an error that is not the fault expected.
func wantFault(t *testing.T, of string, err error, code, field string) {
	t.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		t.Errorf("%.80q: got %v, want a fault %s", of, err, code)
		return
	}
	if f.Kind != fault.Invalid || f.Code != code || f.Field != field || f.Message == "" {
		t.Errorf("%.80q: got %v %s at %q (%s), want %s at %q", of, f.Kind, f.Code, f.Field, f.Message, code, field)
	}
}
