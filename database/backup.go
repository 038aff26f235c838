package database

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fortunet/fortunet/fault"
)

// Backup writes a copy of the database, as it is at one moment, into a new file of mode
// 0600, and returns when the copy is on the disk. Readers and writers go on meanwhile.
// Until it is complete the copy has another name, path and ".partial". The fault for a
// file that is there already is a Conflict, and the file stays as it is.
func (db *DB) Backup(ctx context.Context, path string) error {
	if err := db.backup(ctx, path); err != nil {
		return fmt.Errorf("back up database: %w", err)
	}
	return nil
}

func (db *DB) backup(ctx context.Context, path string) error {
	if db.isClosed() {
		return errClosed
	}
	if path == "" {
		return fault.Field("path", "missing_field", "the path of the backup is empty")
	}
	// A relative path that begins with "file:" would be a URI to SQLite.
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(path); err == nil {
		return fault.Errorf(fault.Conflict, "the backup's file is there already")
	}
	partial := path + ".partial"
	f, err := os.OpenFile(partial, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fault.Wrap(err, fault.Conflict, "the same backup is being written, or one was cut off and left its .partial file")
	}
	if err != nil {
		return fileFailure(err)
	}
	err = failure(db.vacuumInto(ctx, partial))
	if err == nil {
		err = fileFailure(f.Sync())
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = fileFailure(os.Rename(partial, path))
	}
	if err != nil {
		return errors.Join(err, os.Remove(partial))
	}
	return fileFailure(syncDir(filepath.Dir(path)))
}
