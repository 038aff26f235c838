package server

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/objects"
)

// calculate answers with a chart: from the cache, which costs nothing, or computed,
// which counts. It is the product's hot path, so it is written without what reflects
// or builds trees.
func (s *Server) calculate(q *request) error {
	return s.readAndAnswer(q, fortunet.DecodeCalculation)
}

// horoscope is calculate for a request that must ask for a horoscope.
func (s *Server) horoscope(q *request) error {
	return s.readAndAnswer(q, func(raw []byte, l fortunet.Language) (fortunet.Question, *fortunet.Look, error) {
		question, look, err := fortunet.DecodeCalculation(raw, l)
		if err == nil && !question.Chart.HasHoroscope {
			err = fault.Field("horoscope", fortunet.CodeMissingField, "is missing")
		}
		return question, look, err
	})
}

// transits answers with what a moment brings to a western chart.
func (s *Server) transits(q *request) error { return s.readAndAnswer(q, fortunet.DecodeTransits) }

// synastry answers with two people's charts side by side.
func (s *Server) synastry(q *request) error { return s.readAndAnswer(q, fortunet.DecodeSynastry) }

// A decoder reads a question from a body, and how a picture beside the answer is to
// look where one is asked for.
type decoder func(raw []byte, l fortunet.Language) (fortunet.Question, *fortunet.Look, error)

// readAndAnswer reads a question, answers it, and notes the chart as an active one. The
// answer may be asked for in other forms by ?format=. A picture or a text beside the
// chart costs nothing of its own.
func (s *Server) readAndAnswer(q *request, decode decoder) error {
	if err := checkType(q.r); err != nil {
		return err
	}
	form, err := formOf(q.r)
	if err != nil {
		return err
	}
	b, err := readBody(q)
	if err != nil {
		return err
	}
	defer b.free()
	question, look, err := decode(b.Bytes(), languageOf(q.r))
	if err != nil {
		return err
	}
	hit, key, err := s.answer(q, &question)
	if err != nil {
		return err
	}
	s.noteChart(q, key)
	if form != fortunet.JSON {
		return s.sendDrawn(q, question.As(form, fortunet.LookIn(question.Chart.Language)))
	}
	var picture objects.Hit
	if look != nil {
		drawn := question.As(fortunet.SVG, *look)
		if picture, _, err = s.free(q, &drawn); err != nil {
			return err
		}
	}
	b.Reset()
	b.writeAnswer(&hit, key, picture.Data)
	h := q.w.Header()
	h["Content-Type"] = jsonType
	h["Content-Length"] = []string{strconv.Itoa(b.Len())}
	writeWhole(q.w, q.r, b.Bytes())
	return nil
}

// formOf returns the form a query asks for.
func formOf(r *http.Request) (fortunet.Form, error) {
	if r.URL.RawQuery == "" {
		return fortunet.JSON, nil
	}
	switch f := r.URL.Query().Get("format"); f {
	case "json":
		return fortunet.JSON, nil
	case "text", "markdown":
		return fortunet.Form(f), nil
	}
	return "", fault.Field("format", fortunet.CodeInvalidValue, "must be json, text or markdown")
}

// noteChart puts the chart among the active ones of who is signed in; a program with an
// API key is not. That it cannot is no reason to withhold the chart.
func (s *Server) noteChart(q *request, key string) {
	if q.who.Device == "" {
		return
	}
	if _, err := objects.AddChart(q.r.Context(), s.session(q.who), key); err != nil {
		s.log.Warn("an active chart was not noted", "id", requestID(q.w), "err", err)
	}
}

// writeAnswer writes an answer with the picture, if there is one. It is put together
// whole, so that it leaves in as few pieces as the connection allows.
func (b *body) writeAnswer(hit *objects.Hit, key, picture string) {
	const around = 256
	b.Grow(len(hit.Data) + around)
	out := appendHit(append(b.AvailableBuffer(), '{'), hit, key)
	if picture != "" {
		out = append(out, `,"drawing":`...)
		out = appendText(out, picture)
	}
	b.Write(append(out, '}'))
}

// appendText appends text as a JSON string, with its angle brackets as they are.
func appendText(out []byte, text string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a string always can be
	return append(out, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...)
}
