package draw

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/fortunet/fortunet/ziwei"
)

// A board drawn with characters is a whole rectangle, whatever the chart, and has every
// star of it.
func TestBoardTerminal(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 9))
	for range 60 {
		c := natal(t, 1915+random.IntN(100), 1+random.IntN(12), 1+random.IntN(28), random.IntN(13), ziwei.Gender(random.IntN(2)))
		for _, l := range []Language{TraditionalChinese, English} {
			text := string(BoardTerminal(c, horoscope(t, c), "", l))
			drawing, _, ok := strings.Cut(text, "\n\n")
			if !ok {
				t.Fatal("nothing follows the drawing")
			}
			for line := range strings.SplitSeq(drawing, "\n") {
				if got, want := columns(line), 4*columnsOfPalace[l]+5; got != want {
					t.Errorf("%v: %d columns, want %d: %s", c.Birth.Date, got, want, line)
				}
			}
			for i := range c.Palaces {
				for _, list := range [][]ziwei.Placed{c.Palaces[i].Major, c.Palaces[i].Minor, c.Palaces[i].Adjective} {
					for _, s := range list {
						if name := sentence(s.Star.Name(l.names())); !strings.Contains(drawing, name) {
							t.Errorf("%v: the drawing lacks %s", c.Birth.Date, name)
						}
					}
				}
			}
		}
	}
}

// A table's columns stand below each other in a terminal, and are Markdown's in a chat.
func TestWheelText(t *testing.T) {
	c := western(t, 2448028.7708)
	text := string(WheelText(c, TraditionalChinese, false))
	var at []int
	for line := range strings.SplitSeq(text, "\n") {
		if i := strings.Index(line, "座"); i >= 0 && strings.HasPrefix(line, "  ") && strings.Contains(line, "°") {
			at = append(at, columns(line[:strings.Index(line, "°")])-len(strings.TrimLeft(line[strings.LastIndex(line[:strings.Index(line, "°")], " ")+1:strings.Index(line, "°")], " ")))
		}
	}
	if len(at) < 16 {
		t.Fatalf("%d places in\n%s", len(at), text)
	}
	for _, x := range at[1:16] {
		if x != at[0] {
			t.Errorf("degrees begin at columns %v", at[:16])
			break
		}
	}
	markdown := string(WheelText(c, English, true))
	for _, want := range []string{"# Natal chart 1990-05-17 06:29 UTC", "| Sun | Taurus | 26°06′ | 8 |", "## Aspects"} {
		if !strings.Contains(markdown, want) {
			t.Errorf("no %q in\n%s", want, markdown)
		}
	}
}

func TestColumns(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "命宮": 4, "A宮─": 4, "〇": 2, "　": 2, "26°06′": 6} {
		if got := columns(text); got != want {
			t.Errorf("%q takes %d columns, want %d", text, got, want)
		}
	}
}
