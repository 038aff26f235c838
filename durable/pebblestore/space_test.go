package pebblestore

import (
	"errors"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/fortunet/fortunet/durable"
)

func TestReserve(t *testing.T) {
	const mb = 1 << 20
	for _, test := range []struct {
		disk uint64 // 0: it does not say
		ask  int64
		want uint64
	}{
		{16 * mb, 0, 8 * mb},
		{1000 * mb, 0, 50 * mb},
		{1 << 40, 0, 256 * mb},
		{0, 0, 256 * mb},
		{1 << 40, 5, 5},
		{1 << 40, -1, 0},
	} {
		fs := newFaultFS(vfs.NewMem())
		fs.setUsage(vfs.DiskUsage{TotalBytes: test.disk})
		if got := newSpace(fs, "/", test.ask).reserve; got != test.want {
			t.Errorf("reserve of %d on a disk of %d: %d, want %d", test.ask, test.disk, got, test.want)
		}
	}
}

// Below the reserve writes are refused, with nothing lost and reads going on.
func TestLowSpace(t *testing.T) {
	fs := newFaultFS(vfs.NewCrashableMem())
	fs.setUsage(vfs.DiskUsage{AvailBytes: 1 << 30, TotalBytes: 1 << 31})
	s := mustOpenOn(t, fs)
	defer s.Close()
	h := newHistory("a", 1000)
	if err := h.write(t, s, 5); err != nil {
		t.Fatal(err)
	}
	fs.setUsage(vfs.DiskUsage{AvailBytes: 1 << 20, TotalBytes: 1 << 31})
	var err error
	for range 1000000 { // the answer of before is believed for a while
		if err = h.write(t, s, 1); err != nil {
			break
		}
	}
	if !errors.Is(err, durable.ErrStore) || errors.Is(err, durable.ErrUnknown) {
		t.Fatalf("a write into the reserve: %v, want ErrStore", err)
	}
	if m := s.Metrics(); !m.LowSpace || m.Failing || m.FreeBytes != 1<<20 || m.ReserveBytes == 0 {
		t.Errorf("metrics %+v, want low space and no failure", m)
	}
	if !errors.Is(s.Err(), durable.ErrStore) {
		t.Errorf("Err() = %v, want ErrStore", s.Err())
	}
	h.check(t, s)
	fs.setUsage(vfs.DiskUsage{AvailBytes: 1 << 30, TotalBytes: 1 << 31})
	waitWell(t, s)
	if err := h.write(t, s, 1); err != nil {
		t.Errorf("a write behind the shortage: %v", err)
	}
	if got := s.Metrics().Failures; got != 0 {
		t.Errorf("%d failures, want none", got)
	}
}

// The store is not opened where it would run out of space half way.
func TestNoRoomToOpen(t *testing.T) {
	mem := vfs.NewMem()
	s := mustOpenOn(t, mem)
	h := newHistory("a", 20000)
	if err := h.write(t, s, 2); err != nil {
		t.Fatal(err)
	}
	s.Close()
	fs := newFaultFS(mem)
	fs.setUsage(vfs.DiskUsage{AvailBytes: openRoom + 10000, TotalBytes: 1 << 30})
	fs.fault(func(c change) verdict {
		if c.name != "/" { // which openOn syncs
			t.Errorf("changed %v before it found that there is no room", c)
		}
		return verdict{}
	})
	if _, err := openOn(t, fs); !errors.Is(err, syscall.ENOSPC) || !errors.Is(err, durable.ErrStore) {
		t.Errorf("Open: %v, want ErrStore because of ENOSPC", err)
	}
	fs.fault(nil)
	fs.setUsage(vfs.DiskUsage{AvailBytes: 1 << 30, TotalBytes: 1 << 30})
	s = mustOpenOn(t, fs)
	defer s.Close()
	h.check(t, s)
}

// Tables that do not fit stop neither reads nor, once there is space, writes.
func TestTablesDoNotFit(t *testing.T) {
	fs := newFaultFS(vfs.NewCrashableMem())
	fs.setUsage(vfs.DiskUsage{AvailBytes: 1 << 30, TotalBytes: 1 << 30})
	s := mustOpenOn(t, fs)
	defer s.Close()
	h := newHistory("a", 5000)
	noticed := make(chan struct{}, 1000)
	fs.fault(func(c change) verdict {
		if isTable(c.name) && c.op == "write" {
			fs.setUsage(vfs.DiskUsage{AvailBytes: 1, TotalBytes: 1 << 30})
			noticed <- struct{}{}
			return verdict{err: syscall.ENOSPC}
		}
		return verdict{}
	})
	var err error
	for range 100 {
		if err = h.write(t, s, 1); err != nil {
			break
		}
	}
	if !errors.Is(err, durable.ErrStore) {
		t.Fatalf("a write on a full disk: %v, want ErrStore", err)
	}
	for range 3 {
		<-noticed // it goes on trying
	}
	h.check(t, s)
	if m := s.Metrics(); m.Failing || m.Failures != 0 {
		t.Errorf("metrics %+v, want no failure", m)
	}
	fs.fault(nil)
	fs.setUsage(vfs.DiskUsage{AvailBytes: 1 << 30, TotalBytes: 1 << 30})
	waitWell(t, s)
	for range 10 {
		if err := h.write(t, s, 5); err != nil {
			t.Fatalf("a write behind the shortage: %v", err)
		}
	}
	h.check(t, s)
}
