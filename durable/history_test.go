package durable_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/durabletest"
)

// A step is one operation of a random history, on one object.
type step struct {
	object string
	add    int // 0 to read
}

// An outcome is what a step's caller learned.
type outcome struct {
	total   int
	unknown bool // it may have happened, or not
	failed  bool // it has not happened
}

// counterModel is what probes promise: a counter for each name.
var counterModel = (&porcupine.NondeterministicModel{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byObject := map[string][]porcupine.Operation{}
		for _, op := range history {
			name := op.Input.(step).object
			byObject[name] = append(byObject[name], op)
		}
		var parts [][]porcupine.Operation
		for _, part := range byObject {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() []any { return []any{0} },
	Step: func(state, input, output any) []any {
		total, in, out := state.(int), input.(step), output.(outcome)
		switch {
		case out.failed:
			return []any{total}
		case out.unknown:
			return []any{total, total + in.add}
		case out.total == total+in.add:
			return []any{total + in.add}
		}
		return nil
	},
	Equal: func(a, b any) bool { return a == b },
	DescribeOperation: func(input, output any) string {
		return fmt.Sprintf("%+v -> %+v", input, output)
	},
}).ToModel()

// A history runs random clients against a runtime whose store fails and crashes.
type history struct {
	t     *testing.T
	b     *bench
	rng   *rand.Rand
	clock atomic.Int64
	rt    atomic.Pointer[durable.Runtime] // of the process that lives now

	mu    sync.Mutex
	ops   []porcupine.Operation
	alarm map[string]int // alarms acknowledged as set
}

// TestLinearizable runs random histories of calls, alarms, effects, failing commits, panics,
// failed events, evictions, crashes and restarts, and checks that what callers saw
// could have come from one counter for each name on which every acknowledged
// operation took effect once, in one instant between its call and its answer.
// FORTUNET_SEED runs one history again.
func TestLinearizable(t *testing.T) {
	seeds := make([]uint64, 60)
	for i := range seeds {
		seeds[i] = uint64(i) + 1
	}
	if s := os.Getenv("FORTUNET_SEED"); s != "" {
		n, _ := strconv.ParseUint(s, 10, 64)
		seeds = []uint64{n}
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprint("seed", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { runHistory(t, seed) })
		})
	}
}

func runHistory(t *testing.T, seed uint64) {
	clear(gates)
	b := &bench{t: t, store: durabletest.NewMemStore()}
	h := &history{t: t, b: b, rng: rand.New(rand.NewPCG(seed, 1)), alarm: map[string]int{}}
	var faults atomic.Bool
	faults.Store(true)
	commitRand := rand.New(rand.NewPCG(seed, 2)) // used by one committer at a time
	var commitMu sync.Mutex
	b.failCommits(func(*durable.Batch) (bool, error) {
		commitMu.Lock()
		delay, dice := commitRand.IntN(5), commitRand.IntN(100)
		commitMu.Unlock()
		time.Sleep(time.Duration(delay) * time.Millisecond)
		if faults.Load() && dice < 6 {
			return dice < 3, errors.New("the disk failed")
		}
		return true, nil
	})
	b.failSubmits(func(*durable.Batch) error {
		commitMu.Lock()
		defer commitMu.Unlock()
		if faults.Load() && commitRand.IntN(100) < 3 {
			return errors.New("the disk is full")
		}
		return nil
	})
	b.open(seed%2 == 0)
	h.rt.Store(b.rt)
	for range 4 { // lives of the process
		var wg sync.WaitGroup
		h.life(&wg)
		time.Sleep(time.Duration(h.rng.IntN(150)) * time.Millisecond)
		h.crash()
		wg.Wait()
	}
	faults.Store(false)
	time.Sleep(10 * time.Minute) // every alarm has its time
	for _, name := range h.names() {
		h.call(0, step{object: name}, act{Do: "look"})
	}
	if res := porcupine.CheckOperationsTimeout(counterModel, h.ops, time.Minute); res != porcupine.Ok {
		t.Errorf("the history of seed %d is not linearizable: %v", seed, res)
	}
	for name, set := range h.alarm {
		if got := b.must(name).Seen; got < set {
			t.Errorf("seed %d: %d alarms were acknowledged on %s, only %d went off", seed, set, name, got)
		}
	}
	for _, name := range h.names() {
		if from, to := b.must("from-"+name).Count, b.must("to-"+name).Count; from != to {
			t.Errorf("seed %d: events added %d, their effects %d", seed, from, to)
		}
	}
	b.close()
}

