package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"

	"github.com/fortunet/fortunet/fault"
)

// gooseDialect is how migrations remember how far they are.
const gooseDialect = goose.DialectSQLite3

// What a connection is for. A writing transaction takes the lock when it begins: one
// that took it later could fail half way, because somebody wrote in between.
const (
	forReading = "deferred"
	forWriting = "immediate"
)

// openFile returns a pool of connections to the file. A commit is synced before it is
// answered, also in WAL mode, and what is deleted is overwritten, so that a user who
// has gone leaves nothing in free pages.
func openFile(path, purpose string, busy time.Duration, conns int) (*sql.DB, error) {
	q := url.Values{
		"_busy_timeout": {strconv.FormatInt(busy.Milliseconds(), 10)},
		"_txlock":       {purpose},
		"_pragma": {"journal_mode(wal)", "synchronous(full)", "foreign_keys(on)", "secure_delete(on)",
			"cache_size(-4000)", "journal_size_limit(67108864)"},
	}
	if purpose == forReading {
		q.Add("_pragma", "query_only(on)")
	}
	db, err := sql.Open("sqlite", "file://"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// touch makes the file with the right mode before SQLite makes it with another; what
// SQLite puts beside it takes the same. A file that is there is not opened: closing it
// would end the locks that this process has on it (sqlite.org/howtocorrupt.html, 2.2).
func touch(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fileFailure(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) { // made by somebody else just now
		return nil
	}
	if err == nil {
		err = errors.Join(f.Close(), syncDir(dir), syncDir(filepath.Dir(dir)))
	}
	return fileFailure(err)
}

// whyNot returns the error of opening a database with the reason, where that is the
// folder: SQLite only says that it could not make the files beside its own.
func whyNot(err error, path string) error {
	lite, ok := errors.AsType[*sqlite.Error](err)
	if !ok || lite.Code()&0xff != sqliteCantOpen {
		return err
	}
	probe, cannot := os.CreateTemp(filepath.Dir(path), "probe")
	if cannot != nil {
		return fileFailure(errors.Join(cannot, err))
	}
	return errors.Join(err, probe.Close(), os.Remove(probe.Name()))
}

// syncDir makes the names in a directory durable.
func syncDir(path string) error {
	d, err := os.Open(path)
	if errors.Is(err, fs.ErrPermission) {
		return nil // a folder above ours that we may pass and not list
	}
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// fileFailure gives an error of the file system its kind.
func fileFailure(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return unavailable(err, codeFull, "the database's disk is full")
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return unavailable(err, codeReadOnly, "the database cannot be written to")
	}
	return unavailable(err, codeUnavailable, "the database cannot do this now")
}

// SQLite's result codes, of which the low byte says what happened and the rest where
// (sqlite.org/rescode.html).
const (
	sqlitePerm       = 3
	sqliteBusy       = 5
	sqliteLocked     = 6
	sqliteNoMem      = 7
	sqliteReadOnly   = 8
	sqliteInterrupt  = 9
	sqliteIOErr      = 10
	sqliteCorrupt    = 11
	sqliteFull       = 13
	sqliteCantOpen   = 14
	sqliteProtocol   = 15
	sqliteTooBig     = 18
	sqliteConstraint = 19
	sqliteNotADB     = 26

	constraintForeignKey = sqliteConstraint | 3<<8
	constraintPrimaryKey = sqliteConstraint | 6<<8
	constraintUnique     = sqliteConstraint | 8<<8
)

// driverFailure gives an error of SQLite its kind; nil if err is none of those.
func driverFailure(err error) error {
	lite, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return nil
	}
	switch lite.Code() & 0xff {
	case sqliteBusy, sqliteLocked, sqliteProtocol:
		return unavailable(err, codeBusy, "another program holds the database")
	case sqliteFull:
		return unavailable(err, codeFull, "the database's disk is full")
	case sqliteReadOnly, sqlitePerm:
		return unavailable(err, codeReadOnly, "the database cannot be written to")
	case sqliteCorrupt, sqliteNotADB:
		return unavailable(err, codeCorrupt, "the database's file is damaged, or is none")
	case sqliteIOErr, sqliteCantOpen, sqliteNoMem:
		return unavailable(err, codeUnavailable, "the database cannot do this now")
	case sqliteInterrupt:
		return coded(err, fault.Unavailable, codeCancelled, "the caller stopped waiting")
	case sqliteTooBig:
		return coded(err, fault.TooLarge, "too_large", "it is too large to be stored")
	case sqliteConstraint:
		if lite.Code() == constraintForeignKey {
			return fault.Wrap(err, fault.NotFound, "there is no such user")
		}
		return fault.Wrap(err, fault.Conflict, "it clashes with what is there")
	}
	return nil
}

// clashes reports whether err is that of a second row with the same value in a column,
// given as "table.column".
func clashes(err error, column string) bool {
	lite, ok := errors.AsType[*sqlite.Error](err)
	return ok && (lite.Code() == constraintUnique || lite.Code() == constraintPrimaryKey) && strings.Contains(lite.Error(), column)
}

// vacuumInto copies the database, as it is at one moment, into a file that is there and
// empty, over a connection of its own. The copy is not synced.
func (db *DB) vacuumInto(ctx context.Context, path string) error {
	conn, err := sql.Open("sqlite", "file://"+(&url.URL{Path: db.path}).EscapedPath()+"?_busy_timeout="+strconv.FormatInt(db.busy.Milliseconds(), 10))
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "VACUUM INTO $1", path); err != nil {
		return errors.Join(fmt.Errorf("copy: %w", err), conn.Close())
	}
	return conn.Close()
}
