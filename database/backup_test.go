package database_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/fortunet/fortunet/database"
)

// A backup taken while writers are busy is a whole database that holds what was
// answered before it began.
func TestBackup(t *testing.T) {
	db, _ := empty(t)
	ctx := t.Context()
	ann := furnish(t, db, "ann")
	want, err := db.ExportUser(ctx, ann)
	if err != nil {
		t.Fatal(err)
	}
	busy, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for busy.Err() == nil {
				if _, err := db.CreateGuest(ctx, "busy"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	// With a quote, and what would begin a URI.
	copied := filepath.Join(t.TempDir(), "file:it's a backup?mode=memory")
	if err := db.Backup(ctx, copied); err != nil {
		t.Fatal(err)
	}
	stop()
	wg.Wait()
	if info, err := os.Stat(copied); err != nil || info.Mode().Perm() != 0o600 || info.Size() == 0 {
		t.Errorf("the copy: %v, %v, want mode 0600", info, err)
	}
	if left, err := os.ReadDir(filepath.Dir(copied)); err != nil || len(left) != 1 {
		t.Errorf("beside the copy: %v, %v", left, err)
	}
	restored := open(t, copied)
	got, err := restored.ExportUser(ctx, ann)
	if err != nil || len(got.Charts) != 1 || string(got.Charts[0].Data) != string(want.Charts[0].Data) || got.User != want.User {
		t.Errorf("restored: %+v, %v, want %+v", got, err, want)
	}
	if phc, err := restored.PasswordOf(ctx, ann); err != nil || phc != "phc of ann" {
		t.Errorf("password: %q, %v", phc, err)
	}
	if _, err := restored.CreateGuest(ctx, "new"); err != nil {
		t.Errorf("writing to the copy: %v", err)
	}
}

func TestBackupIntegrity(t *testing.T) {
	db, _ := empty(t)
	furnish(t, db, "ann")
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := db.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(texts(t, direct(t, copied), "PRAGMA integrity_check"), "; "); got != "ok" {
		t.Errorf("integrity: %s", got)
	}
}

func TestBackupRefused(t *testing.T) {
	db, path := empty(t)
	dir := t.TempDir()
	taken := filepath.Join(dir, "taken")
	if err := os.WriteFile(taken, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "cut.partial"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, test := range []struct {
		name, path, code string
		ctx              context.Context
	}{
		{"there already", taken, "conflict", t.Context()},
		{"onto itself", path, "conflict", t.Context()},
		{"a link", filepath.Join(dir, "link"), "conflict", t.Context()},
		{"being written", filepath.Join(dir, "cut"), "conflict", t.Context()},
		{"no folder", filepath.Join(dir, "none", "x"), "database_unavailable", t.Context()},
		{"no path", "", "missing_field", t.Context()},
		{"cancelled", filepath.Join(dir, "late"), "cancelled", canceled},
	} {
		t.Run(test.name, func(t *testing.T) { wantCode(t, db.Backup(test.ctx, test.path), test.code) })
	}
	if text, err := os.ReadFile(taken); err != nil || string(text) != "precious" {
		t.Errorf("what was there is %q, %v", text, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 3 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	db.Close()
	wantCode(t, db.Backup(t.Context(), filepath.Join(dir, "closed")), "database_unavailable")
	if _, err := database.Open(t.Context(), database.Options{Path: filepath.Join(dir, "taken")}); err == nil {
		t.Error("text was opened as a database")
	}
}
