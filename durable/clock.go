package durable

import (
	"container/heap"
	"sync"
	"time"
)

const (
	alarmPage    = 512  // entries read from the store's index at a time
	alarmWindow  = 8192 // entries kept in memory at most
	alarmWorkers = 64   // objects woken for alarms at a time
)

// An alarmClock fires the alarms of all objects of a runtime. It keeps a window of
// the store's index in memory: every alarm due before edge is either in the window,
// being fired, or was set by a commit that is about to be noticed. So the index is
// read once, forward, however many alarms have been set and cleared in it.
type alarmClock struct {
	rt    *Runtime
	poke  chan struct{} // something changed; holds at most one token
	slots chan struct{} // one token for each alarm being fired

	mu       sync.Mutex
	window   alarmHeap
	known    map[AlarmRef]bool // what of the window still stands
	firing   map[AlarmRef]bool // what is being fired, true if it was set anew meanwhile
	edge     AlarmRef          // how far the index has been read
	epoch    int               // grows when the window is thrown away
	whole    bool              // it has been read to its end: the window has every alarm
	reading  bool              // a page is being read, which may miss what is noticed now
	missed   []AlarmRef
	failures map[AlarmRef]int // of alarms that could not even be put off
}

func newAlarmClock(rt *Runtime) *alarmClock {
	return &alarmClock{rt: rt, poke: make(chan struct{}, 1), slots: make(chan struct{}, alarmWorkers), known: map[AlarmRef]bool{},
		firing: map[AlarmRef]bool{}, failures: map[AlarmRef]int{}}
}

// noticed takes in the alarms that a batch has set and cleared. Of a batch that may
// not be durable it takes those that may be set; one too many does no harm.
func (c *alarmClock) noticed(b *Batch, durable bool) {
	if len(b.Alarms) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, op := range b.Alarms {
		if op.Old != 0 && op.Old != op.New && durable {
			old := AlarmRef{Due: op.Old, ID: b.ID, Name: op.Name}
			delete(c.known, old)
			if c.firing[old] {
				c.firing[old] = false
			}
		}
		if op.New != 0 {
			c.add(AlarmRef{Due: op.New, ID: b.ID, Name: op.Name})
		}
	}
}

// add takes an alarm into the window, if the window reaches that far; one that is
// being fired comes back when that is over. The caller holds mu.
func (c *alarmClock) add(ref AlarmRef) {
	if c.known[ref] {
		return
	}
	if _, firing := c.firing[ref]; firing {
		c.firing[ref] = true
		return
	}
	if !c.whole && ref.Compare(c.edge) > 0 {
		if c.reading {
			c.missed = append(c.missed, ref)
		}
		return
	}
	if len(c.window) >= alarmWindow {
		c.shrink()
		if ref.Compare(c.edge) > 0 {
			return
		}
	}
	c.known[ref] = true
	heap.Push(&c.window, ref)
	wake(c.poke)
}

// shrink gives half of the window, the later one, back to the index.
func (c *alarmClock) shrink() {
	kept := make(alarmHeap, 0, alarmWindow)
	for len(kept) < alarmWindow/2 {
		kept = append(kept, heap.Pop(&c.window).(AlarmRef))
	}
	for _, ref := range c.window {
		delete(c.known, ref)
	}
	c.window = kept // ascending, which is a heap
	c.edge, c.whole = kept[len(kept)-1], false
	c.epoch++
}

// wake puts a token into a channel that holds one, if it is empty.
func wake(poke chan struct{}) {
	select {
	case poke <- struct{}{}:
	default:
	}
}

// rescan forgets the window and reads the index from the start, as when partitions
// were gained.
func (c *alarmClock) rescan() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, ref := range c.window {
		delete(c.known, ref)
	}
	c.window, c.edge, c.whole = nil, AlarmRef{}, false
	c.epoch++
	wake(c.poke)
}

