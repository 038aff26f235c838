package fortunet

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/fortunet/fortunet/fault"
)

// Ensure the defaults are those promised, by their names on the wire.
func TestDefaultPreferences(t *testing.T) {
	const want = `{"language":"zh-TW","timezone":"Asia/Taipei","theme":"light",` +
		`"notifications":{"email":true,"push":false,"astrology_insights":true,"subscription_reminders":true},` +
		`"astrology":{"default_system":"ziwei",` +
		`"chart_preferences":{"show_transitions":true,"include_yearly_prediction":false,"detail_level":"comprehensive"},` +
		`"ai_settings":{"analysis_depth":"detailed","language":"traditional_chinese"}}}`
	got, err := json.Marshal(DefaultPreferences())
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestPreferencesPatch(t *testing.T) {
	changed := DefaultPreferences()
	changed.Language = English
	changed.Theme = Dark
	changed.Notifications = Notifications{Push: true}
	changed.Astrology.AISettings = AISettings{AnalysisDepth: BriefReading, Language: ReadEnglish}

	for _, test := range []struct {
		name, patch string
		want        func(p *Preferences)
	}{
		{"nothing", `{}`, func(p *Preferences) {}},
		{"one member", ` { "theme" : "system" } `, func(p *Preferences) { p.Theme = System }},
		{"escaped name and value", `{"\u0074heme":"d\u0061rk"}`, func(p *Preferences) { p.Theme = Dark }},
		{"zone", `{"timezone":"America/New_York"}`, func(p *Preferences) { p.Timezone = "America/New_York" }},
		{"deep member leaves its sisters", `{"astrology":{"ai_settings":{"analysis_depth":"standard"}}}`,
			func(p *Preferences) { p.Astrology.AISettings.AnalysisDepth = StandardReading }},
		{"null resets a member", `{"theme":null,"notifications":{"push":null}}`,
			func(p *Preferences) { p.Theme = Light; p.Notifications.Push = false }},
		{"null resets a group", `{"notifications":null,"astrology":{"ai_settings":null}}`, func(p *Preferences) {
			p.Notifications = DefaultPreferences().Notifications
			p.Astrology.AISettings = DefaultPreferences().Astrology.AISettings
		}},
		{"null resets all", `null`, func(p *Preferences) { *p = DefaultPreferences() }},
		{"every member", `{"language":"ja","timezone":"UTC","theme":"light",
			"notifications":{"email":true,"push":false,"astrology_insights":true,"subscription_reminders":true},
			"astrology":{"default_system":"zodiac","chart_preferences":{"show_transitions":false,
			"include_yearly_prediction":true,"detail_level":"brief"},
			"ai_settings":{"analysis_depth":"standard","language":"japanese"}}}`, func(p *Preferences) {
			*p = Preferences{
				Language: Japanese, Timezone: "UTC", Theme: Light,
				Notifications: Notifications{Email: true, AstrologyInsights: true, SubscriptionReminders: true},
				Astrology: Astrology{
					DefaultSystem:    Zodiac,
					ChartPreferences: ChartPreferences{IncludeYearlyPrediction: true, DetailLevel: BriefChart},
					AISettings:       AISettings{AnalysisDepth: StandardReading, Language: ReadJapanese},
				},
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := changed
			test.want(&want)
			got, err := changed.Patch([]byte(test.patch))
			if err != nil {
				t.Fatal(err)
			}
			if got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

// Ensure a patch with anything wrong in it names the member and changes nothing, also
// where what is wrong comes last.
func TestPreferencesPatchRefused(t *testing.T) {
	for _, test := range []struct{ patch, code, field string }{
		{`{"theme":"dark","colour":"red"}`, CodeUnknownField, "colour"},
		{`{"Theme":"dark"}`, CodeUnknownField, "Theme"},
		{`{"theme":"dark","theme":"light"}`, CodeDuplicateField, "theme"},
		{`{"theme":"dark","\u0074heme":"light"}`, CodeDuplicateField, "theme"},
		{`{"theme":"blue"}`, CodeInvalidValue, "theme"},
		{`{"theme":1}`, CodeWrongType, "theme"},
		{`{"theme":["dark"]}`, CodeWrongType, "theme"},
		{`{"theme":{"a":{"b":{}}}}`, CodeWrongType, "theme"},
		{`{"language":"zh"}`, CodeInvalidValue, "language"},
		{`{"timezone":"Asia/Taibei"}`, "unknown_zone", "timezone"},
		{`{"timezone":"Local"}`, "unknown_zone", "timezone"},
		{`{"timezone":""}`, "unknown_zone", "timezone"},
		{`{"timezone":"../../etc/passwd"}`, "unknown_zone", "timezone"},
		{`{"notifications":{"email":"yes"}}`, CodeWrongType, "notifications.email"},
		{`{"notifications":{"email":1}}`, CodeWrongType, "notifications.email"},
		{`{"notifications":[]}`, CodeWrongType, "notifications"},
		{`{"notifications":{"sms":true}}`, CodeUnknownField, "notifications.sms"},
		{`{"astrology":{"default_system":"vedic"}}`, CodeInvalidValue, "astrology.default_system"},
		{`{"astrology":{"ai_settings":{"language":"latin"}}}`, CodeInvalidValue, "astrology.ai_settings.language"},
		{`{"astrology":{"chart_preferences":{"detail_level":"all"}}}`, CodeInvalidValue, "astrology.chart_preferences.detail_level"},
		{`{"theme":"dark"} {}`, CodeMalformed, ""},
		{`{"theme":"dark",}`, CodeMalformed, ""},
		{`{"theme" "dark"}`, CodeMalformed, ""},
		{`{"theme":"dark"`, CodeMalformed, ""},
		{`{"theme":nul}`, CodeMalformed, "theme"},
		{`{"theme":"da` + "\xff" + `rk"}`, CodeInvalidUTF8, "theme"},
		{`{"theme":"\ud83d"}`, CodeInvalidUTF8, "theme"},
		{"", CodeMalformed, ""},
		{`"dark"`, CodeWrongType, ""},
		{`{"theme":"` + strings.Repeat("x", maxPreferences) + `"}`, CodeTooLarge, ""},
	} {
		before := DefaultPreferences()
		got, err := before.Patch([]byte(test.patch))
		if got != before {
			t.Errorf("%.60s changed something", test.patch)
		}
		wantFault(t, test.patch, err, test.code, test.field)
	}
}

// wantFault reports an error that is not the fault expected.
func wantFault(t *testing.T, of string, err error, code, field string) {
	t.Helper()
	if err == nil {
		t.Errorf("%.80q: no error, want %s", of, code)
		return
	}
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		t.Errorf("%.80q: %v is no fault", of, err)
		return
	}
	if f.Code != code || f.Field != field {
		t.Errorf("%.80q: got %s at %q (%s), want %s at %q", of, f.Code, f.Field, f.Message, code, field)
	}
	if f.Message == "" {
		t.Errorf("%.80q: the fault says nothing", of)
	}
}

// Whatever is sent, a patch gives a fault and no change, or valid preferences that
// patching with themselves leaves alone.
func FuzzPreferencesPatch(f *testing.F) {
	f.Add([]byte(`{"theme":"dark","notifications":{"push":true},"astrology":null}`))
	f.Add([]byte(`{"timezone":"Europe/London","language":"\u0065n"}`))
	f.Add([]byte(`{"astrology":{"ai_settings":{"language":"english"},"chart_preferences":{"detail_level":null}}}`))
	f.Fuzz(func(t *testing.T, patch []byte) {
		got, err := DefaultPreferences().Patch(patch)
		if err != nil {
			if got != DefaultPreferences() {
				t.Fatalf("refused, but changed to %+v", got)
			}
			if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.TooLarge {
				t.Fatalf("%v is of kind %v", err, kind)
			}
			return
		}
		if !json.Valid(patch) {
			t.Fatalf("took what is not JSON: %q", patch)
		}
		whole, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		again, err := DefaultPreferences().Patch(whole)
		if err != nil || again != got {
			t.Fatalf("%s read again gives %+v, %v", whole, again, err)
		}
	})
}
