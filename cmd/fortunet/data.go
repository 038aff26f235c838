package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/database"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/pebblestore"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/objects"
	"github.com/fortunet/fortunet/server"
	"github.com/fortunet/fortunet/web"
)

// The names in a data directory.
const (
	objectsDir   = "objects"      // of pebblestore, which also locks it
	databaseFile = "fortunet.db"  // of package database
	keysFile     = "keys.json"    // secrets
	controlFile  = "control.sock" // where a running server takes orders from its operator
)

// callTimeout is how long a call waits for a busy object or a disk that hangs where it
// belongs to no request, which has a deadline of its own: a socket's message, an order of
// the operator's.
const callTimeout = 20 * time.Second

// data is a data directory that is open, and what runs on it.
type data struct {
	dir   string
	keys  keys
	store *pebblestore.Store
	db    *database.DB
	deps  *objects.Deps
	rt    *durable.Runtime
}

// keys are the server's secrets.
type keys struct {
	Chart []byte `json:"chart"` // keys the digests in chart keys
}

// openData opens a data directory, making it and its secrets at the first time.
func openData(ctx context.Context, dir string, deps *objects.Deps) (*data, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	if err := checkWhole(dir); err != nil {
		return nil, err
	}
	d := &data{dir: dir, deps: deps}
	var err error
	if d.store, err = pebblestore.Open(filepath.Join(dir, objectsDir), pebblestore.Options{Logger: deps.Log}); err != nil {
		return nil, err
	}
	if d.db, err = database.Open(ctx, database.Options{Path: filepath.Join(dir, databaseFile)}); err == nil {
		d.keys, err = openKeys(filepath.Join(dir, keysFile))
	}
	if err == nil {
		d.deps.Users, d.deps.Compute = d.db, fortunet.AnswerText
		d.rt, err = durable.Open(durable.Options{Store: d.store, Objects: objects.Host(d.deps), Log: deps.Log, CallTimeout: callTimeout})
	}
	if err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

// checkWhole returns an error if something is gone from a data directory that was whole
// once: the secrets are made last. To begin anew with the rest would lose it silently.
func checkWhole(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, keysFile)); err != nil {
		return nil // which openKeys looks into
	}
	for _, name := range []string{objectsDir, databaseFile} {
		if _, err := os.Stat(filepath.Join(dir, name)); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is gone from %s: restore a backup into an empty directory", name, dir)
		}
	}
	return nil
}

// openKeys reads the secrets, or makes them.
func openKeys(path string) (k keys, err error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		k.Chart = make([]byte, 32)
		rand.Read(k.Chart)
		return k, writeSecret(path, k)
	}
	if err == nil {
		err = json.Unmarshal(raw, &k)
	}
	if err == nil && len(k.Chart) < 32 {
		err = errors.New("the key for charts is missing or short")
	}
	if err != nil {
		return k, fmt.Errorf("read %s: %w", path, err)
	}
	return k, nil
}

// writeSecret writes v as JSON into a file of mode 0600, durably: whatever happens
// meanwhile, the file is there whole or not at all.
func writeSecret(path string, v any) error {
	raw, err := json.MarshalIndent(v, "", "\t")
	if err != nil {
		return err
	}
	part := path + ".part" // of a process that was killed, if it is there
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(raw, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return syncDir(filepath.Dir(path))
}

// stop ends the runtime: sockets are told, events finish, relaxed writes are flushed.
func (d *data) stop(ctx context.Context) error {
	d.deps.Flush(d.rt)
	return d.rt.Close(ctx)
}

// close closes what is open. The runtime has stopped, or never ran.
func (d *data) close() error {
	var errs []error
	if d.rt != nil {
		ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
		defer cancel()
		errs = append(errs, d.stop(ctx))
	}
	if d.db != nil {
		errs = append(errs, d.db.Close())
	}
	if d.store != nil {
		errs = append(errs, d.store.Close())
	}
	return errors.Join(errs...)
}

// serverOptions wires a server to the directory.
func (d *data) serverOptions(cmd *serveCommand, proxies []netip.Prefix, log *slog.Logger) server.Options {
	o := server.Options{Runtime: d.rt, Accounts: d.db, Export: d.export, Grant: d.setUser, Secret: d.keys.Chart, Rules: d.deps.Rules,
		Version: build(), TrustedProxies: proxies, Origins: cmd.Origin, HideMetrics: cmd.MetricsAddr != "", Figures: d.figures(), Log: log,
		Ready: []server.Probe{{Name: "database", Check: d.db.Check}, {Name: "objects", Check: d.checkStore}}}
	if cmd.LogRequests {
		o.AccessLog = log
	}
	if cmd.Web != "" {
		o.Web = web.Live(cmd.Web)
	}
	return o
}

// export returns everything the database holds of a user.
func (d *data) export(ctx context.Context, id string) (any, error) { return d.db.ExportUser(ctx, id) }

// setUser changes a user's plan or role in the database.
func (d *data) setUser(ctx context.Context, id string, plan *fortunet.Plan, role *fortunet.Role) error {
	_, err := d.db.UpdateUser(ctx, id, database.UserChange{Plan: plan, Role: role})
	return err
}

// figures are the store's numbers for /metrics.
func (d *data) figures() []server.Figure {
	gauge := func(name, help string, of func(pebblestore.Metrics) float64) server.Figure {
		return server.Figure{Name: "store_" + name, Help: help, Value: func() float64 { return of(d.store.Metrics()) }}
	}
	counter := func(name, help string, of func(pebblestore.Metrics) float64) server.Figure {
		f := gauge(name, help, of)
		f.Counter = true
		return f
	}
	return []server.Figure{
		gauge("failing", "1 while objects can be neither loaded nor stored.", func(m pebblestore.Metrics) float64 {
			if m.Failing {
				return 1
			}
			return 0
		}),
		counter("failures_total", "How often the store failed.", func(m pebblestore.Metrics) float64 { return float64(m.Failures) }),
		gauge("free_bytes", "Free bytes on the disk.", func(m pebblestore.Metrics) float64 { return float64(m.FreeBytes) }),
		gauge("reserve_bytes", "Free bytes below which writes are refused.", func(m pebblestore.Metrics) float64 { return float64(m.ReserveBytes) }),
		gauge("disk_bytes", "Bytes of the store's files.", func(m pebblestore.Metrics) float64 { return float64(m.DiskBytes) }),
		gauge("wal_bytes", "Bytes of the write-ahead logs in use.", func(m pebblestore.Metrics) float64 { return float64(m.WALBytes) }),
		gauge("compaction_debt_bytes", "Bytes that are to be compacted.", func(m pebblestore.Metrics) float64 { return float64(m.Debt) }),
		gauge("cache_bytes", "Bytes of blocks in memory.", func(m pebblestore.Metrics) float64 { return float64(m.CacheBytes) }),
	}
}

// checkStore returns nil if objects can be stored now.
func (d *data) checkStore(context.Context) error {
	m := d.store.Metrics()
	switch {
	case m.Failing:
		return fault.Wrap(d.store.Err(), fault.Unavailable, "the disk that holds objects has failed")
	case m.LowSpace:
		return fault.Errorf(fault.Unavailable, "the disk is nearly full: %d bytes are free, writes need %d", m.FreeBytes, m.ReserveBytes)
	}
	return nil
}
