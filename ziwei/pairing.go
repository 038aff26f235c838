package ziwei

import (
	"github.com/fortunet/fortunet/lang"
	"github.com/fortunet/fortunet/lunar"
)

// A Pairing is what two charts have to do with each other (合盤). The charts are told
// apart as first and second; nothing else hangs on their order.
type Pairing struct {
	First, Second *Chart
}

// Pair returns the pairing of two charts.
func Pair(first, second *Chart) Pairing { return Pairing{first, second} }

// A Relation is what two branches, or two elements, are to each other.
type Relation uint8

const (
	Unrelated  Relation = iota
	Same                // 比和
	Harmony             // 六合
	Triad               // 三合
	Clash               // 六沖
	Harm                // 六害
	Punishment          // 相刑
	Generates           // 生: the first feeds the second
	Generated           // 被生: the second feeds the first
	Overcomes           // 剋: the first checks the second
	Overcome            // 被剋: the second checks the first
)

var relationKeys = [11]string{
	"unrelated", "same", "harmony", "triad", "clash", "harm", "punishment",
	"generates", "generated", "overcomes", "overcome",
}

// Key returns the relation's key, such as "harmony".
func (r Relation) Key() string { return relationKeys[r] }

// Name returns what the relation is called.
func (r Relation) Name(l lang.Language) string { return relationNames[r][l] }

// Animals returns what the branches of the two birth years are to each other. Of
// several, the friendliest counts: 巳 and 申 are in harmony though they also punish.
func (p Pairing) Animals() Relation { return branchRelation(p.First.Animal(), p.Second.Animal()) }

func branchRelation(a, b lunar.Branch) Relation {
	low, high := min(a, b), max(a, b)
	pair := [2]lunar.Branch{low, high}
	switch sum, apart := (low+high)%12, high-low; {
	case apart == 0:
		return Same
	case sum == 1:
		return Harmony
	case apart%4 == 0:
		return Triad
	case apart == 6:
		return Clash
	case sum == 7:
		return Harm
	case pair == [2]lunar.Branch{lunar.Zi, lunar.Mao}, // 無禮之刑
		pair == [2]lunar.Branch{lunar.Chou, lunar.Xu}, // 恃勢之刑, with 戌未 and the clash 丑未
		pair == [2]lunar.Branch{lunar.Wei, lunar.Xu}:
		return Punishment
	}
	return Unrelated
}

// elementOrder is the place of each class's element, from 水二局 to 火六局, in the round
// in which each feeds the next: wood, fire, earth, metal, water.
var elementOrder = [5]int{4, 0, 3, 2, 1}

// Elements returns what the elements of the two classes are to each other.
func (p Pairing) Elements() Relation {
	ahead := elementOrder[p.Second.Element-Water] - elementOrder[p.First.Element-Water]
	return [5]Relation{Same, Generates, Overcomes, Overcome, Generated}[(ahead+5)%5]
}

// A LinkKind says where a link begins.
type LinkKind uint8

const (
	LinkYear   LinkKind = iota // the transformations of one's birth year
	LinkSoul                   // those of the stem of one's soul palace
	LinkSpouse                 // those of the stem of one's spouse palace
	LinkStar                   // a major star of one's soul palace, found in the other's spouse palace
)

var linkKeys = [4]string{"year", "soul", "spouse", "star"}

// Key returns the kind's key, such as "year".
func (k LinkKind) Key() string { return linkKeys[k] }

// A Link is one thing that one person's chart does in the other's.
type Link struct {
	Back    bool // from the second person to the first
	Kind    LinkKind
	Mutagen Mutagen // NoMutagen for LinkStar
	Star    Star
	Palace  PalaceName // of the other's chart
}

// Links returns what each chart does in the other: twelve transformations each way, and
// the stars of a soul palace that the other's spouse palace has.
func (p Pairing) Links() []Link {
	links := make([]Link, 0, 28)
	links = appendLinks(links, p.First, p.Second, false)
	return appendLinks(links, p.Second, p.First, true)
}

func appendLinks(links []Link, from, to *Chart, back bool) []Link {
	stems := [3]lunar.Stem{
		LinkYear:   from.year.Stem,
		LinkSoul:   from.Palace(SoulPalace).Pillar.Stem,
		LinkSpouse: from.Palace(SpousePalace).Pillar.Stem,
	}
	for kind, stem := range stems {
		for i, s := range from.Options.Tables.Mutagen.Mutagens(stem) {
			links = append(links, Link{back, LinkKind(kind), Lu + Mutagen(i), s, to.Palaces[to.at[s]].Name})
		}
	}
	spouse := to.Palace(SpousePalace)
	for _, placed := range from.Palace(SoulPalace).Major {
		if int(to.at[placed.Star]) == spouse.Index {
			links = append(links, Link{Back: back, Kind: LinkStar, Star: placed.Star, Palace: SpousePalace})
		}
	}
	return links
}

// Overlay returns which palace of the second chart lies on the first's of that name:
// the one at the same branch.
func (p Pairing) Overlay(name PalaceName) PalaceName {
	return p.Second.Palaces[p.First.Palace(name).Index].Name
}

var relationNames = [11]names{
	{"無特別關係", "无特别关系", "unrelated", "特になし", "무관", "không liên hệ"},
	{"比和", "比和", "same", "比和", "비화", "Tỷ Hòa"},
	{"六合", "六合", "harmony", "六合", "육합", "Lục Hợp"},
	{"三合", "三合", "triad", "三合", "삼합", "Tam Hợp"},
	{"六沖", "六冲", "clash", "六沖", "육충", "Lục Xung"},
	{"六害", "六害", "harm", "六害", "육해", "Lục Hại"},
	{"相刑", "相刑", "punishment", "相刑", "상형", "Tương Hình"},
	{"我生", "我生", "generates", "我生", "아생", "Sinh"},
	{"生我", "生我", "is generated by", "生我", "생아", "Được Sinh"},
	{"我剋", "我克", "overcomes", "我剋", "아극", "Khắc"},
	{"剋我", "克我", "is overcome by", "剋我", "극아", "Bị Khắc"},
}
