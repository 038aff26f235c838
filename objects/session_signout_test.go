package objects_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/objects"
)

// Signing a device out closes its sockets and no others. When the revoke answers, the
// token is refused and the close is on its way; before it is durable, nothing is.
func TestRevokeClosesSockets(t *testing.T) {
	withSockets(t, func(t *testing.T, h *house, dial dialer) {
		one, two := h.signIn(t, "u1"), h.signIn(t, "u1")
		a, b := dial.dial(t, "u1", one.Device), dial.dial(t, "u1", two.Device)
		time.Sleep(2 * time.Second)
		h.store.Hold()
		done := make(chan error, 1)
		go func() {
			_, err := objects.Revoke(t.Context(), h.session("u1"), one.Device)
			done <- err
		}()
		synctest.Wait()
		if len(done) != 0 || a.code() != 0 {
			t.Error("a revocation that is not durable has shown")
		}
		h.store.Resume()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if _, err := h.who(t, one.Token); fault.KindOf(err) != fault.Unauthorized {
			t.Errorf("a revoked token: %v", err)
		}
		if a.code() != 4401 || b.code() != 0 {
			t.Errorf("closed with %d and %d, want 4401 and 0", a.code(), b.code())
		}
		if _, err := dial("u1", one.Device); err == nil {
			t.Error("a revoked device connects")
		}
		for range 4 {
			dial.dial(t, "u1", h.signIn(t, "u1").Device)
			time.Sleep(time.Second)
		}
		h.signIn(t, "u1") // the sixth, where all are in use
		if b.code() != 4401 {
			t.Errorf("the socket of the device that had to go: %d", b.code())
		}
		if n := must[int](t)(objects.RevokeAll(t.Context(), h.session("u1"), struct{}{})); n != 5 {
			t.Errorf("%d devices signed out, want 5", n)
		}
	})
}

// An open socket keeps its device in use, though nothing but heartbeats comes by it: a
// sixth sign-in ends another, and idle days count from when the socket closed.
func TestSocketsAreUse(t *testing.T) {
	withSockets(t, func(t *testing.T, h *house, dial dialer) {
		const day = 24 * time.Hour
		one := h.signIn(t, "u1")
		c := dial.dial(t, "u1", one.Device)
		time.Sleep(time.Minute)
		two := h.signIn(t, "u1")
		for range 3 {
			time.Sleep(time.Second)
			h.signIn(t, "u1")
		}
		c.say(`{"type":"heartbeat"}`)
		time.Sleep(time.Minute)
		if first := h.view(t, "u1").Devices[0]; first.ID != one.Device || time.Since(first.LastSeen) > 75*time.Second {
			t.Errorf("a device with an open socket was seen %v", first.LastSeen)
		}
		h.signIn(t, "u1") // the sixth
		if _, err := h.who(t, one.Token); err != nil || c.code() != 0 {
			t.Errorf("the device with an open socket had to go: %v, %d", err, c.code())
		}
		if _, err := h.who(t, two.Token); err == nil {
			t.Error("the device that was unused for longest is signed in")
		}
		must[int](t)(objects.RevokeOthers(t.Context(), h.session("u1"), one.Device))
		for range 120 {
			c.say(`{"type":"heartbeat"}`)
			time.Sleep(time.Minute)
		}
		c.NetConn().Close()
		time.Sleep(30*day - time.Hour)
		if _, err := h.who(t, one.Token); err != nil {
			t.Errorf("an hour less than 30 days after its socket closed: %v", err)
		}
		time.Sleep(30 * day)
		if _, err := h.who(t, one.Token); err == nil {
			t.Error("a device is signed in after 30 idle days")
		}
	})
}

// Deleting a session closes its sockets and leaves nothing behind, though they leave it
// later; so does deleting the object itself.
func TestDeleteWithSockets(t *testing.T) {
	withSockets(t, func(t *testing.T, h *house, dial dialer) {
		in := h.signIn(t, "u1")
		c := dial.dial(t, "u1", in.Device)
		h.people.drop("u1")
		must[bool](t)(objects.DeleteSession(t.Context(), h.session("u1"), struct{}{}))
		if c.code() != 4401 {
			t.Errorf("closed with %d", c.code())
		}
		time.Sleep(2 * time.Minute)
		if names := must[[]string](t)(h.rt.List(t.Context(), objects.Sessions.Name, "", 10)); len(names) != 0 {
			t.Errorf("left behind: %v", names)
		}
		other := h.signIn(t, "u10")
		c = dial.dial(t, "u10", other.Device)
		if err := h.rt.Delete(t.Context(), durable.ID{Type: objects.Sessions.Name, Name: "u10"}); err != nil {
			t.Fatal(err)
		}
		if c.code() == 0 {
			t.Error("the socket of a session that is gone is open")
		}
		time.Sleep(2 * time.Minute)
		if names := must[[]string](t)(h.rt.List(t.Context(), objects.Sessions.Name, "", 10)); len(names) != 0 {
			t.Errorf("left behind: %v", names)
		}
		if f := h.figures(t); f.Open != 0 || f.Connections != 2 || f.Closed != 2 {
			t.Errorf("figures: %+v", f)
		}
	})
}

func TestConnectRefused(t *testing.T) {
	withSockets(t, func(t *testing.T, h *house, dial dialer) {
		in, other := h.signIn(t, "u1"), h.signIn(t, "u10")
		for _, device := range []string{"", "nothing", other.Device} {
			if _, err := dial("u1", device); err == nil {
				t.Errorf("device %q connects", device)
			}
		}
		if _, err := dial("nobody", in.Device); err == nil {
			t.Error("nobody connects")
		}
		for range 20 {
			dial.dial(t, "u1", in.Device)
		}
		if _, err := dial("u1", in.Device); err == nil {
			t.Error("a twenty-first socket connects")
		}
		dial.dial(t, "u10", other.Device)
	})
}
