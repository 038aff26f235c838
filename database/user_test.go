package database_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/database"
)

// hostile is text that people and attackers send. What is kept of each is what
// fortunet.CleanName leaves.
var hostile = []string{
	`'; DROP TABLE users; --`,
	`" OR "1"="1`,
	"x' UNION SELECT data FROM identities --",
	`$1 ? :name @name %s \u0000 \`,
	"e\u0301 王小明 \U0001F984",
	"\u202eright to left",
	"a\x00b\x1b[31m\r\nc",
	"   ",
	strings.Repeat("字", fortunet.MaxName),
}

func TestUser(t *testing.T) {
	db, _ := empty(t)
	ctx := t.Context()
	before := time.Now().Add(-time.Millisecond)
	user, err := db.CreateUser(ctx, " Ann@Example.COM ", "Ann", "$argon2id$secret")
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(user.ID) {
		t.Errorf("id %q is no UUID of version 4", user.ID)
	}
	if user.Created.Before(before) || user.Created.After(time.Now()) {
		t.Errorf("created at %v", user.Created)
	}
	want := fortunet.User{ID: user.ID, Email: "ann@example.com", Name: "Ann", Plan: fortunet.Free, Created: user.Created}
	if user != want {
		t.Errorf("got %+v, want %+v", user, want)
	}
	if got, err := db.User(ctx, user.ID); err != nil || got != want {
		t.Errorf("by id: %+v, %v", got, err)
	}
	for _, email := range []string{"ann@example.com", "ANN@EXAMPLE.COM", "ａｎｎ＠example.com"} {
		if got, err := db.UserByEmail(ctx, email); err != nil || got != want {
			t.Errorf("by address %s: %+v, %v", email, got, err)
		}
	}
	if got, err := db.UserByIdentity(ctx, database.Password, user.ID); err != nil || got != want {
		t.Errorf("by identity: %+v, %v", got, err)
	}
	if phc, err := db.PasswordOf(ctx, user.ID); err != nil || phc != "$argon2id$secret" {
		t.Errorf("password: %q, %v", phc, err)
	}
	_, err = db.CreateUser(ctx, "ANN@example.com", "Eve", "x")
	wantCode(t, err, "email_taken")
	_, err = db.CreateUser(ctx, "no address", "Eve", "x")
	wantCode(t, err, "invalid_email")
	for _, id := range append(hostile, "", "nobody", "\xff") {
		_, err := db.User(ctx, id)
		wantCode(t, err, "not_found")
		_, err = db.UserByEmail(ctx, id)
		wantCode(t, err, "not_found")
		_, err = db.UserByIdentity(ctx, id, id)
		wantCode(t, err, "not_found")
	}
}

// Every name comes back as it is stored, and is stored clean.
func TestNames(t *testing.T) {
	db, _ := empty(t)
	for _, name := range hostile {
		want, err := fortunet.CleanName("name", name)
		if err != nil {
			t.Fatal(err)
		}
		u, err := db.CreateGuest(t.Context(), name)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if got, err := db.User(t.Context(), u.ID); err != nil || got.Name != want || u.Name != want {
			t.Errorf("%q: made %q, read %q, %v, want %q", name, u.Name, got.Name, err, want)
		}
	}
	for name, code := range map[string]string{"\xff": "invalid_utf8", strings.Repeat("x", fortunet.MaxName+1): "too_long", strings.Repeat("x", 10<<20): "too_long"} {
		_, err := db.CreateGuest(t.Context(), name)
		wantCode(t, err, code)
		_, err = db.CreateUser(t.Context(), "x@example.org", name, "phc")
		wantCode(t, err, code)
	}
	_, err := db.UserByEmail(t.Context(), "x@example.org")
	wantCode(t, err, "not_found")
}

func TestUpdateUser(t *testing.T) {
	db, _ := empty(t)
	ctx := t.Context()
	other, err := db.CreateUser(ctx, "other@example.org", "Other", "phc")
	if err != nil {
		t.Fatal(err)
	}
	u, err := db.CreateUser(ctx, "ann@example.org", "Ann", "phc")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		change database.UserChange
		want   func(*fortunet.User)
	}{
		{"nothing", database.UserChange{}, func(*fortunet.User) {}},
		{"name", database.UserChange{Name: new(" Anne\x00 ")}, func(u *fortunet.User) { u.Name = "Anne" }},
		{"no name", database.UserChange{Name: new("")}, func(u *fortunet.User) { u.Name = "" }},
		{"plan", database.UserChange{Plan: new(fortunet.Professional)}, func(u *fortunet.User) { u.Plan = fortunet.Professional }},
		{"role", database.UserChange{Role: new(fortunet.Admin)}, func(u *fortunet.User) { u.Role = fortunet.Admin }},
		{"no role", database.UserChange{Role: new(fortunet.NoRole)}, func(u *fortunet.User) { u.Role = fortunet.NoRole }},
		{"address", database.UserChange{Email: new("New@Example.ORG")}, func(u *fortunet.User) { u.Email = "new@example.org" }},
		{"the same address", database.UserChange{Email: new("new@example.org")}, func(*fortunet.User) {}},
	} {
		test.want(&u)
		if got, err := db.UpdateUser(ctx, u.ID, test.change); err != nil || got != u {
			t.Errorf("%s: %+v, %v, want %+v", test.name, got, err, u)
		}
		if got, err := db.User(ctx, u.ID); err != nil || got != u {
			t.Errorf("%s, read: %+v, %v, want %+v", test.name, got, err, u)
		}
	}
	for _, test := range []struct {
		id     string
		change database.UserChange
		code   string
	}{
		{u.ID, database.UserChange{Email: new("OTHER@example.org"), Name: new("lost")}, "email_taken"},
		{u.ID, database.UserChange{Email: new(""), Name: new("lost")}, "invalid_email"},
		{u.ID, database.UserChange{Plan: new(fortunet.Plan("gold")), Name: new("lost")}, "invalid_value"},
		{u.ID, database.UserChange{Plan: new(fortunet.Plan("")), Name: new("lost")}, "invalid_value"},
		{u.ID, database.UserChange{Role: new(fortunet.Role("root")), Name: new("lost")}, "invalid_value"},
		{u.ID, database.UserChange{Plan: new(fortunet.Free), Name: new("\xff")}, "invalid_utf8"},
		{guest(t, db).ID, database.UserChange{Email: new("guest@example.org")}, "guest"},
		{"nobody", database.UserChange{Name: new("x")}, "not_found"},
	} {
		_, err := db.UpdateUser(ctx, test.id, test.change)
		wantCode(t, err, test.code)
	}
	for _, want := range []fortunet.User{u, other} {
		if got, err := db.User(ctx, want.ID); err != nil || got != want {
			t.Errorf("after refusals: %+v, %v, want %+v", got, err, want)
		}
	}
	if _, err := db.CreateUser(ctx, "ann@example.org", "B", "phc"); err != nil {
		t.Errorf("an address that was given up: %v", err)
	}
}

func TestRegister(t *testing.T) {
	db, _ := empty(t)
	ctx := t.Context()
	if _, err := db.CreateUser(ctx, "ann@example.org", "Ann", "phc"); err != nil {
		t.Fatal(err)
	}
	u := guest(t, db)
	chart, err := db.CreateChart(ctx, newChart(u.ID))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Register(ctx, u.ID, "ann@example.org", "Bob", "phc")
	wantCode(t, err, "email_taken")
	_, err = db.Register(ctx, u.ID, "@", "Bob", "phc")
	wantCode(t, err, "invalid_email")
	_, err = db.Register(ctx, "nobody", "bob@example.org", "Bob", "phc")
	wantCode(t, err, "not_found")
	if got, err := db.User(ctx, u.ID); err != nil || got != u {
		t.Errorf("after refusals: %+v, %v, want %+v", got, err, u)
	}
	want := u
	want.Email, want.Name, want.Guest = "bob@example.org", "Bob", false
	if got, err := db.Register(ctx, u.ID, "Bob@Example.org", "Bob", "phc-bob"); err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	if phc, err := db.PasswordOf(ctx, u.ID); err != nil || phc != "phc-bob" {
		t.Errorf("password: %q, %v", phc, err)
	}
	if _, err := db.Chart(ctx, u.ID, chart.ID); err != nil {
		t.Errorf("the guest's chart: %v", err)
	}
	_, err = db.Register(ctx, u.ID, "bob2@example.org", "Bob", "phc")
	wantCode(t, err, "registered_already")
}

// A guest is not made an operator, now or for the day they register.
func TestGuestIsNoOperator(t *testing.T) {
	db, _ := empty(t)
	guest, err := db.CreateGuest(t.Context(), "Guest")
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.UpdateUser(t.Context(), guest.ID, database.UserChange{Role: new(fortunet.Admin)})
	wantCode(t, err, "guest")
	u, err := db.UpdateUser(t.Context(), guest.ID, database.UserChange{Role: new(fortunet.NoRole), Plan: new(fortunet.Premium)})
	if err != nil || u.Role != fortunet.NoRole || u.Plan != fortunet.Premium {
		t.Errorf("%+v, %v", u, err)
	}
}