// run fires alarms until the runtime stops.
func (c *alarmClock) run() {
	for failures := 0; ; {
		wait, err := c.fill()
		if err != nil {
			c.rt.log.Warn("alarm index cannot be read", "err", err)
			wait = backoff(failures)
			failures++
		} else {
			failures = 0
		}
		if wait > 0 {
			timer := time.NewTimer(wait)
			select {
			case <-timer.C:
			case <-c.poke:
			case <-c.rt.draining:
				timer.Stop()
				return
			}
			timer.Stop()
			continue
		}
		ref, ok := c.next()
		if !ok {
			continue
		}
		select {
		case c.slots <- struct{}{}:
		case <-c.rt.draining:
			return
		}
		c.rt.background(func() {
			defer func() { <-c.slots }()
			c.fire(ref)
		})
	}
}

// fill reads the index on while the window is empty, and returns how long it is
// until the window's first alarm, 0 if it is due.
func (c *alarmClock) fill() (time.Duration, error) {
	const forever = time.Hour
	for {
		c.mu.Lock()
		if len(c.window) > 0 {
			wait := max(c.window[0].Time().Sub(c.rt.Now()), 0)
			c.mu.Unlock()
			return min(wait, forever), nil
		}
		edge, whole, epoch := c.edge, c.whole, c.epoch
		c.reading = !whole
		c.mu.Unlock()
		if whole {
			return forever, nil
		}
		refs, err := c.rt.store.Alarms(c.rt.life, edge, alarmPage)
		c.mu.Lock()
		missed := c.missed
		c.reading, c.missed = false, nil
		if err != nil {
			c.mu.Unlock()
			return 0, err
		}
		if c.epoch == epoch { // what was read is still what comes next
			c.whole = len(refs) < alarmPage
			for _, ref := range refs {
				c.edge = ref
				if _, firing := c.firing[ref]; firing {
					c.firing[ref] = true // whether it still stands will be seen
				} else if !c.known[ref] {
					c.known[ref] = true
					heap.Push(&c.window, ref)
				}
			}
		}
		for _, ref := range missed {
			c.add(ref)
		}
		c.mu.Unlock()
	}
}

// next takes the first alarm out of the window if it is due.
func (c *alarmClock) next() (AlarmRef, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.window) > 0 && !c.window[0].Time().After(c.rt.Now()) {
		if ref := heap.Pop(&c.window).(AlarmRef); c.known[ref] {
			delete(c.known, ref)
			c.firing[ref] = false
			return ref, true
		} // else it was cleared since
	}
	return AlarmRef{}, false
}

// fire runs an alarm's handler. Whatever comes of it, the object's alarm record then
// says what is next: cleared, set again by the handler, or to be tried again later.
// If not even that could be stored, the clock tries again by itself.
func (c *alarmClock) fire(ref AlarmRef) {
	returned := false
	defer func() {
		if !returned { // the handler has left by runtime.Goexit and takes this goroutine along
			c.rt.background(func() { c.settle(ref, c.rt.putOff(ref, ErrPanic)) })
		}
	}()
	err := c.rt.fireAlarm(ref)
	returned = true
	c.settle(ref, err)
}

// settle ends the firing of an alarm. An error says that the object's record of it
// still stands as it did.
func (c *alarmClock) settle(ref AlarmRef, err error) {
	c.mu.Lock()
	again := c.firing[ref]
	delete(c.firing, ref)
	attempt := c.failures[ref]
	if err == nil {
		delete(c.failures, ref)
		if again {
			c.add(ref)
		}
	} else {
		c.failures[ref]++
	}
	c.mu.Unlock()
	if err == nil || c.rt.life.Err() != nil {
		return
	}
	c.rt.log.Warn("alarm could not be settled", "type", ref.ID.Type, "alarm", printable(ref.Name), "err", err)
	c.rt.background(func() {
		if c.rt.pause(backoff(attempt)) {
			c.mu.Lock()
			c.add(ref)
			c.mu.Unlock()
		}
	})
}

// alarmHeap is a heap of alarms, the first due on top.
type alarmHeap []AlarmRef

func (h alarmHeap) Len() int           { return len(h) }
func (h alarmHeap) Less(i, j int) bool { return h[i].Compare(h[j]) < 0 }
func (h alarmHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *alarmHeap) Push(x any)        { *h = append(*h, x.(AlarmRef)) }
func (h *alarmHeap) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}
