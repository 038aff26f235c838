package database

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/fault"
)

// Limits of what a row holds, beside those of names and notes.
const (
	MaxBirth = 64 << 10 // bytes of JSON: a birth, or a request for a chart
	MaxData  = 4 << 20  // bytes of JSON: a chart's data
	MaxImage = 4 << 20  // bytes
	MaxTags  = 50       // tags of a chart, each no longer than fortunet.MaxName
)

// checkJSON returns a fault unless doc is JSON and text that every database can hold,
// not over a limit.
func checkJSON(field string, doc json.RawMessage, limit int) error {
	switch {
	case len(doc) > limit:
		return &fault.Error{Kind: fault.TooLarge, Code: fortunet.CodeTooLarge, Field: field, Message: "is too large to be stored"}
	case !utf8.Valid(doc):
		return fault.Field(field, fortunet.CodeInvalidUTF8, "is not UTF-8")
	case !json.Valid(doc):
		return fault.Field(field, fortunet.CodeMalformed, "is not JSON")
	}
	return nil
}

// checkImage returns a fault for an image over the limit or of no type.
func checkImage(image []byte, mediaType string) error {
	if len(image) > MaxImage {
		return &fault.Error{Kind: fault.TooLarge, Code: fortunet.CodeTooLarge, Field: "image", Message: "is too large to be stored"}
	}
	if err := checkText("imageType", mediaType, 100); err != nil {
		return err
	}
	if (len(image) > 0) != (mediaType != "") {
		return fault.Field("imageType", fortunet.CodeInvalidValue, "an image has a media type, and no image has none")
	}
	return nil
}

// checkText returns a fault unless s is text that every database can hold, of limit
// bytes at most. It is for what programs write; people's words are cleaned.
func checkText(field, s string, limit int) error {
	switch {
	case len(s) > limit:
		return fault.Field(field, fortunet.CodeTooLong, "is longer than %d bytes", limit)
	case !utf8.ValidString(s):
		return fault.Field(field, fortunet.CodeInvalidUTF8, "is not UTF-8")
	case strings.ContainsRune(s, 0):
		return fault.Field(field, fortunet.CodeInvalidValue, "holds a NUL")
	}
	return nil
}

// cleanTags returns tags as they are stored: each clean, once, in the order given.
func cleanTags(tags []string) ([]string, error) {
	if len(tags) > MaxTags {
		return nil, fault.Field("tags", fortunet.CodeTooLong, "are more than %d", MaxTags)
	}
	clean := []string{}
	for _, tag := range tags {
		tag, err := fortunet.CleanName("tags", tag)
		if err != nil {
			return nil, err
		}
		if tag != "" && !slices.Contains(clean, tag) {
			clean = append(clean, tag)
		}
	}
	return clean, nil
}

// cleaned returns what a change makes of people's words; nil stays nil.
func cleaned(clean func(field, s string) (string, error), field string, s *string) (*string, error) {
	if s == nil {
		return nil, nil
	}
	c, err := clean(field, *s)
	return &c, err
}

// optional is a document as an argument that is NULL where a change leaves it.
func optional(doc json.RawMessage) any {
	if doc == nil {
		return nil
	}
	return string(doc)
}
