package durable

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/lxzan/gws"
)

// A gateway holds the WebSockets that this node has accepted, by the object they
// joined. They are the gateway's and not the object's, so that objects can leave
// memory while their sockets stay open.
type gateway struct {
	rt *Runtime

	mu      sync.Mutex // for a few lines at a time
	sockets map[socketKey][]*Peer
	counts  map[*hosted]int64
	wheels  map[*hosted]*wheel
	quiet   map[*Peer]struct{} // silent for so long that their time is over before their next heartbeat
	poke    chan struct{}      // a socket joined; holds at most one token
}

type socketKey struct {
	h    *hosted
	name string
}

// A wheel spreads the heartbeats of a type's sockets over the time between two: one
// slot is due each second.
type wheel struct {
	slots []map[*Peer]struct{}
	next  int // the slot the next socket goes to
	at    int // the slot that is due
}

func newGateway(rt *Runtime) *gateway {
	return &gateway{rt: rt, sockets: map[socketKey][]*Peer{}, counts: map[*hosted]int64{}, wheels: map[*hosted]*wheel{},
		quiet: map[*Peer]struct{}{}, poke: make(chan struct{}, 1)}
}

// handshakeBytes is about what a handshake leaves behind for the garbage collector.
const handshakeBytes = 8 << 10

const joinTime = 30 * time.Second // for the object to let a socket join, or leave

type peerKey struct{}

// connect lets a socket join an object and then answers its handshake.
func (g *gateway) connect(w http.ResponseWriter, r *http.Request, h *hosted, name string, join func(any, context.Context, *Peer) error) error {
	if g.rt.stopping.Load() {
		return ErrStopping
	}
	p := &Peer{id: rand.Text(), gateway: g, h: h, name: name}
	p.seen.Store(int64(g.rt.clock()))
	g.add(p)
	ctx, cancel := context.WithTimeout(r.Context(), joinTime)
	defer cancel()
	held, err := h.socketEvent(ctx, p, join)
	if err != nil {
		g.remove(p)
		return err
	}
	if held != nil {
		if err = held.waitFor(ctx); err != nil { // the object may have let it in
			g.rt.background(func() { g.leave(p) })
			return err
		}
	}
	conn, err := h.kind.socket.upgrader.Upgrade(w, r.WithContext(context.WithValue(r.Context(), peerKey{}, p)))
	if err != nil {
		g.leave(p)
		return fmt.Errorf("%w: %w", ErrHandshake, err)
	}
	p.open(conn.NetConn())
	g.rt.left.Add(handshakeBytes)
	g.rt.background(conn.ReadLoop) // not here: the handler's stack is large and would stay
	if g.rt.stopping.Load() {
		p.hangup(1001, stoppingReason)
	}
	return nil
}

// socketEvent runs f as an event of the object.
func (h *hosted) socketEvent(ctx context.Context, p *Peer, f func(any, context.Context, *Peer) error) (held *held, err error) {
	ev, err := h.begin(ctx, p.name)
	if err != nil {
		return nil, err
	}
	returned := false
	defer func() {
		if !returned {
			held, err = ev.abort(recover())
		}
	}()
	held, err = ev.end(f(ev.in.object, ev, p))
	returned = true
	return held, err
}

// message handles one message of a socket. It returns when its turn has passed, not
// when what it wrote is durable, so that messages that follow each other closely
// share a commit.
func (g *gateway) message(p *Peer, data []byte) {
	p.seen.Store(int64(g.rt.clock()))
	p.h.count.messages.Add(1)
	if p.leaving() {
		return
	}
	kind := p.h.kind.socket
	if kind.auto != nil {
		if answer := kind.auto(data); answer != nil {
			p.push(queued{frame: newFrame(opText, answer)})
			return
		}
	}
	_, err := p.h.socketEvent(g.rt.life, p, func(o any, ctx context.Context, p *Peer) error {
		return kind.message(o, ctx, p, data)
	})
	switch {
	case err == nil:
	case errors.Is(err, ErrOverloaded):
		p.hangup(1013, "too much at once")
	case errors.Is(err, ErrStopping):
	default:
		p.h.log.Warn("socket message failed", "err", err)
		if _, ok := OutcomeOf(err); ok {
			p.hangup(1011, "the server could not handle a message; connect again")
		}
	}
}

// leave forgets a socket and tells the object, if it wants to know.
func (g *gateway) leave(p *Peer) {
	p.drop()
	if !g.remove(p) || p.h.kind.socket.leave == nil {
		return
	}
	for attempt := 0; ; attempt++ {
		ctx, cancel := context.WithTimeout(g.rt.life, joinTime)
		_, err := p.h.socketEvent(ctx, p, p.h.kind.socket.leave)
		cancel()
		_, runtime := OutcomeOf(err)
		if err == nil || errors.Is(err, ErrStopping) || !runtime || attempt == 10 || !g.rt.pause(backoff(attempt)) {
			if err != nil && !errors.Is(err, ErrStopping) {
				p.h.log.Warn("socket could not leave its object", "err", err)
			}
			return
		}
	}
}

func (g *gateway) add(p *Peer) {
	g.mu.Lock()
	defer g.mu.Unlock()
	key := socketKey{p.h, p.name}
	g.sockets[key] = append(g.sockets[key], p)
	g.counts[p.h]++
	wh := g.wheels[p.h]
	if wh == nil {
		seconds := max(int(p.h.kind.socket.beatEvery/time.Second), 1)
		wh = &wheel{slots: make([]map[*Peer]struct{}, seconds)}
		for i := range wh.slots {
			wh.slots[i] = map[*Peer]struct{}{}
		}
		g.wheels[p.h] = wh
	}
	p.slot = wh.next
	wh.next = (wh.next + 1) % len(wh.slots)
	wh.slots[p.slot][p] = struct{}{}
	wake(g.poke)
}

