package birth

// A Kind says how often the clocks of a zone showed something.
type Kind uint8

const (
	Normal      Kind = iota // once
	Ambiguous               // twice: they were put back over it
	Nonexistent             // never: they were put forward over it
)

// String returns the kind in lower case.
func (k Kind) String() string {
	return [...]string{"normal", "ambiguous", "nonexistent"}[k]
}

// A Reading is one way of understanding what a clock showed.
type Reading struct {
	UTC            int64 // seconds since 1970-01-01T00:00:00Z
	Offset         int   // of the clock from UTC, seconds, positive in the east
	DST            bool  // whether daylight saving is in Offset
	StandardOffset int   // Offset less daylight saving
}

// Read returns what w can mean on the zone's clocks. Of an ambiguous time, first and
// second are the two passes in order; of a nonexistent one, the readings with the
// offset before and after the gap; of a normal one both are the same.
func (z *Zone) Read(w Wall) (kind Kind, first, second Reading) {
	// No offset is over a day, so the instant is within one of w taken as UTC.
	found := 0
	for i := z.at(int64(w) - daySeconds); i < len(z.spans) && z.spans[i].start <= int64(w)+daySeconds; i++ {
		s := z.spans[i]
		switch utc := int64(w) - int64(s.offset); {
		case utc >= s.start && utc < z.end(i):
			second = s.read(w)
			if found == 0 {
				first = second
			}
			found++
		case utc < s.start && found == 0 && i > 0 && int64(w)-int64(z.spans[i-1].offset) >= s.start:
			return Nonexistent, z.spans[i-1].read(w), s.read(w)
		}
	}
	if found > 1 {
		return Ambiguous, first, second
	}
	return Normal, first, second
}

// read understands w with the span's offset, whether or not that was in force then.
func (s span) read(w Wall) Reading {
	return Reading{
		UTC:            int64(w) - int64(s.offset),
		Offset:         int(s.offset),
		DST:            s.offset != s.standard,
		StandardOffset: int(s.standard),
	}
}

// At returns what the zone's clocks showed at an instant, in seconds since 1970.
func (z *Zone) At(utc int64) Reading {
	s := z.spans[z.at(utc)]
	return s.read(Wall(utc + int64(s.offset)))
}
