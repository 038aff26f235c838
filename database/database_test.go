package database_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/database"
	"github.com/fortunet/fortunet/fault"
)

// open opens a database that is closed when the test ends.
func open(t testing.TB, path string) *database.DB {
	t.Helper()
	db, err := database.Open(context.Background(), database.Options{Path: path, BusyTimeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// empty returns a new database and its path.
func empty(t testing.TB) (*database.DB, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "fortunet.db")
	return open(t, path), path
}

// direct opens the file beside the package, to see and do what it does not offer.
func direct(t testing.TB, path string) *sql.DB {
	t.Helper()
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	raw.SetMaxOpenConns(1)
	t.Cleanup(func() { raw.Close() })
	return raw
}

// guest makes a guest.
func guest(t testing.TB, db *database.DB) fortunet.User {
	t.Helper()
	u, err := db.CreateGuest(context.Background(), "訪客")
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// wantCode fails the test unless err is a fault of that code, whose public form shows
// nothing of SQL or of the file.
func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	if got := fault.CodeOf(err); err == nil || got != code {
		t.Errorf("error %v has code %q, want %q", err, got, code)
		return
	}
	shown := fault.Public(err).Message
	for _, private := range []string{"SELECT", "INSERT", "UPDATE", "DELETE", "SQL", "constraint", "users.", "/", "goose"} {
		if strings.Contains(shown, private) {
			t.Errorf("the public message %q shows %q", shown, private)
		}
	}
}

func TestFilesArePrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "folder", "a b?c#d%20'é.db")
	guest(t, open(t, path))
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != 0o600 {
			t.Errorf("mode of the file%s is %v, want 0600", suffix, got)
		}
	}
	info, err := os.Stat(filepath.Dir(path))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("mode of the folder is %v, %v, want 0700", info.Mode(), err)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("this is not a database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, path, code string }{
		{"no path", "", "missing_field"},
		{"a folder", dir, "database_unavailable"},
		{"below a file", filepath.Join(text, "x.db"), "database_unavailable"},
		{"a NUL", filepath.Join(dir, "a\x00b"), "database_unavailable"},
		{"another file", text, "database_corrupt"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := database.Open(t.Context(), database.Options{Path: test.path})
			wantCode(t, err, test.code)
		})
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := database.Open(canceled, database.Options{Path: filepath.Join(dir, "late.db")})
	wantCode(t, err, "cancelled")
}

// A database that has lost a part of itself is refused or read as far as it goes, by
// name, and never takes the program down.
func TestDamagedFile(t *testing.T) {
	db, path := empty(t)
	u := guest(t, db)
	for range 50 {
		if _, err := db.CreateProfile(t.Context(), database.Profile{UserID: u.ID, Birth: json.RawMessage(`{}`), Notes: strings.Repeat("x", 5000)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		harm func([]byte) []byte
	}{
		{"cut in half", func(b []byte) []byte { return b[:len(b)/2] }},
		{"header gone", func(b []byte) []byte { clear(b[:100]); return b }},
		{"first pages gone", func(b []byte) []byte { clear(b[100:40_000]); return b }},
		{"middle gone", func(b []byte) []byte { clear(b[8192 : len(b)-8192]); return b }},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "harmed.db")
			if err := os.WriteFile(path, test.harm(append([]byte(nil), whole...)), 0o600); err != nil {
				t.Fatal(err)
			}
			db, err := database.Open(t.Context(), database.Options{Path: path})
			if err != nil {
				wantCode(t, err, "database_corrupt")
				return
			}
			defer db.Close()
			_, err = db.ExportUser(t.Context(), u.ID)
			wantCode(t, err, "database_corrupt")
		})
	}
}

func TestClose(t *testing.T) {
	db, _ := empty(t)
	u := guest(t, db)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for {
				if _, err := db.CreateGuest(t.Context(), "g"); err != nil {
					wantCode(t, err, "database_unavailable")
					return
				}
			}
		})
		wg.Go(func() {
			for {
				if _, err := db.User(t.Context(), u.ID); err != nil {
					wantCode(t, err, "database_unavailable")
					return
				}
			}
		})
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait()
	if err := db.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	wantCode(t, db.Check(t.Context()), "database_unavailable")
}

func TestCheck(t *testing.T) {
	db, path := empty(t)
	before := time.Now().Add(-time.Second).UnixMilli()
	if err := db.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	var at int64
	if err := direct(t, path).QueryRow("SELECT at FROM health").Scan(&at); err != nil || at < before {
		t.Errorf("written at %d, %v, want after %d", at, err, before)
	}
}

// While another program holds the file writes fail by name and reads go on.
func TestLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	db, err := database.Open(t.Context(), database.Options{Path: path, BusyTimeout: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	u := guest(t, db)
	raw := direct(t, path)
	if _, err := raw.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	_, err = db.CreateGuest(t.Context(), "g")
	wantCode(t, err, "database_busy")
	wantCode(t, db.Check(t.Context()), "database_busy")
	if got, err := db.User(t.Context(), u.ID); err != nil || got != u {
		t.Errorf("reading while locked: %+v, %v", got, err)
	}
	if _, err := raw.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if err := db.Check(t.Context()); err != nil {
		t.Errorf("after the lock: %v", err)
	}
}

func TestCancelledRead(t *testing.T) {
	db, _ := empty(t)
	u := guest(t, db)
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := db.User(canceled, u.ID)
	wantCode(t, err, "cancelled")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v does not say that it was cancelled", err)
	}
	_, err = db.Charts(canceled, u.ID, database.Page{})
	wantCode(t, err, "cancelled")
	_, err = db.ExportUser(canceled, u.ID)
	wantCode(t, err, "cancelled")
	if _, err := db.User(t.Context(), u.ID); err != nil {
		t.Errorf("the next read: %v", err)
	}
}