// remove takes a socket out of the table and reports whether it was there.
func (g *gateway) remove(p *Peer) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	key := socketKey{p.h, p.name}
	i := slices.Index(g.sockets[key], p)
	if i < 0 {
		return false
	}
	if len(g.sockets[key]) == 1 {
		delete(g.sockets, key)
	} else {
		g.sockets[key] = slices.Delete(slices.Clone(g.sockets[key]), i, i+1)
	}
	g.counts[p.h]--
	delete(g.wheels[p.h].slots[p.slot], p)
	delete(g.quiet, p)
	return true
}

func (g *gateway) peers(h *hosted, name, tag string) []*Peer {
	g.mu.Lock()
	all := slices.Clone(g.sockets[socketKey{h, name}])
	g.mu.Unlock()
	if tag == "" {
		return all
	}
	return slices.DeleteFunc(all, func(p *Peer) bool { return !p.HasTag(tag) })
}

func (g *gateway) count(h *hosted) int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.counts[h]
}

// run sends heartbeats and closes silent sockets, while there are any, until the
// runtime drains.
func (g *gateway) run() {
	for {
		select {
		case <-g.poke:
		case <-g.rt.draining:
			return
		}
		for open := true; open; open = g.any() {
			if !g.rt.pauseUntil(g.rt.draining, time.Second) {
				return
			}
			for _, p := range g.due() {
				g.beat(p)
			}
			g.dropSilent()
		}
	}
}

func (g *gateway) any() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.sockets) > 0
}

// due returns the sockets whose heartbeat is due this second.
func (g *gateway) due() []*Peer {
	g.mu.Lock()
	defer g.mu.Unlock()
	var due []*Peer
	for _, wh := range g.wheels {
		for p := range wh.slots[wh.at] {
			due = append(due, p)
		}
		wh.at = (wh.at + 1) % len(wh.slots)
	}
	return due
}

// beat sends a socket its heartbeat, and has it watched where it may have been silent
// for too long before the next one.
func (g *gateway) beat(p *Peer) {
	kind := p.h.kind.socket
	if kind.silence > 0 && g.silent(p)+kind.beatEvery > kind.silence {
		g.mu.Lock()
		g.quiet[p] = struct{}{}
		g.mu.Unlock()
	}
	if kind.beat != nil && kind.beatEvery > 0 {
		p.push(queued{frame: kind.beat, coalesce: "\x00beat"})
	}
}

// silent returns how long ago something came from a socket.
func (g *gateway) silent(p *Peer) time.Duration { return g.rt.clock() - time.Duration(p.seen.Load()) }

// dropSilent closes the sockets from which nothing has come for too long.
func (g *gateway) dropSilent() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for p := range g.quiet {
		switch silent, kind := g.silent(p), p.h.kind.socket; {
		case silent >= kind.silence:
			p.drop()
			delete(g.quiet, p)
		case silent+kind.beatEvery <= kind.silence: // it has spoken, and its heartbeat looks again
			delete(g.quiet, p)
		}
	}
}

const stoppingReason = "restarting; connect again in a few seconds"

// close says goodbye to every socket.
func (g *gateway) close() {
	for _, p := range g.all() {
		p.hangup(1001, stoppingReason)
	}
}

// dropAll closes every connection, once what was sent to it is on its way, or
// patience is over.
func (g *gateway) dropAll(patience time.Duration) {
	deadline := time.Now().Add(patience)
	for _, p := range g.all() {
		for !p.quiet() && time.Now().Before(deadline) {
			time.Sleep(time.Millisecond)
		}
		p.drop()
	}
}

func (g *gateway) all() []*Peer {
	g.mu.Lock()
	defer g.mu.Unlock()
	var all []*Peer
	for _, peers := range g.sockets {
		all = append(all, peers...)
	}
	return all
}

// A session is what gws keeps with a connection: the Peer it belongs to.
type session struct{ *Peer }

func (*session) Load(string) (any, bool)      { return nil, false }
func (*session) Delete(string)                {}
func (*session) Store(string, any)            {}
func (*session) Range(func(string, any) bool) {}
func (*session) Len() int                     { return 0 }
func peerOf(c *gws.Conn) *Peer                { return c.Session().(*session).Peer }

// A listener passes on what gws reads.
type listener struct{}

func (listener) OnOpen(*gws.Conn) {}

func (listener) OnClose(c *gws.Conn, err error) {
	p := peerOf(c)
	p.gateway.leave(p)
}

func (listener) OnPing(c *gws.Conn, payload []byte) {
	p := peerOf(c)
	p.seen.Store(int64(p.gateway.rt.clock()))
	p.push(queued{frame: newFrame(opPong, payload), coalesce: "\x00pong"})
}

func (listener) OnPong(c *gws.Conn, _ []byte) {
	p := peerOf(c)
	p.seen.Store(int64(p.gateway.rt.clock()))
}

func (listener) OnMessage(c *gws.Conn, m *gws.Message) {
	p := peerOf(c)
	if most := p.h.kind.socket.maxMessage; m.Data.Len() > most {
		m.Close()
		p.hangup(1009, fmt.Sprintf("a message has %d bytes at most", most))
		return
	}
	data := slices.Clone(m.Bytes())
	m.Close()
	p.gateway.message(p, data)
}

// quietLogger drops what gws says about connections that break.
type quietLogger struct{}

func (quietLogger) Error(...any) {}
