package durable_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet/durable"
)

func TestAlarm(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must("p", act{Do: "alarm", N: 1000}, act{Do: "alarm", Text: "/look", N: 2000}, act{Do: "alarm", Text: "/look", N: 3000})
		time.Sleep(1500 * time.Millisecond)
		if got := b.must("p").Count; got != 1 {
			t.Errorf("after 1.5 s: %d, want 1", got)
		}
		time.Sleep(time.Second)
		if got := b.must("p").Count; got != 1 {
			t.Errorf("an alarm that was moved went off when it was first set to")
		}
		time.Sleep(time.Second)
		if got := b.must("p").Count; got != 2 {
			t.Errorf("after 3.5 s: %d, want 2", got)
		}
		time.Sleep(time.Hour)
		if got := b.must("p").Count; got != 2 {
			t.Errorf("an alarm went off twice: %d, want 2", got)
		}
	})
}

// An alarm outlives a crash, and wakes its object by itself.
func TestAlarmAfterCrash(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must("p", act{Do: "alarm", N: 1000})
		b.reopenCrashed()
		time.Sleep(1100 * time.Millisecond)
		synctest.Wait()
		if got := b.rt.Stats()[0].Live; got != 0 {
			t.Errorf("an object woken only for an alarm stays: %d live", got)
		}
		if got := b.must("p").Count; got != 1 {
			t.Errorf("count %d, want 1", got)
		}
	})
}

// A handler that sets its alarm again is called again.
func TestAlarmSetAgain(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must("p", act{Do: "alarm", Text: "/again", N: 1000})
		time.Sleep(time.Hour)
		if got := b.must("p").Count; got != 3 {
			t.Errorf("went off %d times, want 3", got)
		}
	})
}

// A failing alarm is tried again, later each time, keeps nothing of its failures,
// and can be seen to fail.
func TestAlarmFails(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must("p", act{Do: "alarm", Text: "/failUntil", N: 1000})
		time.Sleep(1010 * time.Millisecond)
		in, err := b.rt.Inspect(t.Context(), durable.ID{Type: "probe", Name: "p"})
		if err != nil || len(in.Alarms) != 1 || in.Alarms[0].Attempt != 1 || in.Alarms[0].Error == "" {
			t.Errorf("inspection: %+v, %v", in, err)
		}
		time.Sleep(time.Minute)
		if got := b.must("p").Count; got != 1 {
			t.Errorf("count %d, want 1", got)
		}
		if s := b.rt.Stats()[0]; s.Alarms != 4 || s.AlarmErrors != 3 {
			t.Errorf("%d alarms of which %d failed, want 4 and 3", s.Alarms, s.AlarmErrors)
		}
		for _, how := range []string{"/panic", "/goexit"} {
			b.must("q", act{Do: "alarm", Text: how, N: 1000})
			time.Sleep(time.Minute)
			in, err = b.rt.Inspect(t.Context(), durable.ID{Type: "probe", Name: "q"})
			if err != nil || len(in.Alarms) == 0 || in.Alarms[0].Attempt < 3 {
				t.Errorf("%s: %+v, %v", how, in, err)
			}
			b.rt.Delete(t.Context(), durable.ID{Type: "probe", Name: "q"})
		}
	})
}

// An alarm whose last commit fails goes off again.
func TestAlarmCommitFails(t *testing.T) {
	for _, applied := range []bool{false, true} {
		each(t, func(t *testing.T, b *bench) {
			b.must("p", act{Do: "alarm", N: 1000})
			failures := 0
			b.failCommits(func(*durable.Batch) (bool, error) {
				if failures++; failures == 1 {
					return applied, errors.New("the disk hiccups")
				}
				return true, nil
			})
			time.Sleep(time.Minute)
			if got := b.must("p").Count; got != 1 {
				t.Errorf("applied %v: count %d, want 1", applied, got)
			}
		})
	}
}

