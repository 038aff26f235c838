package fortunet

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/fortunet/fortunet/fault"
)

// maxEmail is the longest address in bytes that mail servers carry (RFC 5321).
const maxEmail = 254

// NormalizeEmail returns an address as it is stored and compared, or an Invalid fault
// with code "invalid_email". Addresses that differ only in case are one, and so are
// those that differ only in how their letters are encoded, such as the full-width ones
// of an input method.
func NormalizeEmail(email string) (string, error) {
	invalid := fault.Field("email", "invalid_email", "this is not an e-mail address")
	if len(email) > 4*maxEmail {
		return "", invalid
	}
	email = norm.NFKC.String(strings.ToLower(norm.NFKC.String(strings.TrimSpace(email))))
	local, domain, ok := strings.Cut(email, "@")
	if !ok || local == "" || len(email) > maxEmail || strings.IndexFunc(email, foreignToEmail) >= 0 {
		return "", invalid
	}
	labels := strings.Split(domain, ".")
	if len(labels) < 2 {
		return "", invalid
	}
	for _, label := range labels {
		if label == "" || strings.Contains(label, "@") {
			return "", invalid
		}
	}
	return email, nil
}

// foreignToEmail reports whether r cannot stand in an address that is not quoted.
func foreignToEmail(r rune) bool {
	return unicode.IsSpace(r) || !unicode.IsGraphic(r) || r == unicode.ReplacementChar || strings.ContainsRune(`"(),:;<>[\]`, r)
}
