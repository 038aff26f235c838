package database

import (
	"context"
	"database/sql"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/fault"
)

const userColumns = "id, COALESCE(email, ''), name, plan, role, guest, created"

func scanUser(r row, u *fortunet.User) error {
	var created int64
	err := r.Scan(&u.ID, &u.Email, &u.Name, &u.Plan, &u.Role, &u.Guest, &created)
	u.Created = stored(created)
	return err
}

func user(ctx context.Context, from source, id string) (fortunet.User, error) {
	return one(ctx, from, "user", scanUser, "SELECT "+userColumns+" FROM users WHERE id = $1", id)
}

// User returns the user of that id; the fault for none is NotFound.
func (db *DB) User(ctx context.Context, id string) (fortunet.User, error) {
	return user(ctx, db.read, id)
}

// UserByEmail returns the user of that address, however it is written; the fault for
// none is NotFound.
func (db *DB) UserByEmail(ctx context.Context, email string) (fortunet.User, error) {
	email, err := fortunet.NormalizeEmail(email)
	if err != nil {
		return fortunet.User{}, fault.Errorf(fault.NotFound, "there is no such user")
	}
	return one(ctx, db.read, "user", scanUser, "SELECT "+userColumns+" FROM users WHERE email = $1", email)
}

// UserByIdentity returns the user who signs in with an identity; the fault for none is
// NotFound.
func (db *DB) UserByIdentity(ctx context.Context, provider, subject string) (fortunet.User, error) {
	return one(ctx, db.read, "user", scanUser, "SELECT "+userColumns+` FROM users
		WHERE id = (SELECT user_id FROM identities WHERE provider = $1 AND subject = $2)`, provider, subject)
}

// CreateGuest makes a user without an account, on the free plan.
func (db *DB) CreateGuest(ctx context.Context, name string) (fortunet.User, error) {
	return db.insertUser(ctx, fortunet.User{Name: name, Guest: true}, Identity{})
}

// CreateUser makes a user with an address and a password, given as the PHC string of
// its hash. The fault for an address that has an account is a Conflict with code
// "email_taken".
func (db *DB) CreateUser(ctx context.Context, email, name, password string) (fortunet.User, error) {
	email, err := fortunet.NormalizeEmail(email)
	if err != nil {
		return fortunet.User{}, err
	}
	return db.insertUser(ctx, fortunet.User{Email: email, Name: name}, Identity{Provider: Password, Data: password})
}

// CreateUserWith makes a user who signs in with an identity of somebody else's keeping,
// such as an OpenID provider. Its UserID is not read. The address may be "". The fault
// for an identity of another user is a Conflict with code "identity_taken", that for an
// address of another is "email_taken".
func (db *DB) CreateUserWith(ctx context.Context, email, name string, id Identity) (fortunet.User, error) {
	if email != "" {
		var err error
		if email, err = fortunet.NormalizeEmail(email); err != nil {
			return fortunet.User{}, err
		}
	}
	return db.insertUser(ctx, fortunet.User{Email: email, Name: name}, id)
}

