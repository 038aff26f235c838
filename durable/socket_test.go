package durable_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet/durable"
	"github.com/lxzan/gws"
)

type greeting struct{ Name string }

var connectProbe = durable.Sockets(probes, durable.SocketHandler[probe, greeting]{
	Join: func(p *probe, _ context.Context, peer *durable.Peer, g greeting) error {
		if g.Name == "stranger" {
			return errAsked
		}
		peer.SetTags(g.Name)
		peer.Attach([]byte(g.Name))
		p.count.Set(p.count.Or(0) + 1)
		p.s.Send(peer, durable.JSON(fmt.Sprint("welcome ", g.Name)))
		return nil
	},
	Message: func(p *probe, ctx context.Context, peer *durable.Peer, data []byte) error {
		to, text, _ := strings.Cut(string(data), ":")
		switch to {
		case "others":
			p.s.Broadcast("", durable.Text([]byte(text)), peer)
		case "me":
			p.s.Send(peer, durable.Text([]byte(text)))
		case "move":
			p.s.Broadcast("", durable.Text([]byte(text)).Coalesce("move"), peer)
		case "add":
			p.count.Set(p.count.Or(0) + 1)
			p.s.Send(peer, durable.Text([]byte(fmt.Sprint(p.count.Or(0)))))
		case "flood":
			for range 10 {
				p.s.Broadcast("", durable.Text([]byte(strings.Repeat("x", 60_000))), peer)
			}
			p.s.Send(peer, durable.Text([]byte("flooded")))
		case "out":
			p.s.Hangup(p.s.Peers(text)[0], 4401, "signed out")
		case "fail":
			p.count.Set(1000)
			p.s.Send(peer, durable.Text([]byte("never")))
			return errAsked
		case "panic":
			panic("asked to")
		}
		return nil
	},
	Leave: func(p *probe, _ context.Context, peer *durable.Peer) error {
		p.log.Append("left " + string(peer.Attachment()))
		return nil
	},
	Auto: func(message []byte) []byte {
		if string(message) == "ping" {
			return []byte("pong")
		}
		return nil
	},
	Beat: []byte("beat"), BeatEvery: 30 * time.Second, Silence: 75 * time.Second, MaxMessage: 1000,
})

// A client is a WebSocket to a probe, over a pipe.
type client struct {
	*gws.Conn
	mu     sync.Mutex
	got    []string
	closed *gws.CloseError
	gate   chan struct{} // closed: the client reads; nil: it reads
}

func (c *client) OnOpen(*gws.Conn)         {}
func (c *client) OnPing(*gws.Conn, []byte) {}
func (c *client) OnPong(*gws.Conn, []byte) { c.add("PONG") }
func (c *client) OnClose(_ *gws.Conn, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = &gws.CloseError{}
	errors.As(err, &c.closed)
}
func (c *client) OnMessage(_ *gws.Conn, m *gws.Message) {
	if c.gate != nil {
		<-c.gate
	}
	c.add(m.Data.String())
}

func (c *client) add(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.got = append(c.got, text)
}

// take returns what has come since the last take, with everything settled.
func (c *client) take() []string {
	synctest.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	got := c.got
	c.got = nil
	return got
}

// gone reports whether the connection was closed.
func (c *client) gone() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed != nil
}

func (c *client) say(text string) { c.WriteString(text) }

var handling atomic.Int64 // handshakes whose handler runs

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

// withSockets runs a test with a server to dial.
func withSockets(t *testing.T, f func(t *testing.T, b *bench, dial func(object, name string) (*client, *http.Response, error))) {
	each(t, func(t *testing.T, b *bench) {
		listener := make(pipes)
		server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			handling.Add(1)
			defer handling.Add(-1)
			q := r.URL.Query()
			err := connectProbe(w, r, probes.Get(b.rt, q.Get("object")), greeting{q.Get("name")})
			if err != nil && !errors.Is(err, durable.ErrHandshake) {
				http.Error(w, err.Error(), http.StatusForbidden)
			}
		})}
		go server.Serve(listener)
		f(t, b, func(object, name string) (*client, *http.Response, error) {
			ours, theirs := net.Pipe()
			listener <- theirs
			c := &client{}
			conn, resp, err := gws.NewClientFromConn(c, &gws.ClientOption{Addr: "ws://x/?object=" + object + "&name=" + name}, ours)
			if err == nil {
				c.Conn = conn
				go conn.ReadLoop()
			}
			return c, resp, err
		})
		close(listener)
		server.Close()
	})
}

