package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
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
	checks   []*check
	log      *slog.Logger
	stopping atomic.Bool

	mu    sync.Mutex // held while probes run: whoever asks meanwhile waits for them
	asked time.Time
	last  readyReport
}

const (
	readyFor  = time.Second
	probeTime = 3 * time.Second
)

func newReadiness(probes []Probe, log *slog.Logger) *readiness {
	r := &readiness{log: log}
	for _, p := range probes {
		r.checks = append(r.checks, &check{Probe: p})
	}
	return r
}

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
	for _, c := range r.checks {
		c.begin(ctx)
	}
	now := readyReport{Ready: true, Checks: map[string]string{}}
	for _, c := range r.checks {
		now.Checks[c.Name] = "ok"
		err := c.wait(ctx)
		if err != nil {
			now.Ready, now.Checks[c.Name] = false, fault.Public(err).Message
		}
		r.tell(c, err)
	}
	r.asked, r.last = time.Now(), now
	return now
}

// tell logs a check that begins to fail, or to pass again.
func (r *readiness) tell(c *check, err error) {
	switch {
	case err != nil && !c.failing:
		r.log.Error("not ready", "check", c.Name, "err", err)
	case err == nil && c.failing:
		r.log.Info("ready again", "check", c.Name)
	}
	c.failing = err != nil
}

// A check is a probe under way. A disk that hangs heeds no context, so the probe runs on
// a goroutine of its own, of which there is one at most however long it hangs.
type check struct {
	Probe
	running chan error // nil, or gets what the probe that runs finds out
	failing bool       // when it was asked last
}

func (c *check) begin(ctx context.Context) {
	select {
	case <-c.running: // it has ended since somebody waited for it
	default:
		if c.running != nil {
			return
		}
	}
	running := make(chan error, 1)
	c.running = running
	go func() {
		defer func() {
			if p := recover(); p != nil {
				running <- fmt.Errorf("probe panicked: %v\n%s", p, debug.Stack())
			}
		}()
		running <- c.Check(ctx)
	}()
}

func (c *check) wait(ctx context.Context) error {
	select {
	case err := <-c.running:
		c.running = nil
		return err
	case <-ctx.Done():
	}
	select { // while another was waited for, this one may have ended
	case err := <-c.running:
		c.running = nil
		return err
	default:
		return errNoAnswer
	}
}

var errNoAnswer = fault.Errorf(fault.Unavailable, "there is no answer")

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
