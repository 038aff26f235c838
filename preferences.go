package fortunet

import (
	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/fault"
)

// Preferences are what a user has chosen. The zero value is not valid: begin with
// DefaultPreferences, also when reading stored ones with encoding/json, so that a
// setting added since has its default.
type Preferences struct {
	Language      Language      `json:"language"` // of everything but a reading
	Timezone      string        `json:"timezone"` // IANA name
	Theme         Theme         `json:"theme"`
	Notifications Notifications `json:"notifications"`
	Astrology     Astrology     `json:"astrology"`
}

// Notifications says by which ways, and of what, a user wants to hear.
type Notifications struct {
	Email                 bool `json:"email"`
	Push                  bool `json:"push"`
	AstrologyInsights     bool `json:"astrology_insights"`
	SubscriptionReminders bool `json:"subscription_reminders"`
}

// Astrology is what a user prefers of charts and readings.
type Astrology struct {
	DefaultSystem    ChartType        `json:"default_system"`
	ChartPreferences ChartPreferences `json:"chart_preferences"`
	AISettings       AISettings       `json:"ai_settings"`
}

// ChartPreferences says what a chart shows.
type ChartPreferences struct {
	ShowTransitions         bool        `json:"show_transitions"`
	IncludeYearlyPrediction bool        `json:"include_yearly_prediction"`
	DetailLevel             DetailLevel `json:"detail_level"`
}

// AISettings says how a reading is written.
type AISettings struct {
	AnalysisDepth AnalysisDepth   `json:"analysis_depth"`
	Language      ReadingLanguage `json:"language"`
}

// A Theme is how the page looks.
type Theme string

const (
	Light  Theme = "light"
	Dark   Theme = "dark"
	System Theme = "system" // as the device is set
)

// A DetailLevel is how much of a chart is shown.
type DetailLevel string

const (
	BriefChart         DetailLevel = "brief"
	StandardChart      DetailLevel = "standard"
	ComprehensiveChart DetailLevel = "comprehensive"
)

// An AnalysisDepth is how much a reading says.
type AnalysisDepth string

const (
	BriefReading    AnalysisDepth = "brief"
	StandardReading AnalysisDepth = "standard"
	DetailedReading AnalysisDepth = "detailed"
)

// A ReadingLanguage is the language a reading is written in, by its English name.
type ReadingLanguage string

const (
	ReadTraditionalChinese ReadingLanguage = "traditional_chinese"
	ReadSimplifiedChinese  ReadingLanguage = "simplified_chinese"
	ReadEnglish            ReadingLanguage = "english"
	ReadJapanese           ReadingLanguage = "japanese"
	ReadKorean             ReadingLanguage = "korean"
	ReadVietnamese         ReadingLanguage = "vietnamese"
)

var (
	themes           = []Theme{Light, Dark, System}
	detailLevels     = []DetailLevel{BriefChart, StandardChart, ComprehensiveChart}
	analysisDepths   = []AnalysisDepth{BriefReading, StandardReading, DetailedReading}
	readingLanguages = []ReadingLanguage{ReadTraditionalChinese, ReadSimplifiedChinese, ReadEnglish,
		ReadJapanese, ReadKorean, ReadVietnamese} // in the order of languages
)

// Tag returns the language as a Language.
func (l ReadingLanguage) Tag() Language {
	for i, known := range readingLanguages {
		if l == known {
			return languages[i]
		}
	}
	return DefaultLanguage
}

// DefaultPreferences returns the preferences of somebody who has chosen nothing.
func DefaultPreferences() Preferences {
	return Preferences{
		Language: TraditionalChinese,
		Timezone: "Asia/Taipei",
		Theme:    Light,
		Notifications: Notifications{
			Email:                 true,
			AstrologyInsights:     true,
			SubscriptionReminders: true,
		},
		Astrology: Astrology{
			DefaultSystem: Ziwei,
			ChartPreferences: ChartPreferences{
				ShowTransitions: true,
				DetailLevel:     ComprehensiveChart,
			},
			AISettings: AISettings{
				AnalysisDepth: DetailedReading,
				Language:      ReadTraditionalChinese,
			},
		},
	}
}

const maxPreferences = 8 << 10 // bytes of a patch; all settings together are under 1 KB

// Patch returns p changed by a merge patch (RFC 7396): members given are set, null
// resets a member, or a whole group of them, to its default, the rest stays. A patch
// that has anything wrong in it changes nothing and is an Invalid fault whose field
// is the member's path, such as "astrology.ai_settings.language".
func (p Preferences) Patch(raw []byte) (Preferences, error) {
	if len(raw) > maxPreferences {
		return p, fault.Coded(fault.TooLarge, CodeTooLarge, "preferences are over %d bytes", maxPreferences)
	}
	r, next := reader{data: raw}, p
	if err := next.patch(&r); err != nil {
		return p, err
	}
	if err := r.end(); err != nil {
		return p, err
	}
	return next, nil
}

