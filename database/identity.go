package database

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/fault"
)

// Password is the provider of identities that are a password. Their subject is the
// user's id and their data the PHC string of the hash.
const Password = "password"

// An Identity is one way in which a user proves who they are: a password, the subject
// of an OpenID provider, a passkey. Provider and subject together belong to one user.
type Identity struct {
	Provider string    `json:"provider"`
	Subject  string    `json:"subject"`
	UserID   string    `json:"userId"`
	Data     string    `json:"-"` // what the proof is checked against; secret
	Created  time.Time `json:"created"`
}

const identityColumns = "provider, subject, user_id, data, created"

func scanIdentity(r row, id *Identity) error {
	var created int64
	err := r.Scan(&id.Provider, &id.Subject, &id.UserID, &id.Data, &created)
	id.Created = stored(created)
	return err
}

// SetIdentity adds an identity to a user, or gives one of theirs new data. The fault
// for an identity of another user is a Conflict with code "identity_taken", that for
// nobody NotFound.
func (db *DB) SetIdentity(ctx context.Context, id Identity) error {
	return db.do(ctx, func(ctx context.Context, tx *sql.Tx) error { return setIdentity(ctx, tx, id) })
}

func setIdentity(ctx context.Context, tx *sql.Tx, id Identity) error {
	if id.Provider == Password {
		id.Subject = id.UserID
	}
	if err := id.check(); err != nil {
		return err
	}
	var owner string
	err := tx.QueryRowContext(ctx, `INSERT INTO identities (provider, subject, user_id, data, created) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (provider, subject) DO UPDATE SET data = excluded.data WHERE identities.user_id = excluded.user_id
		RETURNING user_id`, id.Provider, id.Subject, id.UserID, id.Data, now().UnixMilli()).Scan(&owner)
	if errors.Is(err, sql.ErrNoRows) {
		return coded(err, fault.Conflict, codeIdentityTaken, "another user signs in with this")
	}
	return err
}

func (id Identity) check() error {
	const longName, longData = 512, 64 << 10
	switch {
	case id.Provider == "":
		return fault.Field("provider", fortunet.CodeMissingField, "is missing")
	case id.Subject == "":
		return fault.Field("subject", fortunet.CodeMissingField, "is missing")
	}
	return errors.Join(checkText("provider", id.Provider, longName), checkText("subject", id.Subject, longName),
		checkText("data", id.Data, longData))
}

// Identity returns an identity with its secret; the fault for none is NotFound.
func (db *DB) Identity(ctx context.Context, provider, subject string) (Identity, error) {
	return one(ctx, db.read, "identity", scanIdentity, "SELECT "+identityColumns+" FROM identities WHERE provider = $1 AND subject = $2", provider, subject)
}

// Identities returns a user's identities with their secrets.
func (db *DB) Identities(ctx context.Context, userID string) ([]Identity, error) {
	return identities(ctx, db.read, userID)
}

func identities(ctx context.Context, from source, userID string) ([]Identity, error) {
	return list(ctx, from, scanIdentity, "SELECT "+identityColumns+" FROM identities WHERE user_id = $1 ORDER BY provider, subject", userID)
}

// DeleteIdentity takes a way to sign in from a user; the fault for none is NotFound.
// Whether it is the last one is not asked.
func (db *DB) DeleteIdentity(ctx context.Context, userID, provider, subject string) error {
	return db.deleteOne(ctx, "identity", "DELETE FROM identities WHERE user_id = $1 AND provider = $2 AND subject = $3 RETURNING user_id",
		userID, provider, subject)
}

// PasswordOf returns the PHC string of a user's password; the fault for none is
// NotFound.
func (db *DB) PasswordOf(ctx context.Context, userID string) (string, error) {
	id, err := db.Identity(ctx, Password, userID)
	return id.Data, err
}

// deleteOne runs a deletion that returns a text of what it has deleted.
func (db *DB) deleteOne(ctx context.Context, noun, query string, args ...any) error {
	return db.do(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var deleted string
		return missing(tx.QueryRowContext(ctx, query, args...).Scan(&deleted), noun)
	})
}
