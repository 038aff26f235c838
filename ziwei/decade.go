package ziwei

import "github.com/fortunet/fortunet/lunar"

// A Decade is a span of nominal years (大限), both ends included. Its pillar is its
// palace's.
type Decade struct {
	From, To int
}

// lastSmallLimit is the last nominal year listed with a palace.
const lastSmallLimit = 120

// placeDecades gives each palace its decade and its small limits.
//
//	大限由命宮起，陽男陰女順行，陰男陽女逆行，每十年過一宮。
//	小限: 男順女逆，寅午戌人辰上起，申子辰人戌宮，巳酉丑人未宮始，亥卯未人丑宮。
func (d *draft) placeDecades() {
	step := d.direction()
	first := d.chart.Element.Number()
	small := placeOf([4]lunar.Branch{lunar.Xu, lunar.Wei, lunar.Chen, lunar.Chou}[d.year.Branch%4])
	stride := -1
	if d.male() {
		stride = 1
	}
	for i := range 12 {
		d.chart.Palaces[around(d.chart.Soul+step*i)].Decade = Decade{first + 10*i, first + 10*i + 9}
		d.chart.Palaces[around(small+stride*i)].FirstAge = i + 1
	}
}

// Ages returns the nominal years whose small limit (小限) is spent in the palace, up to
// 120.
func (p *Palace) Ages() []int {
	ages := make([]int, 0, lastSmallLimit/12)
	for age := p.FirstAge; age <= lastSmallLimit; age += 12 {
		ages = append(ages, age)
	}
	return ages
}
