package server

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"

	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/objects"
)

// idempotencyHeader is the header whose value makes a request one that is carried out
// once, however often it is sent (draft-ietf-httpapi-idempotency-key-header).
const idempotencyHeader = "Idempotency-Key"

const longestKey = 128 // bytes

var errIdempotencyKey = fault.Field(idempotencyHeader, "invalid_value", "must be one value of 1 to %d printable characters", longestKey)

// once answers a request with an idempotency key, on a route that creates something,
// with the answer to the first of its kind: the same token, the same key. A request
// that fails may be sent again. The caller is who is signed in or, where nobody needs
// to be, an address.
func (s *Server) once(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		keys := r.Header[idempotencyHeader]
		if len(keys) == 0 || r.Method != http.MethodPost {
			next.ServeHTTP(w, r)
			return
		}
		_, pattern := s.mux.Handler(r)
		rt := s.creates[pattern]
		if rt == nil {
			next.ServeHTTP(w, r)
			return
		}
		r.Pattern = pattern // under which it is counted, also where nobody carries it out
		if err := s.replay(w, r, rt, keys, next); err != nil {
			s.fail(w, r, err)
		}
	})
}

// replay answers from what is kept, or has the request carried out and keeps its
// answer.
func (s *Server) replay(w http.ResponseWriter, r *http.Request, rt *route, keys []string, next http.Handler) error {
	if len(keys) != 1 || !isPrintable(keys[0], longestKey) {
		return errIdempotencyKey
	}
	caller, err := s.callerOf(r, rt)
	if err != nil {
		return err
	}
	raw, err := readBody(&request{w: w, r: r})
	if err != nil {
		return err
	}
	defer raw.free()
	sum := sha256.Sum256(raw.Bytes())
	digest := hex.EncodeToString(sum[:])
	kept := objects.Replays.Get(s.o.Runtime, s.replayName(rt.pattern, caller, keys[0]))
	answer, err := objects.BeginOnce(r.Context(), kept, digest)
	if err != nil {
		return err
	}
	seal, err := s.sealOf(keys[0])
	if err != nil {
		return err
	}
	if len(answer.Sealed) > 0 {
		return sendKept(w, seal, answer.Sealed)
	}
	return s.carryOut(w, r, next, &doing{kept: kept, digest: digest, seal: seal, body: bytes.Clone(raw.Bytes())})
}

// callerOf returns whose keys are meant: a user's, if the route is for them, or, where
// nobody needs to be signed in, those of an address and the token that came from there,
// if one did.
func (s *Server) callerOf(r *http.Request, rt *route) (string, error) {
	if rt.access != anybody {
		who, err := s.authenticate(r)
		if err == nil {
			err = rt.admits(who)
		}
		return who.UserID, err
	}
	token, err := tokenOf(r)
	if err != nil {
		token = ""
	}
	return s.clientAddr(r).String() + " " + token, nil
}

// A doing is a request that is carried out once.
type doing struct {
	kept   durable.Stub[objects.Replay]
	digest string
	seal   cipher.AEAD
	body   []byte
}

// carryOut has a request carried out and keeps its answer if it is a good one. What is
// sent is what is kept, so nobody sees an answer that the next try would not get.
func (s *Server) carryOut(w http.ResponseWriter, r *http.Request, next http.Handler, d *doing) error {
	// The answer to a request that was carried out is kept even if who sent it is gone.
	ctx := context.WithoutCancel(r.Context())
	done := false
	defer func() {
		if !done {
			_, _ = objects.AbandonOnce(ctx, d.kept, d.digest) // else it is taken to be gone after a while
		}
	}()
	r.Body = io.NopCloser(bytes.NewReader(d.body))
	held := &heldAnswer{ResponseWriter: w}
	next.ServeHTTP(held, r)
	if held.status/100 != 2 {
		held.send()
		return nil
	}
	sealed, err := held.seal(d.seal)
	if err == nil {
		_, err = objects.FinishOnce(ctx, d.kept, objects.KeptAnswer{Request: d.digest, Sealed: sealed})
	}
	done = err == nil
	if err != nil {
		// It was carried out; that it could not be kept is no reason to withhold it.
		s.log.Warn("the answer to an idempotency key was not kept", "id", requestID(w), "err", err)
	}
	held.send()
	return nil
}

// replayName names what is kept for a key. Neither key nor caller can be read from it.
func (s *Server) replayName(pattern, caller, key string) string {
	mac := hmac.New(sha256.New, s.o.Secret)
	for _, part := range []string{"replay", pattern, caller, key} {
		mac.Write([]byte(part))
		mac.Write([]byte{0})
	}
	return hex.EncodeToString(mac.Sum(nil))
}

// sealOf returns what seals an answer. It hangs on the key, which the client alone
// keeps, so that what is stored tells nobody a token.
func (s *Server) sealOf(key string) (cipher.AEAD, error) {
	mac := hmac.New(sha256.New, s.o.Secret)
	mac.Write([]byte("seal\x00" + key))
	block, err := aes.NewCipher(mac.Sum(nil))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// A sealedAnswer is what is kept of an answer.
type sealedAnswer struct {
	Status  int      `json:"status"`
	Type    string   `json:"type"`
	Cookies []string `json:"cookies,omitempty"`
	Body    []byte   `json:"body"`
}

func sendKept(w http.ResponseWriter, seal cipher.AEAD, sealed []byte) error {
	raw, err := seal.Open(nil, nil, sealed, nil)
	if err != nil {
		return err
	}
	var a sealedAnswer
	if err := json.Unmarshal(raw, &a); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", a.Type)
	h.Set("Idempotent-Replayed", "true")
	for _, cookie := range a.Cookies {
		h.Add("Set-Cookie", cookie)
	}
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body) // who is gone does not want it
	return nil
}

// A heldAnswer holds an answer back until it is kept.
type heldAnswer struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// Unwrap lets http.ResponseController reach the connection.
func (a *heldAnswer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// WriteHeader implements http.ResponseWriter.
func (a *heldAnswer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

// Write implements http.ResponseWriter.
func (a *heldAnswer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

func (a *heldAnswer) send() {
	a.WriteHeader(http.StatusOK)
	a.ResponseWriter.WriteHeader(a.status)
	_, _ = a.ResponseWriter.Write(a.body.Bytes()) // who is gone does not want it
}

func (a *heldAnswer) seal(seal cipher.AEAD) ([]byte, error) {
	h := a.Header()
	raw, err := json.Marshal(sealedAnswer{a.status, h.Get("Content-Type"), h["Set-Cookie"], a.body.Bytes()})
	if err != nil {
		return nil, err
	}
	return seal.Seal(nil, nil, raw, nil), nil
}

// isPrintable reports whether a text is 1 to most visible ASCII characters.
func isPrintable(text string, most int) bool {
	for i := range len(text) {
		if text[i] <= ' ' || text[i] > '~' {
			return false
		}
	}
	return text != "" && len(text) <= most
}
