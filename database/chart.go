package database

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"
)

// A Profile is the birth of somebody a user has entered.
type Profile struct {
	ID      string          `json:"id"`
	UserID  string          `json:"userId"`
	Name    string          `json:"name"`
	Birth   json.RawMessage `json:"birth"`
	Notes   string          `json:"notes"`
	Created time.Time       `json:"created"`
	Updated time.Time       `json:"updated"`
}

// A Chart is a chart that a user has saved.
type Chart struct {
	ID      string          `json:"id"`
	UserID  string          `json:"userId"`
	Name    string          `json:"name"`
	Kind    string          `json:"kind"` // ziwei or zodiac
	Request json.RawMessage `json:"request"`
	Engine  string          `json:"engine"` // the version that computed Data
	Data    json.RawMessage `json:"data"`
	Notes   string          `json:"notes"`
	Tags    []string        `json:"tags"`
	Created time.Time       `json:"created"`
	Updated time.Time       `json:"updated"`
}

// SaveProfile stores a profile and returns it. Without an id it is a new one; with
// one it replaces the user's profile of that id, and the fault for none is NotFound.
func (db *DB) SaveProfile(ctx context.Context, p Profile) (Profile, error) {
	p.Updated = time.Now().UTC().Truncate(time.Millisecond)
	err := db.do(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if p.ID == "" {
			p.ID, p.Created = newID(), p.Updated
			_, err := tx.ExecContext(ctx, `INSERT INTO profiles (id, user_id, name, birth, notes, created, updated)
				VALUES ($1, $2, $3, $4, $5, $6, $6)`, p.ID, p.UserID, p.Name, string(p.Birth), p.Notes, millis(p.Created))
			return err
		}
		var created int64
		err := tx.QueryRowContext(ctx, `UPDATE profiles SET name = $3, birth = $4, notes = $5, updated = $6
			WHERE id = $1 AND user_id = $2 RETURNING created`,
			p.ID, p.UserID, p.Name, string(p.Birth), p.Notes, millis(p.Updated)).Scan(&created)
		p.Created = time.UnixMilli(created).UTC()
		return err
	})
	return p, err
}

// Profiles returns up to limit profiles of a user in the order of their ids, beginning
// behind after.
func (db *DB) Profiles(ctx context.Context, userID, after string, limit int) ([]Profile, error) {
	return list(ctx, db, scanProfile, `SELECT id, user_id, name, birth, notes, created, updated FROM profiles
		WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT $3`, userID, after, limit)
}

func scanProfile(rows *sql.Rows, p *Profile) error {
	var created, updated int64
	var birth string
	err := rows.Scan(&p.ID, &p.UserID, &p.Name, &birth, &p.Notes, &created, &updated)
	p.Birth, p.Created, p.Updated = json.RawMessage(birth), time.UnixMilli(created).UTC(), time.UnixMilli(updated).UTC()
	return err
}

// DeleteProfile forgets a profile of a user; the fault for none is NotFound.
func (db *DB) DeleteProfile(ctx context.Context, userID, id string) error {
	return db.deleteOne(ctx, "DELETE FROM profiles WHERE id = $1 AND user_id = $2 RETURNING id", id, userID)
}

func (db *DB) deleteOne(ctx context.Context, query string, args ...any) error {
	return db.do(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var id string
		return tx.QueryRowContext(ctx, query, args...).Scan(&id)
	})
}

// SaveChart stores a chart and returns it. Without an id it is a new one; with one it
// replaces the user's chart of that id, and the fault for none is NotFound.
func (db *DB) SaveChart(ctx context.Context, c Chart) (Chart, error) {
	c.Updated = time.Now().UTC().Truncate(time.Millisecond)
	if c.Tags == nil {
		c.Tags = []string{}
	}
	tags, err := json.Marshal(c.Tags)
	if err != nil {
		return c, fmt.Errorf("encode tags: %w", err)
	}
	err = db.do(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if c.ID == "" {
			c.ID, c.Created = newID(), c.Updated
			_, err := tx.ExecContext(ctx, `INSERT INTO charts (id, user_id, name, kind, request, engine, data, notes, tags, created, updated)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)`, c.ID, c.UserID, c.Name, c.Kind, string(c.Request),
				c.Engine, string(c.Data), c.Notes, string(tags), millis(c.Created))
			return err
		}
		var created int64
		err := tx.QueryRowContext(ctx, `UPDATE charts SET name = $3, kind = $4, request = $5, engine = $6, data = $7, notes = $8,
			tags = $9, updated = $10 WHERE id = $1 AND user_id = $2 RETURNING created`, c.ID, c.UserID, c.Name, c.Kind,
			string(c.Request), c.Engine, string(c.Data), c.Notes, string(tags), millis(c.Updated)).Scan(&created)
		c.Created = time.UnixMilli(created).UTC()
		return err
	})
	return c, err
}

// Charts returns up to limit charts of a user in the order of their ids, beginning
// behind after.
func (db *DB) Charts(ctx context.Context, userID, after string, limit int) ([]Chart, error) {
	return list(ctx, db, scanChart, `SELECT id, user_id, name, kind, request, engine, data, notes, tags, created, updated FROM charts
		WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT $3`, userID, after, limit)
}

func scanChart(rows *sql.Rows, c *Chart) error {
	var created, updated int64
	var request, data, tags string
	err := rows.Scan(&c.ID, &c.UserID, &c.Name, &c.Kind, &request, &c.Engine, &data, &c.Notes, &tags, &created, &updated)
	if err == nil {
		err = json.Unmarshal([]byte(tags), &c.Tags)
	}
	c.Request, c.Data = json.RawMessage(request), json.RawMessage(data)
	c.Created, c.Updated = time.UnixMilli(created).UTC(), time.UnixMilli(updated).UTC()
	return err
}

// DeleteChart forgets a chart of a user; the fault for none is NotFound.
func (db *DB) DeleteChart(ctx context.Context, userID, id string) error {
	return db.deleteOne(ctx, "DELETE FROM charts WHERE id = $1 AND user_id = $2 RETURNING id", id, userID)
}
