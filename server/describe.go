package server

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"

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
	"patchSession":  {"session", "Change preferences or metadata", "A merge patch (RFC 7396) for each part; null resets a preference to its default and removes a member of metadata, or all of them. All or nothing; 200 says that the change is durable. All of the user's sockets are told."},
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

	"calculateHoroscope": {"charts", "Compute a horoscope", "A Zi Wei chart with the limits (運限) of the moment that `horoscope` names; the answer is that of calculateChart, and one in the cache serves both."},
	"calculateBatch":     {"charts", "Compute many charts", "Up to 100 charts, answered in order; what is wrong with one of them hinders no other. Each that is not in the cache counts one; if they are more than is left, nothing is computed."},
	"calculateTransits":  {"charts", "Transits of a moment", "What the sky of `moment` brings to a western chart. `data` has `natal`; `transits` {sky, aspects, houses}; `progressed` {solarArc, chart, aspects, houses}, a day for a year; `returns` {lastSolar, nextSolar, lastLunar, nextLunar}, null where the ephemeris ends. Of an aspect `a` is in the sky and `b` in the natal chart. Cached and counted like a chart."},
	"calculateSynastry":  {"charts", "Compare two charts", "Two charts of one type. `data` has `a` and `b`, each as it is answered alone, and of western charts `synastry` {aspects, aInB, bInA, composite}, of Zi Wei charts `pairing` (合盤). Cached and counted like a chart."},
	"drawSVG":            {"charts", "Draw a chart as SVG", "The board of a Zi Wei chart or the wheel of a western one; with `moment` or `other` a wheel of two rings."},
	"drawPNG":            {"charts", "Draw a chart as PNG", "The same drawing as SVG's."},
	"getCalendar":        {"charts", "A month of the Chinese calendar", "Every day with its Chinese date, its pillars and its solar term."},

	"findPlaces": {"charts", "Search for a place of birth", "Taiwan to the district, and the world's cities, with coordinates and time zone. Data © GeoNames (CC BY 4.0) and Taiwan's Ministry of the Interior."},

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
	Metadata    map[string]any `json:"metadata,omitempty" doc:"a merge patch of the metadata; null removes a member, or all; 4 KB at most in the end"`
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
	op.Responses["304"] = &huma.Response{Description: "It is as If-None-Match has it"}
}
