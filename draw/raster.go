package draw

import (
	"bytes"
	"image"
	"image/color"
	stddraw "image/draw"
	"image/png"
	"math"

	"golang.org/x/image/vector"
)

// PNG returns the picture as a PNG file.
func (p *Picture) PNG() ([]byte, error) {
	c := canvas{
		image: image.NewRGBA(image.Rect(0, 0, int(math.Round(p.width)), int(p.height))),
		scale: p.scale, raster: new(vector.Rasterizer),
	}
	stddraw.Draw(c.image, c.image.Rect, image.NewUniform(p.paper), image.Point{}, stddraw.Src)
	for i := range p.shapes {
		c.shape(&p.shapes[i])
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, c.image); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// A canvas is an image that shapes are drawn on.
type canvas struct {
	image  *image.RGBA
	scale  float64 // pixels of a unit of the drawing
	raster *vector.Rasterizer
	lines  []polyline // a scratch
}

func (c *canvas) shape(s *shape) {
	switch {
	case s.text != nil:
		c.label(s.text)
	case s.open == nil && !s.close:
		if s.fill.A > 0 {
			c.fill(s.path.moved(c.scale, 0, 0), s.fill)
		}
		if s.stroke.A > 0 {
			c.stroke(s.path.moved(c.scale, 0, 0), s.stroke, s.thick*c.scale, s.dash*c.scale)
		}
	}
}

func (c *canvas) label(l *label) {
	face := faceOf(l.bold)
	x, y := l.x, l.y
	if l.stack == 0 {
		switch l.anchor {
		case middle:
			x -= face.width(l.text) * l.size / 2
		case right:
			x -= face.width(l.text) * l.size
		}
	}
	for _, r := range l.text {
		o := face.outline(r)
		at := x
		if l.stack != 0 {
			switch l.anchor {
			case middle:
				at -= o.width * l.size / 2
			case right:
				at -= o.width * l.size
			}
		}
		c.fill(o.way.moved(l.size*c.scale, at*c.scale, y*c.scale), l.ink)
		if l.stack == 0 {
			x += o.width * l.size
		} else {
			y += l.stack
		}
	}
}

// A box is the pixels a way may touch.
type box struct{ x0, y0, x1, y1 float64 }

func (b *box) add(x, y, by float64) {
	b.x0, b.y0 = min(b.x0, x-by), min(b.y0, y-by)
	b.x1, b.y1 = max(b.x1, x+by), max(b.y1, y+by)
}

func (b box) pixels(within image.Rectangle) image.Rectangle {
	return image.Rect(int(math.Floor(b.x0)), int(math.Floor(b.y0)), int(math.Ceil(b.x1))+1, int(math.Ceil(b.y1))+1).Intersect(within)
}

var nothing = box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}

// fill fills a way, in pixels.
func (c *canvas) fill(p path, ink color.NRGBA) {
	reach := nothing
	for _, s := range p {
		if s.op == 'Z' {
			continue
		}
		reach.add(s.x, s.y, 0)
		if s.op == 'C' {
			reach.add(s.c[0], s.c[1], 0)
			reach.add(s.c[2], s.c[3], 0)
		}
	}
	c.paint(reach, ink, func(dx, dy float64) {
		at := func(x, y float64) (float32, float32) { return float32(x - dx), float32(y - dy) }
		for _, s := range p {
			x, y := at(s.x, s.y)
			switch s.op {
			case 'M':
				c.raster.MoveTo(x, y)
			case 'L':
				c.raster.LineTo(x, y)
			case 'C':
				x1, y1 := at(s.c[0], s.c[1])
				x2, y2 := at(s.c[2], s.c[3])
				c.raster.CubeTo(x1, y1, x2, y2, x, y)
			case 'Z':
				c.raster.ClosePath()
			}
		}
	})
}

// paint gives ink to what draw makes out, of which nothing lies outside reach; draw is
// told the pixel that its ways are to be counted from.
func (c *canvas) paint(reach box, ink color.NRGBA, draw func(dx, dy float64)) {
	r := reach.pixels(c.image.Rect)
	if r.Empty() {
		return
	}
	c.raster.Reset(r.Dx(), r.Dy())
	draw(float64(r.Min.X), float64(r.Min.Y))
	c.raster.Draw(c.image, r, image.NewUniform(ink), image.Point{})
}

// A polyline is a way made of straight lines.
type polyline struct {
	points [][2]float64
	closed bool
}

