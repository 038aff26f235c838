package objects

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"slices"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
)

// Sessions are users as they are signed in: who they are, on which devices, what they
// prefer and have open. A session is named by its user's id.
var Sessions = &durable.Type[Session]{Name: "session", Idle: 20 * time.Second}

var (
	// SignIn makes a device and its token. A sixth device ends the one that was
	// unused for longest.
	SignIn = durable.Method(Sessions, "signIn", (*Session).signIn)

	// Authenticate says who a token's hash belongs to; the fault for nobody is
	// Unauthorized.
	Authenticate = durable.Method(Sessions, "authenticate", (*Session).authenticate)

	// View returns the session as its user sees it.
	View = durable.Method(Sessions, "view", (*Session).view)

	// Patch changes preferences and metadata by merge patches. It is durable when
	// it returns.
	Patch = durable.Method(Sessions, "patch", (*Session).patch)

	// AddChart puts a chart at the end of the active ones, relaxed.
	AddChart = durable.Method(Sessions, "addChart", (*Session).addChart)

	// RemoveChart takes a chart from the active ones.
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
	ActiveCharts []string             `json:"activeCharts"`
	Devices      []DeviceView         `json:"devices"`
	LastActivity time.Time            `json:"lastActivity"`
}

// A PatchRequest holds merge patches; nil leaves a part as it is.
type PatchRequest struct {
	Preferences json.RawMessage `json:"preferences,omitempty"`
	Metadata    json.RawMessage `json:"metadata,omitempty"`
	Device      string          `json:"device,omitempty"` // where it comes from, to be shown as seen by
}

const maxActiveCharts = 50

// A Session is one user's session.
type Session struct {
	s     *durable.State
	users Users
	tally *tally

	user     durable.Value[fortunet.User]
	prefs    durable.Value[fortunet.Preferences]
	metadata durable.Value[fortunet.Metadata]
	charts   durable.Value[[]string] // newest last
	devices  durable.Map[device]
	keys     durable.Map[apiKey]
	tickets  durable.Map[ticket]
	activity durable.Value[int64] // Unix milliseconds

	// Only in memory: of each socket, how often it sent what cannot be read.
	bad map[string]*badness
}

func newSession(d *Deps) func(context.Context, *durable.State) (*Session, error) {
	return func(ctx context.Context, s *durable.State) (*Session, error) {
		o := &Session{s: s, users: d.Users, tally: &d.tally, bad: map[string]*badness{},
			user: durable.NewValue[fortunet.User](s, "user"), prefs: durable.NewValue[fortunet.Preferences](s, "preferences"),
			metadata: durable.NewValue[fortunet.Metadata](s, "metadata"), charts: durable.NewValue[[]string](s, "charts"),
			devices: durable.NewMap[device](s, "devices"), keys: durable.NewMap[apiKey](s, "keys"),
			tickets: durable.NewMap[ticket](s, "tickets"), activity: durable.NewValue[int64](s, "activity")}
		if _, ok := o.user.Get(); ok {
			return o, nil
		}
		u, err := d.Users.User(ctx, s.Name())
		if err != nil {
			return nil, err
		}
		o.user.Set(u)
		o.activity.Set(s.Now().UnixMilli())
		if u.Guest {
			s.SetAlarm("guest", s.Now().Add(guestLife))
		}
		return o, nil
	}
}

// who returns the user. There is always one: build sees to it.
func (o *Session) who() fortunet.User {
	return o.user.Or(fortunet.User{ID: o.s.Name(), Plan: fortunet.Free})
}

func (o *Session) preferences() fortunet.Preferences {
	return o.prefs.Or(fortunet.DefaultPreferences())
}

func (o *Session) view(context.Context, struct{}) (SessionView, error) {
	metadata, ok := o.metadata.Get()
	if !ok {
		metadata = fortunet.Metadata("{}")
	}
	return SessionView{User: ViewOf(o.who()), Preferences: o.preferences(), Metadata: metadata, ActiveCharts: o.activeCharts(),
		Devices: o.deviceViews(), LastActivity: time.UnixMilli(o.activity.Or(0)).UTC()}, nil
}

