package server

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/objects"
)

var apiTags = []*huma.Tag{
	{Name: "auth", Description: "Becoming somebody: guests, accounts, tokens."},
	{Name: "session", Description: "Who is signed in, on which devices, with which preferences."},
	{Name: "charts", Description: "Computing charts."},
	{Name: "account", Description: "API keys, limits, and everything that is kept of a user."},
	{Name: "admin", Description: "For operators."},
	{Name: "operations", Description: "For what runs the server."},
}

// A description is what the document says of an operation.
type description struct{ tag, summary, text string }

// descriptions has one for each route, by the operation's id.
var descriptions = map[string]description{
	"becomeGuest": {"auth", "Become a guest", "Makes a user without an account and signs it in. A guest unused for 30 days is deleted. With `{\"cookie\":true}` the token goes into a cookie. Counted by the client's address, IPv6 by /64."},
	"register":    {"auth", "Make an account", "Makes an account with an address and a password. A guest who asks becomes the account's user: the id stays, the token is replaced."},
	"login":       {"auth", "Sign in", "Signs in with address and password. Ten wrong passwords an hour lock an account's sign-in, from wherever they come; a sixth device ends the one unused longest."},
	"logout":      {"auth", "Sign out", "Ends this device: its token is refused and its sockets are closed (4401) when the answer comes. Clears the cookie."},
	"makeTicket":  {"auth", "Get a ticket for a socket", "A ticket stands for this device's token once, within a minute, as `?ticket=` of a WebSocket, where a header cannot be sent."},

	"getSession":    {"session", "The session", "Who is signed in, with preferences, metadata, active charts and devices."},
	"patchSession":  {"session", "Change preferences or metadata", "A merge patch (RFC 7396) for each part; null resets a preference to its default and removes a member of metadata. All or nothing; 200 says that the change is durable. All of the user's sockets are told."},
	"removeChart":   {"session", "Close a chart", "Takes a chart from the active ones. It stays in the cache."},
	"listDevices":   {"session", "List devices", "Where the user is signed in, the device used last coming first."},
	"revokeDevice":  {"session", "Sign a device out", "When the answer comes its token is refused and its sockets are being closed with 4401."},
	"revokeDevices": {"session", "Sign out everywhere", "Signs out all devices, or with `?except=current` all others."},
	"sessionSocket": {"session", "The session's WebSocket", "First message: `session_connected` {user, activeCharts, preferences}. Then `session_updated`, `preferences_updated`, `chart_updated`, `heartbeat` and `error`. Takes `heartbeat`, `update_preferences`, `add_chart`, `remove_chart`, `chart_update`. A browser sends the cookie, and its Origin is checked; others send the header or a ticket."},

	"createKey":     {"account", "Make an API key", "A key lets a program act for the user within its scopes, which are permissions of the plan. It is shown this once."},
	"listKeys":      {"account", "List API keys", "Without their secrets."},
	"revokeKey":     {"account", "Revoke an API key", "It is refused when the answer comes."},
	"getLimits":     {"account", "What is left of each limit", "What was counted in each class within its window."},
	"exportAccount": {"account", "Export everything", "Everything kept of the user, as one JSON document."},
	"deleteAccount": {"account", "Delete everything", "Forgets the user and everything of theirs, and closes their sockets. It cannot be undone."},

	"calculateChart": {"charts", "Compute a chart", "Computes a chart, or takes it from the cache, which costs nothing: only a computation counts. `calculationTime` is the milliseconds the computation took, `chartKey` names the result and says nothing of the birth. The same request has the same data and key."},

	"statistics":      {"admin", "Statistics of everything", "Sessions, the chart cache, and every type of object."},
	"listTypes":       {"admin", "List types of objects", "With what each has counted since the process began."},
	"listObjects":     {"admin", "List objects", "The names of stored objects of a type, ascending, by pages."},
	"inspectObject":   {"admin", "Inspect an object", "What is stored, sockets, alarms, and why it is in memory. Looking does not wake it."},
	"deleteObject":    {"admin", "Delete an object", "Forgets everything stored of it and closes its sockets."},
	"limitUsage":      {"admin", "What a caller has used", "What was counted in each class, against the limits of a plan."},
	"resetLimits":     {"admin", "Forget what was counted", "Of one class, or of all."},
	"blockCaller":     {"admin", "Block a caller", "Refuses everything a user or an address asks for, a day unless said, 30 days at most."},
	"unblockCaller":   {"admin", "End a block", "Says whether there was one."},
	"cacheStatistics": {"admin", "Statistics of the chart cache", "Counted where it happens; they survive a restart."},
	"invalidateCache": {"admin", "Invalidate cached charts", "Makes all charts misses, or those of a type, or of a type and a version of its engine."},
	"changeUser":      {"admin", "Change a plan or a role", "The live session, its sockets and its limits follow at once; what was counted stays."},

	"health":    {"operations", "Is the process alive", "Answers while it is."},
	"readiness": {"operations", "Can the server work", "503 with the reasons where it cannot, or while it is stopping."},
	"metrics":   {"operations", "Figures for Prometheus", "By route and type, never by user or address. Not served here where an address of its own is configured."},
	"openapi":   {"operations", "This document", "OpenAPI 3.1."},
}

