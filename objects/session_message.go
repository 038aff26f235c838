package objects

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"github.com/fortunet/fortunet/fault"
)

const (
	maxDepth     = 32 // objects and lists within each other in a socket's message
	maxMessageID = 64 // bytes of a message's id, as JSON
	codeMessage  = "invalid_message"
)

func messageFault(text string) error { return fault.Coded(fault.Invalid, codeMessage, "%s", text) }

var errMessage = messageFault("this message cannot be read")

// A clientMessage is what a socket may say.
type clientMessage struct {
	Type string
	ID   json.RawMessage // a string or a number, echoed; nil for none
	Data json.RawMessage // nil for none
}

// decodeMessage reads a message strictly: one JSON object in UTF-8 of a bounded depth,
// with a type, no member nobody knows and none twice. It keeps references to data.
// What has an id is returned with it also where the rest is at fault.
func decodeMessage(data []byte) (m clientMessage, err error) {
	err = members(data, func(name string, value []byte) error {
		switch name {
		case "type":
			if value[0] != '"' || json.Unmarshal(value, &m.Type) != nil {
				return messageFault("a message's type is a string")
			}
		case "id":
			if c := value[0]; len(value) > maxMessageID || c != '"' && c != '-' && (c < '0' || c > '9') {
				return messageFault("a message's id is a short string or a number")
			}
			m.ID = value
		case "data":
			m.Data = value
		default:
			return messageFault("a message has type, data and id, and nothing else")
		}
		return nil
	})
	if err == nil && m.Type == "" {
		err = messageFault("a message needs a type")
	}
	return m, err
}

// members takes a JSON object apart, in order. A member given twice is a fault, as is
// anything that is not JSON; encoding/json would take the last one and fold the case
// of names.
func members(data []byte, member func(name string, value []byte) error) error {
	if !utf8.Valid(data) || deep(data) || !json.Valid(data) {
		return errMessage
	}
	rest := bytes.TrimLeft(data, space)
	if rest[0] != '{' {
		return messageFault("a message is an object")
	}
	rest = bytes.TrimLeft(rest[1:], space)
	seen := make([]string, 0, 4)
	for rest[0] != '}' {
		n := valueEnd(rest)
		var name string
		if json.Unmarshal(rest[:n], &name) != nil {
			return errMessage
		}
		for _, s := range seen {
			if s == name {
				return messageFault("a message has a member twice")
			}
		}
		seen = append(seen, name)
		rest = bytes.TrimLeft(rest[n:], space)
		rest = bytes.TrimLeft(rest[1:], space) // the colon
		n = valueEnd(rest)
		if err := member(name, rest[:n:n]); err != nil {
			return err
		}
		rest = bytes.TrimLeft(rest[n:], space)
		if rest[0] == ',' {
			rest = bytes.TrimLeft(rest[1:], space)
		}
	}
	return nil
}

const space = " \t\r\n"

// deep reports whether objects and lists stand too deep within each other, before
// anything that could use the stack reads them.
func deep(data []byte) bool {
	depth := 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '"':
			i += stringEnd(data[i:]) - 1
		case '{', '[':
			if depth++; depth > maxDepth {
				return true
			}
		case '}', ']':
			depth--
		}
	}
	return false
}

// valueEnd returns the length of the JSON value that data, which is valid, begins with.
func valueEnd(data []byte) int {
	depth := 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '"':
			i += stringEnd(data[i:]) - 1
			if depth == 0 {
				return i + 1
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i // of a number or a word
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
		}
	}
	return len(data)
}

// stringEnd returns the length of the JSON string that data begins with.
func stringEnd(data []byte) int {
	for i := 1; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(data)
}

// chartID reads the data of the messages that name a chart: {"chartId": "…"}.
func chartID(data []byte) (id string, err error) {
	if len(data) == 0 {
		return "", messageFault("this message needs data")
	}
	err = members(data, func(name string, value []byte) error {
		if name != "chartId" || value[0] != '"' || json.Unmarshal(value, &id) != nil {
			return messageFault("the data of this message is a chartId")
		}
		return nil
	})
	if err == nil {
		err = checkChartID(id)
	}
	return id, err
}
