package server

import (
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/fortunet/fortunet/durable"
)

// A Figure is one number of the program's that Prometheus may read, such as one of the
// store's.
type Figure struct {
	Name    string // after "fortunet_", such as "store_disk_bytes"
	Help    string
	Counter bool // it only grows; otherwise it is a gauge
	Value   func() float64
}

// metrics are the server's own figures. Routes are named by their pattern, so that
// neither paths nor people are in them.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	inFlight atomic.Int64
	refused  *prometheus.CounterVec // by class
	shadowed *prometheus.CounterVec // by class
	meters   sync.Map               // route -> *routeMeter
}

func newMetrics(rt *durable.Runtime, figures []Figure) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "fortunet_http_requests_total", Help: "HTTP requests by route and status."}, []string{"route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "fortunet_http_request_seconds", Help: "How long HTTP requests took.",
			Buckets: prometheus.ExponentialBuckets(50e-6, 2, 18)}, []string{"route"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "fortunet_limit_refusals_total", Help: "Requests refused because a limit was reached, by class."}, []string{"class"}),
		shadowed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "fortunet_limit_shadow_refusals_total", Help: "Requests that passed only because the limit they reached is a shadow, by class."}, []string{"class"}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.refused, m.shadowed, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), &objectCollector{rt},
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "fortunet_http_requests_in_flight", Help: "HTTP requests being handled."},
			func() float64 { return float64(m.inFlight.Load()) }))
	for _, f := range figures {
		if f.Counter {
			m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "fortunet_" + f.Name, Help: f.Help}, f.Value))
		} else {
			m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "fortunet_" + f.Name, Help: f.Help}, f.Value))
		}
	}
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// A routeMeter is the figures of one route, looked up once.
type routeMeter struct {
	seconds  prometheus.Observer
	statuses [len(commonStatuses)]prometheus.Counter
}

// commonStatuses are those whose counters are kept at hand.
var commonStatuses = [...]int{200, 201, 204, 400, 401, 404, 429}

// meter returns the figures of a route.
func (m *metrics) meter(route string) *routeMeter {
	if known, ok := m.meters.Load(route); ok {
		return known.(*routeMeter)
	}
	fresh := &routeMeter{seconds: m.seconds.WithLabelValues(route)}
	for i, status := range commonStatuses {
		fresh.statuses[i] = m.requests.WithLabelValues(route, strconv.Itoa(status))
	}
	known, _ := m.meters.LoadOrStore(route, fresh)
	return known.(*routeMeter)
}

// count counts one request under its route.
func (m *metrics) count(route string, status int, took time.Duration) {
	meter := m.meter(route)
	meter.seconds.Observe(took.Seconds())
	for i, common := range commonStatuses {
		if status == common {
			meter.statuses[i].Inc()
			return
		}
	}
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
}

// count counts a request that was answered, and writes it to the access log: its id,
// its route and how it went, and nothing of who asked or for what.
func (s *Server) count(rec *recorder, r *http.Request) {
	route, status, took := r.Pattern, rec.status, time.Since(rec.start)
	if route == "" {
		route = "none"
	}
	s.metrics.count(route, status, took)
	if s.o.AccessLog != nil {
		s.o.AccessLog.LogAttrs(r.Context(), slog.LevelInfo, "request",
			slog.String("id", rec.id), slog.String("route", route), slog.Int("status", status), slog.Duration("took", took))
	}
}
