package durable_test

import (
	"context"
	"fmt"

	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/durabletest"
)

// A Counter is an object that counts. Each name has its own.
type Counter struct {
	total durable.Value[int]
}

// Counters is the type of all counters.
var Counters = &durable.Type[Counter]{Name: "counter"}

// Add adds to a counter and returns its total.
var Add = durable.Method(Counters, "add", (*Counter).add)

func newCounter(_ context.Context, s *durable.State) (*Counter, error) {
	return &Counter{total: durable.NewValue[int](s, "total")}, nil
}

func (c *Counter) add(_ context.Context, n int) (int, error) {
	if n < 0 {
		return 0, fmt.Errorf("a counter only grows")
	}
	total := c.total.Or(0) + n
	c.total.Set(total)
	return total, nil
}

// A counter lives as long as its store, not as long as the program. On a real
// machine the store is a pebblestore.
func Example() {
	ctx := context.Background()
	store := durabletest.NewMemStore()
	defer store.Close()
	for range 2 {
		rt, err := durable.Open(durable.Options{
			Store:   store,
			Objects: []durable.Hosted{durable.Host(Counters, newCounter)},
		})
		if err != nil {
			fmt.Println(err)
			return
		}
		total, err := Add(ctx, Counters.Get(rt, "visits"), 2)
		fmt.Println(total, err)
		_, err = Add(ctx, Counters.Get(rt, "visits"), -1)
		fmt.Println(err)
		rt.Close(ctx)
	}
	// Output:
	// 2 <nil>
	// a counter only grows
	// 4 <nil>
	// a counter only grows
}
