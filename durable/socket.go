package durable

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/lxzan/gws"
)

// A SocketHandler is how objects of a type take part in WebSockets. Each of its
// functions is an event of the object: what it sends and stores leaves and stays
// together.
type SocketHandler[O, Hello any] struct {
	// Join is asked whether the socket may join, before the handshake is answered;
	// an error refuses it. It is asked again whenever the socket is attached to a
	// new owner of the object, so it must decide by hello and not by what it did
	// before.
	Join func(*O, context.Context, *Peer, Hello) error

	// Message handles one text or binary message. An error is logged; the
	// socket stays open.
	Message func(*O, context.Context, *Peer, []byte) error

	// Leave is told, once, that the socket is gone. Nil: nobody needs to know, and
	// a leaving socket does not wake the object.
	Leave func(*O, context.Context, *Peer) error

	// Auto answers a message without the object, which may be out of memory:
	// answers to heartbeats. It returns nil for messages that are the object's.
	Auto func(message []byte) (answer []byte)

	// Beat is sent every BeatEvery; a peer from which nothing has come for Silence
	// is closed. Zero durations mean never.
	Beat               []byte
	BeatEvery, Silence time.Duration

	// MaxMessage bounds a message in bytes, 0 meaning 64 KB; MaxQueue what may
	// wait to be sent to one socket, 0 meaning 256 KB.
	MaxMessage, MaxQueue int
}

const (
	defaultMaxMessage = 64 << 10
	defaultMaxQueue   = 256 << 10

	// A message that is too large is read all the same, up to so many times the limit: its
	// sender would not see why the connection is closed while it still writes. What is
	// larger is cut off.
	readAhead = 4
)

// A socketKind is a SocketHandler without its type parameters.
type socketKind struct {
	message            func(obj any, ctx context.Context, p *Peer, data []byte) error
	leave              func(obj any, ctx context.Context, p *Peer) error
	auto               func([]byte) []byte
	beat               *frame
	beatEvery, silence time.Duration
	maxMessage         int
	maxQueue           int
	upgrader           *gws.Upgrader
}

// A Connect answers the handshake of a WebSocket that is to join an object, and
// returns when the socket is open or refused. If it returns an error, it has not
// written a response unless the error is ErrHandshake.
type Connect[O, Hello any] func(w http.ResponseWriter, r *http.Request, obj Stub[O], hello Hello) error

// ErrHandshake says that a handshake failed after it was granted; the connection is
// closed and nothing can be written to it.
var ErrHandshake = errors.New("durable: the WebSocket handshake failed")

// ErrNoWebSocket says that a request does not ask for a WebSocket.
var ErrNoWebSocket = errors.New("durable: not a WebSocket handshake")

// Sockets lets objects of type t hold WebSockets and returns the function that
// connects one. Sockets belong to the node that accepted them and stay open while
// the object is out of memory.
func Sockets[O, Hello any](t *Type[O], h SocketHandler[O, Hello]) Connect[O, Hello] {
	k := t.register()
	if k.socket != nil {
		panic("durable: " + k.name + " has two socket handlers")
	}
	k.socket = newSocketKind(h)
	return func(w http.ResponseWriter, r *http.Request, obj Stub[O], hello Hello) error {
		if obj.h == nil {
			return fmt.Errorf("%s: %w", k.name, ErrNotHosted)
		}
		if err := checkHandshake(r); err != nil {
			return err
		}
		join := func(o any, ctx context.Context, p *Peer) error {
			return h.Join(o.(*O), ctx, p, hello)
		}
		return obj.h.rt.gateway.connect(w, r, obj.h, obj.name, join)
	}
}

