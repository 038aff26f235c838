package objects

import (
	"context"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
)

// Limiters count what one identifier asks for: a user's id, or "ip:" and a client's
// address. Counting is relaxed: a crash may forget the last second.
var Limiters = &durable.Type[Limiter]{Name: "ratelimit", Queue: 4096}

var (
	// Check counts a request of one or several classes, all or none, and says
	// whether it may pass. A refused request is not counted.
	Check = durable.Method(Limiters, "check", (*Limiter).check)

	// Peek says what Check would say and counts nothing.
	Peek = durable.Method(Limiters, "peek", (*Limiter).peek)

	// Reserve is Check for a request whose cost is not known yet: what it counts is
	// settled later.
	Reserve = durable.Method(Limiters, "reserve", (*Limiter).reserve)

	// Settle sets a reservation's cost to what was really used, 0 to give all of it
	// back. A reservation that is gone, or was settled, is left as it is.
	Settle = durable.Method(Limiters, "settle", (*Limiter).settle)

	// Usage tells what each class stands at for a plan.
	Usage = durable.Method(Limiters, "usage", (*Limiter).usage)

	// ResetLimits forgets what was counted, of one class or, for "", of all.
	ResetLimits = durable.Method(Limiters, "reset", (*Limiter).reset)

	// BlockClient refuses everything the identifier asks for, for a while. It is
	// durable when it returns.
	BlockClient = durable.Method(Limiters, "block", (*Limiter).block)

	// UnblockClient ends a block.
	UnblockClient = durable.Method(Limiters, "unblock", (*Limiter).unblock)
)

// A CheckRequest asks whether a request may pass.
type CheckRequest struct {
	Class  fortunet.Class   `json:"class"`
	And    []fortunet.Class `json:"and,omitempty"` // further classes it counts in
	Cost   int64            `json:"cost"`          // 0 means 1
	Plan   fortunet.Plan    `json:"plan"`
	Factor int64            `json:"factor,omitempty"` // multiplies the limit; 0 means 1
}

// A Verdict is what a limiter says of a request. Where a request counts in several
// classes, it is that of the class with the least left.
type Verdict struct {
	Allowed     bool           `json:"allowed"`
	Blocked     bool           `json:"blocked"` // the identifier is blocked altogether
	Class       fortunet.Class `json:"class"`
	Limit       int64          `json:"limit"`
	Remaining   int64          `json:"remaining"`
	TotalHits   int64          `json:"totalHits"`  // in the window that ends now
	Window      int64          `json:"window"`     // seconds
	Reset       int64          `json:"reset"`      // seconds until nothing is counted any more
	RetryAfter  int64          `json:"retryAfter"` // seconds, rounded up, where refused
	Plan        fortunet.Plan  `json:"plan"`
	Reservation uint64         `json:"reservation,omitempty"` // for Settle
}

// A Settlement ends a reservation.
type Settlement struct {
	Reservation uint64 `json:"reservation"`
	Used        int64  `json:"used"`
}

// ClassUsage is what one class stands at.
type ClassUsage struct {
	Class     fortunet.Class `json:"class"`
	Current   int64          `json:"current"`
	Limit     int64          `json:"limit"`
	WindowMS  int64          `json:"windowMs"`
	ResetTime int64          `json:"resetTime"` // Unix milliseconds; 0 where nothing is counted
	PlanType  fortunet.Plan  `json:"planType"`
}

// A BlockRequest blocks an identifier.
type BlockRequest struct {
	Seconds int64  `json:"seconds"` // 0 means a day; at most 30 days
	Reason  string `json:"reason"`
}

// A Block is a stored block.
type Block struct {
	Until  int64  `json:"until"` // Unix milliseconds
	Reason string `json:"reason"`
}

const (
	defaultBlock    = 24 * time.Hour
	maxBlock        = 30 * 24 * time.Hour
	maxReason       = 500       // bytes
	reservationLife = time.Hour // after which what was reserved stands
	maxReservations = 1000
)

// A reservation is a stored count that may still be changed.
type reservation struct {
	Class fortunet.Class `json:"class"`
	At    int64          `json:"at"` // Unix milliseconds
	Cost  int64          `json:"cost"`
}

