package server_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lxzan/gws"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/objects"
	"github.com/fortunet/fortunet/server"
)

// A socket is a client's end of a WebSocket.
type socket struct {
	gws.BuiltinEventHandler
	t        *testing.T
	conn     *gws.Conn
	messages chan string
	closed   chan *gws.CloseError
	once     sync.Once
}

func (s *socket) OnMessage(_ *gws.Conn, m *gws.Message) {
	s.messages <- m.Data.String()
	m.Close()
}

func (s *socket) OnClose(_ *gws.Conn, err error) {
	s.once.Do(func() {
		code, _ := err.(*gws.CloseError)
		s.closed <- code
	})
}

// dial opens a socket; where it is refused the answer's status is returned instead.
func (w *world) dial(t *testing.T, ts *httptest.Server, query string, header http.Header) (*socket, int) {
	t.Helper()
	s := &socket{t: t, messages: make(chan string, 64), closed: make(chan *gws.CloseError, 1)}
	conn, resp, err := gws.NewClient(s, &gws.ClientOption{Addr: "ws" + strings.TrimPrefix(ts.URL, "http") + "/ws/session" + query, RequestHeader: header})
	if err != nil {
		if resp == nil {
			t.Fatal(err)
		}
		return nil, resp.StatusCode
	}
	s.conn = conn
	go conn.ReadLoop()
	t.Cleanup(func() { conn.NetConn().Close() })
	return s, resp.StatusCode
}

const patience = 10 * time.Second

// next returns the next message of a type.
func (s *socket) next(typ string) string {
	s.t.Helper()
	for {
		select {
		case m := <-s.messages:
			var head struct{ Type string }
			if err := json.Unmarshal([]byte(m), &head); err != nil {
				s.t.Fatalf("%v in %q", err, m)
			}
			if head.Type == typ {
				return m
			}
		case <-time.After(patience):
			s.t.Fatalf("no %s came", typ)
		}
	}
}

// gone returns the code the socket was closed with.
func (s *socket) gone() int {
	s.t.Helper()
	select {
	case err := <-s.closed:
		if err == nil {
			return 0
		}
		return int(err.Code)
	case <-time.After(patience):
		s.t.Fatal("the socket stays open")
		return 0
	}
}

func (w *world) listen(t *testing.T) *httptest.Server {
	ts := httptest.NewUnstartedServer(nil)
	ts.Config, ts.Listener = w.s.HTTP(), server.Listener(ts.Listener)
	ts.Start()
	t.Cleanup(ts.Close)
	return ts
}

