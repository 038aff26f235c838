package objects

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/fault"
)

// An apiKey lets a program act for its user without being one of their devices.
type apiKey struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Hash    string `json:"hash"`
	Scopes  string `json:"scopes"`  // separated by spaces
	Created int64  `json:"created"` // Unix milliseconds
	Last    int64  `json:"last"`
	Expires int64  `json:"expires"` // 0 for never
}

// A ticket stands for a device's token, once.
type ticket struct {
	Device  string `json:"device"`
	Expires int64  `json:"expires"` // Unix milliseconds
}

// A KeyRequest asks for an API key.
type KeyRequest struct {
	Name    string    `json:"name"`
	Scopes  []string  `json:"scopes"` // permissions of the user's plan
	Expires time.Time `json:"expiresAt"`
}

// A KeyView is an API key as its user sees it. Token is set when it is made.
type KeyView struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Scopes    []string   `json:"scopes"`
	Created   time.Time  `json:"created"`
	LastUsed  *time.Time `json:"lastUsed,omitempty"`
	ExpiresAt *time.Time `json:"expiresAt,omitempty"`
	Token     string     `json:"token,omitempty"`
}

func (k apiKey) view() KeyView {
	v := KeyView{ID: k.ID, Name: k.Name, Scopes: strings.Fields(k.Scopes), Created: time.UnixMilli(k.Created).UTC()}
	if k.Last > 0 {
		v.LastUsed = new(time.UnixMilli(k.Last).UTC())
	}
	if k.Expires > 0 {
		v.ExpiresAt = new(time.UnixMilli(k.Expires).UTC())
	}
	return v
}

func (o *Session) createKey(_ context.Context, req KeyRequest) (KeyView, error) {
	name, err := fortunet.CleanName("name", req.Name)
	if err != nil {
		return KeyView{}, err
	}
	now := o.s.Now()
	o.dropExpiredKeys(now.UnixMilli())
	switch {
	case name == "":
		return KeyView{}, fault.Field("name", fortunet.CodeMissingField, "a key needs a name")
	case len(req.Scopes) == 0:
		return KeyView{}, fault.Field("scopes", fortunet.CodeMissingField, "a key needs a scope at least")
	case o.keys.Len() >= maxKeys:
		return KeyView{}, fault.Coded(fault.Conflict, "too_many_keys", "there are %d keys already; revoke one", maxKeys)
	case !req.Expires.IsZero() && !req.Expires.After(now):
		return KeyView{}, fault.Field("expiresAt", fortunet.CodeOutOfRange, "this is in the past")
	case o.who().Guest:
		return KeyView{}, fault.Coded(fault.Forbidden, "guest", "register first: a guest has no keys")
	}
	for _, scope := range req.Scopes {
		if !o.who().May(fortunet.Permission(scope)) {
			return KeyView{}, fault.Field("scopes", fortunet.CodeInvalidValue, "a scope is not a permission of the plan")
		}
	}
	slices.Sort(req.Scopes)
	token, hash := NewToken(o.s.Name())
	k := apiKey{ID: randomID(), Name: name, Hash: hash, Scopes: strings.Join(slices.Compact(req.Scopes), " "), Created: now.UnixMilli()}
	if !req.Expires.IsZero() {
		k.Expires = req.Expires.UnixMilli()
	}
	o.keys.Set(k.ID, k)
	v := k.view()
	v.Token = token
	return v, nil
}

func (o *Session) dropExpiredKeys(now int64) {
	for id, k := range o.keys.All() {
		if k.Expires > 0 && k.Expires <= now {
			o.keys.Delete(id)
		}
	}
}

func (o *Session) listKeys(context.Context, struct{}) ([]KeyView, error) {
	views := []KeyView{}
	for _, k := range o.keys.All() {
		views = append(views, k.view())
	}
	slices.SortFunc(views, func(a, b KeyView) int { return a.Created.Compare(b.Created) })
	return views, nil
}

func (o *Session) revokeKey(_ context.Context, id string) (bool, error) {
	if _, ok := o.keys.Get(id); !ok {
		return false, fault.Errorf(fault.NotFound, "there is no such key")
	}
	o.keys.Delete(id)
	return true, nil
}

func (o *Session) issueTicket(_ context.Context, deviceID string) (string, error) {
	if _, ok := o.devices.Get(deviceID); !ok {
		return "", errToken
	}
	now := o.s.Now().UnixMilli()
	for hash, t := range o.tickets.All() {
		if t.Expires <= now {
			o.tickets.Delete(hash)
		}
	}
	if o.tickets.Len() >= maxTickets {
		return "", fault.Coded(fault.Overloaded, "too_many_tickets", "too many tickets are open; wait a minute")
	}
	token, hash := NewToken(o.s.Name())
	o.tickets.Set(hash, ticket{Device: deviceID, Expires: now + ticketLife.Milliseconds()})
	return token, nil
}

func (o *Session) redeemTicket(_ context.Context, hash string) (Identity, error) {
	t, ok := o.tickets.Get(hash)
	if !ok {
		return Identity{}, errToken
	}
	_, signedIn := o.devices.Get(t.Device)
	if t.Expires <= o.s.Now().UnixMilli() || !signedIn {
		return Identity{}, errToken
	}
	o.tickets.Delete(hash)
	return o.signed(t.Device), nil
}
