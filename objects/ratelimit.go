package objects

import (
	"context"
	"iter"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
)

// Limiters count what one identifier asks for: a user's id, or "ip:" and a client's
// address. Counting is relaxed: a crash may forget the last second.
var Limiters = &durable.Type[Limiter]{Name: "ratelimit", Queue: 4096, Idle: 2 * time.Second}

var (
	// Check counts a request of one or several classes, all or none, and says
	// whether it may pass. A refused request is not counted.
	Check = durable.Method(Limiters, "check", (*Limiter).check)

	// Peek says what Check would say and counts nothing.
	Peek = durable.Method(Limiters, "peek", (*Limiter).peek)

	// Blocked says for how many seconds yet the identifier is blocked, 0 if it is not.
	Blocked = durable.Method(Limiters, "blocked", (*Limiter).blockedFor)

	// Reserve is Check for a request whose cost is not known yet: what it counts is
	// settled later.
	Reserve = durable.Method(Limiters, "reserve", (*Limiter).reserve)

	// Settle sets a reservation's cost to what was really used, 0 to give all of it
	// back. A reservation that is gone, was settled, or is older than a quarter of an
	// hour is left as it is.
	Settle = durable.Method(Limiters, "settle", (*Limiter).settle)

	// GiveBack takes back what Check has just counted, for a request that is refused
	// elsewhere.
	GiveBack = durable.Method(Limiters, "giveBack", (*Limiter).giveBack)

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
	Blocked     bool           `json:"blocked"`            // the identifier is blocked altogether
	Shadowed    bool           `json:"shadowed,omitempty"` // allowed only because the rule is a shadow
	Class       fortunet.Class `json:"class"`
	Limit       int64          `json:"limit"`
	Remaining   int64          `json:"remaining"`
	TotalHits   int64          `json:"totalHits"`  // in the window that ends now
	Window      int64          `json:"window"`     // seconds
	Reset       int64          `json:"reset"`      // seconds until nothing is counted any more
	RetryAfter  int64          `json:"retryAfter"` // seconds, rounded up, where refused
	Plan        fortunet.Plan  `json:"plan"`
	Reservation uint64         `json:"reservation,omitempty"` // for Settle
	Counted     int64          `json:"counted,omitempty"`     // when it was, in Unix milliseconds, for GiveBack
}

// A Refund is a request to be taken back, and when it was counted.
type Refund struct {
	Request CheckRequest `json:"request"`
	Counted int64        `json:"counted"` // as in its Verdict
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
	defaultBlock = 24 * time.Hour
	maxBlock     = 30 * 24 * time.Hour
	maxReason    = 500 // bytes
	maxFactor    = 1000
)

// A Limiter is what one identifier has asked for lately.
type Limiter struct {
	s            *durable.State
	rules        *fortunet.Rules
	windows      durable.Map[window]
	reservations durable.Map[reservation]
	blocked      durable.Value[Block]

	// Only in memory.
	newest uint64   // reservation made here
	open   []uint64 // reservations in the order in which they were made, with some that were settled
	tidied bool     // the alarm is known to be set
}

func newLimiter(d *Deps) func(context.Context, *durable.State) (*Limiter, error) {
	return func(_ context.Context, s *durable.State) (*Limiter, error) {
		l := &Limiter{s: s, rules: &d.Rules, windows: durable.NewMap[window](s, "windows"),
			reservations: durable.NewMap[reservation](s, "reservations"), blocked: durable.NewValue[Block](s, "block")}
		l.readReservations()
		return l, nil
	}
}

func (l *Limiter) check(_ context.Context, req CheckRequest) (Verdict, error) {
	v := l.judge(req)
	if v.Allowed {
		v.Counted = l.countAll(&v, req)
	}
	return v, nil
}

func (l *Limiter) giveBack(_ context.Context, r Refund) (bool, error) {
	did := false
	for class := range r.Request.classes() {
		if w, ok := l.windows.Get(string(class)); ok && r.Counted > 0 {
			w.giveBack(r.Counted, cost(r.Request))
			l.windows.SetRelaxed(string(class), w)
			did = true
		}
	}
	return did, nil
}

func (l *Limiter) peek(_ context.Context, req CheckRequest) (Verdict, error) {
	return l.judge(req), nil
}

// judge says whether a request may pass, without counting it.
func (l *Limiter) judge(req CheckRequest) Verdict {
	now := l.now()
	if wait := l.wait(now); wait > 0 {
		return Verdict{Blocked: true, Class: req.Class, Plan: req.Plan, RetryAfter: wait, Reset: wait}
	}
	var v Verdict
	for class := range req.classes() {
		if other := l.judgeClass(class, req, now); v.Class == "" || other.worse(v) {
			v = other
		}
	}
	return v
}

// wait returns for how many seconds from now the identifier is blocked.
func (l *Limiter) wait(now int64) int64 {
	b, _ := l.blocked.Get()
	return seconds(b.Until - now)
}

