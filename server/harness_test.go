package server_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/database"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/durabletest"
	"github.com/fortunet/fortunet/objects"
	"github.com/fortunet/fortunet/server"
)

// A world is a server with everything it stands on: real objects on a memory store,
// and a real database.
type world struct {
	t     testing.TB
	s     *server.Server
	rt    *durable.Runtime
	store *durabletest.MemStore
	db    *database.DB
	logs  *lockedBuffer // everything logged, the access log too
	calcs *counter      // charts computed
	deps  *objects.Deps
}

// setup is what a test may change of a world before it is made.
type setup struct {
	server.Options
	accounts server.Accounts
	compute  objects.Compute
	store    *durabletest.MemStore
}

func newWorld(t testing.TB, change ...func(*setup)) *world {
	t.Helper()
	w := &world{t: t, logs: &lockedBuffer{}, calcs: &counter{}}
	db, err := database.Open(t.Context(), database.Options{Path: filepath.Join(t.TempDir(), "fortunet.db")})
	if err != nil {
		t.Fatal(err)
	}
	w.db = db
	log := slog.New(slog.NewJSONHandler(w.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	c := setup{store: durabletest.NewMemStore(), accounts: db, compute: fortunet.AnswerText}
	c.Options = server.Options{Secret: []byte("sixteen bytes at least"), Rules: fortunet.DefaultRules(), Version: "test", Log: log, AccessLog: log,
		Export: func(ctx context.Context, id string) (any, error) { return db.ExportUser(ctx, id) },
		Grant: func(ctx context.Context, id string, plan *fortunet.Plan, role *fortunet.Role) error {
			_, err := db.UpdateUser(ctx, id, database.UserChange{Plan: plan, Role: role})
			return err
		}}
	for _, f := range change {
		f(&c)
	}
	w.store = c.store
	deps := &objects.Deps{Users: db, Rules: c.Rules, Log: log, Compute: func(q fortunet.Question) (string, error) {
		w.calcs.add()
		return c.compute(q)
	}}
	if w.rt, err = durable.Open(durable.Options{Store: w.store, Objects: objects.Host(deps), Log: log}); err != nil {
		t.Fatal(err)
	}
	c.Runtime, c.Accounts = w.rt, c.accounts
	if w.s, err = server.New(c.Options); err != nil {
		t.Fatal(err)
	}
	w.deps = deps
	t.Cleanup(func() {
		ctx := context.Background()
		deps.Flush(w.rt)
		if err := w.rt.Close(ctx); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// An ask is a request; empty fields have defaults.
type ask struct {
	method, path, body string
	token              string
	from               string // the client's address, with or without a port
	header             map[string]string
}

func (a ask) request() *http.Request {
	if a.method == "" {
		a.method = "GET"
		if a.body != "" {
			a.method = "POST"
		}
	}
	var body io.Reader
	if a.body != "" {
		body = strings.NewReader(a.body)
	}
	r := httptest.NewRequest(a.method, a.path, body)
	if a.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if a.token != "" {
		r.Header.Set("Authorization", "Bearer "+a.token)
	}
	if a.from != "" {
		r.RemoteAddr = netip.AddrPortFrom(netip.MustParseAddr(a.from), 4000).String()
	}
	for name, value := range a.header {
		r.Header.Set(name, value)
	}
	return r
}

// A reply is an answer, read.
type reply struct {
	t      testing.TB
	Status int
	Header http.Header
	Body   []byte
}

// do sends a request and returns its answer, which must not be a 500.
func (w *world) do(a ask) reply {
	w.t.Helper()
	return w.serve(a.request())
}

func (w *world) serve(r *http.Request) reply {
	w.t.Helper()
	rec := httptest.NewRecorder()
	w.s.ServeHTTP(rec, r)
	got := reply{w.t, rec.Code, rec.Result().Header, rec.Body.Bytes()}
	if got.Status >= 500 && got.Status != 503 {
		w.t.Errorf("%s %s answers %d: %s", r.Method, r.URL.Path, got.Status, got.Body)
	}
	return got
}

func gunzip(t testing.TB, b []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// problem is what tests look at of a problem document.
type problem struct {
	Status     int
	Title      string
	Detail     string
	Error      string
	Code       string
	Field      string
	RetryAfter int
	PlanType   string
	RequestID  string
}

// wants fails the test unless the answer has the status and, where it is an error, is
// a whole problem document of the code.
func (r reply) wants(status int, code string) reply {
	r.t.Helper()
	if r.Status != status {
		r.t.Fatalf("status %d, want %d: %s", r.Status, status, r.Body)
	}
	if status < 400 {
		return r
	}
	p := r.problem()
	if p.Code != code {
		r.t.Errorf("code %q, want %q: %s", p.Code, code, r.Body)
	}
	if got := r.Header.Get("Content-Type"); got != "application/problem+json" {
		r.t.Errorf("content type %q of a problem", got)
	}
	if p.Status != status || p.Title == "" || p.Detail == "" || p.Error == "" || p.RequestID == "" || p.RequestID != r.Header.Get("X-Request-Id") {
		r.t.Errorf("not a whole problem: %s", r.Body)
	}
	return r
}

func (r reply) problem() problem {
	r.t.Helper()
	var p problem
	r.decode(&p)
	return p
}

func (r reply) decode(v any) {
	r.t.Helper()
	if err := json.Unmarshal(r.Body, v); err != nil {
		r.t.Fatalf("%v in %q", err, r.Body)
	}
}

// signedIn is the answer of signing in.
type signedIn struct {
	Token string
	User  objects.UserView
}

func (r reply) signedIn() signedIn {
	r.t.Helper()
	var in signedIn
	r.decode(&in)
	return in
}

// guest makes a guest and returns its token and id.
func (w *world) guest() (token, id string) {
	w.t.Helper()
	in := w.do(ask{method: "POST", path: "/api/v2/auth/guest"}).wants(201, "").signedIn()
	return in.Token, in.User.ID
}

// account registers somebody and returns their token and id.
func (w *world) account(email string) (token, id string) {
	w.t.Helper()
	in := w.do(ask{path: "/api/v2/auth/register", body: `{"email":"` + email + `","password":"correct horse"}`}).wants(201, "").signedIn()
	return in.Token, in.User.ID
}

// operator registers an administrator.
func (w *world) operator() (token, id string) {
	w.t.Helper()
	token, id = w.account("root@example.org")
	if _, err := w.db.UpdateUser(w.t.Context(), id, database.UserChange{Role: new(fortunet.Admin)}); err != nil {
		w.t.Fatal(err)
	}
	w.refresh(id)
	return token, id
}

// plan changes somebody's plan.
func (w *world) plan(id string, p fortunet.Plan) {
	w.t.Helper()
	if _, err := w.db.UpdateUser(w.t.Context(), id, database.UserChange{Plan: &p}); err != nil {
		w.t.Fatal(err)
	}
	w.refresh(id)
}

func (w *world) refresh(id string) {
	w.t.Helper()
	if _, err := objects.Refresh(w.t.Context(), objects.Sessions.Get(w.rt, id), struct{}{}); err != nil {
		w.t.Fatal(err)
	}
}

// birth is a request for the chart of the nth birth.
func birth(n int) string {
	dates := [...]string{"1990-05-17", "1984-02-29", "2001-12-31", "1975-08-08"}
	return `{"chartType":"ziwei","birthDate":"` + dates[n%len(dates)] + `","birthTime":"` + string([]byte{'0' + byte(n/40%2), '0' + byte(n/4%10)}) +
		`:` + string([]byte{'0' + byte(n/80%6), '5'}) + `","gender":"female","timezone":"Asia/Taipei"}`
}

// calculate asks for a chart.
func (w *world) calculate(token, body string) reply {
	w.t.Helper()
	return w.do(ask{path: "/api/v2/charts/calculate", body: body, token: token})
}

// A chart is the answer of calculate.
type chart struct {
	Success         bool
	Data            json.RawMessage
	Cached          bool
	CalculationTime float64
	ChartKey        string
}

func (r reply) chart() chart {
	r.t.Helper()
	var c chart
	r.decode(&c)
	return c
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) add() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
}

func (c *counter) get() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// failLoads makes objects of a type that are not in memory impossible to reach.
func failLoads(typ string) func(durable.ID) error {
	return func(id durable.ID) error {
		if id.Type == typ {
			return durable.ErrStore
		}
		return nil
	}
}
