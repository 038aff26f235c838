package durable_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/durabletest"
)

// A moody value encodes itself, unless it is in a mood.
type moody struct{ N int }

func (m moody) MarshalJSON() ([]byte, error) {
	switch m.N {
	case 13:
		return nil, errors.New("not this number")
	case 14:
		panic("nor this one")
	}
	return []byte{'0' + byte(m.N)}, nil
}

func (m *moody) UnmarshalJSON(raw []byte) error {
	m.N = int(raw[0] - '0')
	return nil
}

// An odd object keeps a moody value, relaxed, and a text beside it.
type odd struct {
	moody durable.Value[moody]
	text  durable.Value[string]
}

var odds = &durable.Type[odd]{Name: "odd", MaxBytes: 1000}

var setOdd = durable.Method(odds, "set", func(o *odd, _ context.Context, n int) (int, error) {
	o.moody.SetRelaxed(moody{n})
	o.text.SetRelaxed("x")
	return n, nil
})

var failBoth = durable.Method(odds, "both", func(o *odd, _ context.Context, _ struct{}) (int, error) {
	o.moody.Set(moody{5})
	o.moody.SetRelaxed(moody{13})
	return 0, errAsked
})

var failOdd = durable.Method(odds, "fail", func(o *odd, _ context.Context, _ struct{}) (int, error) {
	o.text.SetRelaxed("y")
	return 0, errAsked
})

var lookOdd = durable.Method(odds, "look", func(o *odd, _ context.Context, _ struct{}) (string, error) {
	m, _ := o.moody.Get()
	return strings.Repeat("m", m.N) + o.text.Or(""), nil
})

// A relaxed change of a type that encodes itself, and fails to when it is sent, is lost
// alone: what was written beside it is stored, and what there was before stands.
func TestRelaxedThatFailsToEncode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := durabletest.NewMemStore()
		rt, err := durable.Open(durable.Options{Store: store, Objects: []durable.Hosted{
			durable.Host(odds, func(_ context.Context, s *durable.State) (*odd, error) {
				return &odd{durable.NewValue[moody](s, "moody"), durable.NewValue[string](s, "text")}, nil
			})}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, o := t.Context(), odds.Get(rt, "o")
		look := func(when string) {
			t.Helper()
			if got, err := lookOdd(ctx, o, struct{}{}); err != nil || got != "mmmx" {
				t.Errorf("%s: %q, %v", when, got, err)
			}
		}
		for _, n := range []int{3, 13, 14} {
			if _, err := setOdd(ctx, o, n); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
			look("after it was sent")
		}
		time.Sleep(5 * time.Minute)
		look("loaded again")
		if _, err := setOdd(ctx, o, 13); err != nil {
			t.Fatal(err)
		}
		if _, err := failOdd(ctx, o, struct{}{}); !errors.Is(err, errAsked) {
			t.Errorf("got %v", err)
		}
		look("built anew")
		if _, err := setOdd(ctx, o, 3); err != nil { // not sent yet
			t.Fatal(err)
		}
		if _, err := failBoth(ctx, o, struct{}{}); !errors.Is(err, errAsked) {
			t.Errorf("got %v", err)
		}
		look("undone over what was not sent")
		if err := rt.Close(ctx); err != nil {
			t.Error(err)
		}
	})
}
