package fortunet

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/fortunet/fortunet/fault"
)

// Metadata is a JSON object in which a program keeps what it likes with a user.
// Empty, it is none, which is the same as {}.
type Metadata = json.RawMessage

// Bounds of metadata.
const (
	MaxMetadata      = 4 << 10  // bytes, encoded
	MaxMetadataPatch = 16 << 10 // bytes, as sent
	MaxMetadataDepth = 8        // objects and lists within each other
)

// PatchMetadata returns current changed by a merge patch (RFC 7396), with names sorted
// and no white space, so that equal metadata are equal bytes. Current must be an
// object and patch an object or null; a null removes a member, or all of them. Numbers
// stay as they were written. A patch that has anything wrong in it, or a result over
// MaxMetadata, changes nothing and is a fault whose field begins with "metadata".
func PatchMetadata(current Metadata, patch []byte) (Metadata, error) {
	if len(patch) > MaxMetadataPatch {
		return nil, tooLarge(MaxMetadataPatch)
	}
	r := reader{data: patch}
	if r.null() {
		return Metadata("{}"), r.end()
	}
	if r.peek() != '{' {
		return nil, r.wrongType("metadata", "an object")
	}
	if err := r.arbitrary("metadata", MaxMetadataDepth); err != nil {
		return nil, err
	}
	if err := r.end(); err != nil {
		return nil, err
	}
	target := map[string]any{}
	if len(current) > 0 {
		if err := decodeObject(current, &target); err != nil {
			return nil, fault.Wrap(err, fault.Internal, "the metadata kept are not readable")
		}
	}
	var changes map[string]any
	if err := decodeObject(patch, &changes); err != nil {
		return nil, fault.Field("metadata", CodeMalformed, "is not JSON")
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(merge(target, changes)); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "the metadata cannot be encoded")
	}
	merged := bytes.TrimSuffix(out.Bytes(), []byte("\n"))
	if len(merged) > MaxMetadata {
		return nil, tooLarge(MaxMetadata)
	}
	return merged, nil
}

func tooLarge(limit int) error {
	return &fault.Error{Kind: fault.TooLarge, Code: CodeTooLarge, Field: "metadata",
		Message: fmt.Sprintf("is over %d bytes", limit)}
}

func decodeObject(raw []byte, into *map[string]any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return d.Decode(into)
}

// merge applies patch to target as RFC 7396, section 2, does, changing target.
func merge(target, patch map[string]any) map[string]any {
	if target == nil {
		target = map[string]any{}
	}
	for name, value := range patch {
		switch value := value.(type) {
		case nil:
			delete(target, name)
		case map[string]any:
			inner, _ := target[name].(map[string]any)
			target[name] = merge(inner, value)
		default:
			target[name] = value
		}
	}
	return target
}
