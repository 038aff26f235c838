package database

import (
	"context"
	"database/sql"
	"time"

	"github.com/fortunet/fortunet"
)

// Password is the provider of identities that are a password. Their subject is the
// user's id and their data the PHC string of the hash.
const Password = "password"

// An Identity is one way in which a user can prove who they are.
type Identity struct {
	Provider string    `json:"provider"`
	Subject  string    `json:"subject"`
	UserID   string    `json:"userId"`
	Data     string    `json:"-"` // secret
	Created  time.Time `json:"created"`
}

// SetIdentity adds an identity to a user, or gives it new data.
func (db *DB) SetIdentity(ctx context.Context, id Identity) error {
	return db.do(ctx, func(ctx context.Context, tx *sql.Tx) error { return setIdentity(ctx, tx, id) })
}

func setIdentity(ctx context.Context, tx *sql.Tx, id Identity) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO identities (provider, subject, user_id, data, created) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (provider, subject) DO UPDATE SET data = excluded.data WHERE identities.user_id = excluded.user_id`,
		id.Provider, id.Subject, id.UserID, id.Data, millis(time.Now()))
	return err
}

// PasswordOf returns the PHC string of a user's password; the fault for none is
// NotFound.
func (db *DB) PasswordOf(ctx context.Context, userID string) (string, error) {
	var phc string
	err := db.read.QueryRowContext(ctx, "SELECT data FROM identities WHERE provider = $1 AND subject = $2", Password, userID).Scan(&phc)
	return phc, wrap(err)
}

// UserByIdentity returns the user an identity belongs to; the fault for none is
// NotFound.
func (db *DB) UserByIdentity(ctx context.Context, provider, subject string) (fortunet.User, error) {
	var userID string
	err := db.read.QueryRowContext(ctx, "SELECT user_id FROM identities WHERE provider = $1 AND subject = $2", provider, subject).Scan(&userID)
	if err != nil {
		return fortunet.User{}, wrap(err)
	}
	return db.User(ctx, userID)
}

// identities returns a user's identities without their secrets.
func (db *DB) identities(ctx context.Context, userID string) ([]Identity, error) {
	return list(ctx, db, func(rows *sql.Rows, id *Identity) error {
		var created int64
		err := rows.Scan(&id.Provider, &id.Subject, &id.UserID, &created)
		id.Created = time.UnixMilli(created).UTC()
		return err
	}, "SELECT provider, subject, user_id, created FROM identities WHERE user_id = $1 ORDER BY provider, subject", userID)
}

// list returns the rows of a query. It is never nil.
func list[T any](ctx context.Context, db *DB, scan func(*sql.Rows, *T) error, query string, args ...any) ([]T, error) {
	rows, err := db.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, wrap(err)
	}
	defer rows.Close()
	all := []T{}
	for rows.Next() {
		var x T
		if err := scan(rows, &x); err != nil {
			return nil, wrap(err)
		}
		all = append(all, x)
	}
	return all, wrap(rows.Err())
}