func TestSocket(t *testing.T) {
	withSockets(t, func(t *testing.T, b *bench, dial func(string, string) (*client, *http.Response, error)) {
		ann, _, err := dial("p", "ann")
		if err != nil {
			t.Fatal(err)
		}
		bob, _, _ := dial("p", "bob")
		if got := ann.take(); !slices.Equal(got, []string{`"welcome ann"`}) {
			t.Errorf("ann got %v", got)
		}
		bob.take()
		if _, resp, err := dial("p", "stranger"); err == nil || resp.StatusCode != http.StatusForbidden {
			t.Errorf("a refused socket: %v, %v", resp, err)
		}
		ann.say("others:hello")
		ann.say("me:self")
		if a, o := ann.take(), bob.take(); !slices.Equal(a, []string{"self"}) || !slices.Equal(o, []string{"hello"}) {
			t.Errorf("ann got %v, bob got %v", a, o)
		}
		ann.say("fail")
		if got := ann.take(); len(got) != 0 {
			t.Errorf("a failed event has sent %v", got)
		}
		ann.say("out:bob")
		synctest.Wait()
		if bob.closed == nil || bob.closed.Code != 4401 || string(bob.closed.Reason) != "signed out" {
			t.Errorf("bob was closed with %v", bob.closed)
		}
		time.Sleep(10 * time.Second)
		if got := b.must("p"); got.Count != 2 || !slices.Equal(got.Log, []string{"1:left bob"}) {
			t.Errorf("got %+v", got)
		}
		ann.NetConn().Close()
		synctest.Wait()
		if got := b.must("p").Log; !slices.Equal(got, []string{"1:left bob", "2:left ann"}) {
			t.Errorf("got %v", got)
		}
	})
}

// Nothing a socket is told leaves before what it rests on is durable; the socket's
// next message is handled meanwhile.
func TestSocketGate(t *testing.T) {
	withSockets(t, func(t *testing.T, b *bench, dial func(string, string) (*client, *http.Response, error)) {
		ann, _, _ := dial("p", "ann")
		ann.take()
		b.store.Hold()
		ann.say("add")
		ann.say("add")
		ann.say("me:after")
		if got := ann.take(); len(got) != 0 {
			t.Errorf("before the write is durable: %v", got)
		}
		if got := b.store.InFlight(); got != 2 {
			t.Errorf("%d batches in flight, want 2", got)
		}
		b.store.Resume()
		if got := ann.take(); !slices.Equal(got, []string{"2", "3", "after"}) {
			t.Errorf("got %v", got)
		}
		b.failCommits(func(*durable.Batch) (bool, error) { return false, errors.New("gone") })
		ann.say("add")
		if got := ann.take(); len(got) != 0 {
			t.Errorf("of a write that failed: %v", got)
		}
		b.failCommits(nil)
	})
}

// Sockets stay while the object is out of memory, pings do not wake it, heartbeats
// go out, and a silent peer is closed.
func TestHibernation(t *testing.T) {
	withSockets(t, func(t *testing.T, b *bench, dial func(string, string) (*client, *http.Response, error)) {
		ann, _, _ := dial("p", "ann")
		bob, _, _ := dial("p", "bob")
		for range 10 {
			time.Sleep(30 * time.Second)
			ann.say("ping")
			synctest.Wait()
		}
		if live := b.rt.Stats()[0].Live; live != 0 {
			t.Fatalf("%d objects are awake", live)
		}
		got := ann.take()
		if n := strings.Count(strings.Join(got, " "), "beat"); n < 9 || n > 11 {
			t.Errorf("%d heartbeats in five minutes: %v", n, got)
		}
		if n := strings.Count(strings.Join(got, " "), "pong"); n != 10 {
			t.Errorf("%d answers to 10 pings", n)
		}
		if !bob.gone() {
			t.Error("a peer that was silent for minutes is still there")
		}
		ann.say("me:awake")
		if got := ann.take(); !slices.Equal(got, []string{"awake"}) {
			t.Errorf("got %v", got)
		}
		in, err := b.rt.Inspect(t.Context(), durable.ID{Type: "probe", Name: "p"})
		if err != nil || len(in.Sockets) != 1 || !slices.Equal(in.Sockets[0].Tags, []string{"ann"}) {
			t.Errorf("inspection: %+v, %v", in, err)
		}
	})
}

