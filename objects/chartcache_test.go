package objects_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/objects"
)

const birthRequest = `{"chartType":"ziwei","birthDate":"1990-05-17","birthTime":"14:30","gender":"female","timezone":"Asia/Taipei"}`

func request(t *testing.T, body string) fortunet.ChartRequest {
	t.Helper()
	return must[fortunet.ChartRequest](t)(fortunet.DecodeChartRequest([]byte(body), fortunet.DefaultLanguage))
}

func (h *house) entry(r *fortunet.ChartRequest) durable.Stub[objects.ChartEntry] {
	return objects.ChartCache.Get(h.rt, objects.ChartKey([]byte("secret"), r))
}

// fetch asks for a chart as the server does.
func (h *house) fetch(t *testing.T, body string) objects.Hit {
	t.Helper()
	r := request(t, body)
	g := must[uint64](t)(objects.CacheGeneration(t.Context(), objects.TotalsOf(h.rt), objects.Prefix{Type: r.Type, Engine: fortunet.EngineVersion}))
	if hit := must[objects.Hit](t)(objects.Lookup(t.Context(), h.entry(&r), g)); hit.Found {
		return hit
	}
	return must[objects.Hit](t)(objects.Fetch(t.Context(), h.entry(&r), objects.FetchRequest{Generation: g, Question: fortunet.Ask(r)}))
}

func (h *house) figures(t *testing.T) objects.Figures {
	t.Helper()
	time.Sleep(3 * time.Second)
	synctest.Wait()
	return must[objects.Figures](t)(objects.Statistics(t.Context(), objects.TotalsOf(h.rt), struct{}{}))
}

// A chart is computed once, served from memory, counted truly, and gone after a day.
func TestCache(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first := h.fetch(t, birthRequest)
		if !first.Found || !first.Computed || first.Data != `{"n":1}` {
			t.Errorf("first: %+v", first)
		}
		for range 9 {
			if hit := h.fetch(t, birthRequest); !hit.Found || hit.Computed || hit.Data != first.Data || hit.Took != first.Took {
				t.Errorf("then: %+v", hit)
			}
		}
		h.fetch(t, strings.Replace(birthRequest, "17", "18", 1))
		f := h.figures(t)
		if f.Entries != 2 || f.Hits != 9 || f.Misses != 2 || f.Computed != 2 || f.Bytes != int64(2*len(first.Data)) || f.HitRate() != 9.0/11 {
			t.Errorf("figures: %+v", f)
		}
		h.crash()
		if hit := h.fetch(t, birthRequest); hit.Computed || hit.Data != first.Data {
			t.Errorf("after a crash: %+v", hit)
		}
		time.Sleep(25 * time.Hour)
		if f = h.figures(t); f.Entries != 0 || f.Bytes != 0 || f.Expired != 2 || f.Hits != 10 {
			t.Errorf("a day later: %+v", f)
		}
		if names, err := h.rt.List(t.Context(), objects.ChartCache.Name, "", 10); err != nil || len(names) != 0 {
			t.Errorf("a day later the store holds %v, %v", names, err)
		}
		if hit := h.fetch(t, birthRequest); !hit.Computed {
			t.Errorf("a day later: %+v", hit)
		}
	})
}

// Those who ask for one chart at once wait for one computation.
func TestSingleFlight(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var computing atomic.Int64
		h.compute = func(fortunet.Question) (string, error) {
			computing.Add(1)
			time.Sleep(time.Second)
			return "{}", nil
		}
		var wg sync.WaitGroup
		var computed atomic.Int64
		for range 50 {
			wg.Go(func() {
				if h.fetch(t, birthRequest).Computed {
					computed.Add(1)
				}
			})
		}
		wg.Wait()
		if computing.Load() != 1 || computed.Load() != 1 {
			t.Errorf("computed %d times, %d were told that they were first", computing.Load(), computed.Load())
		}
	})
}

// Invalidation reaches what is only on the disk, and nothing it is not about.
func TestInvalidate(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.fetch(t, birthRequest)
		time.Sleep(time.Hour) // out of memory
		for i, p := range []objects.Prefix{{}, {Type: fortunet.Ziwei}, {Type: fortunet.Ziwei, Engine: fortunet.EngineVersion}} {
			must[uint64](t)(objects.Invalidate(t.Context(), objects.TotalsOf(h.rt), p))
			if hit := h.fetch(t, birthRequest); !hit.Computed {
				t.Errorf("invalidation %d missed an entry", i)
			}
		}
		for _, p := range []objects.Prefix{{Type: fortunet.Zodiac}, {Type: fortunet.Ziwei, Engine: "other"}} {
			must[uint64](t)(objects.Invalidate(t.Context(), objects.TotalsOf(h.rt), p))
			if hit := h.fetch(t, birthRequest); hit.Computed {
				t.Errorf("invalidation of %+v hit another entry", p)
			}
		}
		for _, p := range []objects.Prefix{{Type: "tea"}, {Engine: "1"}, {Type: fortunet.Ziwei, Engine: "a b"}, {Type: fortunet.Ziwei, Engine: strings.Repeat("x", 101)}} {
			if _, err := objects.Invalidate(t.Context(), objects.TotalsOf(h.rt), p); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%.40v: %v", p, err)
			}
		}
		if f := h.figures(t); f.Entries != 1 || f.Replaced != 3 {
			t.Errorf("figures: %+v", f)
		}
	})
}

