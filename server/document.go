package server

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
)

// A document is an answer that is the same for everybody, ready in both encodings.
type document struct {
	contentType string
	body        []byte
	zipped      []byte
	tag         string // the entity tag without its quotes
}

func newDocument(contentType string, body []byte) document {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	sum := sha256.Sum256(body)
	return document{contentType, body, b.Bytes(), base64.RawURLEncoding.EncodeToString(sum[:12])}
}

// serve sends the document in the encoding the client takes, or says that the client
// has it already.
func (d *document) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	body, tag := d.body, `"`+d.tag+`"`
	h.Add("Vary", "Accept-Encoding")
	if takesGzip(r.Header.Get("Accept-Encoding")) {
		body, tag = d.zipped, `"`+d.tag+`-gzip"`
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", tag)
	h.Set("Cache-Control", "no-cache")
	if matchesTag(r.Header.Get("If-None-Match"), tag) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", d.contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body) // a client that went away needs no answer
}

// matchesTag reports whether an If-None-Match header has a tag, compared weakly.
func matchesTag(header, tag string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == tag {
			return true
		}
	}
	return false
}

func (s *Server) openapi(q *request) error {
	s.spec.serve(q.w, q.r)
	return nil
}
