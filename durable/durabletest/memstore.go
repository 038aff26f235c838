package durabletest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"maps"
	"slices"
	"sync"

	"github.com/fortunet/fortunet/durable"
)

// A MemStore is a durable.Store in memory for tests. It keeps what is durable apart
// from what was only submitted, so it can fail, hold back and crash like a disk.
//
// Batches are committed in the order of Submit by one goroutine that lives only while
// there is something to commit, so a MemStore works inside a testing/synctest bubble.
// It panics when the runtime breaks its side of the contract: when a batch is changed
// before its Done, and when an object is loaded while batches of it are in flight.
//
// The zero MemStore is empty and ready. The hooks must be set before the event they
// are to see; they are called without a lock held and may wait.
type MemStore struct {
	// OnSubmit, if set, may refuse a batch: an error is returned by Submit.
	OnSubmit func(b *durable.Batch) error

	// OnCommit, if set, decides the outcome of a batch: applied and well (true,
	// nil), applied though it failed (true, err), or failed and not applied
	// (false, err). It is not asked about a batch that an earlier failure dooms.
	OnCommit func(b *durable.Batch) (apply bool, err error)

	// OnLoad, if set, may fail a Load.
	OnLoad func(id durable.ID) error

	mu       sync.Mutex // guards all below; never held across a call or a wait
	objects  map[durable.ID]*object
	alarms   map[durable.AlarmRef]struct{}
	queue    []submission         // accepted and not decided, in order; the first may be at OnCommit
	flying   map[durable.ID]int   // how many of the queue each object has
	poisoned map[durable.ID]error // objects that lost a batch and were not loaded since
	running  bool                 // the commit goroutine lives
	deciding bool                 // the first of the queue is at OnCommit
	holding  bool
	released int           // of those waiting, how many may go although holding
	down     error         // why everything is refused: closed or crashed
	crashed  bool          // what is in the queue must fail
	idle     chan struct{} // closed when the queue is empty; made by Close
	stats    MemStats
}

// MemStats counts what a MemStore was asked.
type MemStats struct {
	Submitted int // batches accepted
	Refused   int // batches refused by Submit
	Committed int // batches that became durable with Done(nil)
	Failed    int // batches whose Done got an error
	Doomed    int // of those, the ones that failed because an earlier one had
	Loads     int // calls of Load
	Bytes     int // bytes of the committed batches
}

// An object is what is durable of one object.
type object struct {
	keys map[string][]byte
	logs map[string]map[uint64][]byte
}

// A submission is a batch on its way, with the fingerprint it had when submitted.
type submission struct {
	batch *durable.Batch
	seal  uint64
}

var (
	errClosed  = fmt.Errorf("%w: the memory store is closed", durable.ErrStore)
	errCrashed = fmt.Errorf("%w: the memory store has crashed", durable.ErrStore)

	sealSeed = maphash.MakeSeed()
)

// NewMemStore returns an empty store.
func NewMemStore() *MemStore { return &MemStore{} }

