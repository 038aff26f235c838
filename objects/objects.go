// Package objects holds FortuneT's durable objects: what a user's session, a limiter
// and a cached chart remember and promise. Each file's first variables are an
// object's whole face.
package objects

import (
	"context"
	"log/slog"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
)

// Deps is what the objects need of the rest of the program.
type Deps struct {
	Users   Users
	Rules   fortunet.Rules
	Compute Compute
	Log     *slog.Logger // nil: nowhere
	Node    string       // this machine's name in a cluster, "" where there is none

	// Stale is for how long a cached chart may be served after it has expired, while a
	// new one is computed behind it; 0 means that an expired chart is a miss.
	Stale time.Duration

	tally tally
}

// Flush tells the totals what has been counted in the last second, and that no socket
// is left. It is called once, before the runtime is closed.
func (d *Deps) Flush(rt *durable.Runtime) { d.tally.flush(rt, last) }

// Users is what sessions need of the database.
type Users interface {
	// User returns a user; the fault for none is NotFound.
	User(ctx context.Context, id string) (fortunet.User, error)
	// DeleteGuest deletes a user that is still a guest and reports whether the
	// user is gone.
	DeleteGuest(ctx context.Context, id string) (gone bool, err error)
}

// Compute computes the answer to a question.
type Compute func(question fortunet.Question) (string, error)

// Host returns all objects, ready for durable.Open. They keep d.
func Host(d *Deps) []durable.Hosted {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	d.tally.begin(d.Node, d.Log)
	return []durable.Hosted{
		durable.Host(Sessions, newSession(d)),
		durable.Host(Limiters, newLimiter(d)),
		durable.Host(ChartCache, newChartEntry(d)),
		durable.Host(Totals, newTotal),
		durable.Host(Replays, newReplay),
	}
}
