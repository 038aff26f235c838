package database

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/fortunet/fortunet"
)

// An Account is everything the database holds of one user.
type Account struct {
	User       fortunet.User `json:"user"`
	Updated    time.Time     `json:"updated"`
	Identities []Identity    `json:"identities"`
	Profiles   []Profile     `json:"profiles"` // oldest first
	Charts     []Chart       `json:"charts"`   // oldest first, with data and images
}

// ExportUser returns everything the database holds of a user at one moment, secrets
// aside; the fault for nobody is NotFound.
func (db *DB) ExportUser(ctx context.Context, id string) (Account, error) {
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable, ReadOnly: true})
	if err != nil {
		return Account{}, fmt.Errorf("export user: %w", failure(err))
	}
	defer tx.Rollback()
	var a Account
	if a.User, err = user(ctx, tx, id); err != nil {
		return Account{}, err
	}
	var updated int64
	err = tx.QueryRowContext(ctx, "SELECT updated FROM users WHERE id = $1", id).Scan(&updated)
	if err != nil {
		return Account{}, fmt.Errorf("export user: %w", failure(err))
	}
	a.Updated = stored(updated)
	if a.Identities, err = identities(ctx, tx, id); err != nil {
		return Account{}, fmt.Errorf("export identities: %w", err)
	}
	for i := range a.Identities {
		a.Identities[i].Data = ""
	}
	if a.Profiles, err = list(ctx, tx, scanProfile, "SELECT "+profileColumns+" FROM profiles WHERE user_id = $1 ORDER BY id", id); err != nil {
		return Account{}, fmt.Errorf("export profiles: %w", err)
	}
	if a.Charts, err = list(ctx, tx, scanChart, "SELECT "+chartColumns+" FROM charts WHERE user_id = $1 ORDER BY id", id); err != nil {
		return Account{}, fmt.Errorf("export charts: %w", err)
	}
	return a, nil
}

// DeleteUser forgets a user and everything of theirs, in one transaction. Deleting
// nobody is no error, so that a deletion may be repeated.
func (db *DB) DeleteUser(ctx context.Context, id string) error {
	return db.do(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM users WHERE id = $1", id) // the rest by ON DELETE CASCADE
		return err
	})
}

// DeleteGuest is DeleteUser for a user that is still a guest; it reports whether the
// user is gone.
func (db *DB) DeleteGuest(ctx context.Context, id string) (gone bool, err error) {
	return returning(ctx, db, func(ctx context.Context, tx *sql.Tx) (bool, error) {
		if _, err := tx.ExecContext(ctx, "DELETE FROM users WHERE id = $1 AND guest = 1", id); err != nil {
			return false, err
		}
		var n int
		err := tx.QueryRowContext(ctx, "SELECT count(*) FROM users WHERE id = $1", id).Scan(&n)
		return n == 0, err
	})
}
