package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/fortunet/fortunet/fault"
)

// A job is a write that waits for the writer.
type job struct {
	ctx  context.Context
	f    func(context.Context, *sql.Tx) error
	err  error
	done chan struct{}
}

// batchMax is how many writes share one transaction at most.
const batchMax = 128

// errClosed is what a write gets that comes after Close.
var errClosed = fault.Errorf(fault.Unavailable, "the database is closed")

// do runs f in a transaction, and returns when what it wrote is durable. Writes that
// wait at the same time share a transaction and its sync, each in a savepoint of its
// own: if f returns an error, nothing of f is kept and the others are not touched.
func (db *DB) do(ctx context.Context, f func(context.Context, *sql.Tx) error) error {
	j := &job{ctx: ctx, f: f, done: make(chan struct{})}
	if err := db.enqueue(ctx, j); err != nil {
		return err
	}
	<-j.done // not ctx: what was begun is finished, and its outcome is known
	return j.err
}

func (db *DB) enqueue(ctx context.Context, j *job) error {
	db.mu.RLock()
	defer db.mu.RUnlock()
	if db.closed {
		return errClosed
	}
	select {
	case db.queue <- j:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// writer runs the jobs, all that wait in one transaction.
func (db *DB) writer() {
	defer close(db.done)
	for j := range db.queue {
		jobs := []*job{j}
		for len(jobs) < batchMax && len(db.queue) > 0 {
			next, ok := <-db.queue
			if !ok {
				break
			}
			jobs = append(jobs, next)
		}
		err := db.commit(jobs)
		for _, j := range jobs {
			if j.err == nil {
				j.err = err
			}
			close(j.done)
		}
	}
}

// commit runs jobs in one transaction. Its error is that of all jobs that have none
// of their own.
func (db *DB) commit(jobs []*job) error {
	ctx := context.Background()
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return wrap(err)
	}
	defer tx.Rollback()
	for _, j := range jobs {
		if j.err = context.Cause(j.ctx); j.err == nil {
			j.err = savepoint(j, tx)
		}
		if errors.Is(j.err, errTransaction) {
			return wrap(j.err)
		}
	}
	return wrap(tx.Commit())
}

// errTransaction says that not only one job but the whole transaction has failed.
var errTransaction = errors.New("transaction failed")

func savepoint(j *job, tx *sql.Tx) error {
	ctx := context.Background()
	if _, err := tx.ExecContext(ctx, "SAVEPOINT job"); err != nil {
		return fmt.Errorf("%w: %w", errTransaction, err)
	}
	err := wrap(j.f(ctx, tx))
	if err != nil {
		if _, back := tx.ExecContext(ctx, "ROLLBACK TO job"); back != nil {
			return fmt.Errorf("%w: %w", errTransaction, errors.Join(err, back))
		}
	}
	if _, rel := tx.ExecContext(ctx, "RELEASE job"); rel != nil {
		return fmt.Errorf("%w: %w", errTransaction, rel)
	}
	return err
}
