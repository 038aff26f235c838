package pebblestore

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/fortunet/fortunet/disktest"
	"github.com/fortunet/fortunet/durable"
)

func openSmall(t *testing.T, dir string, reserve int64) *Store {
	t.Helper()
	path := filepath.Join(dir, "store")
	if err := os.MkdirAll(path, 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := open(path, Options{Reserve: reserve, Logger: slog.New(slog.NewTextHandler(t.Output(), nil))}, vfs.Default, func(s *Store) {
		s.tune = func(o *pebble.Options) { o.MemTableSize = 1 << 20 }
	})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// fillStore writes, and adds objects that stay, until the store refuses. It returns the
// error.
func fillStore(t *testing.T, s *Store, h *history) error {
	t.Helper()
	for n := range 10_000 {
		if err := h.write(t, s, 2); err != nil {
			return err
		}
		stays := newHistory(fmt.Sprint("stays ", rand.Uint64()), 50_000)
		rand.NewChaCha8([32]byte{byte(n), byte(n >> 8)}).Read(stays.fill)
		stays.next = 1_000_000 + n
		if err := stays.write(t, s, 1); err != nil {
			return err
		}
	}
	t.Fatal("the disk does not get full")
	return nil
}

// On a disk that others fill the store refuses writes in time, reads go on, and when
// there is space again so do writes.
func TestFullDiskWithReserve(t *testing.T) {
	dir := disktest.Mount(t, 48<<20)
	s := openSmall(t, dir, 0)
	defer s.Close()
	if got := s.Metrics().ReserveBytes; got != minReserve {
		t.Fatalf("reserve of %d, want %d", got, minReserve)
	}
	h := newHistory("a", 50_000)
	if err := h.write(t, s, 10); err != nil {
		t.Fatal(err)
	}
	free := disktest.Fill(t, dir, minReserve-1<<20)
	if err := fillStore(t, s, h); !errors.Is(err, durable.ErrStore) {
		t.Errorf("a write on a full disk: %v, want ErrStore", err)
	}
	h.check(t, s)
	if m := s.Metrics(); m.Failing || m.Failures != 0 || !m.LowSpace {
		t.Errorf("metrics %+v, want low space and no failure", m)
	}
	free()
	waitWell(t, s)
	if err := h.write(t, s, 50); err != nil {
		t.Errorf("a write when there is space again: %v", err)
	}
	h.check(t, s)
}

// Without a reserve the disk gets full under the store. It says so, loses nothing, and
// comes back by itself.
func TestFullDiskWithoutReserve(t *testing.T) {
	dir := disktest.Mount(t, 24<<20)
	s := openSmall(t, dir, -1)
	h := newHistory("a", 50_000)
	h.maximum = 1
	for range 3 {
		h.check(t, s)
		free := disktest.Fill(t, dir, 3<<20)
		err := fillStore(t, s, h)
		if !errors.Is(err, durable.ErrStore) && !errors.Is(err, durable.ErrUnknown) || !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("a write on a full disk: %v, want ErrStore or ErrUnknown because of ENOSPC", err)
		}
		free()
		h.recover(t, s)
		waitWell(t, s)
		if err := h.write(t, s, 20); err != nil {
			t.Fatalf("a write when there is space again: %v", err)
		}
	}
	h.check(t, s)
	if got := s.Metrics().Failures; got == 0 {
		t.Error("the disk never got full")
	}
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	s = openSmall(t, dir, -1)
	h.check(t, s)
	s.Close()
}

// A store on a disk that stays full does not keep its process from ending.
func TestCloseOnFullDisk(t *testing.T) {
	dir := disktest.Mount(t, 16<<20)
	s := openSmall(t, dir, -1)
	h := newHistory("a", 100_000)
	disktest.Fill(t, dir, 3<<20)
	fillStore(t, s, h)
	closed := make(chan struct{})
	go func() {
		s.Close()
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(time.Minute):
		t.Fatal("Close hangs")
	}
}

// A disk that was mounted read-only is told from a store in use, and from a damaged one.
func TestOpenReadOnlyDisk(t *testing.T) {
	dir := disktest.Mount(t, 48<<20)
	s := openSmall(t, dir, 0)
	h := newHistory("a", 1000)
	if err := h.write(t, s, 10); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	disktest.Remount(t, dir, true)
	for _, path := range []string{"store", "another"} {
		_, err := Open(filepath.Join(dir, path), Options{})
		if !errors.Is(err, durable.ErrStore) || !errors.Is(err, syscall.EROFS) || errors.Is(err, ErrLocked) {
			t.Errorf("Open %s: %v, want ErrStore because of EROFS", path, err)
		}
	}
	disktest.Remount(t, dir, false)
	s = openSmall(t, dir, 0)
	defer s.Close()
	h.check(t, s)
}