func (o *Session) activeCharts() []string { return append([]string{}, o.charts.Or(nil)...) }

func (o *Session) patch(_ context.Context, req PatchRequest) (SessionView, error) {
	if req.Preferences != nil {
		p, err := o.preferences().Patch(req.Preferences)
		if err != nil {
			return SessionView{}, err
		}
		o.prefs.Set(p)
	}
	if req.Metadata != nil {
		m, err := fortunet.PatchMetadata(o.metadata.Or(nil), req.Metadata)
		if err != nil {
			return SessionView{}, err
		}
		o.metadata.Set(m)
	}
	if req.Preferences != nil {
		o.updated(sessionUpdate{Preferences: new(o.preferences())})
	}
	return o.view(nil, struct{}{})
}

func (o *Session) addChart(_ context.Context, id string) (bool, error) {
	if err := checkChartID(id); err != nil {
		return false, err
	}
	charts := o.charts.Or(nil)
	if n := len(charts); n > 0 && charts[n-1] == id {
		return false, nil
	}
	charts = slices.DeleteFunc(slices.Clone(charts), func(c string) bool { return c == id })
	charts = append(charts, id)
	charts = charts[max(0, len(charts)-maxActiveCharts):]
	o.charts.SetRelaxed(charts)
	o.updated(sessionUpdate{ActiveCharts: charts})
	return true, nil
}

func (o *Session) removeChart(_ context.Context, id string) (bool, error) {
	charts := o.charts.Or(nil)
	i := slices.Index(charts, id)
	if i < 0 {
		return false, nil
	}
	charts = slices.Delete(slices.Clone(charts), i, i+1)
	o.charts.Set(charts)
	o.updated(sessionUpdate{ActiveCharts: charts})
	return true, nil
}

// checkChartID refuses what cannot be a chart's key or id.
func checkChartID(id string) error {
	const longest = 200
	bad := id == "" || len(id) > longest
	for i := 0; i < len(id) && !bad; i++ {
		bad = id[i] <= ' ' || id[i] >= 0x7f
	}
	if bad {
		return fault.Field("chartId", fortunet.CodeInvalidValue, "this is not a chart's key")
	}
	return nil
}

// refresh reads the user from the database anew.
func (o *Session) refresh(ctx context.Context, _ struct{}) (UserView, error) {
	u, err := o.users.User(ctx, o.s.Name())
	if err != nil {
		return UserView{}, err
	}
	if u == o.who() {
		return ViewOf(u), nil
	}
	o.user.Set(u)
	if !u.Guest {
		o.s.ClearAlarm("guest")
	}
	view := ViewOf(u)
	o.updated(sessionUpdate{User: &view})
	return view, nil
}

func (o *Session) delete(context.Context, struct{}) (bool, error) {
	for _, p := range o.s.Peers("") {
		o.s.Hangup(p, closeSignedOut, "the account was deleted")
	}
	o.tally.signedOut.Add(int64(o.devices.Len()))
	o.s.Destroy()
	return true, nil
}

// guestDue is the alarm of a guest: one that is unused for guestLife is deleted.
func (o *Session) guestDue(ctx context.Context, _ durable.Alarm) error {
	if due := time.UnixMilli(o.activity.Or(0)).Add(guestLife); o.s.Now().Before(due) || len(o.s.Peers("")) > 0 {
		o.s.SetAlarm("guest", maxTime(due, o.s.Now().Add(time.Hour)))
		return nil
	}
	gone, err := o.users.DeleteGuest(ctx, o.s.Name())
	if err != nil {
		return err
	}
	if gone {
		_, err = o.delete(ctx, struct{}{})
	}
	return err
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func init() {
	durable.OnAlarm(Sessions, "guest", (*Session).guestDue)
	durable.OnAlarm(Sessions, "devices", (*Session).devicesDue)
}

// randomID returns a name for something of a session.
func randomID() string { return rand.Text()[:16] }
