package main

import (
	"runtime"
	"runtime/debug"
)

// gcPercent lets the heap grow to three times what is live before it is collected.
// What is live is a few tens of megabytes, and collecting it less often is worth a
// tenth of the time a request takes; after many objects have left memory the runtime
// gives back what they held.
const gcPercent = 200

// A thread that another process pushes off its core takes the requests in its queue
// along, for a time slice of the kernel. Go has a queue for each core; on a machine of
// two, half of all requests are in one. With up to enoughQueues of them less is taken
// along and another thread goes on, which more than halves the 99th percentile while
// the cores are busy and costs less than a tenth of processor time.
const enoughQueues = 4

// tune sets how Go runs this process, where whoever started it has not said so.
func tune(getenv func(string) string) {
	if getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if getenv("GOMAXPROCS") == "" {
		if now, want := runtime.GOMAXPROCS(0), queues(runtime.NumCPU(), runtime.GOMAXPROCS(0)); want != now {
			runtime.GOMAXPROCS(want)
		}
	}
}

// queues returns how many queues a process should have that Go has given some number
// on a machine of some cores. Where Go gives fewer than there are cores, a quota is set
// that more of them would use up too early.
func queues(cores, given int) int {
	if given < cores {
		return given
	}
	return max(given, min(2*cores, enoughQueues))
}
