package server

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/objects"
)

// calculate answers with a chart: from the cache, which costs nothing, or computed,
// which counts. It is the product's hot path, so it is written without what reflects
// or builds trees.
func (s *Server) calculate(q *request) error {
	if err := checkType(q.r); err != nil {
		return err
	}
	b, err := readBody(q)
	if err != nil {
		return err
	}
	defer b.free()
	req, err := fortunet.DecodeChartRequest(b.Bytes(), languageOf(q.r))
	if err != nil {
		return err
	}
	key := objects.ChartKey(s.o.Secret, &req)
	hit, err := s.chart(q, key, &req)
	if err != nil {
		return err
	}
	s.noteChart(q, key)
	b.Reset()
	b.writeChart(&hit, key)
	h := q.w.Header()
	h["Content-Type"] = jsonType
	h["Content-Length"] = []string{strconv.Itoa(b.Len())}
	q.w.WriteHeader(http.StatusOK)
	writeWhole(q.w, q.r, b.Bytes())
	return nil
}

// chart returns a chart from the cache, or counts and computes it.
func (s *Server) chart(q *request, key string, req *fortunet.ChartRequest) (objects.Hit, error) {
	const class = fortunet.ClassChartCalculation
	ctx := q.r.Context()
	if err := s.peek(q, class); err != nil {
		return objects.Hit{}, err
	}
	cache := objects.ChartCache.Get(s.o.Runtime, key)
	generation, unreachable := objects.CacheGeneration(ctx, objects.TotalsOf(s.o.Runtime),
		objects.Prefix{Type: req.Type, Engine: fortunet.EngineVersion})
	if unreachable == nil {
		var hit objects.Hit
		if hit, unreachable = objects.Lookup(ctx, cache, generation); hit.Found {
			return hit, nil
		}
	}
	c, err := s.reserve(q, class)
	if err != nil {
		return objects.Hit{}, err
	}
	hit, err := s.compute(ctx, q, cache, objects.FetchRequest{Generation: generation, Request: *req}, unreachable)
	used := int64(0)
	if err == nil && hit.Computed {
		used = 1 // and nothing for a fault, or where somebody else has computed it meanwhile
	}
	s.settleCharge(q, c, used)
	return hit, err
}

// compute has a chart computed once for all who ask for it now, and without the cache
// where that cannot be asked.
func (s *Server) compute(ctx context.Context, q *request, cache durable.Stub[objects.ChartEntry], f objects.FetchRequest, unreachable error) (objects.Hit, error) {
	if unreachable == nil {
		hit, err := objects.Fetch(ctx, cache, f)
		if err == nil {
			return hit, hit.Err()
		}
		if _, ours := durable.OutcomeOf(err); !ours {
			return objects.Hit{}, err
		}
		unreachable = err
	}
	if ctx.Err() != nil {
		return objects.Hit{}, unreachable
	}
	s.log.Warn("the cache cannot be reached; a chart is computed without it", "id", requestID(q.w), "err", unreachable)
	start := time.Now()
	data, err := fortunet.Calculate(f.Request)
	if err != nil {
		return objects.Hit{}, err
	}
	return objects.Hit{Found: true, Computed: true, Data: string(data), Took: float64(time.Since(start).Microseconds()) / 1000}, nil
}

// noteChart puts the chart among the active ones of who is signed in; a program with an
// API key is not. That it cannot is no reason to withhold the chart.
func (s *Server) noteChart(q *request, key string) {
	if q.who.Device == "" {
		return
	}
	if _, err := objects.AddChart(q.r.Context(), s.session(q.who), key); err != nil {
		s.log.Warn("an active chart was not noted", "id", requestID(q.w), "err", err)
	}
}

// writeChart writes the answer around a chart's JSON. It is put together whole, so that
// it leaves in as few pieces as the connection allows.
func (b *body) writeChart(hit *objects.Hit, key string) {
	const head, around = `{"success":true,"data":`, 256
	b.Grow(len(head) + len(hit.Data) + around)
	out := append(b.AvailableBuffer(), head...)
	out = append(out, hit.Data...)
	out = append(out, `,"cached":`...)
	out = strconv.AppendBool(out, !hit.Computed)
	out = append(out, `,"calculationTime":`...)
	out = strconv.AppendFloat(out, hit.Took, 'f', -1, 64)
	out = append(out, `,"chartKey":"`...)
	out = append(out, key...)
	out = append(out, '"', '}')
	b.Write(out)
}