// Thousands of alarms past due drain without filling memory, however they came to
// be: set earlier, set for the past, moved and cleared.
func TestManyAlarms(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		const n = 5_000
		for i := range n {
			b.must(fmt.Sprint("p", i), act{Do: "alarm", N: 1 + i%7*1000})
		}
		b.reopenCrashed()
		most := int64(0)
		for range 200 {
			time.Sleep(100 * time.Millisecond)
			most = max(most, b.rt.Stats()[0].Live)
		}
		synctest.Wait()
		if s := b.rt.Stats()[0]; s.Alarms != n || most > 1000 {
			t.Errorf("%d alarms went off, want %d; up to %d objects were live", s.Alarms, n, most)
		}
	})
}

// An alarm that its handler sets again for the very instant at which it goes off goes
// off again.
func TestAlarmSetAgainAtOnce(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must("p", act{Do: "alarm", Text: "/at once", N: 1000})
		time.Sleep(time.Minute)
		if got := b.must("p").Count; got != 3 {
			t.Errorf("went off %d times, want 3", got)
		}
	})
}

// An alarm that somebody sets for the time at which it goes off, while its handler works
// outside, goes off once more afterwards, and not meanwhile.
func TestAlarmSetWhileFiring(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		gates["slow"] = make(chan struct{})
		b.must("p", act{Do: "alarm", Text: "/slow", N: 1000})
		time.Sleep(time.Second)
		synctest.Wait()
		b.must("p", act{Do: "alarm", Text: "/slow", N: 0})
		time.Sleep(time.Second)
		if got := b.must("p").Count; got != 1 {
			t.Errorf("%d handlers of one alarm at a time, want 1", got)
		}
		close(gates["slow"])
		time.Sleep(time.Second)
		if got := b.must("p").Count; got != 2 {
			t.Errorf("went off %d times, want 2", got)
		}
		in, err := b.rt.Inspect(t.Context(), durable.ID{Type: "probe", Name: "p"})
		if err != nil || len(in.Alarms) != 0 {
			t.Errorf("left behind: %+v, %v", in, err)
		}
	})
}

// An alarm that is cleared and set to the same time again goes off once.
func TestAlarmClearedAndSet(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		gates["slow"] = make(chan struct{})
		due := time.Now().Add(time.Minute)
		for range 3 {
			b.must("p", act{Do: "alarm", Text: "/slow", N: int(time.Until(due).Milliseconds())})
			time.Sleep(time.Second)
			b.must("p", act{Do: "silence", Text: "/slow"})
			time.Sleep(time.Second)
		}
		b.must("p", act{Do: "alarm", Text: "/slow", N: int(time.Until(due).Milliseconds())})
		time.Sleep(2 * time.Minute)
		if got := b.must("p").Count; got != 1 {
			t.Errorf("%d handlers of one alarm at a time, want 1", got)
		}
		close(gates["slow"])
		synctest.Wait()
		if got := b.rt.Stats()[0].Alarms; got != 1 {
			t.Errorf("went off %d times, want 1", got)
		}
	})
}

// What the runtime notes of an alarm that failed has room in an object at its limit.
func TestAlarmFailsAtLimit(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		id := durable.ID{Type: "probe", Name: "p"}
		b.must("p", act{Do: "alarm", Text: "/fail", N: 1000})
		in, err := b.rt.Inspect(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		b.must("p", act{Do: "big", N: durable.DefaultMaxBytes - in.Bytes - len("names-big")})
		time.Sleep(time.Minute)
		in, err = b.rt.Inspect(t.Context(), id)
		if err != nil || len(in.Alarms) != 1 || in.Alarms[0].Attempt < 2 || in.Alarms[0].Error == "" {
			t.Errorf("inspection: %v, %v", in.Alarms, err)
		}
		if _, err := b.run("p", act{Do: "name", Text: "x"}); !errors.Is(err, durable.ErrTooLarge) {
			t.Errorf("got %v, want ErrTooLarge", err)
		}
	})
}
