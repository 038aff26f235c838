package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/objects"
)

// backupCommand copies a data directory, running or not.
type backupCommand struct {
	Data string `default:"data" type:"path" help:"The data directory."`
	To   string `arg:"" type:"path" help:"A directory that does not exist yet."`
}

// Run asks the running server for the backup, or makes it itself where none runs.
func (cmd *backupCommand) Run(c *console) error {
	if _, err := os.Stat(filepath.Join(cmd.Data, objectsDir)); err != nil {
		return fmt.Errorf("%s is not a data directory: %w", cmd.Data, err)
	}
	_, err := ask(c, cmd.Data, "backup", order{To: cmd.To})
	if errors.Is(err, errNotRunning) {
		var d *data
		if d, err = openData(c, cmd.Data, &objects.Deps{Rules: fortunet.DefaultRules()}); err == nil {
			err = errors.Join(d.backup(c, cmd.To), d.close())
		}
	}
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	fmt.Fprintf(c.stdout, "backed up to %s\n", cmd.To)
	return nil
}

// backup copies everything into a new directory: objects first, so that what the
// objects still have to do to the database is an alarm or an effect in the copy.
func (d *data) backup(ctx context.Context, to string) (err error) {
	if err := os.Mkdir(to, 0o700); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(to)
		}
	}()
	if err := d.store.Checkpoint(filepath.Join(to, objectsDir)); err != nil {
		return err
	}
	if err := os.Chmod(filepath.Join(to, objectsDir), 0o700); err != nil {
		return err
	}
	if err := d.db.Backup(ctx, filepath.Join(to, databaseFile)); err != nil {
		return err
	}
	if err := writeSecret(filepath.Join(to, keysFile), d.keys); err != nil {
		return err
	}
	return syncDir(filepath.Dir(to))
}

// adminCommand is what an operator may tell a running server.
type adminCommand struct {
	Grant grantCommand `cmd:"" help:"Make a user an operator, or change their plan."`
}

// grantCommand changes what a user may do.
type grantCommand struct {
	Data   string         `default:"data" type:"path" help:"The data directory of the running server."`
	User   string         `arg:"" help:"The user's id or e-mail address."`
	Revoke bool           `help:"Take the operator's role away."`
	Plan   *fortunet.Plan `enum:"free,premium,professional" help:"Set the plan: free, premium or professional. The role stays as it is, unless --revoke is given too."`
}

// Run gives the order to the running server.
func (cmd *grantCommand) Run(c *console) error {
	o := order{User: cmd.User, Plan: cmd.Plan}
	if cmd.Plan == nil || cmd.Revoke {
		o.Admin = new(!cmd.Revoke)
	}
	id, err := ask(c, cmd.Data, "grant", o)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "done for user %s\n", id)
	return nil
}
