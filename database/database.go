// Package database keeps what is relational: users, how they sign in, the births and
// charts they saved. It is the one door to SQL.
//
// One machine keeps it in a SQLite file. What is particular to SQLite stands in this
// file and in backup.go; the statements elsewhere are such as PostgreSQL understands
// too, with numbered parameters and Unix milliseconds for times.
package database

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/fortunet/fortunet/fault"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
)

//go:embed migration/*.sql
var migrations embed.FS

// A DB is an open database. Its methods may be called by several goroutines at once.
type DB struct {
	read  *sql.DB
	write *sql.DB
	queue chan *job
	done  chan struct{} // closed when the writer has ended
	path  string

	mu     sync.RWMutex // held for reading while a write is queued
	closed bool
}

// Options say where a database is.
type Options struct {
	Path string // of the file; it and what is beside it are made with mode 0600
}

// Open opens the database, making it if there is none, and brings its tables up to
// date. It refuses a database that a newer program has brought further.
func Open(ctx context.Context, o Options) (*DB, error) {
	if err := touch(o.Path); err != nil {
		return nil, unavailable(err)
	}
	db := &DB{path: o.Path, queue: make(chan *job, 1024), done: make(chan struct{})}
	var err error
	if db.write, err = open(o.Path, "immediate", 1); err == nil {
		db.read, err = open(o.Path, "deferred", 4)
	}
	if err == nil {
		err = db.migrate(ctx)
	}
	if err != nil {
		db.shut()
		return nil, fmt.Errorf("open database: %w", err)
	}
	go db.writer()
	return db, nil
}

// touch makes the file with the right mode before SQLite makes it with another; the
// journal beside it takes the same.
func touch(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func open(path, lock string, conns int) (*sql.DB, error) {
	q := url.Values{"_txlock": {lock}, "_pragma": {"journal_mode(wal)", "synchronous(full)", "foreign_keys(on)",
		"busy_timeout(5000)", "cache_size(-4000)"}}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// migrate applies the migrations that the database does not have yet.
func (db *DB) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migration")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db.write, files)
	if err != nil {
		return fmt.Errorf("migrations: %w", wrap(err))
	}
	has, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("schema version: %w", wrap(err))
	}
	sources := p.ListSources()
	if newest := sources[len(sources)-1].Version; has > newest {
		return fault.Coded(fault.Unavailable, "data_too_new",
			"the database has schema version %d, this program knows %d: run a newer fortunet", has, newest)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", wrap(err))
	}
	return nil
}

// Close finishes what is being written and closes the database. A second call does
// nothing.
func (db *DB) Close() error {
	db.mu.Lock()
	was := db.closed
	db.closed = true
	if !was {
		close(db.queue)
	}
	db.mu.Unlock()
	if was {
		return nil
	}
	<-db.done
	return db.shut()
}

func (db *DB) shut() error {
	var errs []error
	for _, d := range []*sql.DB{db.read, db.write} {
		if d != nil {
			errs = append(errs, d.Close())
		}
	}
	return errors.Join(errs...)
}

// Check returns nil if the database can be read and written now.
func (db *DB) Check(ctx context.Context) error {
	var n int
	if err := db.read.QueryRowContext(ctx, "SELECT count(*) FROM users WHERE id = ''").Scan(&n); err != nil {
		return wrap(err)
	}
	return db.do(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE users SET seen = seen WHERE id = ''")
		return err
	})
}

// wrap gives an error of the driver its kind. Its text stays private.
func wrap(err error) error {
	var lite *sqlite.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return fault.Wrap(err, fault.NotFound, "there is no such thing")
	case errors.As(err, &lite):
		const busy, readOnly, ioErr, corrupt, full, cantOpen, constraint, notADB = 5, 8, 10, 11, 13, 14, 19, 26
		switch lite.Code() & 0xff {
		case busy, readOnly, ioErr, corrupt, full, cantOpen, notADB:
			return unavailable(err)
		case constraint:
			return fault.Wrap(err, fault.Conflict, "it clashes with what is there")
		}
	}
	return err
}

func unavailable(err error) error {
	return &fault.Error{Kind: fault.Unavailable, Code: "database_unavailable",
		Message: "the database cannot do this now", RetryAfter: 5 * time.Second, Err: err}
}

// millis is a time as it is stored.
func millis(t time.Time) int64 { return t.UnixMilli() }

func isUnique(err error, column string) bool {
	var lite *sqlite.Error
	return errors.As(err, &lite) && strings.Contains(lite.Error(), "UNIQUE") && strings.Contains(lite.Error(), column)
}
