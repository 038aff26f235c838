// Package database keeps what is relational: users, how they sign in, the births and
// charts they saved. It is the one door to SQL.
//
// One machine keeps it in a SQLite file. What is particular to SQLite stands in
// sqlite.go alone; the statements and migrations elsewhere are such as PostgreSQL
// understands too, with numbered parameters, Unix milliseconds for times and 0 or 1
// for truth.
//
// All writes go through one writer, which lets those that wait at the same time share
// a transaction and its sync (write.go). A write that has returned nil is on the disk.
// Names, notes and tags are stored as fortunet.CleanName and CleanNotes leave them,
// whoever calls; text that is no UTF-8 or holds a NUL is refused.
//
// Errors are faults: NotFound where there is no such row or it is somebody else's,
// Invalid and TooLarge for what cannot be stored, Conflict for what clashes with what
// is there, Unavailable with a code where the disk or the file is at fault. None shows
// a statement, a path or what somebody wrote.
//
// Migrations go forward only. A program may stand beside the next newer one on the
// same tables, so a migration first adds what the newer program needs, with a default
// for rows of the older, and a later release removes what nobody reads any more.
package database

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"time"

	"github.com/pressly/goose/v3"

	"github.com/fortunet/fortunet/fault"
)

//go:embed migration/*.sql
var migrations embed.FS

// A DB is an open database. Its methods may be called by several goroutines at once.
type DB struct {
	read  *sql.DB
	write *sql.DB // one connection, of the writer alone once it runs
	path  string  // absolute
	busy  time.Duration

	queue chan *job
	done  chan struct{} // closed when the writer has ended
	count counters

	mu     sync.RWMutex // held for reading while a write is queued
	closed bool
}

// Options say where a database is and how it is used.
type Options struct {
	// Path is that of the file. It, and what SQLite puts beside it, are made with
	// mode 0600, and missing folders above it with 0700.
	Path string
	// BusyTimeout is how long a write waits for another program that is writing to the
	// file; 0 means 5 s.
	BusyTimeout time.Duration
	// Readers is how many reads run at the same time; 0 means 4. Others wait.
	Readers int
}

// Open opens the database, making it if there is none, and brings its tables up to
// date. It returns once it has written to it. A database that a newer program has brought
// further is refused, unchanged: the fault is Unavailable with code "data_too_new".
func Open(ctx context.Context, o Options) (*DB, error) {
	if o.Path == "" {
		return nil, fault.Field("path", "missing_field", "the path of the database is empty")
	}
	path, err := filepath.Abs(o.Path)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if o.BusyTimeout <= 0 {
		o.BusyTimeout = 5 * time.Second
	}
	if o.Readers <= 0 {
		o.Readers = 4
	}
	if err := touch(path); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db := &DB{path: path, busy: o.BusyTimeout, queue: make(chan *job, maxWaiting), done: make(chan struct{})}
	if db.write, err = openFile(path, forWriting, o.BusyTimeout, 1); err == nil {
		db.read, err = openFile(path, forReading, o.BusyTimeout, o.Readers)
	}
	if err == nil {
		err = db.migrate(ctx)
	}
	if err == nil { // found out now, not by the first user
		_, err = db.write.ExecContext(ctx, storeHealth, now().UnixMilli())
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", errors.Join(failure(whyNot(err, path)), db.shut()))
	}
	go db.writer()
	return db, nil
}

// migrate brings the tables up to date. Another program may be doing the same to a file
// that is new to both: what has failed is tried again as long as the file gets on.
func (db *DB) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migration")
	if err != nil {
		return err
	}
	for seen := int64(-1); ; {
		p, err := goose.NewProvider(gooseDialect, db.write, files, goose.WithDisableGlobalRegistry(true))
		if err != nil {
			return fmt.Errorf("read migrations: %w", err)
		}
		if err = up(ctx, p); err == nil {
			return nil
		}
		has, unread := p.GetDBVersion(ctx)
		if unread != nil || has <= seen || fault.CodeOf(err) == codeTooNew {
			return err
		}
		seen = has
	}
}

// up applies the migrations that the database does not have yet, each in a transaction
// of its own, unless it has some that this program does not know.
func up(ctx context.Context, p *goose.Provider) error {
	has, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	sources := p.ListSources()
	if newest := sources[len(sources)-1].Version; has > newest {
		return fault.Coded(fault.Unavailable, codeTooNew,
			"the database has schema version %d, this program knows %d: run a newer fortunet", has, newest)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// Close finishes the writes that wait and closes the database. A second call does
// nothing.
func (db *DB) Close() error {
	db.mu.Lock()
	was := db.closed
	db.closed = true
	if !was {
		close(db.queue)
	}
	db.mu.Unlock()
	<-db.done
	if was {
		return nil
	}
	return db.shut()
}

func (db *DB) isClosed() bool {
	db.mu.RLock()
	defer db.mu.RUnlock()
	return db.closed
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

const storeHealth = "UPDATE health SET at = $1 WHERE id = 1"

// Check returns nil if the database can be read and written now. It stores a time, so
// it costs a sync.
func (db *DB) Check(ctx context.Context) error {
	var at int64
	if err := db.read.QueryRowContext(ctx, "SELECT at FROM health WHERE id = 1").Scan(&at); err != nil {
		return fmt.Errorf("check reading: %w", failure(err))
	}
	err := db.do(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, storeHealth, now().UnixMilli())
		return err
	})
	if err != nil {
		return fmt.Errorf("check writing: %w", err)
	}
	return nil
}
