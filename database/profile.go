package database

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/fortunet/fortunet"
)

// A Profile is the birth of somebody a user has entered.
type Profile struct {
	ID      string          `json:"id"`
	UserID  string          `json:"userId"`
	Name    string          `json:"name"`
	Birth   json.RawMessage `json:"birth"` // JSON of MaxBirth bytes at most
	Notes   string          `json:"notes"`
	Created time.Time       `json:"created"`
	Updated time.Time       `json:"updated"`
}

const profileColumns = "id, user_id, name, birth, notes, created, updated"

func scanProfile(r row, p *Profile) error {
	var created, updated int64
	var birth string
	err := r.Scan(&p.ID, &p.UserID, &p.Name, &birth, &p.Notes, &created, &updated)
	p.Birth, p.Created, p.Updated = json.RawMessage(birth), stored(created), stored(updated)
	return err
}

// CreateProfile stores a new profile and returns it. Without an id it gets one, by
// which lists are in the order of making; an id that is taken is a Conflict with code
// "id_taken", so that a retry adds nothing. The fault for no such user is NotFound.
func (db *DB) CreateProfile(ctx context.Context, p Profile) (Profile, error) {
	var err error
	if p.Name, err = fortunet.CleanName("name", p.Name); err != nil {
		return Profile{}, err
	}
	if p.Notes, err = fortunet.CleanNotes("notes", p.Notes); err != nil {
		return Profile{}, err
	}
	if err = checkJSON("birth", p.Birth, MaxBirth); err != nil {
		return Profile{}, err
	}
	if p.ID, p.Created, err = identify(p.ID); err != nil {
		return Profile{}, err
	}
	p.Updated = p.Created
	err = db.do(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO profiles ("+profileColumns+") VALUES ($1, $2, $3, $4, $5, $6, $6)",
			p.ID, p.UserID, p.Name, string(p.Birth), p.Notes, p.Created.UnixMilli())
		return idFailure(err, "profiles.id")
	})
	if err != nil {
		return Profile{}, err
	}
	return p, nil
}

// Profile returns a profile of a user; the fault for none, also where it is somebody
// else's, is NotFound.
func (db *DB) Profile(ctx context.Context, userID, id string) (Profile, error) {
	return one(ctx, db.read, "profile", scanProfile, "SELECT "+profileColumns+" FROM profiles WHERE user_id = $1 AND id = $2", userID, id)
}

// Profiles returns a page of a user's profiles.
func (db *DB) Profiles(ctx context.Context, userID string, p Page) ([]Profile, error) {
	rest, args := p.keyset(userID)
	return list(ctx, db.read, scanProfile, "SELECT "+profileColumns+" FROM profiles WHERE user_id = $1"+rest, args...)
}

// A ProfileChange is what to change of a profile; nil leaves it.
type ProfileChange struct {
	Name  *string
	Birth json.RawMessage
	Notes *string
}

// UpdateProfile changes a profile of a user and returns it as it is then; the fault for
// none is NotFound.
func (db *DB) UpdateProfile(ctx context.Context, userID, id string, c ProfileChange) (p Profile, err error) {
	if c.Name, err = cleaned(fortunet.CleanName, "name", c.Name); err != nil {
		return p, err
	}
	if c.Notes, err = cleaned(fortunet.CleanNotes, "notes", c.Notes); err != nil {
		return p, err
	}
	if c.Birth != nil {
		if err := checkJSON("birth", c.Birth, MaxBirth); err != nil {
			return p, err
		}
	}
	return returning(ctx, db, func(ctx context.Context, tx *sql.Tx) (Profile, error) {
		return one(ctx, tx, "profile", scanProfile, `UPDATE profiles SET name = COALESCE($3, name), birth = COALESCE($4, birth),
			notes = COALESCE($5, notes), updated = $6 WHERE user_id = $1 AND id = $2 RETURNING `+profileColumns,
			userID, id, c.Name, optional(c.Birth), c.Notes, now().UnixMilli())
	})
}

// DeleteProfile forgets a profile of a user; the fault for none is NotFound.
func (db *DB) DeleteProfile(ctx context.Context, userID, id string) error {
	return db.deleteOne(ctx, "profile", "DELETE FROM profiles WHERE user_id = $1 AND id = $2 RETURNING id", userID, id)
}
