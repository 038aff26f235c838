package server

import (
	"strings"
	"testing"
)

// Whatever is stored as a hash, verifying it costs no more than it may, and nothing that
// was not made of a password is one.
func FuzzParsePHC(f *testing.F) {
	good := hashPassword("correct horse")
	f.Add(good)
	f.Add(strings.Replace(good, "m=19456", "m=4294967295", 1))
	f.Add("$argon2id$v=19$m=19456,t=0,p=1$$")
	f.Fuzz(func(t *testing.T, phc string) {
		h, ok := parsePHC(phc)
		if !ok {
			return
		}
		if h.memory > 256<<10 || h.passes == 0 || h.passes > 16 || h.lanes == 0 || h.lanes > 8 || len(h.key) < 32 || len(h.key) > 128 {
			t.Fatalf("%q: %+v", phc, h)
		}
		if h.memory <= argonMemory && h.passes <= argonPasses && phc != good && verifyPassword(phc, "x") {
			t.Fatalf("%q is the hash of x", phc)
		}
	})
}
