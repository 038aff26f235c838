package objects_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/objects"
)

// Figures survive a restart and add up over it; sockets of the process before are not
// open any more.
func TestFiguresSurvive(t *testing.T) {
	withSockets(t, func(t *testing.T, h *house, dial dialer) {
		in := h.signIn(t, "u1")
		a, b := dial.dial(t, "u1", in.Device), dial.dial(t, "u1", in.Device)
		h.fetch(t, birthRequest)
		h.fetch(t, birthRequest)
		time.Sleep(time.Minute)
		if f := h.figures(t); f.Open != 2 || f.Peak != 2 || f.Active() != 1 {
			t.Errorf("at first: %+v", f)
		}
		a.NetConn().Close()
		b.say(`{"type":"heartbeat"}`)
		time.Sleep(time.Minute)
		if f := h.figures(t); f.Open != 1 || f.Peak != 2 || f.Closed != 1 || f.AverageOpen() < time.Minute || f.AverageOpen() > 64*time.Second {
			t.Errorf("one has left: %+v, open for %v", f, f.AverageOpen())
		}
		h.deps.Flush(h.rt)
		if err := h.rt.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		h.open()
		h.fetch(t, birthRequest)
		f := h.figures(t)
		if f.Open != 0 || f.Peak != 2 || f.Connections != 2 || f.Hits != 2 || f.Misses != 1 || f.Entries != 1 || f.Sessions != 1 {
			t.Errorf("after a restart: %+v", f)
		}
		dial.dial(t, "u1", in.Device)
		time.Sleep(time.Minute)
		if f := h.figures(t); f.Open != 1 || f.Peak != 2 || f.Connections != 3 {
			t.Errorf("then: %+v", f)
		}
		h.crash() // which closes nothing
		dial.dial(t, "u1", in.Device)
		if f := h.figures(t); f.Open != 1 || f.Peak != 2 || f.Connections != 4 {
			t.Errorf("after a crash: %+v", f)
		}
	})
}

// A quiet socket is counted for as long as it is open.
func TestQuietSocketsCount(t *testing.T) {
	withSockets(t, func(t *testing.T, h *house, dial dialer) {
		c := dial.dial(t, "u1", h.signIn(t, "u1").Device)
		for range 20 {
			time.Sleep(time.Minute)
			c.say(`{"type":"heartbeat"}`)
		}
		if f := h.figures(t); f.Open != 1 {
			t.Errorf("figures: %+v", f)
		}
	})
}

// While the totals cannot be reached, what is counted is kept, and told once.
func TestFiguresAreKept(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var down atomic.Bool
		var refused atomic.Int64
		h.store.OnLoad = func(id durable.ID) error {
			if id.Type == objects.Totals.Name && down.Load() {
				refused.Add(1)
				return errors.New("out of order")
			}
			return nil
		}
		h.fetch(t, birthRequest)
		h.figures(t)
		time.Sleep(2 * time.Hour) // the totals leave memory
		down.Store(true)
		r := request(t, birthRequest)
		for range 20 {
			if hit := must[objects.Hit](t)(objects.Lookup(t.Context(), h.entry(&r), 0)); !hit.Found {
				t.Fatal("not found")
			}
			time.Sleep(3 * time.Second)
		}
		down.Store(false)
		time.Sleep(time.Minute)
		if f := h.figures(t); refused.Load() < 10 || f.Hits != 20 || f.Misses != 1 || f.Entries != 1 {
			t.Errorf("after %d failures: %+v", refused.Load(), f)
		}
	})
}

// A chart put twice is one entry; a drop is a drop; the bytes are those of the data.
func TestPutAndDrop(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		r := request(t, birthRequest)
		for _, data := range []string{`{"a":1}`, `{"a":"二"}`} {
			must[bool](t)(objects.PutChart(t.Context(), h.entry(&r), objects.PutRequest{Type: r.Type, Data: data, Took: 0.5}))
			hit := must[objects.Hit](t)(objects.Lookup(t.Context(), h.entry(&r), 0))
			if !hit.Found || hit.Data != data || hit.Took != 0.5 {
				t.Errorf("got %+v", hit)
			}
			if f := h.figures(t); f.Entries != 1 || f.Bytes != int64(len(data)) {
				t.Errorf("figures: %+v", f)
			}
		}
		if _, err := objects.PutChart(t.Context(), h.entry(&r), objects.PutRequest{Data: strings.Repeat("x", 3<<20)}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("3 MB: %v", err)
		}
		if was := must[bool](t)(objects.DropChart(t.Context(), h.entry(&r), struct{}{})); !was {
			t.Error("nothing was dropped")
		}
		if was := must[bool](t)(objects.DropChart(t.Context(), h.entry(&r), struct{}{})); was {
			t.Error("it was dropped twice")
		}
		if f := h.figures(t); f.Entries != 0 || f.Bytes != 0 || f.Dropped != 1 {
			t.Errorf("figures: %+v", f)
		}
		if names := must[[]string](t)(h.rt.List(t.Context(), objects.ChartCache.Name, "", 10)); len(names) != 0 {
			t.Errorf("stored: %v", names)
		}
	})
}

