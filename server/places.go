package server

import (
	"context"

	"github.com/fortunet/fortunet"
)

type placesInput struct {
	Query    string `query:"q" required:"true" minLength:"1" maxLength:"100" doc:"the name, or its beginning, in Chinese or English; a region or country may follow" example:"信義區 臺北"`
	Limit    int    `query:"limit" minimum:"1" maximum:"20" default:"10"`
	Language string `query:"language" enum:"zh-TW,zh-CN,en,ja,ko,vi" doc:"of the names; else Accept-Language"`
}

// A placesAnswer lists places, the likeliest first.
type placesAnswer struct {
	Success bool                  `json:"success"`
	Places  []fortunet.FoundPlace `json:"places" nullable:"false"`
}

// places searches the gazetteer. It is the same for everybody, tells nothing of who
// asks, and may be kept for a day.
func (s *Server) places(_ context.Context, q *request, in *placesInput) (*answer[placesAnswer], error) {
	l := fortunet.Language(in.Language)
	if l == "" {
		l = languageOf(q.r)
	}
	h := q.w.Header()
	h.Set("Cache-Control", "public, max-age=86400")
	h.Add("Vary", "Accept-Language")
	return with(placesAnswer{true, fortunet.FindPlaces(in.Query, in.Limit, l)}, nil)
}