func bearer(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

func TestSocket(t *testing.T) {
	w := newWorld(t)
	ts := w.listen(t)
	token, id := w.account("ann@example.org")
	s, _ := w.dial(t, ts, "", bearer(token))
	var hello struct {
		Data struct {
			User struct{ ID, Email, SubscriptionStatus string }
		}
	}
	if err := json.Unmarshal([]byte(s.next("session_connected")), &hello); err != nil {
		t.Fatal(err)
	}
	if u := hello.Data.User; u.ID != id || u.Email != "ann@example.org" || u.SubscriptionStatus != "free" {
		t.Errorf("hello %+v", hello)
	}
	w.do(ask{method: "PATCH", path: "/api/v2/session", body: `{"preferences":{"theme":"dark"}}`, token: token}).wants(200, "")
	if m := s.next("session_updated"); !strings.Contains(m, `"theme":"dark"`) {
		t.Errorf("told %s", m)
	}
	key := w.calculate(token, birth(0)).chart().ChartKey
	if m := s.next("session_updated"); !strings.Contains(m, key) {
		t.Errorf("told %s", m)
	}
	w.plan(id, fortunet.Professional)
	if m := s.next("session_updated"); !strings.Contains(m, `"professional"`) {
		t.Errorf("told %s", m)
	}
}

// A device that is signed out loses its sockets, others keep theirs.
func TestRevocationClosesSockets(t *testing.T) {
	w := newWorld(t)
	ts := w.listen(t)
	one, _ := w.account("ann@example.org")
	two := w.do(ask{path: "/api/v2/auth/login", body: `{"email":"ann@example.org","password":"correct horse"}`}).signedIn().Token
	s1, _ := w.dial(t, ts, "", bearer(one))
	s2, _ := w.dial(t, ts, "", bearer(two))
	s1.next("session_connected")
	s2.next("session_connected")
	w.do(ask{method: "POST", path: "/api/v2/auth/logout", token: one}).wants(204, "")
	w.do(ask{path: "/api/v2/session", token: one}).wants(401, "invalid_token")
	if code := s1.gone(); code != 4401 {
		t.Errorf("closed with %d, want 4401", code)
	}
	w.do(ask{method: "PATCH", path: "/api/v2/session", body: `{"preferences":{"theme":"dark"}}`, token: two}).wants(200, "")
	s2.next("session_updated")
	if _, status := w.dial(t, ts, "", bearer(one)); status != 401 {
		t.Errorf("a token that was signed out connects: %d", status)
	}
	w.do(ask{method: "DELETE", path: "/api/v2/account", token: two}).wants(200, "")
	if code := s2.gone(); code != 4401 {
		t.Errorf("closed with %d, want 4401", code)
	}
}

// A ticket stands for its device's token, once.
func TestTicket(t *testing.T) {
	w := newWorld(t)
	ts := w.listen(t)
	token, _ := w.guest()
	issue := func() string {
		var answer struct {
			Ticket    string
			ExpiresIn int
		}
		w.do(ask{method: "POST", path: "/api/v2/auth/ticket", token: token}).wants(201, "").decode(&answer)
		if answer.ExpiresIn != 60 || answer.Ticket == "" || answer.Ticket == token {
			t.Errorf("ticket %+v", answer)
		}
		return answer.Ticket
	}
	ticket := issue()
	w.do(ask{path: "/api/v2/session", token: ticket}).wants(401, "invalid_token") // it is no token
	s, _ := w.dial(t, ts, "?ticket="+ticket, nil)
	if s == nil {
		t.Fatal("a ticket does not connect")
	}
	s.next("session_connected")
	for name, q := range map[string]string{"used": "?ticket=" + ticket, "a token": "?ticket=" + token, "rubbish": "?ticket=x", "as a token": "?token=" + token} {
		if _, status := w.dial(t, ts, q, nil); status != 401 {
			t.Errorf("%s: %d, want 401", name, status)
		}
	}
	ticket = issue()
	w.do(ask{method: "POST", path: "/api/v2/auth/logout", token: token}).wants(204, "")
	if code := s.gone(); code != 4401 {
		t.Errorf("closed with %d, want 4401", code)
	}
	if _, status := w.dial(t, ts, "?ticket="+ticket, nil); status != 401 {
		t.Errorf("the ticket of a device that was signed out connects: %d", status)
	}
	w.do(ask{path: "/api/v2/session?ticket=" + ticket}).wants(401, "sign_in") // and only sockets take one
}

// Who connects with a cookie must come from a page of ours; a page of another origin
// does not connect with anything.
func TestSocketOrigin(t *testing.T) {
	w := newWorld(t, func(c *setup) { c.Origins = []string{"https://app.example.org"} })
	ts := w.listen(t)
	c := cookieOf(t, w.do(ask{path: "/api/v2/auth/guest", body: `{"cookie":true}`}))
	token, _ := w.guest()
	cookie := c.Name + "=" + c.Value
	for name, x := range map[string]struct {
		header http.Header
		status int
	}{
		"our page":              {http.Header{"Cookie": {cookie}, "Origin": {ts.URL}}, 101},
		"an allowed page":       {http.Header{"Cookie": {cookie}, "Origin": {"https://app.example.org"}}, 101},
		"no page":               {http.Header{"Cookie": {cookie}}, 403},
		"a foreign page":        {http.Header{"Cookie": {cookie}, "Origin": {"https://evil.example"}}, 403},
		"an opaque page":        {http.Header{"Cookie": {cookie}, "Origin": {"null"}}, 403},
		"a program":             {bearer(token), 101},
		"a page with a token":   {http.Header{"Authorization": {"Bearer " + token}, "Origin": {"https://evil.example"}}, 403},
		"nobody":                {nil, 401},
		"a page without cookie": {http.Header{"Origin": {ts.URL}}, 401},
	} {
		s, status := w.dial(t, ts, "", x.header)
		if status != x.status {
			t.Errorf("%s: %d, want %d", name, status, x.status)
		}
		if s != nil {
			s.next("session_connected")
		}
	}
	w.do(ask{path: "/ws/session", token: token}).wants(426, "upgrade_required")
	w.do(ask{path: "/ws/nothing", token: token}).wants(404, "not_found")
}

// The socket's handshake counts in class default, and an address or a user that is
// blocked does not connect.
func TestSocketCounts(t *testing.T) {
	w := newWorld(t)
	ts := w.listen(t)
	token, id := w.guest()
	s, _ := w.dial(t, ts, "", bearer(token))
	s.next("session_connected")
	usage, err := objects.Usage(t.Context(), objects.Limiters.Get(w.rt, id), fortunet.Free)
	if err != nil {
		t.Fatal(err)
	}
	if usage[0].Class != fortunet.ClassDefault || usage[0].Current != 1 {
		t.Errorf("usage %+v", usage[0])
	}
	if _, err := objects.BlockClient(t.Context(), objects.Limiters.Get(w.rt, id), objects.BlockRequest{}); err != nil {
		t.Fatal(err)
	}
	if _, status := w.dial(t, ts, "", bearer(token)); status != 429 {
		t.Errorf("a blocked user connects: %d", status)
	}
}
