package ziwei

import "github.com/fortunet/fortunet/lunar"

// A Mutagen is one of the four transformations (四化) a star may get.
type Mutagen uint8

const (
	NoMutagen Mutagen = iota
	Lu                // 化祿
	Quan              // 化權
	Ke                // 化科
	Ji                // 化忌
)

var mutagenKeys = [5]string{"", "sihuaLu", "sihuaQuan", "sihuaKe", "sihuaJi"}

// Key returns the transformation's key, such as "sihuaLu", "" for NoMutagen.
func (m Mutagen) Key() string { return mutagenKeys[m] }

// A MutagenTable says which stars each stem transforms. Schools agree on all stems but
// 戊, 庚 and 壬; a table is one choice for each of these, so there are sixteen.
type MutagenTable uint8

// Deviations from the default, to be added; at most one of the three for 庚.
const (
	MutagenDefault     MutagenTable = 0
	MutagenWuTaiyang   MutagenTable = 1 // 戊 貪陰陽機 instead of 貪陰弼機
	MutagenGengTongyin MutagenTable = 2 // 庚 陽武同陰 instead of 陽武陰同
	MutagenGengFutong  MutagenTable = 4 // 庚 陽武府同
	MutagenGengXiang   MutagenTable = 6 // 庚 陽武同相
	MutagenRenTianfu   MutagenTable = 8 // 壬 梁紫府武 instead of 梁紫左武

	// MutagenZhongzhou is the table of 王亭之's 中州派.
	MutagenZhongzhou = MutagenWuTaiyang + MutagenGengFutong + MutagenRenTianfu
)

// mutagenTableNames returns the name of each table: its deviations joined by "+".
func mutagenTableNames() []string {
	names := make([]string, 16)
	for i := range names {
		name := ""
		for _, part := range []string{
			[2]string{"", "wu-taiyang"}[i&1],
			[4]string{"", "geng-tongyin", "geng-futong", "geng-tongxiang"}[i>>1&3],
			[2]string{"", "ren-tianfu"}[i>>3],
		} {
			if name != "" && part != "" {
				name += "+"
			}
			name += part
		}
		names[i] = name
	}
	names[MutagenDefault] = "default"
	names[MutagenZhongzhou] = "zhongzhou"
	return names
}

// stemMutagens are the stars that get 祿權科忌 by stem, as 紫微斗數全書 has them:
//
//	甲廉破武陽，乙機梁紫陰，丙同機昌廉，丁陰同機巨，戊貪陰弼機，
//	己武貪梁曲，庚陽武陰同，辛巨陽曲昌，壬梁紫左武，癸破巨陰貪。
var stemMutagens = [10][4]Star{
	{Lianzhen, Pojun, Wuqu, Taiyang},
	{Tianji, Tianliang, Ziwei, Taiyin},
	{Tiantong, Tianji, Wenchang, Lianzhen},
	{Taiyin, Tiantong, Tianji, Jumen},
	{Tanlang, Taiyin, Youbi, Tianji},
	{Wuqu, Tanlang, Tianliang, Wenqu},
	{Taiyang, Wuqu, Taiyin, Tiantong},
	{Jumen, Taiyang, Wenqu, Wenchang},
	{Tianliang, Ziwei, Zuofu, Wuqu},
	{Pojun, Jumen, Taiyin, Tanlang},
}

var (
	wuMutagens   = [2][4]Star{stemMutagens[lunar.Wu], {Tanlang, Taiyin, Taiyang, Tianji}}
	gengMutagens = [4][4]Star{
		stemMutagens[lunar.Geng],
		{Taiyang, Wuqu, Tiantong, Taiyin},
		{Taiyang, Wuqu, Tianfu, Tiantong},
		{Taiyang, Wuqu, Tiantong, Tianxiang},
	}
	renMutagens = [2][4]Star{stemMutagens[lunar.Ren], {Tianliang, Ziwei, Tianfu, Wuqu}}
)

// Mutagens returns the stars that a stem gives 祿, 權, 科 and 忌, in that order.
func (t MutagenTable) Mutagens(s lunar.Stem) [4]Star {
	switch s {
	case lunar.Wu:
		return wuMutagens[t&1]
	case lunar.Geng:
		return gengMutagens[t>>1&3]
	case lunar.Ren:
		return renMutagens[t>>3&1]
	}
	return stemMutagens[s]
}
