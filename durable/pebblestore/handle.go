package pebblestore

import (
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/cockroachdb/pebble/v2"

	"github.com/fortunet/fortunet/durable"
)

const (
	// layoutVersion is written into the store when it is made. A store of a later
	// version is refused.
	layoutVersion = 1

	// pebbleFormat is what Pebble's own files are upgraded to. Raising it shuts
	// older programs out.
	pebbleFormat = pebble.FormatValueSeparation

	// memTableBytes is the largest a memtable grows; they begin at 256 KB. Up to
	// memTables of them exist under load.
	memTableBytes = 16 << 20
	memTables     = 4

	// maxPending is how many batches may wait for the disk. Pebble lets 4,095 in.
	maxPending = 4096

	// openRoom is what opening needs on the disk beside the write-ahead logs it
	// turns into tables.
	openRoom = 1 << 20
)

// layoutKey holds the version of the layout.
var layoutKey = []byte{prefixMeta, 'f', 'o', 'r', 'm', 'a', 't'}

// A handle is one open Pebble database, from when it is opened to when it is closed
// or fails. A Store goes through several if its disk fails.
type handle struct {
	db    *pebble.DB
	guard *guard
	log   *slog.Logger

	users   sync.WaitGroup // calls that use db; none is added once the Store dropped the handle
	pending chan pending   // batches on their way to the disk, in order
	stalled atomic.Bool    // Pebble makes writers wait
	stalls  atomic.Int64   // how often it did
}

// A pending is a batch that was applied and is not known to be on the disk.
type pending struct {
	batch *pebble.Batch
	owner *durable.Batch
}

// openHandle opens the database in the store's directory, or makes it.
func (s *Store) openHandle() (h *handle, err error) {
	if err := s.roomToOpen(); err != nil {
		return nil, err
	}
	h = &handle{log: s.log, pending: make(chan pending, maxPending)}
	var opened atomic.Bool
	h.guard = newGuard(s.fs, s.dir, func(err error) bool {
		s.space.full()
		h.log.Warn("no space for a table", "err", err)
		return opened.Load() && !h.stalled.Load()
	})
	stop := s.cutOnClose(h.guard)
	defer stop()

	h.db, err = h.openPebble(s.pebbleOptions(h))
	if err == nil {
		err = h.checkLayout()
	}
	if cause := h.guard.err(); cause != nil {
		err = fmt.Errorf("%w: open: %w", durable.ErrStore, cause)
	}
	if err != nil {
		h.guard.fail(err)
		h.closePebble()
		h.guard.quiesce()
		return nil, err
	}
	opened.Store(true)
	go h.settle(s)
	return h, nil
}

// roomToOpen returns an error if opening would run out of space half way. Trying
// nevertheless could leave behind more than it found.
func (s *Store) roomToOpen() error {
	names, err := s.fs.List(s.dir)
	if err != nil {
		return fmt.Errorf("%w: %w", durable.ErrStore, err)
	}
	need := uint64(openRoom)
	for _, name := range names {
		if strings.HasSuffix(name, ".log") {
			if info, err := s.fs.Stat(s.fs.PathJoin(s.dir, name)); err == nil {
				need += uint64(info.Size())
			}
		}
	}
	usage, err := s.fs.GetDiskUsage(s.dir)
	if err == nil && usage.AvailBytes < need {
		return fmt.Errorf("%w: opening needs %d bytes of disk space and %d are free: %w",
			durable.ErrStore, need, usage.AvailBytes, syscall.ENOSPC)
	}
	return nil
}

