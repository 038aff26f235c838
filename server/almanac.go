package server

import (
	"context"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/fault"
)

type calendarInput struct {
	Year     int    `query:"year" required:"true" doc:"of the calendar asked for" example:"2026"`
	Month    int    `query:"month" required:"true" minimum:"1" maximum:"12"`
	Calendar string `query:"calendar" enum:"solar,lunar" default:"solar" doc:"whose month is meant"`
	Leap     bool   `query:"leap" doc:"lunar: the leap month of that number"`
}

var errLeap = fault.Field("leap", fortunet.CodeConflictingField, "needs calendar to be lunar")

// A calendarAnswer is a month of the almanac.
type calendarAnswer struct {
	Success bool                   `json:"success"`
	Data    fortunet.CalendarMonth `json:"data"`
}

// calendar answers with a month of the Chinese calendar with its solar terms. It is
// the same for everybody and may be kept for a day.
func (s *Server) calendar(_ context.Context, q *request, in *calendarInput) (*answer[calendarAnswer], error) {
	var month fortunet.CalendarMonth
	var err error
	if in.Calendar == "lunar" {
		month, err = fortunet.LunarMonth(in.Year, in.Month, in.Leap)
	} else {
		if in.Leap {
			return nil, errLeap
		}
		month, err = fortunet.SolarMonth(in.Year, in.Month)
	}
	if err == nil {
		q.w.Header().Set("Cache-Control", "private, max-age=86400")
	}
	return with(calendarAnswer{true, month}, err)
}
