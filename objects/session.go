package objects

import (
	"context"
	"encoding/json"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
)

// Sessions are users as they are signed in: who they are, on which devices, what they
// prefer and have open. A session is named by its user's id. The fault for a user
// nobody knows is NotFound, and nothing is stored for them.
var Sessions = &durable.Type[Session]{Name: "session", Idle: 2 * time.Second}

var (
	// SignIn makes a device and its token. A sixth device ends the one that was
	// unused for longest.
	SignIn = durable.Method(Sessions, "signIn", (*Session).signIn)

	// Authenticate says who a token's hash belongs to; the fault for nobody is
	// Unauthorized. It notes the activity, relaxed, once a minute.
	Authenticate = durable.Method(Sessions, "authenticate", (*Session).authenticate)

	// View returns the session as its user sees it.
	View = durable.Method(Sessions, "view", (*Session).view)

	// ViewJSON is View, encoded.
	ViewJSON = durable.Method(Sessions, "viewJSON", func(o *Session, _ context.Context, _ struct{}) (SessionJSON, error) { return o.encode() })

	// Patch changes preferences and metadata by merge patches, all or nothing. It is
	// durable when it returns.
	Patch = durable.Method(Sessions, "patch", (*Session).patch)

	// AddChart puts a chart at the end of the active ones, relaxed, and reports
	// whether it was not there already.
	AddChart = durable.Method(Sessions, "addChart", (*Session).addChart)

	// RemoveChart takes a chart from the active ones and reports whether it was one.
	RemoveChart = durable.Method(Sessions, "removeChart", (*Session).removeChart)

	// Refresh takes over what the database says of the user now: name, address,
	// plan, role. Nothing else of the session changes.
	Refresh = durable.Method(Sessions, "refresh", (*Session).refresh)

	// DeleteSession forgets everything and closes every socket.
	DeleteSession = durable.Method(Sessions, "delete", (*Session).delete)
)

// A UserView is a user as shown to themselves.
type UserView struct {
	ID          string                `json:"id"`
	Name        string                `json:"name"`
	Email       string                `json:"email"`
	Plan        fortunet.Plan         `json:"plan"`
	Permissions []fortunet.Permission `json:"permissions"`
	Guest       bool                  `json:"guest"`
}

// ViewOf returns a user as shown to themselves.
func ViewOf(u fortunet.User) UserView {
	return UserView{ID: u.ID, Name: u.Name, Email: u.Email, Plan: u.Plan, Permissions: u.Permissions(), Guest: u.Guest}
}

// A SessionView is a session as its user sees it.
type SessionView struct {
	User         UserView             `json:"user"`
	Preferences  fortunet.Preferences `json:"preferences"`
	Metadata     json.RawMessage      `json:"metadata"`
	ActiveCharts []string             `json:"activeCharts"` // newest last
	Devices      []DeviceView         `json:"devices"`
	LastActivity time.Time            `json:"lastActivity"`
}

// A SessionJSON is a SessionView, encoded: flat, so that it is encoded once, in the
// session's turn.
type SessionJSON struct {
	JSON string `json:"json"`
}

// A PatchRequest holds merge patches; nil leaves a part as it is.
type PatchRequest struct {
	Preferences json.RawMessage `json:"preferences,omitempty"`
	Metadata    json.RawMessage `json:"metadata,omitempty"`
}

// storedPreferences are preferences as they are stored: a setting that was added
// since has its default.
type storedPreferences struct{ fortunet.Preferences }

// UnmarshalJSON reads stored preferences.
func (p *storedPreferences) UnmarshalJSON(raw []byte) error {
	p.Preferences = fortunet.DefaultPreferences()
	return json.Unmarshal(raw, &p.Preferences)
}

// MarshalJSON writes preferences.
func (p storedPreferences) MarshalJSON() ([]byte, error) { return json.Marshal(p.Preferences) }

// A Session is one user's session.
type Session struct {
	s     *durable.State
	users Users
	tally *tally

	user     durable.Value[fortunet.User] // from the first sign-in on
	prefs    durable.Value[storedPreferences]
	metadata durable.Value[fortunet.Metadata]
	charts   durable.Value[charts]
	devices  durable.Map[device]
	keys     durable.Map[apiKey]
	tickets  durable.Map[ticket]  // by the hash of their token, in hexadecimal
	activity durable.Value[int64] // Unix milliseconds

	// Only in memory.
	found  fortunet.User   // what the database says of a user who has not signed in yet
	tokens map[Hash]*token // the tokens of devices and keys
	newest string          // the newest active chart, "" where that is not known
}

