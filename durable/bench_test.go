package durable_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/durabletest"
)

// A tally is the smallest object there is: what is measured is the runtime.
type tally struct {
	n     int
	total durable.Value[int]
	body  durable.Value[string]
}

var tallies = &durable.Type[tally]{Name: "tally", Queue: 1 << 20}

var (
	tallyRead = durable.Method(tallies, "read", func(o *tally, _ context.Context, n int) (int, error) {
		o.n += n
		return o.n, nil
	})
	tallyRelaxed = durable.Method(tallies, "relaxed", func(o *tally, _ context.Context, n int) (int, error) {
		total := o.total.Or(0) + n
		o.total.SetRelaxed(total)
		return total, nil
	})
)

func newTally(_ context.Context, s *durable.State) (*tally, error) {
	return &tally{total: durable.NewValue[int](s, "total"), body: durable.NewValue[string](s, "body")}, nil
}

func openTallies(b *testing.B, store durable.Store) *durable.Runtime {
	rt, err := durable.Open(durable.Options{Store: store, Objects: []durable.Hosted{durable.Host(tallies, newTally)}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { rt.Close(context.Background()); store.Close() })
	return rt
}

// BenchmarkCall is a call to an object in memory that writes nothing, from one
// caller, with metrics and the guard against panics.
func BenchmarkCall(b *testing.B) {
	rt := openTallies(b, durabletest.NewMemStore())
	ctx, stub := context.Background(), tallies.Get(rt, "t")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tallyRead(ctx, stub, 1); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCallRelaxed is the same with a relaxed write.
func BenchmarkCallRelaxed(b *testing.B) {
	rt := openTallies(b, durabletest.NewMemStore())
	ctx, stub := context.Background(), tallies.Get(rt, "t")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tallyRelaxed(ctx, stub, 1); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkHotObject is one object that 16 callers call at once.
func BenchmarkHotObject(b *testing.B) {
	rt := openTallies(b, durabletest.NewMemStore())
	ctx, stub := context.Background(), tallies.Get(rt, "t")
	b.SetParallelism(max(16/runtime.GOMAXPROCS(0), 1))
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := tallyRead(ctx, stub, 1); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// BenchmarkManyObjects is 16 callers that call 10,000 objects in memory.
func BenchmarkManyObjects(b *testing.B) {
	rt := openTallies(b, durabletest.NewMemStore())
	ctx := context.Background()
	names := make([]string, 10_000)
	for i := range names {
		names[i] = fmt.Sprint("t", i)
		if _, err := tallyRead(ctx, tallies.Get(rt, names[i]), 1); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	var wg sync.WaitGroup
	for w := range 16 {
		wg.Go(func() {
			for i := w; i < b.N; i += 16 {
				if _, err := tallyRead(ctx, tallies.Get(rt, names[i%len(names)]), 1); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}
