package database_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/database"
	"github.com/fortunet/fortunet/fault"
)

func open(t testing.TB, path string) *database.DB {
	t.Helper()
	db, err := database.Open(t.Context(), database.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func fresh(t testing.TB) (*database.DB, string) {
	path := filepath.Join(t.TempDir(), "fortunet.db")
	return open(t, path), path
}

// direct opens the file beside the package, to see and do what it does not offer.
func direct(t *testing.T, path string) *sql.DB {
	t.Helper()
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { raw.Close() })
	return raw
}

func TestUsers(t *testing.T) {
	db, path := fresh(t)
	ctx := t.Context()
	guest, err := db.CreateGuest(ctx, "訪客")
	if err != nil || !guest.Guest || guest.Plan != fortunet.Free || guest.ID == "" {
		t.Fatalf("guest: %+v, %v", guest, err)
	}
	user, err := db.CreateUser(ctx, " Ann@Example.COM ", "Ann", "$argon2id$secret")
	if err != nil || user.Email != "ann@example.com" {
		t.Fatalf("user: %+v, %v", user, err)
	}
	if _, err := db.CreateUser(ctx, "ANN@example.com", "Eve", "x"); fault.CodeOf(err) != "email_taken" {
		t.Errorf("a second account for one address: %v", err)
	}
	if got, err := db.UserByEmail(ctx, "aNN@example.com"); err != nil || got != user {
		t.Errorf("by email: %+v, %v, want %+v", got, err, user)
	}
	if got, err := db.UserByIdentity(ctx, database.Password, user.ID); err != nil || got != user {
		t.Errorf("by identity: %+v, %v", got, err)
	}
	if phc, err := db.PasswordOf(ctx, user.ID); err != nil || phc != "$argon2id$secret" {
		t.Errorf("password: %q, %v", phc, err)
	}
	if _, err := db.User(ctx, "nobody"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("nobody: %v", err)
	}
	plan := fortunet.Professional
	if got, err := db.UpdateUser(ctx, user.ID, database.UserChange{Plan: &plan}); err != nil || got.Plan != plan || got.Name != "Ann" {
		t.Errorf("a change of plan: %+v, %v", got, err)
	}
	if _, err := db.UpdateUser(ctx, "nobody", database.UserChange{Plan: &plan}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a change of nobody: %v", err)
	}
	if _, err := db.Register(ctx, guest.ID, "ann@example.com", "Bob", "y"); fault.CodeOf(err) != "email_taken" {
		t.Errorf("registering a taken address: %v", err)
	}
	if got, err := db.Register(ctx, guest.ID, "bob@example.com", "Bob", "y"); err != nil || got.ID != guest.ID || got.Guest {
		t.Errorf("registering a guest: %+v, %v", got, err)
	}
	if _, err := db.Register(ctx, guest.ID, "bob2@example.com", "Bob", "y"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("registering twice: %v", err)
	}
	if gone, err := db.DeleteGuest(ctx, guest.ID); err != nil || gone {
		t.Errorf("a registered user was deleted as a guest: %v, %v", gone, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v, want 0600", info.Mode(), err)
	}
}

func TestNormalizeEmail(t *testing.T) {
	for in, want := range map[string]string{"a@b.tw": "a@b.tw", "A.B+c@D.Tw": "a.b+c@d.tw", "王@例子.台灣": "王@例子.台灣",
		"": "", "a": "", "@b.tw": "", "a@": "", "a b@c.d": "", "a@b": "", "a\x00@b.c": "", "a\n@b.c": "", "a\xff@b.c": "",
		"a@b.c, d@e.f": "", strings.Repeat("a", 252) + "@b.c": ""} {
		if got, err := database.NormalizeEmail(in); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v, want %q", in, got, err, want)
		}
	}
}

func TestProfilesAndCharts(t *testing.T) {
	db, _ := fresh(t)
	ctx := t.Context()
	ann, _ := db.CreateGuest(ctx, "a")
	eve, _ := db.CreateGuest(ctx, "e")
	hostile := `'; DROP TABLE users; -- ` + "\x00" + `"\u0000`
	p, err := db.SaveProfile(ctx, database.Profile{UserID: ann.ID, Name: hostile, Birth: json.RawMessage(`{"birthDate":"1990-05-17"}`)})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := db.Profiles(ctx, ann.ID, "", 10); err != nil || len(got) != 1 || got[0].Name != hostile || string(got[0].Birth) != string(p.Birth) {
		t.Errorf("profiles: %+v, %v", got, err)
	}
	p.UserID = eve.ID
	if _, err := db.SaveProfile(ctx, p); fault.KindOf(err) != fault.NotFound {
		t.Errorf("changing somebody else's profile: %v", err)
	}
	if err := db.DeleteProfile(ctx, eve.ID, p.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("deleting somebody else's profile: %v", err)
	}
	var ids []string
	for i := range 5 {
		c, err := db.SaveChart(ctx, database.Chart{UserID: ann.ID, Name: fmt.Sprint(i), Kind: "ziwei", Request: json.RawMessage(`{}`), Data: json.RawMessage(`{}`), Tags: []string{"a", "b"}})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, c.ID)
	}
	var seen int
	for after := ""; ; {
		page, err := db.Charts(ctx, ann.ID, after, 2)
		if err != nil || len(page) == 0 {
			break
		}
		seen += len(page)
		after = page[len(page)-1].ID
	}
	if seen != 5 {
		t.Errorf("paging showed %d charts, want 5", seen)
	}
	if err := db.DeleteChart(ctx, ann.ID, ids[0]); err != nil {
		t.Error(err)
	}
	if err := db.DeleteChart(ctx, ann.ID, ids[0]); fault.KindOf(err) != fault.NotFound {
		t.Errorf("deleting twice: %v", err)
	}
	a, err := db.ExportUser(ctx, ann.ID)
	if err != nil || len(a.Profiles) != 1 || len(a.Charts) != 4 {
		t.Errorf("export: %+v, %v", a, err)
	}
}

