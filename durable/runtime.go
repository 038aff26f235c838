package durable

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// Options say what a Runtime stands on. Only Store and Objects are needed.
type Options struct {
	Store   Store
	Objects []Hosted // what runs here, each type once

	Placement Placement // which node runs what; nil: everything runs here
	Mesh      Mesh      // how calls travel; nil: there is one node

	// Memory bounds the bytes of objects in memory, by their stored size and a
	// flat overhead; 0 means 256 MB. Over it, objects leave before they are idle.
	Memory int64

	// CallTimeout is how long a call whose context has no deadline waits for its
	// object's turn (ErrTimeout) and, once it has run, for the store (ErrUnknown);
	// 0 means for ever. It does not end the method, nor the write.
	CallTimeout time.Duration

	// Log is where the runtime and its objects log; nil means nowhere.
	Log *slog.Logger

	// For tests. ByBytes makes every call travel as between nodes. Strict ends
	// every event that changed a stored value in place without setting it.
	ByBytes, Strict bool
}

// A Runtime runs objects on this node.
type Runtime struct {
	store     Store
	placement Placement
	mesh      Mesh
	log       *slog.Logger
	byBytes   bool
	strict    bool
	budget    int64
	timeout   time.Duration // of calls, 0 for none

	hosted []*hosted          // in the order of Options.Objects
	byKind []*hosted          // by kind.id
	byName map[string]*hosted // by kind.name

	started  time.Time
	alarms   *alarmClock
	flusher  flusher
	gateway  *gateway
	resident atomic.Int64
	awake    chan struct{} // an object came into memory; holds at most one token
	random   atomic.Uint64
	left     atomic.Int64  // bytes of objects that left since memory was given back
	gaveBack time.Duration // when that was; owned by sweep

	life     context.Context // ends when the runtime has drained
	end      context.CancelFunc
	stopping atomic.Bool
	shut     atomic.Bool   // no event begins any more, not even one of an event under way
	draining chan struct{} // closed when Close begins
	drained  chan struct{} // closed when all instances are gone
	work     sync.WaitGroup
	closed   sync.Once
	closeErr error
	stops    []func()
}

