package server

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/objects"
)

// Who is counted under which name: a user under their id; all guests of an address
// together under "guests:" and the address, with guestFactor times one guest's
// allowance; who is not signed in under "ip:" and the address. Blocks are looked for
// under the user and under "ip:" and the address.
const (
	guestFactor  = 10
	guestsPrefix = "guests:"
)

// guestsOf names all guests of the address that bucket stands for.
func guestsOf(bucket string) string { return guestsPrefix + bucket[len("ip:"):] }

func (s *Server) limiter(name string) durable.Stub[objects.Limiter] {
	return objects.Limiters.Get(s.o.Runtime, name)
}

// A charge is what a request was counted as, to be settled. Where a limiter could not
// be asked and the request passed, there is nothing to settle with it.
type charge struct {
	class       fortunet.Class
	own, guests uint64 // reservations, 0 for none
	failed      bool   // how the request ended, where its rule asks for that
}

// counted returns the name and the plan by which a caller is counted.
func (q *request) counted() (string, fortunet.Plan) {
	if q.who.UserID == "" {
		return bucketOf(q.addr), fortunet.Free
	}
	return q.who.UserID, q.who.Plan
}

// admit counts a request in a class and sets the RateLimit headers; it returns a fault
// if a limit is reached or the caller is blocked. What is refused is not counted. Where
// the rule skips requests by how they end, settleEnd has to follow.
func (s *Server) admit(q *request, class fortunet.Class) error {
	if q.who.UserID != "" {
		if err := s.unblocked(q, class); err != nil {
			return err
		}
	}
	name, plan := q.counted()
	if rule := s.o.Rules.Rule(class, plan); rule.SkipSucceeded || rule.SkipFailed {
		c, err := s.reserve(q, class, 1)
		q.pending, q.charge = err == nil, c
		q.charge.failed = true // unless it is seen to end otherwise
		return err
	}
	ask := objects.CheckRequest{Class: class, Plan: plan}
	v, err := objects.Check(q.r.Context(), s.limiter(name), ask)
	if err := s.ruling(q, class, v, err); err != nil || !q.who.Guest {
		return err
	}
	if _, err = s.countGuests(q, ask, objects.Check); err != nil && v.Counted > 0 {
		s.afterwards(q, func(ctx context.Context) error {
			_, err := objects.GiveBack(ctx, s.limiter(name), objects.Refund{Request: ask, Counted: v.Counted})
			return err
		})
	}
	return err
}

// countGuests counts a guest's request, which the guest's own limiter has let pass, for
// all guests of the address, by Check or by Reserve.
func (s *Server) countGuests(q *request, ask objects.CheckRequest,
	count durable.Func[objects.Limiter, objects.CheckRequest, objects.Verdict]) (objects.Verdict, error) {
	ask.Factor = guestFactor
	v, err := count(q.r.Context(), s.limiter(guestsOf(bucketOf(q.addr))), ask)
	switch {
	case err != nil:
		return v, s.unreachable(ask.Class, ask.Plan, err)
	case !v.Allowed:
		if !v.Blocked {
			setLimitHeaders(q.w.Header(), v)
		}
		return v, s.limited(ask.Class, v)
	case v.Shadowed:
		s.metrics.shadowed.WithLabelValues(string(ask.Class)).Inc()
	}
	return v, nil
}

// settleEnd settles a request that was admitted and has ended, where its rule asks how.
func (s *Server) settleEnd(q *request) {
	if !q.pending {
		return
	}
	q.pending = false
	_, plan := q.counted()
	rule, used := s.o.Rules.Rule(q.charge.class, plan), int64(1)
	if q.charge.failed && rule.SkipFailed || !q.charge.failed && rule.SkipSucceeded {
		used = 0
	}
	s.settleCharge(q, q.charge, used)
}

// unblocked returns a fault if the caller's address is blocked or, for a guest, all
// guests of it.
func (s *Server) unblocked(q *request, class fortunet.Class) error {
	bucket := bucketOf(q.addr)
	wait, err := objects.Blocked(q.r.Context(), s.limiter(bucket), struct{}{})
	if err == nil && wait == 0 && q.who.Guest {
		wait, err = objects.Blocked(q.r.Context(), s.limiter(guestsOf(bucket)), struct{}{})
	}
	if err != nil {
		return s.unreachable(class, q.who.Plan, err)
	}
	if wait > 0 {
		return s.limited(class, objects.Verdict{Blocked: true, Class: class, Plan: q.who.Plan, RetryAfter: wait, Reset: wait})
	}
	return nil
}

// peek looks at a user's class without counting, sets the RateLimit headers and
// returns a fault if the user or the address is blocked. A limit that is reached is
// none of its business.
func (s *Server) peek(q *request, class fortunet.Class) error {
	if err := s.unblocked(q, class); err != nil {
		return err
	}
	v, err := objects.Peek(q.r.Context(), s.limiter(q.who.UserID), objects.CheckRequest{Class: class, Plan: q.who.Plan})
	if err != nil {
		return s.unreachable(class, q.who.Plan, err)
	}
	if v.Blocked {
		return s.limited(class, v)
	}
	setLimitHeaders(q.w.Header(), v)
	return nil
}