// stroke draws along a way: a bar for each straight piece and a disk at each joint, all
// turning the same way, so that what they share is filled once.
func (c *canvas) stroke(p path, ink color.NRGBA, thick, dash float64) {
	c.lines = flatten(p, c.lines[:0])
	lines := c.lines
	if dash > 0 {
		lines = dashed(lines, dash)
	}
	reach := nothing
	for _, l := range lines {
		for _, at := range l.points {
			reach.add(at[0], at[1], thick/2+1)
		}
	}
	c.paint(reach, ink, func(dx, dy float64) {
		for _, l := range lines {
			for i, at := range l.points {
				c.disk(at[0]-dx, at[1]-dy, thick/2)
				if i+1 < len(l.points) {
					c.bar(at, l.points[i+1], dx, dy, thick/2)
				} else if l.closed {
					c.bar(at, l.points[0], dx, dy, thick/2)
				}
			}
		}
	})
}

// bar fills a straight piece of a line, clockwise on the page.
func (c *canvas) bar(a, b [2]float64, dx, dy, half float64) {
	x, y := b[0]-a[0], b[1]-a[1]
	length := math.Hypot(x, y)
	if length == 0 {
		return
	}
	nx, ny := -y/length*half, x/length*half
	c.raster.MoveTo(float32(a[0]-nx-dx), float32(a[1]-ny-dy))
	c.raster.LineTo(float32(b[0]-nx-dx), float32(b[1]-ny-dy))
	c.raster.LineTo(float32(b[0]+nx-dx), float32(b[1]+ny-dy))
	c.raster.LineTo(float32(a[0]+nx-dx), float32(a[1]+ny-dy))
	c.raster.ClosePath()
}

// disk fills a joint, clockwise on the page.
func (c *canvas) disk(x, y, r float64) {
	const corners = 8
	for i := range corners {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		if i == 0 {
			c.raster.MoveTo(float32(x+r*cos), float32(y+r*sin))
		} else {
			c.raster.LineTo(float32(x+r*cos), float32(y+r*sin))
		}
	}
	c.raster.ClosePath()
}

// flatten follows a way by straight lines, within a tenth of a pixel.
func flatten(p path, lines []polyline) []polyline {
	var now polyline
	end := func() {
		if len(now.points) > 0 {
			lines = append(lines, now)
		}
		now = polyline{}
	}
	for _, s := range p {
		switch s.op {
		case 'M':
			end()
			now.points = append(now.points, [2]float64{s.x, s.y})
		case 'L':
			now.points = append(now.points, [2]float64{s.x, s.y})
		case 'C':
			now.points = s.follow(now.points)
		case 'Z':
			now.closed = true
			end()
		}
	}
	end()
	return lines
}

// follow adds the points of a curve.
func (s step) follow(points [][2]float64) [][2]float64 {
	from := points[len(points)-1]
	far := math.Hypot(s.c[0]-from[0], s.c[1]-from[1]) + math.Hypot(s.c[2]-s.c[0], s.c[3]-s.c[1]) + math.Hypot(s.x-s.c[2], s.y-s.c[3])
	n := max(2, int(math.Ceil(math.Sqrt(far)*1.6)))
	for i := 1; i <= n; i++ {
		t := float64(i) / float64(n)
		u := 1 - t
		a, b, c, d := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
		points = append(points, [2]float64{
			a*from[0] + b*s.c[0] + c*s.c[2] + d*s.x,
			a*from[1] + b*s.c[1] + c*s.c[3] + d*s.y,
		})
	}
	return points
}

// dashed parts lines into dashes with gaps as long.
func dashed(lines []polyline, dash float64) (out []polyline) {
	for _, l := range lines {
		points := l.points
		if l.closed {
			points = append(points[:len(points):len(points)], points[0])
		}
		on, left := true, dash
		piece := polyline{points: [][2]float64{points[0]}}
		for i := 1; i < len(points); i++ {
			a, b := points[i-1], points[i]
			length := math.Hypot(b[0]-a[0], b[1]-a[1])
			for done := 0.0; done < length; {
				walk := min(left, length-done)
				done += walk
				left -= walk
				at := [2]float64{a[0] + (b[0]-a[0])*done/length, a[1] + (b[1]-a[1])*done/length}
				if on {
					piece.points = append(piece.points, at)
				}
				if left > 0 {
					continue
				}
				if on {
					out = append(out, piece)
				}
				on, left = !on, dash
				piece = polyline{points: [][2]float64{at}}
			}
		}
		if on && len(piece.points) > 1 {
			out = append(out, piece)
		}
	}
	return out
}
