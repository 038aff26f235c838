package server

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"github.com/fortunet/fortunet/fault"
)

// Parameters of argon2id, those OWASP's password storage cheat sheet names for 19 MiB.
// They stand in each hash, so raising them here concerns new hashes alone.
const (
	argonMemory = 19 << 10 // KiB
	argonPasses = 2
	argonLanes  = 1
	argonSalt   = 16 // bytes
	argonKey    = 32 // bytes
)

// Bounds of a password and of hashing.
const (
	minPassword = 8    // characters
	maxPassword = 1024 // bytes
	hashSlots   = 2    // hashes computed at a time, each with its memory
	maxHashing  = 64   // hashes computed or waited for
)

// A hasher hashes passwords, few at a time, so that neither memory nor processors are
// exhausted by those who sign in.
type hasher struct {
	slots   chan struct{}
	waiting atomic.Int64
	count   atomic.Uint64 // hashes computed
	decoy   string        // the hash of a password nobody has
}

func newHasher() *hasher {
	return &hasher{slots: make(chan struct{}, hashSlots), decoy: hashPassword(rand.Text())}
}

// checkPassword refuses a password that is too short to be one or too long to be
// hashed.
func checkPassword(password string) error {
	switch {
	case utf8.RuneCountInString(password) < minPassword:
		return fault.Field("password", "password_too_short", "a password has %d characters at least", minPassword)
	case len(password) > maxPassword:
		return fault.Field("password", "password_too_long", "a password has %d bytes at most", maxPassword)
	}
	return nil
}

// hash returns a password's hash as a PHC string.
func (h *hasher) hash(ctx context.Context, password string) (phc string, err error) {
	err = h.slot(ctx, func() { phc = hashPassword(password) })
	return phc, err
}

// verify reports whether phc is the hash of password. An empty phc is no password's,
// and takes as long to find that out.
func (h *hasher) verify(ctx context.Context, phc, password string) (ok bool, err error) {
	known := phc != ""
	if !known {
		phc = h.decoy
	}
	err = h.slot(ctx, func() { ok = verifyPassword(phc, password) })
	return ok && known, err
}

// slot runs f when it is its turn.
func (h *hasher) slot(ctx context.Context, f func()) error {
	busy := &fault.Error{Kind: fault.Overloaded, Code: "too_many_sign_ins", Message: "too many sign in at once", RetryAfter: 5 * time.Second}
	if h.waiting.Add(1) > maxHashing {
		h.waiting.Add(-1)
		return busy
	}
	defer h.waiting.Add(-1)
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
		h.count.Add(1)
		f()
		return nil
	case <-ctx.Done():
		return busy
	}
}

// hashPassword returns $argon2id$v=19$m=…,t=…,p=…$SALT$KEY.
func hashPassword(password string) string {
	salt := make([]byte, argonSalt)
	rand.Read(salt)
	key := argon2.IDKey([]byte(password), salt, argonPasses, argonMemory, argonLanes, argonKey)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonPasses, argonLanes, b64(salt), b64(key))
}

// verifyPassword reports whether phc is the hash of password. One that cannot be read is
// no password's.
func verifyPassword(phc, password string) bool {
	h, ok := parsePHC(phc)
	if !ok {
		return false
	}
	got := argon2.IDKey([]byte(password), h.salt, h.passes, h.memory, h.lanes, uint32(len(h.key)))
	return subtle.ConstantTimeCompare(got, h.key) == 1
}

// A passwordHash is a hash with what it was made with.
type passwordHash struct {
	memory, passes uint32
	lanes          uint8
	salt, key      []byte
}

// parsePHC reads a hash. One that asks for more work than any of ours is none.
func parsePHC(phc string) (h passwordHash, ok bool) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return passwordHash{}, false
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.passes, &h.lanes); err != nil || n != 3 {
		return passwordHash{}, false
	}
	const mostMemory, mostPasses, mostLanes, mostKey = 256 << 10, 16, 8, 128
	if h.memory > mostMemory || h.passes == 0 || h.passes > mostPasses || h.lanes == 0 || h.lanes > mostLanes {
		return passwordHash{}, false
	}
	var err error
	if h.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return passwordHash{}, false
	}
	if h.key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(h.key) < argonKey || len(h.key) > mostKey {
		return passwordHash{}, false
	}
	return h, true
}
