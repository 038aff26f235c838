package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fortunet/fortunet/fault"
)

func openWriter(t *testing.T) *DB {
	t.Helper()
	db, err := Open(context.Background(), Options{Path: filepath.Join(t.TempDir(), "x.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// A writeFunc is what do runs.
type writeFunc = func(context.Context, *sql.Tx) error

// addUser returns a write that adds a user of that id.
func addUser(id string) writeFunc {
	return func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO users (id, name, plan, role, guest, created, seen) VALUES ($1, '', 'free', '', 1, 0, 0)", id)
		return err
	}
}

// together runs writes in one transaction, in their order, and returns their errors.
// It holds the writer until all of them wait.
func together(t *testing.T, db *DB, writes ...writeFunc) []error {
	t.Helper()
	held, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		db.do(context.Background(), func(context.Context, *sql.Tx) error {
			close(held)
			<-release
			return nil
		})
	})
	<-held
	jobs := make([]*job, len(writes))
	for i, f := range writes {
		jobs[i] = &job{ctx: context.Background(), f: f, done: make(chan struct{})}
		if err := db.enqueue(context.Background(), jobs[i]); err != nil {
			t.Fatal(err)
		}
	}
	close(release)
	wg.Wait()
	errs := make([]error, len(writes))
	for i, j := range jobs {
		<-j.done
		errs[i] = j.err
	}
	return errs
}

// wantUsers fails the test unless these and no others are stored.
func wantUsers(t *testing.T, db *DB, want ...string) {
	t.Helper()
	got, err := list(t.Context(), db.read, func(r row, id *string) error { return r.Scan(id) }, "SELECT id FROM users ORDER BY id")
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("users %v, %v, want %v", got, err, want)
	}
}

// Writes that wait together are one transaction and one sync.
func TestWritesShareATransaction(t *testing.T) {
	db := openWriter(t)
	var writes []writeFunc
	var ids []string
	for i := range maxBatch + 10 {
		id := fmt.Sprintf("u%03d", i)
		ids, writes = append(ids, id), append(writes, addUser(id))
	}
	before := db.Stats()
	for i, err := range together(t, db, writes...) {
		if err != nil {
			t.Errorf("write %d: %v", i, err)
		}
	}
	wantUsers(t, db, ids...)
	after := db.Stats()
	if got, want := after.Commits-before.Commits, uint64(3); got != want { // the one that held the writer, a full batch, the rest
		t.Errorf("%d transactions, want %d", got, want)
	}
	if got, want := after.Writes-before.Writes, uint64(len(writes)+1); got != want {
		t.Errorf("%d writes, want %d", got, want)
	}
}

// A write that fails, in whatever way, keeps nothing and takes nothing from the others.
func TestFailingWrites(t *testing.T) {
	own := errors.New("own error")
	for _, test := range []struct {
		name string
		f    writeFunc
		ok   func(error) bool
	}{
		{"own error", func(ctx context.Context, tx *sql.Tx) error { return errors.Join(addUser("x")(ctx, tx), own) },
			func(err error) bool { return errors.Is(err, own) }},
		{"clash", func(ctx context.Context, tx *sql.Tx) error {
			return errors.Join(addUser("x")(ctx, tx), addUser("a")(ctx, tx))
		}, func(err error) bool { return fault.KindOf(err) == fault.Conflict }},
		{"panic", func(ctx context.Context, tx *sql.Tx) error {
			addUser("x")(ctx, tx)
			panic("boom")
		}, func(err error) bool {
			return fault.KindOf(err) == fault.Internal && strings.Contains(err.Error(), "boom")
		}},
		{"transaction rolled back", func(ctx context.Context, tx *sql.Tx) error {
			tx.ExecContext(ctx, "ROLLBACK")
			return own
		}, func(err error) bool { return errors.Is(err, own) }},
		{"savepoint gone", func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, "RELEASE SAVEPOINT job")
			return err
		}, func(err error) bool { return err != nil }},
	} {
		t.Run(test.name, func(t *testing.T) {
			db := openWriter(t)
			errs := together(t, db, addUser("a"), test.f, addUser("b"))
			if errs[0] != nil || errs[2] != nil {
				t.Errorf("the others: %v, %v", errs[0], errs[2])
			}
			if !test.ok(errs[1]) {
				t.Errorf("got %v", errs[1])
			}
			wantUsers(t, db, "a", "b")
			if test.name == "savepoint gone" {
				return // it means nothing to a write that is alone
			}
			if err := db.do(t.Context(), test.f); !test.ok(err) {
				t.Errorf("alone: %v", err)
			}
			if err := db.do(t.Context(), addUser("c")); err != nil {
				t.Errorf("the next: %v", err)
			}
			wantUsers(t, db, "a", "b", "c")
		})
	}
}

