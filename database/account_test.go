package database_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/database"
)

// notOfUsers are the tables that hold nothing about anybody.
var notOfUsers = []string{"goose_db_version", "health", "sqlite_sequence"}

// secret are the columns an export leaves out.
var secret = []string{"identities.data"}

// ownTables returns the tables that hold something of users beside users itself, with
// the column that names the user. Each must refer to users and be emptied with them.
func ownTables(t *testing.T, raw *sql.DB) map[string]string {
	t.Helper()
	own := map[string]string{}
	for _, table := range texts(t, raw, "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'users'") {
		if slices.Contains(notOfUsers, table) {
			continue
		}
		columns := texts(t, raw, `SELECT "from" FROM pragma_foreign_key_list('`+table+`') WHERE "table" = 'users' AND on_delete = 'CASCADE'`)
		if len(columns) != 1 {
			t.Errorf("table %s has %d columns that refer to users with ON DELETE CASCADE: whose are its rows, and who deletes them?", table, len(columns))
			continue
		}
		own[table] = columns[0]
	}
	if len(own) < 3 {
		t.Fatalf("tables of users: %v", own)
	}
	return own
}

func texts(t *testing.T, raw *sql.DB, query string) (all []string) {
	t.Helper()
	rows, err := raw.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

// furnish makes a user with something in every table and column, in which mark stands.
func furnish(t *testing.T, db *database.DB, mark string) (id string) {
	t.Helper()
	ctx := t.Context()
	u, err := db.CreateUser(ctx, mark+"@example.org", "name of "+mark, "phc of "+mark)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.UpdateUser(ctx, u.ID, database.UserChange{Plan: new(fortunet.Premium), Role: new(fortunet.Admin)}); err != nil {
		t.Fatal(err)
	}
	c := newChart(u.ID)
	c.Name, c.Notes, c.Tags, c.Engine = "chart of "+mark, "notes of "+mark, []string{"tag of " + mark}, "engine of "+mark
	c.Request, c.Data = json.RawMessage(`{"born":"`+mark+`"}`), json.RawMessage(`{"data":"`+mark+strings.Repeat(" ", 20_000)+`"}`)
	c.Image = []byte("image of " + mark)
	_, err = db.CreateChart(ctx, c)
	if err == nil {
		_, err = db.CreateProfile(ctx, database.Profile{UserID: u.ID, Name: "profile of " + mark, Birth: c.Request, Notes: "more of " + mark})
	}
	if err == nil {
		err = db.SetIdentity(ctx, database.Identity{Provider: "provider of " + mark, Subject: "subject of " + mark, UserID: u.ID, Data: "secret of " + mark})
	}
	if err != nil {
		t.Fatal(err)
	}
	return u.ID
}

// rowsOf returns every value of a user's rows, by "table.column".
func rowsOf(t *testing.T, raw *sql.DB, id string) map[string][]any {
	t.Helper()
	tables := ownTables(t, raw)
	tables["users"] = "id"
	values := map[string][]any{}
	for table, owner := range tables {
		rows, err := raw.Query("SELECT * FROM "+table+" WHERE "+owner+" = ?", id)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			row, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range row {
				into[i] = &row[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			for i, column := range columns {
				values[table+"."+column] = append(values[table+"."+column], row[i])
			}
		}
		rows.Close()
	}
	return values
}

// shown returns how a stored value stands in an export.
func shown(t *testing.T, column string, v any) string {
	t.Helper()
	switch v := v.(type) {
	case string:
		if json.Valid([]byte(v)) {
			return v
		}
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	case []byte:
		return base64.StdEncoding.EncodeToString(v)
	case int64:
		if column == "users.guest" {
			return fmt.Sprintf(`"guest":%v`, v != 0)
		}
		text, err := json.Marshal(time.UnixMilli(v).UTC())
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	t.Fatalf("%s holds %T: the test puts nothing there, or does not know how it is shown", column, v)
	return ""
}

// An export holds every value of every table with the user in it, whatever tables and
// columns there will be, and nothing secret or of anybody else.
func TestExportIsComplete(t *testing.T) {
	db, path := empty(t)
	ann, eve := furnish(t, db, "ann"), furnish(t, db, "eve")
	account, err := db.ExportUser(t.Context(), ann)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range account.Identities {
		if id.Data != "" {
			t.Errorf("the secret of %s is in the account, if not in its JSON", id.Provider)
		}
	}
	encoded, err := json.Marshal(account)
	if err != nil {
		t.Fatal(err)
	}
	text := string(encoded)
	values := rowsOf(t, direct(t, path), ann)
	for column, all := range values {
		for _, v := range all {
			if want := shown(t, column, v); strings.Contains(text, want) == slices.Contains(secret, column) {
				t.Errorf("%s is %.80s: in the export %v, secret %v", column, want, strings.Contains(text, want), slices.Contains(secret, column))
			}
		}
	}
	for _, column := range secret {
		if len(values[column]) == 0 {
			t.Errorf("there is no %s", column)
		}
	}
	if strings.Contains(text, "eve") || strings.Contains(text, eve) {
		t.Error("the export shows somebody else's")
	}
	_, err = db.ExportUser(t.Context(), "nobody")
	wantCode(t, err, "not_found")
}

// A deleted user leaves no row in any table, whatever tables there will be, and after
// a checkpoint no byte in the file; others keep all of theirs.
func TestDeleteIsComplete(t *testing.T) {
	db, path := empty(t)
	ann, eve := furnish(t, db, "annmark"), furnish(t, db, "evemark")
	raw := direct(t, path)
	for column, all := range rowsOf(t, raw, ann) {
		if len(all) == 0 {
			t.Errorf("the test puts nothing into %s", column)
		}
	}
	before := rowsOf(t, raw, eve)
	for range 2 { // deleting nobody is no error
		if err := db.DeleteUser(t.Context(), ann); err != nil {
			t.Fatal(err)
		}
	}
	if left := rowsOf(t, raw, ann); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	if after := rowsOf(t, raw, eve); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("of somebody else: %v, before %v", after, before)
	}
	_, err := db.ExportUser(t.Context(), ann)
	wantCode(t, err, "not_found")
	_, err = db.UserByEmail(t.Context(), "annmark@example.org")
	wantCode(t, err, "not_found")
	raw.Close()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(file, []byte("annmark")) || bytes.Contains(file, []byte(ann)) {
		t.Error("the file still holds what was deleted")
	}
	if !bytes.Contains(file, []byte("evemark")) {
		t.Error("the test would not find what the file holds")
	}
}

func TestDeleteGuest(t *testing.T) {
	db, _ := empty(t)
	ctx := t.Context()
	g := guest(t, db)
	user, err := db.CreateUser(ctx, "ann@example.org", "Ann", "phc")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		id   string
		want bool
	}{{g.ID, true}, {g.ID, true}, {user.ID, false}} {
		if gone, err := db.DeleteGuest(ctx, test.id); err != nil || gone != test.want {
			t.Errorf("gone %v, %v, want %v", gone, err, test.want)
		}
	}
	if _, err := db.User(ctx, user.ID); err != nil {
		t.Errorf("an account was deleted as a guest: %v", err)
	}
}

// What an export shows is of one moment: a chart is never missing from the middle.
func TestExportIsOneMoment(t *testing.T) {
	db, _ := empty(t)
	u := guest(t, db)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil { // a profile first, then its chart
			if _, err := db.CreateProfile(context.Background(), database.Profile{UserID: u.ID, Birth: json.RawMessage(`{}`)}); err != nil {
				t.Error(err)
			}
			if _, err := db.CreateChart(context.Background(), newChart(u.ID)); err != nil {
				t.Error(err)
			}
		}
	}()
	for range 100 {
		a, err := db.ExportUser(t.Context(), u.ID)
		if err != nil {
			t.Error(err)
			break
		}
		if ahead := len(a.Profiles) - len(a.Charts); ahead != 0 && ahead != 1 {
			t.Errorf("%d profiles and %d charts at one moment", len(a.Profiles), len(a.Charts))
			break
		}
	}
	stop()
	<-done
}
