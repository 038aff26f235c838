package draw

import (
	_ "embed"
	"fmt"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// The fonts, which package gen below this one makes anew; folder font has their
// licence.
//
//go:generate go run ./gen
var (
	//go:embed font/regular.otf
	regularFont []byte
	//go:embed font/bold.otf
	boldFont []byte
)

// A face is a font with its characters' outlines, which are read once and kept: charts
// use a few hundred of them.
type face struct {
	font   *sfnt.Font
	units  float64 // of the font in an em
	mu     sync.RWMutex
	glyphs map[rune]*outline
}

// An outline is a character's way of a pen in an em of 1, y downwards from the
// baseline, and its width.
type outline struct {
	way   path
	width float64
}

var faces = sync.OnceValue(func() [2]*face { return [2]*face{newFace(regularFont), newFace(boldFont)} })

func newFace(data []byte) *face {
	f, err := sfnt.Parse(data)
	if err != nil {
		panic("draw: the embedded font: " + err.Error())
	}
	return &face{font: f, units: float64(f.UnitsPerEm()), glyphs: map[rune]*outline{}}
}

func faceOf(bold bool) *face {
	if bold {
		return faces()[1]
	}
	return faces()[0]
}

// outline returns a character's outline; one that the font lacks has a box.
func (f *face) outline(r rune) *outline {
	f.mu.RLock()
	o := f.glyphs[r]
	f.mu.RUnlock()
	if o != nil {
		return o
	}
	o, err := f.read(r)
	if err != nil {
		o = &outline{way: rect(0.1, -0.8, 0.8, 0.9), width: 1}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.glyphs[r] = o
	return o
}

func (f *face) read(r rune) (*outline, error) {
	var buffer sfnt.Buffer
	index, err := f.font.GlyphIndex(&buffer, r)
	if err != nil {
		return nil, err
	}
	if index == 0 {
		return nil, fmt.Errorf("no %q", r)
	}
	em := fixed.I(int(f.units))
	segments, err := f.font.LoadGlyph(&buffer, index, em, nil)
	if err != nil {
		return nil, err
	}
	o := &outline{}
	at := func(p fixed.Point26_6) (x, y float64) {
		return float64(p.X) / 64 / f.units, float64(p.Y) / 64 / f.units
	}
	for _, s := range segments {
		x, y := at(s.Args[0])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if len(o.way) > 0 {
				o.way = o.way.shut()
			}
			o.way = o.way.move(x, y)
		case sfnt.SegmentOpLineTo:
			o.way = o.way.line(x, y)
		case sfnt.SegmentOpCubeTo:
			x2, y2 := at(s.Args[1])
			x3, y3 := at(s.Args[2])
			o.way = o.way.curve(x, y, x2, y2, x3, y3)
		default:
			return nil, fmt.Errorf("%q has quadratic curves", r)
		}
	}
	if len(o.way) > 0 {
		o.way = o.way.shut()
	}
	advance, err := f.font.GlyphAdvance(&buffer, index, em, font.HintingNone)
	if err != nil {
		return nil, err
	}
	o.width = float64(advance) / 64 / f.units
	return o, nil
}

// width returns how wide a text is in an em of 1.
func (f *face) width(text string) (sum float64) {
	for _, r := range text {
		sum += f.outline(r).width
	}
	return sum
}

// measure returns how wide a text is at a size.
func measure(text string, size float64, bold bool) float64 { return faceOf(bold).width(text) * size }
