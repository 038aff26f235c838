package durable

import (
	"encoding/binary"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	opText  = 0x1
	opClose = 0x8
	opPong  = 0xA

	writeTimeout = 20 * time.Second // for one write to a socket
	closeTimeout = 5 * time.Second  // for the answer to a close frame
	mergeBytes   = 64 << 10         // as much as leaves in one write
)

// A frame is a WebSocket frame as it goes over the wire, shared by all who get it.
type frame struct{ wire []byte }

// newFrame encodes an unmasked final frame (RFC 6455, section 5.2).
func newFrame(op byte, payload []byte) *frame {
	n := len(payload)
	wire := make([]byte, 0, n+10)
	wire = append(wire, 0x80|op)
	switch {
	case n < 126:
		wire = append(wire, byte(n))
	case n < 1<<16:
		wire = binary.BigEndian.AppendUint16(append(wire, 126), uint16(n))
	default:
		wire = binary.BigEndian.AppendUint64(append(wire, 127), uint64(n))
	}
	return &frame{append(wire, payload...)}
}

func closeFrame(code int, reason string) *frame {
	const maxReason = 123
	if len(reason) > maxReason {
		reason = reason[:maxReason]
	}
	return newFrame(opClose, append(binary.BigEndian.AppendUint16(nil, uint16(code)), reason...))
}

// A Peer is one WebSocket of an object. Its tags and its attachment stay with it
// while the object is out of memory. They are hints: what they say must be checked
// again when the socket joins.
type Peer struct {
	id      string
	gateway *gateway
	h       *hosted
	name    string
	slot    int // in the wheel of heartbeats

	seen atomic.Int64 // when something last came, on the runtime's clock

	mu         sync.Mutex // for a few lines at a time
	conn       net.Conn   // nil until the handshake is answered
	tags       []string
	attachment []byte
	queue      []queued
	queued     int  // bytes in queue
	writing    bool // somebody writes to conn
	closing    bool // a close frame is in the queue; nothing follows it
	closed     bool
}

type queued struct {
	frame    *frame
	coalesce string
}

// ID returns a random name that no other socket has.
func (p *Peer) ID() string { return p.id }

// SetTags sets the names under which State.Peers and State.Broadcast find the socket.
func (p *Peer) SetTags(tags ...string) {
	p.mu.Lock()
	p.tags = slices.Clone(tags)
	p.mu.Unlock()
}

// HasTag reports whether the socket carries a tag.
func (p *Peer) HasTag(tag string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Contains(p.tags, tag)
}

// Attach keeps a few bytes with the socket.
func (p *Peer) Attach(data []byte) {
	p.mu.Lock()
	p.attachment = slices.Clone(data)
	p.mu.Unlock()
}

// Attachment returns what was attached last.
func (p *Peer) Attachment() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.attachment)
}

// enqueue puts a message into the socket's queue. A message that replaces an older
// one takes its place; one that does not fit closes the socket.
func (p *Peer) enqueue(m Message) { p.push(queued(m)) }

func (p *Peer) push(q queued) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closing || p.closed {
		p.h.count.sentLost.Add(1)
		return
	}
	place, size := -1, p.queued+len(q.frame.wire)
	if q.coalesce != "" {
		place = slices.IndexFunc(p.queue, func(old queued) bool { return old.coalesce == q.coalesce })
	}
	if place >= 0 {
		size -= len(p.queue[place].frame.wire)
	}
	if size > p.h.kind.socket.maxQueue {
		p.h.count.sentLost.Add(uint64(len(p.queue)) + 1)
		p.queue, p.queued = p.queue[:0], 0
		p.finish(closeFrame(1013, "this connection does not keep up"))
		return
	}
	p.queued = size
	if place >= 0 {
		p.queue[place] = q
		p.h.count.sentLost.Add(1)
		return
	}
	p.queue = append(p.queue, q)
	p.start()
}

// hangup lets what waits go out and then closes the socket.
func (p *Peer) hangup(code int, reason string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closing && !p.closed {
		p.finish(closeFrame(code, reason))
	}
}

// finish puts the last frame into the queue. The caller holds mu.
func (p *Peer) finish(f *frame) {
	p.closing = true
	p.queue = append(p.queue, queued{frame: f})
	p.queued += len(f.wire)
	p.start()
}

// start sees to it that somebody writes. The caller holds mu.
func (p *Peer) start() {
	if !p.writing && p.conn != nil && len(p.queue) > 0 {
		p.writing = true
		p.gateway.rt.background(p.write)
	}
}

// open gives the socket its connection, and what was sent to it before that goes out.
func (p *Peer) open(conn net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conn = conn
	if p.closed {
		conn.Close()
		return
	}
	p.start()
}

var writeBuffers = sync.Pool{New: func() any { b := make([]byte, 0, mergeBytes); return &b }}

// write sends what waits, as much as there is in one write, until nothing does.
func (p *Peer) write() {
	buf := writeBuffers.Get().(*[]byte)
	defer writeBuffers.Put(buf)
	for {
		chunk, n, last := p.take((*buf)[:0])
		if n == 0 {
			return
		}
		p.conn.SetWriteDeadline(time.Now().Add(writeTimeout))
		_, err := p.conn.Write(chunk)
		p.h.count.sent.Add(uint64(n))
		if err != nil {
			p.drop()
			return
		}
		if last { // the other side has a moment to answer before the reader gives up
			p.conn.SetReadDeadline(time.Now().Add(closeTimeout))
			p.mu.Lock()
			p.writing = false
			p.mu.Unlock()
			return
		}
	}
}

// take moves frames from the queue into buf, up to mergeBytes, and says how many
// there were and whether the last of them closes the socket. With none left it
// ends the writing.
func (p *Peer) take(buf []byte) (chunk []byte, n int, last bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		p.queue, p.queued = nil, 0
	}
	for n < len(p.queue) {
		wire := p.queue[n].frame.wire
		if n > 0 && len(buf)+len(wire) > mergeBytes {
			break
		}
		n++
		if n == 1 && len(wire) >= mergeBytes {
			buf = wire // too large to copy; nothing joins it
			break
		}
		buf = append(buf, wire...)
	}
	for _, q := range p.queue[:n] {
		p.queued -= len(q.frame.wire)
	}
	p.queue = slices.Delete(p.queue, 0, n)
	if len(p.queue) == 0 {
		p.queue = nil // idle sockets keep no queue
	}
	if n == 0 {
		p.writing = false
	}
	return buf, n, n > 0 && p.closing && len(p.queue) == 0
}

// leaving reports whether the socket is on its way out: nothing it says counts.
func (p *Peer) leaving() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closing || p.closed
}

// quiet reports whether nothing waits to be written.
func (p *Peer) quiet() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed || !p.writing && len(p.queue) == 0
}

// drop closes the connection at once; the reader notices and the socket leaves.
func (p *Peer) drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	if p.conn != nil {
		p.conn.Close()
	}
}
