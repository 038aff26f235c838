package objects

import (
	"context"
	"time"

	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
)

// Replays holds the answers to requests that came with an idempotency key, one object
// for each key of each caller. An answer may hold a token that is shown once; it is
// kept sealed, and the server does not keep what opens it.
//
// That a request is under way is known in memory alone: a process that is killed while
// it carries one out forgets that it had begun, and the client's next try begins anew.
var Replays = &durable.Type[Replay]{Name: "replay", Queue: 64, Idle: time.Minute}

var (
	// BeginOnce returns the answer that is kept, or lets the caller carry the request
	// out, who then must call FinishOnce or AbandonOnce. While another is at it, or if
	// the key was used for another request, it is a Conflict.
	BeginOnce = durable.Method(Replays, "begin", (*Replay).begin)

	// FinishOnce keeps the answer for a day.
	FinishOnce = durable.Method(Replays, "finish", (*Replay).finish)

	// AbandonOnce lets the next one with the key try.
	AbandonOnce = durable.Method(Replays, "abandon", (*Replay).abandon)
)

// A KeptAnswer is what is kept of a request.
type KeptAnswer struct {
	Request string `json:"request"` // a digest of it
	Sealed  []byte `json:"sealed"`  // the answer
}

const (
	replayLife   = 24 * time.Hour
	longestDoing = 2 * time.Minute // after which whoever was at it is taken to be gone
)

// A Replay is one key's request.
type Replay struct {
	s     *durable.State
	kept  durable.Value[KeptAnswer]
	doing string // the digest of the request that is under way
	since time.Time
}

func newReplay(_ context.Context, s *durable.State) (*Replay, error) {
	return &Replay{s: s, kept: durable.NewValue[KeptAnswer](s, "answer")}, nil
}

var (
	errReused = fault.Coded(fault.Conflict, "idempotency_key_reused", "this Idempotency-Key was used for another request")
	errDoing  = fault.Coded(fault.Conflict, "in_progress", "the first request with this Idempotency-Key is still under way")
)

func (r *Replay) begin(_ context.Context, request string) (KeptAnswer, error) {
	if k, ok := r.kept.Get(); ok {
		if k.Request != request {
			return KeptAnswer{}, errReused
		}
		return k, nil
	}
	now := r.s.Now()
	if r.doing != "" && now.Sub(r.since) < longestDoing {
		if r.doing != request {
			return KeptAnswer{}, errReused
		}
		return KeptAnswer{}, errDoing
	}
	r.doing, r.since = request, now
	return KeptAnswer{}, nil
}

func (r *Replay) finish(_ context.Context, k KeptAnswer) (bool, error) {
	r.kept.Set(k)
	r.s.SetAlarm("forget", r.s.Now().Add(replayLife))
	r.doing = ""
	return true, nil
}

func (r *Replay) abandon(_ context.Context, request string) (bool, error) {
	if r.doing == request {
		r.doing = ""
	}
	return true, nil
}

// forget is the alarm of a key whose day is over.
func (r *Replay) forget(context.Context, durable.Alarm) error {
	r.s.Destroy()
	return nil
}

func init() { durable.OnAlarm(Replays, "forget", (*Replay).forget) }
