package draw

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fortunet/fortunet/astro"
	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/ziwei"
	"github.com/fortunet/fortunet/zodiac"
)

var update = flag.Bool("update", false, "write the pictures anew that tests compare with")

func natal(t testing.TB, year, month, day, hour int, g ziwei.Gender) *ziwei.Chart {
	t.Helper()
	c, err := ziwei.Compute(ziwei.Birth{Date: birth.Date{Year: year, Month: month, Day: day}, TimeIndex: hour, Gender: g}, ziwei.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func horoscope(t testing.TB, c *ziwei.Chart) *ziwei.Horoscope {
	t.Helper()
	h, err := c.Horoscope(ziwei.Moment{Date: birth.Date{Year: 2026, Month: 11, Day: 23}, TimeIndex: 6})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func western(t testing.TB, ut float64) *zodiac.Chart {
	t.Helper()
	c, err := zodiac.Compute(ut, birth.Place{Latitude: 25.0375, Longitude: 121.5637}, zodiac.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// pictures are those kept in testdata.
func pictures(t testing.TB) map[string]*Picture {
	board, wheel := natal(t, 1990, 5, 17, 7, ziwei.Female), western(t, 2448028.7708)
	transits, err := wheel.Transits(2461367.75, wheel.Place)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]*Picture{
		"board-light-zh-1080":   Board(board, nil, Style{Light, TraditionalChinese, 1080}),
		"board-dark-zh-moment":  Board(board, horoscope(t, board), Style{Dark, TraditionalChinese, 1080}),
		"board-dark-en-360":     Board(board, horoscope(t, board), Style{Dark, English, 360}),
		"board-light-zh-360":    Board(board, nil, Style{Light, TraditionalChinese, 360}),
		"wheel-light-en-1080":   Wheel(wheel, Style{Light, English, 1080}),
		"wheel-dark-zh-360":     Wheel(wheel, Style{Dark, TraditionalChinese, 360}),
		"biwheel-light-zh-1080": BiWheel(wheel, transits.Sky, transits.Aspects, Style{Light, TraditionalChinese, 1080}),
		"pair-light-en-480":     Pair(board, natal(t, 1988, 2, 29, 3, ziwei.Male), Style{Light, English, 480}),
	}
}

// Pictures look as they did when somebody last looked at them, under the Version they
// were drawn by. -update writes those that differ; look at them before committing.
func TestPictures(t *testing.T) {
	for name, p := range pictures(t) {
		file := filepath.Join("testdata", "v"+Version, name+".png")
		got, err := p.PNG()
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(file)
		if err == nil && !bytes.Equal(got, want) {
			err = differ(t, got, want)
		}
		switch {
		case err != nil && *update:
			if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, got, 0o644)); err != nil {
				t.Fatal(err)
			}
		case err != nil:
			t.Errorf("%s: %v; see go test -update", name, err)
		}
	}
}

// differ returns an error if two pictures differ by more than rounding: another
// processor may round an edge's shade otherwise.
func differ(t *testing.T, a, b []byte) error {
	x, y := decode(t, a), decode(t, b)
	if x.Bounds() != y.Bounds() {
		return fmt.Errorf("%v, want %v", x.Bounds(), y.Bounds())
	}
	off := 0
	for v := range x.Bounds().Dy() {
		for u := range x.Bounds().Dx() {
			r1, g1, b1, _ := x.At(u, v).RGBA()
			r2, g2, b2, _ := y.At(u, v).RGBA()
			const most = 8 << 8
			if apart(r1, r2) > most || apart(g1, g2) > most || apart(b1, b2) > most {
				off++
			}
		}
	}
	if off > 0 {
		return fmt.Errorf("%d pixels differ", off)
	}
	return nil
}

func apart(a, b uint32) uint32 { return max(a, b) - min(a, b) }

func decode(t *testing.T, raw []byte) image.Image {
	t.Helper()
	m, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// An SVG is well-formed, has no style and no script, and says what it is.
func TestSVG(t *testing.T) {
	for name, p := range pictures(t) {
		seen := map[string]int{}
		d := xml.NewDecoder(bytes.NewReader(p.SVG()))
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			start, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			seen[start.Name.Local]++
			for _, a := range start.Attr {
				if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") || strings.Contains(a.Value, "NaN") {
					t.Errorf("%s: <%s %s=%q>", name, start.Name.Local, a.Name.Local, a.Value)
				}
			}
		}
		if seen["script"]+seen["style"]+seen["foreignObject"] > 0 || seen["svg"] != 1 || seen["title"] == 0 || seen["desc"] != 1 {
			t.Errorf("%s: %v", name, seen)
		}
	}
}

// Every star of a chart is on its board once, in its own palace, in both languages.
func TestEveryStar(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	for range 40 {
		c := natal(t, 1901+random.IntN(190), 1+random.IntN(12), 1+random.IntN(28), random.IntN(13), ziwei.Gender(random.IntN(2)))
		for _, l := range []Language{TraditionalChinese, English} {
			svg := string(Board(c, nil, Style{Light, l, 1080}).SVG())
			for i, part := range strings.Split(svg, ` data-palace="`)[1:] {
				p := &c.Palaces[i]
				for _, list := range [][]ziwei.Placed{p.Major, p.Minor, p.Adjective} {
					for _, s := range list {
						mark := `data-star="` + s.Star.Key() + `"`
						if strings.Count(part, mark) != 1 || strings.Count(svg, mark) != 1 {
							t.Errorf("%v %d: %s is there %d times, %d in its palace", c.Birth.Date, l, s.Star.Key(), strings.Count(svg, mark), strings.Count(part, mark))
						}
					}
				}
			}
		}
	}
}

// A frame is where a text is.
type frame struct {
	text           string
	x0, y0, x1, y1 float64
}

// frames returns where the texts of a picture are, as the embedded font draws them,
// less a little: what touches does not overlap.
func frames(p *Picture) (out []frame) {
	for _, s := range p.shapes {
		l := s.text
		if l == nil {
			continue
		}
		n := float64(len([]rune(l.text)))
		w := measure(l.text, l.size, l.bold)
		f := frame{text: l.text, y0: l.y - l.size*0.7, y1: l.y}
		if l.stack != 0 {
			w = l.size
			f.y1 += (n - 1) * l.stack
		}
		f.x0 = l.x - w*float64(l.anchor)/2 + l.size*0.06
		f.x1 = f.x0 + w - l.size*0.12
		out = append(out, f)
	}
	return out
}

// No text lies over another, and none leaves the page, whatever the chart.
func TestNothingOverlaps(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 13))
	check := func(what string, p *Picture) {
		all := frames(p)
		for i, a := range all {
			if a.x0 < 0 || a.y0 < 0 || a.x1*p.scale > p.width || a.y1*p.scale > p.height {
				t.Errorf("%s: %q leaves the page", what, a.text)
			}
			for _, b := range all[:i] {
				if a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1 {
					t.Errorf("%s: %q lies over %q", what, a.text, b.text)
				}
			}
		}
	}
	for range 30 {
		c := natal(t, 1915+random.IntN(100), 1+random.IntN(12), 1+random.IntN(28), random.IntN(13), ziwei.Gender(random.IntN(2)))
		for _, l := range []Language{TraditionalChinese, English} {
			for _, width := range []int{360, 1080} {
				what := fmt.Sprintf("%v at %d, language %d, %d wide", c.Birth.Date, c.Birth.TimeIndex, l, width)
				check(what, Board(c, nil, Style{Light, l, width}))
				check(what+", with a moment", Board(c, horoscope(t, c), Style{Light, l, width}))
			}
		}
	}
	for range 60 {
		check("a wheel", Wheel(western(t, 2305500+random.Float64()*290000), Style{Light, English, 1080}))
	}
}

