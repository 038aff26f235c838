// Package server is FortuneT's API: HTTP and WebSockets in, calls of objects, JSON out.
//
// It is thin and keeps nothing between requests. routes.go lists every route on one
// screen; each passes the same steps (middleware.go: the guard, compression, other
// origins; request.go: who asks, what it counts as), then its handler. Errors become
// answers in one place, problem.go. The routes that carry the product's load,
// calculate and session, are written against net/http alone; all others are huma's,
// and huma describes both kinds at /openapi.json.
package server

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/web"
)

// Options say what a Server stands on. Runtime, Accounts and Secret must be set.
type Options struct {
	// Runtime hosts the objects of package objects.
	Runtime *durable.Runtime
	// Accounts is where users and their passwords are kept.
	Accounts Accounts
	// Export returns everything the database holds of a user, secrets aside, as
	// something that encodes as JSON; nil means that there is nothing to add to what
	// objects hold.
	Export func(ctx context.Context, userID string) (any, error)
	// Grant sets a user's plan and role in the database, nil leaving one as it is;
	// without it operators cannot change them over HTTP.
	Grant func(ctx context.Context, userID string, plan *fortunet.Plan, role *fortunet.Role) error
	// Secret keys the digests in chart keys and the names of what counts sign-ins, at
	// least 16 bytes. With another secret every cached chart is a miss.
	Secret []byte

	// Rules are those the limiters were hosted with. The server reads from them
	// whether a request passes while its limiter cannot be asked.
	Rules fortunet.Rules
	// TrustedProxies are the networks of proxies whose X-Forwarded-For and
	// X-Forwarded-Proto are believed.
	TrustedProxies []netip.Prefix
	// Origins are the origins, beside the server's own, whose pages may call the API
	// with a user's cookie, such as "https://app.example.org".
	Origins []string

	// Web serves the pages; nil means those embedded in package web.
	Web http.Handler
	// Version is that of the program, shown in /openapi.json.
	Version string
	// Ready are the things without which the server cannot work.
	Ready []Probe
	// Figures are further numbers for /metrics.
	Figures []Figure
	// HideMetrics keeps /metrics off the public address; Server.Metrics is then
	// served on another.
	HideMetrics bool

	// Log is where the server tells what somebody should know; nil means nowhere.
	Log *slog.Logger
	// AccessLog gets a line for each request, without personal data; nil means none.
	AccessLog *slog.Logger
}

// Accounts is what the server needs of the database beside what sessions need. A fault
// for nobody is NotFound, that for an address which has an account a Conflict.
type Accounts interface {
	CreateGuest(ctx context.Context, name string) (fortunet.User, error)
	// CreateUser makes an account; password is the PHC string of its hash.
	CreateUser(ctx context.Context, email, name, password string) (fortunet.User, error)
	// Register makes a guest an account, which keeps its id.
	Register(ctx context.Context, id, email, name, password string) (fortunet.User, error)
	UserByEmail(ctx context.Context, email string) (fortunet.User, error)
	// PasswordOf returns the PHC string of a user's password.
	PasswordOf(ctx context.Context, userID string) (string, error)
	DeleteUser(ctx context.Context, id string) error
}

// A Server answers requests. It is made by New and is ready at once.
type Server struct {
	o       Options
	log     *slog.Logger
	mux     *http.ServeMux
	handler http.Handler
	site    http.Handler
	api     huma.API
	csrf    *http.CrossOriginProtection
	hasher  *hasher
	metrics *metrics
	ready   *readiness
	spec    document
	routed  []string          // "METHOD /path" of every route
	creates map[string]*route // by pattern: those that heed an Idempotency-Key
}

const minSecret = 16 // bytes

// New returns a server, or a fault about what is wrong with the options.
func New(o Options) (*Server, error) {
	switch {
	case o.Runtime == nil || o.Accounts == nil:
		return nil, fault.Errorf(fault.Invalid, "a server needs a runtime and accounts")
	case len(o.Secret) < minSecret:
		return nil, fault.Errorf(fault.Invalid, "the server's secret must have %d bytes at least", minSecret)
	}
	if err := CheckOrigins(o.Origins); err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Web == nil {
		o.Web = web.Handler()
	}
	if o.Version == "" {
		o.Version = "dev"
	}
	s := &Server{o: o, log: o.Log, mux: http.NewServeMux(), site: o.Web, csrf: http.NewCrossOriginProtection(), hasher: newHasher(),
		metrics: newMetrics(o.Runtime, o.Figures), ready: newReadiness(o.Ready, o.Log), creates: map[string]*route{}}
	s.api = newAPI(s.mux, o.Version)
	s.routes()
	s.settleRefusals()
	spec, err := json.Marshal(s.api.OpenAPI())
	if err != nil {
		return nil, err
	}
	s.spec = newDocument("application/json", spec)
	s.handler = s.chain(s.mux)
	return s, nil
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Metrics serves the server's figures to Prometheus.
func (s *Server) Metrics() http.Handler { return s.metrics.handler() }

// Drain makes /readyz say that the server is stopping, so that whatever spreads
// requests over several servers sends no more here. It is called before Shutdown.
func (s *Server) Drain() { s.ready.stopping.Store(true) }

// Time-outs of connections. Answers are small, so a client that has not taken one by
// the end of writeTimeout is gone; WebSockets are not concerned.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 60 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 32 << 10 // bytes
)

// HTTP returns an http.Server around s with time-outs and limits set. Its own error
// log, whose lines hold addresses, goes nowhere.
func (s *Server) HTTP() *http.Server { return s.around(s) }

// MetricsHTTP is HTTP for an address that serves /metrics alone.
func (s *Server) MetricsHTTP() *http.Server {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", s.Metrics())
	return s.around(mux)
}

func (s *Server) around(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ErrorLog:    slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug),
		ConnContext: withConn,
		BaseContext: func(net.Listener) context.Context { return context.Background() }}
}
