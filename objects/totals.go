package objects

import (
	"context"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
)

// Totals adds up what happens in many objects. One object of it, named "totals", has
// the figures; they are counted where they happen, gathered for a second, and fed
// relaxed, so that nothing waits for them.
var Totals = &durable.Type[Total]{Name: "totals", Idle: time.Hour, Queue: 1 << 14}

const (
	totalsName    = "totals"
	longestEngine = 100 // bytes of a version
)

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

// Figures are sums since the beginning, but for those that say otherwise. A crash may
// lose what was counted in its last second.
type Figures struct {
	Entries  int64 `json:"entries"`  // now
	Bytes    int64 `json:"bytes"`    // now, of chart data
	Hits     int64 `json:"hits"`     // requests that were answered from the cache
	Misses   int64 `json:"misses"`   // requests that were not
	Computed int64 `json:"computed"` // charts
	Nanos    int64 `json:"nanos"`    // that computing them took
	Expired  int64 `json:"expired"`
	Dropped  int64 `json:"dropped"`
	Replaced int64 `json:"replaced"` // of an older generation
	Evicted  int64 `json:"evicted"`  // from memory; they stay on disk

	Sessions    int64 `json:"sessions"` // signed in, ever
	SignedOut   int64 `json:"signedOut"`
	Connections int64 `json:"connections"` // sockets, ever
	Closed      int64 `json:"closed"`      // of those, the ones that were seen to close
	OpenMillis  int64 `json:"openMillis"`  // that they were open
	Open        int64 `json:"open"`        // sockets, now
	Peak        int64 `json:"peak"`        // most sockets at once
}

// HitRate returns hits ÷ requests, 0 before the first.
func (f Figures) HitRate() float64 { return ratio(f.Hits, f.Hits+f.Misses) }

// AverageMillis returns how long a computation takes on average, in milliseconds.
func (f Figures) AverageMillis() float64 { return ratio(f.Nanos, f.Computed) / 1e6 }

// AverageOpen returns how long a socket stays open on average.
func (f Figures) AverageOpen() time.Duration {
	return time.Duration(ratio(f.OpenMillis, f.Closed) * float64(time.Millisecond))
}

// Active returns how many devices are signed in.
func (f Figures) Active() int64 { return max(f.Sessions-f.SignedOut, 0) }

func ratio(a, b int64) float64 {
	if b <= 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// add adds the sums of d; what says how things are now is left alone.
func (f *Figures) add(d Figures) {
	f.Entries = max(f.Entries+d.Entries, 0)
	f.Bytes = max(f.Bytes+d.Bytes, 0)
	f.Hits += d.Hits
	f.Misses += d.Misses
	f.Computed += d.Computed
	f.Nanos += d.Nanos
	f.Expired += d.Expired
	f.Dropped += d.Dropped
	f.Replaced += d.Replaced
	f.Evicted += d.Evicted
	f.Sessions += d.Sessions
	f.SignedOut += d.SignedOut
	f.Connections += d.Connections
	f.Closed += d.Closed
	f.OpenMillis += d.OpenMillis
}

// A delta is what one process has counted since it last told. It may be told twice and
// is added once.
type delta struct {
	Node    string  `json:"node"`
	Process string  `json:"process"`
	Seq     uint64  `json:"seq"`  // counts the process's deltas, from 1
	Open    int64   `json:"open"` // sockets of the process, now
	Peak    int64   `json:"peak"` // most of them at once since it last told
	Figures Figures `json:"figures"`
}

// A nodeRecord is what is stored of the process that runs on a node.
type nodeRecord struct {
	Process string `json:"process"`
	Seq     uint64 `json:"seq"`
	Open    int64  `json:"open"`
	At      int64  `json:"at"` // Unix milliseconds; when it last told
}

// A Total has the figures and the cache's generations.
type Total struct {
	s           *durable.State
	figures     durable.Value[Figures]
	nodes       durable.Map[nodeRecord]
	generations durable.Map[uint64]
}

func newTotal(_ context.Context, s *durable.State) (*Total, error) {
	return &Total{s: s, figures: durable.NewValue[Figures](s, "figures"), nodes: durable.NewMap[nodeRecord](s, "nodes"),
		generations: durable.NewMap[uint64](s, "generations")}, nil
}

func (t *Total) feed(_ context.Context, d delta) (bool, error) {
	n, _ := t.nodes.Get(d.Node)
	if n.Process == d.Process && d.Seq <= n.Seq {
		return false, nil
	}
	f := t.figures.Or(Figures{})
	f.add(d.Figures)
	f.Peak = max(f.Peak, t.open(d.Node)+d.Peak)
	t.figures.SetRelaxed(f)
	t.nodes.SetRelaxed(d.Node, nodeRecord{Process: d.Process, Seq: d.Seq, Open: d.Open, At: t.s.Now().UnixMilli()})
	return true, nil
}

// open returns how many sockets are open on nodes that are up, but for one.
func (t *Total) open(but string) (n int64) {
	now := t.s.Now().UnixMilli()
	for name, node := range t.nodes.All() {
		if name != but && now-node.At < silentNode.Milliseconds() {
			n += node.Open
		}
	}
	return n
}

func (t *Total) statistics(context.Context, struct{}) (Figures, error) {
	f := t.figures.Or(Figures{})
	f.Open = t.open("\x00")
	return f, nil
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
	switch {
	case p.Type == "" && p.Engine != "":
		return 0, fault.Field("type", fortunet.CodeMissingField, "an engine's version belongs to a type of chart")
	case p.Type != "" && !p.Type.Valid():
		return 0, fault.Field("type", fortunet.CodeInvalidValue, "there is no such type of chart")
	case p.Engine != "" && (len(p.Engine) > longestEngine || !plainName(p.Engine)):
		return 0, fault.Field("engine", fortunet.CodeInvalidValue, "this is not the version of an engine")
	}
	n, _ := t.generations.Get(p.key())
	t.generations.Set(p.key(), n+1)
	return n + 1, nil
}

// TotalsOf returns the stub of the object that has the figures.
func TotalsOf(rt *durable.Runtime) durable.Stub[Total] { return Totals.Get(rt, totalsName) }
