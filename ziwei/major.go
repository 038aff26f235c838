package ziwei

// A step is a star and how many palaces away it stands.
type step struct {
	star Star
	away int
}

// ziweiRow goes back from 紫微, tianfuRow on from 天府:
//
//	紫微逆去天機星，隔一太陽武曲辰，連接天同空二宮，廉貞居處方是真。
//	天府順行有太陰，貪狼而後巨門臨，隨來天相天梁繼，七殺空三是破軍。
var (
	ziweiRow  = [...]step{{Ziwei, 0}, {Tianji, 1}, {Taiyang, 3}, {Wuqu, 4}, {Tiantong, 5}, {Lianzhen, 8}}
	tianfuRow = [...]step{{Tianfu, 0}, {Taiyin, 1}, {Tanlang, 2}, {Jumen, 3}, {Tianxiang, 4}, {Tianliang, 5}, {Qisha, 6}, {Pojun, 10}}
)

// placeMajor places the fourteen major stars. 紫微 goes by the day of the lunar month
// and the class; 天府 is its mirror across the line from 寅 to 申.
func (d *draft) placeMajor() {
	ziwei := ziweiPlace(d.day.Day, d.chart.Element.Number())
	for _, r := range ziweiRow {
		d.put(r.star, ziwei-r.away)
	}
	for _, r := range tianfuRow {
		d.put(r.star, r.away-ziwei)
	}
}

// ziweiPlace returns the palace index of 紫微 for a day of the month and the number of
// a class. The day is raised to the next multiple of the number; the quotient, counted
// from 寅, is the place if nothing was added, and what was added is gone on if even,
// back if odd.
func ziweiPlace(day, number int) int {
	added := (number - day%number) % number
	place := (day+added)/number - 1
	if added%2 == 1 {
		added = -added
	}
	return around(place + added)
}
