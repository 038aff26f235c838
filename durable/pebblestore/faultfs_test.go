package pebblestore

import (
	"fmt"
	"strings"
	"sync"
	"syscall"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// A change is one operation that changes a file system, as a faultFS sees it.
type change struct {
	n    int    // counting from 1
	op   string // create, reuse, write, sync, rename, link, remove
	dir  string // where the file is
	name string // of the file, without its directory
}

func (c change) String() string { return fmt.Sprintf("#%d %s %s", c.n, c.op, c.name) }

// kind tells what the file is for.
func (c change) kind() string {
	switch {
	case isTable(c.name):
		return "sst"
	case isLog(c.name):
		return "log"
	}
	kind, _, _ := strings.Cut(c.name, "-")
	return kind
}

// A verdict is what a faultFS makes of a change.
type verdict struct {
	err  error // nil: it is done and succeeds
	done bool  // it fails, and is done all the same
}

// A faultFS makes changes of a file system fail. What was written to a file
// whose sync failed stays lost, as on Linux: later syncs of it succeed and do nothing.
type faultFS struct {
	vfs.FS

	mu     sync.Mutex
	n      int
	judge  func(change) verdict // called in order, without mu; nil: all is well
	usage  vfs.DiskUsage        // what the disk says of its space, if not zero
	broken map[string]bool      // files whose sync failed
}

func newFaultFS(fs vfs.FS) *faultFS {
	return &faultFS{FS: fs, broken: make(map[string]bool)}
}

// fault sets the judge and begins counting anew.
func (f *faultFS) fault(judge func(change) verdict) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n, f.judge = 0, judge
}

func (f *faultFS) changes() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.n
}

func (f *faultFS) setUsage(u vfs.DiskUsage) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.usage = u
}

func (f *faultFS) GetDiskUsage(path string) (vfs.DiskUsage, error) {
	f.mu.Lock()
	usage := f.usage
	f.mu.Unlock()
	if usage != (vfs.DiskUsage{}) {
		return usage, nil
	}
	return f.FS.GetDiskUsage(path)
}

// do runs a change as the judge wants it.
func (f *faultFS) do(op, name string, run func() error) error {
	f.mu.Lock()
	f.n++
	c := change{f.n, op, f.PathDir(name), f.PathBase(name)}
	judge := f.judge
	lost := op == "sync" && f.broken[name]
	f.mu.Unlock()
	if lost {
		return nil
	}
	var v verdict
	if judge != nil {
		v = judge(c)
	}
	if v.err == nil || v.done {
		if err := run(); err != nil {
			return err
		}
	}
	if v.err != nil && op == "sync" && strings.Contains(c.name, ".") { // not a directory
		f.mu.Lock()
		f.broken[name] = true
		f.mu.Unlock()
	}
	return v.err
}

func (f *faultFS) open(op, name string, run func() (vfs.File, error)) (vfs.File, error) {
	var file vfs.File
	err := f.do(op, name, func() (err error) {
		file, err = run()
		return err
	})
	if err != nil {
		if file != nil {
			file.Close()
		}
		return nil, err
	}
	f.mu.Lock()
	delete(f.broken, name)
	f.mu.Unlock()
	return &faultFile{File: file, fs: f, name: name}, nil
}

func (f *faultFS) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return f.open("create", name, func() (vfs.File, error) { return f.FS.Create(name, c) })
}

func (f *faultFS) ReuseForWrite(oldname, newname string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return f.open("reuse", newname, func() (vfs.File, error) { return f.FS.ReuseForWrite(oldname, newname, c) })
}

func (f *faultFS) OpenDir(name string) (vfs.File, error) {
	file, err := f.FS.OpenDir(name)
	if err != nil {
		return nil, err
	}
	return &faultFile{File: file, fs: f, name: name}, nil
}

func (f *faultFS) Rename(oldname, newname string) error {
	return f.do("rename", newname, func() error { return f.FS.Rename(oldname, newname) })
}

func (f *faultFS) Link(oldname, newname string) error {
	return f.do("link", newname, func() error { return f.FS.Link(oldname, newname) })
}

func (f *faultFS) Remove(name string) error {
	return f.do("remove", name, func() error { return f.FS.Remove(name) })
}

// A faultFile is a file of a faultFS that is open for writing.
type faultFile struct {
	vfs.File
	fs   *faultFS
	name string
}

// Write that fails undone may have written the first half, as disks do.
func (f *faultFile) Write(p []byte) (n int, err error) {
	wrote := false
	err = f.fs.do("write", f.name, func() (err error) {
		wrote = true
		n, err = f.File.Write(p)
		return err
	})
	if err != nil && !wrote && len(p) > 1 {
		n, _ = f.File.Write(p[:len(p)/2])
	}
	return n, err
}

func (f *faultFile) Sync() error {
	return f.fs.do("sync", f.name, func() error { return f.File.Sync() })
}

func (f *faultFile) SyncData() error {
	return f.fs.do("sync", f.name, func() error { return f.File.SyncData() })
}

func (f *faultFile) SyncTo(length int64) (bool, error) { return false, nil }

func (f *faultFile) Fd() uintptr { return vfs.InvalidFd }

// isTable and isLog tell files apart by name.
func isTable(name string) bool { return strings.HasSuffix(name, ".sst") }
func isLog(name string) bool   { return strings.HasSuffix(name, ".log") }

// diskErrors are the ways in which a disk refuses.
var diskErrors = map[string]error{"EIO": syscall.EIO, "ENOSPC": syscall.ENOSPC, "EROFS": syscall.EROFS}
