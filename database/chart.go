package database

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/fault"
)

// A Chart is a chart that a user has saved.
type Chart struct {
	ID        string             `json:"id"`
	UserID    string             `json:"userId"`
	Name      string             `json:"name"`
	Kind      fortunet.ChartType `json:"chartType"`
	Request   json.RawMessage    `json:"request"`             // the birth and what was asked of it; MaxBirth bytes at most
	Engine    string             `json:"engine"`              // the engine version that computed Data
	Data      json.RawMessage    `json:"data,omitempty"`      // MaxData bytes at most; nil in lists
	Image     []byte             `json:"image,omitempty"`     // MaxImage bytes at most; nil in lists
	ImageType string             `json:"imageType,omitempty"` // media type of Image, "" without one
	Notes     string             `json:"notes"`
	Tags      []string           `json:"tags"`
	Created   time.Time          `json:"created"`
	Updated   time.Time          `json:"updated"`
}

const (
	chartColumns  = "id, user_id, name, kind, request, engine, data, image, image_type, notes, tags, created, updated"
	chartOverview = "id, user_id, name, kind, request, engine, NULL, NULL, image_type, notes, tags, created, updated"
)

func scanChart(r row, c *Chart) error {
	var created, updated int64
	var request, tags string
	var data sql.NullString
	err := r.Scan(&c.ID, &c.UserID, &c.Name, &c.Kind, &request, &c.Engine, &data, &c.Image, &c.ImageType, &c.Notes, &tags, &created, &updated)
	if err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(tags), &c.Tags); err != nil {
		return fmt.Errorf("decode tags: %w", err)
	}
	c.Request, c.Created, c.Updated = json.RawMessage(request), stored(created), stored(updated)
	if data.Valid {
		c.Data = json.RawMessage(data.String)
	}
	if len(c.Image) == 0 {
		c.Image = nil
	}
	return nil
}

// CreateChart stores a new chart and returns it. Without an id it gets one, by which
// lists are in the order of making; an id that is taken is a Conflict with code
// "id_taken", so that a retry adds nothing. The fault for no such user is NotFound.
func (db *DB) CreateChart(ctx context.Context, c Chart) (Chart, error) {
	var err error
	if c.Name, err = fortunet.CleanName("name", c.Name); err != nil {
		return Chart{}, err
	}
	if c.Notes, err = fortunet.CleanNotes("notes", c.Notes); err != nil {
		return Chart{}, err
	}
	if c.Tags, err = cleanTags(c.Tags); err != nil {
		return Chart{}, err
	}
	if c.Kind != fortunet.Ziwei && c.Kind != fortunet.Zodiac {
		return Chart{}, fault.Field("chartType", fortunet.CodeInvalidValue, "is not a type of chart")
	}
	if err := errors.Join(checkJSON("request", c.Request, MaxBirth), checkJSON("data", c.Data, MaxData),
		checkText("engine", c.Engine, 100), checkImage(c.Image, c.ImageType)); err != nil {
		return Chart{}, err
	}
	if c.ID, c.Created, err = identify(c.ID); err != nil {
		return Chart{}, err
	}
	c.Updated = c.Created
	tags, err := json.Marshal(c.Tags)
	if err != nil {
		return Chart{}, fmt.Errorf("encode tags: %w", err)
	}
	err = db.do(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO charts ("+chartColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)",
			c.ID, c.UserID, c.Name, c.Kind, string(c.Request), c.Engine, string(c.Data), c.Image, c.ImageType, c.Notes, string(tags), c.Created.UnixMilli())
		return idFailure(err, "charts.id")
	})
	if err != nil {
		return Chart{}, err
	}
	return c, nil
}

// Chart returns a chart of a user; the fault for none, also where it is somebody
// else's, is NotFound.
func (db *DB) Chart(ctx context.Context, userID, id string) (Chart, error) {
	return one(ctx, db.read, "chart", scanChart, "SELECT "+chartColumns+" FROM charts WHERE user_id = $1 AND id = $2", userID, id)
}

// ChartByID returns a chart whoever it belongs to, for callers who have another right
// to see it; the fault for none is NotFound.
func (db *DB) ChartByID(ctx context.Context, id string) (Chart, error) {
	return one(ctx, db.read, "chart", scanChart, "SELECT "+chartColumns+" FROM charts WHERE id = $1", id)
}

// Charts returns a page of a user's charts, without their data and images.
func (db *DB) Charts(ctx context.Context, userID string, p Page) ([]Chart, error) {
	rest, args := p.keyset(userID)
	return list(ctx, db.read, scanChart, "SELECT "+chartOverview+" FROM charts WHERE user_id = $1"+rest, args...)
}

// A ChartChange is what to change of a chart; nil leaves it.
type ChartChange struct {
	Name    *string
	Notes   *string
	Tags    []string // empty takes all away
	Request json.RawMessage
	Engine  *string
	Data    json.RawMessage

	// Image replaces the image, an empty one takes it away; ImageType is read only
	// beside it.
	Image     []byte
	ImageType string
}

// check returns the change as it is stored, and the tags as JSON or nil.
func (c ChartChange) check() (_ ChartChange, tags any, err error) {
	if c.Name, err = cleaned(fortunet.CleanName, "name", c.Name); err != nil {
		return c, nil, err
	}
	if c.Notes, err = cleaned(fortunet.CleanNotes, "notes", c.Notes); err != nil {
		return c, nil, err
	}
	if c.Tags != nil {
		if c.Tags, err = cleanTags(c.Tags); err != nil {
			return c, nil, err
		}
		encoded, err := json.Marshal(c.Tags)
		if err != nil {
			return c, nil, fmt.Errorf("encode tags: %w", err)
		}
		tags = string(encoded)
	}
	if c.Request != nil {
		err = checkJSON("request", c.Request, MaxBirth)
	}
	if err == nil && c.Data != nil {
		err = checkJSON("data", c.Data, MaxData)
	}
	if err == nil && c.Engine != nil {
		err = checkText("engine", *c.Engine, 100)
	}
	if err == nil && c.Image != nil {
		err = checkImage(c.Image, c.ImageType)
	}
	return c, tags, err
}

// UpdateChart changes a chart of a user and returns it as it is then; the fault for
// none is NotFound.
func (db *DB) UpdateChart(ctx context.Context, userID, id string, change ChartChange) (c Chart, err error) {
	change, tags, err := change.check()
	if err != nil {
		return c, err
	}
	var image, imageType any
	if change.Image != nil {
		image, imageType = change.Image, change.ImageType
	}
	return returning(ctx, db, func(ctx context.Context, tx *sql.Tx) (Chart, error) {
		return one(ctx, tx, "chart", scanChart, `UPDATE charts SET name = COALESCE($3, name), notes = COALESCE($4, notes),
			tags = COALESCE($5, tags), request = COALESCE($6, request), engine = COALESCE($7, engine), data = COALESCE($8, data),
			image = COALESCE($9, image), image_type = COALESCE($10, image_type), updated = $11
			WHERE user_id = $1 AND id = $2 RETURNING `+chartColumns, userID, id, change.Name, change.Notes, tags,
			optional(change.Request), change.Engine, optional(change.Data), image, imageType, now().UnixMilli())
	})
}

// DeleteChart forgets a chart of a user; the fault for none is NotFound.
func (db *DB) DeleteChart(ctx context.Context, userID, id string) error {
	return db.deleteOne(ctx, "chart", "DELETE FROM charts WHERE user_id = $1 AND id = $2 RETURNING id", userID, id)
}