// A Limiter is what one identifier has asked for lately.
type Limiter struct {
	s            *durable.State
	rules        *fortunet.Rules
	windows      durable.Map[window]
	reservations durable.Map[reservation]
	next         durable.Value[uint64]
	blocked      durable.Value[Block]
}

func newLimiter(d *Deps) func(context.Context, *durable.State) (*Limiter, error) {
	return func(_ context.Context, s *durable.State) (*Limiter, error) {
		return &Limiter{s: s, rules: &d.Rules, windows: durable.NewMap[window](s, "windows"),
			reservations: durable.NewMap[reservation](s, "reservations"), next: durable.NewValue[uint64](s, "next"),
			blocked: durable.NewValue[Block](s, "block")}, nil
	}
}

func (l *Limiter) check(_ context.Context, req CheckRequest) (Verdict, error) {
	v := l.judge(req)
	if v.Allowed {
		l.countAll(req)
		v.TotalHits += cost(req)
		v.Remaining = max(v.Remaining-cost(req), 0)
		v.Reset = v.Window
	}
	return v, nil
}

func (l *Limiter) peek(_ context.Context, req CheckRequest) (Verdict, error) {
	return l.judge(req), nil
}

func (l *Limiter) reserve(ctx context.Context, req CheckRequest) (Verdict, error) {
	v, err := l.check(ctx, req)
	if err != nil || !v.Allowed {
		return v, err
	}
	now := l.now()
	id := l.next.Or(0) + 1
	l.next.SetRelaxed(id)
	l.prune(now)
	l.reservations.SetRelaxed(reservationKey(id), reservation{Class: req.Class, At: now, Cost: cost(req)})
	v.Reservation = id
	return v, nil
}

func (l *Limiter) settle(_ context.Context, req Settlement) (Verdict, error) {
	key := reservationKey(req.Reservation)
	r, ok := l.reservations.Get(key)
	if !ok || req.Used < 0 {
		return Verdict{Allowed: true}, nil
	}
	l.reservations.DeleteRelaxed(key)
	w, _ := l.windows.Get(string(r.Class))
	w.adjust(r.At, req.Used-r.Cost)
	l.windows.SetRelaxed(string(r.Class), w)
	return Verdict{Allowed: true, Class: r.Class}, nil
}

// prune forgets reservations that nobody will settle.
func (l *Limiter) prune(now int64) {
	for key, r := range l.reservations.All() {
		if now-r.At < reservationLife.Milliseconds() && l.reservations.Len() < maxReservations {
			return // they are in the order in which they were made
		}
		l.reservations.DeleteRelaxed(key)
	}
}

// reservationKey is a number in a form that sorts as numbers do.
func reservationKey(id uint64) string {
	const digits = 16
	var b [digits]byte
	for i := digits - 1; i >= 0; i-- {
		b[i] = "0123456789abcdef"[id&15]
		id >>= 4
	}
	return string(b[:])
}

// judge says whether a request may pass, without counting it.
func (l *Limiter) judge(req CheckRequest) Verdict {
	now := l.now()
	if b, ok := l.blocked.Get(); ok && b.Until > now {
		wait := seconds(b.Until - now)
		return Verdict{Blocked: true, Class: req.Class, Plan: req.Plan, RetryAfter: wait, Reset: wait}
	}
	v := l.judgeClass(req.Class, req, now)
	for _, class := range req.And {
		if other := l.judgeClass(class, req, now); !other.Allowed && (v.Allowed || other.RetryAfter > v.RetryAfter) ||
			other.Allowed == v.Allowed && other.Remaining < v.Remaining {
			v = other
		}
	}
	return v
}

func (l *Limiter) judgeClass(class fortunet.Class, req CheckRequest, now int64) Verdict {
	rule := l.rules.Rule(class, req.Plan)
	limit := rule.Limit * max(req.Factor, 1)
	span := rule.Window.Milliseconds()
	w, _ := l.windows.Get(string(class))
	w.expire(now, span)
	v := Verdict{Class: class, Limit: limit, TotalHits: w.Total, Window: int64(rule.Window / time.Second), Plan: req.Plan,
		Remaining: max(limit-w.Total, 0), Allowed: w.Total+cost(req) <= limit, Reset: seconds(w.end(span) - now)}
	if !v.Allowed {
		v.RetryAfter = v.Window // a cost over the limit never fits
		if cost(req) <= limit {
			v.RetryAfter = seconds(w.free(cost(req), limit, span) - now)
		}
		if rule.Shadow {
			v.Allowed, v.RetryAfter = true, 0
		}
	}
	return v
}

