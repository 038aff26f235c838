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

// palettes hold to a contrast of 4.5 to 1 for text against the paper and panels.
var palettes = [2]palette{
	Light: {
		paper: rgb(0xfbf8f2), panel: rgb(0xffffff), raised: rgb(0xf6ecd9),
		ink: rgb(0x2a2420), soft: rgb(0x5d534b), faint: rgb(0x7a6f65), rule: rgb(0xcfc3b3),
		accent:    rgb(0x8c2f39),
		mutagens:  [4]color.NRGBA{rgb(0x2e7d4f), rgb(0x7b4fa3), rgb(0x1f6fae), rgb(0xb3372f)},
		onMutagen: rgb(0xffffff),
		scopes:    [5]color.NRGBA{rgb(0x2e7d4f), rgb(0x1f6fae), rgb(0x9a5b13), rgb(0x7b4fa3), rgb(0x5d534b)},
		minor:     rgb(0x1f4e79), adjective: rgb(0x6a5f55),
		elements: [4]color.NRGBA{rgb(0xb3372f), rgb(0x5f6b1f), rgb(0x1f6fae), rgb(0x2f6f73)},
		easy:     rgb(0x2468a8), hard: rgb(0xb3372f), joined: rgb(0x8a6414), slight: rgb(0x7a6f65),
		outer: rgb(0x7b4fa3),
	},
	Dark: {
		paper: rgb(0x15171d), panel: rgb(0x1c1f27), raised: rgb(0x2a2620),
		ink: rgb(0xf1ece4), soft: rgb(0xc4bcb1), faint: rgb(0x9b948b), rule: rgb(0x3d4048),
		accent:    rgb(0xf0b35e),
		mutagens:  [4]color.NRGBA{rgb(0x6fcf97), rgb(0xc9a0f0), rgb(0x7cc0f5), rgb(0xff8f80)},
		onMutagen: rgb(0x15171d),
		scopes:    [5]color.NRGBA{rgb(0x6fcf97), rgb(0x7cc0f5), rgb(0xf0b35e), rgb(0xc9a0f0), rgb(0xc4bcb1)},
		minor:     rgb(0x9cc8f0), adjective: rgb(0xb0a89d),
		elements: [4]color.NRGBA{rgb(0xff8f80), rgb(0xc5d06a), rgb(0x7cc0f5), rgb(0x7fd0d2)},
		easy:     rgb(0x7cc0f5), hard: rgb(0xff8f80), joined: rgb(0xf0c97a), slight: rgb(0x9b948b),
		outer: rgb(0xc9a0f0),
	},
}
