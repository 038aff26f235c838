package objects_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/objects"
)

func (h *house) check(id string, class fortunet.Class, plan fortunet.Plan) objects.Verdict {
	h.t.Helper()
	return must[objects.Verdict](h.t)(objects.Check(h.t.Context(), h.limiter(id), objects.CheckRequest{Class: class, Plan: plan}))
}

// Each class has its own allowance by plan; the one after the last is refused, is not
// counted, does not prolong the wait, and passes after Retry-After.
func TestLimits(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, c := range []struct {
			class fortunet.Class
			plan  fortunet.Plan
			n     int64
			wait  int64
		}{
			{fortunet.ClassChartCalculation, fortunet.Free, 50, 3600},
			{fortunet.ClassDefault, fortunet.Free, 100, 3600},
			{fortunet.ClassAIAnalysis, fortunet.Premium, 100, 3600},
			{fortunet.ClassExportDownload, fortunet.Free, 50, 86400},
			{fortunet.ClassAPIUpload, fortunet.Premium, 1000, 86400},
		} {
			id := string(c.class) + string(c.plan)
			for i := range c.n {
				if v := h.check(id, c.class, c.plan); !v.Allowed || v.Limit != c.n || v.Remaining != c.n-i-1 || v.TotalHits != i+1 || v.Plan != c.plan {
					t.Fatalf("%s request %d: %+v", id, i+1, v)
				}
			}
			for range 3 {
				if v := h.check(id, c.class, c.plan); v.Allowed || v.RetryAfter != c.wait || v.TotalHits != c.n {
					t.Errorf("%s over the limit: %+v", id, v)
				}
				time.Sleep(time.Second)
				c.wait--
			}
			time.Sleep(time.Duration(c.wait) * time.Second)
			if v := h.check(id, c.class, c.plan); !v.Allowed {
				t.Errorf("%s after Retry-After: %+v", id, v)
			}
		}
	})
}

// A change of plan changes the limit and keeps what was counted, of that user alone.
func TestPlanChangeKeepsCounts(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for range 50 {
			h.check("u1", fortunet.ClassChartCalculation, fortunet.Free)
		}
		h.check("u10", fortunet.ClassChartCalculation, fortunet.Free)
		if v := h.check("u1", fortunet.ClassChartCalculation, fortunet.Premium); !v.Allowed || v.TotalHits != 51 || v.Limit != 1000 {
			t.Errorf("as premium: %+v", v)
		}
		if v := h.check("u1", fortunet.ClassChartCalculation, fortunet.Free); v.Allowed {
			t.Errorf("as free again: %+v", v)
		}
		if v := h.check("u10", fortunet.ClassChartCalculation, fortunet.Free); v.TotalHits != 2 || v.Limit != 50 {
			t.Errorf("of u10: %+v", v)
		}
	})
}

// Plans may have windows of different lengths: what was counted matters again when the
// plan with the longer one comes back, and the shorter one keeps its precision meanwhile.
func TestPlansWithOtherWindows(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		const class = fortunet.ClassDefault
		if err := h.deps.Rules.Configure("default.free=120/1h", "default.premium=1000/24h"); err != nil {
			t.Fatal(err)
		}
		for range 500 {
			h.check("u", class, fortunet.Premium)
			time.Sleep(time.Minute)
		}
		if v := h.check("u", class, fortunet.Free); !v.Allowed || v.TotalHits < 60 || v.TotalHits > 62+1000/60 {
			t.Errorf("as free: %+v", v)
		}
		free := int64(1)
		for range 10 * 120 { // at twice the limit for ten hours
			if h.check("u", class, fortunet.Free).Allowed {
				free++
			}
			time.Sleep(30 * time.Second)
		}
		if least := int64(10*(120-2) - 80); free < least {
			t.Errorf("%d were admitted in ten hours of 120, want %d at least", free, least)
		}
		if v := must[objects.Verdict](t)(objects.Peek(t.Context(), h.limiter("u"), objects.CheckRequest{Class: class, Plan: fortunet.Premium})); v.TotalHits != 500+free {
			t.Errorf("as premium again: %d counted, want %d", v.TotalHits, 500+free)
		}
		time.Sleep(26 * time.Hour)
		if names := must[[]string](t)(h.rt.List(t.Context(), objects.Limiters.Name, "", 10)); len(names) != 0 {
			t.Errorf("stored: %v", names)
		}
	})
}

