package lunar

// A Pillar is a stem and a branch: a year, month, day or hour in the count of sixty.
// Only the sixty with a stem and a branch of one polarity occur.
type Pillar struct {
	Stem   Stem
	Branch Branch
}

// PillarOf returns the pillar n places after 甲子, counted around; n may be negative.
func PillarOf(n int) Pillar { return Pillar{StemOf(n), BranchOf(n)} }

// Index returns the pillar's place in the count, 0 for 甲子 to 59 for 癸亥.
func (p Pillar) Index() int { return floorMod(6*int(p.Stem)-5*int(p.Branch), 60) }

// String returns the pillar's two characters.
func (p Pillar) String() string { return p.Stem.String() + p.Branch.String() }

// YearPillar returns the pillar of a lunar year. The year 4 was 甲子.
func YearPillar(year int) Pillar { return PillarOf(year - 4) }

// FirstStem returns the stem of month 1, whose branch is 寅, in a year of that stem:
//
//	甲己之年丙作首，乙庚之歲戊為頭，丙辛之歲尋庚上，丁壬壬寅順水流，若問戊癸何處起，甲寅之上好追求。
func FirstStem(year Stem) Stem { return StemOf(2*int(year) + 2) }

// MonthPillar returns the pillar of month 1 to 12 in a year of that stem; month 1 is 寅.
func MonthPillar(year Stem, month int) Pillar {
	return Pillar{FirstStem(year).Add(month - 1), Yin.Add(month - 1)}
}

// DayPillar returns the pillar of the day that is n days after 1970-01-01, which was
// 辛巳.
func DayPillar(n int) Pillar { return PillarOf(n + 17) }

// HourPillar returns the pillar of the double hour of that branch in a day of that
// stem:
//
//	甲己還加甲，乙庚丙作初，丙辛從戊起，丁壬庚子居，戊癸何方發，壬子是真途。
func HourPillar(day Stem, hour Branch) Pillar {
	return Pillar{StemOf(2*int(day) + int(hour)), hour}
}

// FourPillars are the pillars of a moment.
type FourPillars struct {
	Year, Month, Day, Hour Pillar
}
