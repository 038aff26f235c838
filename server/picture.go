package server

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"

	"github.com/fortunet/fortunet"
)

// mediaTypes are those of drawn answers.
var mediaTypes = map[fortunet.Form]string{
	fortunet.SVG:      "image/svg+xml",
	fortunet.PNG:      "image/png",
	fortunet.Text:     "text/plain; charset=utf-8",
	fortunet.Markdown: "text/markdown; charset=utf-8",
}

func (s *Server) imageSVG(q *request) error { return s.image(q, fortunet.SVG) }
func (s *Server) imagePNG(q *request) error { return s.image(q, fortunet.PNG) }

// image answers with a picture of a chart, of transits, or of two charts. It is a POST
// because a birth never stands in an address.
func (s *Server) image(q *request, f fortunet.Form) error {
	if err := checkType(q.r); err != nil {
		return err
	}
	b, err := readBody(q)
	if err != nil {
		return err
	}
	defer b.free()
	question, err := fortunet.DecodePicture(b.Bytes(), languageOf(q.r))
	if err != nil {
		return err
	}
	return s.sendDrawn(q, question.As(f, question.Look))
}

// sendDrawn sends an answer that is not JSON, or says that the client has it already.
func (s *Server) sendDrawn(q *request, question fortunet.Question) error {
	hit, _, err := s.free(q, &question)
	if err != nil {
		return err
	}
	data, err := question.Form.Bytes(hit.Data)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	h := q.w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	if matchesTag(q.r.Header.Get("If-None-Match"), tag) {
		q.w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", mediaTypes[question.Form])
	h.Set("Content-Length", strconv.Itoa(len(data)))
	writeWhole(q.w, q.r, data)
	return nil
}
