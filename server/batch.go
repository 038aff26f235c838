package server

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/objects"
)

// A batched is one chart of a batch on its way.
type batched struct {
	question fortunet.Question
	at       cached
	hit      objects.Hit
	err      error
}

// batch answers with up to a hundred charts, in order. What is in the cache costs
// nothing; what is not counts one each, and if that is more than is left nothing is
// computed at all.
func (s *Server) batch(q *request) error {
	if err := checkType(q.r); err != nil {
		return err
	}
	b, err := readBody(q)
	if err != nil {
		return err
	}
	defer b.free()
	items, err := fortunet.DecodeBatch(b.Bytes(), languageOf(q.r))
	if err != nil {
		return err
	}
	if err := s.peek(q, fortunet.ClassChartCalculation); err != nil {
		return err
	}
	charts, missing := s.lookupAll(q, items)
	if err := s.computeAll(q, charts, missing); err != nil {
		return err
	}
	b.Reset()
	if err := s.writeBatch(b, q, charts); err != nil {
		return err
	}
	h := q.w.Header()
	h["Content-Type"] = jsonType
	h["Content-Length"] = []string{strconv.Itoa(b.Len())}
	writeWhole(q.w, q.r, b.Bytes())
	return nil
}

// lookupAll finds what is in the cache and returns the first place of each chart that
// is not.
func (s *Server) lookupAll(q *request, items []fortunet.BatchItem) (charts []batched, missing []int) {
	charts = make([]batched, len(items))
	asked := map[string]bool{}
	for i, item := range items {
		c := &charts[i]
		if c.err = item.Err; c.err != nil {
			continue
		}
		c.question = fortunet.Ask(item.Request)
		c.at = s.find(q.r.Context(), &c.question)
		if c.hit = c.at.lookup(q.r.Context()); !c.hit.Found && !asked[c.at.key] {
			asked[c.at.key] = true
			missing = append(missing, i)
		}
	}
	return charts, missing
}

// computeAll computes what is missing, if there is enough left for all of it, and gives
// those who asked for the same chart again what the first of them got.
func (s *Server) computeAll(q *request, charts []batched, missing []int) error {
	if len(missing) == 0 {
		return nil
	}
	paid, err := s.reserve(q, fortunet.ClassChartCalculation, int64(len(missing)))
	if err != nil {
		return err
	}
	used := int64(0)
	for _, i := range missing {
		c := &charts[i]
		if c.hit, c.err = s.compute(q, &c.at, &c.question); c.err == nil && c.hit.Computed {
			used++
		}
	}
	s.settleComputed(q, paid, used)
	first := map[string]int{}
	for _, i := range missing {
		first[charts[i].at.key] = i
	}
	for i := range charts {
		c := &charts[i]
		if c.hit.Found || c.err != nil {
			continue
		}
		same := &charts[first[c.at.key]]
		c.hit, c.err = same.hit, same.err
		c.hit.Computed = false
	}
	return nil
}

// writeBatch writes {"success":true,"results":[…]}. An error of the server's own in one
// of them is the batch's.
func (s *Server) writeBatch(b *body, q *request, charts []batched) error {
	out := append(b.AvailableBuffer(), `{"success":true,"results":[`...)
	for i := range charts {
		c := &charts[i]
		if i > 0 {
			out = append(out, ',')
		}
		if c.err == nil {
			out = append(appendHit(append(out, '{'), &c.hit, c.at.key), '}')
			continue
		}
		p := problemOf(c.err)
		if p.Status >= http.StatusInternalServerError {
			return c.err
		}
		p.RequestID = requestID(q.w)
		raw, err := json.Marshal(p)
		if err != nil {
			return err
		}
		out = append(append(append(out, `{"error":`...), raw...), '}')
	}
	b.Write(append(out, `]}`...))
	return nil
}