// Places are moved apart, keep their order, and stay where they are if there is room.
func TestSpread(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	for range 2000 {
		n := 1 + random.IntN(16)
		at := make([]float64, n)
		for i := range at {
			at[i] = random.Float64() * 360
			if random.IntN(3) == 0 && i > 0 {
				at[i] = astro.Circle(at[i-1] + random.Float64())
			}
		}
		const room = 7.0
		out := spread(at, room)
		for i, x := range out {
			if !(x >= 0 && x < 360) {
				t.Fatalf("%v → %v", at, out)
			}
			for j := range i {
				if d := math.Abs(astro.Apart(x, out[j])); d < room-1e-6 {
					t.Fatalf("%v → %v: %d and %d are %v° apart", at, out, i, j, d)
				}
			}
		}
	}
	far := []float64{10, 100, 200, 359}
	for i, x := range spread(far, 7) {
		if math.Abs(x-far[i]) > 1e-9 {
			t.Errorf("%v was moved to %v", far[i], x)
		}
	}
	pair := spread([]float64{359, 1}, 8)
	if math.Abs(pair[0]-356) > 1e-9 || math.Abs(pair[1]-4) > 1e-9 {
		t.Errorf("two over the seam went to %v", pair)
	}
}

// The embedded fonts have every character that is drawn.
func TestFonts(t *testing.T) {
	for name, p := range pictures(t) {
		for _, s := range p.shapes {
			if s.text == nil {
				continue
			}
			for _, r := range s.text.text {
				if _, err := faceOf(s.text.bold).read(r); err != nil {
					t.Errorf("%s: %q: %v", name, s.text.text, err)
				}
			}
		}
	}
}