func (l *Limiter) blockedFor(context.Context, struct{}) (int64, error) { return l.wait(l.now()), nil }

// classes yields each class a request counts in once. A class nobody knows is the
// default one.
func (r *CheckRequest) classes() iter.Seq[fortunet.Class] {
	return func(yield func(fortunet.Class) bool) {
		if first := known(r.Class); !yield(first) || len(r.And) == 0 {
			return
		}
		for i, class := range r.And {
			class = known(class)
			seen := class == known(r.Class)
			for _, before := range r.And[:i] {
				seen = seen || class == known(before)
			}
			if !seen && !yield(class) {
				return
			}
		}
	}
}

func known(c fortunet.Class) fortunet.Class {
	if !c.Valid() {
		return fortunet.ClassDefault
	}
	return c
}

// worse reports whether v is what a caller must know rather than o: the refusal that
// lasts longest or, without one, the class that has the least left.
func (v *Verdict) worse(o Verdict) bool {
	switch {
	case v.Allowed != o.Allowed:
		return !v.Allowed
	case !v.Allowed:
		return v.RetryAfter > o.RetryAfter
	}
	return v.Remaining < o.Remaining
}

func (l *Limiter) judgeClass(class fortunet.Class, req CheckRequest, now int64) Verdict {
	rule, limit := l.rule(class, req)
	span, cost := rule.Window.Milliseconds(), cost(req)
	w, _ := l.windows.Get(string(class))
	w.expire(now, span)
	v := Verdict{Class: class, Limit: limit, TotalHits: w.Total, Window: int64(rule.Window / time.Second), Plan: req.Plan,
		Remaining: max(limit-w.Total, 0), Allowed: w.Total <= limit-cost, Reset: seconds(w.end(span) - now)}
	switch {
	case v.Allowed:
	case rule.Shadow:
		v.Allowed, v.Shadowed = true, true
	case cost > limit:
		v.RetryAfter = v.Window // it never fits
	default:
		v.RetryAfter = seconds(w.free(cost, limit, span) - now)
	}
	return v
}

// rule returns the rule of a class for a request, and its limit.
func (l *Limiter) rule(class fortunet.Class, req CheckRequest) (fortunet.Rule, int64) {
	rule := l.rules.Rule(class, req.Plan)
	return rule, rule.Limit * min(max(req.Factor, 1), maxFactor)
}

// countAll counts a request that may pass, which v says, in all its classes, and
// returns the time it is counted at.
func (l *Limiter) countAll(v *Verdict, req CheckRequest) int64 {
	now, at := l.now(), int64(0)
	for class := range req.classes() {
		at = l.countClass(class, req, now)
	}
	v.TotalHits += cost(req)
	v.Remaining = max(v.Remaining-cost(req), 0)
	v.Reset = v.Window
	return at
}

func (l *Limiter) countClass(class fortunet.Class, req CheckRequest, now int64) int64 {
	rule, limit := l.rule(class, req)
	keep := l.rules.Longest(class).Milliseconds()
	w, _ := l.windows.Get(string(class))
	w.expire(now, keep)
	at := w.add(now, cost(req), limit, rule.Window.Milliseconds())
	w.Span = keep
	l.windows.SetRelaxed(string(class), w)
	if !l.tidied {
		if _, set := l.s.AlarmAt("tidy"); !set {
			l.s.SetAlarmRelaxed("tidy", time.UnixMilli(now+keep).Add(time.Minute))
		}
		l.tidied = true
	}
	return at
}

// tidy forgets windows in which nothing is counted any more, so that a limiter nobody
// uses leaves nothing behind.
func (l *Limiter) tidy(context.Context, durable.Alarm) error {
	now, next := l.now(), int64(0)
	for class, w := range l.windows.All() {
		w.expire(now, w.Span)
		if w.used == 0 {
			l.windows.Delete(class)
		} else {
			next = max(next, w.end(w.Span))
		}
	}
	if next > 0 {
		l.s.SetAlarm("tidy", time.UnixMilli(next).Add(time.Minute))
		return nil
	}
	l.tidied = false
	l.forgetReservations()
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
	if class == "" {
		l.forgetReservations()
	} else {
		l.forgetClass(class)
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
	if b, ok := l.blocked.Get(); ok && b.Until > l.now() {
		l.s.SetAlarm("unblock", time.UnixMilli(b.Until))
		return nil
	}
	l.blocked.Delete()
	return nil
}

func init() {
	durable.OnAlarm(Limiters, "tidy", (*Limiter).tidy)
	durable.OnAlarm(Limiters, "unblock", (*Limiter).unblockDue)
}

func (l *Limiter) now() int64 { return l.s.Now().UnixMilli() }

// cost returns what a request counts for, bounded so that sums of it do not overflow.
func cost(req CheckRequest) int64 { return min(max(req.Cost, 1), maxFactor*fortunet.MaxLimit+1) }

// seconds rounds milliseconds up to whole seconds.
func seconds(ms int64) int64 { return (max(ms, 0) + 999) / 1000 }
