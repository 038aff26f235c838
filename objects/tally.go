package objects

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/fortunet/fortunet/durable"
)

const (
	tellEvery   = time.Second      // what is counted is told
	beatEvery   = 30 * time.Second // a node with open sockets tells although nothing happens
	silentNode  = 2 * time.Minute  // after which its sockets do not count any more
	countEvery  = time.Minute      // evictions are asked for, which looks at every object
	feedTimeout = 5 * time.Second
)

// A tally gathers what objects of this process count, and tells the totals once a
// second. Counting is an atomic addition.
type tally struct {
	entries, bytes, hits, misses, computed, nanos, expired, dropped, replaced atomic.Int64
	sessions, signedOut, connections, closed, openMillis                      atomic.Int64
	open, peak                                                                atomic.Int64 // sockets now, and most since last told

	log     *slog.Logger
	node    string
	process string      // names this process among those of its node
	waiting atomic.Bool // a flush is on its way
	beating atomic.Bool // one that is only to be heard of is

	// What follows belongs to whoever holds turn.
	turn    chan struct{}
	unsent  *delta // was sent, and it is not known that it arrived
	seq     uint64
	told    int64 // open as last told, -1 before
	evicted uint64
	looked  time.Time // when evictions were last asked for
}

// An occasion is why the totals are told.
type occasion uint8

const (
	counted occasion = iota // something was counted
	beat                    // sockets are open, and nothing was said for a while
	last                    // the process ends
)

func (t *tally) begin(node string, log *slog.Logger) {
	t.node, t.log, t.process, t.turn, t.told = node, log, rand.Text(), make(chan struct{}, 1), -1
}

// touch sees to it that what was counted is told within a second or so.
func (t *tally) touch(rt *durable.Runtime) {
	if t.waiting.Load() || !t.waiting.CompareAndSwap(false, true) {
		return
	}
	time.AfterFunc(tellEvery, func() {
		t.waiting.Store(false)
		t.flush(rt, counted)
	})
}

func (t *tally) socketOpened(rt *durable.Runtime) {
	t.connections.Add(1)
	open := t.open.Add(1)
	for {
		peak := t.peak.Load()
		if open <= peak || t.peak.CompareAndSwap(peak, open) {
			break
		}
	}
	t.touch(rt)
}

func (t *tally) socketClosed(rt *durable.Runtime, millis int64) {
	t.closed.Add(1)
	t.openMillis.Add(millis)
	t.open.Add(-1)
	t.touch(rt)
}

// flush feeds what was gathered to the totals. What is not known to have arrived is
// told again, and counted once. The last flush says that no socket is left.
func (t *tally) flush(rt *durable.Runtime, why occasion) {
	t.turn <- struct{}{}
	defer func() { <-t.turn }()
	for t.unsent != nil || t.gather(rt, why) {
		if why == beat {
			why = counted // once is enough
		}
		ctx, cancel := context.WithTimeout(context.Background(), feedTimeout)
		_, err := feed(ctx, TotalsOf(rt), *t.unsent)
		cancel()
		if errors.Is(err, durable.ErrStopping) {
			return
		}
		if err != nil {
			t.log.Warn("totals were not told", "err", err)
			if why != last {
				t.touch(rt)
			}
			return
		}
		t.told, t.unsent = t.unsent.Open, nil
	}
	if t.told > 0 && why != last && t.beating.CompareAndSwap(false, true) {
		time.AfterFunc(beatEvery, func() {
			t.beating.Store(false)
			t.flush(rt, beat)
		})
	}
}

// gather takes what was counted since the last time into unsent, and reports whether
// there is anything to tell.
func (t *tally) gather(rt *durable.Runtime, why occasion) bool {
	d := delta{Node: t.node, Process: t.process, Open: t.open.Load(), Figures: Figures{
		Entries: t.entries.Swap(0), Bytes: t.bytes.Swap(0), Hits: t.hits.Swap(0), Misses: t.misses.Swap(0),
		Computed: t.computed.Swap(0), Nanos: t.nanos.Swap(0), Expired: t.expired.Swap(0), Dropped: t.dropped.Swap(0),
		Replaced: t.replaced.Swap(0), Evicted: t.evictions(rt, why), Sessions: t.sessions.Swap(0), SignedOut: t.signedOut.Swap(0),
		Connections: t.connections.Swap(0), Closed: t.closed.Swap(0), OpenMillis: t.openMillis.Swap(0)}}
	if why == last {
		d.Open = 0
	}
	if d.Figures == (Figures{}) && d.Open == t.told && why != beat {
		return false
	}
	d.Peak = max(t.peak.Swap(d.Open), d.Open)
	t.seq++
	d.Seq = t.seq
	t.unsent = &d
	return true
}

// evictions returns how many cached charts have left memory since it was last asked,
// which it finds out once a minute.
func (t *tally) evictions(rt *durable.Runtime, why occasion) int64 {
	if why != last && time.Since(t.looked) < countEvery {
		return 0
	}
	t.looked = time.Now()
	before := t.evicted
	for _, s := range rt.Stats() {
		if s.Type == ChartCache.Name {
			t.evicted = s.Evictions
		}
	}
	return int64(t.evicted - before)
}
