package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/objects"
	"github.com/fortunet/fortunet/server"
)

// serveCommand runs the server.
type serveCommand struct {
	Addr         string        `default:"127.0.0.1:8787" help:"Where to listen."`
	Data         string        `default:"data" type:"path" help:"The directory that holds everything; made if need be."`
	Limit        []string      `placeholder:"CLASS[.PLAN]=N/DURATION[+OPTION]" help:"Set the limit of a class, such as default=1000/1h or default.free=50/1h+skip-failed. Options: shadow, skip-succeeded, skip-failed, fail-open, fail-closed. Repeatable."`
	CacheStale   time.Duration `placeholder:"DURATION" help:"For how long a cached chart is served after it has expired while a new one is computed, such as 1h; otherwise it is computed while its reader waits."`
	TLSCert      string        `name:"tls-cert" type:"path" help:"Certificate chain, PEM; with it the server speaks HTTPS."`
	TLSKey       string        `name:"tls-key" type:"path" help:"The certificate's key, PEM."`
	MetricsAddr  string        `placeholder:"ADDR" help:"Serve /metrics there, and not at the public address."`
	TrustedProxy []string      `placeholder:"CIDR" help:"A proxy whose X-Forwarded-For is believed. Repeatable."`
	Origin       []string      `placeholder:"URL" help:"Another origin whose pages may call the API. Repeatable."`
	LogFormat    string        `enum:"text,json" default:"text" help:"How to log: text or json."`
	LogRequests  bool          `help:"Log each request: its route, status and time, and nothing of who asked."`
	LogLevel     string        `enum:"debug,info,warn,error" default:"info" help:"From which level on to log: debug, info, warn or error."`
	Web          string        `type:"existingdir" help:"Serve the page from this directory, for working on it."`
}

// How long requests under way have to finish at the end, and everything together.
const (
	requestTime  = 8 * time.Second
	shutdownTime = 20 * time.Second
)

// Run opens everything, serves until the program is asked to stop, and closes
// everything.
func (cmd *serveCommand) Run(c *console) (err error) {
	log := cmd.logger(c)
	rules, proxies, err := cmd.settings()
	if err != nil {
		return err
	}
	d, err := openData(c, cmd.Data, &objects.Deps{Rules: rules, Log: log, Stale: cmd.CacheStale})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	control, err := d.listen()
	if err != nil {
		return err
	}
	defer control.Close()
	s, err := server.New(d.serverOptions(cmd, proxies, log))
	if err != nil {
		return err
	}
	return cmd.serve(c, s, d, control, log)
}

// settings reads the flags that are a language of their own. Nothing is opened before.
func (cmd *serveCommand) settings() (fortunet.Rules, []netip.Prefix, error) {
	rules := fortunet.DefaultRules()
	for _, l := range cmd.Limit {
		if err := rules.Configure(l); err != nil {
			return rules, nil, wrongUse("--limit %q: %s", l, fault.Public(err).Message)
		}
	}
	var proxies []netip.Prefix
	for _, p := range cmd.TrustedProxy {
		prefix, err := netip.ParsePrefix(p)
		if addr, aerr := netip.ParseAddr(p); err != nil && aerr == nil {
			prefix, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			return rules, nil, wrongUse("--trusted-proxy %q is neither an address nor a range such as 10.0.0.0/8", p)
		}
		proxies = append(proxies, prefix)
	}
	if err := server.CheckOrigins(cmd.Origin); err != nil {
		return rules, nil, wrongUse("--origin %s", fault.Public(err).Message)
	}
	for flag, addr := range map[string]string{"--addr": cmd.Addr, "--metrics-addr": cmd.MetricsAddr} {
		if _, _, err := net.SplitHostPort(addr); err != nil && (addr != "" || flag == "--addr") {
			return rules, nil, wrongUse("%s %q is not HOST:PORT, such as 127.0.0.1:8787", flag, addr)
		}
	}
	if cmd.CacheStale < 0 {
		return rules, nil, wrongUse("--cache-stale %v is no time to come", cmd.CacheStale)
	}
	if (cmd.TLSCert == "") != (cmd.TLSKey == "") {
		return rules, nil, wrongUse("--tls-cert and --tls-key belong together")
	}
	return rules, proxies, nil
}

func (cmd *serveCommand) logger(c *console) *slog.Logger {
	var level slog.Level
	level.UnmarshalText([]byte(cmd.LogLevel)) // kong has checked it
	o := &slog.HandlerOptions{Level: level}
	if cmd.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(c.stderr, o))
	}
	return slog.New(slog.NewTextHandler(c.stderr, o))
}

// serve listens until the program is asked to stop or cannot go on.
func (cmd *serveCommand) serve(c *console, s *server.Server, d *data, control net.Listener, log *slog.Logger) error {
	public, err := cmd.listen()
	if err != nil {
		return err
	}
	tune(c.getenv)
	failed := make(chan error, 3)
	servers := []*http.Server{start(s.HTTP(), public, failed),
		start(&http.Server{Handler: d.controlHandler(log), ReadHeaderTimeout: time.Second}, control, failed)}
	if cmd.MetricsAddr != "" {
		l, err := net.Listen("tcp", cmd.MetricsAddr)
		if err != nil {
			return fmt.Errorf("--metrics-addr: %w", err)
		}
		servers = append(servers, start(s.MetricsHTTP(), l, failed))
	}
	fmt.Fprintf(c.stdout, "FortuneT is at %s\n", cmd.url(public.Addr()))
	log.Info("serving", "addr", public.Addr().String(), "version", build())
	select {
	case <-c.Done():
		log.Info("stopping")
	case err = <-failed:
	}
	s.Drain()
	return errors.Join(err, shutDown(servers, d, log))
}

// shutDown takes no more requests, lets those under way finish while all they need is
// there, and then ends what they stand on. A client that does not send the rest of its
// request, or take its answer, hinders nobody.
func shutDown(servers []*http.Server, d *data, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
	defer cancel()
	finish, enough := context.WithTimeout(ctx, requestTime)
	defer enough()
	var running sync.WaitGroup
	for _, srv := range servers {
		running.Go(func() {
			if err := srv.Shutdown(finish); err != nil {
				log.Warn("requests under way were cut off", "after", requestTime)
				srv.Close()
			}
		})
	}
	running.Wait()
	if err := d.stop(ctx); err != nil {
		return fmt.Errorf("not everything could be finished and stored: %w", err)
	}
	return nil
}

func (cmd *serveCommand) listen() (net.Listener, error) {
	l, err := net.Listen("tcp", cmd.Addr)
	if err != nil {
		return nil, fmt.Errorf("--addr: %w", err)
	}
	if cmd.TLSCert == "" {
		return server.Listener(l), nil
	}
	cert, err := tls.LoadX509KeyPair(cmd.TLSCert, cmd.TLSKey)
	if err != nil {
		l.Close()
		return nil, fmt.Errorf("--tls-cert, --tls-key: %w", err)
	}
	return tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}), nil
}

func (cmd *serveCommand) url(addr net.Addr) string {
	if cmd.TLSCert != "" {
		return "https://" + addr.String() + "/"
	}
	return "http://" + addr.String() + "/"
}

// start lets srv answer at l.
func start(srv *http.Server, l net.Listener, failed chan<- error) *http.Server {
	go func() {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	}()
	return srv
}
