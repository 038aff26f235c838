package pebblestore

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/fortunet/fortunet/durable"
)

// benchBatch returns a transaction of 1 to 5 keys and 6.4 KB in all, as DESIGN measures by.
func benchBatch(rnd *rand.Rand, object int) *durable.Batch {
	b := &durable.Batch{ID: durable.ID{Type: "room", Name: fmt.Sprintf("%08d", object)}}
	keys := 1 + rnd.IntN(5)
	for k := range keys {
		value := make([]byte, 6400/keys)
		for i := range len(value) / 2 { // half of it compresses
			value[i] = byte(rnd.Uint32())
		}
		b.Keys = append(b.Keys, durable.KeyOp{Key: fmt.Sprint("key", k), Value: value})
	}
	return b
}

// A lane commits one batch and waits until it is durable.
type lane func(b *durable.Batch) error

// commitRound lets writers commit for a while, and returns commits per second.
func commitRound(b *testing.B, writers int, length time.Duration, commit lane) float64 {
	var count atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for w := range writers {
		wg.Go(func() {
			rnd := rand.New(rand.NewPCG(uint64(w), 1))
			batches := make([]*durable.Batch, 16)
			for i := range batches {
				batches[i] = benchBatch(rnd, w*len(batches)+i)
			}
			for i := 0; time.Since(start) < length; i++ {
				if err := commit(batches[i%len(batches)]); err != nil {
					b.Error(err)
					return
				}
				count.Add(1)
			}
		})
	}
	wg.Wait()
	return float64(count.Load()) / time.Since(start).Seconds()
}

