package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/objects"
)

// restoreCommand makes a data directory of a backup.
type restoreCommand struct {
	Data string `default:"data" type:"path" help:"The data directory to make; it must not exist or be empty."`
	From string `arg:"" type:"existingdir" help:"The backup."`
}

// Run copies the backup and opens the copy once, so that a broken backup is found now.
// Where that fails, nothing is left of the copy.
func (cmd *restoreCommand) Run(c *console) (err error) {
	if entries, err := os.ReadDir(cmd.Data); err == nil && len(entries) > 0 {
		return fmt.Errorf("%s is not empty: a restore overwrites nothing", cmd.Data)
	}
	if err := checkBackup(cmd.From); err != nil {
		return err
	}
	_, err = os.Stat(cmd.Data)
	there := err == nil
	if err := os.MkdirAll(cmd.Data, 0o700); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			empty(cmd.Data, there)
		}
	}()
	for _, name := range parts {
		if err := copyTree(filepath.Join(cmd.Data, name), filepath.Join(cmd.From, name)); err != nil {
			return fmt.Errorf("restore: %w", err)
		}
	}
	if err := errors.Join(syncDir(cmd.Data), syncDir(filepath.Dir(cmd.Data))); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	d, err := openData(c, cmd.Data, &objects.Deps{Rules: fortunet.DefaultRules()})
	if err == nil {
		err = d.close()
	}
	if err != nil {
		return fmt.Errorf("the backup cannot be opened: %w", err)
	}
	fmt.Fprintf(c.stdout, "restored to %s\n", cmd.Data)
	return nil
}

// parts are what a backup is made of.
var parts = []string{objectsDir, databaseFile, keysFile}

// checkBackup returns an error unless a directory is a backup. A data directory is none,
// whether its server runs or not: what it holds may be half in a log beside the file.
func checkBackup(dir string) error {
	for _, name := range parts {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("%s is not a backup: %w", dir, err)
		}
	}
	for _, name := range []string{controlFile, databaseFile + "-wal"} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return fmt.Errorf("%s is a data directory and not a backup: make one of it with fortunet backup", dir)
		}
	}
	return nil
}

// empty removes what a directory holds, and the directory unless it was there before.
func empty(dir string, there bool) {
	if !there {
		os.RemoveAll(dir)
		return
	}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		os.RemoveAll(filepath.Join(dir, e.Name()))
	}
}

// copyTree copies a file, or a directory with all files in it, for the eyes of the
// owner alone, and durably.
func copyTree(to, from string) error {
	info, err := os.Lstat(from)
	switch {
	case err != nil:
		return err
	case info.Mode().IsRegular():
		return copyFile(to, from)
	case !info.IsDir():
		return fmt.Errorf("%s is neither a file nor a directory", from)
	}
	if err := os.Mkdir(to, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := copyTree(filepath.Join(to, e.Name()), filepath.Join(from, e.Name())); err != nil {
			return err
		}
	}
	return syncDir(to)
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// syncDir makes the names in a directory durable, where the system can.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, fs.ErrInvalid) {
		return err
	}
	return nil
}
