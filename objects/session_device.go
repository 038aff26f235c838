package objects

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"slices"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
)

var (
	// Devices lists the user's devices, the one used last coming first.
	Devices = durable.Method(Sessions, "devices", (*Session).listDevices)

	// Revoke signs a device out: when it returns, the device's token is refused and
	// its sockets are being closed.
	Revoke = durable.Method(Sessions, "revoke", (*Session).revoke)

	// RevokeOthers signs out all devices but one, or all if that is "".
	RevokeOthers = durable.Method(Sessions, "revokeOthers", (*Session).revokeOthers)

	// RevokeAll signs out all devices and returns how many there were.
	RevokeAll = durable.Method(Sessions, "revokeAll", (*Session).revokeAll)

	// Rotate gives a device a new token in place of its old one, as after a change
	// of what it may do.
	Rotate = durable.Method(Sessions, "rotate", (*Session).rotate)

	// CreateKey makes an API key, whose secret is shown this once.
	CreateKey = durable.Method(Sessions, "createKey", (*Session).createKey)

	// Keys lists the user's API keys.
	Keys = durable.Method(Sessions, "keys", (*Session).listKeys)

	// RevokeKey ends an API key.
	RevokeKey = durable.Method(Sessions, "revokeKey", (*Session).revokeKey)

	// IssueTicket makes a ticket that stands for a device's token once, for a
	// minute, where a token cannot be sent.
	IssueTicket = durable.Method(Sessions, "issueTicket", (*Session).issueTicket)

	// RedeemTicket says who a ticket belongs to, once.
	RedeemTicket = durable.Method(Sessions, "redeemTicket", (*Session).redeemTicket)
)

const (
	maxDevices     = 5
	maxKeys        = 20
	maxTickets     = 50
	idleLife       = 30 * 24 * time.Hour
	deviceLife     = 180 * 24 * time.Hour
	guestLife      = 30 * 24 * time.Hour
	ticketLife     = time.Minute
	seenEvery      = time.Minute // activity is noted this often
	closeSignedOut = 4401
)

// DeviceInfo is what is known of a device that signs in.
type DeviceInfo struct {
	UserAgent string `json:"userAgent"`
	Platform  string `json:"platform"`
	Address   string `json:"address"`
	Location  string `json:"location"`
}

// A device is one sign-in. Its token is kept as a hash.
type device struct {
	ID    string     `json:"id"`
	Hash  Hash       `json:"hash"`
	Info  DeviceInfo `json:"info"`
	First int64      `json:"first"` // Unix milliseconds
	Last  int64      `json:"last"`
}

// expires returns when the device is signed out if nothing more comes from it.
func (d device) expires() int64 {
	return min(d.Last+idleLife.Milliseconds(), d.First+deviceLife.Milliseconds())
}

// A token is what authenticate has to know of a device's or a key's token.
type token struct {
	hash    Hash
	id      string // of the device or the key
	key     bool
	scopes  string // of a key
	last    int64  // Unix milliseconds; when its use was noted
	expires int64  // Unix milliseconds; 0 for never
}

func (d device) token() *token {
	return &token{hash: d.Hash, id: d.ID, last: d.Last, expires: d.expires()}
}

// A DeviceView is a device as its user sees it.
type DeviceView struct {
	ID        string    `json:"id"`
	UserAgent string    `json:"userAgent"`
	Platform  string    `json:"platform"`
	Address   string    `json:"address"`
	Location  string    `json:"location,omitempty"`
	FirstSeen time.Time `json:"firstSeen"`
	LastSeen  time.Time `json:"lastSeen"`
}

// A SignedIn is a device that has just signed in.
type SignedIn struct {
	Token  string   `json:"token"`
	Device string   `json:"device"`
	User   UserView `json:"user"`
}