// openPebble opens the database and gives errors their names. It turns a panic over
// a damaged file into an error too.
func (h *handle) openPebble(o *pebble.Options) (db *pebble.DB, err error) {
	defer func() {
		if r := recover(); r != nil {
			db, err = nil, fmt.Errorf("%w: %v", ErrCorrupt, r)
		}
	}()
	db, err = pebble.Open(h.guard.dir, o)
	switch {
	case err == nil:
		return db, nil
	case pebble.IsCorruptionError(err):
		return nil, fmt.Errorf("%w: %w", ErrCorrupt, err)
	case strings.Contains(err.Error(), "unknown format major version"):
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if no, ok := errors.AsType[syscall.Errno](err); ok && no != syscall.ENOENT {
		return nil, fmt.Errorf("%w: open: %w", durable.ErrStore, err)
	}
	return nil, fmt.Errorf("%w: %w", ErrCorrupt, err)
}

// checkLayout compares the version of the layout, and writes it into a new store.
func (h *handle) checkLayout() error {
	value, closer, err := h.db.Get(layoutKey)
	if err == nil {
		defer closer.Close()
		if len(value) != 1 || value[0] > layoutVersion {
			return fmt.Errorf("%w: layout %x, and this program knows %d", ErrFormat, value, layoutVersion)
		}
		return nil
	}
	if !errors.Is(err, pebble.ErrNotFound) {
		return readError("format", err)
	}
	it, err := h.db.NewIter(nil)
	if err != nil {
		return readError("format", err)
	}
	used := it.First()
	if err := it.Close(); err != nil {
		return readError("format", err)
	}
	if used {
		return fmt.Errorf("%w: the database was made by another program", ErrFormat)
	}
	return h.db.Set(layoutKey, []byte{layoutVersion}, pebble.Sync)
}

// closePebble closes the database. Of a cut-off handle nothing is left to save, so
// its errors mean nothing.
func (h *handle) closePebble() error {
	if h.db == nil {
		return nil
	}
	err := h.db.Close()
	if h.guard.err() != nil {
		return nil
	}
	return err
}

// pebbleOptions returns the options of one handle.
func (s *Store) pebbleOptions(h *handle) *pebble.Options {
	o := &pebble.Options{
		FS:                          h.guard,
		Logger:                      pebbleLog{h},
		EventListener:               h.events(),
		Cache:                       s.cache,
		FormatMajorVersion:          pebbleFormat,
		MemTableSize:                memTableBytes,
		MemTableStopWritesThreshold: memTables,
		L0CompactionThreshold:       2,
		L0StopWritesThreshold:       1000,
		LBaseMaxBytes:               64 << 20,
		CompactionConcurrencyRange:  func() (int, int) { return 1, 3 },
		WALBytesPerSync:             512 << 10,
		MaxOpenFiles:                1000,
	}
	if s.tune != nil {
		s.tune(o)
	}
	return o
}

// events returns what the handle wants to hear from Pebble.
func (h *handle) events() *pebble.EventListener {
	return &pebble.EventListener{
		BackgroundError: func(err error) {
			if h.guard.err() == nil {
				h.log.Warn("background work failed", "err", err)
			}
		},
		DataCorruption: func(info pebble.DataCorruptionInfo) {
			if h.guard.err() == nil {
				h.log.Error("damaged file", "path", info.Path, "err", info.Details)
			}
		},
		WriteStallBegin: func(info pebble.WriteStallBeginInfo) {
			h.stalled.Store(true)
			h.stalls.Add(1)
			h.log.Debug("writes wait for background work", "reason", info.Reason)
		},
		WriteStallEnd: func() { h.stalled.Store(false) },
	}
}

// settle calls Done of every batch, in order, as the disk answers. One goroutine of
// each handle runs it until the handle is dropped.
func (h *handle) settle(s *Store) {
	for p := range h.pending {
		err := p.batch.SyncWait()
		if cause := h.guard.err(); cause != nil {
			err = cause // whatever SyncWait said
		}
		if err != nil {
			h.guard.fail(err)
			s.poison(p.owner.ID)
			err = fmt.Errorf("%w: %w", durable.ErrUnknown, err)
		} else {
			p.batch.Close()
		}
		p.owner.Done(err)
		h.users.Done()
	}
}

// A pebbleLog hears what Pebble has to say.
type pebbleLog struct{ h *handle }

// Infof implements pebble.Logger. Pebble is talkative here.
func (pebbleLog) Infof(string, ...any) {}

// Errorf implements pebble.Logger.
func (l pebbleLog) Errorf(format string, args ...any) {
	if l.h.guard.err() == nil {
		l.h.log.Warn("pebble", "err", fmt.Sprintf(format, args...))
	}
}

// Fatalf implements pebble.Logger. Pebble expects the process to end here. No error
// of the disk gets this far, the guard sees to that, so this is a contradiction in
// Pebble's files or memory. The handle is cut off, after which it can do no harm, and
// Pebble is let go on so that it gives its locks back.
func (l pebbleLog) Fatalf(format string, args ...any) {
	cause := fmt.Errorf("pebble: "+format, args...)
	if l.h.guard.err() == nil {
		l.h.log.Error("store failed", "err", cause, "stack", string(debug.Stack()))
	}
	l.h.guard.fail(cause)
}
