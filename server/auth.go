package server

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/objects"
)

// signedIn is what signing in answers with.
type signedIn struct {
	Token string           `json:"token,omitempty" doc:"to be sent as Authorization: Bearer TOKEN; left out where it went into a cookie"`
	User  objects.UserView `json:"user"`
}

// cookieWish is the body of a request that may ask for a cookie.
type cookieWish struct {
	Cookie bool `json:"cookie,omitempty" doc:"put the token into an HttpOnly cookie and leave it out of the answer"`
}

type guestInput struct{ Body *cookieWish }

// becomeGuest makes a guest. One who cannot be signed in is nobody's, and since no
// session would ever delete them, they do not stay.
func (s *Server) becomeGuest(ctx context.Context, q *request, in *guestInput) (*answer[signedIn], error) {
	u, err := s.o.Accounts.CreateGuest(ctx, fortunet.GuestName(languageOf(q.r)))
	if err != nil {
		return nil, err
	}
	out, err := s.signIn(ctx, q, u.ID, in.Body != nil && in.Body.Cookie)
	if outcome, ours := durable.OutcomeOf(err); ours && outcome == durable.NotDone {
		after, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if derr := s.o.Accounts.DeleteUser(after, u.ID); derr != nil {
			s.log.Warn("a guest who was not signed in stays", "id", requestID(q.w), "err", derr)
		}
	}
	return out, err
}

// languageOf returns the language a request asks for in its header.
func languageOf(r *http.Request) fortunet.Language {
	if accepted := r.Header["Accept-Language"]; len(accepted) > 0 {
		return fortunet.MatchLanguage(accepted[0])
	}
	return fortunet.DefaultLanguage
}

// signIn makes the client a device of a user and answers with its token. What the
// session knows of the user is read anew, so that a change made elsewhere holds.
func (s *Server) signIn(ctx context.Context, q *request, userID string, cookie bool) (*answer[signedIn], error) {
	session := objects.Sessions.Get(s.o.Runtime, userID)
	if _, err := objects.Refresh(ctx, session, struct{}{}); err != nil {
		return nil, err
	}
	in, err := objects.SignIn(ctx, session, deviceOf(q))
	if err != nil {
		return nil, err
	}
	return s.answerToken(q, in, cookie), nil
}

// deviceOf is what a client says of itself. The address is ours.
func deviceOf(q *request) objects.DeviceInfo {
	return objects.DeviceInfo{UserAgent: q.r.UserAgent(), Address: q.addr.String(),
		Platform: strings.Trim(q.r.Header.Get("Sec-CH-UA-Platform"), `"`)}
}

func (s *Server) answerToken(q *request, in objects.SignedIn, cookie bool) *answer[signedIn] {
	out := &answer[signedIn]{signedIn{Token: in.Token, User: in.User}}
	if cookie {
		s.setCookie(q, in.Token)
		out.Body.Token = ""
	}
	return out
}

type registerInput struct {
	Body struct {
		Email    string `json:"email" maxLength:"254" example:"ann@example.org"`
		Password string `json:"password" doc:"8 characters to 1,024 bytes"`
		Name     string `json:"name,omitempty" maxLength:"400" doc:"100 characters at most"`
		Cookie   bool   `json:"cookie,omitempty" doc:"put the token into an HttpOnly cookie and leave it out of the answer"`
	}
}

// register makes an account. A guest who asks becomes the account's user, with
// everything that is theirs, and gets a new token.
func (s *Server) register(ctx context.Context, q *request, in *registerInput) (*answer[signedIn], error) {
	b := &in.Body
	name, err := fortunet.CleanName("name", b.Name)
	if err != nil {
		return nil, err
	}
	if err := checkPassword(b.Password); err != nil {
		return nil, err
	}
	who, err := s.guestOf(q.r)
	if err != nil {
		return nil, err
	}
	phc, err := s.hasher.hash(ctx, b.Password)
	if err != nil {
		return nil, err
	}
	if who.UserID != "" {
		return s.upgrade(ctx, q, who, b.Email, name, phc, b.Cookie || q.r.Header.Get("Authorization") == "")
	}
	u, err := s.o.Accounts.CreateUser(ctx, b.Email, name, phc)
	if err != nil {
		return nil, err
	}
	return s.signIn(ctx, q, u.ID, b.Cookie)
}

// guestOf returns who registers, where that is somebody already: a guest. A cookie
// that is of no use any more is nobody.
func (s *Server) guestOf(r *http.Request) (objects.Identity, error) {
	if len(r.Header["Authorization"]) == 0 && !hasCookie(r) {
		return objects.Identity{}, nil
	}
	who, err := s.authenticate(r)
	switch {
	case err != nil && fault.KindOf(err) == fault.Unauthorized && len(r.Header["Authorization"]) == 0:
		return objects.Identity{}, nil
	case err != nil:
		return objects.Identity{}, err
	case !who.Guest || who.Device == "":
		return objects.Identity{}, fault.Coded(fault.Conflict, "registered_already", "this user has an account already; log out first")
	}
	return who, nil
}

