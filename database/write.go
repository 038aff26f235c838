package database

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/fortunet/fortunet/fault"
)

const (
	maxBatch   = 128  // writes that share a transaction
	maxWaiting = 1024 // writes in the queue; the next wait for a place
)

// A job is a write that waits for the writer.
type job struct {
	ctx  context.Context
	f    func(context.Context, *sql.Tx) error
	done chan struct{} // closed when err is final

	// taken is set once: by the writer that runs the job, or by its caller, who has
	// stopped waiting and then knows that it will not be run.
	taken atomic.Bool
	err   error // of the writer until done is closed
}

// errClosed is what a write gets that comes after Close.
var errClosed = fault.Coded(fault.Unavailable, codeUnavailable, "the database is closed")

// Stats are numbers of the writer since the database was opened.
type Stats struct {
	Writes  uint64 // that were run and are durable, or were refused by what is there
	Commits uint64 // transactions they took
	Failed  uint64 // transactions that failed
	Waiting int    // writes in the queue now
}

type counters struct{ writes, commits, failed atomic.Uint64 }

// Stats returns the writer's numbers.
func (db *DB) Stats() Stats {
	return Stats{Writes: db.count.writes.Load(), Commits: db.count.commits.Load(), Failed: db.count.failed.Load(), Waiting: len(db.queue)}
}

// do runs f in a transaction and returns when what f wrote is durable. Writes that wait
// at the same time share a transaction and its sync, each in a savepoint of its own: if
// f returns an error, nothing of f is kept and the others are not touched.
//
// f may be run again where another's failure has undone it. ctx ends the wait for a turn;
// a write that has begun is finished, and waited for for settleTime more. Where the disk
// hangs for longer, the fault has the code "unknown_outcome" and f may still be running: it
// must set nothing that the caller reads then, which returning sees to.
func (db *DB) do(ctx context.Context, f func(context.Context, *sql.Tx) error) error {
	j := &job{ctx: ctx, f: f, done: make(chan struct{})}
	if err := db.enqueue(ctx, j); err != nil {
		return err
	}
	select {
	case <-j.done:
	case <-ctx.Done():
		if j.taken.CompareAndSwap(false, true) {
			return failure(ctx.Err())
		}
		select {
		case <-j.done:
		case <-time.After(settleTime):
			return unavailable(ctx.Err(), codeUnknown, "it is not known whether the write became durable")
		}
	}
	return j.err
}

// settleTime is how long who stopped waiting is kept for the end of a write that has
// begun. Any disk that works needs much less.
const settleTime = 5 * time.Second

// returning is do for an f with a result.
func returning[T any](ctx context.Context, db *DB, f func(context.Context, *sql.Tx) (T, error)) (T, error) {
	var v, none T
	err := db.do(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		v, err = f(ctx, tx)
		return err
	})
	if err != nil {
		return none, err
	}
	return v, nil
}

func (db *DB) enqueue(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return failure(err)
	}
	db.mu.RLock()
	defer db.mu.RUnlock()
	if db.closed {
		return errClosed
	}
	select {
	case db.queue <- j:
		return nil
	case <-ctx.Done():
		return failure(ctx.Err())
	}
}

// writer runs the jobs, all that wait in one transaction, until the queue is closed.
func (db *DB) writer() {
	defer close(db.done)
	for j := range db.queue {
		jobs := []*job{j}
		for len(jobs) < maxBatch && len(db.queue) > 0 {
			jobs = append(jobs, <-db.queue)
		}
		db.commit(jobs)
		// Who has just been answered often writes again: let them join the next batch. Without
		// this, many writers fall into two groups that take turns, with twice the syncs.
		runtime.Gosched()
	}
}

// commit runs jobs in one transaction and ends them. Where one of them breaks the
// transaction, it alone gets the error and the others are run again without it.
func (db *DB) commit(jobs []*job) {
	run := jobs[:0]
	for _, j := range jobs {
		if j.taken.CompareAndSwap(false, true) {
			run = append(run, j)
		}
	}
	for len(run) > 0 {
		culprit, err := db.transaction(run)
		if err == nil {
			db.count.writes.Add(uint64(len(run)))
			finish(run)
			return
		}
		db.count.failed.Add(1)
		if culprit < 0 {
			// What a job made of rows that were not kept is no answer either.
			for _, j := range run {
				j.err = failure(err)
			}
			finish(run)
			return
		}
		run[culprit].err = failure(err)
		finish(run[culprit : culprit+1])
		run = append(run[:culprit], run[culprit+1:]...)
	}
}

func finish(jobs []*job) {
	for _, j := range jobs {
		close(j.done)
	}
}

// transaction runs jobs in one transaction. If that fails, nothing is kept, and culprit
// is the job that broke it, or -1 where it is none of them.
func (db *DB) transaction(jobs []*job) (culprit int, err error) {
	ctx := context.Background()
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return -1, err
	}
	defer tx.Rollback()
	if len(jobs) == 1 { // the transaction is its savepoint
		if jobs[0].err = failure(attempt(ctx, tx, jobs[0].f)); jobs[0].err != nil {
			return -1, nil
		}
	} else {
		for i, j := range jobs {
			if err := savepoint(ctx, tx, j); err != nil {
				return i, err
			}
		}
	}
	if err := tx.Commit(); err != nil {
		return -1, err
	}
	db.count.commits.Add(1)
	return -1, nil
}

// savepoint runs a job so that its failure leaves the rest of the transaction as it
// was. An error of its own is one of the whole transaction.
func savepoint(ctx context.Context, tx *sql.Tx, j *job) error {
	if _, err := tx.ExecContext(ctx, "SAVEPOINT job"); err != nil {
		return err
	}
	if j.err = failure(attempt(ctx, tx, j.f)); j.err != nil {
		if _, err := tx.ExecContext(ctx, "ROLLBACK TO SAVEPOINT job"); err != nil {
			return j.err // the transaction is gone, and this is why
		}
	}
	_, err := tx.ExecContext(ctx, "RELEASE SAVEPOINT job")
	return err
}

// attempt runs f. A panic in it is an error: the writer serves everybody.
func attempt(ctx context.Context, tx *sql.Tx, f func(context.Context, *sql.Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a write: %v\n%s", p, debug.Stack())
		}
	}()
	return f(ctx, tx)
}
