package server

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// handleTime is how long a request may wait for what it needs of others, such as a
// database whose disk hangs. An answer can still be given then: readTimeout, at which
// net/http cancels a request, and writeTimeout are later.
const handleTime = 20 * time.Second

// withDeadline returns a copy of r with handleTime from start, to be ended by end.
func withDeadline(r *http.Request, start time.Time) (*http.Request, *deadline) {
	d := &deadline{Context: r.Context(), at: start.Add(handleTime)}
	return r.WithContext(d), d
}

// A deadline is what context.WithDeadline returns, made when somebody waits for it:
// most requests wait for nothing, and the timer, and what its parent has to know, cost
// as much as a fifteenth of a cached chart.
type deadline struct {
	context.Context // the parent
	at              time.Time

	mu     sync.Mutex
	ended  bool
	timed  context.Context // nil until somebody waits
	cancel context.CancelFunc
}

// Deadline implements context.Context.
func (d *deadline) Deadline() (time.Time, bool) {
	if at, ok := d.Context.Deadline(); ok && at.Before(d.at) {
		return at, true
	}
	return d.at, true
}

// Done implements context.Context.
func (d *deadline) Done() <-chan struct{} { return d.wait().Done() }

// Err implements context.Context. Until somebody waits it does not look at the clock:
// Done is not closed before that either.
func (d *deadline) Err() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.timed != nil:
		return d.timed.Err()
	case d.ended:
		return context.Canceled
	}
	return d.Context.Err()
}

// Value implements context.Context. Contexts made from this one find the one with the
// timer through it, and so need no goroutine to watch it.
func (d *deadline) Value(key any) any {
	d.mu.Lock()
	c := d.Context
	if d.timed != nil {
		c = d.timed
	}
	d.mu.Unlock()
	return c.Value(key)
}

func (d *deadline) wait() context.Context {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timed == nil {
		d.timed, d.cancel = context.WithDeadline(d.Context, d.at)
		if d.ended {
			d.cancel()
		}
	}
	return d.timed
}

// end ends the context.
func (d *deadline) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ended = true
	if d.cancel != nil {
		d.cancel()
	}
}
