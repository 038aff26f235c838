package ziwei

// A Surround is a palace with those that look on it (三方四正): itself, the one facing
// it and its two trines.
type Surround struct {
	Self, Facing int
	Trines       [2]int
}

// Surrounding returns the three sides and four directions of the palace at index.
func Surrounding(index int) Surround {
	return Surround{index, Opposite(index), [2]int{around(index + 4), around(index + 8)}}
}

// Has reports whether a palace is one of the four.
func (s Surround) Has(index int) bool {
	return index == s.Self || index == s.Facing || index == s.Trines[0] || index == s.Trines[1]
}

// Flanks returns the indexes of the palaces on both sides of the one at index (夾宮).
func Flanks(index int) [2]int { return [2]int{around(index - 1), around(index + 1)} }

// Sees reports whether every one of those stars stands in a palace that looks on the
// one at index.
func (c *Chart) Sees(index int, stars ...Star) bool {
	view := Surrounding(index)
	for _, s := range stars {
		if place, ok := c.Find(s); !ok || !view.Has(place) {
			return false
		}
	}
	return true
}

// MutagenStar returns the star that the stem of the year gives a transformation.
// NoMutagen has none.
func (c *Chart) MutagenStar(m Mutagen) (Star, bool) {
	if m == NoMutagen || m > Ji {
		return 0, false
	}
	return c.Options.Tables.Mutagen.Mutagens(c.year.Stem)[m-Lu], true
}
