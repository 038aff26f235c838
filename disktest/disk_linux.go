// Package disktest gives a test a small disk of its own, which can be filled and made
// read-only. Disks are file systems in memory; mounting one needs root, and a test that
// cannot have one is skipped.
package disktest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Mount mounts a disk of a number of bytes for the time of the test, and returns where
// it is. What the test has opened there must be closed before its cleanups run, or the
// test fails.
func Mount(t testing.TB, bytes int) (dir string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("mounting a small disk needs root")
	}
	dir = t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", bytes)); err != nil {
		t.Skipf("mount: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Errorf("unmount: %v", err) // something is still open
			syscall.Unmount(dir, syscall.MNT_DETACH)
		}
	})
	return dir
}

// Fill fills the disk that dir is on but for so many bytes, as far as what others write
// there meanwhile lets it, and returns what gives the space back.
func Fill(t testing.TB, dir string, leave int64) (free func()) {
	t.Helper()
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "ballast")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if size := int64(disk.Bavail)*disk.Bsize - leave; size > 0 {
		if _, err := file.Write(make([]byte, size)); err != nil && !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
	}
	return func() {
		if err := os.Remove(path); err != nil {
			t.Error(err)
		}
	}
}

// Remount makes the disk read-only or writable again. The kernel refuses the former
// while a file there is open for writing.
func Remount(t testing.TB, dir string, readOnly bool) {
	t.Helper()
	flags := uintptr(syscall.MS_REMOUNT)
	if readOnly {
		flags |= syscall.MS_RDONLY
	}
	if err := syscall.Mount("", dir, "", flags, ""); err != nil {
		t.Fatalf("remount: %v", err)
	}
}