// Deleting a user leaves no row of theirs in any table that has a user, whatever
// tables there will be.
func TestDeleteIsComplete(t *testing.T) {
	db, path := fresh(t)
	ctx := t.Context()
	u, err := db.CreateUser(ctx, "a@b.tw", "A", "phc")
	if err != nil {
		t.Fatal(err)
	}
	db.SaveProfile(ctx, database.Profile{UserID: u.ID, Birth: json.RawMessage(`{}`)})
	db.SaveChart(ctx, database.Chart{UserID: u.ID, Request: json.RawMessage(`{}`), Data: json.RawMessage(`{}`)})
	raw := direct(t, path)
	tables := userTables(t, raw)
	if len(tables) < 3 {
		t.Fatalf("tables with a user: %v", tables)
	}
	count := func() map[string]int {
		n := map[string]int{}
		for _, table := range tables {
			var rows int
			if err := raw.QueryRow("SELECT count(*) FROM "+table+" WHERE user_id = ?", u.ID).Scan(&rows); err != nil {
				t.Fatal(err)
			}
			n[table] = rows
		}
		return n
	}
	for table, rows := range count() {
		if rows == 0 {
			t.Errorf("the test puts nothing into %s: export and deletion of it are not tested", table)
		}
	}
	if err := db.DeleteUser(ctx, u.ID); err != nil {
		t.Fatal(err)
	}
	for table, rows := range count() {
		if rows != 0 {
			t.Errorf("%d rows are left in %s", rows, table)
		}
	}
	if _, err := db.ExportUser(ctx, u.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("export of a deleted user: %v", err)
	}
}

func userTables(t *testing.T, raw *sql.DB) (tables []string) {
	rows, err := raw.Query("SELECT m.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'user_id'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		rows.Scan(&name)
		tables = append(tables, name)
	}
	return tables
}

// A database that a newer program has changed is refused by name.
func TestTooNew(t *testing.T) {
	db, path := fresh(t)
	db.Close()
	if _, err := direct(t, path).Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)"); err != nil {
		t.Fatal(err)
	}
	if _, err := database.Open(t.Context(), database.Options{Path: path}); fault.CodeOf(err) != "data_too_new" {
		t.Errorf("got %v", err)
	}
}