func newSocketKind[O, Hello any](h SocketHandler[O, Hello]) *socketKind {
	s := &socketKind{auto: h.Auto, beatEvery: h.BeatEvery, silence: h.Silence, maxQueue: h.MaxQueue}
	s.message = func(o any, ctx context.Context, p *Peer, data []byte) error {
		return h.Message(o.(*O), ctx, p, data)
	}
	if h.Leave != nil {
		s.leave = func(o any, ctx context.Context, p *Peer) error { return h.Leave(o.(*O), ctx, p) }
	}
	if h.Beat != nil {
		s.beat = newFrame(opText, h.Beat)
	}
	if s.maxQueue == 0 {
		s.maxQueue = defaultMaxQueue
	}
	s.maxMessage = h.MaxMessage
	if s.maxMessage == 0 {
		s.maxMessage = defaultMaxMessage
	}
	s.upgrader = gws.NewUpgrader(listener{}, &gws.ServerOption{
		ReadMaxPayloadSize: readAhead * s.maxMessage,
		ReadBufferSize:     1024,
		CheckUtf8Enabled:   true,
		Authorize: func(r *http.Request, s gws.SessionStorage) bool {
			s.(*session).Peer, _ = r.Context().Value(peerKey{}).(*Peer)
			return s.(*session).Peer != nil
		},
		NewSession: func() gws.SessionStorage { return &session{} },
		Logger:     quietLogger{},
	})
	return s
}

// checkHandshake finds out whether r asks for a WebSocket, before anything is done
// for it.
func checkHandshake(r *http.Request) error {
	h := r.Header
	if r.Method != http.MethodGet || !strings.EqualFold(h.Get("Upgrade"), "websocket") ||
		!strings.Contains(strings.ToLower(h.Get("Connection")), "upgrade") ||
		h.Get("Sec-WebSocket-Version") != "13" || h.Get("Sec-WebSocket-Key") == "" {
		return ErrNoWebSocket
	}
	return nil
}

// A Message is something to send to sockets, encoded once however many get it.
type Message struct {
	frame    *frame
	coalesce string
}

// JSON returns a text message with v as JSON, as v is now. It ends the event if v
// cannot be encoded.
func JSON(v any) Message {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(failure{fmt.Errorf("encode message: %w", err)})
	}
	return Text(raw)
}

// Text returns a text message; data must be UTF-8 and is copied.
func Text(data []byte) Message { return Message{frame: newFrame(opText, data)} }

// Coalesce returns the message as one that replaces an older one with the same key
// that still waits in a socket's queue.
func (m Message) Coalesce(key string) Message {
	m.coalesce = key
	return m
}

// Peers returns the object's sockets that carry a tag, or all if tag is "", those
// that connected first coming first. The socket that is joining is among them.
func (s *State) Peers(tag string) []*Peer {
	s.mem()
	return s.in.h.rt.gateway.peers(s.in.h, s.in.name, tag)
}

// Broadcast sends a message to all of the object's sockets that carry a tag, or to
// all if tag is "", but not to except.
func (s *State) Broadcast(tag string, m Message, except ...*Peer) {
	to := s.Peers(tag)
	if len(except) > 0 {
		kept := to[:0]
		for _, p := range to {
			skip := false
			for _, e := range except {
				skip = skip || p == e
			}
			if !skip {
				kept = append(kept, p)
			}
		}
		to = kept
	}
	if len(to) > 0 {
		s.put(send{to: to, message: m})
	}
}

// Send sends a message to one socket once the event is durable.
func (s *State) Send(p *Peer, m Message) { s.put(send{to: []*Peer{p}, message: m}) }

// Hangup closes a socket once the event is durable, after what was sent to it
// before. Code is a WebSocket close code; reason, at most 123 bytes, is for people.
func (s *State) Hangup(p *Peer, code int, reason string) {
	s.put(send{to: []*Peer{p}, close: &closing{code, reason}})
}

func (s *State) put(x send) {
	tx := &s.mem().tx
	if !tx.open {
		panic("durable: a message is sent outside an event")
	}
	tx.sends = append(tx.sends, x)
}

// A send is a message or a closing on its way out of an event.
type send struct {
	to      []*Peer
	message Message
	close   *closing
}

type closing struct {
	code   int
	reason string
}

// deliver puts the send into the queues of its sockets.
func (s send) deliver() {
	for _, p := range s.to {
		if s.close != nil {
			p.hangup(s.close.code, s.close.reason)
		} else {
			p.enqueue(s.message)
		}
	}
}