// An Identity is who a token stands for.
type Identity struct {
	UserID string        `json:"userId"`
	Plan   fortunet.Plan `json:"plan"`
	Role   fortunet.Role `json:"role"`
	Guest  bool          `json:"guest"`
	Device string        `json:"device"` // "" for an API key
	Key    string        `json:"key"`    // "" for a device
	Scopes string        `json:"scopes"` // of a key, separated by spaces

	Language fortunet.Language `json:"language"`
}

// signed returns who a device stands for.
func (o *Session) signed(deviceID string) Identity {
	u := o.who()
	return Identity{UserID: u.ID, Plan: u.Plan, Role: u.Role, Guest: u.Guest, Device: deviceID, Language: o.preferences().Language}
}

func (o *Session) signIn(_ context.Context, info DeviceInfo) (SignedIn, error) {
	for o.devices.Len() >= maxDevices {
		oldest := slices.MinFunc(o.allDevices(), func(a, b device) int {
			return cmp.Or(cmp.Compare(o.lastSeen(a), o.lastSeen(b)), cmp.Compare(a.First, b.First))
		})
		o.endDevice(oldest, "signed in on another device")
	}
	u := o.who()
	if _, stored := o.user.Get(); !stored {
		o.user.Set(u)
		if u.Guest {
			o.s.SetAlarm("guest", o.s.Now().Add(guestLife))
		}
	}
	o.dropTickets("")
	now := o.s.Now().UnixMilli()
	secret, hash := NewToken(o.s.Name())
	d := device{ID: randomID(), Hash: hash, Info: cleanInfo(info), First: now, Last: now}
	o.devices.Set(d.ID, d)
	o.tokens[hash] = d.token()
	o.activity.Set(now)
	o.scheduleDevices()
	o.s.After(func(context.Context) { o.tally.sessions.Add(1); o.tally.touch(o.s.Runtime()) })
	return SignedIn{Token: secret, Device: d.ID, User: ViewOf(u)}, nil
}

// randomID returns a name for something of a session.
func randomID() string { return rand.Text()[:16] }

// cleanInfo bounds what a client says of itself.
func cleanInfo(i DeviceInfo) DeviceInfo {
	for _, text := range []*string{&i.UserAgent, &i.Platform, &i.Address, &i.Location} {
		const longest = 256
		cleaned, err := fortunet.CleanName("device", (*text)[:min(len(*text), longest)])
		if err != nil {
			cleaned = ""
		}
		*text = cleaned
	}
	return i
}

func (o *Session) allDevices() []device {
	var all []device
	for _, d := range o.devices.All() {
		all = append(all, d)
	}
	return all
}

// lastSeen returns when a device was used last. One with an open socket is in use: its
// heartbeats wake nobody and are not noted.
func (o *Session) lastSeen(d device) int64 {
	if len(o.s.Peers(deviceTag(d.ID))) > 0 {
		return o.s.Now().UnixMilli()
	}
	return d.Last
}

// scheduleDevices sets the alarm to the next time a device expires.
func (o *Session) scheduleDevices() {
	var next int64
	for _, d := range o.devices.All() {
		if e := d.expires(); next == 0 || e < next {
			next = e
		}
	}
	if next == 0 {
		o.s.ClearAlarm("devices")
	} else if at, set := o.s.AlarmAt("devices"); !set || at.UnixMilli() > next {
		o.s.SetAlarm("devices", time.UnixMilli(next))
	}
}

// devicesDue signs out the devices that have expired.
func (o *Session) devicesDue(context.Context, durable.Alarm) error {
	now := o.s.Now().UnixMilli()
	for _, d := range o.allDevices() {
		if seen := o.lastSeen(d); seen > d.Last {
			d.Last = seen
			o.devices.Set(d.ID, d)
			o.tokens[d.Hash] = d.token()
		}
		if d.expires() <= now {
			o.endDevice(d, "signed out after a long time")
		}
	}
	o.dropTickets("")
	o.s.ClearAlarm("devices")
	o.scheduleDevices()
	return nil
}

