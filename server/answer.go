package server

import (
	"context"
	"strconv"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/objects"
)

// A cached is where the cache keeps the answer to a question.
type cached struct {
	key         string
	entry       durable.Stub[objects.ChartEntry]
	generation  uint64
	unreachable error // the cache cannot be asked
}

// find says where the answer to a question is kept.
func (s *Server) find(ctx context.Context, question *fortunet.Question) cached {
	c := cached{key: objects.AnswerKey(s.o.Secret, question)}
	c.entry = objects.ChartCache.Get(s.o.Runtime, c.key)
	c.generation, c.unreachable = objects.CacheGeneration(ctx, objects.TotalsOf(s.o.Runtime),
		objects.Prefix{Type: question.Chart.Type, Engine: fortunet.EngineVersion})
	return c
}

// lookup returns the answer if it is in the cache.
func (c *cached) lookup(ctx context.Context) (hit objects.Hit) {
	if c.unreachable == nil {
		hit, c.unreachable = objects.Lookup(ctx, c.entry, c.generation)
	}
	return hit
}

// answer returns an answer from the cache, which costs nothing, or counts and computes
// it.
func (s *Server) answer(q *request, question *fortunet.Question) (objects.Hit, string, error) {
	const class = fortunet.ClassChartCalculation
	ctx := q.r.Context()
	if err := s.peek(q, class); err != nil {
		return objects.Hit{}, "", err
	}
	at := s.find(ctx, question)
	if hit := at.lookup(ctx); hit.Found {
		return hit, at.key, nil
	}
	c, err := s.reserve(q, class, 1)
	if err != nil {
		return objects.Hit{}, "", err
	}
	hit, err := s.compute(q, &at, question)
	used := int64(0)
	if err == nil && hit.Computed {
		used = 1 // and nothing for a fault, or where somebody else has computed it meanwhile
	}
	s.settleComputed(q, c, used)
	return hit, at.key, err
}

// free returns an answer that has been counted already, or is paid for with another.
func (s *Server) free(q *request, question *fortunet.Question) (objects.Hit, string, error) {
	at := s.find(q.r.Context(), question)
	if hit := at.lookup(q.r.Context()); hit.Found {
		return hit, at.key, nil
	}
	hit, err := s.compute(q, &at, question)
	return hit, at.key, err
}

// compute has an answer computed once for all who ask for it now, and without the cache
// where that cannot be asked.
func (s *Server) compute(q *request, at *cached, question *fortunet.Question) (objects.Hit, error) {
	ctx := q.r.Context()
	if at.unreachable == nil {
		hit, err := objects.Fetch(ctx, at.entry, objects.FetchRequest{Generation: at.generation, Question: *question})
		if err == nil {
			return hit, hit.Err()
		}
		if _, ours := durable.OutcomeOf(err); !ours {
			return objects.Hit{}, err
		}
		at.unreachable = err
	}
	if ctx.Err() != nil {
		return objects.Hit{}, at.unreachable
	}
	s.log.Warn("the cache cannot be reached; an answer is computed without it", "id", requestID(q.w), "err", at.unreachable)
	start := time.Now()
	data, err := fortunet.AnswerText(*question)
	if err != nil {
		return objects.Hit{}, err
	}
	return objects.Hit{Found: true, Computed: true, Data: data, Took: float64(time.Since(start).Microseconds()) / 1000}, nil
}

// appendHit appends the members of an answer.
func appendHit(out []byte, hit *objects.Hit, key string) []byte {
	out = append(out, `"success":true,"data":`...)
	out = append(out, hit.Data...)
	out = append(out, `,"cached":`...)
	out = strconv.AppendBool(out, !hit.Computed)
	out = append(out, `,"calculationTime":`...)
	out = strconv.AppendFloat(out, hit.Took, 'f', -1, 64)
	out = append(out, `,"chartKey":"`...)
	out = append(out, key...)
	return append(out, '"')
}
