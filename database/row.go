package database

import (
	"context"
	"database/sql"
	"time"
)

// A source is where rows come from: a pool, or a transaction.
type source interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// A row is one row of a query.
type row interface{ Scan(dest ...any) error }

// one returns the row of a query that has one at most. Where it has none, the fault is
// NotFound and says there is no such noun.
func one[T any](ctx context.Context, from source, noun string, scan func(row, *T) error, query string, args ...any) (T, error) {
	var x T
	err := scan(from.QueryRowContext(ctx, query, args...), &x)
	return x, missing(err, noun)
}

// list returns the rows of a query. It is never nil, except with an error.
func list[T any](ctx context.Context, from source, scan func(row, *T) error, query string, args ...any) ([]T, error) {
	rows, err := from.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, failure(err)
	}
	defer rows.Close()
	all := []T{}
	for rows.Next() {
		var x T
		if err := scan(rows, &x); err != nil {
			return nil, failure(err)
		}
		all = append(all, x)
	}
	if err := rows.Err(); err != nil {
		return nil, failure(err)
	}
	return all, nil
}

// A Page is a part of a list, whose newest come first.
type Page struct {
	After string // id of the last one seen; "" begins with the newest
	Limit int    // 0 means 50, and over MaxPage means MaxPage
}

// MaxPage is how many a page holds at most.
const MaxPage = 200

func (p Page) limit() int {
	if p.Limit <= 0 {
		return 50
	}
	return min(p.Limit, MaxPage)
}

// keyset returns what follows the conditions of a query, whose last parameter is the
// user's id, to show one page of it, and all arguments.
func (p Page) keyset(userID string) (string, []any) {
	if p.After == "" {
		return " ORDER BY id DESC LIMIT $2", []any{userID, p.limit()}
	}
	return " AND id < $2 ORDER BY id DESC LIMIT $3", []any{userID, p.After, p.limit()}
}

// now is the time as it is stored: in milliseconds, UTC.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// stored returns a time read from a row.
func stored(milli int64) time.Time { return time.UnixMilli(milli).UTC() }

// truth is a truth as it is stored.
func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// nullable is a text that is NULL where it is empty.
func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}
