package objects

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
)

// Totals adds up what happens in many objects. One object of it, named "totals", has
// the figures; they are counted where they happen, gathered for a second, and fed
// relaxed, so that nothing waits for them.
var Totals = &durable.Type[Total]{Name: "totals", Idle: time.Hour, Queue: 1 << 14}

const totalsName = "totals"

var (
	// feed adds to the figures.
	feed = durable.Method(Totals, "feed", (*Total).feed)

	// Statistics returns the figures.
	Statistics = durable.Method(Totals, "statistics", (*Total).statistics)

	// CacheGeneration returns the generation of charts of a type and an engine.
	// Entries of another one are misses.
	CacheGeneration = durable.Method(Totals, "generation", (*Total).generation)

	// Invalidate raises a generation: all charts become misses, or those of one type,
	// or of one type and one version of the engine.
	Invalidate = durable.Method(Totals, "invalidate", (*Total).invalidate)
)

// A Prefix is the part of the cache an invalidation is about; both empty is all of it.
type Prefix struct {
	Type   fortunet.ChartType `json:"type,omitempty"`
	Engine string             `json:"engine,omitempty"`
}

// key returns the name under which a prefix's generation is kept.
func (p Prefix) key() string { return string(p.Type) + ":" + p.Engine }

// Figures are sums since the beginning, but for those that say otherwise.
type Figures struct {
	Entries  int64 `json:"entries"`  // now
	Bytes    int64 `json:"bytes"`    // now, of chart data
	Hits     int64 `json:"hits"`     // requests that were answered from the cache
	Misses   int64 `json:"misses"`   // requests that were not
	Computed int64 `json:"computed"` // charts
	Nanos    int64 `json:"nanos"`    // that computing them took
	Expired  int64 `json:"expired"`
	Dropped  int64 `json:"dropped"`
	Replaced int64 `json:"replaced"` // of an older generation, or a fault

	Sessions    int64 `json:"sessions"` // signed in, ever
	SignedOut   int64 `json:"signedOut"`
	Connections int64 `json:"connections"` // sockets, ever
	Open        int64 `json:"open"`        // sockets, now
	Peak        int64 `json:"peak"`        // most sockets at once
	OpenMillis  int64 `json:"openMillis"`  // that sockets, now closed, were open
}

// HitRate returns hits ÷ requests, 0 before the first.
func (f Figures) HitRate() float64 { return ratio(f.Hits, f.Hits+f.Misses) }

// AverageMillis returns how long a computation takes on average, in milliseconds.
func (f Figures) AverageMillis() float64 { return ratio(f.Nanos, f.Computed) / 1e6 }

// AverageOpen returns how long a socket stays open on average.
func (f Figures) AverageOpen() time.Duration {
	return time.Duration(ratio(f.OpenMillis, f.Connections-f.Open) * float64(time.Millisecond))
}

