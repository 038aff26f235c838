package server

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fortunet/fortunet/fault"
)

// A Probe finds out whether something the server needs can be used: Check returns nil
// if it can now. The public message of a fault is shown to whoever asks /readyz.
type Probe struct {
	Name  string
	Check func(context.Context) error
}

// readiness finds out whether the server can work, at most once in readyFor, so that
// asking costs nothing however often it is done.
type readiness struct {
	probes   []Probe
	stopping atomic.Bool

	mu    sync.Mutex // held while probes run: whoever asks meanwhile waits for them
	asked time.Time
	last  readyReport
}

const (
	readyFor  = time.Second
	probeTime = 3 * time.Second
)

// readyReport says what works, by name: "ok" or what is wrong.
type readyReport struct {
	Ready  bool              `json:"ready"`
	Checks map[string]string `json:"checks" doc:"ok, or the reason why not, by what was tried"`
}

func (r *readiness) report(ctx context.Context) readyReport {
	if r.stopping.Load() {
		return readyReport{Checks: map[string]string{"server": "stopping"}}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Since(r.asked) < readyFor {
		return r.last
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeTime)
	defer cancel()
	now := readyReport{Ready: true, Checks: map[string]string{}}
	for _, p := range r.probes {
		now.Checks[p.Name] = "ok"
		if err := p.Check(ctx); err != nil {
			now.Ready, now.Checks[p.Name] = false, fault.Public(err).Message
		}
	}
	r.asked, r.last = time.Now(), now
	return now
}

// readiness answers 200 where everything the server needs can be used, 503 with the
// reasons where it cannot.
func (s *Server) readiness(q *request) error {
	report := s.ready.report(q.r.Context())
	status := http.StatusOK
	if !report.Ready {
		status = http.StatusServiceUnavailable
		q.w.Header().Set("Retry-After", "5")
	}
	reply(q.w, status, "application/json", report)
	return nil
}

type healthReport struct {
	Status  string `json:"status" example:"ok"`
	Version string `json:"version"`
}

// health answers while the process lives.
func (s *Server) health(q *request) error {
	reply(q.w, http.StatusOK, "application/json", healthReport{"ok", s.o.Version})
	return nil
}

func (s *Server) prometheus(q *request) error {
	s.metrics.handler().ServeHTTP(q.w, q.r)
	return nil
}