// No window of the rule's length ever holds more than its limit, Retry-After is always
// enough, and an hour after anything a full allowance is there again, whatever the
// pattern of requests: held against a log of every admitted request.
func TestSlidingWindow(t *testing.T) {
	for seed := range uint64(20) {
		each(t, func(t *testing.T, h *house) {
			rng := rand.New(rand.NewPCG(seed, 1))
			limit := 1 + rng.Int64N(130)
			window := time.Duration(1+rng.IntN(5)) * time.Minute
			h.deps.Rules.Set(fortunet.ClassDefault, fortunet.Free, fortunet.Rule{Limit: limit, Window: window})
			var admitted []time.Time
			for range 600 {
				switch rng.IntN(10) {
				case 0:
					time.Sleep(time.Duration(rng.Int64N(int64(2 * window))))
				case 1, 2, 3:
					time.Sleep(time.Duration(rng.Int64N(int64(window) / limit)))
				}
				v := h.check("u", fortunet.ClassDefault, fortunet.Free)
				now := time.Now()
				for len(admitted) > 0 && !admitted[0].Add(window).After(now) {
					admitted = admitted[1:]
				}
				if v.Allowed {
					if admitted = append(admitted, now); int64(len(admitted)) > limit {
						t.Fatalf("seed %d: %d requests in a window of %d", seed, len(admitted), limit)
					}
					continue
				}
				if int64(len(admitted)) < limit-limit/60 {
					t.Fatalf("seed %d: refused with %d of %d in the window", seed, len(admitted), limit)
				}
				if rng.IntN(4) == 0 {
					time.Sleep(time.Duration(v.RetryAfter) * time.Second)
					if v = h.check("u", fortunet.ClassDefault, fortunet.Free); !v.Allowed {
						t.Fatalf("seed %d: refused after Retry-After: %+v", seed, v)
					}
					admitted = append(admitted, time.Now())
				}
			}
		})
	}
}

// What is steady is admitted at a sixtieth less than the limit at least.
func TestUnderAdmission(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		const limit, window = 600, 10 * time.Minute
		h.deps.Rules.Set(fortunet.ClassDefault, fortunet.Free, fortunet.Rule{Limit: limit, Window: window})
		admitted := 0
		for i := range 4 * limit * 2 { // twice the limit, for four windows
			if h.check("u", fortunet.ClassDefault, fortunet.Free).Allowed && i >= limit*2 {
				admitted++
			}
			time.Sleep(window / (limit * 2))
		}
		if admitted < 3*(limit-limit/60) || admitted > 3*limit {
			t.Errorf("%d admitted in three windows of %d", admitted, limit)
		}
	})
}

// A reservation can be given back, once, and counts until then.
func TestReserveAndSettle(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ask := objects.CheckRequest{Class: fortunet.ClassAIAnalysis, Plan: fortunet.Free, Cost: 4}
		a := must[objects.Verdict](t)(objects.Reserve(t.Context(), h.limiter("u"), ask))
		b := must[objects.Verdict](t)(objects.Reserve(t.Context(), h.limiter("u"), ask))
		if c := must[objects.Verdict](t)(objects.Reserve(t.Context(), h.limiter("u"), ask)); c.Allowed {
			t.Errorf("12 of 10 were reserved: %+v", c)
		}
		time.Sleep(5 * time.Minute) // the object leaves memory meanwhile
		for range 2 {
			must[objects.Verdict](t)(objects.Settle(t.Context(), h.limiter("u"), objects.Settlement{Reservation: a.Reservation, Used: 1}))
		}
		must[objects.Verdict](t)(objects.Settle(t.Context(), h.limiter("u"), objects.Settlement{Reservation: b.Reservation}))
		must[objects.Verdict](t)(objects.Settle(t.Context(), h.limiter("u"), objects.Settlement{Reservation: 999}))
		if v := must[objects.Verdict](t)(objects.Peek(t.Context(), h.limiter("u"), ask)); v.TotalHits != 1 {
			t.Errorf("after settling: %+v, want 1 hit", v)
		}
	})
}

// A request that counts in several classes passes in all or in none.
func TestSeveralClasses(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ask := objects.CheckRequest{Class: fortunet.ClassDefault, And: []fortunet.Class{fortunet.ClassAIAnalysis}, Plan: fortunet.Free}
		for range 12 {
			must[objects.Verdict](t)(objects.Check(t.Context(), h.limiter("u"), ask))
		}
		usage := must[[]objects.ClassUsage](t)(objects.Usage(t.Context(), h.limiter("u"), fortunet.Free))
		for _, u := range usage {
			if want := map[fortunet.Class]int64{fortunet.ClassDefault: 10, fortunet.ClassAIAnalysis: 10}[u.Class]; u.Current != want {
				t.Errorf("%s: %d counted, want %d", u.Class, u.Current, want)
			}
		}
	})
}

