package server

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/objects"
)

// item names one thing in a path.
type item struct {
	ID string `path:"id" maxLength:"300"`
}

// done says whether there was something to do.
type done struct {
	Done bool `json:"done"`
}

func (s *Server) getSession(q *request) error {
	v, err := objects.ViewJSON(q.r.Context(), s.session(q.who), struct{}{})
	if err != nil {
		return err
	}
	sendSession(q, v)
	return nil
}

// patchSession changes preferences and metadata. Its 200 says that the change is
// durable.
func (s *Server) patchSession(q *request) error {
	if err := checkType(q.r); err != nil {
		return err
	}
	body, err := readBody(q)
	if err != nil {
		return err
	}
	defer body.free()
	preferences, metadata, err := fortunet.DecodeSessionPatch(body.Bytes())
	if err != nil {
		return err
	}
	// Copies, since they outlive the body.
	patch := objects.PatchRequest{Preferences: bytes.Clone(preferences), Metadata: bytes.Clone(metadata)}
	v, err := objects.Patch(q.r.Context(), s.session(q.who), patch)
	if err != nil {
		return err
	}
	sendSession(q, v)
	return nil
}

func sendSession(q *request, v objects.SessionJSON) {
	h := q.w.Header()
	h["Content-Type"] = jsonType
	h["Content-Length"] = []string{strconv.Itoa(len(v.JSON))}
	_, _ = io.WriteString(q.w, v.JSON) // a client that went away needs no answer
}

func (s *Server) removeChart(ctx context.Context, q *request, in *item) (*answer[done], error) {
	did, err := objects.RemoveChart(ctx, s.session(q.who), in.ID)
	if err == nil && !did {
		err = fault.Errorf(fault.NotFound, "this chart is not among the active ones")
	}
	return with(done{did}, err)
}

func (s *Server) listDevices(ctx context.Context, q *request, _ *none) (*answer[[]objects.DeviceView], error) {
	return with(objects.Devices(ctx, s.session(q.who), struct{}{}))
}

func (s *Server) revokeDevice(ctx context.Context, q *request, in *item) (*answer[done], error) {
	did, err := objects.Revoke(ctx, s.session(q.who), in.ID)
	if err == nil && in.ID == q.who.Device {
		s.clearCookie(q)
	}
	return with(done{did}, err)
}

type devicesInput struct {
	Except string `query:"except" enum:"current" doc:"current: stay signed in here"`
}

type revoked struct {
	Revoked int `json:"revoked" doc:"how many devices were signed out"`
}

// revokeDevices signs out everywhere, or everywhere else.
func (s *Server) revokeDevices(ctx context.Context, q *request, in *devicesInput) (*answer[revoked], error) {
	keep := ""
	if in.Except != "" {
		keep = q.who.Device
	}
	n, err := objects.RevokeOthers(ctx, s.session(q.who), keep)
	if err == nil && keep == "" {
		s.clearCookie(q)
	}
	return with(revoked{n}, err)
}

type keyInput struct {
	Body struct {
		Name      string     `json:"name" maxLength:"400" example:"my bot"`
		Scopes    []string   `json:"scopes" maxItems:"20" doc:"permissions of the user's plan" example:"[\"charts:create\"]"`
		ExpiresAt *time.Time `json:"expiresAt,omitempty" doc:"never unless said"`
	}
}

func (s *Server) createKey(ctx context.Context, q *request, in *keyInput) (*answer[objects.KeyView], error) {
	ask := objects.KeyRequest{Name: in.Body.Name, Scopes: in.Body.Scopes}
	if in.Body.ExpiresAt != nil {
		ask.Expires = *in.Body.ExpiresAt
	}
	return with(objects.CreateKey(ctx, s.session(q.who), ask))
}

func (s *Server) listKeys(ctx context.Context, q *request, _ *none) (*answer[[]objects.KeyView], error) {
	return with(objects.Keys(ctx, s.session(q.who), struct{}{}))
}

func (s *Server) revokeKey(ctx context.Context, q *request, in *item) (*answer[done], error) {
	did, err := objects.RevokeKey(ctx, s.session(q.who), in.ID)
	return with(done{did}, err)
}

func (s *Server) limits(ctx context.Context, q *request, _ *none) (*answer[[]objects.ClassUsage], error) {
	return with(objects.Usage(ctx, s.limiter(q.who.UserID), q.who.Plan))
}

// account is everything kept of a user.
type account struct {
	Account any                  `json:"account" doc:"what the database holds"`
	Session objects.SessionView  `json:"session"`
	Keys    []objects.KeyView    `json:"keys"`
	Limits  []objects.ClassUsage `json:"limits"`
}

func (s *Server) exportAccount(ctx context.Context, q *request, _ *none) (*answer[account], error) {
	var a account
	var errs [4]error
	if s.o.Export != nil {
		a.Account, errs[0] = s.o.Export(ctx, q.who.UserID)
	}
	a.Session, errs[1] = objects.View(ctx, s.session(q.who), struct{}{})
	a.Keys, errs[2] = objects.Keys(ctx, s.session(q.who), struct{}{})
	a.Limits, errs[3] = objects.Usage(ctx, s.limiter(q.who.UserID), q.who.Plan)
	return with(a, errors.Join(errs[:]...))
}

// deleteAccount forgets the user: the database first, so that no session can be loaded
// from it again, then the session, then what was counted. If it is cut short the token
// still stands and it can be asked again; what was done is no error then.
func (s *Server) deleteAccount(ctx context.Context, q *request, _ *none) (*answer[done], error) {
	if err := s.o.Accounts.DeleteUser(ctx, q.who.UserID); err != nil {
		return nil, err
	}
	if err := s.o.Runtime.Delete(ctx, durable.ID{Type: objects.Limiters.Name, Name: q.who.UserID}); err != nil {
		return nil, err
	}
	if _, err := objects.DeleteSession(ctx, s.session(q.who), struct{}{}); err != nil {
		return nil, err
	}
	s.clearCookie(q)
	return &answer[done]{done{true}}, nil
}

// sessionSocket connects a WebSocket of the user's session.
func (s *Server) sessionSocket(q *request) error {
	err := objects.ConnectSession(q.w, q.r, s.session(q.who), objects.Hello{Device: q.who.Device})
	switch {
	case errors.Is(err, durable.ErrHandshake):
		return nil // nobody is there to be told
	case errors.Is(err, durable.ErrNoWebSocket):
		h := q.w.Header()
		h.Set("Upgrade", "websocket")
		h.Set("Sec-WebSocket-Version", "13") // RFC 6455, 4.4
		return newProblem(http.StatusUpgradeRequired, "upgrade_required", "this address takes the handshake of a WebSocket, version 13, and nothing else")
	}
	return err
}
