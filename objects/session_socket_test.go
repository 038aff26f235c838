package objects_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/objects"
	"github.com/lxzan/gws"
)

// A socket is a client's end of a WebSocket, over a pipe.
type socket struct {
	*gws.Conn
	mu     sync.Mutex
	got    []string
	closed *gws.CloseError
	when   time.Time // it was closed
}

func (*socket) OnOpen(*gws.Conn)         {}
func (*socket) OnPing(*gws.Conn, []byte) {}
func (*socket) OnPong(*gws.Conn, []byte) {}
func (c *socket) OnClose(_ *gws.Conn, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed, c.when = &gws.CloseError{}, time.Now()
	errors.As(err, &c.closed)
}
func (c *socket) OnMessage(_ *gws.Conn, m *gws.Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.got = append(c.got, m.Data.String())
}

// take returns what has come since the last take, with everything settled, but for
// the server's heartbeats.
func (c *socket) take() []string {
	synctest.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	got := slices.DeleteFunc(c.got, func(m string) bool { return m == `{"type":"heartbeat"}` })
	c.got = nil
	return got
}

// code returns the code the socket was closed with, 0 if it is open.
func (c *socket) code() uint16 {
	synctest.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed == nil {
		return 0
	}
	return c.closed.Code
}

func (c *socket) say(text string) { c.WriteString(text) }

// wants fails the test unless these messages have come.
func (c *socket) wants(t *testing.T, want ...string) {
	t.Helper()
	if got := c.take(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	c, ok := <-p
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.UnixAddr{} }

type dialer func(user, device string) (*socket, error)

// withSockets runs a test with a server to dial, whose refusals are errors.
func withSockets(t *testing.T, f func(t *testing.T, h *house, dial dialer)) {
	each(t, func(t *testing.T, h *house) {
		listener := make(pipes)
		server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			q := r.URL.Query()
			err := objects.ConnectSession(w, r, h.session(q.Get("user")), objects.Hello{Device: q.Get("device")})
			if err != nil && !errors.Is(err, durable.ErrHandshake) {
				http.Error(w, fault.CodeOf(err), http.StatusForbidden)
			}
		})}
		go server.Serve(listener)
		f(t, h, func(user, device string) (*socket, error) {
			ours, theirs := net.Pipe()
			listener <- theirs
			c := &socket{}
			conn, _, err := gws.NewClientFromConn(c, &gws.ClientOption{Addr: "ws://x/?user=" + user + "&device=" + device}, ours)
			if err == nil {
				c.Conn = conn
				go conn.ReadLoop()
			}
			return c, err
		})
		close(listener)
		server.Close()
	})
}

// dial connects and takes the first message.
func (d dialer) dial(t *testing.T, user, device string) *socket {
	t.Helper()
	c, err := d(user, device)
	if err != nil {
		t.Fatal(err)
	}
	if first := c.take(); len(first) != 1 || !strings.HasPrefix(first[0], `{"type":"session_connected"`) {
		t.Fatalf("first: %v", first)
	}
	return c
}

func preferences(change func(*fortunet.Preferences)) string {
	p := fortunet.DefaultPreferences()
	if change != nil {
		change(&p)
	}
	raw, _ := json.Marshal(p)
	return string(raw)
}

