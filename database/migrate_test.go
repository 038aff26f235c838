package database_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/pressly/goose/v3"

	"github.com/fortunet/fortunet/database"
)

// older makes a database as a program made it that knew migrations up to version, with
// the rows of testdata/accounts.sql.
func older(t *testing.T, version int64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "old.db")
	raw := direct(t, path)
	p, err := goose.NewProvider(goose.DialectSQLite3, raw, os.DirFS("migration"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Exec(fixture(t, "old")); err != nil {
		t.Fatal(err)
	}
	raw.Close()
	return path
}

// fixture returns statements as the first version of the tables took them, for rows
// whose ids begin with a prefix.
func fixture(t *testing.T, prefix string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/accounts.sql")
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "PREFIX", prefix)
}

// Databases of every earlier version come up to date with what is in them, and take
// what an older program still writes.
func TestMigrate(t *testing.T) {
	files, err := os.ReadDir("migration")
	if err != nil || len(files) < 2 {
		t.Fatalf("%d migrations, %v", len(files), err)
	}
	for i := range files {
		t.Run(fmt.Sprintf("from %d", i+1), func(t *testing.T) {
			path := older(t, int64(i+1))
			db := open(t, path)
			if _, err := direct(t, path).Exec(fixture(t, "new")); err != nil {
				t.Errorf("an older program's rows: %v", err)
			}
			for _, prefix := range []string{"old", "new"} {
				a, err := db.ExportUser(t.Context(), prefix+"-user")
				if err != nil || len(a.Identities) != 1 || len(a.Profiles) != 1 || len(a.Charts) != 1 {
					t.Fatalf("%s: %+v, %v", prefix, a, err)
				}
				if got, want := a.User.Email, prefix+"@example.org"; got != want {
					t.Errorf("address %q, want %q", got, want)
				}
				if got := string(a.Charts[0].Data); got != `{"palaces":[]}` || a.Charts[0].Image != nil {
					t.Errorf("chart: %+v", a.Charts[0])
				}
			}
			a, err := db.ExportUser(t.Context(), "old-user")
			if i == 0 && (err != nil || !a.Updated.Equal(a.User.Created)) {
				t.Errorf("updated at %v, created at %v, %v", a.Updated, a.User.Created, err)
			}
			if err := db.Check(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestReopen(t *testing.T) {
	db, path := empty(t)
	u := guest(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := open(t, path).User(t.Context(), u.ID); err != nil || got != u {
		t.Errorf("got %+v, %v, want %+v", got, err, u)
	}
}

// A database that a newer program has changed is refused by name and left alone.
func TestTooNew(t *testing.T) {
	db, path := empty(t)
	db.Close()
	raw := direct(t, path)
	if _, err := raw.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)"); err != nil {
		t.Fatal(err)
	}
	raw.Close()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = database.Open(t.Context(), database.Options{Path: path})
	wantCode(t, err, "data_too_new")
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("the refused file was changed, or %v", err)
	}
}

// Two programs may come to a new file at the same time.
func TestOpenTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			db, err := database.Open(t.Context(), database.Options{Path: path})
			if err == nil {
				_, err = db.CreateGuest(t.Context(), "g")
				err = errors.Join(err, db.Close())
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// What one dialect alone understands stands in sqlite.go, and a migration that takes
// something away says so in its name.
func TestPortable(t *testing.T) {
	lite := regexp.MustCompile(`(?i)\b(autoincrement|without rowid|rowid|strict|pragma\w*|insert or|replace into|glob|datetime|strftime|julianday|ifnull|blob|json_\w+|sqlite_\w+|vacuum|attach|last_insert_rowid|total_changes|collate)\b|\?[0-9]*[,)]`)
	removal := regexp.MustCompile(`(?i)\b(drop|rename|delete from|truncate)\b|\+goose down`)
	for _, pattern := range []string{"migration/*.sql", "*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v, %v", pattern, files, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if file == "sqlite.go" || strings.HasSuffix(file, "_test.go") {
				continue
			}
			statements := string(text)
			if strings.HasSuffix(file, ".go") {
				statements = strings.Join(regexp.MustCompile("`[^`]*`|\"[^\"\n]*\"").FindAllString(statements, -1), "\n")
			} else if found := removal.FindString(statements); found != "" && !strings.HasSuffix(file, "_contract.sql") {
				t.Errorf("%s has %q, which an older program may not survive", file, found)
			}
			if found := lite.FindString(statements); found != "" {
				t.Errorf("%s has %q, which PostgreSQL does not know", file, found)
			}
		}
	}
}
