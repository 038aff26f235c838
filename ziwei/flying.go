package ziwei

// A Flight is a transformation that a palace sends by its stem (飛星): to the palace in
// which the star stands that the stem transforms.
type Flight struct {
	From    int // palace index
	Mutagen Mutagen
	Star    Star
	To      int // palace index
}

// Self reports whether the palace transforms a star of its own (自化, 離心).
func (f Flight) Self() bool { return f.From == f.To }

// Facing reports whether the palace transforms a star of the one facing it (向心自化),
// which it at the same time clashes with.
func (f Flight) Facing() bool { return f.To == Opposite(f.From) }

// Flights returns what every palace sends: those of index 0 first, each 祿, 權, 科, 忌.
func (c *Chart) Flights() [48]Flight {
	var flights [48]Flight
	for i := range flights {
		flights[i] = c.Flight(i/4, Lu+Mutagen(i%4))
	}
	return flights
}

// Flight returns where the palace at index from sends a transformation other than
// NoMutagen.
func (c *Chart) Flight(from int, m Mutagen) Flight {
	s := c.Options.Tables.Mutagen.Mutagens(c.Palaces[from].Pillar.Stem)[m-Lu]
	return Flight{From: from, Mutagen: m, Star: s, To: int(c.at[s])}
}

// FlightsTo returns what the palace at index receives, its own included.
func (c *Chart) FlightsTo(index int) []Flight {
	var flights []Flight
	for _, f := range c.Flights() {
		if f.To == index {
			flights = append(flights, f)
		}
	}
	return flights
}

// SelfFlights returns the transformations that palaces work on themselves (自化).
func (c *Chart) SelfFlights() []Flight {
	var flights []Flight
	for _, f := range c.Flights() {
		if f.Self() {
			flights = append(flights, f)
		}
	}
	return flights
}
