package ziwei

import "github.com/fortunet/fortunet/lunar"

// A PalaceName says which of the twelve a palace is. They are in the order of rising
// palace index from the soul palace on.
type PalaceName uint8

const (
	SoulPalace     PalaceName = iota // 命宮
	ParentsPalace                    // 父母
	SpiritPalace                     // 福德
	PropertyPalace                   // 田宅
	CareerPalace                     // 官祿
	FriendsPalace                    // 僕役
	SurfacePalace                    // 遷移
	HealthPalace                     // 疾厄
	WealthPalace                     // 財帛
	ChildrenPalace                   // 子女
	SpousePalace                     // 夫妻
	SiblingsPalace                   // 兄弟
)

var palaceKeys = [12]string{
	"soulPalace", "parentsPalace", "spiritPalace", "propertyPalace", "careerPalace", "friendsPalace",
	"surfacePalace", "healthPalace", "wealthPalace", "childrenPalace", "spousePalace", "siblingsPalace",
}

// Key returns the palace name's key, such as "soulPalace".
func (p PalaceName) Key() string { return palaceKeys[p] }

// A Palace is one of the twelve of a chart.
type Palace struct {
	Index    int // 0 is 寅, 11 is 丑
	Name     PalaceName
	Pillar   lunar.Pillar
	IsSoul   bool
	IsBody   bool // 身宮
	IsOrigin bool // 來因宮: its stem is that of the year

	// Stars, each list in the order of the constants. They share memory with the chart.
	Major, Minor, Adjective []Placed

	Changsheng, Boshi, Suiqian, Jiangqian God

	Decade   Decade
	FirstAge int // the first nominal year of the small limit spent here; every twelfth from it on is too
}

// A Placed star stands in a palace.
type Placed struct {
	Star       Star
	Brightness Brightness
	Mutagen    Mutagen
}

// placeOf returns the palace index of a branch.
func placeOf(b lunar.Branch) int { return int(b+10) % 12 }

// branchAt returns the branch of a palace index.
func branchAt(place int) lunar.Branch { return lunar.BranchOf(place + 2) }

// around brings a palace index counted past either end back to 0..11.
func around(place int) int { return ((place % 12) + 12) % 12 }

// Opposite returns the index of the palace facing the one at index (對宮).
func Opposite(index int) int { return around(index + 6) }

// soulAndBody returns the palaces of 命 and 身. From 寅 the month is counted forward,
// from there the hour back for the soul, forward for the body:
//
//	寅起正月，順數至生月；生月起子，逆至生時安命，順至生時安身。
func soulAndBody(month int, hour lunar.Branch) (soul, body int) {
	return around(month - 1 - int(hour)), around(month - 1 + int(hour))
}

// soulStars are the 命主 by branch, bodyStars the 身主 by branch of the year.
//
//	命主: 子貪狼，丑亥巨門，寅戌祿存，卯酉文曲，辰申廉貞，巳未武曲，午破軍。
//	身主: 子午火星，丑未天相，寅申天梁，卯酉天同，辰戌文昌，巳亥天機。
var (
	soulStars = [12]Star{Tanlang, Jumen, Lucun, Wenqu, Lianzhen, Wuqu, Pojun, Wuqu, Lianzhen, Wenqu, Lucun, Jumen}
	bodyStars = [12]Star{Huoxing, Tianxiang, Tianliang, Tiantong, Wenchang, Tianji, Huoxing, Tianxiang, Tianliang, Tiantong, Wenchang, Tianji}
)
