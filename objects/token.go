package objects

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"

	"github.com/fortunet/fortunet/fault"
)

const (
	tokenSecret  = 32  // random bytes of a token
	longestToken = 200 // characters
)

// ErrToken is what every token gets that is not good, whatever is wrong with it.
var ErrToken = fault.Coded(fault.Unauthorized, "invalid_token", "this token is not valid, or not any more: sign in again")

// A Hash is the SHA-256 of a token, which is what is kept of it. As text it is in
// lower-case hexadecimal.
type Hash [sha256.Size]byte

// MarshalText implements encoding.TextMarshaler.
func (h Hash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (h *Hash) UnmarshalText(text []byte) error {
	if len(text) != hex.EncodedLen(len(h)) {
		return errors.New("a token's hash has another length")
	}
	_, err := hex.Decode(h[:], text)
	return err
}

// String returns the hash as text.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

var tokenEncoding = base64.RawURLEncoding.Strict()

// NewToken returns a random token of a user and the hash under which it is kept. A
// token names its user, so that whoever gets one knows which session to ask.
func NewToken(userID string) (token string, hash Hash) {
	var secret [tokenSecret]byte
	rand.Read(secret[:])
	token = tokenEncoding.EncodeToString([]byte(userID)) + "." + tokenEncoding.EncodeToString(secret[:])
	return token, sha256.Sum256([]byte(token))
}

// ParseToken returns the user a token names and the token's hash; the fault for what
// is no token is Unauthorized. That a token is good only the session can say.
func ParseToken(token string) (userID string, hash Hash, err error) {
	user, secret, ok := strings.Cut(token, ".")
	if !ok || len(token) > longestToken || len(secret) != tokenEncoding.EncodedLen(tokenSecret) {
		return "", Hash{}, ErrToken
	}
	var text, name [longestToken]byte // on the stack: every request comes by here
	n, err := tokenEncoding.Decode(name[:], text[:copy(text[:], user)])
	if userID = string(name[:n]); err != nil || !plainName(userID) {
		return "", Hash{}, ErrToken
	}
	return userID, sha256.Sum256(text[:copy(text[:], token)]), nil
}

// plainName reports whether s is not empty and all of printable ASCII without spaces,
// as ids and keys are.
func plainName(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return s != ""
}
