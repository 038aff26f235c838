package durabletest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/fortunet/fortunet/durable"
)

// A Cluster is several nodes in one process over one MemStore: what a database and
// a mesh are to real nodes. Ownership moves when the test says so, and a batch of an
// owner that has lost its claim is refused by the store, however late it comes.
type Cluster struct {
	store *MemStore

	mu     sync.Mutex
	owners [durable.Partitions]claim
	nodes  []*Node
}

type claim struct {
	node  *Node
	epoch uint64
}

// A Node is one node's view of a Cluster: its store, its placement and its mesh.
type Node struct {
	cluster *Cluster
	name    string

	mu      sync.Mutex
	watch   func(int, durable.Owner)
	serving map[int]func(context.Context, *durable.Call) *durable.Reply
	cut     bool
	belief  map[int]durable.Owner // what a node that is cut off takes for true
}

// errCut says that a message was lost.
var errCut = errors.New("durabletest: the node is cut off")

// NewCluster returns a cluster of n nodes, the first of which owns every partition.
// Its store decides commits by claim, so the store's OnCommit must not be set.
func NewCluster(n int) *Cluster {
	c := &Cluster{store: NewMemStore()}
	for i := range n {
		c.nodes = append(c.nodes, &Node{cluster: c, name: fmt.Sprint("node", i), serving: map[int]func(context.Context, *durable.Call) *durable.Reply{}})
	}
	for p := range c.owners {
		c.owners[p] = claim{c.nodes[0], 1}
	}
	c.store.OnCommit = func(b *durable.Batch) (bool, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if now := c.owners[b.ID.Partition()]; now.epoch != b.Epoch {
			return false, fmt.Errorf("durabletest: claim %d of partition %d was lost to %d", b.Epoch, b.ID.Partition(), now.epoch)
		}
		return true, nil
	}
	return c
}

// Node returns node i.
func (c *Cluster) Node(i int) *Node { return c.nodes[i] }

// Store returns the store below all nodes.
func (c *Cluster) Store() *MemStore { return c.store }

// Move gives a partition to node i, under a new claim. Nodes that are cut off do not
// hear of it.
func (c *Cluster) Move(partition, i int) {
	c.mu.Lock()
	old := c.owners[partition].node
	to := c.nodes[i]
	c.owners[partition] = claim{to, c.owners[partition].epoch + 1}
	c.mu.Unlock()
	old.tell(partition)
	if old != to {
		to.tell(partition)
	}
}

// tell passes a change of ownership on to the node's watcher.
func (n *Node) tell(partition int) {
	n.mu.Lock()
	watch, cut := n.watch, n.cut
	n.mu.Unlock()
	if watch != nil && !cut {
		watch(partition, n.Owner(partition))
	}
}

// Cut separates the node from the others: it hears of no change of ownership, goes by
// what it knew, and answers no call; it can still reach the store. Cut(false) heals.
func (n *Node) Cut(cut bool) {
	belief := map[int]durable.Owner{}
	for p := range durable.Partitions {
		belief[p] = n.owner(p)
	}
	n.mu.Lock()
	n.cut, n.belief = cut, nil
	watch := n.watch
	if cut {
		n.belief = belief
	}
	n.mu.Unlock()
	if !cut && watch != nil {
		for p := range durable.Partitions {
			watch(p, n.owner(p))
		}
	}
}

// Options returns the options of a runtime on this node.
func (n *Node) Options(objects ...durable.Hosted) durable.Options {
	return durable.Options{Store: nodeStore{n.cluster.store, n}, Placement: n, Mesh: n, Objects: objects, Strict: true}
}

// nodeStore is the shared store with the alarms of one node's partitions.
type nodeStore struct {
	*MemStore
	node *Node
}

// Alarms lists the alarms of the partitions that the node owns.
func (s nodeStore) Alarms(ctx context.Context, after durable.AlarmRef, limit int) ([]durable.AlarmRef, error) {
	all, err := s.MemStore.Alarms(ctx, after, 1<<30)
	all = slices.DeleteFunc(all, func(a durable.AlarmRef) bool { return !s.node.Owner(a.ID.Partition()).Here })
	return all[:min(limit, len(all))], err
}

// Owner implements durable.Placement.
func (n *Node) Owner(partition int) durable.Owner {
	n.mu.Lock()
	belief, cut := n.belief[partition], n.cut
	n.mu.Unlock()
	if cut {
		return belief
	}
	return n.owner(partition)
}

// owner is how things really are.
func (n *Node) owner(partition int) durable.Owner {
	n.cluster.mu.Lock()
	defer n.cluster.mu.Unlock()
	c := n.cluster.owners[partition]
	return durable.Owner{Here: c.node == n, Epoch: c.epoch}
}

// Confirm implements durable.Placement.
func (n *Node) Confirm(partition int, epoch uint64) error {
	if o := n.owner(partition); !o.Here || o.Epoch != epoch {
		return durable.ErrMoved
	}
	return nil
}

// Watch implements durable.Placement.
func (n *Node) Watch(changed func(int, durable.Owner)) (stop func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.watch = changed
	return func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.watch = nil
	}
}

// Offset implements durable.Placement: all nodes have one clock.
func (n *Node) Offset() time.Duration { return 0 }

// Release implements durable.Placement: what the node owned goes to the next node.
func (n *Node) Release(context.Context) error {
	i := slices.Index(n.cluster.nodes, n)
	for p := range durable.Partitions {
		if n.Owner(p).Here {
			n.cluster.Move(p, (i+1)%len(n.cluster.nodes))
		}
	}
	return nil
}

// Serve implements durable.Mesh.
func (n *Node) Serve(partition int, handle func(context.Context, *durable.Call) *durable.Reply) (stop func(), err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.serving[partition] = handle
	return func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		delete(n.serving, partition)
	}, nil
}

// Call implements durable.Mesh. The call and its reply travel as JSON, and nothing else
// does: not what the caller's context carries.
func (n *Node) Call(ctx context.Context, partition int, call *durable.Call) (*durable.Reply, error) {
	wire, err := json.Marshal(call)
	if err != nil {
		return nil, err
	}
	n.cluster.mu.Lock()
	to := n.cluster.owners[partition].node
	n.cluster.mu.Unlock()
	to.mu.Lock()
	handle, cut := to.serving[partition], to.cut
	to.mu.Unlock()
	if handle == nil || cut {
		return nil, durable.ErrMoved
	}
	var there durable.Call
	if err := json.Unmarshal(wire, &there); err != nil {
		return nil, err
	}
	wire, err = json.Marshal(handle(context.Background(), &there))
	if err != nil {
		return nil, err
	}
	to.mu.Lock()
	cut = to.cut
	to.mu.Unlock()
	if cut {
		return nil, errCut
	}
	var back durable.Reply
	return &back, json.Unmarshal(wire, &back)
}
