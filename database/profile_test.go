package database_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/database"
)

func TestProfile(t *testing.T) {
	db, _ := empty(t)
	ctx := t.Context()
	ann, eve := guest(t, db), guest(t, db)
	p, err := db.CreateProfile(ctx, database.Profile{UserID: ann.ID, Name: " 媽媽 ", Birth: json.RawMessage(`{"birthDate":"1962-01-01"}`), Notes: "a\r\nb"})
	if err != nil || p.ID == "" || p.Name != "媽媽" || p.Notes != "a\nb" || p.Created.IsZero() || p.Updated != p.Created {
		t.Fatalf("%+v, %v", p, err)
	}
	if got, err := db.Profile(ctx, ann.ID, p.ID); err != nil || !reflect.DeepEqual(got, p) {
		t.Errorf("got %+v, %v, want %+v", got, err, p)
	}
	_, err = db.Profile(ctx, eve.ID, p.ID)
	wantCode(t, err, "not_found")
	_, err = db.UpdateProfile(ctx, eve.ID, p.ID, database.ProfileChange{Name: new("stolen")})
	wantCode(t, err, "not_found")
	wantCode(t, db.DeleteProfile(ctx, eve.ID, p.ID), "not_found")
	again := p
	again.UserID = eve.ID
	_, err = db.CreateProfile(ctx, again)
	wantCode(t, err, "id_taken")

	changed, err := db.UpdateProfile(ctx, ann.ID, p.ID, database.ProfileChange{Birth: json.RawMessage(`{"birthDate":"1962-01-02"}`)})
	want := p
	want.Birth, want.Updated = json.RawMessage(`{"birthDate":"1962-01-02"}`), changed.Updated
	if err != nil || !reflect.DeepEqual(changed, want) || changed.Updated.Before(p.Updated) {
		t.Errorf("changed: %+v, %v, want %+v", changed, err, want)
	}
	want.Name, want.Notes = "", "n"
	changed, err = db.UpdateProfile(ctx, ann.ID, p.ID, database.ProfileChange{Name: new(""), Notes: new("n")})
	want.Updated = changed.Updated
	if err != nil || !reflect.DeepEqual(changed, want) {
		t.Errorf("changed again: %+v, %v, want %+v", changed, err, want)
	}
	if err := db.DeleteProfile(ctx, ann.ID, p.ID); err != nil {
		t.Error(err)
	}
	wantCode(t, db.DeleteProfile(ctx, ann.ID, p.ID), "not_found")
}

func TestProfileRefused(t *testing.T) {
	db, _ := empty(t)
	u := guest(t, db)
	ok, err := db.CreateProfile(t.Context(), database.Profile{UserID: u.ID, Birth: json.RawMessage(`{}`)})
	if err != nil {
		t.Fatal(err)
	}
	for code, p := range map[string]database.Profile{
		"malformed_json": {UserID: u.ID},
		"too_large":      {UserID: u.ID, Birth: make(json.RawMessage, database.MaxBirth+1)},
		"invalid_utf8":   {UserID: u.ID, Birth: json.RawMessage(`{}`), Name: "\xff"},
		"too_long":       {UserID: u.ID, Birth: json.RawMessage(`{}`), Notes: strings.Repeat("x", fortunet.MaxNotes+1)},
		"invalid_value":  {UserID: u.ID, Birth: json.RawMessage(`{}`), ID: "1"},
		"not_found":      {UserID: "nobody", Birth: json.RawMessage(`{}`)},
	} {
		_, err := db.CreateProfile(t.Context(), p)
		wantCode(t, err, code)
	}
	_, err = db.UpdateProfile(t.Context(), u.ID, ok.ID, database.ProfileChange{Birth: json.RawMessage(``)})
	wantCode(t, err, "malformed_json")
	_, err = db.UpdateProfile(t.Context(), u.ID, ok.ID, database.ProfileChange{Name: new("\xff")})
	wantCode(t, err, "invalid_utf8")
	_, err = db.UpdateProfile(t.Context(), u.ID, ok.ID, database.ProfileChange{Notes: new("\xff")})
	wantCode(t, err, "invalid_utf8")
	all, err := db.Profiles(t.Context(), u.ID, database.Page{})
	if err != nil || len(all) != 1 || !reflect.DeepEqual(all[0], ok) {
		t.Errorf("kept %+v, %v", all, err)
	}
	if page, err := db.Profiles(t.Context(), u.ID, database.Page{After: ok.ID}); err != nil || len(page) != 0 {
		t.Errorf("behind the last: %+v, %v", page, err)
	}
}
