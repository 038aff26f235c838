package durable

import (
	"errors"
	"math/bits"
	"sync/atomic"
	"time"
)

// LatencyBuckets is how many buckets a latency histogram has.
const LatencyBuckets = 24

// LatencyBound returns the upper bound of bucket i: 1 µs, doubling. The last bucket
// has none.
func LatencyBound(i int) time.Duration { return time.Microsecond << i }

// counters are what a type counts of itself.
type counters struct {
	live                                   atomic.Int64
	events, errors, panics, overloads      atomic.Uint64
	activations, evictions, buildErrors    atomic.Uint64
	commits, commitBytes, commitErrors     atomic.Uint64
	refusals, alarms, alarmErrors          atomic.Uint64
	effectErrors, messages, sent, sentLost atomic.Uint64
	latencySum                             atomic.Int64
	latency                                [LatencyBuckets]atomic.Uint64
}

// event counts an event that took d from its call to the end of its turn.
func (c *counters) event(d time.Duration, err error) {
	c.events.Add(1)
	if err != nil {
		c.errors.Add(1)
	}
	c.latencySum.Add(int64(d))
	i := bits.Len64(uint64(d) / uint64(time.Microsecond))
	c.latency[min(i, LatencyBuckets-1)].Add(1)
}

// refused counts an event that never had its turn.
func (c *counters) refused(err error) {
	c.errors.Add(1)
	if errors.Is(err, ErrOverloaded) {
		c.overloads.Add(1)
	}
}

// TypeStats is what one type of a runtime has counted since it was opened.
type TypeStats struct {
	Type     string `json:"type"`
	Live     int64  `json:"live"`     // objects in memory
	Bytes    int64  `json:"bytes"`    // of their state
	Waiting  int64  `json:"waiting"`  // events in their queues
	InFlight int64  `json:"inFlight"` // events whose outputs wait for the store
	Sockets  int64  `json:"sockets"`

	Events       uint64 `json:"events"`
	Errors       uint64 `json:"errors"`
	Panics       uint64 `json:"panics"`
	Overloads    uint64 `json:"overloads"`
	Activations  uint64 `json:"activations"`
	Evictions    uint64 `json:"evictions"`
	BuildErrors  uint64 `json:"buildErrors"`
	Commits      uint64 `json:"commits"`
	CommitBytes  uint64 `json:"commitBytes"`
	CommitErrors uint64 `json:"commitErrors"` // outcome unknown
	Refusals     uint64 `json:"refusals"`     // commits the store would not take
	Alarms       uint64 `json:"alarms"`
	AlarmErrors  uint64 `json:"alarmErrors"`
	EffectErrors uint64 `json:"effectErrors"`
	Messages     uint64 `json:"messages"` // from sockets
	Sent         uint64 `json:"sent"`     // to sockets
	SentLost     uint64 `json:"sentLost"` // dropped or replaced before they left

	LatencySum time.Duration          `json:"latencySum"`
	Latency    [LatencyBuckets]uint64 `json:"latency"` // not cumulative; see LatencyBound
}

// Stats returns the counters of every type the runtime hosts.
func (rt *Runtime) Stats() []TypeStats {
	all := make([]TypeStats, 0, len(rt.hosted))
	for _, h := range rt.hosted {
		c := &h.count
		s := TypeStats{Type: h.kind.name, Live: c.live.Load(), Sockets: rt.gateway.count(h),
			Events: c.events.Load(), Errors: c.errors.Load(), Panics: c.panics.Load(), Overloads: c.overloads.Load(),
			Activations: c.activations.Load(), Evictions: c.evictions.Load(), BuildErrors: c.buildErrors.Load(),
			Commits: c.commits.Load(), CommitBytes: c.commitBytes.Load(), CommitErrors: c.commitErrors.Load(),
			Refusals: c.refusals.Load(), Alarms: c.alarms.Load(), AlarmErrors: c.alarmErrors.Load(),
			EffectErrors: c.effectErrors.Load(), Messages: c.messages.Load(), Sent: c.sent.Load(), SentLost: c.sentLost.Load(),
			LatencySum: time.Duration(c.latencySum.Load())}
		for i := range c.latency {
			s.Latency[i] = c.latency[i].Load()
		}
		for i := range h.shards {
			for _, in := range h.shards[i].all() {
				s.Bytes += in.footprint.Load()
				s.Waiting += int64(in.waiting.Load())
				s.InFlight += int64(in.inflight.Load())
			}
		}
		all = append(all, s)
	}
	return all
}
