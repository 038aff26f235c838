package objects

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
)

// ConnectSession connects a WebSocket of one of the user's devices.
var ConnectSession = durable.Sockets(Sessions, durable.SocketHandler[Session, Hello]{
	Join: (*Session).join, Message: (*Session).message, Leave: (*Session).leave, Auto: answerHeartbeat,
	Beat: []byte(`{"type":"heartbeat"}`), BeatEvery: 30 * time.Second, Silence: 75 * time.Second,
})

// Hello is what a socket joins with.
type Hello struct {
	Device string `json:"device"` // as in Identity
}

const (
	maxSockets  = 20 // of one user
	maxBad      = 10 // messages that cannot be read, in badTime
	badTime     = time.Minute
	closePolicy = 1008
)

// What a socket is told. Data is of the shape its type asks for; the id is that of
// the message this answers.
type socketMessage struct {
	Type string          `json:"type"`
	ID   json.RawMessage `json:"id,omitempty"`
	Data any             `json:"data"`
}

// A socketError tells a socket what was wrong with its message.
type socketError struct {
	Type    string          `json:"type"` // "error"
	ID      json.RawMessage `json:"id,omitempty"`
	Code    string          `json:"code"`
	Message string          `json:"message"`
	Field   string          `json:"field,omitempty"`
}

// connected is the data of the first message.
type connected struct {
	User struct {
		ID    string        `json:"id"`
		Email string        `json:"email"`
		Plan  fortunet.Plan `json:"subscriptionStatus"`
	} `json:"user"`
	ActiveCharts []string             `json:"activeCharts"`
	Preferences  fortunet.Preferences `json:"preferences"`
}

// A sessionUpdate tells a user's sockets what has changed; the rest is left out. No
// charts are an empty list.
type sessionUpdate struct {
	User         *UserView             `json:"user,omitempty"`
	Preferences  *fortunet.Preferences `json:"preferences,omitempty"`
	ActiveCharts []string              `json:"activeCharts,omitzero"`
}

// updated tells every socket what has changed.
func (o *Session) updated(u sessionUpdate) {
	if len(o.s.Peers("")) == 0 {
		return
	}
	m := durable.JSON(socketMessage{Type: "session_updated", Data: u})
	if u.User == nil && u.Preferences == nil {
		m = m.Coalesce("charts") // to a slow socket, only the newest list matters
	}
	o.s.Broadcast("", m)
}

func deviceTag(id string) string { return "device:" + id }

// A seat is what is kept with a socket while the session is out of memory.
type seat struct {
	device string
	began  int64   // Unix milliseconds; 0 once it was counted as gone
	bad    []int64 // when it lately sent what cannot be read
}

func seatOf(p *durable.Peer) seat { return parseSeat(string(p.Attachment())) }

// parseSeat reads what append wrote.
func parseSeat(text string) seat {
	var s seat
	for i, word := range strings.Fields(text) {
		n, _ := strconv.ParseInt(word, 10, 64)
		switch i {
		case 0:
			s.device = word
		case 1:
			s.began = n
		default:
			s.bad = append(s.bad, n)
		}
	}
	return s
}

func (s seat) attach(p *durable.Peer) { p.Attach(s.append(nil)) }

func (s seat) append(b []byte) []byte {
	b = strconv.AppendInt(append(append(b, s.device...), ' '), s.began, 10)
	for _, at := range s.bad {
		b = strconv.AppendInt(append(b, ' '), at, 10)
	}
	return b
}

// badOnceMore notes a message that cannot be read and reports whether it is the tenth
// within a minute.
func (s *seat) badOnceMore(now int64) bool {
	for len(s.bad) > 0 && s.bad[0] <= now-badTime.Milliseconds() {
		s.bad = s.bad[1:]
	}
	s.bad = append(s.bad, now)
	return len(s.bad) >= maxBad
}

