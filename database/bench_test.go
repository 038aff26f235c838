package database_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/fortunet/fortunet/database"
)

// benchmarked returns a new database on the disk to be measured: FORTUNET_BENCH_DIR, or
// the system's temporary directory.
func benchmarked(b *testing.B) *database.DB {
	b.Helper()
	dir, err := os.MkdirTemp(os.Getenv("FORTUNET_BENCH_DIR"), "bench")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { os.RemoveAll(dir) })
	return open(b, filepath.Join(dir, "x.db"))
}

// BenchmarkCreateGuest makes guests, some at the same time. writes/sync is how many
// shared a transaction and its sync.
func BenchmarkCreateGuest(b *testing.B) {
	for _, writers := range []int{1, 16, 128} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			db := benchmarked(b)
			before := db.Stats()
			b.ResetTimer()
			start := time.Now()
			var wg sync.WaitGroup
			for w := range writers {
				wg.Go(func() {
					for i := w; i < b.N; i += writers {
						if _, err := db.CreateGuest(context.Background(), "g"); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "guests/s")
			after := db.Stats()
			b.ReportMetric(float64(after.Writes-before.Writes)/float64(after.Commits-before.Commits), "writes/sync")
		})
	}
}

// BenchmarkUser reads one user.
func BenchmarkUser(b *testing.B) {
	db := benchmarked(b)
	u := guest(b, db)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := db.User(context.Background(), u.ID); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCharts reads a page of charts.
func BenchmarkCharts(b *testing.B) {
	db := benchmarked(b)
	u := guest(b, db)
	for range 50 {
		if _, err := db.CreateChart(context.Background(), newChart(u.ID)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := db.Charts(context.Background(), u.ID, database.Page{}); err != nil {
			b.Fatal(err)
		}
	}
}
