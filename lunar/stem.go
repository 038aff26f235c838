package lunar

// A Stem is one of the ten heavenly stems, 甲 to 癸.
type Stem uint8

const (
	Jia Stem = iota
	Yi
	Bing
	Ding
	Wu
	Ji
	Geng
	Xin
	Ren
	Gui
)

var (
	stemKeys  = [10]string{"jia", "yi", "bing", "ding", "wu", "ji", "geng", "xin", "ren", "gui"}
	stemGlyph = [10]string{"甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"}
)

// StemOf returns the stem n places after 甲, counted around; n may be negative.
func StemOf(n int) Stem { return Stem(floorMod(n, 10)) }

// Key returns the stem's key, "jia" to "gui".
func (s Stem) Key() string { return stemKeys[s] }

// String returns the stem's character.
func (s Stem) String() string { return stemGlyph[s] }

// Add returns the stem n places on.
func (s Stem) Add(n int) Stem { return StemOf(int(s) + n) }

// Yang reports whether the stem is yang, as every other one is, from 甲 on.
func (s Stem) Yang() bool { return s%2 == 0 }

// A Branch is one of the twelve earthly branches, 子 to 亥.
type Branch uint8

const (
	Zi Branch = iota
	Chou
	Yin
	Mao
	Chen
	Si
	Woo // 午; its key is "wu"
	Wei
	Shen
	You
	Xu
	Hai
)

var (
	branchKeys  = [12]string{"zi", "chou", "yin", "mao", "chen", "si", "wu", "wei", "shen", "you", "xu", "hai"}
	branchGlyph = [12]string{"子", "丑", "寅", "卯", "辰", "巳", "午", "未", "申", "酉", "戌", "亥"}
)

// BranchOf returns the branch n places after 子, counted around; n may be negative.
func BranchOf(n int) Branch { return Branch(floorMod(n, 12)) }

// Key returns the branch's key, "zi" to "hai". The one of 午 is "wu", as that of the
// stem 戊.
func (b Branch) Key() string { return branchKeys[b] }

// String returns the branch's character.
func (b Branch) String() string { return branchGlyph[b] }

// Add returns the branch n places on.
func (b Branch) Add(n int) Branch { return BranchOf(int(b) + n) }

// Yang reports whether the branch is yang, as every other one is, from 子 on.
func (b Branch) Yang() bool { return b%2 == 0 }
