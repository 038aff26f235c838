package fortunet

import (
	"strconv"

	"github.com/fortunet/fortunet/fault"
)

// maxBodyDepth is how many objects and lists of a body may stand within each other.
const maxBodyDepth = 64

// CheckJSON returns a fault unless raw is one JSON text that everybody reads alike: in
// UTF-8, with no member given twice, not nested deeper than any body has to be.
func CheckJSON(raw []byte) error {
	r := reader{data: raw}
	if err := r.skip(maxBodyDepth); err != nil {
		return err
	}
	return r.end()
}

// DecodeSessionPatch takes the body of a change of a session apart, {preferences?,
// metadata?}. What is not given is nil; the merge patches share memory with raw and
// have been checked to be JSON, for Preferences.Patch and PatchMetadata to read.
func DecodeSessionPatch(raw []byte) (preferences, metadata []byte, err error) {
	r := reader{data: raw}
	err = r.object("", func(name []byte) (err error) {
		switch string(name) {
		case "preferences":
			preferences, err = r.value("preferences", maxBodyDepth-1)
		case "metadata":
			metadata, err = r.value("metadata", maxBodyDepth-1)
		default:
			err = fault.Field(join("", name), CodeUnknownField, "only preferences and metadata can be changed")
		}
		return err
	})
	if err == nil {
		err = r.end()
	}
	if err != nil {
		return nil, nil, err
	}
	return preferences, metadata, nil
}

// arbitrary passes over any value and checks it, with at most depth objects and lists
// within each other.
func (r *reader) arbitrary(path string, depth int) error { return fault.Within(path, r.skip(depth)) }

// skip is arbitrary for who tells the path: it is made where something is wrong, and
// not for each of many members.
func (r *reader) skip(depth int) (err error) {
	switch c := r.peek(); c {
	case '{', '[':
		if depth == 0 {
			return fault.Coded(fault.Invalid, CodeTooDeep, "is nested too deeply")
		}
		if c == '[' {
			return r.list("", len(r.data), func(i int) error {
				if err := r.skip(depth - 1); err != nil {
					return fault.Within(strconv.Itoa(i), err)
				}
				return nil
			})
		}
		return r.object("", func(name []byte) error {
			if err := r.skip(depth - 1); err != nil {
				return fault.Within(join("", name), err)
			}
			return nil
		})
	case '"':
		_, err = r.text("")
	case 't', 'f':
		_, err = r.boolean("")
	case 'n':
		if !r.null() {
			err = r.wrongType("", "a value")
		}
	default:
		_, err = r.number("")
	}
	return err
}

// value is arbitrary, and returns the text it has passed over.
func (r *reader) value(path string, depth int) ([]byte, error) {
	r.peek()
	start := r.pos
	if err := r.arbitrary(path, depth); err != nil {
		return nil, err
	}
	return r.data[start:r.pos:r.pos], nil
}
