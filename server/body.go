package server

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
)

// A body is a request's body in memory that is used again after free.
type body struct{ bytes.Buffer }

var bodies = sync.Pool{New: func() any { return new(body) }}

// keptBody is how large a body's memory may be to be kept.
const keptBody = 64 << 10

func (b *body) free() {
	if b.Cap() <= keptBody {
		b.Reset()
		bodies.Put(b)
	}
}

// readBody reads a body of up to maxBody bytes.
func readBody(q *request) (*body, error) {
	if q.r.ContentLength > maxBody {
		return nil, errLarge
	}
	b := bodies.Get().(*body)
	if q.r.ContentLength > 0 {
		b.Grow(int(q.r.ContentLength) + bytes.MinRead)
	}
	_, err := b.ReadFrom(&bounded{q.r.Body, maxBody})
	if err == nil {
		return b, nil
	}
	b.free()
	timeout, ok := errors.AsType[net.Error](err)
	switch {
	case errors.Is(err, errLarge):
		return nil, errLarge
	case ok && timeout.Timeout():
		return nil, newProblem(http.StatusRequestTimeout, "body_timeout", "the body did not come in time")
	}
	return nil, errBody
}

// maxDrain is how much of a body that a refusal has left unread is read nonetheless.
const maxDrain = 8 << 20

// drain reads what is left of a refused request. A client that sends everything before
// it reads would find its connection reset otherwise, and never see why.
func drain(r *http.Request, left io.Reader) {
	if r.ContentLength == 0 || r.ContentLength > maxDrain || r.Header["Expect"] != nil {
		return // one that expects to be told to go on has not begun to send
	}
	_, _ = io.CopyN(io.Discard, left, maxDrain) // within readTimeout
}

// bounded is a reader that fails with errLarge after left bytes.
type bounded struct {
	r    io.Reader
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if len(p) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	if b.left -= n; b.left < 0 {
		return n, errLarge
	}
	return n, err
}

// checkType returns a problem unless a request's body is said to be JSON, or nothing
// is said of it.
func checkType(r *http.Request) error {
	said := r.Header["Content-Type"]
	if len(said) == 0 || said[0] == "application/json" {
		return nil
	}
	media, _, _ := strings.Cut(said[0], ";")
	media = strings.ToLower(strings.TrimSpace(media))
	if media == "" || media == "application/json" || strings.HasPrefix(media, "application/") && strings.HasSuffix(media, "+json") {
		return nil
	}
	return errType
}