func (o *Session) authenticate(_ context.Context, hash Hash) (Identity, error) {
	t, ok := o.tokens[hash]
	now := o.s.Now().UnixMilli()
	if !ok || subtle.ConstantTimeCompare(t.hash[:], hash[:]) != 1 || t.expires > 0 && t.expires <= now {
		return Identity{}, ErrToken
	}
	o.used(t, now)
	if !t.key {
		return o.signed(t.id), nil
	}
	who := o.signed("")
	who.Key, who.Scopes = t.id, o.scopes(t.scopes)
	return who, nil
}

// used notes that a token is in use, relaxed, once a minute.
func (o *Session) used(t *token, now int64) {
	if now-t.last < seenEvery.Milliseconds() {
		return
	}
	t.last = now
	o.activity.SetRelaxed(now)
	if t.key {
		if k, ok := o.keys.Get(t.id); ok {
			k.Last = now
			o.keys.SetRelaxed(k.ID, k)
		}
		return
	}
	if d, ok := o.devices.Get(t.id); ok {
		d.Last = now
		o.devices.SetRelaxed(d.ID, d)
		t.expires = d.expires()
	}
}

func (o *Session) listDevices(context.Context, struct{}) ([]DeviceView, error) {
	return o.deviceViews(), nil
}

func (o *Session) deviceViews() []DeviceView {
	views := []DeviceView{}
	for _, d := range o.devices.All() {
		views = append(views, DeviceView{ID: d.ID, UserAgent: d.Info.UserAgent, Platform: d.Info.Platform, Address: d.Info.Address,
			Location: d.Info.Location, FirstSeen: time.UnixMilli(d.First).UTC(), LastSeen: time.UnixMilli(o.lastSeen(d)).UTC()})
	}
	slices.SortFunc(views, func(a, b DeviceView) int { return b.LastSeen.Compare(a.LastSeen) })
	return views
}

func (o *Session) revoke(_ context.Context, id string) (bool, error) {
	d, ok := o.devices.Get(id)
	if !ok {
		return false, fault.Errorf(fault.NotFound, "there is no such device")
	}
	o.endDevice(d, "signed out")
	return true, nil
}

func (o *Session) revokeAll(ctx context.Context, _ struct{}) (int, error) {
	return o.revokeOthers(ctx, "")
}

func (o *Session) revokeOthers(_ context.Context, keep string) (int, error) {
	n := 0
	for _, d := range o.allDevices() {
		if d.ID != keep {
			o.endDevice(d, "signed out")
			n++
		}
	}
	return n, nil
}

// endDevice signs a device out: its token, its tickets and its sockets.
func (o *Session) endDevice(d device, reason string) {
	o.devices.Delete(d.ID)
	delete(o.tokens, d.Hash)
	o.dropTickets(d.ID)
	for _, p := range o.s.Peers(deviceTag(d.ID)) {
		o.s.Hangup(p, closeSignedOut, reason)
	}
	o.s.After(func(context.Context) { o.tally.signedOut.Add(1); o.tally.touch(o.s.Runtime()) })
}

// liveDevice returns a device that is signed in.
func (o *Session) liveDevice(id string) (device, error) {
	d, ok := o.devices.Get(id)
	if !ok || d.expires() <= o.s.Now().UnixMilli() {
		return device{}, ErrToken
	}
	return d, nil
}

func (o *Session) rotate(_ context.Context, id string) (SignedIn, error) {
	d, err := o.liveDevice(id)
	if err != nil {
		return SignedIn{}, err
	}
	o.dropTickets(id) // the old token had them made
	secret, hash := NewToken(o.s.Name())
	delete(o.tokens, d.Hash)
	d.Hash, d.Last = hash, o.s.Now().UnixMilli()
	o.devices.Set(id, d)
	o.tokens[hash] = d.token()
	return SignedIn{Token: secret, Device: id, User: ViewOf(o.who())}, nil
}
