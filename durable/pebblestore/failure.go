package pebblestore

import (
	"errors"
	"strings"
	"syscall"
	"time"
)

// supervise keeps the store on a working handle until it is closed: it drops one that
// failed and opens the files anew. It is the only one that closes handles.
func (s *Store) supervise(h *handle) {
	defer close(s.gone)
	for h != nil {
		select {
		case <-h.guard.failed:
		case <-s.stop:
		}
		cause := h.guard.err()
		if cause != nil {
			s.log.Error("store failed", "err", cause)
		}
		s.drop(h, cause)
		if cause == nil {
			break
		}
		h = s.reopen()
	}
	s.cache.Unref()
	s.closing = errors.Join(s.closing, s.lock.Close())
}

// drop takes a handle away from the callers, waits until the last of them has its
// answer, and closes it.
func (s *Store) drop(h *handle, cause error) {
	s.mu.Lock()
	s.handle = nil
	if cause != nil {
		s.failure = failing(cause)
		s.failures++
	}
	s.mu.Unlock()
	h.users.Wait()
	close(h.pending)
	if err := h.closePebble(); err != nil {
		s.log.Error("store closed badly", "err", err)
		s.closing = err
	}
	h.guard.quiesce()
}

// reopen opens the files again and again until that succeeds, and returns nil if the
// store is closed before.
func (s *Store) reopen() *handle {
	start := time.Now()
	for wait := s.backoff.first; ; wait = min(2*wait, s.backoff.most) {
		select {
		case <-time.After(wait):
		case <-s.stop:
			return nil
		}
		h, err := s.openHandle()
		if err != nil {
			s.log.Warn("store cannot be opened yet", "err", err, "took", time.Since(start))
			s.mu.Lock()
			s.failure = failing(err)
			s.mu.Unlock()
			continue
		}
		s.log.Info("store opened again", "took", time.Since(start))
		s.mu.Lock()
		s.handle, s.failure = h, nil
		s.mu.Unlock()
		return h
	}
}

// cutOnClose cuts a handle off if the store is closed before the returned function is
// called, so that opening it cannot keep Close waiting.
func (s *Store) cutOnClose(g *guard) (done func()) {
	over := make(chan struct{})
	go func() {
		select {
		case <-s.stop:
			g.fail(errClosed)
		case <-over:
		}
	}()
	return func() { close(over) }
}

// isHeld reports whether an error of locking a file says that somebody holds it.
func isHeld(err error) bool {
	return errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EACCES) ||
		strings.Contains(err.Error(), "lock held")
}

func isReadOnly(err error) bool { return errors.Is(err, syscall.EROFS) }