func (h *history) names() []string { return []string{"a", "b", "c"} }

// crash kills the process with whatever is under way, and starts another.
func (h *history) crash() {
	old, rt := h.b.store, h.b.rt
	h.rt.Store(nil)
	h.b.store = old.Crash(h.rng.Uint64())
	h.b.open(h.rng.IntN(2) == 0)
	h.rt.Store(h.b.rt)
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	rt.Close(ctx)
	old.Close()
}

// life lets five clients work for a while.
func (h *history) life(wg *sync.WaitGroup) {
	for client := range 5 {
		rng := rand.New(rand.NewPCG(h.rng.Uint64(), 3))
		wg.Go(func() {
			for range 12 {
				h.random(client, rng)
				time.Sleep(time.Duration(rng.IntN(8)) * time.Millisecond)
				if rng.IntN(20) == 0 {
					time.Sleep(2 * time.Minute) // the object is evicted
				}
			}
		})
	}
}

// random does one random thing.
func (h *history) random(client int, rng *rand.Rand) {
	name := h.names()[rng.IntN(3)]
	n := 1 + rng.IntN(1_000_000)
	switch dice := rng.IntN(100); {
	case dice < 40:
		h.call(client, step{name, n}, act{Do: "add", N: n})
	case dice < 75:
		h.call(client, step{name, 0}, act{Do: "look"})
	case dice < 80:
		h.call(client, step{name, 0}, act{Do: "add", N: n}, act{Do: "fail"})
	case dice < 84:
		h.call(client, step{name, 0}, act{Do: "add", N: n}, act{Do: "panic"})
	case dice < 88: // a transfer: an event and its effect on another object
		run(context.Background(), probes.Get(h.rt.Load(), "from-"+name), []act{{Do: "add", N: n}, {Do: "enqueue", Text: "to-" + name, N: n}})
	case dice < 94:
		name := "alarms-" + name
		ctx := context.Background()
		rt := h.rt.Load()
		_, err := run(ctx, probes.Get(rt, name), []act{{Do: "alarm", Text: fmt.Sprint("/count/", n), N: rng.IntN(60_000)}})
		if err == nil && h.rt.Load() == rt {
			h.mu.Lock()
			h.alarm[name]++
			h.mu.Unlock()
		}
	default:
		ctx, cancel := context.WithTimeout(context.Background(), time.Duration(rng.IntN(6))*time.Millisecond)
		defer cancel()
		h.callWith(ctx, client, step{name, n}, act{Do: "add", N: n})
	}
}

func (h *history) call(client int, s step, acts ...act) {
	h.callWith(context.Background(), client, s, acts...)
}

// callWith makes a call and records it.
func (h *history) callWith(ctx context.Context, client int, s step, acts ...act) {
	called, rt := h.clock.Add(1), h.rt.Load()
	sight, err := run(ctx, probes.Get(rt, s.object), acts)
	returned := h.clock.Add(1)
	out := outcome{total: sight.Count}
	if h.rt.Load() != rt { // the process died before it could answer
		out, returned = outcome{unknown: true}, 1<<60
	} else if err != nil {
		o, runtime := durable.OutcomeOf(err)
		out.failed, out.unknown = true, false
		if runtime && o == durable.Unknown {
			out.failed, out.unknown = false, true
			returned = 1 << 60 // it may take effect at any time from now on
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ops = append(h.ops, porcupine.Operation{ClientId: client, Input: s, Output: out, Call: called, Return: returned})
}
