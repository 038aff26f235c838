package durabletest

import (
	"fmt"
	"hash/maphash"
	"maps"
	"math/rand/v2"

	"github.com/fortunet/fortunet/durable"
)

// Crash ends the store as a power cut would and returns what a new process finds:
// everything durable and, chosen by seed, a prefix of what was in flight. Hooks are
// not carried over. In the old store all that was in flight fails, all calls do too.
func (s *MemStore) Crash(seed uint64) *MemStore {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := NewMemStore()
	found.objects = make(map[durable.ID]*object)
	for id, o := range s.objects {
		found.objects[id] = o.clone()
	}
	found.alarms = make(map[durable.AlarmRef]struct{})
	maps.Copy(found.alarms, s.alarms)
	if !s.crashed {
		survivors := rand.New(rand.NewPCG(seed, seed)).IntN(len(s.queue) + 1)
		for _, sub := range s.queue[:survivors] {
			if s.poisoned[sub.batch.ID] == nil {
				found.apply(sub.batch)
			}
		}
	}
	s.down, s.crashed, s.holding = errCrashed, true, false
	s.kick()
	return found
}

func (o *object) clone() *object {
	c := &object{keys: make(map[string][]byte), logs: make(map[string]map[uint64][]byte)}
	maps.Copy(c.keys, o.keys) // values are never changed in place
	for log, records := range o.logs {
		c.logs[log] = maps.Clone(records)
	}
	return c
}

// fingerprint digests everything in a batch.
func fingerprint(b *durable.Batch) uint64 {
	var h maphash.Hash
	h.SetSeed(sealSeed)
	fmt.Fprintf(&h, "%q %d %t %d %d %d %d;", b.ID, b.Epoch, b.Clear, len(b.Keys), len(b.Logs), len(b.Trims), len(b.Alarms))
	for _, op := range b.Keys {
		fmt.Fprintf(&h, "%q %t %d:", op.Key, op.Delete, len(op.Value))
		h.Write(op.Value)
	}
	for _, op := range b.Logs {
		fmt.Fprintf(&h, "%q %d %d:", op.Log, op.Index, len(op.Value))
		h.Write(op.Value)
	}
	for _, t := range b.Trims {
		fmt.Fprintf(&h, "%q %d %d,", t.Log, t.From, t.Before)
	}
	for _, op := range b.Alarms {
		fmt.Fprintf(&h, "%q %d %d,", op.Name, op.Old, op.New)
	}
	return h.Sum64()
}
