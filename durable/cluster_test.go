package durable_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/durabletest"
	"github.com/fortunet/fortunet/fault"
)

// twoNodes runs a test on two nodes over one store. Partitions of names that begin
// with "b" are the second node's.
func twoNodes(t *testing.T, f func(t *testing.T, c *durabletest.Cluster, a, b *durable.Runtime)) {
	synctest.Test(t, func(t *testing.T) {
		c := durabletest.NewCluster(2)
		var rts []*durable.Runtime
		for i := range 2 {
			rt, err := durable.Open(c.Node(i).Options(durable.Host(probes, newProbe), durable.Host(others, newOther), durable.Host(mirrors, newMirror)))
			if err != nil {
				t.Fatal(err)
			}
			rts = append(rts, rt)
		}
		for _, typ := range []string{"probe", "other"} {
			c.Move(durable.ID{Type: typ, Name: "b"}.Partition(), 1)
		}
		theRuntime = rts[1]
		f(t, c, rts[0], rts[1])
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		for _, rt := range rts {
			if err := rt.Close(ctx); err != nil {
				t.Errorf("close: %v", err)
			}
		}
		c.Store().Close()
	})
}

// A mirror asks the probe that it is told of.
type mirror struct{ s *durable.State }

var mirrors = &durable.Type[mirror]{Name: "mirror"}

var reflected = durable.Method(mirrors, "reflect", func(m *mirror, ctx context.Context, name string) (int, error) {
	got, err := run(ctx, probes.Get(m.s.Runtime(), name), nil)
	return got.Count, err
})

func newMirror(_ context.Context, s *durable.State) (*mirror, error) { return &mirror{s}, nil }

// A node answers for what it hosts, has registered and owns, and for nothing else.
func TestCallsRefused(t *testing.T) {
	twoNodes(t, func(t *testing.T, c *durabletest.Cluster, a, b *durable.Runtime) {
		for code, call := range map[string]durable.Call{
			"no_method":  {Object: durable.ID{Type: "probe", Name: "b"}, Method: "look", Body: []byte("[]")},
			"not_hosted": {Object: durable.ID{Type: "keeper", Name: "b"}, Method: "leaf", Body: []byte("1")},
			"moved":      {Object: durable.ID{Type: "probe", Name: "a"}, Method: "run", Body: []byte("[]")},
		} {
			reply, err := c.Node(0).Call(t.Context(), durable.ID{Type: "probe", Name: "b"}.Partition(), &call)
			if err != nil || reply.Error == nil || reply.Error.Code != code {
				t.Errorf("%v: %+v, %v, want %s", call.Object, reply, err, code)
			}
		}
	})
}

func runOn(t *testing.T, rt *durable.Runtime, name string, acts ...act) (sight, error) {
	return run(t.Context(), probes.Get(rt, name), acts)
}

// A call reaches the node that owns the object, wherever it is made; errors come
// back with their kind, and a circle across nodes is found.
func TestCallsBetweenNodes(t *testing.T) {
	twoNodes(t, func(t *testing.T, c *durabletest.Cluster, a, b *durable.Runtime) {
		for i, rt := range []*durable.Runtime{a, b, a, b} {
			if got, err := runOn(t, rt, "b", act{Do: "add", N: 1}); err != nil || got.Count != i+1 {
				t.Errorf("call %d: %+v, %v", i, got, err)
			}
		}
		if live := a.Stats()[0].Live; live != 0 {
			t.Errorf("the object lives on the wrong node: %d", live)
		}
		if _, err := runOn(t, a, "b", act{Do: "add", N: 1}, act{Do: "fail"}); fault.KindOf(err) != fault.Internal || errors.Is(err, errAsked) {
			t.Errorf("an error travelled as %v", err)
		}
		if _, err := runOn(t, a, "b", act{Do: "panic"}); !errors.Is(err, durable.ErrPanic) {
			t.Errorf("a panic travelled as %v", err)
		}
		if _, err := runOn(t, a, "a", act{Do: "ask", Text: "b", N: 1}); err != nil {
			t.Errorf("asking between nodes: %v", err)
		}
		if _, err := runOn(t, a, "b", act{Do: "circle"}); !errors.Is(err, durable.ErrCycle) {
			t.Errorf("a circle: %v, want ErrCycle", err)
		}
		if _, err := runOn(t, a, "a", act{Do: "circle", Text: "b"}); !errors.Is(err, durable.ErrCycle) {
			t.Errorf("a circle over two nodes: %v, want ErrCycle", err)
		}
		back := askBack
		defer func() { askBack = back }()
		askBack = func(ctx context.Context, rt *durable.Runtime, name string) error {
			_, err := reflected(ctx, mirrors.Get(rt, "m"), name)
			return err
		}
		if _, err := runOn(t, a, "a", act{Do: "circle", Text: "b"}); !errors.Is(err, durable.ErrCycle) {
			t.Errorf("a circle over three objects, back and forth: %v, want ErrCycle", err)
		}
		if _, err := runOn(t, a, "a", act{Do: "enqueue", Text: "b", N: 10}); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if got, err := runOn(t, a, "b"); err != nil || got.Count != 14 {
			t.Errorf("an effect between nodes: %+v, %v", got, err)
		}
	})
}

