package pebblestore

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/fortunet/fortunet/durable"
)

const (
	// spaceEvery is how long an answer about free space is believed, unless a
	// good part of the reserve is written meanwhile.
	spaceEvery = 50 * time.Millisecond

	minReserve = 8 << 20
	maxReserve = 256 << 20
)

// A space watches how much of the disk is free. Writes are refused before it is
// full, so that what is stored can be read, compacted and opened again.
type space struct {
	fs      vfs.FS
	dir     string
	reserve uint64 // bytes that stay free; 0: not watched

	next    atomic.Int64  // when to look again, in Unix nanoseconds
	written atomic.Int64  // bytes let through since the last look
	free    atomic.Uint64 // bytes free at the last look
	low     atomic.Bool   // too few
}

// newSpace makes the reserve fit the disk: a twentieth of it, within limits.
func newSpace(fs vfs.FS, dir string, reserve int64) *space {
	w := &space{fs: fs, dir: dir}
	switch {
	case reserve > 0:
		w.reserve = uint64(reserve)
	case reserve == 0:
		w.reserve = maxReserve
		if usage, err := fs.GetDiskUsage(dir); err == nil {
			w.reserve = min(max(usage.TotalBytes/20, minReserve), maxReserve)
		}
	}
	return w
}

// admit returns an error if a write of n bytes should not be begun.
func (w *space) admit(n int) error {
	if w.reserve == 0 {
		return nil
	}
	now := time.Now().UnixNano()
	next := w.next.Load()
	if written := w.written.Add(int64(n)); now >= next || written > int64(w.reserve/8) {
		if w.next.CompareAndSwap(next, now+int64(spaceEvery)) {
			w.look()
		}
	}
	if w.low.Load() {
		return fmt.Errorf("%w: the disk is nearly full: %d bytes free, %d in reserve", durable.ErrStore, w.free.Load(), w.reserve)
	}
	return nil
}

// look asks the disk. What cannot be asked is taken for well.
func (w *space) look() {
	w.written.Store(0)
	usage, err := w.fs.GetDiskUsage(w.dir)
	if err != nil {
		w.low.Store(false)
		return
	}
	w.free.Store(usage.AvailBytes)
	w.low.Store(usage.AvailBytes < w.reserve)
}

// full is called when the disk turned out to be full.
func (w *space) full() {
	w.low.Store(w.reserve > 0)
	w.next.Store(time.Now().Add(spaceEvery).UnixNano())
}