func (s *Server) upgrade(ctx context.Context, q *request, who objects.Identity, email, name, phc string, cookie bool) (*answer[signedIn], error) {
	if _, err := s.o.Accounts.Register(ctx, who.UserID, email, name, phc); err != nil {
		return nil, err
	}
	if _, err := objects.Refresh(ctx, s.session(who), struct{}{}); err != nil {
		return nil, err
	}
	fresh, err := objects.Rotate(ctx, s.session(who), who.Device)
	if err != nil {
		return nil, err
	}
	return s.answerToken(q, fresh, cookie), nil
}

type loginInput struct {
	Body struct {
		Email    string `json:"email" maxLength:"254" example:"ann@example.org"`
		Password string `json:"password" maxLength:"1024"`
		Cookie   bool   `json:"cookie,omitempty" doc:"put the token into an HttpOnly cookie and leave it out of the answer"`
	}
}

var errCredentials = fault.Coded(fault.Unauthorized, "wrong_credentials", "the address or the password is wrong")

// login signs in. Whether there is no such account or the password is wrong cannot be
// told apart, by the answer or by its time.
func (s *Server) login(ctx context.Context, q *request, in *loginInput) (*answer[signedIn], error) {
	settle, err := s.tryLogin(q, in.Body.Email)
	if err != nil {
		return nil, err
	}
	u, phc, err := s.passwordOf(ctx, in.Body.Email)
	if err != nil {
		settle(false)
		return nil, err
	}
	good, err := s.hasher.verify(ctx, phc, in.Body.Password)
	if err != nil {
		settle(false)
		return nil, err
	}
	settle(!good)
	if !good {
		return nil, errCredentials
	}
	return s.signIn(ctx, q, u.ID, in.Body.Cookie)
}

// passwordOf returns an account and the hash of its password, "" where there is none.
func (s *Server) passwordOf(ctx context.Context, email string) (u fortunet.User, phc string, err error) {
	if u, err = s.o.Accounts.UserByEmail(ctx, email); err == nil {
		phc, err = s.o.Accounts.PasswordOf(ctx, u.ID)
	}
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return u, "", nil
	}
	return u, phc, err
}

// wrongLogins is how many wrong passwords an account takes in the window of class
// default, from wherever they come and however high the class's limit is.
const wrongLogins = 10

// tryLogin reserves a try at an account, known or not; settle says whether it counts.
// Accounts are counted under a keyed digest of their address, so that all spellings of
// it are one. While nobody can count, nobody logs in.
func (s *Server) tryLogin(q *request, email string) (settle func(wrong bool), err error) {
	address, err := fortunet.NormalizeEmail(email)
	if err != nil {
		address = email // nobody's, but it gets the answers that all others get
	}
	mac := hmac.New(sha256.New, s.o.Secret)
	mac.Write([]byte("login\x00" + address))
	limiter := s.limiter("login:" + hex.EncodeToString(mac.Sum(nil)[:16]))
	rule := s.o.Rules.Rule(fortunet.ClassDefault, fortunet.Free)
	cost := max(rule.Limit/wrongLogins, 1)
	v, err := objects.Reserve(q.r.Context(), limiter, objects.CheckRequest{Class: fortunet.ClassDefault, Plan: fortunet.Free, Cost: cost})
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "limits cannot be checked now")
	}
	if !v.Allowed {
		p := s.limited(fortunet.ClassDefault, v)
		p.Code, p.Detail = "too_many_logins", "too many wrong passwords for this account"
		return nil, p
	}
	return func(wrong bool) {
		used := int64(0)
		if wrong {
			used = cost
		}
		s.settleOne(q, limiter, v.Reservation, used)
	}, nil
}

// logout ends the device. A cookie goes in any case, also one that is of no use.
func (s *Server) logout(ctx context.Context, q *request, _ *none) (*empty, error) {
	byCookie := len(q.r.Header["Authorization"]) == 0 && hasCookie(q.r)
	if byCookie {
		s.clearCookie(q)
	}
	who, err := s.authenticate(q.r)
	if err != nil {
		if byCookie && fault.KindOf(err) == fault.Unauthorized {
			return &empty{}, nil
		}
		return nil, err
	}
	if who.Device == "" {
		return nil, errKey
	}
	if _, err := objects.Revoke(ctx, s.session(who), who.Device); err != nil && fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	return &empty{}, nil
}

type ticket struct {
	Ticket    string `json:"ticket" doc:"for ?ticket= of a socket, once"`
	ExpiresIn int    `json:"expiresIn" doc:"seconds" example:"60"`
}

func (s *Server) makeTicket(ctx context.Context, q *request, _ *none) (*answer[ticket], error) {
	t, err := objects.IssueTicket(ctx, s.session(q.who), q.who.Device)
	return with(ticket{Ticket: t, ExpiresIn: 60}, err)
}
