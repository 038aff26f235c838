package pebblestore

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// Behind a failure every change reports success and changes nothing, so that Pebble
// neither panics nor spoils the files of the next handle.
func TestGuardCutOff(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	g := newGuard(vfs.Default, dir, nil)
	log, err := g.Create(path("000001.log"), "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := log.Write([]byte("before")); err != nil {
		t.Fatal(err)
	}
	d, err := g.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	g.fail(syscall.EIO)
	g.fail(syscall.ENOSPC)
	if !errors.Is(g.err(), syscall.EIO) {
		t.Errorf("err() = %v, want the first cause", g.err())
	}

	ghost, err := g.Create(path("000002.log"), "")
	if err != nil {
		t.Fatalf("Create: %v", err)
	}
	reused, err := g.ReuseForWrite(path("000001.log"), path("000003.log"), "")
	if err != nil {
		t.Fatalf("ReuseForWrite: %v", err)
	}
	for name, file := range map[string]vfs.File{"old": log, "new": ghost, "reused": reused, "directory": d} {
		n, werr := file.Write([]byte("behind"))
		_, serr := file.SyncTo(3)
		_, ierr := file.Stat()
		for _, err := range []error{werr, serr, ierr, file.Sync(), file.SyncData(), file.Preallocate(0, 10), file.Close()} {
			if err != nil {
				t.Errorf("%s file: %v", name, err)
			}
		}
		if n != 6 {
			t.Errorf("%s file: wrote %d bytes, want 6", name, n)
		}
	}
	for _, err := range []error{
		g.Rename(path("000001.log"), path("000004.log")),
		g.Link(path("000001.log"), path("000005.log")),
		g.Remove(path("000001.log")),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	if _, err := g.Open(path("000002.log")); !errors.Is(err, errCut) {
		t.Errorf("opening a file that is nowhere: %v, want errCut", err)
	}
	if _, err := g.Stat(path("000002.log")); !errors.Is(err, errCut) {
		t.Errorf("Stat of a file that is nowhere: %v, want errCut", err)
	}

	names, err := vfs.Default.List(dir)
	if err != nil || len(names) != 1 || names[0] != "000001.log" {
		t.Errorf("the directory holds %q, %v; want 000001.log alone", names, err)
	}
	if got, err := os.ReadFile(path("000001.log")); err != nil || string(got) != "before" {
		t.Errorf("the file holds %q, %v; want what was written before", got, err)
	}
}

// Which failures cut the handle off, and which go to Pebble.
func TestGuardVerdict(t *testing.T) {
	goOn := func(error) bool { return true }
	for _, test := range []struct {
		name   string
		op     string
		file   string
		err    error
		full   func(error) bool
		failed bool
	}{
		{"log cannot be written", "write", "000001.log", syscall.EIO, goOn, true},
		{"log does not fit", "write", "000001.log", syscall.ENOSPC, goOn, true},
		{"log cannot be synced", "sync", "000001.log", syscall.EIO, goOn, true},
		{"manifest does not fit", "create", "MANIFEST-000001", syscall.ENOSPC, goOn, true},
		{"table does not fit", "write", "000001.sst", syscall.ENOSPC, goOn, false},
		{"table over quota", "sync", "000001.sst", syscall.EDQUOT, goOn, false},
		{"table does not fit while writers wait", "write", "000001.sst", syscall.ENOSPC, func(error) bool { return false }, true},
		{"table does not fit in Open", "write", "000001.sst", syscall.ENOSPC, nil, true},
		{"table cannot be written", "write", "000001.sst", syscall.EIO, goOn, true},
		{"nothing to remove", "remove", "000009.sst", syscall.ENOENT, goOn, false},
		{"cannot be removed", "remove", "000009.sst", syscall.EROFS, goOn, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			fs := newFaultFS(vfs.NewMem())
			g := newGuard(fs, "/", test.full)
			run := func() error {
				if test.op == "remove" {
					return g.Remove("/" + test.file)
				}
				file, err := g.Create("/"+test.file, "")
				if err != nil || test.op == "create" {
					return err
				}
				defer file.Close()
				if test.op == "sync" {
					return file.Sync()
				}
				_, err = file.Write([]byte("x"))
				return err
			}
			fs.fault(func(c change) verdict {
				if c.op == test.op {
					return verdict{err: test.err}
				}
				return verdict{}
			})
			err := run()
			if failed := g.err() != nil; failed != test.failed {
				t.Errorf("cut off: %t (%v), want %t", failed, g.err(), test.failed)
			}
			if test.failed && (err != nil || !errors.Is(g.err(), test.err)) {
				t.Errorf("Pebble got %v and the store %v, want nil and %v", err, g.err(), test.err)
			}
			if !test.failed && !errors.Is(err, test.err) {
				t.Errorf("Pebble got %v, want %v", err, test.err)
			}
		})
	}
}

// A handle that is cut off is not quiet before its last change has left the disk.
func TestGuardQuiesce(t *testing.T) {
	fs := newFaultFS(vfs.NewMem())
	g := newGuard(fs, "/", nil)
	file, err := g.Create("/000001.log", "")
	if err != nil {
		t.Fatal(err)
	}
	writing, release := make(chan struct{}), make(chan struct{})
	fs.fault(func(change) verdict {
		close(writing)
		<-release
		return verdict{}
	})
	go io.WriteString(file, "slow")
	<-writing
	g.fail(syscall.EIO)
	if n, err := file.WriteAt([]byte("more"), 0); n != 4 || err != nil { // does not wait for the first
		t.Errorf("a write behind the failure: %d, %v", n, err)
	}
	quiet := make(chan struct{})
	go func() {
		g.quiesce()
		close(quiet)
	}()
	select {
	case <-quiet:
		t.Error("quiet while a write is under way")
	case <-time.After(20 * time.Millisecond):
	}
	close(release)
	<-quiet
}
