package server

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/fortunet/fortunet/durable"
)

// An objectCollector shows what a runtime counts, by type of object.
type objectCollector struct{ rt *durable.Runtime }

func objectDesc(name, help string) *prometheus.Desc {
	return prometheus.NewDesc("fortunet_objects_"+name, help, []string{"type"}, nil)
}

type typeFigure[T any] struct {
	desc *prometheus.Desc
	of   func(*durable.TypeStats) T
}

var (
	typeGauges = []typeFigure[int64]{
		{objectDesc("live", "Objects in memory."), func(s *durable.TypeStats) int64 { return s.Live }},
		{objectDesc("bytes", "Bytes of objects in memory."), func(s *durable.TypeStats) int64 { return s.Bytes }},
		{objectDesc("waiting", "Events that wait for a turn."), func(s *durable.TypeStats) int64 { return s.Waiting }},
		{objectDesc("in_flight", "Events whose outputs wait for the store."), func(s *durable.TypeStats) int64 { return s.InFlight }},
		{objectDesc("sockets", "Open WebSockets."), func(s *durable.TypeStats) int64 { return s.Sockets }},
	}
	typeCounters = []typeFigure[uint64]{
		{objectDesc("errors_total", "Events that ended in an error."), func(s *durable.TypeStats) uint64 { return s.Errors }},
		{objectDesc("panics_total", "Events that panicked."), func(s *durable.TypeStats) uint64 { return s.Panics }},
		{objectDesc("overloads_total", "Events refused because too many waited."), func(s *durable.TypeStats) uint64 { return s.Overloads }},
		{objectDesc("activations_total", "Objects that came into memory."), func(s *durable.TypeStats) uint64 { return s.Activations }},
		{objectDesc("evictions_total", "Objects that left memory."), func(s *durable.TypeStats) uint64 { return s.Evictions }},
		{objectDesc("build_errors_total", "Objects that could not be built."), func(s *durable.TypeStats) uint64 { return s.BuildErrors }},
		{objectDesc("commits_total", "Batches given to the store."), func(s *durable.TypeStats) uint64 { return s.Commits }},
		{objectDesc("commit_bytes_total", "Bytes given to the store."), func(s *durable.TypeStats) uint64 { return s.CommitBytes }},
		{objectDesc("commit_errors_total", "Batches whose outcome is unknown."), func(s *durable.TypeStats) uint64 { return s.CommitErrors }},
		{objectDesc("refusals_total", "Batches the store refused."), func(s *durable.TypeStats) uint64 { return s.Refusals }},
		{objectDesc("alarms_total", "Alarms that went off."), func(s *durable.TypeStats) uint64 { return s.Alarms }},
		{objectDesc("alarm_errors_total", "Alarms whose handler failed."), func(s *durable.TypeStats) uint64 { return s.AlarmErrors }},
		{objectDesc("effect_errors_total", "Stored effects that failed and are tried again."), func(s *durable.TypeStats) uint64 { return s.EffectErrors }},
		{objectDesc("socket_received_total", "Messages from sockets."), func(s *durable.TypeStats) uint64 { return s.Messages }},
		{objectDesc("socket_sent_total", "Messages sent to sockets."), func(s *durable.TypeStats) uint64 { return s.Sent }},
		{objectDesc("socket_dropped_total", "Messages to sockets replaced or dropped."), func(s *durable.TypeStats) uint64 { return s.SentLost }},
	}
	eventSeconds = objectDesc("event_seconds", "How long events took, waiting for their turn included.")
)

// Describe implements prometheus.Collector.
func (c *objectCollector) Describe(out chan<- *prometheus.Desc) {
	for _, g := range typeGauges {
		out <- g.desc
	}
	for _, n := range typeCounters {
		out <- n.desc
	}
	out <- eventSeconds
}

// Collect implements prometheus.Collector.
func (c *objectCollector) Collect(out chan<- prometheus.Metric) {
	for _, s := range c.rt.Stats() {
		for _, g := range typeGauges {
			out <- prometheus.MustNewConstMetric(g.desc, prometheus.GaugeValue, float64(g.of(&s)), s.Type)
		}
		for _, n := range typeCounters {
			out <- prometheus.MustNewConstMetric(n.desc, prometheus.CounterValue, float64(n.of(&s)), s.Type)
		}
		buckets, sum := make(map[float64]uint64, len(s.Latency)), uint64(0)
		for i, n := range s.Latency {
			sum += n
			if i < durable.LatencyBuckets-1 {
				buckets[durable.LatencyBound(i).Seconds()] = sum
			}
		}
		out <- prometheus.MustNewConstHistogram(eventSeconds, sum, s.LatencySum.Seconds(), buckets, s.Type)
	}
}