// When a partition moves, its objects go on at the new owner with everything that was
// acknowledged, alarms included.
func TestMove(t *testing.T) {
	twoNodes(t, func(t *testing.T, c *durabletest.Cluster, a, b *durable.Runtime) {
		if _, err := runOn(t, a, "x", act{Do: "add", N: 5}, act{Do: "alarm", N: 60_000}); err != nil {
			t.Fatal(err)
		}
		c.Move(durable.ID{Type: "probe", Name: "x"}.Partition(), 1)
		if got, err := runOn(t, a, "x", act{Do: "add", N: 1}); err != nil || got.Count != 6 {
			t.Errorf("after the move: %+v, %v", got, err)
		}
		synctest.Wait()
		if live := a.Stats()[0].Live; live != 0 {
			t.Errorf("the old owner still has %d objects", live)
		}
		time.Sleep(2 * time.Minute)
		if got, err := runOn(t, b, "x"); err != nil || got.Count != 7 {
			t.Errorf("the alarm at the new owner: %+v, %v", got, err)
		}
	})
}

// An owner that has not heard of its loss cannot write, and cannot answer as if it
// had.
func TestFencing(t *testing.T) {
	twoNodes(t, func(t *testing.T, c *durabletest.Cluster, a, b *durable.Runtime) {
		if _, err := runOn(t, a, "x", act{Do: "add", N: 1}); err != nil {
			t.Fatal(err)
		}
		c.Store().Hold()
		late := make(chan error, 1)
		go func() {
			_, err := runOn(t, a, "x", act{Do: "add", N: 100})
			late <- err
		}()
		synctest.Wait()
		c.Node(0).Cut(true)
		c.Move(durable.ID{Type: "probe", Name: "x"}.Partition(), 1)
		c.Store().Resume()
		if err := <-late; err == nil {
			t.Error("a stale owner's write was acknowledged")
		}
		if got, err := runOn(t, b, "x", act{Do: "add", N: 1}); err != nil || got.Count != 2 {
			t.Errorf("at the new owner: %+v, %v", got, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if got, err := run(ctx, probes.Get(a, "x"), nil); err == nil {
			t.Errorf("a stale owner answered a read with %+v", got)
		}
		c.Node(0).Cut(false)
		if got, err := runOn(t, a, "x", act{Do: "add", N: 1}); err != nil || got.Count != 3 {
			t.Errorf("once it has heard: %+v, %v", got, err)
		}
	})
}

// What a node exports another imports.
func TestExportImport(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		id := durable.ID{Type: "probe", Name: "p"}
		var acts []act
		for i := range 20 {
			acts = append(acts, act{Do: "log", Text: fmt.Sprint(i)}, act{Do: "name", Text: fmt.Sprint(i), N: i})
		}
		acts = append(acts, act{Do: "keep", N: 5}, act{Do: "see", N: 3}, act{Do: "alarm", N: 60_000})
		want := b.must("p", acts...)
		x, err := b.rt.Export(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.rt.Delete(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if got := b.must("p"); got.Count != 0 || len(got.Log) != 0 {
			t.Errorf("after Delete: %+v", got)
		}
		if _, err := b.rt.Export(t.Context(), id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("exporting nothing: %v", err)
		}
		large := *x
		large.Keys = append(slices.Clone(x.Keys), durable.Key{Key: "large", Value: json.RawMessage(`"` + strings.Repeat("x", durable.DefaultMaxBytes) + `"`)})
		if err := b.rt.Import(t.Context(), &large); !errors.Is(err, durable.ErrTooLarge) {
			t.Errorf("importing more than an object may have: %v", err)
		}
		b.must("p", act{Do: "add", N: 77}, act{Do: "log", Text: "in the way"}, act{Do: "alarm", Text: "/look", N: 10})
		if err := b.rt.Import(t.Context(), x); err != nil {
			t.Fatal(err)
		}
		got := b.must("p")
		if got.Seen != want.Seen || !slices.Equal(got.Log, want.Log) || !slices.Equal(got.Names, want.Names) || got.Count != 0 {
			t.Errorf("imported %+v, want %+v", got, want)
		}
		time.Sleep(2 * time.Minute)
		if got := b.must("p").Count; got != 1 {
			t.Errorf("after two minutes the imported alarm went off %d times, want 1", got)
		}
	})
}

// Looking at an object does not wake it, and shows what memory knows and the disk
// does not yet.
func TestInspect(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must("p", act{Do: "add", N: 1}, act{Do: "see", N: 1}, act{Do: "log", Text: "x"}, act{Do: "alarm", N: 3_600_000})
		b.must("p", act{Do: "see", N: 1})
		in, err := b.rt.Inspect(t.Context(), durable.ID{Type: "probe", Name: "p"})
		if err != nil || !in.Live || !in.Exists || in.Awake["relaxed"] != 1 || len(in.Keys) != 2 || len(in.Logs) != 1 || len(in.Alarms) != 1 {
			t.Errorf("live: %+v, %v", in, err)
		}
		time.Sleep(5 * time.Minute)
		in, err = b.rt.Inspect(t.Context(), durable.ID{Type: "probe", Name: "p"})
		if err != nil || in.Live || !in.Exists || string(in.Keys[1].Value) != "2" {
			t.Errorf("asleep: %+v, %v", in, err)
		}
		if in, err = b.rt.Inspect(t.Context(), durable.ID{Type: "probe", Name: "nobody"}); err != nil || in.Exists || in.Live {
			t.Errorf("nobody: %+v, %v", in, err)
		}
		if _, err = b.rt.Inspect(t.Context(), durable.ID{Type: "no such type"}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("no such type: %v", err)
		}
	})
}

