package durable

import (
	"context"
	"hash/fnv"
	"time"
)

// Partitions is how many parts the space of objects is divided into. Ownership is
// held, moved and fenced by partition.
const Partitions = 1024

// Partition returns the partition of an object: FNV-1a over type, a zero byte and name.
func (id ID) Partition() int {
	h := fnv.New32a()
	h.Write([]byte(id.Type))
	h.Write([]byte{0})
	h.Write([]byte(id.Name))
	return int(h.Sum32() % Partitions)
}

// A Placement says which node runs which partition. It is the second seam: without
// one, everything runs here.
type Placement interface {
	// Owner returns who runs a partition now, as far as this node knows. It must
	// be fast: it is asked at every call.
	Owner(partition int) Owner

	// Confirm returns nil if this node certainly still held the partition under the
	// epoch at some instant during the call. It is asked before an answer that no
	// durable write vouches for leaves.
	Confirm(partition int, epoch uint64) error

	// Watch calls changed, one call at a time, after each change of ownership of a
	// partition, until stop is called.
	Watch(changed func(partition int, o Owner)) (stop func())

	// Offset is what to add to this machine's clock to get the cluster's.
	Offset() time.Duration

	// Release gives all partitions up, after the runtime has drained.
	Release(ctx context.Context) error
}

// An Owner is the node that runs a partition.
type Owner struct {
	Here  bool   // it is this node
	Epoch uint64 // the claim, which fences writes; set where Here
}

// A Mesh carries calls between nodes. It is the third seam: without one, there is
// one node.
type Mesh interface {
	// Serve answers calls for a partition with handle until stop is called.
	// handle may be called by several goroutines at once.
	Serve(partition int, handle func(context.Context, *Call) *Reply) (stop func(), err error)

	// Call sends a call to whoever serves the partition and returns the reply. An
	// error says that nobody answered: the outcome is unknown unless it is
	// ErrMoved, which says that the call has not run.
	Call(ctx context.Context, partition int, c *Call) (*Reply, error)
}

// A Call is a call of an object as it travels between nodes.
type Call struct {
	ID       string    `json:"id"` // the same in every try of one call
	Object   ID        `json:"object"`
	Method   string    `json:"method"`
	Body     []byte    `json:"body"`
	Chain    []ID      `json:"chain,omitempty"` // the objects whose turns wait for this call
	Deadline time.Time `json:"deadline,omitzero"`
	Effect   *EffectID `json:"effect,omitempty"`
}

// An EffectID identifies a stored effect: the object that stored it and a number
// that grows by one for each effect of that object.
type EffectID struct {
	Sender ID     `json:"sender"`
	Seq    uint64 `json:"seq"`
}

// A Reply is the answer to a Call: a body or an error.
type Reply struct {
	Body  []byte     `json:"body,omitempty"`
	Error *WireError `json:"error,omitempty"`
}
