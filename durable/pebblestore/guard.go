package pebblestore

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// A guard stands between one Pebble handle and the disk. It decides what a failed
// operation means, because Pebble's own answer to most of them is to end the process.
//
// At the first failure the guard cuts the handle off for good: from then on nothing
// the handle writes, syncs, renames or removes reaches the disk, yet everything
// reports success. Pebble so never meets an error that it would panic or exit on, lets
// go of its locks, and can be closed and freed; and whatever it still does, it cannot
// touch the files that the next handle opens. What it reports as synced after that
// is worth nothing, so whoever asks must look at the guard behind every answer.
//
// One failure is not one: a table that does not fit on the disk. Pebble drops what
// it wrote and tries again, and what is stored can be read meanwhile.
type guard struct {
	vfs.FS // the disk; reads go there directly
	dir    string

	// full is called when a table does not fit; if it returns false that is a
	// failure after all.
	full func(error) (goOn bool)

	dead   atomic.Bool
	cause  error         // why dead; written before failed is closed
	failed chan struct{} // closed at the first failure
	busy   atomic.Int64  // changes under way on the disk
}

var _ vfs.FS = (*guard)(nil)

// errCut is what reads get that miss a file which was never written.
var errCut = errors.New("the handle is cut off from the disk")

// fullPause is how long a table that did not fit waits before Pebble may try again,
// which it does at once.
const fullPause = 100 * time.Millisecond

func newGuard(fs vfs.FS, dir string, full func(error) bool) *guard {
	return &guard{FS: fs, dir: dir, full: full, failed: make(chan struct{})}
}

// fail cuts the handle off. Only the first cause counts.
func (g *guard) fail(cause error) {
	if g.dead.CompareAndSwap(false, true) {
		g.cause = cause
		close(g.failed)
	}
}

// err returns why the handle is cut off, or nil.
func (g *guard) err() error {
	if !g.dead.Load() {
		return nil
	}
	<-g.failed
	return g.cause
}

// quiesce waits until no change of the handle is under way on the disk. After fail
// there will be none again.
func (g *guard) quiesce() {
	for g.busy.Load() > 0 {
		time.Sleep(time.Millisecond)
	}
}

// begin reports whether a change may go to the disk. If so, end must be called.
func (g *guard) begin() bool {
	g.busy.Add(1)
	if g.dead.Load() {
		g.busy.Add(-1)
		return false
	}
	return true
}

func (g *guard) end() { g.busy.Add(-1) }

// change runs one change of the file called name, unless the handle is cut off, and
// returns nil or an error that Pebble can live with.
func (g *guard) change(op, name string, f func() error) error {
	if !g.begin() {
		return nil
	}
	defer g.end()
	err := f()
	if err == nil || op == "remove" && os.IsNotExist(err) {
		return err
	}
	err = fmt.Errorf("%s %s: %w", op, g.FS.PathBase(name), err)
	if strings.HasSuffix(name, ".sst") && isFull(err) && g.full != nil && g.full(err) {
		select {
		case <-time.After(fullPause):
		case <-g.failed:
		}
		return err
	}
	g.fail(err)
	return nil
}

func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// ours reports whether a file is one of the store's. Others are those of a
// checkpoint, whose errors concern nobody but its maker.
func (g *guard) ours(name string) bool {
	return name == g.dir || g.FS.PathDir(name) == g.dir
}

// open opens a file for writing through f. Cut off, it gives a file that is nowhere.
func (g *guard) open(name string, f func() (vfs.File, error)) (vfs.File, error) {
	if !g.ours(name) {
		return f()
	}
	var file vfs.File
	err := g.change("open", name, func() (err error) {
		file, err = f()
		return err
	})
	if err != nil {
		return nil, err
	}
	if g.dead.Load() && file != nil {
		file.Close()
		file = nil
	}
	return &guardFile{guard: g, name: name, file: file}, nil
}

// Create implements vfs.FS.
func (g *guard) Create(name string, category vfs.DiskWriteCategory) (vfs.File, error) {
	return g.open(name, func() (vfs.File, error) { return g.FS.Create(name, category) })
}

// OpenReadWrite implements vfs.FS.
func (g *guard) OpenReadWrite(name string, category vfs.DiskWriteCategory, opts ...vfs.OpenOption) (vfs.File, error) {
	return g.open(name, func() (vfs.File, error) { return g.FS.OpenReadWrite(name, category, opts...) })
}

// ReuseForWrite implements vfs.FS.
func (g *guard) ReuseForWrite(oldname, newname string, category vfs.DiskWriteCategory) (vfs.File, error) {
	return g.open(newname, func() (vfs.File, error) { return g.FS.ReuseForWrite(oldname, newname, category) })
}

// OpenDir implements vfs.FS.
func (g *guard) OpenDir(name string) (vfs.File, error) {
	return g.open(name, func() (vfs.File, error) { return g.FS.OpenDir(name) })
}

