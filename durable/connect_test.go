package durable_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet/durable"
)

// A socket whose join may have become durable though nobody could wait for it leaves
// its object again.
func TestJoinUnknown(t *testing.T) {
	withSockets(t, func(t *testing.T, b *bench, dial func(string, string) (*client, *http.Response, error)) {
		b.must("p")
		b.store.Hold()
		refused := make(chan error, 1)
		go func() {
			_, _, err := dial("p", "ann")
			refused <- err
		}()
		time.Sleep(time.Minute)
		if err := <-refused; err == nil {
			t.Error("a handshake was granted on the strength of a write that is not durable")
		}
		b.store.Resume()
		if got := b.must("p"); got.Count != 1 || !slices.Equal(got.Log, []string{"1:left ann"}) {
			t.Errorf("got %+v", got)
		}
		if got := b.rt.Stats()[0].Sockets; got != 0 {
			t.Errorf("%d sockets, want none", got)
		}
	})
}

// Messages beyond the queue close their socket and no other; a socket that leaves while
// the queue is full is told to its object when there is room.
func TestSocketOverload(t *testing.T) {
	withSockets(t, func(t *testing.T, b *bench, dial func(string, string) (*client, *http.Response, error)) {
		ann, _, _ := dial("p", "ann")
		bob, _, _ := dial("p", "bob")
		gates["g"] = make(chan struct{})
		calls := []<-chan result{b.start("p", act{Do: "wait", Text: "g"})}
		synctest.Wait()
		for range 8 {
			calls = append(calls, b.start("p"))
		}
		synctest.Wait()
		ann.say("me:hello")
		synctest.Wait()
		if ann.closed == nil || ann.closed.Code != 1013 {
			t.Errorf("a message too many closed with %v, want 1013", ann.closed)
		}
		if bob.closed != nil {
			t.Errorf("another socket was closed with %v", bob.closed)
		}
		time.Sleep(time.Second)
		close(gates["g"])
		for _, c := range calls {
			<-c
		}
		time.Sleep(time.Minute)
		if got := b.must("p").Log; !slices.Contains(got, "1:left ann") {
			t.Errorf("got %v", got)
		}
	})
}

// The handler of the handshake returns when the socket is open, so that its stack goes.
func TestConnectReturns(t *testing.T) {
	withSockets(t, func(t *testing.T, b *bench, dial func(string, string) (*client, *http.Response, error)) {
		dial("p", "ann")
		synctest.Wait()
		if got := handling.Load(); got != 0 {
			t.Errorf("%d handlers run while a socket is open", got)
		}
	})
}

// What is no handshake is told so before anything is done for it, and a runtime that
// stops takes none.
func TestConnectRefuses(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		plain, _ := http.NewRequest(http.MethodGet, "http://x/", nil)
		if err := connectProbe(nil, plain, probes.Get(b.rt, "p"), greeting{"ann"}); !errors.Is(err, durable.ErrNoWebSocket) {
			t.Errorf("got %v, want ErrNoWebSocket", err)
		}
		if got := b.store.Stats().Loads; got != 0 {
			t.Error("an object was loaded for what is no handshake")
		}
		b.rt.Close(context.Background())
		shake := plain.Clone(t.Context())
		for k, v := range map[string]string{"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "x"} {
			shake.Header.Set(k, v)
		}
		if err := connectProbe(nil, shake, probes.Get(b.rt, "p"), greeting{"ann"}); !errors.Is(err, durable.ErrStopping) {
			t.Errorf("got %v, want ErrStopping", err)
		}
	})
}

// Deleting an object closes its sockets; a panic in what it left for afterwards costs
// nothing else.
func TestDeleteClosesSockets(t *testing.T) {
	withSockets(t, func(t *testing.T, b *bench, dial func(string, string) (*client, *http.Response, error)) {
		gates["after"] = make(chan struct{})
		ann, _, _ := dial("p", "ann")
		b.must("p", act{Do: "after panic"}, act{Do: "after", Text: "after"})
		<-gates["after"]
		if got := b.rt.Stats()[0].Panics; got != 1 {
			t.Errorf("%d panics counted, want 1", got)
		}
		if err := b.rt.Delete(t.Context(), durable.ID{Type: "probe", Name: "p"}); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if ann.closed == nil || ann.closed.Code != 1001 {
			t.Errorf("closed with %v, want 1001", ann.closed)
		}
	})
}