// The messages of a session's socket, each with its answer and what others are told.
func TestSessionSocket(t *testing.T) {
	withSockets(t, func(t *testing.T, h *house, dial dialer) {
		in := h.signIn(t, "u1")
		must[bool](t)(objects.AddChart(t.Context(), h.session("u1"), "c1"))
		a, err := dial("u1", in.Device)
		if err != nil {
			t.Fatal(err)
		}
		a.wants(t, `{"type":"session_connected","data":{"user":{"id":"u1","email":"u1@x.tw","subscriptionStatus":"free"},"activeCharts":["c1"],"preferences":`+preferences(nil)+`}}`)
		b := dial.dial(t, "u1", in.Device)
		stranger := dial.dial(t, "u10", h.signIn(t, "u10").Device)
		dark := preferences(func(p *fortunet.Preferences) { p.Theme = fortunet.Dark })
		for _, c := range []struct {
			say           string
			mine, another []string
		}{
			{`{"type":"heartbeat"}`, []string{`{"type":"heartbeat_ack"}`}, nil},
			{`{"type":"heartbeat","id":"x1"}`, []string{`{"type":"heartbeat_ack","id":"x1"}`}, nil},
			{`{"type":"heartbeat","id":7,"data":"` + strings.Repeat("x", 300) + `"}`, []string{`{"type":"heartbeat_ack","id":7}`}, nil},
			{`{"type":"update_preferences","id":"p","data":{"theme":"dark"}}`,
				[]string{`{"type":"preferences_updated","id":"p","data":` + dark + `}`, `{"type":"session_updated","data":{"preferences":` + dark + `}}`},
				[]string{`{"type":"session_updated","data":{"preferences":` + dark + `}}`}},
			{`{"type":"add_chart","data":{"chartId":"c2"}}`, []string{`{"type":"session_updated","data":{"activeCharts":["c1","c2"]}}`},
				[]string{`{"type":"session_updated","data":{"activeCharts":["c1","c2"]}}`}},
			{`{"type":"add_chart","data":{"chartId":"c2"}}`, nil, nil},
			{`{"type":"remove_chart","data":{"chartId":"c1"}}`, []string{`{"type":"session_updated","data":{"activeCharts":["c2"]}}`},
				[]string{`{"type":"session_updated","data":{"activeCharts":["c2"]}}`}},
			{`{"type":"remove_chart","data":{"chartId":"c2"}}`, []string{`{"type":"session_updated","data":{"activeCharts":[]}}`},
				[]string{`{"type":"session_updated","data":{"activeCharts":[]}}`}},
			{`{"type":"chart_update","data":{"chartId":"c2","x":[1,{"y":"<"}]}}`, nil,
				[]string{`{"type":"chart_updated","data":{"chartId":"c2","x":[1,{"y":"\u003c"}]}}`}},
			{`{"type":"update_preferences","id":1,"data":{"theme":"pink"}}`,
				[]string{`{"type":"error","id":1,"code":"invalid_value","message":"must be light, dark or system, not \"pink\"","field":"theme"}`}, nil},
		} {
			a.say(c.say)
			if got := a.take(); !slices.Equal(got, c.mine) {
				t.Errorf("%.60s: got %v, want %v", c.say, got, c.mine)
			}
			if got := b.take(); !slices.Equal(got, c.another) {
				t.Errorf("%.60s: the other socket got %v, want %v", c.say, got, c.another)
			}
		}
		if got := stranger.take(); len(got) != 0 {
			t.Errorf("another user's socket got %v", got)
		}
		// What comes over HTTP reaches the sockets too.
		must[objects.SessionJSON](t)(objects.Patch(t.Context(), h.session("u1"), objects.PatchRequest{Preferences: json.RawMessage(`{"theme":null}`)}))
		a.wants(t, `{"type":"session_updated","data":{"preferences":`+preferences(nil)+`}}`)
		h.people.put(fortunet.User{ID: "u1", Email: "u1@x.tw", Name: "One", Plan: fortunet.Premium})
		must[objects.UserView](t)(objects.Refresh(t.Context(), h.session("u1"), struct{}{}))
		must[objects.UserView](t)(objects.Refresh(t.Context(), h.session("u1"), struct{}{})) // nothing new: nothing said
		if got := a.take(); len(got) != 1 || !strings.Contains(got[0], `"plan":"premium","permissions":["charts:read"`) {
			t.Errorf("after a change of plan: %v", got)
		}
	})
}

// With sockets that come and go, nothing of the session is lost, and writes work while
// they are open; out of memory, the session keeps them.
func TestSocketsKeepState(t *testing.T) {
	withSockets(t, func(t *testing.T, h *house, dial dialer) {
		in := h.signIn(t, "u1")
		must[bool](t)(objects.AddChart(t.Context(), h.session("u1"), "c1"))
		a := dial.dial(t, "u1", in.Device)
		must[objects.SessionJSON](t)(objects.Patch(t.Context(), h.session("u1"), objects.PatchRequest{Metadata: json.RawMessage(`{"a":1}`)}))
		for range 4 {
			time.Sleep(25 * time.Second)
			a.say(`{"type":"heartbeat"}`)
		}
		synctest.Wait()
		if live := h.live(objects.Sessions.Name); live != 0 {
			t.Errorf("%d sessions in memory though only heartbeats came", live)
		}
		a.take()
		must[bool](t)(objects.AddChart(t.Context(), h.session("u1"), "c2"))
		a.wants(t, `{"type":"session_updated","data":{"activeCharts":["c1","c2"]}}`)
		a.NetConn().Close()
		synctest.Wait()
		if v := h.view(t, "u1"); !slices.Equal(v.ActiveCharts, []string{"c1", "c2"}) || string(v.Metadata) != `{"a":1}` || len(v.Devices) != 1 {
			t.Errorf("after the socket closed: %+v", v)
		}
	})
}

func (h *house) live(typ string) int64 {
	for _, s := range h.rt.Stats() {
		if s.Type == typ {
			return s.Live
		}
	}
	return -1
}

