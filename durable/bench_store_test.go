package durable_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/pebblestore"
)

// body is what one transaction of the comparison writes: 6.4 KB in one key.
var body = func() string {
	b := make([]byte, 6400)
	for i := range b {
		b[i] = byte('a' + (i*i+i/7)%23)
	}
	return string(b)
}()

var tallyWrite = durable.Method(tallies, "write", func(o *tally, _ context.Context, s string) (int, error) {
	o.n++
	o.body.Set(s[o.n%16:])
	return o.n, nil
})

// BenchmarkWriters compares events that each write 6.4 KB on objects of their own,
// durable before they are answered, with Pebble's own commits of the same keys.
// Rounds of the two alternate; "ratio" is the median of ours ÷ Pebble's. The
// directory is FORTUNET_BENCH_DIR or the system's temporary one.
func BenchmarkWriters(b *testing.B) {
	for _, writers := range []int{1, 16, 256} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			const rounds, each = 7, 700 * time.Millisecond
			ours, theirs := openOurs(b), openTheirs(b)
			var ratios, rates []float64
			for b.Loop() {
				ratios, rates = nil, nil
				for range rounds {
					p := hammer(writers, each, theirs)
					o := hammer(writers, each, ours)
					ratios, rates = append(ratios, o/p), append(rates, o)
				}
			}
			slices.Sort(ratios)
			slices.Sort(rates)
			b.ReportMetric(ratios[rounds/2], "ratio")
			b.ReportMetric(rates[rounds/2], "commits/s")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func benchDir(b *testing.B) string {
	dir, err := os.MkdirTemp(os.Getenv("FORTUNET_BENCH_DIR"), "bench")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// hammer lets n writers write for a while and returns the commits a second.
func hammer(n int, d time.Duration, write func(writer int) error) float64 {
	var done atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for w := range n {
		wg.Go(func() {
			for time.Since(start) < d {
				if err := write(w); err != nil {
					panic(err)
				}
				done.Add(1)
			}
		})
	}
	wg.Wait()
	return float64(done.Load()) / time.Since(start).Seconds()
}

func openOurs(b *testing.B) func(int) error {
	store, err := pebblestore.Open(benchDir(b), pebblestore.Options{})
	if err != nil {
		b.Fatal(err)
	}
	rt := openTallies(b, store)
	return func(w int) error {
		_, err := tallyWrite(context.Background(), tallies.Get(rt, fmt.Sprint("w", w)), body)
		return err
	}
}

func openTheirs(b *testing.B) func(int) error {
	db, err := pebble.Open(benchDir(b), &pebble.Options{Logger: pebble.DefaultLogger, WALBytesPerSync: 512 << 10})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	var n atomic.Int64
	return func(w int) error {
		batch := db.NewBatch()
		batch.Set(fmt.Appendf(nil, "otally\x00\x01w%d\x00\x01body", w), []byte(body[n.Add(1)%16:]), nil)
		return db.Apply(batch, pebble.Sync)
	}
}

// BenchmarkMillion opens a store that holds a million objects, 100,000 of which have
// an alarm past due, left behind by a process that was killed, and reports how long it takes to be ready, how many objects
// are in memory at most while the alarms drain, and how long loading one object
// takes meanwhile and afterwards.
func BenchmarkMillion(b *testing.B) {
	if dir := os.Getenv("FORTUNET_BENCH_FILL"); dir != "" {
		fillMillion(b, dir)
		fmt.Println("filled")
		select {} // until killed
	}
	for b.Loop() {
		b.StopTimer()
		dir := benchDir(b)
		fillAndKill(b, dir)
		b.StartTimer()
		start := time.Now()
		store, err := pebblestore.Open(dir, pebblestore.Options{})
		if err != nil {
			b.Fatal(err)
		}
		rt, err := durable.Open(durable.Options{Store: store, Objects: []durable.Hosted{durable.Host(sleepers, newSleeper)}})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := look(context.Background(), sleepers.Get(rt, "s1"), struct{}{}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(time.Since(start).Milliseconds()), "ready-ms")
		var most int64
		var took []time.Duration
		for rt.Stats()[0].Alarms < 50_000 {
			most = max(most, rt.Stats()[0].Live)
			time.Sleep(time.Millisecond)
		}
		for i := 0; rt.Stats()[0].Alarms < 100_000; i++ {
			took = append(took, lookAt(b, rt, 500_000+i*7%500_000))
		}
		b.ReportMetric(time.Since(start).Seconds(), "drained-s")
		b.ReportMetric(float64(most), "live-max")
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-draining-µs")
		took = nil
		for i := range 20_000 {
			took = append(took, lookAt(b, rt, 100_000+i*37%900_000))
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
		rt.Close(context.Background())
		store.Close()
	}
}

// fillAndKill lets a process of its own fill dir, and kills it.
func fillAndKill(b *testing.B, dir string) {
	cmd := exec.Command(os.Args[0], "-test.run=^$", "-test.bench=BenchmarkMillion", "-test.benchtime=1x")
	cmd.Env = append(os.Environ(), "FORTUNET_BENCH_FILL="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.HasSuffix(lines.Text(), "filled") {
			break
		}
	}
	cmd.Process.Kill()
	cmd.Wait()
}

type sleeper struct{ rang durable.Value[int] }

var sleepers = &durable.Type[sleeper]{Name: "sleeper", Idle: 10 * time.Second}

var look = durable.Method(sleepers, "look", func(o *sleeper, _ context.Context, _ struct{}) (int, error) { return o.rang.Or(0), nil })

func init() {
	durable.OnAlarm(sleepers, "ring", func(o *sleeper, _ context.Context, _ durable.Alarm) error {
		o.rang.Set(o.rang.Or(0) + 1)
		return nil
	})
}

func newSleeper(_ context.Context, s *durable.State) (*sleeper, error) {
	return &sleeper{durable.NewValue[int](s, "rang")}, nil
}

func lookAt(b *testing.B, rt *durable.Runtime, i int) time.Duration {
	start := time.Now()
	if _, err := look(context.Background(), sleepers.Get(rt, fmt.Sprint("s", i)), struct{}{}); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

// fillMillion stores a million objects, the first 100,000 with an alarm past due, as
// the runtime itself would store them.
func fillMillion(b *testing.B, dir string) {
	store, err := pebblestore.Open(dir, pebblestore.Options{})
	if err != nil {
		b.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 1_000_000 {
		batch := &durable.Batch{ID: durable.ID{Type: "sleeper", Name: fmt.Sprint("s", i)}, Keys: []durable.KeyOp{{Key: "rang", Value: []byte("0")}}}
		if i < 100_000 {
			due := time.Now().Add(-time.Hour).UnixMilli() + int64(i)
			record, _ := json.Marshal(map[string]int64{"due": due, "gen": 1})
			batch.Keys = append(batch.Keys, durable.KeyOp{Key: "\x02ring", Value: record})
			batch.Alarms = []durable.AlarmOp{{Name: "ring", New: due}}
		}
		wg.Add(1)
		batch.Done = func(err error) {
			if err != nil {
				b.Error(err)
			}
			wg.Done()
		}
		if err := store.Submit(batch); err != nil {
			b.Fatal(err)
		}
		if i%10_000 == 0 {
			wg.Wait()
		}
	}
	wg.Wait()
}
