package server

import (
	"net/http"
	"strings"
	"time"

	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/objects"
)

// cookieName is the cookie that carries a browser's token.
const cookieName = "fortunet_session"

// cookieLife is how long a browser keeps the cookie; the device's own expiry comes
// first.
const cookieLife = 180 * 24 * time.Hour

// authenticate returns who a request is from, by its bearer token or, without one, by
// its cookie. Nothing else a client sends can choose that.
func (s *Server) authenticate(r *http.Request) (objects.Identity, error) {
	token, err := tokenOf(r)
	if err != nil {
		return objects.Identity{}, err
	}
	return s.holder(r, token)
}

// holder returns who a token stands for.
func (s *Server) holder(r *http.Request, token string) (objects.Identity, error) {
	user, hash, err := objects.ParseToken(token)
	if err != nil {
		return objects.Identity{}, err
	}
	who, err := objects.Authenticate(r.Context(), objects.Sessions.Get(s.o.Runtime, user), hash)
	return who, unknownToken(err)
}

// redeem returns who a ticket stands for, once.
func (s *Server) redeem(r *http.Request, ticket string) (objects.Identity, error) {
	user, hash, err := objects.ParseToken(ticket)
	if err != nil {
		return objects.Identity{}, err
	}
	who, err := objects.RedeemTicket(r.Context(), objects.Sessions.Get(s.o.Runtime, user), hash)
	return who, unknownToken(err)
}

// unknownToken is err, or the fault of any bad token if err says that the user whom it
// names does not exist: who that is cannot be found out by forging tokens.
func unknownToken(err error) error {
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return objects.ErrToken
	}
	return err
}

// tokenOf returns the token a request carries. A header that is there counts, even
// where it is of no use: a client that meant it must not become somebody else.
func tokenOf(r *http.Request) (string, error) {
	if header := r.Header["Authorization"]; len(header) > 0 {
		const scheme = "Bearer "
		if len(header) > 1 || len(header[0]) <= len(scheme) || !strings.EqualFold(header[0][:len(scheme)], scheme) {
			return "", fault.Coded(fault.Unauthorized, "invalid_token", "the Authorization header must be: Bearer TOKEN")
		}
		return strings.TrimSpace(header[0][len(scheme):]), nil
	}
	if token := cookieOf(r); token != "" {
		return token, nil
	}
	return "", errSignIn
}

// cookieOf returns the token in a request's cookie, or "".
func cookieOf(r *http.Request) string {
	if len(r.Header["Cookie"]) == 0 {
		return ""
	}
	c, err := r.Cookie(cookieName)
	if err != nil {
		return ""
	}
	return c.Value
}

// hasCookie reports whether a request carries our cookie.
func hasCookie(r *http.Request) bool { return cookieOf(r) != "" }

// setCookie gives a browser a token, where no script can read it.
func (s *Server) setCookie(q *request, token string) {
	http.SetCookie(q.w, &http.Cookie{Name: cookieName, Value: token, Path: "/", MaxAge: int(cookieLife / time.Second),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.isSecure(q.r)})
}

// clearCookie takes the token from a browser.
func (s *Server) clearCookie(q *request) {
	http.SetCookie(q.w, &http.Cookie{Name: cookieName, Path: "/", MaxAge: -1,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.isSecure(q.r)})
}
