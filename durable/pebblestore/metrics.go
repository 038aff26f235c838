package pebblestore

// Metrics are figures about a store at one instant. While it is failing only those
// about the disk and the failure are set. Sizes are in bytes.
type Metrics struct {
	Failing  bool // no handle is open; see Err
	Failures int  // how often one was lost since Open

	FreeBytes    uint64 // free on the disk
	ReserveBytes uint64 // below which writes are refused
	LowSpace     bool   // writes are being refused

	DiskBytes     uint64 // of all files
	WALBytes      uint64 // of the write-ahead logs that are in use
	WALFiles      int64
	MemTableBytes uint64
	Tables        int64
	Compactions   int64  // since the handle was opened
	Flushes       int64  // since the handle was opened
	Debt          uint64 // about how much is to be compacted
	Stalls        int64  // since the handle was opened, how often writes waited for that
	CacheBytes    int64
	CacheHits     int64
	CacheMisses   int64
}

// Metrics returns figures about the store.
func (s *Store) Metrics() Metrics {
	s.mu.Lock()
	m := Metrics{Failures: s.failures}
	s.mu.Unlock()
	m.ReserveBytes = s.space.reserve
	m.LowSpace = s.space.low.Load()
	if usage, err := s.fs.GetDiskUsage(s.dir); err == nil {
		m.FreeBytes = usage.AvailBytes
	}
	h, err := s.acquire(nil)
	if err != nil {
		m.Failing = true
		return m
	}
	defer h.users.Done()
	p := h.db.Metrics()
	m.DiskBytes = p.DiskSpaceUsage()
	m.WALBytes, m.WALFiles = p.WAL.Size, p.WAL.Files
	m.MemTableBytes = p.MemTable.Size
	for _, level := range p.Levels {
		m.Tables += level.TablesCount
	}
	m.Compactions, m.Flushes, m.Debt = p.Compact.Count, p.Flush.Count, p.Compact.EstimatedDebt
	m.Stalls = h.stalls.Load()
	m.CacheBytes, m.CacheHits, m.CacheMisses = p.BlockCache.Size, p.BlockCache.Hits, p.BlockCache.Misses
	return m
}

// Err returns why the store takes no writes now, or nil.
func (s *Store) Err() error {
	h, err := s.acquire(nil)
	if err != nil {
		return err
	}
	h.users.Done()
	return s.space.admit(0)
}
