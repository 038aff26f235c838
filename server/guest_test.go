package server_test

import (
	"context"
	"testing"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/objects"
	"github.com/fortunet/fortunet/server"
)

// A guest who cannot be signed in leaves nothing behind.
func TestGuestWhileStoreFails(t *testing.T) {
	accounts := &madeGuests{}
	w := newWorld(t, func(c *setup) {
		accounts.Accounts = c.accounts
		c.accounts = accounts
		c.store.OnSubmit = func(b *durable.Batch) error {
			if b.ID.Type == objects.Sessions.Name {
				return durable.ErrStore
			}
			return nil
		}
	})
	w.do(ask{method: "POST", path: "/api/v2/auth/guest"}).wants(503, "store_unavailable")
	if len(accounts.ids) != 1 {
		t.Fatalf("%d guests were made", len(accounts.ids))
	}
	if _, err := w.db.User(t.Context(), accounts.ids[0]); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the guest is still there: %v", err)
	}
}

// madeGuests notes the guests that are made.
type madeGuests struct {
	server.Accounts
	ids []string
}

// CreateGuest implements server.Accounts.
func (a *madeGuests) CreateGuest(ctx context.Context, name string) (fortunet.User, error) {
	u, err := a.Accounts.CreateGuest(ctx, name)
	a.ids = append(a.ids, u.ID)
	return u, err
}