func (p *Preferences) patch(r *reader) error {
	standard := DefaultPreferences()
	return group(r, "", p, standard, func(name []byte) error {
		switch string(name) {
		case "language":
			return choice(r, "language", &p.Language, standard.Language, languages)
		case "timezone":
			return p.zone(r, standard.Timezone)
		case "theme":
			return choice(r, "theme", &p.Theme, standard.Theme, themes)
		case "notifications":
			return p.Notifications.patch(r, "notifications", standard.Notifications)
		case "astrology":
			return p.Astrology.patch(r, "astrology", standard.Astrology)
		}
		return unknown("", name)
	})
}

func (p *Preferences) zone(r *reader, standard string) error {
	const path = "timezone"
	if r.null() {
		p.Timezone = standard
		return nil
	}
	name, err := r.text(path)
	if err != nil {
		return err
	}
	zone, err := birth.LoadZone(string(name))
	if err != nil {
		return err
	}
	p.Timezone = zone.String()
	return nil
}

func (n *Notifications) patch(r *reader, path string, standard Notifications) error {
	return group(r, path, n, standard, func(name []byte) error {
		switch string(name) {
		case "email":
			return toggle(r, path+".email", &n.Email, standard.Email)
		case "push":
			return toggle(r, path+".push", &n.Push, standard.Push)
		case "astrology_insights":
			return toggle(r, path+".astrology_insights", &n.AstrologyInsights, standard.AstrologyInsights)
		case "subscription_reminders":
			return toggle(r, path+".subscription_reminders", &n.SubscriptionReminders, standard.SubscriptionReminders)
		}
		return unknown(path, name)
	})
}

func (a *Astrology) patch(r *reader, path string, standard Astrology) error {
	return group(r, path, a, standard, func(name []byte) error {
		switch string(name) {
		case "default_system":
			return choice(r, path+".default_system", &a.DefaultSystem, standard.DefaultSystem, chartTypes)
		case "chart_preferences":
			return a.ChartPreferences.patch(r, path+".chart_preferences", standard.ChartPreferences)
		case "ai_settings":
			return a.AISettings.patch(r, path+".ai_settings", standard.AISettings)
		}
		return unknown(path, name)
	})
}

func (c *ChartPreferences) patch(r *reader, path string, standard ChartPreferences) error {
	return group(r, path, c, standard, func(name []byte) error {
		switch string(name) {
		case "show_transitions":
			return toggle(r, path+".show_transitions", &c.ShowTransitions, standard.ShowTransitions)
		case "include_yearly_prediction":
			return toggle(r, path+".include_yearly_prediction", &c.IncludeYearlyPrediction, standard.IncludeYearlyPrediction)
		case "detail_level":
			return choice(r, path+".detail_level", &c.DetailLevel, standard.DetailLevel, detailLevels)
		}
		return unknown(path, name)
	})
}

func (a *AISettings) patch(r *reader, path string, standard AISettings) error {
	return group(r, path, a, standard, func(name []byte) error {
		switch string(name) {
		case "analysis_depth":
			return choice(r, path+".analysis_depth", &a.AnalysisDepth, standard.AnalysisDepth, analysisDepths)
		case "language":
			return choice(r, path+".language", &a.Language, standard.Language, readingLanguages)
		}
		return unknown(path, name)
	})
}

// group reads an object of settings, or a null that resets them all.
func group[T any](r *reader, path string, into *T, standard T, member func(name []byte) error) error {
	if r.null() {
		*into = standard
		return nil
	}
	return r.object(path, member)
}

// toggle reads a setting that is on or off, or a null that resets it.
func toggle(r *reader, path string, into *bool, standard bool) (err error) {
	if r.null() {
		*into = standard
		return nil
	}
	*into, err = r.boolean(path)
	return err
}

// choice reads a setting that is one of a few words, or a null that resets it.
func choice[T ~string](r *reader, path string, into *T, standard T, values []T) error {
	if r.null() {
		*into = standard
		return nil
	}
	return oneOf(r, path, into, values)
}

// oneOf reads a word that is one of a few.
func oneOf[T ~string](r *reader, path string, into *T, values []T) error {
	text, err := r.text(path)
	if err != nil {
		return err
	}
	for _, v := range values {
		if string(text) == string(v) {
			*into = v
			return nil
		}
	}
	return fault.Field(path, CodeInvalidValue, "must be %s, not %s", list(values), quote(text))
}
