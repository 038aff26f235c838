package server

import (
	"context"
	"errors"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A deadline behaves as what context.WithTimeout returns.
func TestDeadline(t *testing.T) {
	type key struct{}
	for _, c := range []struct {
		name string
		do   func(cancelParent, end func(), ctx context.Context)
		want error
	}{
		{"fresh", func(func(), func(), context.Context) {}, nil},
		{"waited for", func(_, _ func(), ctx context.Context) { ctx.Done() }, nil},
		{"over before it is waited for", func(_, _ func(), ctx context.Context) { time.Sleep(handleTime); <-ctx.Done() }, context.DeadlineExceeded},
		{"over while waited for", func(_, _ func(), ctx context.Context) { <-ctx.Done() }, context.DeadlineExceeded},
		{"ended", func(_, end func(), _ context.Context) { end() }, context.Canceled},
		{"ended while waited for", func(_, end func(), ctx context.Context) { ctx.Done(); end() }, context.Canceled},
		{"ended twice", func(_, end func(), _ context.Context) { end(); end() }, context.Canceled},
		{"parent ended", func(parent, _ func(), _ context.Context) { parent() }, context.Canceled},
		{"parent ended while waited for", func(parent, _ func(), ctx context.Context) { ctx.Done(); parent() }, context.Canceled},
		{"ended after it was over", func(_, end func(), ctx context.Context) { <-ctx.Done(); end() }, context.DeadlineExceeded},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				parent, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "value"))
				defer cancel()
				r, limit := withDeadline(httptest.NewRequest("GET", "/", nil).WithContext(parent), time.Now())
				defer limit.end()
				ctx := r.Context()
				if at, ok := ctx.Deadline(); !ok || time.Until(at) != handleTime {
					t.Errorf("deadline in %v", time.Until(at))
				}
				c.do(cancel, limit.end, ctx)
				if err := ctx.Err(); !errors.Is(err, c.want) {
					t.Errorf("Err is %v, want %v", err, c.want)
				}
				if err := context.Cause(ctx); !errors.Is(err, c.want) {
					t.Errorf("Cause is %v, want %v", err, c.want)
				}
				before := watchers()
				child, cancelChild := context.WithCancel(ctx)
				defer cancelChild()
				if n := watchers(); n > before {
					t.Errorf("a context made from it costs %d goroutines", n-before)
				}
				if err := child.Err(); !errors.Is(err, c.want) {
					t.Errorf("Err of a child is %v, want %v", err, c.want)
				}
				select {
				case <-ctx.Done():
					if c.want == nil {
						t.Error("done too early")
					}
				default:
					if c.want != nil {
						t.Error("not done")
					}
				}
				if ctx.Value(key{}) != "value" {
					t.Error("the parent's values are hidden")
				}
			})
		})
	}
}

// watchers counts the goroutines that watch a context whose kind package context does
// not know.
func watchers() int {
	all := make([]byte, 4<<20)
	return strings.Count(string(all[:runtime.Stack(all, true)]), "propagateCancel.func")
}

// A parent's deadline that is sooner counts.
func TestDeadlineOfParent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		parent, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		r, limit := withDeadline(httptest.NewRequest("GET", "/", nil).WithContext(parent), time.Now())
		defer limit.end()
		if at, _ := r.Context().Deadline(); time.Until(at) != time.Second {
			t.Errorf("deadline in %v, want the parent's", time.Until(at))
		}
		<-r.Context().Done()
		if !errors.Is(r.Context().Err(), context.DeadlineExceeded) {
			t.Error(r.Context().Err())
		}
	})
}
