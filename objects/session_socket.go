package objects

import (
	"bytes"
	"context"
	"encoding/json"
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
	Device string `json:"device"`
}

// What a socket is told. Data is of the shape its type asks for.
type socketMessage struct {
	Type string `json:"type"`
	Data any    `json:"data"`
}

// A socketError tells a socket what was wrong with its message.
type socketError struct {
	Type    string `json:"type"` // "error"
	Code    string `json:"code"`
	Message string `json:"message"`
	Field   string `json:"field,omitempty"`
}

// A sessionUpdate tells a user's sockets what has changed.
type sessionUpdate struct {
	User         *UserView             `json:"user,omitempty"`
	Preferences  *fortunet.Preferences `json:"preferences,omitempty"`
	ActiveCharts []string              `json:"activeCharts,omitempty"`
}

// updated tells every socket what has changed.
func (o *Session) updated(u sessionUpdate) {
	if len(o.s.Peers("")) > 0 {
		o.s.Broadcast("", durable.JSON(socketMessage{"session_updated", u}))
	}
}

func deviceTag(id string) string { return "device:" + id }

func (o *Session) join(_ context.Context, p *durable.Peer, h Hello) error {
	if _, ok := o.devices.Get(h.Device); !ok {
		return errToken
	}
	const most = 20 // sockets of one user
	if len(o.s.Peers("")) > most {
		return fault.Coded(fault.Limited, "too_many_sockets", "this user has %d sockets open already", most)
	}
	p.SetTags(deviceTag(h.Device))
	began, _ := o.s.Now().MarshalText()
	p.Attach(began)
	u := o.who()
	o.s.Send(p, durable.JSON(socketMessage{"session_connected", map[string]any{
		"user":         map[string]any{"id": u.ID, "email": u.Email, "subscriptionStatus": u.Plan},
		"activeCharts": o.activeCharts(), "preferences": o.preferences()}}))
	o.tally.connections.Add(1)
	o.tally.open.Add(1)
	o.tally.touch(o.s.Runtime())
	return nil
}

func (o *Session) leave(_ context.Context, p *durable.Peer) error {
	delete(o.bad, p.ID())
	var began time.Time
	if began.UnmarshalText(p.Attachment()) == nil {
		o.tally.openMillis.Add(o.s.Now().Sub(began).Milliseconds())
	}
	o.tally.open.Add(-1)
	o.tally.touch(o.s.Runtime())
	return nil
}

// A clientMessage is what a socket may say.
type clientMessage struct {
	Type string          `json:"type"`
	ID   json.RawMessage `json:"id,omitempty"` // echoed
	Data json.RawMessage `json:"data,omitempty"`
}

// chartData is the data of the messages about charts.
type chartData struct {
	ChartID string `json:"chartId"`
}

var errMessage = fault.Coded(fault.Invalid, "invalid_message", "this message cannot be read")

// decodeStrict decodes JSON that has no member that v does not have, and nothing
// behind it.
func decodeStrict(data []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if dec.Decode(v) != nil || dec.More() {
		return errMessage
	}
	return nil
}

// answerHeartbeat answers a heartbeat without waking the session.
func answerHeartbeat(data []byte) []byte {
	const longest = 200
	if len(data) > longest || !bytes.Contains(data, []byte("heartbeat")) {
		return nil
	}
	var m clientMessage
	if decodeStrict(data, &m) != nil || m.Type != "heartbeat" {
		return nil
	}
	return []byte(`{"type":"heartbeat_ack"}`)
}

func (o *Session) message(ctx context.Context, p *durable.Peer, data []byte) error {
	var m clientMessage
	err := decodeStrict(data, &m)
	if err == nil {
		err = o.handle(ctx, p, m)
	}
	if err == nil {
		return nil
	}
	f := fault.Public(err)
	if f.Kind != fault.Invalid {
		return err
	}
	o.s.Send(p, durable.JSON(socketError{"error", f.Code, f.Message, f.Field}))
	if o.badOnceMore(p) {
		o.s.Hangup(p, 1008, "too many messages that cannot be read")
	}
	return nil
}

// handle does what a message asks for. It changes nothing before it has checked
// everything, since its faults are told to the socket and do not undo the event.
func (o *Session) handle(ctx context.Context, p *durable.Peer, m clientMessage) error {
	switch m.Type {
	case "update_preferences":
		prefs, err := o.preferences().Patch(m.Data)
		if err != nil {
			return err
		}
		o.prefs.Set(prefs)
		o.s.Send(p, durable.JSON(socketMessage{"preferences_updated", prefs}))
		o.updated(sessionUpdate{Preferences: &prefs})
	case "add_chart", "remove_chart":
		var c chartData
		if err := decodeStrict(m.Data, &c); err != nil {
			return err
		}
		if m.Type == "remove_chart" {
			_, err := o.removeChart(ctx, c.ChartID)
			return err
		}
		_, err := o.addChart(ctx, c.ChartID)
		return err
	case "chart_update":
		if len(m.Data) == 0 || m.Data[0] != '{' {
			return errMessage
		}
		o.s.Broadcast("", durable.JSON(socketMessage{"chart_updated", m.Data}), p)
	default:
		return fault.Coded(fault.Invalid, "invalid_message", "there is no such type of message")
	}
	return nil
}

// badness is how many unreadable messages a socket has sent in a minute.
type badness struct {
	since time.Time
	n     int
}

// badOnceMore counts an unreadable message and reports whether it is the tenth within
// a minute.
func (o *Session) badOnceMore(p *durable.Peer) bool {
	const most = 10
	now := o.s.Now()
	b := o.bad[p.ID()]
	if b == nil || now.Sub(b.since) > time.Minute {
		b = &badness{since: now}
		o.bad[p.ID()] = b
	}
	b.n++
	return b.n >= most
}
