package zodiac

import (
	"github.com/fortunet/fortunet/astro"
	"github.com/fortunet/fortunet/lang"
)

// names are what one thing is called, by language: those in common use in each.
type names [lang.Count]string

// Name returns what the point is called.
func (p Point) Name(l lang.Language) string { return pointNames[p][l] }

// BodyName returns what a body is called.
func BodyName(b astro.Body, l lang.Language) string { return pointNames[b][l] }

// Name returns what the sign is called.
func (s Sign) Name(l lang.Language) string { return signNames[s][l] }

// Name returns what the system is called.
func (s System) Name(l lang.Language) string { return systemNames[s][l] }

// Name returns what the ayanamsa is called.
func (a Ayanamsa) Name(l lang.Language) string { return ayanamsaNames[a][l] }

// Name returns what the aspect is called.
func (k AspectKind) Name(l lang.Language) string { return aspectNames[k][l] }

// Name returns what the pattern is called.
func (k PatternKind) Name(l lang.Language) string { return patternNames[k][l] }

var pointNames = [pointCount]names{
	astro.Sun:        {"太陽", "太阳", "Sun", "太陽", "태양", "Mặt Trời"},
	astro.Moon:       {"月亮", "月亮", "Moon", "月", "달", "Mặt Trăng"},
	astro.Mercury:    {"水星", "水星", "Mercury", "水星", "수성", "Sao Thủy"},
	astro.Venus:      {"金星", "金星", "Venus", "金星", "금성", "Sao Kim"},
	astro.Mars:       {"火星", "火星", "Mars", "火星", "화성", "Sao Hỏa"},
	astro.Jupiter:    {"木星", "木星", "Jupiter", "木星", "목성", "Sao Mộc"},
	astro.Saturn:     {"土星", "土星", "Saturn", "土星", "토성", "Sao Thổ"},
	astro.Uranus:     {"天王星", "天王星", "Uranus", "天王星", "천왕성", "Sao Thiên Vương"},
	astro.Neptune:    {"海王星", "海王星", "Neptune", "海王星", "해왕성", "Sao Hải Vương"},
	astro.Pluto:      {"冥王星", "冥王星", "Pluto", "冥王星", "명왕성", "Sao Diêm Vương"},
	astro.MeanNode:   {"平均北交點", "平均北交点", "Mean Node", "平均昇交点", "평균 승교점", "Nút Bắc trung bình"},
	astro.TrueNode:   {"北交點", "北交点", "North Node", "昇交点", "승교점", "Nút Bắc"},
	astro.MeanLilith: {"莉莉絲", "莉莉丝", "Lilith", "リリス", "릴리스", "Lilith"},
	astro.TrueLilith: {"真莉莉絲", "真莉莉丝", "True Lilith", "真リリス", "진 릴리스", "Lilith thực"},
	astro.Chiron:     {"凱龍星", "凯龙星", "Chiron", "キロン", "키론", "Chiron"},
	Fortune:          {"福點", "福点", "Part of Fortune", "パート・オブ・フォーチュン", "포르투나", "Điểm May mắn"},
	Asc:              {"上升點", "上升点", "Ascendant", "アセンダント", "상승점", "Cung Mọc"},
	MC:               {"天頂", "天顶", "Midheaven", "MC（天頂）", "중천", "Thiên đỉnh"},
	Vertex:           {"宿命點", "宿命点", "Vertex", "バーテックス", "버텍스", "Vertex"},
}

var signNames = [12]names{
	{"牡羊座", "白羊座", "Aries", "牡羊座", "양자리", "Bạch Dương"},
	{"金牛座", "金牛座", "Taurus", "牡牛座", "황소자리", "Kim Ngưu"},
	{"雙子座", "双子座", "Gemini", "双子座", "쌍둥이자리", "Song Tử"},
	{"巨蟹座", "巨蟹座", "Cancer", "蟹座", "게자리", "Cự Giải"},
	{"獅子座", "狮子座", "Leo", "獅子座", "사자자리", "Sư Tử"},
	{"處女座", "处女座", "Virgo", "乙女座", "처녀자리", "Xử Nữ"},
	{"天秤座", "天秤座", "Libra", "天秤座", "천칭자리", "Thiên Bình"},
	{"天蠍座", "天蝎座", "Scorpio", "蠍座", "전갈자리", "Bọ Cạp"},
	{"射手座", "射手座", "Sagittarius", "射手座", "궁수자리", "Nhân Mã"},
	{"摩羯座", "摩羯座", "Capricorn", "山羊座", "염소자리", "Ma Kết"},
	{"水瓶座", "水瓶座", "Aquarius", "水瓶座", "물병자리", "Bảo Bình"},
	{"雙魚座", "双鱼座", "Pisces", "魚座", "물고기자리", "Song Ngư"},
}

