package server

// Routed returns the patterns of all routes, for tests that must not forget one.
func (s *Server) Routed() []string { return s.routed }

// Hashes returns how many passwords were hashed.
func (s *Server) Hashes() uint64 { return s.hasher.count.Load() }

// HashPassword and VerifyPassword are what the hasher does in its slots.
var (
	HashPassword   = hashPassword
	VerifyPassword = verifyPassword
)