// A peer is closed when it has been silent for the time its type gives it, wherever that
// ends between two heartbeats, and not before; one that speaks at the last moment stays.
func TestSilence(t *testing.T) {
	withSockets(t, func(t *testing.T, b *bench, dial func(string, string) (*client, *http.Response, error)) {
		var peers []*client
		for i := range 40 {
			peer, _, err := dial("p", fmt.Sprint("peer", i))
			if err != nil {
				t.Fatal(err)
			}
			peers = append(peers, peer)
			time.Sleep(time.Second)
		}
		peers[0].say("ping") // has been silent for 40 s
		for second := 40; second < 200; second++ {
			for i, peer := range peers {
				spoke := i
				if i == 0 {
					spoke = 40
				}
				if silent := second - spoke; silent < 74 && peer.gone() || silent > 77 && !peer.gone() {
					t.Fatalf("peer %d, silent for %d s: gone is %v", i, silent, peer.gone())
				}
			}
			time.Sleep(time.Second)
			synctest.Wait()
		}
	})
}

// A socket that does not read is closed with 1013 and delays nobody; of what can be
// replaced it gets the newest.
func TestSlowConsumer(t *testing.T) {
	withSockets(t, func(t *testing.T, b *bench, dial func(string, string) (*client, *http.Response, error)) {
		slow, _, _ := dial("p", "slow")
		slow.take()
		slow.gate = make(chan struct{})
		quick, _, _ := dial("p", "quick")
		ann, _, _ := dial("p", "ann")
		quick.take()
		ann.take()
		ann.say("others:first") // the slow one takes it and stops
		for i := range 100 {
			ann.say(fmt.Sprint("move:", i))
			synctest.Wait()
		}
		if got := quick.take(); len(got) != 101 {
			t.Errorf("the quick one got %d messages, want 101", len(got))
		}
		close(slow.gate)
		if got := slow.take(); len(got) > 10 || got[len(got)-1] != "99" {
			t.Errorf("the slow one got %d messages, the last %v", len(got), got[len(got)-1])
		}
		slow.gate = make(chan struct{})
		ann.say("others:again")
		ann.say("flood:")
		if got := ann.take(); !slices.Equal(got, []string{"flooded"}) {
			t.Errorf("ann got %v", got)
		}
		close(slow.gate)
		synctest.Wait()
		if slow.closed == nil || slow.closed.Code != 1013 {
			t.Errorf("the slow one was closed with %v, want 1013", slow.closed)
		}
	})
}

// What is too large, and what panics, costs only its own socket.
func TestSocketAbuse(t *testing.T) {
	withSockets(t, func(t *testing.T, b *bench, dial func(string, string) (*client, *http.Response, error)) {
		ann, _, _ := dial("p", "ann")
		bob, _, _ := dial("p", "bob")
		eve, _, _ := dial("p", "eve")
		eve.say(strings.Repeat("x", 2000))
		ann.say("panic")
		synctest.Wait()
		if eve.closed == nil || eve.closed.Code != 1009 {
			t.Errorf("an oversized message closed with %v, want 1009", eve.closed)
		}
		if ann.closed == nil || ann.closed.Code != 1011 {
			t.Errorf("a panic closed with %v, want 1011", ann.closed)
		}
		bob.take()
		bob.say("me:fine")
		bob.WritePing([]byte("x"))
		if got := bob.take(); !slices.Equal(got, []string{"fine", "PONG"}) {
			t.Errorf("bob got %v", got)
		}
	})
}

// Shutting down tells every socket to come back.
func TestSocketsAtClose(t *testing.T) {
	withSockets(t, func(t *testing.T, b *bench, dial func(string, string) (*client, *http.Response, error)) {
		ann, _, _ := dial("p", "ann")
		if err := b.rt.Close(context.Background()); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if ann.closed == nil || ann.closed.Code != 1001 {
			t.Errorf("closed with %v, want 1001", ann.closed)
		}
	})
}
