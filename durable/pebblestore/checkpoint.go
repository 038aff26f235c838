package pebblestore

import (
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

// Checkpoint writes a copy of the store, as it is at some instant during the call,
// into dir, which must not exist. The copy is a store that Open opens; on the same
// disk it takes little space, because files are shared. Writes go on meanwhile. An
// error leaves nothing in dir and does not concern the store.
func (s *Store) Checkpoint(dir string) error {
	h, err := s.acquire(nil)
	if err != nil {
		return err
	}
	defer h.users.Done()
	err = h.checkpoint(dir)
	if cause := h.guard.err(); cause != nil {
		return failing(cause)
	}
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}

// checkpoint has Pebble write the copy. Pebble panics if it cannot sync the directory
// of the copy, holding no lock, and then leaves the copy behind.
func (h *handle) checkpoint(dir string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
			_ = h.guard.RemoveAll(dir)
		}
	}()
	return h.db.Checkpoint(dir, pebble.WithFlushedWAL())
}
