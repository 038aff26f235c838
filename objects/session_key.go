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
	Hash    Hash   `json:"hash"`
	Scopes  string `json:"scopes"`  // separated by spaces
	Created int64  `json:"created"` // Unix milliseconds
	Last    int64  `json:"last"`
	Expires int64  `json:"expires"` // 0 for never
}

func (k apiKey) token() *token {
	return &token{hash: k.Hash, id: k.ID, key: true, scopes: k.Scopes, last: k.Last, expires: k.Expires}
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
	switch {
	case name == "":
		return KeyView{}, fault.Field("name", fortunet.CodeMissingField, "a key needs a name")
	case len(req.Scopes) == 0:
		return KeyView{}, fault.Field("scopes", fortunet.CodeMissingField, "a key needs a scope at least")
	case o.keys.Len()-len(o.expiredKeys(now.UnixMilli())) >= maxKeys:
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
	for _, k := range o.expiredKeys(now.UnixMilli()) {
		o.endKey(k)
	}
	scopes := slices.Compact(slices.Sorted(slices.Values(req.Scopes)))
	secret, hash := NewToken(o.s.Name())
	k := apiKey{ID: randomID(), Name: name, Hash: hash, Scopes: strings.Join(scopes, " "), Created: now.UnixMilli()}
	if !req.Expires.IsZero() {
		k.Expires = req.Expires.UnixMilli()
	}
	o.keys.Set(k.ID, k)
	o.tokens[hash] = k.token()
	v := k.view()
	v.Token = secret
	return v, nil
}

func (o *Session) expiredKeys(now int64) []apiKey {
	var expired []apiKey
	for _, k := range o.keys.All() {
		if k.Expires > 0 && k.Expires <= now {
			expired = append(expired, k)
		}
	}
	return expired
}

func (o *Session) endKey(k apiKey) {
	o.keys.Delete(k.ID)
	delete(o.tokens, k.Hash)
}

// scopes returns those of a key's scopes that the user's plan still allows.
func (o *Session) scopes(all string) string {
	u := o.who()
	held := strings.Fields(all)
	allowed := slices.DeleteFunc(held, func(scope string) bool { return !u.May(fortunet.Permission(scope)) })
	if len(allowed) == len(held) {
		return all
	}
	return strings.Join(allowed, " ")
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
	k, ok := o.keys.Get(id)
	if !ok {
		return false, fault.Errorf(fault.NotFound, "there is no such key")
	}
	o.endKey(k)
	return true, nil
}

func (o *Session) issueTicket(_ context.Context, deviceID string) (string, error) {
	if _, err := o.liveDevice(deviceID); err != nil {
		return "", err
	}
	now, open := o.s.Now().UnixMilli(), 0
	for _, t := range o.tickets.All() {
		if t.Expires > now {
			open++
		}
	}
	if open >= maxTickets {
		return "", fault.Coded(fault.Overloaded, "too_many_tickets", "too many tickets are open; wait a minute")
	}
	o.dropTickets("")
	secret, hash := NewToken(o.s.Name())
	o.tickets.Set(hash.String(), ticket{Device: deviceID, Expires: now + ticketLife.Milliseconds()})
	return secret, nil
}

// dropTickets forgets the tickets of a device and those that have expired.
func (o *Session) dropTickets(deviceID string) {
	now := o.s.Now().UnixMilli()
	for key, t := range o.tickets.All() {
		if t.Expires <= now || t.Device == deviceID {
			o.tickets.Delete(key)
		}
	}
}

func (o *Session) redeemTicket(_ context.Context, hash Hash) (Identity, error) {
	t, ok := o.tickets.Get(hash.String())
	if !ok || t.Expires <= o.s.Now().UnixMilli() {
		return Identity{}, ErrToken
	}
	if _, err := o.liveDevice(t.Device); err != nil {
		return Identity{}, err
	}
	o.tickets.Delete(hash.String())
	return o.signed(t.Device), nil
}