var systemNames = [systemCount]names{
	Placidus:      {"普拉西度制", "普拉西度制", "Placidus", "プラシーダス", "플라시두스", "Placidus"},
	Koch:          {"柯赫制", "科赫制", "Koch", "コッホ", "코흐", "Koch"},
	Porphyry:      {"波菲利制", "波菲利制", "Porphyry", "ポルフィリー", "포르피리우스", "Porphyry"},
	Regiomontanus: {"雷格蒙塔努斯制", "雷格蒙塔努斯制", "Regiomontanus", "レジオモンタナス", "레기오몬타누스", "Regiomontanus"},
	Campanus:      {"坎帕努斯制", "坎帕努斯制", "Campanus", "キャンパナス", "캄파누스", "Campanus"},
	Equal:         {"等宮制", "等宫制", "Equal", "イコール", "이퀄", "Equal"},
	WholeSign:     {"整宮制", "整宫制", "Whole Sign", "ホールサイン", "홀 사인", "Whole Sign"},
	Alcabitius:    {"阿卡比特制", "阿卡比特制", "Alcabitius", "アルカビティウス", "알카비티우스", "Alcabitius"},
	Topocentric:   {"站心制", "站心制", "Topocentric", "トポセントリック", "토포센트릭", "Topocentric"},
	Morinus:       {"莫里努斯制", "莫里努斯制", "Morinus", "モリナス", "모리누스", "Morinus"},
}

var ayanamsaNames = [ayanamsaCount]names{
	Tropical:     {"回歸黃道", "回归黄道", "Tropical", "トロピカル", "트로피컬", "Hoàng đạo chí tuyến"},
	Lahiri:       {"拉希里恆星黃道", "拉希里恒星黄道", "Lahiri", "ラヒリ", "라히리", "Lahiri"},
	FaganBradley: {"費根－布萊德利恆星黃道", "费根－布莱德利恒星黄道", "Fagan–Bradley", "ファガン・ブラッドリー", "페이건-브래들리", "Fagan–Bradley"},
	Krishnamurti: {"克里希那穆提恆星黃道", "克里希那穆提恒星黄道", "Krishnamurti", "クリシュナムルティ", "크리슈나무르티", "Krishnamurti"},
	Raman:        {"拉曼恆星黃道", "拉曼恒星黄道", "Raman", "ラマン", "라만", "Raman"},
}

var aspectNames = [aspectCount]names{
	Conjunction:    {"合相", "合相", "conjunction", "コンジャンクション", "합", "trùng tụ"},
	SemiSextile:    {"半六分相", "半六分相", "semisextile", "セミセクスタイル", "세미섹스타일", "bán lục hợp"},
	SemiSquare:     {"半四分相", "半四分相", "semisquare", "セミスクエア", "세미스퀘어", "bán vuông góc"},
	Sextile:        {"六分相", "六分相", "sextile", "セクスタイル", "섹스타일", "lục hợp"},
	Quintile:       {"五分相", "五分相", "quintile", "クインタイル", "퀸타일", "ngũ hợp"},
	Square:         {"四分相", "四分相", "square", "スクエア", "스퀘어", "vuông góc"},
	Trine:          {"三分相", "三分相", "trine", "トライン", "트라인", "tam hợp"},
	Sesquiquadrate: {"補八分相", "补八分相", "sesquiquadrate", "セスキコードレート", "세스퀴쿼드레이트", "sesquiquadrate"},
	Quincunx:       {"十二分之五相", "十二分之五相", "quincunx", "クインカンクス", "퀸컹크스", "quincunx"},
	Opposition:     {"對分相", "对分相", "opposition", "オポジション", "어포지션", "đối đỉnh"},
}

var patternNames = [patternCount]names{
	GrandTrine: {"大三角", "大三角", "grand trine", "グランドトライン", "그랜드 트라인", "đại tam hợp"},
	Kite:       {"風箏", "风筝", "kite", "カイト", "카이트", "cánh diều"},
	TSquare:    {"T 型三角", "T 型三角", "T-square", "Tスクエア", "T스퀘어", "chữ T vuông góc"},
	GrandCross: {"大十字", "大十字", "grand cross", "グランドクロス", "그랜드 크로스", "đại thập tự"},
	Yod:        {"上帝之指", "上帝之指", "yod", "ヨッド", "요드", "ngón tay Thượng đế"},
	Stellium:   {"群星", "群星", "stellium", "ステリウム", "스텔리움", "chòm sao hội tụ"},
}

var dignityNames = [dignityCount]names{
	{"廟", "庙", "domicile", "ドミサイル", "도미사일", "miếu"},
	{"旺", "旺", "exaltation", "エグザルテーション", "엑절테이션", "vượng"},
	{"陷", "陷", "detriment", "デトリメント", "데트리먼트", "hãm"},
	{"弱", "弱", "fall", "フォール", "폴", "suy"},
}