func (o *Session) join(_ context.Context, p *durable.Peer, h Hello) error {
	d, err := o.liveDevice(h.Device)
	if err != nil {
		return err
	}
	if len(o.s.Peers("")) > maxSockets { // it is among them
		return fault.Coded(fault.Limited, "too_many_sockets", "this user has %d sockets open already", maxSockets)
	}
	now := o.s.Now().UnixMilli()
	p.SetTags(deviceTag(d.ID))
	if again := len(p.Attachment()) > 0; !again {
		seat{device: d.ID, began: now}.attach(p)
		o.s.After(func(context.Context) { o.tally.socketOpened(o.s.Runtime()) })
	}
	o.used(o.tokens[d.Hash], now)
	u := o.who()
	hello := connected{ActiveCharts: o.activeCharts(), Preferences: o.preferences()}
	hello.User.ID, hello.User.Email, hello.User.Plan = u.ID, u.Email, u.Plan
	o.s.Send(p, durable.JSON(socketMessage{Type: "session_connected", Data: hello}))
	return nil
}

func (o *Session) leave(_ context.Context, p *durable.Peer) error {
	if d, err := o.liveDevice(seatOf(p).device); err == nil { // it was in use until now
		o.used(o.tokens[d.Hash], o.s.Now().UnixMilli())
	}
	o.parted(p)
	return nil
}

// parted counts a socket as gone, once.
func (o *Session) parted(p *durable.Peer) {
	s := seatOf(p)
	if s.began == 0 {
		return
	}
	open := o.s.Now().UnixMilli() - s.began
	s.began = 0
	s.attach(p)
	o.s.After(func(context.Context) { o.tally.socketClosed(o.s.Runtime(), open) })
}

// answerHeartbeat answers a heartbeat without waking the session.
func answerHeartbeat(data []byte) []byte {
	const longest = 200
	if len(data) > longest || !bytes.Contains(data, []byte("heartbeat")) {
		return nil
	}
	m, err := decodeMessage(data)
	if err != nil || m.Type != "heartbeat" {
		return nil
	}
	return heartbeatAck(m)
}

func heartbeatAck(m clientMessage) []byte {
	answer := []byte(`{"type":"heartbeat_ack"`)
	if m.ID != nil {
		answer = append(append(answer, `,"id":`...), m.ID...)
	}
	return append(answer, '}')
}

func (o *Session) message(ctx context.Context, p *durable.Peer, data []byte) error {
	s := seatOf(p)
	d, err := o.liveDevice(s.device)
	if err != nil {
		o.s.Hangup(p, closeSignedOut, "signed out")
		return nil
	}
	m, err := decodeMessage(data)
	if err == nil {
		err = o.handle(ctx, p, m)
	}
	now := o.s.Now().UnixMilli()
	if err == nil {
		o.used(o.tokens[d.Hash], now)
		return nil
	}
	f := fault.Public(err)
	if f.Kind == fault.Internal {
		return err
	}
	o.s.Send(p, durable.JSON(socketError{Type: "error", ID: m.ID, Code: f.Code, Message: f.Message, Field: f.Field}))
	if f.Code != codeMessage {
		return nil
	}
	tooMany := s.badOnceMore(now)
	s.attach(p)
	if tooMany {
		o.s.Hangup(p, closePolicy, "too many messages that cannot be read")
	}
	return nil
}

// handle does what a message asks for. It changes nothing before it has checked
// everything, since its faults are told to the socket and do not undo the event.
func (o *Session) handle(ctx context.Context, p *durable.Peer, m clientMessage) error {
	isObject := len(m.Data) > 0 && m.Data[0] == '{'
	switch m.Type {
	case "heartbeat": // one too long for answerHeartbeat
		o.s.Send(p, durable.Text(heartbeatAck(m)))
	case "update_preferences":
		if !isObject {
			return messageFault("the data of update_preferences is an object")
		}
		prefs, err := o.preferences().Patch(m.Data)
		if err != nil {
			return err
		}
		o.s.Send(p, durable.JSON(socketMessage{Type: "preferences_updated", ID: m.ID, Data: prefs}))
		o.setPreferences(prefs)
	case "add_chart", "remove_chart":
		id, err := chartID(m.Data)
		if err != nil {
			return err
		}
		if m.Type == "add_chart" {
			_, err = o.addChart(ctx, id)
		} else {
			_, err = o.removeChart(ctx, id)
		}
		return err
	case "chart_update":
		if !isObject {
			return messageFault("the data of chart_update is an object")
		}
		o.s.Broadcast("", durable.JSON(socketMessage{Type: "chart_updated", Data: m.Data}), p)
	default:
		return messageFault("there is no such type of message")
	}
	return nil
}
