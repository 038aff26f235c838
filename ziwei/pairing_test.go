package ziwei_test

import (
	"testing"

	"github.com/fortunet/fortunet/ziwei"
)

func TestPairing(t *testing.T) {
	a, b := chartOf(t, born(1990, 5, 17, 7), ziwei.Options{}), chartOf(t, born(1984, 7, 29, 10), ziwei.Options{})
	p := ziwei.Pair(a, b)
	if got := p.Animals(); got != ziwei.Clash { // a 馬 year of 1990 and a 鼠 year of 1984
		t.Errorf("the animals are in %s", got.Key())
	}
	var stars [2]int
	for _, link := range p.Links() {
		from, to := a, b
		if link.Back {
			from, to = b, a
		}
		at, ok := to.Find(link.Star)
		if !ok || to.Palaces[at].Name != link.Palace {
			t.Errorf("%+v: the star stands in %s", link, to.Palaces[at].Name.Key())
		}
		switch link.Kind {
		case ziwei.LinkYear:
			if s, _ := from.MutagenStar(link.Mutagen); s != link.Star {
				t.Errorf("%+v: the year transforms %s", link, s.Key())
			}
		case ziwei.LinkSoul:
			if f := from.Flight(from.Soul, link.Mutagen); f.Star != link.Star {
				t.Errorf("%+v: the soul palace transforms %s", link, f.Star.Key())
			}
		case ziwei.LinkSpouse:
			if f := from.Flight(from.Palace(ziwei.SpousePalace).Index, link.Mutagen); f.Star != link.Star {
				t.Errorf("%+v: the spouse palace transforms %s", link, f.Star.Key())
			}
		case ziwei.LinkStar:
			stars[boolean(link.Back)]++
			if soul, _ := from.Find(link.Star); soul != from.Soul || link.Palace != ziwei.SpousePalace {
				t.Errorf("%+v: the star is in palace %d of its own chart", link, soul)
			}
		}
	}
	if got := len(p.Links()); got != 24+stars[0]+stars[1] {
		t.Errorf("%d links, of which %v are stars", got, stars)
	}
	for i := range ziwei.PalaceName(12) {
		if got, want := p.Overlay(i), b.Palaces[a.Palace(i).Index].Name; got != want {
			t.Errorf("on %s lies %s, want %s", i.Key(), got.Key(), want.Key())
		}
	}
}

// Somebody whose soul palace holds the stars of the other's spouse palace is linked by
// them.
func TestPairingByStars(t *testing.T) {
	linked := 0
	a := someonesChart(t)
	someBirths(t, 300, func(_ ziwei.Birth, _ ziwei.Options, b *ziwei.Chart) {
		want := map[ziwei.Star]bool{}
		for _, s := range a.Palaces[a.Soul].Major {
			for _, o := range b.Palace(ziwei.SpousePalace).Major {
				if s.Star == o.Star {
					want[s.Star] = true
				}
			}
		}
		got := 0
		for _, link := range ziwei.Pair(a, b).Links() {
			if link.Kind == ziwei.LinkStar && !link.Back {
				got++
				if !want[link.Star] {
					t.Errorf("%+v", link)
				}
			}
		}
		if got != len(want) {
			t.Errorf("%d links by stars, want %d", got, len(want))
		}
		linked += got
	})
	if linked == 0 {
		t.Error("nobody was linked by stars")
	}
}

// What the elements are to each other, seen from both sides.
func TestPairingElements(t *testing.T) {
	back := map[ziwei.Relation]ziwei.Relation{
		ziwei.Same: ziwei.Same, ziwei.Generates: ziwei.Generated, ziwei.Generated: ziwei.Generates,
		ziwei.Overcomes: ziwei.Overcome, ziwei.Overcome: ziwei.Overcomes,
	}
	want := map[[2]ziwei.Element]ziwei.Relation{
		{ziwei.Wood, ziwei.Fire}: ziwei.Generates, {ziwei.Fire, ziwei.Earth}: ziwei.Generates, {ziwei.Earth, ziwei.Metal}: ziwei.Generates,
		{ziwei.Metal, ziwei.Water}: ziwei.Generates, {ziwei.Water, ziwei.Wood}: ziwei.Generates,
		{ziwei.Wood, ziwei.Earth}: ziwei.Overcomes, {ziwei.Earth, ziwei.Water}: ziwei.Overcomes, {ziwei.Water, ziwei.Fire}: ziwei.Overcomes,
		{ziwei.Fire, ziwei.Metal}: ziwei.Overcomes, {ziwei.Metal, ziwei.Wood}: ziwei.Overcomes,
	}
	tried := map[[2]ziwei.Element]bool{}
	a := someonesChart(t)
	someBirths(t, 300, func(_ ziwei.Birth, _ ziwei.Options, b *ziwei.Chart) {
		got := ziwei.Pair(a, b).Elements()
		if w, ok := want[[2]ziwei.Element{a.Element, b.Element}]; ok {
			tried[[2]ziwei.Element{a.Element, b.Element}] = true
			if got != w {
				t.Errorf("%s and %s: %s, want %s", a.Element.Key(), b.Element.Key(), got.Key(), w.Key())
			}
		}
		if other := ziwei.Pair(b, a).Elements(); other != back[got] {
			t.Errorf("%s one way and %s the other", got.Key(), other.Key())
		}
		a = b
	})
	if len(tried) != len(want) {
		t.Errorf("%d of %d pairs were tried", len(tried), len(want))
	}
}
