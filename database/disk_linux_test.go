package database_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fortunet/fortunet/database"
	"github.com/fortunet/fortunet/disktest"
)

// On a full disk writes fail by name, reads go on, nothing that was answered is lost,
// and writes go on when there is space again.
func TestFullDisk(t *testing.T) {
	dir := disktest.Mount(t, 4<<20)
	path := filepath.Join(dir, "x.db")
	db := open(t, path)
	ctx := t.Context()
	u := guest(t, db)
	free := disktest.Fill(t, dir, 0)
	var kept int
	var err error
	for range 200 {
		if _, err = db.CreateProfile(ctx, database.Profile{UserID: u.ID, Notes: strings.Repeat("x", 10_000), Birth: json.RawMessage(`{}`)}); err != nil {
			break
		}
		kept++
	}
	wantCode(t, err, "disk_full")
	if got, err := db.User(ctx, u.ID); err != nil || got != u {
		t.Errorf("reading on a full disk: %+v, %v", got, err)
	}
	wantCode(t, db.Backup(ctx, filepath.Join(dir, "copy.db")), "disk_full")
	free()
	if left, err := filepath.Glob(filepath.Join(dir, "copy*")); err != nil || len(left) != 0 {
		t.Errorf("the failed backup left %v, %v", left, err)
	}
	if _, err := db.CreateGuest(ctx, "later"); err != nil {
		t.Errorf("when there is space again: %v", err)
	}
	if err := db.Check(ctx); err != nil {
		t.Error(err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	a, err := open(t, path).ExportUser(ctx, u.ID)
	if err != nil || len(a.Profiles) != kept {
		t.Errorf("%d profiles, %v, want %d", len(a.Profiles), err, kept)
	}
}

// A database cannot be made on a full disk, and can when there is space.
func TestOpenOnFullDisk(t *testing.T) {
	dir := disktest.Mount(t, 1<<20)
	free := disktest.Fill(t, dir, 0)
	path := filepath.Join(dir, "x.db")
	_, err := database.Open(t.Context(), database.Options{Path: path})
	wantCode(t, err, "disk_full")
	free()
	guest(t, open(t, path))
}

// A read-only disk is refused by name when the database is opened, and harms nothing.
func TestReadOnlyDisk(t *testing.T) {
	dir := disktest.Mount(t, 4<<20)
	path := filepath.Join(dir, "x.db")
	db := open(t, path)
	u := guest(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	disktest.Remount(t, dir, true)
	for _, name := range []string{"x.db", "new.db", "new/x.db"} {
		_, err := database.Open(t.Context(), database.Options{Path: filepath.Join(dir, name)})
		wantCode(t, err, "database_read_only")
	}
	disktest.Remount(t, dir, false)
	if got, err := open(t, path).User(t.Context(), u.ID); err != nil || got != u {
		t.Errorf("when it can be written to again: %+v, %v", got, err)
	}
}

// A folder whose rights forbid writing is the same to whoever is not root.
func TestReadOnlyFolder(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write anywhere; TestReadOnlyDisk shows the same")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	_, err := database.Open(t.Context(), database.Options{Path: filepath.Join(dir, "x.db")})
	wantCode(t, err, "database_read_only")
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	guest(t, open(t, filepath.Join(dir, "x.db")))
}