// jsonOf describes a body in JSON.
func jsonOf[T any](schemas huma.Registry, name string) map[string]*huma.MediaType {
	return map[string]*huma.MediaType{"application/json": {Schema: schemas.Schema(reflect.TypeFor[T](), true, name)}}
}

func describeView(schemas huma.Registry, op *huma.Operation) {
	op.Responses["200"].Content = jsonOf[objects.SessionView](schemas, "SessionView")
}

// sessionPatch describes what patchSession reads by itself.
type sessionPatch struct {
	Preferences map[string]any `json:"preferences,omitempty" doc:"a merge patch of the preferences; null resets a setting"`
	Metadata    map[string]any `json:"metadata,omitempty" doc:"a merge patch of the metadata; null removes a member; 4 KB at most in the end"`
}

func describePatch(schemas huma.Registry, op *huma.Operation) {
	content := jsonOf[sessionPatch](schemas, "SessionPatch")
	content["application/merge-patch+json"] = content["application/json"]
	op.RequestBody = &huma.RequestBody{Required: true, Content: content}
	describeView(schemas, op)
}

func describeSocket(_ huma.Registry, op *huma.Operation) {
	op.Parameters = []*huma.Param{{Name: "ticket", In: "query", Description: "in place of a token, see makeTicket", Schema: &huma.Schema{Type: "string"}}}
	op.Responses["101"].Description = "The WebSocket is open"
}

// chartRequest describes what fortunet.DecodeChartRequest reads.
type chartRequest struct {
	ChartType string             `json:"chartType" enum:"ziwei,zodiac"`
	BirthDate string             `json:"birthDate,omitempty" doc:"YYYY-MM-DD; lunar where calendar says so" example:"1990-05-17"`
	BirthTime string             `json:"birthTime,omitempty" doc:"hh:mm or hh:mm:ss on the clocks of timezone" example:"14:30"`
	TimeIndex *int               `json:"timeIndex,omitempty" minimum:"0" maximum:"12" doc:"in place of birthTime: the hour as one of thirteen, 0 being early and 12 late zi; final"`
	Gender    fortunet.Gender    `json:"gender,omitempty" enum:"male,female" doc:"needed for ziwei"`
	Timezone  string             `json:"timezone,omitempty" doc:"IANA name; needed with birthTime" example:"Asia/Taipei"`
	Location  *chartPlace        `json:"location,omitempty" doc:"needed for zodiac, and for ziwei with timeBasis trueSolar"`
	Calendar  string             `json:"calendar,omitempty" enum:"solar,lunar" default:"solar"`
	LeapMonth bool               `json:"leapMonth,omitempty" doc:"the lunar month is the leap one"`
	UTC       string             `json:"utc,omitempty" doc:"zodiac: the instant, in place of date, time and zone" example:"1990-05-17T06:30:00Z"`
	Language  fortunet.Language  `json:"language,omitempty" enum:"zh-TW,zh-CN,en,ja,ko,vi" doc:"of names; else Accept-Language, else zh-TW"`
	Options   map[string]any     `json:"options,omitempty" doc:"ziwei: fixLeap, algorithm, astroType, yearDivide, horoscopeDivide, dayDivide, ageDivide, tables, timeBasis, pass; zodiac: houseSystems, ayanamsa, orbs, deltaT, pass"`
	Horoscope *chartHoroscopeAsk `json:"horoscope,omitempty" doc:"ziwei: the moment whose limits are asked for"`
}

type chartPlace struct {
	Latitude  float64 `json:"latitude" minimum:"-90" maximum:"90"`
	Longitude float64 `json:"longitude" minimum:"-180" maximum:"180"`
	Name      string  `json:"name,omitempty" maxLength:"100"`
}

type chartHoroscopeAsk struct {
	SolarDate string `json:"solarDate" example:"2026-11-23"`
	TimeIndex int    `json:"timeIndex" minimum:"0" maximum:"12"`
}

// chartAnswer describes what calculate writes.
type chartAnswer struct {
	Success         bool           `json:"success"`
	Data            map[string]any `json:"data" doc:"the chart"`
	Cached          bool           `json:"cached" doc:"it was in the cache, or somebody else had it computed at that moment"`
	CalculationTime float64        `json:"calculationTime" doc:"milliseconds its computation took"`
	ChartKey        string         `json:"chartKey" example:"ziwei:1:0f3c…"`
}

func describeCalculate(schemas huma.Registry, op *huma.Operation) {
	op.RequestBody = &huma.RequestBody{Required: true, Content: jsonOf[chartRequest](schemas, "ChartRequest")}
	op.Responses["200"].Content = jsonOf[chartAnswer](schemas, "ChartAnswer")
}

func describeHealth(schemas huma.Registry, op *huma.Operation) {
	op.Responses["200"].Content = jsonOf[healthReport](schemas, "HealthReport")
}

func describeReadiness(schemas huma.Registry, op *huma.Operation) {
	op.Responses["200"].Content = jsonOf[readyReport](schemas, "ReadyReport")
}

func describeMetrics(_ huma.Registry, op *huma.Operation) {
	op.Responses["200"].Content = map[string]*huma.MediaType{"text/plain": {Schema: &huma.Schema{Type: "string"}}}
}

func describeSpec(_ huma.Registry, op *huma.Operation) {
	op.Responses["200"].Content = map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Type: "object"}}}
}
