package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/fortunet/fortunet/objects"
)

// Only the token decides who asks, and only one that was given out.
func TestTokens(t *testing.T) {
	w := newWorld(t)
	ann, annID := w.account("ann@example.org")
	bob, bobID := w.account("bob@example.org")
	annUser, annSecret, _ := strings.Cut(ann, ".")
	bobUser, bobSecret, _ := strings.Cut(bob, ".")
	ghost, _ := objects.NewToken("00000000-0000-4000-8000-000000000000")
	odd, _ := objects.NewToken("\x00\xff../session")
	said := map[string]bool{}
	for name, token := range map[string]string{"swapped": annUser + "." + bobSecret, "swapped too": bobUser + "." + annSecret,
		"of nobody": ghost, "odd": odd, "no secret": annUser + ".", "no user": "." + annSecret, "longer": ann + "A", "dots": "a.b.c"} {
		said[w.do(ask{path: "/api/v2/session", token: token}).wants(401, "invalid_token").problem().Detail] = true
		if got := w.do(ask{path: "/api/v2/session", token: token}).Header.Get("WWW-Authenticate"); !strings.HasPrefix(got, "Bearer") {
			t.Errorf("%s: WWW-Authenticate %q", name, got)
		}
	}
	if len(said) != 1 {
		t.Errorf("forged tokens tell who exists: %v", said)
	}
	for _, header := range []string{"", "Basic YTpi", "Bearer", "Bearer ", ann, "Digest " + ann} {
		r := ask{path: "/api/v2/session"}.request()
		r.Header["Authorization"] = []string{header}
		r.AddCookie(&http.Cookie{Name: "fortunet_session", Value: ann}) // which must not step in
		w.serve(r).wants(401, "invalid_token")
	}
	r := ask{path: "/api/v2/session"}.request()
	r.Header["Authorization"] = []string{"Bearer " + ann, "Bearer " + bob}
	w.serve(r).wants(401, "invalid_token")
	w.do(ask{path: "/api/v2/session"}).wants(401, "sign_in")
	// Names a client gives itself mean nothing.
	var view objects.SessionView
	w.do(ask{path: "/api/v2/session", token: "" + ann, header: map[string]string{"X-User-Id": bobID, "Cookie": "fortunet_session=" + bob}}).
		wants(200, "").decode(&view)
	if view.User.ID != annID {
		t.Errorf("signed in as %s, want %s", view.User.ID, annID)
	}
	w.do(ask{path: "/api/v2/session?userId=" + bobID}).wants(401, "sign_in")
	lower := ask{path: "/api/v2/session", header: map[string]string{"Authorization": "bearer " + ann}}
	lower.wants(w, 200, "")
}
