package fortunet

import "github.com/fortunet/fortunet/fault"

// A Plan is what a user has subscribed to. The empty plan is not one.
type Plan string

const (
	Free         Plan = "free"
	Premium      Plan = "premium"
	Professional Plan = "professional"
)

// Plans returns every plan, the cheapest first.
func Plans() []Plan { return []Plan{Free, Premium, Professional} }

// ParsePlan returns the plan of that name, or an Invalid fault.
func ParsePlan(name string) (Plan, error) {
	p := Plan(name)
	if !p.Valid() {
		return "", fault.Field("plan", CodeInvalidValue, "%s is not a plan: free, premium or professional", quote(name))
	}
	return p, nil
}

// Valid reports whether p is one of the three plans.
func (p Plan) Valid() bool { return p.index() >= 0 }

// index returns the plan's place among Plans, or -1.
func (p Plan) index() int {
	switch p {
	case Free:
		return 0
	case Premium:
		return 1
	case Professional:
		return 2
	}
	return -1
}

// A Permission names something a plan allows, as "subject:act".
type Permission string

const (
	ChartsRead        Permission = "charts:read"
	ChartsCreate      Permission = "charts:create"
	ChartsExport      Permission = "charts:export"
	ChartsBasic       Permission = "charts:basic"
	ChartsCollaborate Permission = "charts:collaborate"
	ProfileRead       Permission = "profile:read"
	ProfileUpdate     Permission = "profile:update"
	AILimited         Permission = "ai:limited"
	AIUnlimited       Permission = "ai:unlimited"
	AnalyticsAdvanced Permission = "analytics:advanced"
)

// Each paid plan has its own additions to what everybody may do: professional is not
// premium and more, so nothing of ai:limited applies to it.
var permissions = [...][]Permission{
	{ChartsRead, ChartsCreate, ProfileRead, ProfileUpdate},
	{ChartsRead, ChartsCreate, ProfileRead, ProfileUpdate, AILimited, ChartsExport, ChartsBasic},
	{ChartsRead, ChartsCreate, ProfileRead, ProfileUpdate, AIUnlimited, ChartsExport, ChartsCollaborate, AnalyticsAdvanced},
}

// Permissions returns what the plan allows, in a fixed order, as a list the caller
// owns. A plan that is none allows nothing.
func (p Plan) Permissions() []Permission {
	i := p.index()
	if i < 0 {
		return []Permission{}
	}
	return append([]Permission(nil), permissions[i]...)
}

// Allows reports whether the plan allows the permission.
func (p Plan) Allows(wanted Permission) bool {
	i := p.index()
	if i < 0 {
		return false
	}
	for _, held := range permissions[i] {
		if held == wanted {
			return true
		}
	}
	return false
}
