package database

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/fault"
)

// newID returns a random UUID (version 4, RFC 9562).
func newID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// NormalizeEmail returns an address as it is stored and compared, or an Invalid
// fault. Addresses that differ only in case are one.
func NormalizeEmail(email string) (string, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	at := strings.LastIndexByte(email, '@')
	bad := at < 1 || at == len(email)-1 || len(email) > 254 || !strings.Contains(email[at+1:], ".")
	for _, r := range email {
		bad = bad || r <= ' ' || r == 0x7f || r == '\ufffd' || strings.ContainsRune(`"(),:;<>[\]`, r)
	}
	if bad {
		return "", fault.Field("email", "invalid_email", "this is not an e-mail address")
	}
	return email, nil
}

const userColumns = "id, COALESCE(email, ''), name, plan, role, guest, created"

func scanUser(row interface{ Scan(...any) error }) (fortunet.User, error) {
	var u fortunet.User
	var created int64
	err := row.Scan(&u.ID, &u.Email, &u.Name, &u.Plan, &u.Role, &u.Guest, &created)
	u.Created = time.UnixMilli(created).UTC()
	return u, wrap(err)
}

// CreateGuest makes a user without an account, on the free plan.
func (db *DB) CreateGuest(ctx context.Context, name string) (fortunet.User, error) {
	return db.insertUser(ctx, fortunet.User{Name: name, Plan: fortunet.Free, Guest: true}, "")
}

// CreateUser makes a user with an address and a password, given as the PHC string of
// its hash. The fault for an address that has an account is a Conflict with code
// "email_taken".
func (db *DB) CreateUser(ctx context.Context, email, name, password string) (fortunet.User, error) {
	email, err := NormalizeEmail(email)
	if err != nil {
		return fortunet.User{}, err
	}
	return db.insertUser(ctx, fortunet.User{Email: email, Name: name, Plan: fortunet.Free}, password)
}

func (db *DB) insertUser(ctx context.Context, u fortunet.User, password string) (fortunet.User, error) {
	u.ID, u.Created = newID(), time.Now().UTC().Truncate(time.Millisecond)
	err := db.do(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO users (id, email, name, plan, role, guest, created, seen)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
			u.ID, nullable(u.Email), u.Name, u.Plan, u.Role, u.Guest, millis(u.Created))
		if isUnique(err, "users.email") {
			return emailTaken()
		}
		if err == nil && password != "" {
			err = setIdentity(ctx, tx, Identity{Provider: Password, Subject: u.ID, UserID: u.ID, Data: password})
		}
		return err
	})
	return u, err
}

func emailTaken() error {
	return &fault.Error{Kind: fault.Conflict, Code: "email_taken", Field: "email", Message: "this address has an account already"}
}

func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// User returns the user of that id; the fault for none is NotFound.
func (db *DB) User(ctx context.Context, id string) (fortunet.User, error) {
	return scanUser(db.read.QueryRowContext(ctx, "SELECT "+userColumns+" FROM users WHERE id = $1", id))
}

// UserByEmail returns the user of that address; the fault for none is NotFound.
func (db *DB) UserByEmail(ctx context.Context, email string) (fortunet.User, error) {
	email, err := NormalizeEmail(email)
	if err != nil {
		return fortunet.User{}, fault.Errorf(fault.NotFound, "there is no such user")
	}
	return scanUser(db.read.QueryRowContext(ctx, "SELECT "+userColumns+" FROM users WHERE email = $1", email))
}

// A UserChange is what to change of a user; nil leaves it.
type UserChange struct {
	Name *string
	Plan *fortunet.Plan
	Role *fortunet.Role
}

// UpdateUser changes a user and returns it as it is then.
func (db *DB) UpdateUser(ctx context.Context, id string, c UserChange) (u fortunet.User, err error) {
	err = db.do(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE users SET name = COALESCE($2, name), plan = COALESCE($3, plan),
			role = COALESCE($4, role) WHERE id = $1`, id, c.Name, c.Plan, c.Role)
		if err == nil {
			u, err = scanUser(tx.QueryRowContext(ctx, "SELECT "+userColumns+" FROM users WHERE id = $1", id))
		}
		return err
	})
	return u, err
}

// Register gives a guest an address and a password; it keeps its id and everything
// that hangs on it. The fault for a user that is no guest is a Conflict.
func (db *DB) Register(ctx context.Context, id, email, name, password string) (u fortunet.User, err error) {
	if email, err = NormalizeEmail(email); err != nil {
		return u, err
	}
	err = db.do(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if u, err = scanUser(tx.QueryRowContext(ctx, "SELECT "+userColumns+" FROM users WHERE id = $1", id)); err != nil {
			return err
		}
		if !u.Guest {
			return fault.Coded(fault.Conflict, "registered_already", "this user has an account already")
		}
		u.Email, u.Name, u.Guest = email, name, false
		_, err := tx.ExecContext(ctx, "UPDATE users SET email = $2, name = $3, guest = $4 WHERE id = $1", id, email, name, false)
		if isUnique(err, "users.email") {
			return emailTaken()
		}
		if err != nil {
			return err
		}
		return setIdentity(ctx, tx, Identity{Provider: Password, Subject: id, UserID: id, Data: password})
	})
	return u, err
}

// DeleteUser forgets a user and everything of theirs. Deleting nobody is no error.
func (db *DB) DeleteUser(ctx context.Context, id string) error {
	return db.do(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM users WHERE id = $1", id) // the rest by ON DELETE CASCADE
		return err
	})
}

// DeleteGuest is DeleteUser for a user that is still a guest; it reports whether the
// user is gone.
func (db *DB) DeleteGuest(ctx context.Context, id string) (gone bool, err error) {
	err = db.do(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM users WHERE id = $1 AND guest = $2", id, true); err != nil {
			return err
		}
		var n int
		err := tx.QueryRowContext(ctx, "SELECT count(*) FROM users WHERE id = $1", id).Scan(&n)
		gone = n == 0
		return err
	})
	return gone, err
}
