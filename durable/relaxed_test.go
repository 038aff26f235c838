package durable_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/durabletest"
)

// A whisperer writes relaxed, in types of every kind.
type whisperer struct {
	number durable.Value[float64]
	moment durable.Value[time.Time]
	text   durable.Value[string]
	notes  durable.Map[int]
	count  durable.Value[int]
	s      *durable.State
}

// A whisper is what a whisperer is to write, and how it is to end.
type whisper struct {
	Number string // "NaN" or "1"
	Year   int
	Text   int // bytes
	Notes  int // keys
	Forget bool
	Panic  bool
}

var whisperers = &durable.Type[whisperer]{Name: "whisperer", MaxBytes: 100_000, Idle: time.Hour}

var whispered = durable.Method(whisperers, "whisper", func(w *whisperer, _ context.Context, x whisper) (int, error) {
	w.count.SetRelaxed(w.count.Or(0) + 1)
	switch x.Number {
	case "NaN":
		w.number.SetRelaxed(math.NaN())
	case "1":
		w.number.SetRelaxed(1)
	}
	if x.Year != 0 {
		w.moment.SetRelaxed(time.Date(x.Year, 1, 1, 0, 0, 0, 0, time.UTC))
	}
	if x.Text > 0 {
		w.text.SetRelaxed(strings.Repeat("x", x.Text))
	}
	for i := range x.Notes {
		w.notes.SetRelaxed(strings.Repeat("k", 100)+string(rune('a'+i/1000))+string(rune('a'+i%1000)), i)
	}
	if x.Panic {
		panic("asked to")
	}
	return w.count.Or(0), nil
})

var whisperersFail error // what building one ends in

func newWhisperer(_ context.Context, s *durable.State) (*whisperer, error) {
	if whisperersFail != nil {
		return nil, whisperersFail
	}
	return &whisperer{s: s, number: durable.NewValue[float64](s, "number"), moment: durable.NewValue[time.Time](s, "moment"),
		text: durable.NewValue[string](s, "text"), notes: durable.NewMap[int](s, "notes"), count: durable.NewValue[int](s, "count")}, nil
}

// whispering opens a runtime for whisperers in a bubble.
func whispering(t *testing.T, f func(t *testing.T, store *durabletest.MemStore, say func(whisper) (int, error))) {
	synctest.Test(t, func(t *testing.T) {
		store := durabletest.NewMemStore()
		rt, err := durable.Open(durable.Options{Store: store, Objects: []durable.Hosted{durable.Host(whisperers, newWhisperer)}})
		if err != nil {
			t.Fatal(err)
		}
		f(t, store, func(w whisper) (int, error) { return whispered(context.Background(), whisperers.Get(rt, "w"), w) })
		store.Resume()
		if err := rt.Close(context.Background()); err != nil {
			t.Error(err)
		}
		store.Close()
	})
}

// A relaxed value that cannot be stored ends the event that writes it, and not, when it
// is sent to the store, the process.
func TestRelaxedUnstorable(t *testing.T) {
	whispering(t, func(t *testing.T, _ *durabletest.MemStore, say func(whisper) (int, error)) {
		for _, w := range []whisper{{Number: "NaN"}, {Year: 12345}} {
			if _, err := say(w); err == nil {
				t.Errorf("%+v was taken", w)
			}
			time.Sleep(2 * time.Second)
		}
		if n, err := say(whisper{Number: "1", Year: 2000}); err != nil || n != 1 {
			t.Errorf("afterwards %d, %v, want 1: nothing of a failed event remains", n, err)
		}
	})
}

// The limit of an object's size holds for relaxed writes too, at once.
func TestRelaxedTooLarge(t *testing.T) {
	whispering(t, func(t *testing.T, store *durabletest.MemStore, say func(whisper) (int, error)) {
		for _, w := range []whisper{{Text: 100_001}, {Notes: 2000}} {
			if _, err := say(w); !errors.Is(err, durable.ErrTooLarge) {
				t.Errorf("%+v: %v, want ErrTooLarge", w, err)
			}
		}
		for range 3 { // what takes the place of something counts once
			if _, err := say(whisper{Text: 90_000}); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(2 * time.Second)
		if n, err := say(whisper{Text: 95_000}); err != nil || n != 4 {
			t.Errorf("%d, %v, want 4", n, err)
		}
		if _, err := say(whisper{Notes: 200}); !errors.Is(err, durable.ErrTooLarge) {
			t.Errorf("%v, want ErrTooLarge", err)
		}
	})
}

// A panic costs its own event and not what earlier events wrote relaxed.
func TestPanicKeepsRelaxed(t *testing.T) {
	whispering(t, func(t *testing.T, store *durabletest.MemStore, say func(whisper) (int, error)) {
		say(whisper{})
		if _, err := say(whisper{Panic: true}); !errors.Is(err, durable.ErrPanic) {
			t.Errorf("got %v, want ErrPanic", err)
		}
		if n, err := say(whisper{}); err != nil || n != 2 {
			t.Errorf("after a panic %d, %v, want 2", n, err)
		}
		store.OnSubmit = func(*durable.Batch) error { return errors.New("full") }
		if _, err := say(whisper{Panic: true}); !errors.Is(err, durable.ErrPanic) {
			t.Errorf("got %v, want ErrPanic", err)
		}
		if n, err := say(whisper{}); err != nil || n != 3 {
			t.Errorf("after a panic while the store refuses %d, %v, want 3", n, err)
		}
		store.OnSubmit = nil
	})
}
