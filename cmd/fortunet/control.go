package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/objects"
)

// A running server takes orders from who may write to its data directory, through a
// socket in it.

// errNotRunning says that no server runs on the data directory.
var errNotRunning = errors.New("no server is running on this data directory")

// socketPath returns a path to the control socket that is short enough for the kernel,
// however long the directory's is.
func socketPath(dir string) (path string, done func(), err error) {
	path = filepath.Join(dir, controlFile)
	const longest = 100
	if len(path) < longest {
		return path, func() {}, nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", f.Fd(), controlFile), func() { f.Close() }, nil
}

// listen opens the control socket. The directory is locked, so a socket that is there
// was left behind by a server that is gone.
func (d *data) listen() (net.Listener, error) {
	path, done, err := socketPath(d.dir)
	if err != nil {
		return nil, err
	}
	defer done()
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false) // by a path that may not be valid then
	return l, os.Chmod(path, 0o600)
}

// An order is what the control socket is asked, an outcome what it answers.
type order struct {
	To    string         `json:"to,omitempty"`    // backup: a directory that does not exist
	User  string         `json:"user,omitempty"`  // grant: an id or an address
	Admin *bool          `json:"admin,omitempty"` // grant
	Plan  *fortunet.Plan `json:"plan,omitempty"`  // grant
}

type outcome struct {
	Error string `json:"error,omitempty"`
	Done  string `json:"done,omitempty"`
}

// controlHandler answers orders. Each is logged.
func (d *data) controlHandler(log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	handle := func(name string, f func(context.Context, order) (string, error)) {
		mux.HandleFunc("POST /"+name, func(w http.ResponseWriter, r *http.Request) {
			var o order
			const longest = 64 << 10
			err := json.NewDecoder(io.LimitReader(r.Body, longest)).Decode(&o)
			var out outcome
			if err == nil {
				out.Done, err = f(r.Context(), o)
			}
			if err != nil {
				out.Error = complaint(err)
			}
			log.Info("operator's order", "order", name, "ok", err == nil)
			json.NewEncoder(w).Encode(out)
		})
	}
	handle("backup", func(ctx context.Context, o order) (string, error) { return o.To, d.backup(ctx, o.To) })
	handle("grant", d.grant)
	return mux
}

// grant changes what a user may do; live sessions follow at once.
func (d *data) grant(ctx context.Context, o order) (string, error) {
	u, err := d.db.User(ctx, o.User)
	if fault.KindOf(err) == fault.NotFound && strings.Contains(o.User, "@") {
		u, err = d.db.UserByEmail(ctx, o.User)
	}
	if err != nil {
		return "", err
	}
	var role *fortunet.Role
	if o.Admin != nil {
		role = new(fortunet.NoRole)
		if *o.Admin {
			*role = fortunet.Admin
		}
	}
	if err := d.setUser(ctx, u.ID, o.Plan, role); err != nil {
		return "", err
	}
	_, err = objects.Refresh(ctx, objects.Sessions.Get(d.rt, u.ID), struct{}{})
	return u.ID, err
}

// ask gives an order to the server that runs on a data directory.
func ask(ctx context.Context, dir, name string, o order) (string, error) {
	path, done, err := socketPath(dir)
	if err != nil {
		return "", errNotRunning
	}
	defer done()
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var dialer net.Dialer
		conn, err := dialer.DialContext(ctx, "unix", path)
		if err != nil {
			return nil, errNotRunning
		}
		return conn, nil
	}}}
	body, err := json.Marshal(o)
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://control/"+name, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	resp, err := client.Do(req)
	if err != nil {
		if errors.Is(err, errNotRunning) {
			return "", errNotRunning
		}
		return "", err
	}
	defer resp.Body.Close()
	var out outcome
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		return "", err
	}
	if out.Error != "" {
		return "", errors.New(out.Error)
	}
	return out.Done, nil
}