func ratio(a, b int64) float64 {
	if b <= 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func (f *Figures) add(d Figures) {
	f.Entries += d.Entries
	f.Bytes += d.Bytes
	f.Hits += d.Hits
	f.Misses += d.Misses
	f.Computed += d.Computed
	f.Nanos += d.Nanos
	f.Expired += d.Expired
	f.Dropped += d.Dropped
	f.Replaced += d.Replaced
	f.Sessions += d.Sessions
	f.SignedOut += d.SignedOut
	f.Connections += d.Connections
	f.Open = max(f.Open+d.Open, 0)
	f.Peak = max(f.Peak, f.Open)
	f.OpenMillis += d.OpenMillis
}

// A Total has the figures and the cache's generations.
type Total struct {
	s           *durable.State
	figures     durable.Value[Figures]
	generations durable.Map[uint64]
	started     durable.Value[int64]
}

func newTotal(_ context.Context, s *durable.State) (*Total, error) {
	return &Total{s: s, figures: durable.NewValue[Figures](s, "figures"), generations: durable.NewMap[uint64](s, "generations"),
		started: durable.NewValue[int64](s, "started")}, nil
}

// A delta is what one process has counted since it last told.
type delta struct {
	Figures Figures `json:"figures"`
	Process int64   `json:"process"` // when the process began: the sockets of an older one are gone
}

func (t *Total) feed(_ context.Context, d delta) (bool, error) {
	f := t.figures.Or(Figures{})
	if began := t.started.Or(0); d.Process > began {
		f.Open = 0
		t.started.SetRelaxed(d.Process)
	}
	f.add(d.Figures)
	t.figures.SetRelaxed(f)
	return true, nil
}

func (t *Total) statistics(context.Context, struct{}) (Figures, error) {
	return t.figures.Or(Figures{}), nil
}

func (t *Total) generation(_ context.Context, p Prefix) (uint64, error) {
	var sum uint64
	for _, key := range [...]string{Prefix{}.key(), Prefix{Type: p.Type}.key(), p.key()} {
		n, _ := t.generations.Get(key)
		sum += n
	}
	return sum, nil
}

func (t *Total) invalidate(_ context.Context, p Prefix) (uint64, error) {
	if p.Type == "" && p.Engine != "" {
		return 0, fault.Field("type", fortunet.CodeMissingField, "an engine's version belongs to a type of chart")
	}
	n, _ := t.generations.Get(p.key())
	t.generations.Set(p.key(), n+1)
	return n + 1, nil
}

// A tally gathers what objects of this process count, for a second.
type tally struct {
	entries, bytes, hits, misses, computed, nanos, expired, dropped, replaced atomic.Int64
	sessions, signedOut, connections, open, openMillis                        atomic.Int64

	waiting atomic.Bool // a flush is on its way
}

var processBegan = time.Now().UnixMilli()

// touch sees to it that what was counted is told within a second or so.
func (t *tally) touch(rt *durable.Runtime) {
	if t.waiting.Load() || !t.waiting.CompareAndSwap(false, true) {
		return
	}
	time.AfterFunc(time.Second, func() {
		t.waiting.Store(false)
		t.flush(rt)
	})
}

// flush feeds what was gathered to the totals. What cannot be told now is kept.
func (t *tally) flush(rt *durable.Runtime) {
	d := delta{Process: processBegan, Figures: Figures{Entries: t.entries.Swap(0), Bytes: t.bytes.Swap(0), Hits: t.hits.Swap(0),
		Misses: t.misses.Swap(0), Computed: t.computed.Swap(0), Nanos: t.nanos.Swap(0), Expired: t.expired.Swap(0),
		Dropped: t.dropped.Swap(0), Replaced: t.replaced.Swap(0), Sessions: t.sessions.Swap(0), SignedOut: t.signedOut.Swap(0),
		Connections: t.connections.Swap(0), Open: t.open.Swap(0), OpenMillis: t.openMillis.Swap(0)}}
	if d.Figures == (Figures{}) {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, err := feed(ctx, Totals.Get(rt, totalsName), d)
	if outcome, _ := durable.OutcomeOf(err); err == nil || outcome == durable.Unknown || errors.Is(err, durable.ErrStopping) {
		return
	}
	f := d.Figures
	t.entries.Add(f.Entries)
	t.bytes.Add(f.Bytes)
	t.hits.Add(f.Hits)
	t.misses.Add(f.Misses)
	t.computed.Add(f.Computed)
	t.nanos.Add(f.Nanos)
	t.expired.Add(f.Expired)
	t.dropped.Add(f.Dropped)
	t.replaced.Add(f.Replaced)
	t.sessions.Add(f.Sessions)
	t.signedOut.Add(f.SignedOut)
	t.connections.Add(f.Connections)
	t.open.Add(f.Open)
	t.openMillis.Add(f.OpenMillis)
	t.touch(rt)
}

// TotalsOf returns the stub of the object that has the figures.
func TotalsOf(rt *durable.Runtime) durable.Stub[Total] { return Totals.Get(rt, totalsName) }
