package durable_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/durabletest"
)

// A probe is an object that does what its requests tell it to, so that tests can
// put every rule of the runtime to the question.
type probe struct {
	s     *durable.State
	count durable.Value[int]
	seen  durable.Value[int] // written relaxed
	names durable.Map[string]
	list  durable.Value[[]string]
	log   durable.Log[string]

	cache int // a plain field; a copy of count
}

var probes = &durable.Type[probe]{Name: "probe", Queue: 8}

// An act is one thing a probe does in an event.
type act struct {
	Do   string `json:"do"`
	N    int    `json:"n,omitempty"`
	Text string `json:"text,omitempty"`
}

// A seen is what a probe's event saw when it was done.
type sight struct {
	Count int      `json:"count"`
	Seen  int      `json:"seen"`
	Cache int      `json:"cache"`
	Names []string `json:"names"`
	Log   []string `json:"log"`
}

var run = durable.Method(probes, "run", (*probe).run)

// gates are doors that events of probes wait at, by name; tests open them.
var gates = map[string]chan struct{}{}

var laterRun durable.Later[probe, []act]

// others are asked by probes; they are a type of their own, since a type cannot ask
// itself.
type other struct{ n durable.Value[int] }

var others = &durable.Type[other]{Name: "other"}

var bump = durable.Method(others, "bump", func(o *other, _ context.Context, n int) (int, error) {
	o.n.Set(o.n.Or(0) + n)
	return o.n.Or(0), nil
})

var peek = durable.Method(others, "peek", func(o *other, _ context.Context, _ struct{}) (int, error) { return o.n.Or(0), nil })

// askBack is set to run in init: a program could not write this circle directly.
var askBack func(context.Context, *durable.Runtime, string) error

var hint = durable.Method(others, "hint", func(o *other, _ context.Context, n int) (int, error) {
	o.n.SetRelaxed(o.n.Or(0) + n)
	return o.n.Or(0), nil
})

var circle = durable.Method(others, "circle", func(o *other, ctx context.Context, name string) (int, error) {
	return 0, askBack(ctx, theRuntime, name)
})

var theRuntime *durable.Runtime

// leaked is the context of an event that kept it for others.
var leaked context.Context

func init() {
	durable.Bind(&laterRun, probes, "later", func(p *probe, ctx context.Context, acts []act) error {
		_, err := p.run(ctx, acts)
		return err
	})
	durable.OnAlarm(probes, "ring", func(p *probe, ctx context.Context, a durable.Alarm) error {
		if strings.HasPrefix(a.Key, "count/") {
			p.seen.Set(p.seen.Or(0) + 1)
			return nil
		}
		_, err := p.run(ctx, []act{{Do: "add", N: 1}, {Do: a.Key, N: a.Attempt}})
		return err
	})
	askBack = func(ctx context.Context, rt *durable.Runtime, name string) error {
		_, err := run(ctx, probes.Get(rt, name), nil)
		return err
	}
}

func newProbe(ctx context.Context, s *durable.State) (*probe, error) {
	p := &probe{s: s, count: durable.NewValue[int](s, "count"), seen: durable.NewValue[int](s, "seen"),
		names: durable.NewMap[string](s, "names"), list: durable.NewValue[[]string](s, "list"), log: durable.NewLog[string](s, "log")}
	p.cache = p.count.Or(0)
	if strings.HasPrefix(s.Name(), "unbuildable") {
		p.count.Set(99)
		return nil, errUnbuildable
	}
	return p, nil
}

var (
	errUnbuildable = errors.New("this one cannot be built")
	errAsked       = errors.New("asked to fail")
)

func (p *probe) run(ctx context.Context, acts []act) (sight, error) {
	for _, a := range acts {
		if err := p.do(ctx, a); err != nil {
			return sight{}, err
		}
	}
	return p.look(ctx)
}

func (p *probe) look(ctx context.Context) (sight, error) {
	s := sight{Count: p.count.Or(0), Seen: p.seen.Or(0), Cache: p.cache}
	for k, v := range p.names.All() {
		s.Names = append(s.Names, k+"="+v)
	}
	entries, err := p.log.Read(ctx, 0, 1000)
	for _, e := range entries {
		s.Log = append(s.Log, fmt.Sprintf("%d:%s", e.Index, e.Value))
	}
	return s, err
}

