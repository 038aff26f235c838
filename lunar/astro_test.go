package lunar_test

import (
	"math"
	"testing"

	"github.com/fortunet/fortunet/astro"
	"github.com/fortunet/fortunet/lunar"
)

// At every solar term the Sun stands where the term says: the table was made by a
// program of its own, so each is held against the other.
func TestTermsAgainstAstro(t *testing.T) {
	worst := 0.0
	for year := 1900; year <= 2220; year++ {
		terms, err := lunar.Terms(year)
		if err != nil {
			t.Fatal(err)
		}
		for i, at := range terms {
			term := lunar.Term(i)
			sky, err := astro.At(astro.InstantAt(at))
			if err != nil {
				t.Fatal(err)
			}
			sun := sky.Place(astro.Sun)
			late := astro.Apart(sun.Lon, float64(term.Longitude())) / sun.Speed * 86400
			if worst = max(worst, math.Abs(late)); math.Abs(late) > 2 {
				t.Errorf("%d %s: %v s late", year, term.Key(), late)
			}
		}
	}
	t.Logf("within %.2f s", worst)
}