// Open starts a runtime: it answers calls and fires alarms from now on. The store
// stays the caller's, to be closed after the runtime.
func Open(o Options) (*Runtime, error) {
	if o.Store == nil {
		return nil, errors.New("durable: Options.Store is missing")
	}
	if (o.Placement == nil) != (o.Mesh == nil) {
		return nil, errors.New("durable: a Placement needs a Mesh and a Mesh a Placement")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Memory == 0 {
		o.Memory = 256 << 20
	}
	rt := &Runtime{gaveBack: -time.Hour, store: o.Store, placement: o.Placement, mesh: o.Mesh, log: o.Log, byBytes: o.ByBytes, strict: o.Strict,
		budget: o.Memory, timeout: o.CallTimeout, byName: map[string]*hosted{}, started: time.Now(), draining: make(chan struct{}), drained: make(chan struct{})}
	rt.flusher.poke, rt.awake = make(chan struct{}, 1), make(chan struct{}, 1)
	rt.life, rt.end = context.WithCancel(context.Background())
	rt.alarms = newAlarmClock(rt)
	rt.gateway = newGateway(rt)
	for _, host := range o.Objects {
		if err := rt.host(host); err != nil {
			return nil, err
		}
	}
	if err := rt.join(); err != nil {
		rt.end()
		return nil, err
	}
	rt.background(rt.alarms.run)
	rt.background(func() { rt.flusher.run(rt) })
	rt.background(rt.sweep)
	rt.background(rt.gateway.run)
	return rt, nil
}

func (rt *Runtime) host(host Hosted) error {
	k := host.kind
	if rt.byName[k.name] != nil {
		return fmt.Errorf("durable: type %q is hosted twice", k.name)
	}
	h := &hosted{rt: rt, kind: k, set: k.settings(), log: rt.log.With("type", k.name), buildObject: host.build}
	h.lost = func(view string, err error) {
		h.log.Error("a relaxed change cannot be encoded and is lost", "view", view, "err", err)
	}
	for i := range h.shards {
		h.shards[i].live = map[string]*instance{}
	}
	for len(rt.byKind) <= k.id {
		rt.byKind = append(rt.byKind, nil)
	}
	rt.byKind[k.id], rt.byName[k.name] = h, h
	rt.hosted = append(rt.hosted, h)
	return nil
}

// join takes part in the cluster, where there is one: it answers calls for every
// partition this node owns, now and later.
func (rt *Runtime) join() error {
	if rt.placement == nil {
		return nil
	}
	var mu sync.Mutex
	serving := map[int]func(){}
	update := func(p int, o Owner) {
		mu.Lock()
		defer mu.Unlock()
		if stop := serving[p]; stop != nil && !o.Here {
			stop()
			delete(serving, p)
		}
		if serving[p] == nil && o.Here {
			stop, err := rt.mesh.Serve(p, rt.answer)
			if err != nil {
				rt.log.Error("partition cannot be served", "partition", p, "err", err)
				return
			}
			serving[p] = stop
		}
		rt.moved(p, o)
	}
	rt.stops = append(rt.stops, rt.placement.Watch(update))
	for p := range Partitions {
		update(p, rt.placement.Owner(p))
	}
	return nil
}

// moved drops the instances of a partition that now runs elsewhere or under another
// claim.
func (rt *Runtime) moved(p int, o Owner) {
	for _, h := range rt.hosted {
		for i := range h.shards {
			for _, in := range h.shards[i].all() {
				if s := in.state.Load(); in.id().Partition() == p && (s == live || s == loading) {
					rt.background(func() { in.dropUnder(o) })
				}
			}
		}
	}
	if o.Here {
		rt.alarms.rescan()
	}
}

// dropUnder makes the instance leave unless it runs under the claim o.
func (in *instance) dropUnder(o Owner) {
	in.turn <- struct{}{}
	if !o.Here || in.epoch != o.Epoch {
		in.leave(ErrMoved)
	}
	in.release()
}

// Now returns the time: the cluster's where there is one.
func (rt *Runtime) Now() time.Time {
	if rt.placement != nil {
		return time.Now().Add(rt.placement.Offset())
	}
	return time.Now()
}

// late returns a channel that tells when a call has waited for too long, nil for
// never, and what is to be called when it waits no more.
func (rt *Runtime) late(ctx context.Context) (<-chan time.Time, func()) {
	if rt.timeout <= 0 {
		return nil, func() {}
	}
	if _, has := ctx.Deadline(); has {
		return nil, func() {}
	}
	t := time.NewTimer(rt.timeout)
	return t.C, func() { t.Stop() }
}

// clock returns the time since the runtime was opened.
func (rt *Runtime) clock() time.Duration { return time.Since(rt.started) }

func (rt *Runtime) hostedBy(kind int) *hosted {
	if rt == nil || kind >= len(rt.byKind) {
		return nil
	}
	return rt.byKind[kind]
}

func (rt *Runtime) hostedByName(name string) *hosted { return rt.byName[name] }

// background runs f on a goroutine that Close waits for.
func (rt *Runtime) background(f func()) { rt.work.Go(f) }

// Close drains the runtime: no new event from outside is taken, sockets are closed
// with 1001, events under way finish, relaxed writes are flushed, and commits
// settle. Where ctx ends first, what remains is given up and Close returns its
// error. The store can be closed afterwards.
func (rt *Runtime) Close(ctx context.Context) error {
	rt.closed.Do(func() {
		rt.stopping.Store(true)
		close(rt.draining)
		rt.gateway.close()
		for _, stop := range rt.stops {
			stop()
		}
		rt.closeErr = rt.drainAll(ctx)
		close(rt.drained)
		rt.gateway.dropAll(2 * time.Second)
		rt.end()
		if rt.closeErr != nil {
			return
		}
		rt.work.Wait()
		if rt.placement != nil {
			rt.closeErr = rt.placement.Release(ctx)
		}
	})
	return rt.closeErr
}