// Text can be read on what is behind it, in both themes.
func TestContrast(t *testing.T) {
	for theme, p := range palettes {
		for _, behind := range []color.NRGBA{p.paper, p.panel, p.raised} {
			texts := append([]color.NRGBA{p.ink, p.soft, p.faint, p.accent, p.minor, p.adjective, p.outer}, p.scopes[:]...)
			for i, text := range texts {
				if ratio := contrast(text, behind); ratio < 4.5 {
					t.Errorf("theme %d: text %d, %s, on %s has a contrast of %.2f", theme, i, hex(text), hex(behind), ratio)
				}
			}
		}
		for i, badge := range p.mutagens {
			if ratio := contrast(p.onMutagen, badge); ratio < 4.5 {
				t.Errorf("theme %d: transformation %d has a contrast of %.2f", theme, i, ratio)
			}
		}
		for i, sign := range p.elements {
			if ratio := contrast(sign, p.panel); ratio < 3 { // large
				t.Errorf("theme %d: element %d has a contrast of %.2f", theme, i, ratio)
			}
		}
	}
}

// contrast is that of WCAG 2.2.
func contrast(a, b color.NRGBA) float64 {
	luminance := func(c color.NRGBA) float64 {
		sum := 0.0
		for i, x := range []uint8{c.R, c.G, c.B} {
			v := float64(x) / 255
			if v <= 0.04045 {
				v /= 12.92
			} else {
				v = math.Pow((v+0.055)/1.055, 2.4)
			}
			sum += v * [3]float64{0.2126, 0.7152, 0.0722}[i]
		}
		return sum
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func BenchmarkBoardSVG(b *testing.B) {
	c := natal(b, 1990, 5, 17, 7, ziwei.Female)
	b.ReportAllocs()
	for b.Loop() {
		Board(c, nil, Style{Light, TraditionalChinese, 1080}).SVG()
	}
}

func BenchmarkWheelSVG(b *testing.B) {
	c := western(b, 2448028.7708)
	b.ReportAllocs()
	for b.Loop() {
		Wheel(c, Style{Light, TraditionalChinese, 1080}).SVG()
	}
}

func BenchmarkBoardPNG(b *testing.B) {
	c := natal(b, 1990, 5, 17, 7, ziwei.Female)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Board(c, nil, Style{Light, TraditionalChinese, 1080}).PNG(); err != nil {
			b.Fatal(err)
		}
	}
}