// A request's own fault is remembered for a minute; ours are not.
func TestFaultsInCache(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		n := 0
		h.compute = func(fortunet.Question) (string, error) {
			n++
			return "", fault.Field("birthTime", "nonexistent_time", "this time never was")
		}
		for range 3 {
			if hit := h.fetch(t, birthRequest); hit.Found || fault.CodeOf(hit.Err()) != "nonexistent_time" {
				t.Errorf("got %+v", hit)
			}
		}
		if n != 1 {
			t.Errorf("computed %d times, want 1", n)
		}
		time.Sleep(2 * time.Minute)
		h.compute = func(fortunet.Question) (string, error) { n++; return "", errors.New("out of order") }
		r := request(t, birthRequest)
		for range 2 {
			if _, err := objects.Fetch(t.Context(), h.entry(&r), objects.FetchRequest{Question: fortunet.Ask(r)}); err == nil {
				t.Error("no error")
			}
		}
		if n != 3 {
			t.Errorf("computed %d times, want 3: an error of ours was remembered", n)
		}
	})
}

// A chart's key tells everything that decides the chart apart, and nothing of it can be
// read or guessed without the secret; what is stored never holds a birth.
func TestChartKey(t *testing.T) {
	keys := map[string]string{}
	for _, body := range []string{birthRequest, strings.Replace(birthRequest, "female", "male", 1), strings.Replace(birthRequest, "14:30", "16:30", 1),
		strings.Replace(birthRequest, "1990", "1991", 1), strings.Replace(birthRequest, `"gender"`, `"options":{"algorithm":"zhongzhou"},"gender"`, 1),
		strings.Replace(birthRequest, `"gender"`, `"language":"en","gender"`, 1)} {
		r := request(t, body)
		key := objects.ChartKey([]byte("secret"), &r)
		if other, taken := keys[key]; taken {
			t.Errorf("%s and %s have one key", body, other)
		}
		keys[key] = body
		if key == objects.ChartKey([]byte("another"), &r) || strings.Contains(key, "1990") || !strings.HasPrefix(key, "ziwei:"+fortunet.EngineVersion+":") {
			t.Errorf("key %s", key)
		}
	}
	each(t, func(t *testing.T, h *house) {
		h.fetch(t, birthRequest)
		r := request(t, birthRequest)
		x, err := h.rt.Inspect(t.Context(), durable.ID{Type: objects.ChartCache.Name, Name: objects.ChartKey([]byte("secret"), &r)})
		if err != nil || len(x.Keys) == 0 {
			t.Fatal(x, err)
		}
		for _, k := range x.Keys {
			if strings.Contains(string(k.Value), "1990") || strings.Contains(string(k.Value), "14:30") {
				t.Errorf("%q holds the birth: %s", k.Key, k.Value)
			}
		}
	})
}

// A hit waits for no disk.
func TestHitDoesNotWait(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.fetch(t, birthRequest)
		time.Sleep(5 * time.Second)
		h.store.Hold()
		defer h.store.Resume()
		done := make(chan struct{})
		go func() {
			for range 3 {
				h.fetch(t, birthRequest)
				time.Sleep(time.Second)
			}
			close(done)
		}()
		time.Sleep(10 * time.Second)
		synctest.Wait()
		select {
		case <-done:
		default:
			t.Error("a hit waits for the disk")
		}
	})
}

// BenchmarkLookup is a hit of a chart of the usual size.
func BenchmarkLookup(b *testing.B) {
	h := benchHouse(b)
	r := mustOK(fortunet.DecodeChartRequest([]byte(birthRequest), fortunet.DefaultLanguage))
	key := objects.ChartKey([]byte("secret"), &r)
	ctx := context.Background()
	if _, err := objects.Fetch(ctx, objects.ChartCache.Get(h.rt, key), objects.FetchRequest{Question: fortunet.Ask(r)}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if hit, err := objects.Lookup(ctx, objects.ChartCache.Get(h.rt, key), 0); err != nil || !hit.Found {
			b.Fatal(hit.Found, err)
		}
	}
}
