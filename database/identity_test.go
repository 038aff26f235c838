package database_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/fortunet/fortunet/database"
)

func TestIdentity(t *testing.T) {
	db, _ := empty(t)
	ctx := t.Context()
	ann, eve := guest(t, db), guest(t, db)
	oidc := database.Identity{Provider: "https://accounts.example.org", Subject: "1234", UserID: ann.ID, Data: "first"}
	if err := db.SetIdentity(ctx, oidc); err != nil {
		t.Fatal(err)
	}
	got, err := db.Identity(ctx, oidc.Provider, oidc.Subject)
	if err != nil || got.UserID != ann.ID || got.Data != "first" || got.Created.IsZero() {
		t.Errorf("got %+v, %v", got, err)
	}
	stolen := oidc
	stolen.UserID, stolen.Data = eve.ID, "stolen"
	wantCode(t, db.SetIdentity(ctx, stolen), "identity_taken")
	oidc.Data = "second"
	if err := db.SetIdentity(ctx, oidc); err != nil {
		t.Fatal(err)
	}
	if got, err := db.Identity(ctx, oidc.Provider, oidc.Subject); err != nil || got.Data != "second" || got.UserID != ann.ID {
		t.Errorf("replaced: %+v, %v", got, err)
	}
	if err := db.SetIdentity(ctx, database.Identity{Provider: database.Password, UserID: ann.ID, Data: "phc"}); err != nil {
		t.Fatal(err)
	}
	all, err := db.Identities(ctx, ann.ID)
	if err != nil || len(all) != 2 || all[0].Provider != oidc.Provider || all[1].Subject != ann.ID {
		t.Errorf("all: %+v, %v", all, err)
	}
	if text, err := json.Marshal(all); err != nil || strings.Contains(string(text), "phc") || strings.Contains(string(text), "second") {
		t.Errorf("secrets in %s, %v", text, err)
	}
	wantCode(t, db.DeleteIdentity(ctx, eve.ID, oidc.Provider, oidc.Subject), "not_found")
	if err := db.DeleteIdentity(ctx, ann.ID, oidc.Provider, oidc.Subject); err != nil {
		t.Error(err)
	}
	_, err = db.Identity(ctx, oidc.Provider, oidc.Subject)
	wantCode(t, err, "not_found")
	if all, err := db.Identities(ctx, eve.ID); err != nil || all == nil || len(all) != 0 {
		t.Errorf("of a user without: %#v, %v", all, err)
	}
}

func TestIdentityRefused(t *testing.T) {
	db, _ := empty(t)
	u := guest(t, db)
	for _, test := range []struct {
		id   database.Identity
		code string
	}{
		{database.Identity{Subject: "s", UserID: u.ID}, "missing_field"},
		{database.Identity{Provider: "p", UserID: u.ID}, "missing_field"},
		{database.Identity{Provider: "p", Subject: "s", UserID: "nobody"}, "not_found"},
		{database.Identity{Provider: "p", Subject: "a\x00b", UserID: u.ID}, "invalid_value"},
		{database.Identity{Provider: "p", Subject: "\xff", UserID: u.ID}, "invalid_utf8"},
		{database.Identity{Provider: strings.Repeat("p", 513), Subject: "s", UserID: u.ID}, "too_long"},
		{database.Identity{Provider: "p", Subject: "s", UserID: u.ID, Data: strings.Repeat("x", 1<<20)}, "too_long"},
	} {
		wantCode(t, db.SetIdentity(t.Context(), test.id), test.code)
	}
	if all, err := db.Identities(t.Context(), u.ID); err != nil || len(all) != 0 {
		t.Errorf("kept %+v, %v", all, err)
	}
}

// A user and their first identity are made together or not at all.
func TestCreateUserWith(t *testing.T) {
	db, path := empty(t)
	ctx := t.Context()
	by := database.Identity{Provider: "oidc", Subject: "1"}
	u, err := db.CreateUserWith(ctx, "", "Ann", by)
	if err != nil || u.Guest || u.Email != "" {
		t.Fatalf("%+v, %v", u, err)
	}
	if got, err := db.UserByIdentity(ctx, "oidc", "1"); err != nil || got != u {
		t.Errorf("got %+v, %v, want %+v", got, err, u)
	}
	_, err = db.CreateUserWith(ctx, "eve@example.org", "Eve", by)
	wantCode(t, err, "identity_taken")
	_, err = db.CreateUserWith(ctx, "eve@example.org", "Eve", database.Identity{Provider: "oidc"})
	wantCode(t, err, "missing_field")
	g := guest(t, db)
	_, err = db.RegisterWith(ctx, g.ID, "eve@example.org", "Eve", by)
	wantCode(t, err, "identity_taken")
	if got, err := db.User(ctx, g.ID); err != nil || got != g {
		t.Errorf("after a refusal: %+v, %v, want %+v", got, err, g)
	}
	if got, err := db.RegisterWith(ctx, g.ID, "", "Bob", database.Identity{Provider: "oidc", Subject: "2"}); err != nil || got.Guest || got.ID != g.ID {
		t.Errorf("registered: %+v, %v", got, err)
	}
	var users int
	if err := direct(t, path).QueryRow("SELECT count(*) FROM users").Scan(&users); err != nil || users != 2 {
		t.Errorf("%d users, %v, want 2", users, err)
	}
}