// insertUser makes a user with an identity, unless that has no provider.
func (db *DB) insertUser(ctx context.Context, u fortunet.User, id Identity) (fortunet.User, error) {
	var err error
	if u.Name, err = fortunet.CleanName("name", u.Name); err != nil {
		return fortunet.User{}, err
	}
	u.ID, u.Plan, u.Created = newID(), fortunet.Free, now()
	err = db.do(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO users (id, email, name, plan, role, guest, created, updated, seen)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7)`,
			u.ID, nullable(u.Email), u.Name, u.Plan, u.Role, truth(u.Guest), u.Created.UnixMilli())
		if err != nil || id.Provider == "" {
			return emailFailure(err)
		}
		owned := id
		owned.UserID = u.ID
		return setIdentity(ctx, tx, owned)
	})
	if err != nil {
		return fortunet.User{}, err
	}
	return u, nil
}

// emailFailure names the error of an address that another user has.
func emailFailure(err error) error {
	if clashes(err, "users.email") {
		return &fault.Error{Kind: fault.Conflict, Code: codeEmailTaken, Field: "email", Message: "this address has an account already", Err: err}
	}
	return err
}

// A UserChange is what to change of a user; nil leaves it.
type UserChange struct {
	Name  *string
	Email *string // of an account; a guest gets one by Register
	Plan  *fortunet.Plan
	Role  *fortunet.Role
}

// check returns the change as it is stored.
func (c UserChange) check() (UserChange, error) {
	var err error
	if c.Name, err = cleaned(fortunet.CleanName, "name", c.Name); err != nil {
		return c, err
	}
	if c.Email != nil {
		email, err := fortunet.NormalizeEmail(*c.Email)
		if err != nil {
			return c, err
		}
		c.Email = &email
	}
	if c.Plan != nil && !c.Plan.Valid() {
		_, err := fortunet.ParsePlan(string(*c.Plan))
		return c, err
	}
	if c.Role != nil && *c.Role != fortunet.NoRole && *c.Role != fortunet.Admin {
		return c, fault.Field("role", fortunet.CodeInvalidValue, "is not a role")
	}
	return c, nil
}

// UpdateUser changes a user and returns it as it is then. The fault for an address that
// another user has is a Conflict with code "email_taken"; a guest's address or role is
// refused with code "guest".
func (db *DB) UpdateUser(ctx context.Context, id string, c UserChange) (u fortunet.User, err error) {
	if c, err = c.check(); err != nil {
		return u, err
	}
	return returning(ctx, db, func(ctx context.Context, tx *sql.Tx) (fortunet.User, error) {
		was, err := user(ctx, tx, id)
		if err != nil {
			return was, err
		}
		switch {
		case was.Guest && c.Email != nil:
			return was, fault.Coded(fault.Conflict, codeGuest, "a guest has no address: register instead")
		case was.Guest && c.Role != nil && *c.Role != fortunet.NoRole:
			// It would wait for the guest to become an account.
			return was, fault.Coded(fault.Conflict, codeGuest, "a guest cannot be an operator: register first")
		}
		u, err := one(ctx, tx, "user", scanUser, `UPDATE users SET name = COALESCE($2, name), email = COALESCE($3, email),
			plan = COALESCE($4, plan), role = COALESCE($5, role), updated = $6 WHERE id = $1 RETURNING `+userColumns,
			id, c.Name, c.Email, c.Plan, c.Role, now().UnixMilli())
		return u, emailFailure(err)
	})
}

// Register gives a guest an address and a password; it keeps its id and everything
// that hangs on it. The fault for a user that is no guest is a Conflict with code
// "registered_already", that for an address of another "email_taken".
func (db *DB) Register(ctx context.Context, id, email, name, password string) (fortunet.User, error) {
	email, err := fortunet.NormalizeEmail(email)
	if err != nil {
		return fortunet.User{}, err
	}
	return db.register(ctx, id, email, name, Identity{Provider: Password, Data: password})
}

// RegisterWith is Register with an identity of somebody else's keeping; the address may
// be "". The fault for an identity of another user is a Conflict with code
// "identity_taken".
func (db *DB) RegisterWith(ctx context.Context, id, email, name string, by Identity) (fortunet.User, error) {
	if email != "" {
		var err error
		if email, err = fortunet.NormalizeEmail(email); err != nil {
			return fortunet.User{}, err
		}
	}
	return db.register(ctx, id, email, name, by)
}

func (db *DB) register(ctx context.Context, id, email, name string, by Identity) (u fortunet.User, err error) {
	if name, err = fortunet.CleanName("name", name); err != nil {
		return u, err
	}
	by.UserID = id
	return returning(ctx, db, func(ctx context.Context, tx *sql.Tx) (fortunet.User, error) {
		was, err := user(ctx, tx, id)
		if err != nil {
			return was, err
		}
		if !was.Guest {
			return was, fault.Coded(fault.Conflict, codeRegistered, "this user has an account already")
		}
		u, err := one(ctx, tx, "user", scanUser, `UPDATE users SET email = $2, name = $3, guest = 0, updated = $4
			WHERE id = $1 RETURNING `+userColumns, id, nullable(email), name, now().UnixMilli())
		if err != nil {
			return u, emailFailure(err)
		}
		return u, setIdentity(ctx, tx, by)
	})
}
