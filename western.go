package fortunet

import "github.com/fortunet/fortunet/fault"

// What this build cannot compute is refused by name.
func appendTransits([]byte, *Question) ([]byte, error) { return nil, notAvailable("natal.chartType") }

func drawn(*Question) ([]byte, error) { return nil, notAvailable("format") }

func notAvailable(field string) error {
	return fault.Field(field, CodeNotAvailable, "is not available")
}

func appendSynastry([]byte, *Question) ([]byte, error) { return nil, notAvailable("a.chartType") }
