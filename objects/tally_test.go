package objects

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/durabletest"
)

// A delta told twice counts once; a process that began anew counts from the start; the
// sockets of a node that has been silent for long do not count.
func TestFeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := durabletest.NewMemStore()
		rt, err := durable.Open(durable.Options{Store: store, Strict: true, ByBytes: true, Objects: []durable.Hosted{durable.Host(Totals, newTotal)}})
		if err != nil {
			t.Fatal(err)
		}
		figures := func() Figures {
			f, err := Statistics(t.Context(), TotalsOf(rt), struct{}{})
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		for i, c := range []struct {
			d    delta
			news bool
			open int64 // afterwards
			hits int64
			peak int64
		}{
			{delta{Node: "a", Process: "p", Seq: 1, Open: 3, Peak: 5, Figures: Figures{Hits: 1}}, true, 3, 1, 5},
			{delta{Node: "a", Process: "p", Seq: 1, Open: 3, Peak: 5, Figures: Figures{Hits: 1}}, false, 3, 1, 5},
			{delta{Node: "b", Process: "q", Seq: 1, Open: 4, Peak: 4, Figures: Figures{Hits: 2}}, true, 7, 3, 7},
			{delta{Node: "a", Process: "p", Seq: 2, Open: 1, Peak: 3, Figures: Figures{Hits: 4}}, true, 5, 7, 7},
			{delta{Node: "a", Process: "r", Seq: 1, Open: 2, Peak: 2, Figures: Figures{Hits: 8}}, true, 6, 15, 7},
		} {
			news, err := feed(t.Context(), TotalsOf(rt), c.d)
			if f := figures(); err != nil || news != c.news || f.Open != c.open || f.Hits != c.hits || f.Peak != c.peak {
				t.Errorf("%d: %v, %v, %+v", i, news, err, f)
			}
		}
		time.Sleep(time.Minute)
		if _, err := feed(t.Context(), TotalsOf(rt), delta{Node: "a", Process: "r", Seq: 2, Open: 2}); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Minute)
		if f := figures(); f.Open != 2 {
			t.Errorf("node b is silent and counts: %+v", f)
		}
		if err := rt.Close(context.Background()); err != nil {
			t.Error(err)
		}
		store.Close()
	})
}
