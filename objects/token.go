package objects

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"github.com/fortunet/fortunet/fault"
)

// tokenSecret is how many random bytes a token holds.
const tokenSecret = 32

// errToken is what every token gets that is not good, whatever is wrong with it.
var errToken = fault.Coded(fault.Unauthorized, "invalid_token", "this token is not valid, or not any more: sign in again")

// NewToken returns a random token of a user and the hash under which it is kept. A
// token names its user, so that whoever gets one knows which session to ask.
func NewToken(userID string) (token, hash string) {
	var secret [tokenSecret]byte
	rand.Read(secret[:])
	enc := base64.RawURLEncoding
	token = enc.EncodeToString([]byte(userID)) + "." + enc.EncodeToString(secret[:])
	return token, hashToken(token)
}

// ParseToken returns the user a token names and the token's hash. That the token is
// good only the session can say.
func ParseToken(token string) (userID, hash string, err error) {
	const longest = 200
	user, secret, ok := strings.Cut(token, ".")
	if !ok || len(token) > longest || len(secret) != base64.RawURLEncoding.EncodedLen(tokenSecret) {
		return "", "", errToken
	}
	id, err := base64.RawURLEncoding.DecodeString(user)
	if err != nil || len(id) == 0 {
		return "", "", errToken
	}
	return string(id), hashToken(token), nil
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