// A claim that is renewed while an object is being loaded does not leave it behind
// under the old one.
func TestMoveWhileLoading(t *testing.T) {
	twoNodes(t, func(t *testing.T, c *durabletest.Cluster, a, b *durable.Runtime) {
		loading := make(chan struct{})
		c.Store().OnLoad = func(durable.ID) error { <-loading; return nil }
		done := make(chan error, 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		go func() {
			_, err := run(ctx, probes.Get(a, "x"), nil)
			done <- err
		}()
		synctest.Wait()
		c.Move(durable.ID{Type: "probe", Name: "x"}.Partition(), 0)
		synctest.Wait()
		close(loading)
		if err := <-done; err != nil {
			t.Errorf("a read under the new claim: %v", err)
		}
	})
}

// What is imported is what could have been exported; what is stored and damaged is an
// error of the object and of nothing else.
func TestDamagedRecords(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		id := durable.ID{Type: "probe", Name: "p"}
		b.must("p", act{Do: "add", N: 1}, act{Do: "log", Text: "x"})
		for _, key := range []string{"\x02ring", "\x03", "\x03short", "\x03eight_by", "\x04sender", "\x05log"} {
			x, err := b.rt.Export(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			x.Keys = append(x.Keys, durable.Key{Key: key, Value: []byte(`"no such record"`)})
			if err := b.rt.Import(t.Context(), x); fault.KindOf(err) != fault.Invalid {
				t.Errorf("importing %q: %v, want Invalid", key, err)
			}
			done := make(chan error, 1)
			bad := durable.ID{Type: "probe", Name: "damaged " + key}
			b.store.Submit(&durable.Batch{ID: bad, Keys: []durable.KeyOp{{Key: key, Value: []byte("{")}}, Done: func(err error) { done <- err }})
			<-done
			if _, err := b.run(bad.Name); !errors.Is(err, durable.ErrDamaged) {
				t.Errorf("calling an object with a damaged %q: %v, want ErrDamaged", key, err)
			}
		}
		x, _ := b.rt.Export(t.Context(), id)
		x.Keys = append(x.Keys, durable.Key{Key: "big", Value: []byte(`"` + strings.Repeat("x", durable.DefaultMaxBytes) + `"`)})
		if err := b.rt.Import(t.Context(), x); !errors.Is(err, durable.ErrTooLarge) {
			t.Errorf("importing what is too large: %v", err)
		}
		if got := b.must("p"); got.Count != 1 || len(got.Log) != 1 {
			t.Errorf("after refused imports: %+v", got)
		}
	})
}
