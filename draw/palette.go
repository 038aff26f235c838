package draw

import "image/color"

// A palette holds the inks of a theme.
type palette struct {
	paper, panel, raised       color.NRGBA // behind everything, behind a part, behind the part that matters most
	ink, soft, faint, rule     color.NRGBA // of text, from strong to weak, and of lines
	accent                     color.NRGBA // what the eye should find first
	mutagens                   [4]color.NRGBA
	onMutagen                  color.NRGBA
	scopes                     [5]color.NRGBA // 大限, 流年, 流月, 流日, 流時
	minor, adjective           color.NRGBA
	elements                   [4]color.NRGBA // fire, earth, air, water
	easy, hard, joined, slight color.NRGBA    // aspects
	outer                      color.NRGBA    // the second ring
}

func rgb(n uint32) color.NRGBA {
	return color.NRGBA{R: uint8(n >> 16), G: uint8(n >> 8), B: uint8(n), A: 255}
}

// palettes are those of the page: paper, ink and vermilion by day; indigo, moonlight and
// coral by night. Text has a contrast of 4.5 to 1 or more against what is behind it.
var palettes = [2]palette{
	Light: {
		paper: rgb(0xf7f0e0), panel: rgb(0xfcf8ee), raised: rgb(0xf6e3d6),
		ink: rgb(0x241f1a), soft: rgb(0x574d41), faint: rgb(0x6b5f51), rule: rgb(0xd0c2a4),
		accent:    rgb(0xa92b22),
		mutagens:  [4]color.NRGBA{rgb(0x2e7d4f), rgb(0x7b4fa3), rgb(0x1f6fae), rgb(0xb3372f)},
		onMutagen: rgb(0xffffff),
		scopes:    [5]color.NRGBA{rgb(0x1d6a42), rgb(0x1d649e), rgb(0x8a5010), rgb(0x7b4fa3), rgb(0x5d534b)},
		minor:     rgb(0x1f4e79), adjective: rgb(0x6a5f55),
		elements: [4]color.NRGBA{rgb(0xb3372f), rgb(0x5f6b1f), rgb(0x1f6fae), rgb(0x2f6f73)},
		easy:     rgb(0x2468a8), hard: rgb(0xb3372f), joined: rgb(0x8a6414), slight: rgb(0x6b5f51),
		outer: rgb(0x7b4fa3),
	},
	Dark: {
		paper: rgb(0x11152e), panel: rgb(0x161a36), raised: rgb(0x33233f),
		ink: rgb(0xeee8d9), soft: rgb(0xc3bed2), faint: rgb(0x9d9ab6), rule: rgb(0x39406f),
		accent:    rgb(0xff8a75),
		mutagens:  [4]color.NRGBA{rgb(0x6fcf97), rgb(0xc9a0f0), rgb(0x7cc0f5), rgb(0xff8f80)},
		onMutagen: rgb(0x11152e),
		scopes:    [5]color.NRGBA{rgb(0x6fcf97), rgb(0x7cc0f5), rgb(0xf0b35e), rgb(0xc9a0f0), rgb(0xc3bed2)},
		minor:     rgb(0x9cc8f0), adjective: rgb(0xb3afc6),
		elements: [4]color.NRGBA{rgb(0xff8f80), rgb(0xc5d06a), rgb(0x7cc0f5), rgb(0x7fd0d2)},
		easy:     rgb(0x7cc0f5), hard: rgb(0xff8f80), joined: rgb(0xf0c97a), slight: rgb(0x9d9ab6),
		outer: rgb(0xc9a0f0),
	},
}