// BenchmarkCommit compares commits through the store with Pebble's own, on the same
// keys, with the same options, in rounds that take turns. ratio-% is the median of the
// ratios of neighbouring rounds; 100 means that the store costs nothing.
func BenchmarkCommit(b *testing.B) {
	for _, writers := range []int{1, 16, 256} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			s, err := Open(b.TempDir(), Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			rawDir := b.TempDir()
			o := s.pebbleOptions(&handle{guard: newGuard(vfs.Default, rawDir, nil), log: s.log})
			o.FS = vfs.Default
			raw, err := pebble.Open(rawDir, o)
			if err != nil {
				b.Fatal(err)
			}
			defer raw.Close()
			through := func(batch *durable.Batch) error {
				done := make(chan error, 1)
				batch.Done = func(err error) { done <- err }
				if err := s.Submit(batch); err != nil {
					return err
				}
				return <-done
			}
			direct := func(batch *durable.Batch) error {
				p := raw.NewBatchWithSize(batch.Size() + 1000)
				encode(raw, p, batch)
				err := raw.Apply(p, pebble.Sync)
				p.Close()
				return err
			}
			var ratios, stores, raws []float64
			const length = 500 * time.Millisecond
			for round := 0; b.Loop(); round++ {
				var viaStore, viaRaw float64
				if round%2 == 0 {
					viaStore = commitRound(b, writers, length, through)
					viaRaw = commitRound(b, writers, length, direct)
				} else {
					viaRaw = commitRound(b, writers, length, direct)
					viaStore = commitRound(b, writers, length, through)
				}
				stores, raws, ratios = append(stores, viaStore), append(raws, viaRaw), append(ratios, 100*viaStore/viaRaw)
			}
			b.ReportMetric(median(stores), "store/s")
			b.ReportMetric(median(raws), "pebble/s")
			b.ReportMetric(median(ratios), "ratio-%")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// BenchmarkMillion measures a store of a million objects, each with two keys and an
// alarm: opening it, loading single objects, listing all of them and their alarms.
func BenchmarkMillion(b *testing.B) {
	const objects = 1_000_000
	dir := b.TempDir()
	fillMillion(b, dir, objects)
	var s *Store
	var opened time.Duration
	for b.Loop() {
		start := time.Now()
		var err error
		if s, err = Open(dir, Options{}); err != nil {
			b.Fatal(err)
		}
		if opened == 0 { // later there is no log to replay
			opened = time.Since(start)
			b.ReportMetric(opened.Seconds(), "open-s")
		}

		rnd := rand.New(rand.NewPCG(1, 2))
		took := make([]float64, 0, 20_000)
		for range cap(took) {
			start := time.Now()
			kvs, err := s.Load(context.Background(), millionID(rnd.IntN(objects)))
			if err != nil || len(kvs) != 2 {
				b.Fatalf("Load: %d keys, %v", len(kvs), err)
			}
			took = append(took, float64(time.Since(start))/1e6)
		}
		slices.Sort(took)
		b.ReportMetric(took[len(took)/2], "load-p50-ms")
		b.ReportMetric(took[len(took)*99/100], "load-p99-ms")

		start = time.Now()
		count, after := 0, ""
		for {
			names, err := s.List(context.Background(), "room", after, 1000)
			if err != nil {
				b.Fatal(err)
			}
			if count += len(names); len(names) < 1000 {
				break
			}
			after = names[len(names)-1]
		}
		if count != objects {
			b.Fatalf("listed %d objects", count)
		}
		b.ReportMetric(time.Since(start).Seconds(), "list-s")

		start = time.Now()
		count, last := 0, durable.AlarmRef{}
		for {
			refs, err := s.Alarms(context.Background(), last, 1000)
			if err != nil {
				b.Fatal(err)
			}
			if count += len(refs); len(refs) < 1000 {
				break
			}
			last = refs[len(refs)-1]
		}
		if count != objects {
			b.Fatalf("listed %d alarms", count)
		}
		b.ReportMetric(time.Since(start).Seconds(), "alarms-s")
		b.ReportMetric(float64(s.Metrics().DiskBytes)/1e6, "disk-MB")
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(0, "ns/op")
}

func millionID(i int) durable.ID {
	return durable.ID{Type: "room", Name: fmt.Sprintf("room-%07d", i)}
}

func fillMillion(b *testing.B, dir string, objects int) {
	b.Helper()
	s, err := Open(dir, Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	var wg sync.WaitGroup
	value := make([]byte, 100)
	window := make(chan struct{}, 2000)
	for _, i := range rand.Perm(objects) {
		rand.NewChaCha8([32]byte{byte(i), byte(i >> 8), byte(i >> 16)}).Read(value[:50])
		window <- struct{}{}
		wg.Add(1)
		err := s.Submit(&durable.Batch{
			ID:     millionID(i),
			Keys:   []durable.KeyOp{{Key: "a", Value: slices.Clone(value)}, {Key: "b", Value: slices.Clone(value)}},
			Alarms: []durable.AlarmOp{{Name: "expire", New: 1_700_000_000_000 + int64(i)}},
			Done: func(err error) {
				if err != nil {
					b.Error(err)
				}
				<-window
				wg.Done()
			},
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	wg.Wait()
}

// BenchmarkClear measures loading one object after another was forgotten, which leaves
// ever more traces of what is no longer there.
func BenchmarkClear(b *testing.B) {
	s, err := Open(b.TempDir(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	commit := func(batch *durable.Batch) {
		done := make(chan error, 1)
		batch.Done = func(err error) { done <- err }
		if err := s.Submit(batch); err != nil {
			b.Fatal(err)
		}
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
	rnd := rand.New(rand.NewPCG(1, 1))
	const objects = 5000
	var loading time.Duration
	loads := 0
	for b.Loop() {
		for i := range objects {
			batch := benchBatch(rnd, i)
			for k := range batch.Keys {
				batch.Keys[k].Value = batch.Keys[k].Value[:20]
			}
			commit(batch)
		}
		for i := range objects {
			commit(&durable.Batch{ID: durable.ID{Type: "room", Name: fmt.Sprintf("%08d", i)}, Clear: true})
			start := time.Now()
			if _, err := s.Load(context.Background(), durable.ID{Type: "room", Name: fmt.Sprintf("%08d", (i+objects/2)%objects)}); err != nil {
				b.Fatal(err)
			}
			loading += time.Since(start)
			loads++
		}
	}
	b.ReportMetric(float64(loading.Microseconds())/float64(loads), "load-us")
}