func TestCorrupt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	os.WriteFile(path, []byte(strings.Repeat("this is not a database ", 1000)), 0o600)
	if _, err := database.Open(t.Context(), database.Options{Path: path}); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("got %v", err)
	}
}

// A backup taken while writers are busy is a database that holds what was
// acknowledged before it began.
func TestBackup(t *testing.T) {
	db, _ := fresh(t)
	ctx := t.Context()
	before, err := db.CreateGuest(ctx, "before")
	if err != nil {
		t.Fatal(err)
	}
	stop, busy := make(chan struct{}), sync.WaitGroup{}
	for range 4 {
		busy.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					db.CreateGuest(ctx, "busy")
				}
			}
		})
	}
	copied := filepath.Join(t.TempDir(), "backup.db")
	if err := db.Backup(ctx, copied); err != nil {
		t.Fatal(err)
	}
	close(stop)
	busy.Wait()
	if err := db.Backup(ctx, copied); err == nil {
		t.Error("a backup has overwritten another")
	}
	if info, _ := os.Stat(copied); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600", info.Mode())
	}
	if got, err := open(t, copied).User(ctx, before.ID); err != nil || got != before {
		t.Errorf("restored: %+v, %v", got, err)
	}
}

// Writers that come together share transactions; a failing one harms no other.
func TestConcurrentWrites(t *testing.T) {
	db, _ := fresh(t)
	ctx := t.Context()
	var wg sync.WaitGroup
	users := make([]fortunet.User, 200)
	for i := range users {
		wg.Go(func() {
			email := fmt.Sprintf("u%d@x.tw", i/2) // every second one is taken
			users[i], _ = db.CreateUser(ctx, email, "n", "phc")
			if _, err := db.User(ctx, users[i].ID); err != nil && users[i].Email == "" {
				users[i].ID = ""
			}
		})
	}
	wg.Wait()
	for i := 0; i < len(users); i += 2 {
		_, a := db.User(ctx, users[i].ID)
		_, b := db.User(ctx, users[i+1].ID)
		if (a == nil) == (b == nil) {
			t.Errorf("u%d: exactly one of two should have the address: %v, %v", i/2, a, b)
		}
	}
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := db.CreateGuest(canceled, "x"); err == nil {
		t.Error("a cancelled write has succeeded")
	}
	db.Close()
	if _, err := db.CreateGuest(ctx, "x"); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("after Close: %v", err)
	}
}

// On a full disk writes fail by name, reads go on, and writes go on when there is
// space again.
func TestFullDisk(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs root to mount a small file system")
	}
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("cannot mount: %s", out)
	}
	t.Cleanup(func() { exec.Command("umount", "-l", dir).Run() })
	db := open(t, filepath.Join(dir, "x.db"))
	ctx := t.Context()
	u, err := db.CreateGuest(ctx, "first")
	if err != nil {
		t.Fatal(err)
	}
	filler := filepath.Join(dir, "filler")
	os.WriteFile(filler, make([]byte, 8<<20), 0o600)
	for range 200 {
		if _, err = db.SaveProfile(ctx, database.Profile{UserID: u.ID, Notes: strings.Repeat("x", 10_000), Birth: json.RawMessage(`{}`)}); err != nil {
			break
		}
	}
	if fault.KindOf(err) != fault.Unavailable {
		t.Fatalf("on a full disk: %v", err)
	}
	if got, err := db.User(ctx, u.ID); err != nil || got != u {
		t.Errorf("reading on a full disk: %+v, %v", got, err)
	}
	os.Remove(filler)
	if _, err := db.CreateGuest(ctx, "later"); err != nil {
		t.Errorf("when there is space again: %v", err)
	}
	if err := db.Check(ctx); err != nil {
		t.Error(err)
	}
}

// BenchmarkCreateGuest makes guests, 16 at a time and one at a time.
func BenchmarkCreateGuest(b *testing.B) {
	for _, writers := range []int{1, 16} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			db, _ := fresh(b)
			b.ResetTimer()
			start := time.Now()
			var wg sync.WaitGroup
			for w := range writers {
				wg.Go(func() {
					for i := w; i < b.N; i += writers {
						if _, err := db.CreateGuest(context.Background(), "g"); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "guests/s")
		})
	}
}
