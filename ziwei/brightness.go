package ziwei

// A Brightness says how strong a star is in its palace.
type Brightness uint8

const (
	NoBrightness Brightness = iota // the star has none there
	Miao                           // 廟, strongest
	Wang                           // 旺
	De                             // 得
	Li                             // 利
	Ping                           // 平
	Bu                             // 不
	Xian                           // 陷, weakest
)

var brightnessKeys = [8]string{"", "miao", "wang", "de", "li", "ping", "bu", "xian"}

// Key returns the brightness's key, such as "miao", "" for NoBrightness.
func (b Brightness) Key() string { return brightnessKeys[b] }

// A BrightnessTable gives the brightness of each star in each palace.
type BrightnessTable uint8

const (
	// BrightnessDefault is the table most programs follow, after 紫微斗數全書.
	BrightnessDefault BrightnessTable = iota

	// BrightnessZhongzhou is that of the 中州 school for the major stars. It has four
	// grades: 廟, 旺, 平 (also called 閒) and 陷. Minor stars are as in the default table.
	BrightnessZhongzhou
)

var brightnessTableNames = []string{"default", "zhongzhou"}

// brightnesses is a table ready for look-ups, by star and palace index.
type brightnesses [starCount][12]Brightness

var brightnessTables = [...]brightnesses{
	BrightnessDefault:   readBrightness(defaultBrightness),
	BrightnessZhongzhou: readBrightness(defaultBrightness, zhongzhouBrightness),
}

// defaultBrightness has a row a star, in the order 寅卯辰巳午未申酉戌亥子丑. Source:
// iztro 2.6.1 (MIT).
var defaultBrightness = map[Star]string{
	Ziwei:     "旺旺得旺廟廟旺旺得旺平廟",
	Tianji:    "得旺利平廟陷得旺利平廟陷",
	Taiyang:   "旺廟旺旺旺得得平不陷陷不",
	Wuqu:      "得利廟平旺廟得利廟平旺廟",
	Tiantong:  "利平平廟陷不旺平平廟旺不",
	Lianzhen:  "廟平利陷平利廟平利陷平利",
	Tianfu:    "廟得廟得旺廟得旺廟得廟廟",
	Taiyin:    "旺陷陷陷不不利旺旺廟廟廟",
	Tanlang:   "平利廟陷旺廟平利廟陷旺廟",
	Jumen:     "廟廟陷旺旺不廟廟陷旺旺不",
	Tianxiang: "廟陷得得廟得廟陷得得廟廟",
	Tianliang: "廟廟廟陷廟旺陷得廟陷廟旺",
	Qisha:     "廟旺廟平旺廟廟旺廟平旺廟",
	Pojun:     "得陷旺平廟旺得陷旺平廟旺",
	Wenchang:  "陷利得廟陷利得廟陷利得廟",
	Wenqu:     "平旺得廟陷旺得廟陷旺得廟",
	Huoxing:   "廟利陷得廟利陷得廟利陷得",
	Lingxing:  "廟利陷得廟利陷得廟利陷得",
	Qingyang:  "　陷廟　陷廟　陷廟　陷廟",
	Tuoluo:    "陷　廟陷　廟陷　廟陷　廟",
}

// zhongzhouBrightness has the rows in which the 中州 school differs. Source:
// fortel-ziweidoushu (MIT), which gives four levels.
var zhongzhouBrightness = map[Star]string{
	Ziwei:     "廟旺陷旺廟廟旺平平旺平廟",
	Tianji:    "旺旺廟平廟陷平旺廟平廟陷",
	Taiyang:   "旺廟旺旺廟平平平陷陷陷陷",
	Wuqu:      "平陷廟平旺廟平旺廟平旺廟",
	Tiantong:  "平廟平廟陷陷旺平平廟旺陷",
	Lianzhen:  "廟平旺陷平廟廟平旺陷平旺",
	Tianfu:    "廟平廟平旺廟平陷廟旺廟廟",
	Taiyin:    "平陷平陷陷平平旺旺廟廟廟",
	Tanlang:   "平平廟陷旺廟平平廟陷旺廟",
	Jumen:     "廟廟平平旺陷廟廟旺旺旺旺",
	Tianxiang: "廟陷旺平旺平廟陷平平廟廟",
	Tianliang: "廟廟旺陷廟旺陷平旺陷廟旺",
	Qisha:     "廟陷旺平旺旺廟平廟平旺廟",
	Pojun:     "陷旺旺平廟廟陷陷旺平廟旺",
}

// readBrightness turns rows of twelve characters into a table; later rows replace
// earlier ones.
func readBrightness(sets ...map[Star]string) (table brightnesses) {
	grades := map[rune]Brightness{'　': NoBrightness, '廟': Miao, '旺': Wang, '得': De, '利': Li, '平': Ping, '不': Bu, '陷': Xian}
	for _, rows := range sets {
		for star, row := range rows {
			place := 0
			for _, grade := range row {
				table[star][place] = grades[grade]
				place++
			}
		}
	}
	return table
}

// Brightness returns how strong a star is in the palace at index.
func (t BrightnessTable) Brightness(s Star, index int) Brightness {
	return brightnessTables[t][s][index]
}
