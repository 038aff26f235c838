// Package birth turns what people say of a birth, a date and a clock time in a place,
// into a moment: which instant it was, what the clocks that could have been meant
// showed, and which of the thirteen hours of a Chinese day it fell in.
//
// Offsets and daylight saving come from the tz database, an embedded copy, so that
// every machine answers alike.
package birth

// The codes of the faults this package returns.
const (
	CodeUnknownZone     = "unknown_zone"     // no zone of the tz database
	CodeInvalidDate     = "invalid_date"     // no date, or none of the calendar
	CodeInvalidTime     = "invalid_time"     // no time of day
	CodeNonexistentTime = "nonexistent_time" // the clocks were put forward over it
	CodeOutOfRange      = "out_of_range"     // before or after what can be answered
	CodeMissingPlace    = "missing_field"    // no place where one is needed
	CodeInvalidBasis    = "invalid_value"    // no clock to read the hour from
)
