package fortunet

import (
	"strconv"
	"strings"
	"time"

	"github.com/fortunet/fortunet/fault"
)

// A Class is a kind of request that is counted by itself. Each route belongs to one.
type Class string

const (
	ClassDefault          Class = "default"
	ClassChartCalculation Class = "chart_calculation"
	ClassAIAnalysis       Class = "ai_analysis"
	ClassAPIUpload        Class = "api_upload"
	ClassExportDownload   Class = "export_download"
)

var classes = [...]Class{ClassDefault, ClassChartCalculation, ClassAIAnalysis, ClassAPIUpload, ClassExportDownload}

// Classes returns every class, as a list the caller owns.
func Classes() []Class { return append([]Class(nil), classes[:]...) }

// Valid reports whether c is one of Classes.
func (c Class) Valid() bool { return c.index() >= 0 }

func (c Class) index() int {
	for i, known := range classes {
		if c == known {
			return i
		}
	}
	return -1
}

// A Rule says how many requests of a class any window of time may hold.
type Rule struct {
	Limit  int64         `json:"limit"`  // 0: none at all
	Window time.Duration `json:"window"` // nanoseconds

	// Shadow counts and reports, but refuses nobody.
	Shadow bool `json:"shadow,omitempty"`
	// SkipSucceeded and SkipFailed give back what such a request was counted as.
	SkipSucceeded bool `json:"skipSucceeded,omitempty"`
	SkipFailed    bool `json:"skipFailed,omitempty"`
	// FailOpen lets requests pass while the limiter cannot be asked.
	FailOpen bool `json:"failOpen,omitempty"`
}

// Bounds of a rule.
const (
	MaxLimit  = 1_000_000_000
	MinWindow = time.Second
	MaxWindow = 31 * 24 * time.Hour
)

// Rules holds a rule for each class and plan. It is a plain value: an assignment
// copies it. The zero Rules admit nothing.
type Rules struct {
	table [len(classes)][3]Rule
}

// DefaultRules returns the rules that hold unless configured otherwise.
func DefaultRules() Rules {
	const day = 24 * time.Hour
	var rules Rules
	for _, d := range []struct {
		class                       Class
		window                      time.Duration
		free, premium, professional int64
		failOpen                    bool
	}{
		{ClassDefault, time.Hour, 100, 1000, 5000, true},
		{ClassChartCalculation, time.Hour, 50, 1000, 5000, true},
		// What costs money at a provider is not given away while nobody counts it.
		{ClassAIAnalysis, time.Hour, 10, 100, 1000, false},
		{ClassAPIUpload, day, 100, 1000, 5000, true},
		{ClassExportDownload, day, 50, 1000, 5000, true},
	} {
		for plan, limit := range []int64{d.free, d.premium, d.professional} {
			rules.table[d.class.index()][plan] = Rule{Limit: limit, Window: d.window, FailOpen: d.failOpen}
		}
	}
	return rules
}

// Rule returns the rule of a class for a plan. An unknown plan has the rule of Free,
// an unknown class that of ClassDefault: never none.
func (r *Rules) Rule(c Class, p Plan) Rule {
	return r.table[max(c.index(), 0)][max(p.index(), 0)]
}

// Longest returns the longest window a class has for any plan: for that long what was
// counted matters, since a plan may change.
func (r *Rules) Longest(c Class) (longest time.Duration) {
	for _, rule := range &r.table[max(c.index(), 0)] {
		longest = max(longest, rule.Window)
	}
	return longest
}

// Set replaces the rule of a class for one plan, or returns an Invalid fault.
func (r *Rules) Set(c Class, p Plan, rule Rule) error {
	switch {
	case !c.Valid():
		return fault.Field("class", CodeInvalidValue, "%s is not one of %s", quote(string(c)), list(classes[:]))
	case !p.Valid():
		_, err := ParsePlan(string(p))
		return err
	case rule.Limit < 0 || rule.Limit > MaxLimit:
		return fault.Field("limit", CodeOutOfRange, "%d is not from 0 to %d", rule.Limit, int64(MaxLimit))
	case rule.Window < MinWindow || rule.Window > MaxWindow:
		return fault.Field("window", CodeOutOfRange, "%v is not from %v to %v", rule.Window, MinWindow, MaxWindow)
	}
	r.table[c.index()][p.index()] = rule
	return nil
}

// Configure applies settings of the form CLASS=N/DURATION, such as "default=1000/1h",
// or CLASS.PLAN=N/DURATION, such as "ai_analysis.premium=200/1h": each sets limit and
// window of its class, for every plan or for one, and leaves the rest of the rules as
// they are. What a rule does besides follows, each behind a plus: shadow, skip-succeeded,
// skip-failed, fail-open and fail-closed. A later setting wins over an earlier. On an
// error the rules are as before.
func (r *Rules) Configure(settings ...string) error {
	next := *r
	for _, s := range settings {
		if err := next.configure(s); err != nil {
			return err
		}
	}
	*r = next
	return nil
}

func (r *Rules) configure(setting string) error {
	name, value, ok := strings.Cut(setting, "=")
	value, rest, more := strings.Cut(value, "+")
	count, length, ok2 := strings.Cut(value, "/")
	if !ok || !ok2 {
		return fault.Field("limit", CodeInvalidValue, "%s is not CLASS=N/DURATION, such as default=1000/1h", quote(setting))
	}
	limit, err := strconv.ParseInt(strings.TrimSpace(count), 10, 64)
	if err != nil {
		return fault.Field("limit", CodeInvalidValue, "%s is not a whole number, in %s", quote(count), quote(setting))
	}
	window, err := time.ParseDuration(strings.TrimSpace(length))
	if err != nil {
		return fault.Field("limit", CodeInvalidValue, "%s is not a duration such as 90s or 1h, in %s", quote(length), quote(setting))
	}
	plans := Plans()
	class, plan, one := strings.Cut(strings.TrimSpace(name), ".")
	if one {
		p, err := ParsePlan(plan)
		if err != nil {
			return err
		}
		plans = []Plan{p}
	}
	for _, p := range plans {
		rule := r.Rule(Class(class), p)
		rule.Limit, rule.Window = limit, window
		if more {
			for word := range strings.SplitSeq(rest, "+") {
				if err := rule.option(strings.TrimSpace(word)); err != nil {
					return err
				}
			}
		}
		if err := r.Set(Class(class), p, rule); err != nil {
			return err
		}
	}
	return nil
}

// option applies one word of a setting.
func (r *Rule) option(word string) error {
	switch word {
	case "shadow":
		r.Shadow = true
	case "skip-succeeded":
		r.SkipSucceeded = true
	case "skip-failed":
		r.SkipFailed = true
	case "fail-open":
		r.FailOpen = true
	case "fail-closed":
		r.FailOpen = false
	default:
		return fault.Field("limit", CodeInvalidValue, "%s is not one of shadow, skip-succeeded, skip-failed, fail-open, fail-closed", quote(word))
	}
	return nil
}
