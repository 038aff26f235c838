package server

import (
	"net/http"

	"github.com/fortunet/fortunet"
)

// routes lists every route there is. Each says who may use it (open: anybody, counted
// by address; program: who is signed in, and API keys with the permission; person: who
// is signed in on a device; operator: administrators) and belongs to class default
// unless it says otherwise. What each does is told in describe.go.
func (s *Server) routes() {
	add(s, open("POST /api/v2/auth/guest", "becomeGuest", 201).creating(), (*Server).becomeGuest)
	add(s, open("POST /api/v2/auth/register", "register", 201).creating(), (*Server).register)
	add(s, open("POST /api/v2/auth/login", "login", 200), (*Server).login)
	add(s, open("POST /api/v2/auth/logout", "logout", 204).uncounted(), (*Server).logout)
	add(s, person("POST /api/v2/auth/ticket", "makeTicket", 201), (*Server).makeTicket)

	s.addRaw(program("GET /api/v2/session", "getSession", fortunet.ProfileRead), describeView, (*Server).getSession)
	s.addRaw(program("PATCH /api/v2/session", "patchSession", fortunet.ProfileUpdate), describePatch, (*Server).patchSession)
	add(s, program("DELETE /api/v2/session/charts/{id}", "removeChart", fortunet.ProfileUpdate), (*Server).removeChart)
	add(s, person("GET /api/v2/session/devices", "listDevices", 200), (*Server).listDevices)
	add(s, person("DELETE /api/v2/session/devices/{id}", "revokeDevice", 200), (*Server).revokeDevice)
	add(s, person("DELETE /api/v2/session/devices", "revokeDevices", 200), (*Server).revokeDevices)
	s.addRaw(person("GET /ws/session", "sessionSocket", 101).byTicket(), describeSocket, (*Server).sessionSocket)

	add(s, person("POST /api/v2/keys", "createKey", 201).creating(), (*Server).createKey)
	add(s, person("GET /api/v2/keys", "listKeys", 200), (*Server).listKeys)
	add(s, person("DELETE /api/v2/keys/{id}", "revokeKey", 200), (*Server).revokeKey)
	add(s, program("GET /api/v2/limits", "getLimits", fortunet.ProfileRead), (*Server).limits)
	add(s, person("GET /api/v2/account/export", "exportAccount", 200), (*Server).exportAccount)
	add(s, person("DELETE /api/v2/account", "deleteAccount", 200), (*Server).deleteAccount)

	s.addRaw(chart("POST /api/v2/charts/calculate", "calculateChart"), describeCalculate, (*Server).calculate)
	s.addRaw(chart("POST /api/v2/charts/horoscope", "calculateHoroscope"), describeCalculate, (*Server).horoscope)
	s.addRaw(chart("POST /api/v2/charts/batch", "calculateBatch"), describeBatch, (*Server).batch)
	s.addRaw(chart("POST /api/v2/charts/transits", "calculateTransits"), describeTransits, (*Server).transits)
	s.addRaw(chart("POST /api/v2/charts/synastry", "calculateSynastry"), describeSynastry, (*Server).synastry)
	s.addRaw(download("POST /api/v2/charts/image.svg", "drawSVG"), describeImage("image/svg+xml"), (*Server).imageSVG)
	s.addRaw(download("POST /api/v2/charts/image.png", "drawPNG"), describeImage("image/png"), (*Server).imagePNG)
	add(s, program("GET /api/v2/charts/calendar", "getCalendar", fortunet.ChartsCreate), (*Server).calendar)

	add(s, open("GET /api/v2/places", "findPlaces", 200).uncounted(), (*Server).places)

	add(s, operator("GET /api/v2/admin/statistics", "statistics"), (*Server).statistics)
	add(s, operator("GET /api/v2/admin/objects", "listTypes"), (*Server).listTypes)
	add(s, operator("GET /api/v2/admin/objects/{type}", "listObjects"), (*Server).listObjects)
	add(s, operator("GET /api/v2/admin/objects/{type}/{name}", "inspectObject"), (*Server).inspectObject)
	add(s, operator("DELETE /api/v2/admin/objects/{type}/{name}", "deleteObject"), (*Server).deleteObject)
	add(s, operator("GET /api/v2/admin/limits/{id}", "limitUsage"), (*Server).limitUsage)
	add(s, operator("POST /api/v2/admin/limits/{id}/reset", "resetLimits"), (*Server).resetLimits)
	add(s, operator("POST /api/v2/admin/limits/{id}/block", "blockCaller"), (*Server).blockCaller)
	add(s, operator("DELETE /api/v2/admin/limits/{id}/block", "unblockCaller"), (*Server).unblockCaller)
	add(s, operator("GET /api/v2/admin/cache", "cacheStatistics"), (*Server).cacheStatistics)
	add(s, operator("POST /api/v2/admin/cache/invalidate", "invalidateCache"), (*Server).invalidateCache)
	if s.o.Grant != nil {
		add(s, operator("PATCH /api/v2/admin/users/{id}", "changeUser"), (*Server).changeUser)
	}

	s.addRaw(open("GET /healthz", "health", 200).uncounted(), describeHealth, (*Server).health)
	s.addRaw(open("GET /readyz", "readiness", 200).uncounted(), describeReadiness, (*Server).readiness)
	if !s.o.HideMetrics {
		s.addRaw(open("GET /metrics", "metrics", 200).uncounted(), describeMetrics, (*Server).prometheus)
	}
	s.addRaw(open("GET /openapi.json", "openapi", 200).uncounted(), describeSpec, (*Server).openapi)
	s.mux.HandleFunc("/", s.lost) // the pages, and what there is not
}

func open(pattern, id string, status int) *route {
	return &route{pattern: pattern, id: id, status: status, access: anybody, class: fortunet.ClassDefault}
}

func program(pattern, id string, p fortunet.Permission) *route {
	return &route{pattern: pattern, id: id, status: http.StatusOK, access: programs, class: fortunet.ClassDefault, permission: p}
}

// chart is a program's route that computes charts, counted by what it really computed.
func chart(pattern, id string) *route {
	return program(pattern, id, fortunet.ChartsCreate).counting(fortunet.ClassChartCalculation)
}

// download is a program's route that gives a chart away as a file.
func download(pattern, id string) *route {
	rt := program(pattern, id, fortunet.ChartsCreate)
	rt.class = fortunet.ClassExportDownload
	return rt
}

func person(pattern, id string, status int) *route {
	return &route{pattern: pattern, id: id, status: status, access: people, class: fortunet.ClassDefault}
}

func operator(pattern, id string) *route {
	return &route{pattern: pattern, id: id, status: http.StatusOK, access: operators, class: fortunet.ClassDefault}
}

// uncounted says that the route belongs to no class.
func (rt *route) uncounted() *route {
	rt.class = ""
	return rt
}

// counting says that the route belongs to another class and that its handler counts,
// since not every request costs something.
func (rt *route) counting(c fortunet.Class) *route {
	rt.class, rt.self = c, true
	return rt
}

// creating says that the route makes something anew each time, so that who is not sure
// of an answer may send an Idempotency-Key.
func (rt *route) creating() *route {
	rt.creates = true
	return rt
}

// byTicket says that a ticket may stand for a token.
func (rt *route) byTicket() *route {
	rt.tickets = true
	return rt
}
