package ziwei

// A Star is one of the stars a natal chart places: the fourteen major ones, the
// fourteen minor ones, and the adjective ones. The gods of the four cycles are of type
// God, the flowing stars of a horoscope of type Flow.
type Star uint8

// The stars, with the characters of each. 天府 and 天福, 天鉞 and 天月 are spelt alike;
// the adjective one of each pair says what it means.
const (
	Ziwei     Star = iota // 紫微
	Tianji                // 天機
	Taiyang               // 太陽
	Wuqu                  // 武曲
	Tiantong              // 天同
	Lianzhen              // 廉貞
	Tianfu                // 天府
	Taiyin                // 太陰
	Tanlang               // 貪狼
	Jumen                 // 巨門
	Tianxiang             // 天相
	Tianliang             // 天梁
	Qisha                 // 七殺
	Pojun                 // 破軍

	Zuofu    // 左輔
	Youbi    // 右弼
	Wenchang // 文昌
	Wenqu    // 文曲
	Tiankui  // 天魁
	Tianyue  // 天鉞
	Lucun    // 祿存
	Tianma   // 天馬
	Dikong   // 地空
	Dijie    // 地劫
	Huoxing  // 火星
	Lingxing // 鈴星
	Qingyang // 擎羊
	Tuoluo   // 陀羅

	Hongluan       // 紅鸞
	Tianxi         // 天喜
	Tianyao        // 天姚
	Xianchi        // 咸池
	Jieshen        // 解神
	Santai         // 三台
	Bazuo          // 八座
	Enguang        // 恩光
	Tiangui        // 天貴
	Longchi        // 龍池
	Fengge         // 鳳閣
	Tiancai        // 天才
	Tianshou       // 天壽
	Taifu          // 台輔
	Fenggao        // 封誥
	Tianwu         // 天巫
	Huagai         // 華蓋
	Tianguan       // 天官
	TianfuBlessing // 天福
	Tianchu        // 天廚
	TianyueMoon    // 天月
	Tiande         // 天德
	Yuede          // 月德
	Tiankong       // 天空
	Xunkong        // 旬空
	Jielu          // 截路
	Kongwang       // 空亡
	Longde         // 龍德
	Jiekong        // 截空
	Jiesha         // 劫殺
	Dahao          // 大耗
	Guchen         // 孤辰
	Guasu          // 寡宿
	Feilian        // 蜚廉
	Posui          // 破碎
	Tianxing       // 天刑
	Yinsha         // 陰煞
	Tianku         // 天哭
	Tianxu         // 天虛
	Tianshi        // 天使
	Tianshang      // 天傷
	Nianjie        // 年解

	starCount
)

// StarCount is the number of stars there are in all schools together; no chart has
// every one.
const StarCount = int(starCount)

// A Kind says what a star is for.
type Kind uint8

const (
	KindMajor     Kind = iota // 主星
	KindSoft                  // 吉星
	KindTough                 // 煞星
	KindLucun                 // 祿存
	KindTianma                // 天馬
	KindAdjective             // 雜曜
	KindFlower                // 桃花
	KindHelper                // 解神
)

var kindKeys = [...]string{"major", "soft", "tough", "lucun", "tianma", "adjective", "flower", "helper"}

// Key returns the kind's key, such as "major".
func (k Kind) Key() string { return kindKeys[k] }

// Kind returns what the star is for.
func (s Star) Kind() Kind {
	switch {
	case s <= Pojun:
		return KindMajor
	case s <= Tianyue:
		return KindSoft
	case s == Lucun:
		return KindLucun
	case s == Tianma:
		return KindTianma
	case s <= Tuoluo:
		return KindTough
	case s <= Xianchi:
		return KindFlower
	case s == Jieshen || s == Nianjie:
		return KindHelper
	}
	return KindAdjective
}

// Major reports whether the star is one of the fourteen major ones.
func (s Star) Major() bool { return s <= Pojun }

// Minor reports whether the star is one of the fourteen minor ones.
func (s Star) Minor() bool { return s > Pojun && s <= Tuoluo }

// Key returns the star's key. It is unique among stars: that of 天福 is "tianfu", that
// of 天府 "tianfuMaj".
func (s Star) Key() string { return starKeys[s] }

// StarOf returns the star of that key.
func StarOf(key string) (Star, bool) {
	for s, k := range starKeys {
		if k == key {
			return Star(s), true
		}
	}
	return 0, false
}

var starKeys = [starCount]string{
	"ziweiMaj", "tianjiMaj", "taiyangMaj", "wuquMaj", "tiantongMaj", "lianzhenMaj", "tianfuMaj",
	"taiyinMaj", "tanlangMaj", "jumenMaj", "tianxiangMaj", "tianliangMaj", "qishaMaj", "pojunMaj",

	"zuofuMin", "youbiMin", "wenchangMin", "wenquMin", "tiankuiMin", "tianyueMin", "lucunMin",
	"tianmaMin", "dikongMin", "dijieMin", "huoxingMin", "lingxingMin", "qingyangMin", "tuoluoMin",

	"hongluan", "tianxi", "tianyao", "xianchi", "jieshen", "santai", "bazuo", "engguang", "tiangui",
	"longchi", "fengge", "tiancai", "tianshou", "taifu", "fenggao", "tianwu", "huagai", "tianguan",
	"tianfu", "tianchu", "tianyue", "tiande", "yuede", "tiankong", "xunkong", "jielu", "kongwang",
	"longde", "jiekong", "jieshaAdj", "dahao", "guchen", "guasu", "feilian", "posui", "tianxing",
	"yinsha", "tianku", "tianxu", "tianshi", "tianshang", "nianjie",
}