// Submit implements durable.Store.
func (s *MemStore) Submit(b *durable.Batch) error {
	if b.Done == nil {
		panic("durabletest: batch without Done")
	}
	var refused error
	if s.OnSubmit != nil {
		refused = s.OnSubmit(b)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if refused == nil {
		refused = s.down
	}
	if refused != nil {
		s.stats.Refused++
		return refused
	}
	s.stats.Submitted++
	s.queue = append(s.queue, submission{b, fingerprint(b)})
	if s.flying == nil {
		s.flying = make(map[durable.ID]int)
	}
	s.flying[b.ID]++
	s.kick()
	return nil
}

// kick starts the commit goroutine if there is something it may do. s.mu is held.
func (s *MemStore) kick() {
	if !s.running && s.ready() {
		s.running = true
		go s.commitAll()
	}
}

// ready reports whether the first of the queue may be decided. s.mu is held.
func (s *MemStore) ready() bool {
	return len(s.queue) > 0 && (!s.holding || s.released > 0)
}

// commitAll decides one batch after the other until there is none that may be.
func (s *MemStore) commitAll() {
	for {
		s.mu.Lock()
		if !s.ready() {
			s.running = false
			if s.idle != nil && len(s.queue) == 0 {
				close(s.idle)
				s.idle = nil
			}
			s.mu.Unlock()
			return
		}
		if s.holding {
			s.released--
		}
		next := s.queue[0]
		s.deciding = true
		s.mu.Unlock()
		s.commit(next)
	}
}

// commit decides the first batch of the queue and calls its Done.
func (s *MemStore) commit(next submission) {
	b := next.batch
	if fingerprint(b) != next.seal {
		panic(fmt.Sprintf("durabletest: batch of %s changed before its Done", b.ID))
	}
	apply, err := s.decide(b)
	if !apply && err == nil {
		panic("durabletest: OnCommit lost a batch without an error")
	}

	s.mu.Lock()
	if s.crashed {
		apply, err = false, errCrashed
	}
	if apply {
		s.apply(b)
	}
	if err != nil {
		s.stats.Failed++
		if s.poisoned == nil {
			s.poisoned = make(map[durable.ID]error)
		}
		s.poisoned[b.ID] = err
	} else {
		s.stats.Committed++
		s.stats.Bytes += b.Size()
	}
	s.queue, s.deciding = s.queue[1:], false
	if s.flying[b.ID]--; s.flying[b.ID] == 0 {
		delete(s.flying, b.ID)
	}
	s.mu.Unlock()
	b.Done(err)
}

// decide returns the outcome of a batch.
func (s *MemStore) decide(b *durable.Batch) (apply bool, err error) {
	s.mu.Lock()
	cause := s.poisoned[b.ID]
	if s.crashed {
		cause = errCrashed
	}
	if cause != nil {
		s.stats.Doomed++
	}
	s.mu.Unlock()
	switch {
	case cause != nil:
		return false, fmt.Errorf("an earlier batch of %s failed: %w", b.ID, cause)
	case s.OnCommit != nil:
		return s.OnCommit(b)
	}
	return true, nil
}

// apply makes a batch part of what is durable. s.mu is held.
func (s *MemStore) apply(b *durable.Batch) {
	o := s.objects[b.ID]
	if o == nil || b.Clear {
		o = &object{keys: make(map[string][]byte), logs: make(map[string]map[uint64][]byte)}
	}
	for _, op := range b.Keys {
		if op.Delete {
			delete(o.keys, op.Key)
		} else {
			o.keys[op.Key] = bytes.Clone(op.Value)
		}
	}
	for _, op := range b.Logs {
		if o.logs[op.Log] == nil {
			o.logs[op.Log] = make(map[uint64][]byte)
		}
		o.logs[op.Log][op.Index] = bytes.Clone(op.Value)
	}
	for _, t := range b.Trims {
		maps.DeleteFunc(o.logs[t.Log], func(i uint64, _ []byte) bool { return t.From <= i && i < t.Before })
	}
	if s.objects == nil {
		s.objects = make(map[durable.ID]*object)
		s.alarms = make(map[durable.AlarmRef]struct{})
	}
	s.objects[b.ID] = o
	for _, op := range b.Alarms {
		if op.Old != 0 {
			delete(s.alarms, durable.AlarmRef{Due: op.Old, ID: b.ID, Name: op.Name})
		}
		if op.New != 0 {
			s.alarms[durable.AlarmRef{Due: op.New, ID: b.ID, Name: op.Name}] = struct{}{}
		}
	}
}

// Load implements durable.Store.
func (s *MemStore) Load(ctx context.Context, id durable.ID) ([]durable.KV, error) {
	if s.OnLoad != nil {
		if err := s.OnLoad(id); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Loads++
	if err := errors.Join(ctx.Err(), s.down); err != nil {
		return nil, err
	}
	if n := s.flying[id]; n > 0 {
		panic(fmt.Sprintf("durabletest: Load of %s while %d of its batches are in flight", id, n))
	}
	delete(s.poisoned, id)
	o := s.objects[id]
	if o == nil {
		return nil, nil
	}
	kvs := make([]durable.KV, 0, len(o.keys))
	for _, key := range slices.Sorted(maps.Keys(o.keys)) {
		kvs = append(kvs, durable.KV{Key: key, Value: bytes.Clone(o.keys[key])})
	}
	return kvs, nil
}

// Log implements durable.Store.
func (s *MemStore) Log(ctx context.Context, id durable.ID, log string, from, before uint64, limit int, reverse bool) ([]durable.Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := errors.Join(ctx.Err(), s.down); err != nil {
		return nil, err
	}
	o := s.objects[id]
	if o == nil {
		return nil, nil
	}
	indexes := slices.Sorted(maps.Keys(o.logs[log]))
	if reverse {
		slices.Reverse(indexes)
	}
	var records []durable.Record
	for _, i := range indexes {
		if from <= i && i < before && len(records) < limit {
			records = append(records, durable.Record{Index: i, Value: bytes.Clone(o.logs[log][i])})
		}
	}
	return records, nil
}

// List implements durable.Store. An object is stored as long as it has a key.
func (s *MemStore) List(ctx context.Context, typ, after string, limit int) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := errors.Join(ctx.Err(), s.down); err != nil {
		return nil, err
	}
	var names []string
	for id, o := range s.objects {
		if id.Type == typ && len(o.keys) > 0 && (after == "" || id.Name > after) {
			names = append(names, id.Name)
		}
	}
	slices.Sort(names)
	return names[:min(len(names), max(limit, 0))], nil
}

// Alarms implements durable.Store.
func (s *MemStore) Alarms(ctx context.Context, after durable.AlarmRef, limit int) ([]durable.AlarmRef, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := errors.Join(ctx.Err(), s.down); err != nil {
		return nil, err
	}
	var refs []durable.AlarmRef
	for ref := range s.alarms {
		if after == (durable.AlarmRef{}) || ref.Compare(after) > 0 {
			refs = append(refs, ref)
		}
	}
	slices.SortFunc(refs, durable.AlarmRef.Compare)
	return refs[:min(len(refs), max(limit, 0))], nil
}

// Close implements durable.Store. It lets go what Hold holds.
func (s *MemStore) Close() error {
	s.mu.Lock()
	if s.down == nil {
		s.down = errClosed
	}
	s.holding = false
	s.kick()
	var idle chan struct{}
	if s.running {
		if s.idle == nil {
			s.idle = make(chan struct{})
		}
		idle = s.idle
	}
	s.mu.Unlock()
	if idle != nil {
		<-idle
	}
	return nil
}

// Hold makes commits wait for Release.
func (s *MemStore) Hold() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.holding, s.released = true, 0
}

// Release lets the first n of the batches that Hold holds be committed, in order,
// and returns how many those are. It does not wait for them.
func (s *MemStore) Release(n int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.holding {
		return 0
	}
	waiting := len(s.queue) - s.released
	if s.deciding {
		waiting--
	}
	n = min(n, waiting)
	s.released += n
	s.kick()
	return n
}

// Resume ends Hold and lets everything go.
func (s *MemStore) Resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.holding = false
	s.kick()
}

// InFlight returns how many batches were submitted and are not decided.
func (s *MemStore) InFlight() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue)
}

// Stats returns the counters.
func (s *MemStore) Stats() MemStats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats
}