// When a commit fails nobody is told anything else: what one has seen of another's rows
// is not so.
func TestFailingCommit(t *testing.T) {
	db := openWriter(t)
	clashing := errors.New("taken")
	orphan := func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "PRAGMA defer_foreign_keys = on"); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO identities (provider, subject, user_id, data, created) VALUES ('p', 's', 'nobody', '', 0)")
		return err
	}
	errs := together(t, db, addUser("a"), orphan, func(ctx context.Context, tx *sql.Tx) error {
		if addUser("a")(ctx, tx) != nil {
			return clashing
		}
		return nil
	})
	for i, err := range errs {
		if err == nil || errors.Is(err, clashing) {
			t.Errorf("write %d: %v, want the commit's error", i, err)
		}
	}
	wantUsers(t, db)
	if got := db.Stats().Failed; got != 1 {
		t.Errorf("%d failed transactions, want 1", got)
	}
	if err := db.do(t.Context(), addUser("a")); err != nil {
		t.Errorf("the next: %v", err)
	}
}

// A caller that stops waiting knows that nothing was done, unless it had begun: then
// it is told how it ended.
func TestCancelledWrite(t *testing.T) {
	db := openWriter(t)
	ctx, cancel := context.WithCancel(t.Context())
	errs := together(t, db, func(context.Context, *sql.Tx) error {
		done := make(chan error)
		go func() { done <- db.do(ctx, addUser("late")) }()
		for len(db.queue) == 0 { // until it waits behind this one
			select {
			case err := <-done:
				return fmt.Errorf("not waiting: %w", err)
			default:
			}
		}
		cancel()
		if err := <-done; fault.CodeOf(err) != "cancelled" || !errors.Is(err, context.Canceled) {
			return fmt.Errorf("cancelled while waiting: %w", err)
		}
		return nil
	})
	if errs[0] != nil {
		t.Error(errs[0])
	}
	if err := db.do(ctx, addUser("later")); fault.CodeOf(err) != "cancelled" {
		t.Errorf("cancelled before: %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	err := db.do(ctx, func(own context.Context, tx *sql.Tx) error {
		cancel()
		return addUser("begun")(own, tx)
	})
	if err != nil {
		t.Errorf("cancelled when it had begun: %v", err)
	}
	wantUsers(t, db, "begun")
}

// Close lets what waits be written.
func TestCloseFinishesWrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	db, err := Open(t.Context(), Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	held, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		err := db.do(context.Background(), func(context.Context, *sql.Tx) error {
			close(held)
			<-release
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-held
	waiting := &job{ctx: context.Background(), f: addUser("a"), done: make(chan struct{})}
	if err := db.enqueue(context.Background(), waiting); err != nil {
		t.Fatal(err)
	}
	wg.Go(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	close(release)
	wg.Wait()
	if <-waiting.done; waiting.err != nil {
		t.Errorf("waiting at Close: %v", waiting.err)
	}
	if db, err = Open(t.Context(), Options{Path: path}); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	wantUsers(t, db, "a")
}

// A disk that hangs costs who asked an error that tells the truth: the write may yet
// become durable. What comes behind it was not begun and is not.
func TestHungWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	synctest.Test(t, func(t *testing.T) {
		db, err := Open(t.Context(), Options{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		hung, begun := make(chan struct{}), make(chan struct{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		first := make(chan error, 1)
		go func() {
			_, err := returning(ctx, db, func(ctx context.Context, tx *sql.Tx) (string, error) {
				close(begun)
				<-hung
				return "a", addUser("a")(ctx, tx)
			})
			first <- err
		}()
		<-begun
		if err := db.do(ctx, addUser("b")); fault.CodeOf(err) != "timeout" {
			t.Errorf("behind it: %v", err)
		}
		if err := <-first; fault.CodeOf(err) != "unknown_outcome" || fault.KindOf(err) != fault.Unavailable {
			t.Errorf("hung: %v", err)
		}
		close(hung)
		synctest.Wait()
		wantUsers(t, db, "a")
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
}