// A block comes before everything, survives a crash, and ends by itself.
func TestBlock(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		if _, err := objects.BlockClient(t.Context(), h.limiter("u"), objects.BlockRequest{Seconds: 31 * 86400}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("31 days: %v", err)
		}
		must[objects.Block](t)(objects.BlockClient(t.Context(), h.limiter("u"), objects.BlockRequest{Reason: "abuse"}))
		h.crash()
		if v := h.check("u", fortunet.ClassDefault, fortunet.Professional); v.Allowed || !v.Blocked || v.RetryAfter != 86400 {
			t.Errorf("blocked: %+v", v)
		}
		time.Sleep(24 * time.Hour)
		if v := h.check("u", fortunet.ClassDefault, fortunet.Free); !v.Allowed || v.TotalHits != 1 {
			t.Errorf("a day later: %+v", v)
		}
		must[objects.Block](t)(objects.BlockClient(t.Context(), h.limiter("u"), objects.BlockRequest{}))
		if was := must[bool](t)(objects.UnblockClient(t.Context(), h.limiter("u"), struct{}{})); !was {
			t.Error("there was no block to end")
		}
		if v := h.check("u", fortunet.ClassDefault, fortunet.Free); !v.Allowed {
			t.Errorf("unblocked: %+v", v)
		}
	})
}

// Counts survive a restart and, but for the last second, a crash; daily windows are
// not opened by an hourly clean-up; what is not used any more leaves nothing behind.
func TestCountsAreKept(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for range 30 {
			h.check("u", fortunet.ClassDefault, fortunet.Free) // first: the clean-up is due in an hour
			h.check("u", fortunet.ClassExportDownload, fortunet.Free)
		}
		time.Sleep(time.Second)
		h.crash()
		time.Sleep(5 * time.Hour)
		if v := h.check("u", fortunet.ClassExportDownload, fortunet.Free); v.TotalHits != 31 {
			t.Errorf("five hours and a crash later: %+v", v)
		}
		time.Sleep(48 * time.Hour)
		h.rt.Stats()
		names, err := h.rt.List(t.Context(), objects.Limiters.Name, "", 10)
		if err != nil || len(names) != 0 {
			t.Errorf("two days later the store still holds %v, %v", names, err)
		}
	})
}

// One request costs little to remember: what is stored of a limiter that has been busy
// for hours, and what one count writes, does not grow with what it has counted.
func TestLimiterIsSmall(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.deps.Rules.Set(fortunet.ClassDefault, fortunet.Free, fortunet.Rule{Limit: 10_000, Window: time.Hour})
		const rounds, most = 1200, 3000 // bytes
		for range rounds {
			for range 17 {
				h.check("u", fortunet.ClassDefault, fortunet.Free)
			}
			time.Sleep(6 * time.Second)
		}
		in, err := h.rt.Inspect(t.Context(), durable.ID{Type: objects.Limiters.Name, Name: "u"})
		if err != nil || in.Bytes > most {
			t.Errorf("%d bytes for 20,000 requests, %v", in.Bytes, err)
		}
		if s := h.store.Stats(); s.Bytes > 2*rounds*most {
			t.Errorf("20,000 requests have written %d bytes in %d batches", s.Bytes, s.Submitted)
		}
	})
}

func TestShadowAndFactor(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.deps.Rules.Set(fortunet.ClassDefault, fortunet.Free, fortunet.Rule{Limit: 1, Window: time.Hour, Shadow: true})
		for range 3 {
			if v := h.check("u", fortunet.ClassDefault, fortunet.Free); !v.Allowed {
				t.Errorf("a shadow rule refused: %+v", v)
			}
		}
		ask := objects.CheckRequest{Class: fortunet.ClassAIAnalysis, Plan: fortunet.Free, Factor: 10}
		for i := range 101 {
			if v := must[objects.Verdict](t)(objects.Check(t.Context(), h.limiter("guests"), ask)); v.Allowed != (i < 100) {
				t.Fatalf("request %d of ten times ten: %+v", i+1, v)
			}
		}
	})
}
