// Package pebblestore keeps durable objects on the disk of one machine, in one
// Pebble database.
//
// Batches are applied in the order of Submit and wait for the disk off the caller's
// turn, so one sync serves many of them. A disk that is full or broken never ends the
// process: writes are refused early while little space is left, and at the first
// failed write the database is cut off from its files, everything under way ends in
// an error, and the files are opened anew in the background until that succeeds.
// Nothing is ever read from a database that failed, because it shows writes which the
// disk may have lost.
package pebblestore

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/fortunet/fortunet/durable"
)

var (
	// ErrLocked is returned by Open while another store has the directory open.
	ErrLocked = errors.New("the store's directory is in use by another process")

	// ErrFormat is returned by Open for a directory that a later version of this
	// program, or another program, wrote.
	ErrFormat = errors.New("the store was not written by this program or an earlier version of it")

	// ErrCorrupt is returned by Open for a store whose files are damaged. Nothing
	// was changed; a checkpoint can be put in its place.
	ErrCorrupt = errors.New("the store's files are damaged")
)

// Options are what a Store can be told. The zero value is fit for a server.
type Options struct {
	// CacheBytes bounds the memory for blocks of the database; 0 means 64 MB.
	CacheBytes int64

	// Reserve is how many bytes of the disk stay free: with less, Submit refuses
	// and reads go on. 0 means a twentieth of the disk, at least 8 MB and at most
	// 256 MB; a negative value means none.
	Reserve int64

	// Logger hears of failures; nil means nobody does.
	Logger *slog.Logger
}

const (
	defaultCache = 64 << 20

	// maxBatch is the largest batch taken, in bytes; Pebble takes no more than 4 GB.
	maxBatch = 256 << 20

	stripes = 64
)

// A Store is a durable.Store on one machine. It also takes checkpoints for backups.
type Store struct {
	dir     string
	fs      vfs.FS
	log     *slog.Logger
	tune    func(*pebble.Options) // for tests
	backoff backoff
	lock    io.Closer
	cache   *pebble.Cache
	space   *space
	stop    chan struct{} // closed by Close
	gone    chan struct{} // closed when everything is released
	closing error         // what releasing said; read it after gone

	// order holds a lock for each part of the objects. It is held while a batch is
	// applied and queued, so that both happen in the same order.
	order [stripes]sync.Mutex

	mu       sync.Mutex // guards what follows; held for a few lines
	handle   *handle    // nil while failing and once closed
	failure  error      // why there is no handle
	failures int        // how often a handle was lost
	closed   bool
	poisoned map[durable.ID]struct{} // objects that lost a batch and were not loaded since
}

var _ durable.Store = (*Store)(nil)

// A backoff is how long to wait between tries to open a store that failed.
type backoff struct{ first, most time.Duration }

var errClosed = fmt.Errorf("%w: it is closed", durable.ErrStore)

// Open opens the store in dir, or makes it. Only one Store can have a directory open.
func Open(dir string, o Options) (*Store, error) {
	dir, err := makeDir(dir)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", durable.ErrStore, err)
	}
	return open(dir, o, vfs.Default, nil)
}

// open opens the store in a directory that exists on fs, tuned by tune if that is not nil.
func open(dir string, o Options, fs vfs.FS, tune func(*Store)) (*Store, error) {
	s := &Store{
		dir:      dir,
		fs:       fs,
		log:      o.Logger,
		backoff:  backoff{first: 50 * time.Millisecond, most: 2 * time.Second},
		space:    newSpace(fs, dir, o.Reserve),
		stop:     make(chan struct{}),
		gone:     make(chan struct{}),
		poisoned: make(map[durable.ID]struct{}),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if tune != nil {
		tune(s)
	}
	var err error
	if s.lock, err = s.lockDir(); err != nil {
		return nil, err
	}
	if o.CacheBytes <= 0 {
		o.CacheBytes = defaultCache
	}
	s.cache = pebble.NewCache(o.CacheBytes)
	if s.handle, err = s.openHandle(); err != nil {
		s.cache.Unref()
		s.lock.Close()
		return nil, err
	}
	go s.supervise(s.handle)
	return s, nil
}

// makeDir makes the directory, readable by its owner alone, and returns the one path
// by which its lock is known whatever links lead to it.
func makeDir(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(dir)
}

// lockDir locks the directory for this Store.
func (s *Store) lockDir() (io.Closer, error) {
	lock, err := s.fs.Lock(s.fs.PathJoin(s.dir, "LOCK"))
	switch {
	case err == nil:
		return lock, nil
	case errors.Is(err, os.ErrPermission) && !isHeld(err), isReadOnly(err), isFull(err):
		return nil, fmt.Errorf("%w: lock %s: %w", durable.ErrStore, s.dir, err)
	}
	return nil, fmt.Errorf("%w: %s: %w", ErrLocked, s.dir, err)
}

// Submit implements durable.Store.
func (s *Store) Submit(b *durable.Batch) error {
	size := b.Size()
	if size > maxBatch {
		return fmt.Errorf("%w: a batch of %d bytes", durable.ErrTooLarge, size)
	}
	if err := s.space.admit(size); err != nil {
		return err
	}
	order := &s.order[b.ID.Partition()%stripes]
	order.Lock()
	defer order.Unlock()
	h, err := s.acquire(&b.ID)
	if err != nil {
		return err
	}
	batch := h.db.NewBatchWithSize(size + size/8 + 256)
	encode(h.db, batch, b)
	if err := h.db.ApplyNoSyncWait(batch, pebble.Sync); err != nil {
		h.guard.fail(err) // none is known; what it did to the handle is not either
	}
	h.pending <- pending{batch, b} // settle calls users.Done
	return nil
}

// acquire returns the open handle, counted as used until its users.Done is called.
// For a write, id names the object, which must not have lost a batch.
func (s *Store) acquire(id *durable.ID) (*handle, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return nil, errClosed
	case s.handle == nil:
		return nil, s.failure
	}
	if cause := s.handle.guard.err(); cause != nil {
		return nil, failing(cause)
	}
	if id != nil && len(s.poisoned) > 0 {
		if _, lost := s.poisoned[*id]; lost {
			return nil, fmt.Errorf("%w: an earlier batch of the object failed", durable.ErrStore)
		}
	}
	s.handle.users.Add(1)
	return s.handle, nil
}

func failing(cause error) error {
	return fmt.Errorf("%w: it failed and is being opened again: %w", durable.ErrStore, cause)
}

// poison makes Submit refuse an object's batches until it is loaded.
func (s *Store) poison(id durable.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.poisoned[id] = struct{}{}
}

// heal takes an object's batches again, now that it was loaded.
func (s *Store) heal(id durable.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.poisoned, id)
}

// Close implements durable.Store. It waits for what was submitted, and may be called
// more than once.
func (s *Store) Close() error {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.stop)
	}
	s.mu.Unlock()
	<-s.gone
	return s.closing
}