func newSession(d *Deps) func(context.Context, *durable.State) (*Session, error) {
	return func(ctx context.Context, s *durable.State) (*Session, error) {
		o := &Session{s: s, users: d.Users, tally: &d.tally, tokens: map[Hash]*token{},
			user: durable.NewValue[fortunet.User](s, "user"), prefs: durable.NewValue[storedPreferences](s, "preferences"),
			metadata: durable.NewValue[fortunet.Metadata](s, "metadata"), charts: durable.NewValue[charts](s, "charts"),
			devices: durable.NewMap[device](s, "devices"), keys: durable.NewMap[apiKey](s, "keys"),
			tickets: durable.NewMap[ticket](s, "tickets"), activity: durable.NewValue[int64](s, "activity")}
		if _, ok := o.user.Get(); !ok {
			// Nothing is stored for them yet, so that a session that was deleted does
			// not come back because its last socket leaves.
			var err error
			if o.found, err = d.Users.User(ctx, s.Name()); err != nil {
				return nil, err
			}
		}
		for _, d := range o.devices.All() {
			o.tokens[d.Hash] = d.token()
		}
		for _, k := range o.keys.All() {
			o.tokens[k.Hash] = k.token()
		}
		return o, nil
	}
}

// who returns the user.
func (o *Session) who() fortunet.User {
	if u, ok := o.user.Get(); ok {
		return u
	}
	return o.found
}

func (o *Session) preferences() fortunet.Preferences {
	if p, ok := o.prefs.Get(); ok {
		return p.Preferences
	}
	return fortunet.DefaultPreferences()
}

func (o *Session) view(context.Context, struct{}) (SessionView, error) { return o.look(), nil }

func (o *Session) look() SessionView {
	metadata, ok := o.metadata.Get()
	if !ok {
		metadata = fortunet.Metadata("{}")
	}
	return SessionView{User: ViewOf(o.who()), Preferences: o.preferences(), Metadata: metadata, ActiveCharts: o.activeCharts(),
		Devices: o.deviceViews(), LastActivity: time.UnixMilli(o.activity.Or(0)).UTC()}
}

func (o *Session) patch(_ context.Context, req PatchRequest) (SessionJSON, error) {
	prefs, metadata := o.preferences(), o.metadata.Or(nil)
	var err error
	if req.Preferences != nil {
		if prefs, err = prefs.Patch(req.Preferences); err != nil {
			return SessionJSON{}, fault.Within("preferences", err)
		}
	}
	if req.Metadata != nil {
		if metadata, err = fortunet.PatchMetadata(metadata, req.Metadata); err != nil {
			return SessionJSON{}, err
		}
		o.metadata.Set(metadata)
	}
	if req.Preferences != nil {
		o.setPreferences(prefs)
	}
	return o.encode()
}

func (o *Session) encode() (SessionJSON, error) {
	view, err := json.Marshal(o.look())
	return SessionJSON{JSON: string(view)}, err
}

func (o *Session) setPreferences(p fortunet.Preferences) {
	o.prefs.Set(storedPreferences{p})
	o.updated(sessionUpdate{Preferences: &p})
}

// refresh reads the user from the database anew.
func (o *Session) refresh(ctx context.Context, _ struct{}) (UserView, error) {
	u, err := o.users.User(ctx, o.s.Name())
	if err != nil {
		return UserView{}, err
	}
	old, stored := o.user.Get()
	if !stored {
		o.found = u
		return ViewOf(u), nil
	}
	view := ViewOf(u)
	if sameUser(u, old) {
		return view, nil
	}
	o.user.Set(u)
	if !u.Guest {
		o.s.ClearAlarm("guest")
	}
	o.updated(sessionUpdate{User: &view})
	return view, nil
}

// sameUser reports whether two users are equal, whatever zones their times are in.
func sameUser(a, b fortunet.User) bool {
	same := a.Created.Equal(b.Created)
	a.Created, b.Created = time.Time{}, time.Time{}
	return same && a == b
}

func (o *Session) delete(context.Context, struct{}) (bool, error) {
	for _, p := range o.s.Peers("") {
		o.parted(p)
		o.s.Hangup(p, closeSignedOut, "the account was deleted")
	}
	devices := int64(o.devices.Len())
	o.s.After(func(context.Context) { o.tally.signedOut.Add(devices); o.tally.touch(o.s.Runtime()) })
	o.s.Destroy()
	return true, nil
}

// guestDue is the alarm of a guest: one that is unused for guestLife is deleted.
func (o *Session) guestDue(ctx context.Context, _ durable.Alarm) error {
	now, due := o.s.Now(), time.UnixMilli(o.activity.Or(0)).Add(guestLife)
	switch {
	case now.Before(due):
		o.s.SetAlarm("guest", due)
		return nil
	case len(o.s.Peers("")) > 0:
		o.s.SetAlarm("guest", now.Add(24*time.Hour))
		return nil
	}
	gone, err := o.users.DeleteGuest(ctx, o.s.Name())
	if err == nil && gone {
		_, err = o.delete(ctx, struct{}{})
	}
	return err
}

func init() {
	durable.OnAlarm(Sessions, "guest", (*Session).guestDue)
	durable.OnAlarm(Sessions, "devices", (*Session).devicesDue)
}