// reserve counts a request that may cost up to most, all of it or nothing. A guest is
// counted twice, for itself and for all guests of the address, or not at all.
func (s *Server) reserve(q *request, class fortunet.Class, most int64) (charge, error) {
	ctx := q.r.Context()
	name, plan := q.counted()
	ask := objects.CheckRequest{Class: class, Plan: plan, Cost: most}
	v, err := objects.Reserve(ctx, s.limiter(name), ask)
	c := charge{class: class, own: v.Reservation}
	if err := s.ruling(q, class, v, err); err != nil || !q.who.Guest {
		return c, err
	}
	all, err := s.countGuests(q, ask, objects.Reserve)
	c.guests = all.Reservation
	if err != nil {
		s.settleCharge(q, c, 0)
	}
	return c, err
}

// settleCharge sets what a reservation cost in the end, 0 to give it back.
func (s *Server) settleCharge(q *request, c charge, used int64) {
	if c.own != 0 {
		name, _ := q.counted()
		s.settleOne(q, s.limiter(name), c.own, used)
	}
	if c.guests != 0 {
		s.settleOne(q, s.limiter(guestsOf(bucketOf(q.addr))), c.guests, used)
	}
}

// settleComputed settles what was reserved for charts, of which some were computed.
func (s *Server) settleComputed(q *request, c charge, computed int64) {
	if _, plan := q.counted(); s.o.Rules.Rule(c.class, plan).SkipSucceeded {
		computed = 0
	}
	s.settleCharge(q, c, computed)
}

// settleOne settles a reservation. Where that fails the reservation stands.
func (s *Server) settleOne(q *request, limiter durable.Stub[objects.Limiter], reservation uint64, used int64) {
	s.afterwards(q, func(ctx context.Context) error {
		_, err := objects.Settle(ctx, limiter, objects.Settlement{Reservation: reservation, Used: used})
		return err
	})
}

// afterwards sets right what was counted, even if the client has gone. Where that fails
// it stays as it was counted.
func (s *Server) afterwards(q *request, f func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(q.r.Context()), 5*time.Second)
	defer cancel()
	if err := f(ctx); err != nil {
		s.log.Warn("what was counted could not be settled", "id", requestID(q.w), "err", err)
	}
}

// ruling turns a limiter's answer into headers and a fault.
func (s *Server) ruling(q *request, class fortunet.Class, v objects.Verdict, err error) error {
	if err != nil {
		return s.unreachable(class, q.who.Plan, err)
	}
	if !v.Blocked {
		setLimitHeaders(q.w.Header(), v)
	}
	if !v.Allowed {
		return s.limited(class, v)
	}
	if v.Shadowed {
		s.metrics.shadowed.WithLabelValues(string(class)).Inc()
	}
	return nil
}

// unreachable decides about a request whose limiter cannot be asked: nil lets it pass.
func (s *Server) unreachable(class fortunet.Class, plan fortunet.Plan, err error) error {
	if rule := s.o.Rules.Rule(class, plan); rule.FailOpen {
		s.log.Warn("a limiter could not be asked; the request passes", "class", string(class), "err", err)
		return nil
	}
	return fault.Wrap(err, fault.Unavailable, "limits cannot be checked now")
}

// limited is the problem of a request over a limit, or from somebody blocked.
func (s *Server) limited(class fortunet.Class, v objects.Verdict) *Problem {
	s.metrics.refused.WithLabelValues(string(class)).Inc()
	p := newProblem(http.StatusTooManyRequests, "rate_limited", "the limit of class "+string(class)+" is reached; try again after "+
		strconv.FormatInt(v.RetryAfter, 10)+" seconds")
	if v.Blocked {
		p.Code, p.Detail = "blocked", "this caller is blocked for a while"
	}
	p.Message, p.RetryAfter, p.PlanType = "Rate limit exceeded", int(max(v.RetryAfter, 1)), v.Plan
	return p
}

// setLimitHeaders sets RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-
// headers) from a verdict.
func setLimitHeaders(h http.Header, v objects.Verdict) {
	b := make([]byte, 0, 128)
	b = append(append(append(b, '"'), v.Class...), `";q=`...)
	b = strconv.AppendInt(b, v.Limit, 10)
	b = append(b, ";w="...)
	b = strconv.AppendInt(b, v.Window, 10)
	cut := len(b)
	b = append(append(append(b, '"'), v.Class...), `";r=`...)
	b = strconv.AppendInt(b, v.Remaining, 10)
	b = append(b, ";t="...)
	b = strconv.AppendInt(b, v.Reset, 10)
	both := string(b)
	values := []string{both[:cut], both[cut:]}
	h["Ratelimit-Policy"] = values[:1:1]
	h["Ratelimit"] = values[1:]
}