var unreadable = []string{``, ` `, `x`, `null`, `1`, `"heartbeat"`, `[]`, `{}`, `{"type":`, `{"type":1}`, `{"type":null}`, `{"type":""}`, `{"type":"nothing"}`,
	`{"Type":"heartbeat"}`, `{"type":"heartbeat","type":"heartbeat"}`, `{"type":"heartbeat"} {}`, `{"type":"heartbeat","userId":"u2"}`,
	`{"type":"heartbeat","id":{}}`, `{"type":"heartbeat","id":"` + strings.Repeat("x", 80) + `"}`, `{"type":"session_updated","data":{}}`,
	`{"type":"chart_update"}`, `{"type":"chart_update","data":"text"}`, `{"type":"chart_update","data":[1]}`,
	`{"type":"chart_update","data":` + strings.Repeat(`{"a":`, 40) + `1` + strings.Repeat(`}`, 40) + `}`,
	strings.Repeat(`[`, 30_000), `{"type":"add_chart"}`, `{"type":"add_chart","data":{}}`, `{"type":"add_chart","data":{"chartId":1}}`,
	`{"type":"add_chart","data":{"chartId":"c","chartId":"d"}}`, `{"type":"add_chart","data":{"chartID":"c"}}`, `{"type":"add_chart","data":{"chartId":"c","x":1}}`,
	`{"type":"update_preferences","data":null}`, `{"type":"update_preferences"}`}

// Anything unreadable gets an error, changes nothing, and the socket stays open; the
// tenth within a minute closes it, also when the session left memory in between.
func TestUnreadableMessages(t *testing.T) {
	withSockets(t, func(t *testing.T, h *house, dial dialer) {
		in := h.signIn(t, "u1")
		before := h.view(t, "u1")
		c := dial.dial(t, "u1", in.Device)
		for _, m := range unreadable {
			c.say(m)
			got := c.take()
			var e struct{ Type, Code, Message string }
			if len(got) != 1 || json.Unmarshal([]byte(got[0]), &e) != nil || e.Type != "error" || e.Message == "" ||
				e.Code != "invalid_message" && !(e.Code == "invalid_value" && strings.Contains(m, "add_chart")) {
				t.Errorf("%.80q is answered with %v", m, got)
			}
			if c.code() != 0 {
				t.Fatalf("%.80q has closed the socket", m)
			}
			time.Sleep(7 * time.Second) // eight or nine a minute
		}
		if after := h.view(t, "u1"); fmt.Sprint(after.Preferences, after.ActiveCharts, after.Metadata) != fmt.Sprint(before.Preferences, before.ActiveCharts, before.Metadata) {
			t.Errorf("unreadable messages changed %+v to %+v", before, after)
		}
		time.Sleep(time.Minute)
		for i := range 9 {
			c.say(`?`)
			if c.code() != 0 {
				t.Fatalf("closed after %d", i+1)
			}
			if i == 4 {
				time.Sleep(40 * time.Second) // the session leaves memory
			}
		}
		c.say(`?`)
		if got := c.code(); got != 1008 {
			t.Errorf("after ten bad messages in a minute: %d, want 1008", got)
		}
	})
}

// The server sends a heartbeat every half minute and closes a socket from which
// nothing has come for 75 seconds; a client's heartbeats keep it open.
func TestHeartbeat(t *testing.T) {
	withSockets(t, func(t *testing.T, h *house, dial dialer) {
		in := h.signIn(t, "u1")
		silent, talking, began := dial.dial(t, "u1", in.Device), dial.dial(t, "u1", in.Device), time.Now()
		stop := time.Now().Add(5 * time.Minute)
		for time.Now().Before(stop) {
			talking.say(`{"type":"heartbeat"}`)
			time.Sleep(20 * time.Second)
		}
		synctest.Wait()
		talking.mu.Lock()
		beats := 0
		for _, m := range talking.got {
			if m == `{"type":"heartbeat"}` {
				beats++
			}
		}
		talking.mu.Unlock()
		if beats < 9 || beats > 10 {
			t.Errorf("%d heartbeats in five minutes, want 10", beats)
		}
		silent.mu.Lock()
		gone, after := silent.closed != nil, silent.when.Sub(began)
		silent.mu.Unlock()
		if !gone || after < 75*time.Second || after > 81*time.Second || talking.code() != 0 {
			t.Errorf("the silent socket is closed: %v, after %v; the other: %d", gone, after, talking.code())
		}
		if f := h.figures(t); f.Open != 1 {
			t.Errorf("%d sockets are counted as open, want 1", f.Open)
		}
	})
}