func (l *Limiter) countAll(req CheckRequest) {
	l.countClass(req.Class, req)
	for _, class := range req.And {
		l.countClass(class, req)
	}
}

func (l *Limiter) countClass(class fortunet.Class, req CheckRequest) {
	now, span := l.now(), l.rules.Rule(class, req.Plan).Window.Milliseconds()
	w, _ := l.windows.Get(string(class))
	w.expire(now, span)
	w.add(now, cost(req), span)
	l.windows.SetRelaxed(string(class), w)
	if _, set := l.s.AlarmAt("tidy"); !set {
		l.s.SetAlarmRelaxed("tidy", time.UnixMilli(now+span).Add(time.Minute))
	}
}

// tidy forgets windows in which nothing is counted any more, so that a limiter nobody
// uses leaves nothing behind.
func (l *Limiter) tidy(context.Context, durable.Alarm) error {
	now, next := l.now(), int64(0)
	for class, w := range l.windows.All() {
		span := w.Span
		w.expire(now, span)
		if w.Total == 0 {
			l.windows.Delete(class)
		} else {
			next = max(next, w.end(span))
		}
	}
	if next > 0 {
		l.s.SetAlarm("tidy", time.UnixMilli(next).Add(time.Minute))
		return nil
	}
	for key := range l.reservations.All() {
		l.reservations.Delete(key)
	}
	l.next.Delete()
	return nil
}

func (l *Limiter) usage(_ context.Context, plan fortunet.Plan) ([]ClassUsage, error) {
	now := l.now()
	all := []ClassUsage{}
	for _, class := range fortunet.Classes() {
		rule := l.rules.Rule(class, plan)
		w, _ := l.windows.Get(string(class))
		w.expire(now, rule.Window.Milliseconds())
		u := ClassUsage{Class: class, Current: w.Total, Limit: rule.Limit, WindowMS: rule.Window.Milliseconds(), PlanType: plan}
		if w.Total > 0 {
			u.ResetTime = w.end(rule.Window.Milliseconds())
		}
		all = append(all, u)
	}
	return all, nil
}

func (l *Limiter) reset(_ context.Context, class fortunet.Class) (bool, error) {
	if class != "" && !class.Valid() {
		return false, fault.Field("class", fortunet.CodeInvalidValue, "there is no such class")
	}
	for name := range l.windows.All() {
		if class == "" || name == string(class) {
			l.windows.Delete(name)
		}
	}
	return true, nil
}

func (l *Limiter) block(_ context.Context, req BlockRequest) (Block, error) {
	d := time.Duration(req.Seconds) * time.Second
	switch {
	case req.Seconds == 0:
		d = defaultBlock
	case req.Seconds < 0 || req.Seconds > int64(maxBlock/time.Second):
		return Block{}, fault.Field("seconds", fortunet.CodeOutOfRange, "a block lasts for 30 days at most")
	case len(req.Reason) > maxReason:
		return Block{}, fault.Field("reason", fortunet.CodeTooLong, "a reason has %d bytes at most", maxReason)
	}
	b := Block{Until: l.now() + d.Milliseconds(), Reason: req.Reason}
	l.blocked.Set(b)
	l.s.SetAlarm("unblock", time.UnixMilli(b.Until))
	return b, nil
}

func (l *Limiter) unblock(context.Context, struct{}) (bool, error) {
	_, was := l.blocked.Get()
	l.blocked.Delete()
	l.s.ClearAlarm("unblock")
	return was, nil
}

func (l *Limiter) unblockDue(context.Context, durable.Alarm) error {
	l.blocked.Delete()
	return nil
}

func init() {
	durable.OnAlarm(Limiters, "tidy", (*Limiter).tidy)
	durable.OnAlarm(Limiters, "unblock", (*Limiter).unblockDue)
}

func (l *Limiter) now() int64 { return l.s.Now().UnixMilli() }

func cost(req CheckRequest) int64 { return max(req.Cost, 1) }

// seconds rounds milliseconds up to whole seconds.
func seconds(ms int64) int64 { return (max(ms, 0) + 999) / 1000 }
