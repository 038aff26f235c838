package fortunet

import (
	"slices"
	"testing"
)

func TestPermissions(t *testing.T) {
	base := []Permission{"charts:read", "charts:create", "profile:read", "profile:update"}
	for _, test := range []struct {
		plan Plan
		more []Permission
	}{
		{Free, nil},
		{Premium, []Permission{"ai:limited", "charts:export", "charts:basic"}},
		{Professional, []Permission{"ai:unlimited", "charts:export", "charts:collaborate", "analytics:advanced"}},
	} {
		want := append(slices.Clone(base), test.more...)
		if got := test.plan.Permissions(); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", test.plan, got, want)
		}
		all := append(slices.Clone(want), "ai:limited", "ai:unlimited", "charts:collaborate", "charts:delete")
		for _, p := range all {
			if got, want := test.plan.Allows(p), slices.Contains(want, p); got != want {
				t.Errorf("%s allows %s: %v, want %v", test.plan, p, got, want)
			}
		}
	}
	if got := Plan("gold").Permissions(); got == nil || len(got) != 0 {
		t.Errorf("a plan that is none allows %v, want an empty list", got)
	}
}

// Ensure nobody can change what a plan allows through the list they were given.
func TestPermissionsAreCopies(t *testing.T) {
	Free.Permissions()[0] = AIUnlimited
	if Free.Allows(AIUnlimited) {
		t.Error("the plan changed")
	}
}

func TestParsePlan(t *testing.T) {
	for _, p := range Plans() {
		if got, err := ParsePlan(string(p)); got != p || err != nil {
			t.Errorf("ParsePlan(%q) = %q, %v", p, got, err)
		}
	}
	for _, name := range []string{"", "Free", "gold"} {
		_, err := ParsePlan(name)
		wantFault(t, name, err, CodeInvalidValue, "plan")
	}
}

func TestUser(t *testing.T) {
	u := User{Plan: Professional, Role: Admin}
	if !u.May(ChartsCollaborate) || u.May(AILimited) || !u.IsAdmin() {
		t.Errorf("a professional administrator: collaborate %v, ai:limited %v, admin %v",
			u.May(ChartsCollaborate), u.May(AILimited), u.IsAdmin())
	}
	if (User{Guest: true, Role: Admin}).IsAdmin() {
		t.Error("a guest is an administrator")
	}
	if got := GuestName(TraditionalChinese); got != "訪客" {
		t.Errorf("guest in zh-TW: %q", got)
	}
	if got := GuestName(English); got != "Guest" {
		t.Errorf("guest in en: %q", got)
	}
}
