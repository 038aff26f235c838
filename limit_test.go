package fortunet

import (
	"testing"
	"time"
)

func TestDefaultRules(t *testing.T) {
	rules := DefaultRules()
	const day = 24 * time.Hour
	for _, test := range []struct {
		class  Class
		window time.Duration
		limits [3]int64
	}{
		{"default", time.Hour, [3]int64{100, 1000, 5000}},
		{"chart_calculation", time.Hour, [3]int64{50, 1000, 5000}},
		{"ai_analysis", time.Hour, [3]int64{10, 100, 1000}},
		{"api_upload", day, [3]int64{100, 1000, 5000}},
		{"export_download", day, [3]int64{50, 1000, 5000}},
	} {
		for i, plan := range Plans() {
			got := rules.Rule(test.class, plan)
			want := Rule{Limit: test.limits[i], Window: test.window, FailOpen: test.class != ClassAIAnalysis}
			if got != want {
				t.Errorf("%s for %s: got %+v, want %+v", test.class, plan, got, want)
			}
		}
	}
	if got, want := rules.Rule("other", "gold"), rules.Rule(ClassDefault, Free); got != want {
		t.Errorf("unknown class and plan: got %+v, want %+v", got, want)
	}
}

func TestConfigure(t *testing.T) {
	rules := DefaultRules()
	if err := rules.Configure("default=1000/1h", "ai_analysis=3/90s", "ai_analysis=0/24h"); err != nil {
		t.Fatal(err)
	}
	for _, plan := range Plans() {
		if got, want := rules.Rule(ClassDefault, plan), (Rule{Limit: 1000, Window: time.Hour, FailOpen: true}); got != want {
			t.Errorf("default for %s: got %+v, want %+v", plan, got, want)
		}
		if got, want := rules.Rule(ClassAIAnalysis, plan), (Rule{Window: 24 * time.Hour}); got != want {
			t.Errorf("ai_analysis for %s: got %+v, want %+v", plan, got, want)
		}
		was := DefaultRules()
		if got, want := rules.Rule(ClassAPIUpload, plan), was.Rule(ClassAPIUpload, plan); got != want {
			t.Errorf("api_upload for %s: got %+v, want %+v", plan, got, want)
		}
	}
}

// A setting may be for one plan, and say what else the rule does.
func TestConfigureOnePlan(t *testing.T) {
	rules := DefaultRules()
	if err := rules.Configure("ai_analysis.premium=200/2h + shadow + skip-failed", "default=9/1h+fail-closed", "default.free=5/1h+skip-succeeded+fail-open"); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		class Class
		plan  Plan
		want  Rule
	}{
		{ClassAIAnalysis, Premium, Rule{Limit: 200, Window: 2 * time.Hour, Shadow: true, SkipFailed: true}},
		{ClassAIAnalysis, Free, Rule{Limit: 10, Window: time.Hour}},
		{ClassDefault, Free, Rule{Limit: 5, Window: time.Hour, SkipSucceeded: true, FailOpen: true}},
		{ClassDefault, Professional, Rule{Limit: 9, Window: time.Hour}},
	} {
		if got := rules.Rule(test.class, test.plan); got != test.want {
			t.Errorf("%s for %s: got %+v, want %+v", test.class, test.plan, got, test.want)
		}
	}
}

// Ensure a setting that cannot be read leaves the rules alone, with all before it.
func TestConfigureRefused(t *testing.T) {
	for _, test := range []struct{ setting, code, field string }{
		{"", CodeInvalidValue, "limit"},
		{"default", CodeInvalidValue, "limit"},
		{"default=1000", CodeInvalidValue, "limit"},
		{"default=many/1h", CodeInvalidValue, "limit"},
		{"default=99999999999999999999/1h", CodeInvalidValue, "limit"},
		{"default=10/hour", CodeInvalidValue, "limit"},
		{"default=10/", CodeInvalidValue, "limit"},
		{"default=-1/1h", CodeOutOfRange, "limit"},
		{"default=1000000001/1h", CodeOutOfRange, "limit"},
		{"default=10/1ms", CodeOutOfRange, "window"},
		{"default=10/-1h", CodeOutOfRange, "window"},
		{"default=10/10000h", CodeOutOfRange, "window"},
		{"charts=10/1h", CodeInvalidValue, "class"},
		{"=10/1h", CodeInvalidValue, "class"},
		{"default.gold=10/1h", CodeInvalidValue, "plan"},
		{"default.=10/1h", CodeInvalidValue, "plan"},
		{"default=10/1h+", CodeInvalidValue, "limit"},
		{"default=10/1h+free", CodeInvalidValue, "limit"},
		{"default=10/1h,shadow", CodeInvalidValue, "limit"},
		{"default=10+shadow", CodeInvalidValue, "limit"},
	} {
		rules := DefaultRules()
		err := rules.Configure("default=7/1h", test.setting)
		wantFault(t, test.setting, err, test.code, test.field)
		if rules != DefaultRules() {
			t.Errorf("%q changed the rules", test.setting)
		}
	}
}

func TestSetOnePlan(t *testing.T) {
	rules := DefaultRules()
	want := Rule{Limit: 5, Window: time.Minute, Shadow: true}
	if err := rules.Set(ClassDefault, Premium, want); err != nil {
		t.Fatal(err)
	}
	if got := rules.Rule(ClassDefault, Premium); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := rules.Rule(ClassDefault, Free).Limit; got != 100 {
		t.Errorf("free has %d, want 100", got)
	}
	wantFault(t, "gold", rules.Set(ClassDefault, "gold", want), CodeInvalidValue, "plan")
}
