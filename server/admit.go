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

// A charge is what a request was counted as, to be settled.
type charge struct {
	verdict objects.Verdict // the user's
	user    uint64          // reservations
	guests  uint64
}

// admit counts a request in a class and sets the RateLimit headers; it returns a fault
// if a limit is reached or the caller is blocked.
func (s *Server) admit(q *request, class fortunet.Class) error {
	bucket := bucketOf(q.addr)
	if q.who.UserID == "" {
		v, err := objects.Check(q.r.Context(), s.limiter(bucket), objects.CheckRequest{Class: class, Plan: fortunet.Free})
		return s.ruling(q, class, v, err)
	}
	if err := s.unblocked(q, class, bucket); err != nil {
		return err
	}
	ask := objects.CheckRequest{Class: class, Plan: q.who.Plan}
	if q.who.Guest {
		if err := s.admitGuests(q, ask, bucket); err != nil {
			return err
		}
	}
	v, err := objects.Check(q.r.Context(), s.limiter(q.who.UserID), ask)
	return s.ruling(q, class, v, err)
}

// admitGuests counts a request for all guests of an address together, unless it is
// going to be refused for the guest itself: what is refused is not counted.
func (s *Server) admitGuests(q *request, ask objects.CheckRequest, bucket string) error {
	if v, err := objects.Peek(q.r.Context(), s.limiter(q.who.UserID), ask); err == nil && !v.Allowed {
		return nil // the guest's own check says so
	}
	ask.Factor = guestFactor
	v, err := objects.Check(q.r.Context(), s.limiter(guestsOf(bucket)), ask)
	if err != nil {
		return s.unreachable(ask.Class, q.who.Plan, err)
	}
	if !v.Allowed {
		return s.limited(ask.Class, v)
	}
	return nil
}

// unblocked returns a fault if the caller's address is blocked.
func (s *Server) unblocked(q *request, class fortunet.Class, bucket string) error {
	wait, err := objects.Blocked(q.r.Context(), s.limiter(bucket), struct{}{})
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
	if err := s.unblocked(q, class, bucketOf(q.addr)); err != nil {
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

// reserve counts a request of a user that may cost up to most, all of it or nothing. A
// guest is counted twice, for itself and for all guests of the address, or not at all.
func (s *Server) reserve(q *request, class fortunet.Class, most int64) (charge, error) {
	ctx := q.r.Context()
	ask := objects.CheckRequest{Class: class, Plan: q.who.Plan, Cost: most}
	v, err := objects.Reserve(ctx, s.limiter(q.who.UserID), ask)
	c := charge{verdict: v, user: v.Reservation}
	if err := s.ruling(q, class, v, err); err != nil || !q.who.Guest {
		return c, err
	}
	ask.Factor = guestFactor
	all, err := objects.Reserve(ctx, s.limiter(guestsOf(bucketOf(q.addr))), ask)
	c.guests = all.Reservation
	if err != nil {
		err = s.unreachable(class, q.who.Plan, err)
	} else if !all.Allowed {
		err = s.limited(class, all)
	}
	if err != nil {
		s.settleCharge(q, c, 0)
	}
	return c, err
}

// settleCharge sets what a reservation cost in the end, 0 to give it back.
func (s *Server) settleCharge(q *request, c charge, used int64) {
	if c.user != 0 {
		s.settleOne(q, s.limiter(q.who.UserID), c.user, used)
	}
	if c.guests != 0 {
		s.settleOne(q, s.limiter(guestsOf(bucketOf(q.addr))), c.guests, used)
	}
}

// settleOne settles a reservation, even if the client has gone. Where that fails the
// reservation stands.
func (s *Server) settleOne(q *request, limiter durable.Stub[objects.Limiter], reservation uint64, used int64) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(q.r.Context()), 5*time.Second)
	defer cancel()
	if _, err := objects.Settle(ctx, limiter, objects.Settlement{Reservation: reservation, Used: used}); err != nil {
		s.log.Warn("a reservation was not settled", "id", requestID(q.w), "err", err)
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