func (p *probe) do(ctx context.Context, a act) error {
	switch a.Do {
	case "", "look":
	case "add":
		p.count.Set(p.count.Or(0) + a.N)
		p.cache = p.count.Or(0)
	case "see":
		p.seen.SetRelaxed(p.seen.Or(0) + a.N)
	case "name":
		p.names.Set(a.Text, fmt.Sprint(a.N))
	case "unname":
		p.names.Delete(a.Text)
	case "log":
		p.log.Append(a.Text)
	case "keep":
		p.log.Keep(a.N)
	case "fail":
		return errAsked
	case "failUntil": // an alarm's attempts before this one
		if a.N < 3 {
			return errAsked
		}
	case "panic":
		panic("asked to panic")
	case "goexit":
		runtime.Goexit()
	case "cheat":
		list, _ := p.list.Get()
		list[0] = "changed in place"
	case "list":
		p.list.Set([]string{a.Text})
	case "big":
		p.names.Set("big", strings.Repeat("x", a.N))
	case "alarm":
		p.s.SetAlarm("ring"+a.Text, p.s.Now().Add(time.Duration(a.N)*time.Millisecond))
	case "silence":
		p.s.ClearAlarm("ring" + a.Text)
	case "again": // from within an alarm: set it again, twice
		if p.count.Or(0) < 3 {
			p.s.SetAlarm("ring/again", p.s.Now().Add(time.Minute))
		}
	case "at once": // from within an alarm: set it again for this very instant
		if p.count.Or(0) < 3 {
			p.s.SetAlarm("ring/at once", p.s.Now())
		}
	case "wait":
		<-gates[a.Text]
	case "slow": // outside, until a gate opens
		return p.s.Outside(ctx, func(context.Context) error { <-gates["slow"]; return nil })
	case "hint":
		_, err := hint(ctx, others.Get(p.s.Runtime(), a.Text), a.N)
		return err
	case "outside":
		return p.s.Outside(ctx, func(context.Context) error { <-gates[a.Text]; return nil })
	case "ask":
		_, err := bump(ctx, others.Get(p.s.Runtime(), a.Text), a.N)
		return err
	case "circle":
		_, err := circle(ctx, others.Get(p.s.Runtime(), cmp.Or(a.Text, "o")), p.s.Name())
		return err
	case "step": // outside, and say so
		return p.s.Outside(ctx, func(context.Context) error { close(gates[a.Text]); return nil })
	case "stumble":
		return p.s.Outside(ctx, func(context.Context) error { panic("asked to panic outside") })
	case "stubborn": // goes on though it is told that the object was replaced
		p.s.Outside(ctx, func(context.Context) error { <-gates[a.Text]; return nil })
		p.s.SetAlarm("ring", p.s.Now())
	case "leak":
		leaked = ctx
	case "send":
		p.s.Broadcast("", durable.Text([]byte(a.Text)))
	case "enqueue":
		p.s.Enqueue(laterRun.To(a.Text, []act{{Do: "add", N: a.N}, {Do: "log", Text: fmt.Sprint(a.N)}}))
	case "after":
		gate := gates[a.Text]
		p.s.After(func(context.Context) { close(gate) })
	case "after panic":
		p.s.After(func(context.Context) { panic("asked to, afterwards") })
	case "destroy":
		p.s.Destroy()
	default:
		panic("no such act: " + a.Do)
	}
	return nil
}

func newOther(_ context.Context, s *durable.State) (*other, error) {
	return &other{n: durable.NewValue[int](s, "n")}, nil
}

// A bench is a runtime over a memory store, in a bubble of its own.
type bench struct {
	t     *testing.T
	store *durabletest.MemStore
	rt    *durable.Runtime

	timeout time.Duration // of calls

	onCommit atomic.Pointer[func(*durable.Batch) (bool, error)]
	onSubmit atomic.Pointer[func(*durable.Batch) error]
}

// failCommits decides what becomes of batches from now on, nil for success.
func (b *bench) failCommits(f func(*durable.Batch) (bool, error)) { b.onCommit.Store(&f) }

// failSubmits decides which batches are refused from now on.
func (b *bench) failSubmits(f func(*durable.Batch) error) { b.onSubmit.Store(&f) }

// each runs a test in a bubble, with requests and answers by value and by bytes.
func each(t *testing.T, f func(t *testing.T, b *bench)) {
	for _, byBytes := range []bool{false, true} {
		t.Run(map[bool]string{false: "ByValue", true: "ByBytes"}[byBytes], func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				clear(gates)
				b := &bench{t: t, store: durabletest.NewMemStore()}
				b.open(byBytes)
				f(t, b)
				b.close()
			})
		})
	}
}

func (b *bench) open(byBytes bool) {
	b.store.OnCommit = func(batch *durable.Batch) (bool, error) {
		if f := b.onCommit.Load(); f != nil && *f != nil {
			return (*f)(batch)
		}
		return true, nil
	}
	b.store.OnSubmit = func(batch *durable.Batch) error {
		if f := b.onSubmit.Load(); f != nil && *f != nil {
			return (*f)(batch)
		}
		return nil
	}
	rt, err := durable.Open(durable.Options{Store: b.store, ByBytes: byBytes, Strict: true, CallTimeout: b.timeout, Objects: []durable.Hosted{
		durable.Host(probes, newProbe), durable.Host(others, newOther)}})
	if err != nil {
		b.t.Fatal(err)
	}
	b.rt, theRuntime = rt, rt
}

func (b *bench) close() {
	b.store.Resume()
	if err := b.rt.Close(context.Background()); err != nil {
		b.t.Errorf("close: %v", err)
	}
	b.store.Close()
}

// run runs acts on a probe.
func (b *bench) run(name string, acts ...act) (sight, error) {
	return run(b.t.Context(), probes.Get(b.rt, name), acts)
}

// must is run without the possibility of failure.
func (b *bench) must(name string, acts ...act) sight {
	b.t.Helper()
	s, err := b.run(name, acts...)
	if err != nil {
		b.t.Fatalf("%v: %v", acts, err)
	}
	return s
}

// start runs acts on a goroutine and returns where the outcome will be.
func (b *bench) start(name string, acts ...act) <-chan result {
	c := make(chan result, 1)
	go func() {
		s, err := b.run(name, acts...)
		c <- result{s, err}
	}()
	return c
}

type result struct {
	sight
	err error
}

func waiting(c <-chan result) bool {
	synctest.Wait()
	return len(c) == 0
}