// A read does not write the entry again, and what left memory is found on disk and
// counted as evicted.
func TestHitsWriteLittle(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.compute = func(fortunet.Question) (string, error) { return `"` + strings.Repeat("x", 50_000) + `"`, nil }
		h.fetch(t, birthRequest)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		before := h.store.Stats().Bytes
		for range 100 {
			h.fetch(t, birthRequest)
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if wrote := h.store.Stats().Bytes - before; wrote > 30_000 {
			t.Errorf("a hundred hits have written %d bytes", wrote)
		}
		time.Sleep(time.Hour)
		if h.live(objects.ChartCache.Name) != 0 {
			t.Error("an hour later the chart is in memory")
		}
		if hit := h.fetch(t, birthRequest); hit.Computed {
			t.Error("what had left memory was computed again")
		}
		if f := h.figures(t); f.Evicted != 1 || f.Hits != 101 || f.Entries != 1 {
			t.Errorf("figures: %+v", f)
		}
	})
}

// An entry whose time is over is a miss at once, even before its alarm has gone off,
// and is counted as expired.
func TestExpiredBeforeAlarm(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.compute = func(fortunet.Question) (string, error) {
			return "", fault.Field("birthTime", "nonexistent_time", "this time never was")
		}
		h.fetch(t, birthRequest)
		time.Sleep(time.Minute) // the alarm is due now
		h.compute = func(fortunet.Question) (string, error) { return "{}", nil }
		if hit := h.fetch(t, birthRequest); !hit.Computed {
			t.Errorf("got %+v", hit)
		}
		if f := h.figures(t); f.Entries != 1 || f.Expired != 1 || f.Replaced != 0 {
			t.Errorf("figures: %+v", f)
		}
	})
}

// Entries made together do not expire together.
func TestJitter(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for day := range 20 {
			h.fetch(t, strings.Replace(birthRequest, "05-17", fmt.Sprintf("05-%02d", day+1), 1))
		}
		time.Sleep(23 * time.Hour)
		if f := h.figures(t); f.Expired == 0 || f.Expired == 20 {
			t.Errorf("%d of 20 entries expired after 23 hours", f.Expired)
		}
		time.Sleep(time.Hour)
		if f := h.figures(t); f.Expired != 20 || f.Entries != 0 {
			t.Errorf("%d of 20 entries expired after a day", f.Expired)
		}
	})
}

// A request for a chart means the same on whichever node it is computed.
func TestRequestsTravel(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, body := range []string{birthRequest,
			`{"chartType":"ziwei","birthDate":"2001-03-05","timeIndex":12,"gender":"male","language":"en","options":{"algorithm":"zhongzhou","fixLeap":false},"horoscope":{"solarDate":"2026-01-02","timeIndex":3}}`,
			`{"chartType":"ziwei","birthDate":"1990-05-17","birthTime":"14:30:05","gender":"male","timezone":"Asia/Taipei","location":{"latitude":25.03,"longitude":121.56},"options":{"timeBasis":"trueSolar"}}`,
			`{"chartType":"zodiac","birthDate":"1985-12-01","birthTime":"00:00","timezone":"Europe/Berlin","location":{"latitude":52.5,"longitude":13.4},"options":{"houseSystems":["koch","porphyry"]}}`,
		} {
			r := request(t, body)
			want := string(r.AppendKey(nil))
			got := ""
			h.compute = func(q fortunet.Question) (string, error) { got = string(q.AppendKey(nil)); return "{}", nil }
			if _, err := objects.Fetch(t.Context(), h.entry(&r), objects.FetchRequest{Question: fortunet.Ask(r)}); err != nil || got != want {
				t.Errorf("%s: computed %q, asked for %q, %v", body, got, want, err)
			}
		}
	})
}