// Open implements vfs.FS.
func (g *guard) Open(name string, opts ...vfs.OpenOption) (vfs.File, error) {
	file, err := g.FS.Open(name, opts...)
	return file, g.missing(err)
}

// Stat implements vfs.FS.
func (g *guard) Stat(name string) (vfs.FileInfo, error) {
	info, err := g.FS.Stat(name)
	return info, g.missing(err)
}

// missing keeps a cut-off handle from hearing that a file it believes in is gone,
// which it would take for the end of the world.
func (g *guard) missing(err error) error {
	if err != nil && g.dead.Load() {
		return errCut
	}
	return err
}

// Rename implements vfs.FS.
func (g *guard) Rename(oldname, newname string) error {
	if !g.ours(newname) {
		return g.FS.Rename(oldname, newname)
	}
	return g.change("rename", newname, func() error { return g.FS.Rename(oldname, newname) })
}

// Link implements vfs.FS.
func (g *guard) Link(oldname, newname string) error {
	if !g.ours(newname) {
		return g.FS.Link(oldname, newname)
	}
	return g.change("link", newname, func() error { return g.FS.Link(oldname, newname) })
}

// Remove implements vfs.FS.
func (g *guard) Remove(name string) error {
	if !g.ours(name) {
		return g.FS.Remove(name)
	}
	return g.change("remove", name, func() error { return g.FS.Remove(name) })
}

// Lock implements vfs.FS. The directory is locked by the Store, for as long as it
// lives; a handle comes and goes within that.
func (g *guard) Lock(string) (io.Closer, error) { return unlocked{}, nil }

type unlocked struct{}

func (unlocked) Close() error { return nil }

// Unwrap implements vfs.FS.
func (g *guard) Unwrap() vfs.FS { return g.FS }

// A guardFile is a file or directory that a handle opened for writing. The file on
// the disk is nil if the handle was cut off when it was opened.
type guardFile struct {
	guard *guard
	name  string
	file  vfs.File
}

func (f *guardFile) change(op string, do func() error) error {
	if f.file == nil {
		return nil
	}
	return f.guard.change(op, f.name, do)
}

func (f *guardFile) Write(p []byte) (int, error) {
	n := len(p)
	err := f.change("write", func() (err error) {
		_, err = f.file.Write(p)
		return err
	})
	if err != nil {
		n = 0
	}
	return n, err
}

func (f *guardFile) WriteAt(p []byte, offset int64) (int, error) {
	n := len(p)
	err := f.change("write", func() (err error) {
		_, err = f.file.WriteAt(p, offset)
		return err
	})
	if err != nil {
		n = 0
	}
	return n, err
}

// Preallocate is a hint: where it cannot be followed, writing will tell.
func (f *guardFile) Preallocate(offset, length int64) error {
	if f.file == nil || !f.guard.begin() {
		return nil
	}
	defer f.guard.end()
	return f.file.Preallocate(offset, length)
}

func (f *guardFile) Sync() error { return f.change("sync", func() error { return f.file.Sync() }) }
func (f *guardFile) SyncData() error {
	return f.change("sync", func() error { return f.file.SyncData() })
}

func (f *guardFile) SyncTo(length int64) (full bool, err error) {
	err = f.change("sync", func() (err error) {
		full, err = f.file.SyncTo(length)
		return err
	})
	return full, err
}

// Close closes the file on the disk even if the handle is cut off: that changes
// nothing, and the file must not stay open.
func (f *guardFile) Close() error {
	if f.file == nil {
		return nil
	}
	if f.guard.dead.Load() {
		f.file.Close()
		return nil
	}
	return f.change("close", func() error { return f.file.Close() })
}

func (f *guardFile) Read(p []byte) (int, error) {
	if f.file == nil {
		return 0, errCut
	}
	return f.file.Read(p)
}

func (f *guardFile) ReadAt(p []byte, offset int64) (int, error) {
	if f.file == nil {
		return 0, errCut
	}
	return f.file.ReadAt(p, offset)
}

func (f *guardFile) Stat() (vfs.FileInfo, error) {
	if f.file == nil {
		return nowhere{name: f.guard.FS.PathBase(f.name)}, nil
	}
	return f.file.Stat()
}

func (f *guardFile) Prefetch(offset, length int64) error {
	if f.file == nil {
		return nil
	}
	return f.file.Prefetch(offset, length)
}

func (f *guardFile) Fd() uintptr {
	if f.file == nil {
		return vfs.InvalidFd
	}
	return f.file.Fd()
}

// nowhere describes a file that a cut-off handle believes it created.
type nowhere struct{ name string }

func (n nowhere) Name() string         { return n.name }
func (nowhere) Size() int64            { return 0 }
func (nowhere) Mode() os.FileMode      { return 0o600 }
func (nowhere) ModTime() time.Time     { return time.Time{} }
func (nowhere) IsDir() bool            { return false }
func (nowhere) Sys() any               { return nil }
func (nowhere) DeviceID() vfs.DeviceID { return vfs.DeviceID{} }
