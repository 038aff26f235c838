package database

import (
	"context"
	"fmt"
	"os"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/fault"
)

// Backup writes a copy of the database, as it is at one moment, into a new file of
// mode 0600. Readers and writers go on meanwhile.
func (db *DB) Backup(ctx context.Context, path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fault.Wrap(err, fault.Conflict, "the backup's file cannot be made")
	}
	f.Close() // VACUUM INTO takes an empty file
	if _, err := db.read.ExecContext(ctx, "VACUUM INTO $1", path); err != nil {
		os.Remove(path)
		return fmt.Errorf("back up database: %w", wrap(err))
	}
	return nil
}

// An Account is everything the database holds of one user.
type Account struct {
	User       fortunet.User `json:"user"`
	Identities []Identity    `json:"identities"`
	Profiles   []Profile     `json:"profiles"`
	Charts     []Chart       `json:"charts"`
}

// ExportUser returns everything the database holds of a user, secrets aside; the fault
// for none is NotFound.
func (db *DB) ExportUser(ctx context.Context, id string) (a Account, err error) {
	const all = 1 << 30
	if a.User, err = db.User(ctx, id); err != nil {
		return a, err
	}
	if a.Identities, err = db.identities(ctx, id); err != nil {
		return a, err
	}
	if a.Profiles, err = db.Profiles(ctx, id, "", all); err != nil {
		return a, err
	}
	a.Charts, err = db.Charts(ctx, id, "", all)
	return a, err
}
