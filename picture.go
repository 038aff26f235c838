package fortunet

import "github.com/fortunet/fortunet/fault"

func drawn(*Question) ([]byte, error) { return nil, notAvailable("format") }

func notAvailable(field string) error {
	return fault.Field(field, CodeNotAvailable, "is not available")
}
