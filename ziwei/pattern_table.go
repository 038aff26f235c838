package ziwei

import "github.com/fortunet/fortunet/lunar"

// The texts that patterns are read from. Which condition a phrase stands for follows
// the commentary printed with it.
const (
	whole     = "《紫微斗數全書》"
	marrow    = whole + "骨髓賦"
	subtle    = whole + "太微賦"
	tradition = "傳統"
)

// rules are the patterns. Names in Korean and Vietnamese are the readings of the
// characters.
var rules = []rule{
	{
		"zifuTonggong", names{"紫府同宮", "紫府同宫", "emperor and empress together", "紫府同宮", "자부동궁", "Tử Phủ Đồng Cung"},
		Auspicious, marrow,
		[]clause{sit(Ziwei, Tianfu), seeAny(Zuofu, Youbi, Tiankui, Tianyue)},
		"帝星與財庫同守命宮，只見於寅、申。為人有氣度、能守成，一生資源較穩；也容易自視高、求安穩，要有輔佐星才施展得開。",
	},
	{
		"zifuChaoyuan", names{"紫府朝垣", "紫府朝垣", "emperor and empress attending", "紫府朝垣", "자부조원", "Tử Phủ Triều Viên"},
		Auspicious, tradition,
		[]clause{away(Ziwei, Tianfu), see(Ziwei, Tianfu)},
		"紫微、天府都從三方或對宮照入命宮。自己不坐帝位，卻常得有力的人與機構支持，宜在大組織裡發展。",
	},
	{
		"tianfuLinxu", names{"天府臨戌", "天府临戌", "empress in the north-west", "天府臨戌", "천부임술", "Thiên Phủ Lâm Tuất"},
		Auspicious, marrow,
		[]clause{sit(Tianfu), soulAt(lunar.Xu), seeAny(Zuofu, Youbi, Tiankui, Tianyue), seeNone()},
		"天府在戌宮守命，又有吉星扶助而無煞，庫藏充實，主穩健致富、得人信任。",
	},
	{
		"junchenQinghui", names{"君臣慶會", "君臣庆会", "ruler and ministers met", "君臣慶会", "군신경회", "Quân Thần Khánh Hội"},
		Auspicious, subtle,
		[]clause{sit(Ziwei), see(Zuofu, Youbi)},
		"紫微守命而左輔、右弼都來相會，如君主得賢臣。領導時有人執行、有人補位，適合帶團隊、擔大任。",
	},
	{
		"fubiJiadi", names{"輔弼夾帝", "辅弼夹帝", "emperor between officer and helper", "輔弼夾帝", "보필협제", "Phụ Bật Giáp Đế"},
		Auspicious, subtle,
		[]clause{flankStar(Ziwei, Zuofu, Youbi)},
		"左輔、右弼一左一右夾住紫微。紫微所在的宮位因此有人護持，那方面的事容易得到左右手。",
	},
	{
		"jixiangLiming", names{"極向離明", "极向离明", "emperor in the south", "極向離明", "극향이명", "Cực Hướng Ly Minh"},
		Auspicious, marrow,
		[]clause{sit(Ziwei), soulAt(lunar.Woo), seeNone()},
		"紫微在午宮守命而不見煞星，正居離明之位。主名望與格局，要有實才撐得住。",
	},
	{
		"fuxiangChaoyuan", names{"府相朝垣", "府相朝垣", "empress and minister attending", "府相朝垣", "부상조원", "Phủ Tướng Triều Viên"},
		Auspicious, marrow,
		[]clause{trines(Tianfu, Tianxiang)},
		"天府、天相一在財帛、一在官祿，共朝命宮。衣食安穩、重信用，適合管理、財務、在制度內升遷。",
	},
	{
		"shaPoLang", names{"殺破狼", "杀破狼", "marshal, rebel, wolf", "殺破狼", "살파랑", "Sát Phá Tham"},
		Mixed, tradition,
		[]clause{sitAny(Qisha, Pojun, Tanlang)},
		"七殺、破軍、貪狼永遠在三方相會，命宮坐其中一顆就是這個結構。一生變動大、敢闖敢換，成敗看是否準備好再動。",
	},
	{
		"jiyueTongliang", names{"機月同梁", "机月同梁", "advisor, moon, fortunate, sage", "機月同梁", "기월동량", "Cơ Nguyệt Đồng Lương"},
		Auspicious, marrow,
		[]clause{see(Tianji, Taiyin, Tiantong, Tianliang)},
		"四星齊會命宮的三方四正。心思細、重規則，宜公職、企劃、教育、專業幕僚，靠穩定累積勝過冒險。",
	},
	{
		"yangliangChanglu", names{"陽梁昌祿", "阳梁昌禄", "sun, sage, scholar and money", "陽梁昌禄", "양량창록", "Dương Lương Xương Lộc"},
		Auspicious, tradition,
		[]clause{see(Taiyang, Tianliang, Wenchang), seeWealth()},
		"太陽、天梁、文昌與祿星齊會。利考試、學術、證照與公開競爭，靠專業得名。",
	},
	{
		"riyueBingming", names{"日月並明", "日月并明", "sun and moon both bright", "日月並明", "일월병명", "Nhật Nguyệt Tịnh Minh"},
		Auspicious, marrow,
		[]clause{soulAt(lunar.Chou), standAt(Taiyang, lunar.Si), standAt(Taiyin, lunar.You)},
		"命在丑，太陽在巳、太陰在酉，日月都在旺地照命。明處有名、暗處有財，做事兩面都顧得到。",
	},
	{
		"mingzhuChuhai", names{"明珠出海", "明珠出海", "pearl out of the sea", "明珠出海", "명주출해", "Minh Châu Xuất Hải"},
		Auspicious, marrow,
		[]clause{soulAt(lunar.Wei), standAt(Taiyang, lunar.Mao), standAt(Taiyin, lunar.Hai)},
		"命在未，太陽在卯、太陰在亥，日出月明同照命宮。才華容易被看見，宜公開競爭、走專業與名譽之路。",
	},
	{
		"riyueTonglin", names{"日月同臨", "日月同临", "sun and moon together", "日月同臨", "일월동림", "Nhật Nguyệt Đồng Lâm"},
		Mixed, marrow,
		[]clause{sit(Taiyang, Taiyin)},
		"太陽、太陰同守命宮，只見於丑、未。兼有剛柔、動靜兩面，才藝多；也容易忽冷忽熱、舉棋不定。",
	},
	{
		"rizhaoLeimen", names{"日照雷門", "日照雷门", "sun over the gate of thunder", "日照雷門", "일조뇌문", "Nhật Chiếu Lôi Môn"},
		Auspicious, tradition,
		[]clause{sit(Taiyang), soulAt(lunar.Mao)},
		"太陽在卯宮守命，如旭日東升。熱心、有朝氣，早年就有展現的機會。",
	},
	{
		"riliZhongtian", names{"日麗中天", "日丽中天", "sun at its height", "日麗中天", "일려중천", "Nhật Lệ Trung Thiên"},
		Auspicious, subtle,
		[]clause{sit(Taiyang), soulAt(lunar.Woo)},
		"太陽在午宮守命，光芒最盛。宜公眾事務、領導與傳播；要留意鋒芒太露、過度付出。",
	},
	{
		"yuelangTianmen", names{"月朗天門", "月朗天门", "moon at the gate of heaven", "月朗天門", "월랑천문", "Nguyệt Lãng Thiên Môn"},
		Auspicious, tradition,
		[]clause{sit(Taiyin), soulAt(lunar.Hai)},
		"太陰在亥宮守命，月光最清。心思細膩、重品味，宜文教、財務、不動產，名聲清。",
	},
	{
		"shuichengGuie", names{"水澄桂萼", "水澄桂萼", "clear water, laurel in bloom", "水澄桂萼", "수징계악", "Thủy Trừng Quế Ngạc"},
		Auspicious, subtle,
		[]clause{sit(Taiyin), soulAt(lunar.Zi)},
		"太陰在子宮守命，月落水中而明。氣質清雅、善體人意，宜清要之職與學術文教。",
	},
	{
		"riyueFanbei", names{"日月反背", "日月反背", "sun and moon turned away", "日月反背", "일월반배", "Nhật Nguyệt Phản Bối"},
		Inauspicious, subtle,
		[]clause{dim(Taiyang), dim(Taiyin), seeAny(Taiyang, Taiyin)},
		"太陽、太陰都落在無光的宮位而照到命宮。早年較勞碌、與長輩緣分較遠，宜離鄉或靠自己打拚，晚成不是不成。",
	},
	{
		"shouxingRumiao", names{"壽星入廟", "寿星入庙", "sage at home", "寿星入廟", "수성입묘", "Thọ Tinh Nhập Miếu"},
		Auspicious, marrow,
		[]clause{sit(Tianliang), soulAt(lunar.Woo)},
		"天梁在午宮守命。為人正直、有長者風，宜監察、法務、醫藥、教育等庇護人的工作。",
	},
	{
		"yingxingRumiao", names{"英星入廟", "英星入庙", "rebel at home", "英星入廟", "영성입묘", "Anh Tinh Nhập Miếu"},
		Auspicious, tradition,
		[]clause{sit(Pojun), soulAt(lunar.Zi, lunar.Woo), seeNone()},
		"破軍在子、午入廟守命而不見煞。能破能立，適合開創、改革與技術突破。",
	},
	{
		"shizhongYinyu", names{"石中隱玉", "石中隐玉", "jade within the stone", "石中隠玉", "석중은옥", "Thạch Trung Ẩn Ngọc"},
		Auspicious, whole,
		[]clause{sit(Jumen), soulAt(lunar.Zi, lunar.Woo), seeFortune()},
		"巨門在子、午守命而得祿權科。才華藏在內裡，要經琢磨才顯，先勞後成，不宜太早出頭。",
	},
	{
		"qishaChaodou", names{"七殺朝斗", "七杀朝斗", "marshal facing the dipper", "七殺朝斗", "칠살조두", "Thất Sát Triều Đẩu"},
		Auspicious, marrow,
		[]clause{sit(Qisha), soulAt(lunar.Zi, lunar.Woo, lunar.Yin, lunar.Shen), seeAny(Zuofu, Youbi, Tiankui, Tianyue, Wenchang, Wenqu)},
		"七殺在子、午、寅、申守命而有吉星來會。有魄力、能獨當一面，宜開創與承擔壓力的職務。",
	},
	{
		"jiangxingDedi", names{"將星得地", "将星得地", "warrior on firm ground", "将星得地", "장성득지", "Tướng Tinh Đắc Địa"},
		Auspicious, marrow,
		[]clause{sit(Wuqu), soulAt(lunar.Chen, lunar.Xu, lunar.Chou, lunar.Wei), seeFortune()},
		"武曲在四墓之地入廟守命而得祿權科。剛毅、果斷、重執行，宜金融、實業、軍警與技術。",
	},
	{
		"wutanTongxing", names{"武貪同行", "武贪同行", "warrior and wolf together", "武貪同行", "무탐동행", "Vũ Tham Đồng Hành"},
		Mixed, marrow,
		[]clause{sit(Wuqu, Tanlang)},
		"武曲、貪狼同守命宮，只見於丑、未。先苦後甜，三十歲後才見發展，早年要耐得住磨練。",
	},
	{
		"huotan", names{"火貪格", "火贪格", "impulse and wolf", "火貪格", "화탐격", "Hỏa Tham Cách"},
		Auspicious, tradition,
		[]clause{joined(Tanlang, Huoxing), see(Tanlang)},
		"貪狼與火星同宮或對照，又會到命宮。機會來得快、爆發力強；來得快也去得快，得手後要懂得收。",
	},
	{
		"lingtan", names{"鈴貪格", "铃贪格", "spark and wolf", "鈴貪格", "영탐격", "Linh Tham Cách"},
		Auspicious, tradition,
		[]clause{joined(Tanlang, Lingxing), see(Tanlang)},
		"貪狼與鈴星同宮或對照，又會到命宮。平日蓄力，時機一到便突起，成果要盡快落實。",
	},
	{
		"matouDaijian", names{"馬頭帶箭", "马头带箭", "arrow on the horse's head", "馬頭帯箭", "마두대전", "Mã Đầu Đới Tiễn"},
		Mixed, subtle,
		[]clause{soulAt(lunar.Woo), sit(Qingyang), sitAny(Tanlang, Tiantong)},
		"午宮為馬、擎羊為箭，貪狼或天同同在。適合離鄉打拚、競爭激烈的環境，過程辛苦而有威名。",
	},
	{
		"juriTonggong", names{"巨日同宮", "巨日同宫", "sun and advocator together", "巨日同宮", "거일동궁", "Cự Nhật Đồng Cung"},
		Auspicious, marrow,
		[]clause{sit(Taiyang, Jumen), soulAt(lunar.Yin)},
		"太陽、巨門同在寅宮守命，陽光化開巨門之暗。口才好、能說服人，宜外交、法律、教學與傳播。",
	},
	{
		"jujiTonglin", names{"巨機同臨", "巨机同临", "advisor and advocator together", "巨機同臨", "거기동림", "Cự Cơ Đồng Lâm"},
		Auspicious, marrow,
		[]clause{sit(Tianji, Jumen), soulAt(lunar.Mao)},
		"天機、巨門同在卯宮守命。善思辨、能鑽研，宜研究、分析與專業諮詢。",
	},
	{
		"shanyinChaogang", names{"善蔭朝綱", "善荫朝纲", "counsel and shelter", "善蔭朝綱", "선음조강", "Thiện Ấm Triều Cương"},
		Auspicious, subtle,
		[]clause{sit(Tianji, Tianliang)},
		"天機、天梁同守命宮，只見於辰、戌。善籌劃、能給人意見，宜參謀、顧問、宗教與教育。",
	},
	{
		"sanqiJiahui", names{"三奇嘉會", "三奇嘉会", "three wonders met", "三奇嘉会", "삼기가회", "Tam Kỳ Gia Hội"},
		Auspicious, marrow,
		[]clause{seeMutagens(Lu, Quan, Ke)},
		"化祿、化權、化科都會到命宮。機會、主導與名聲三樣俱足，努力較容易被看見。",
	},
	{
		"shuangluChaoyuan", names{"雙祿朝垣", "双禄朝垣", "two fortunes attending", "双禄朝垣", "쌍록조원", "Song Lộc Triều Viên"},
		Auspicious, tradition,
		[]clause{see(Lucun), seeMutagens(Lu)},
		"祿存與化祿都會到命宮。財源不只一處，守得住也賺得到；見空劫則要防虛耗。",
	},
	{
		"lumaJiaochi", names{"祿馬交馳", "禄马交驰", "money and horse", "禄馬交馳", "녹마교치", "Lộc Mã Giao Trì"},
		Auspicious, subtle,
		[]clause{joined(Lucun, Tianma), see(Tianma)},
		"祿存與天馬同宮或對照，又會到命宮。財在動中，宜外地、貿易、奔走的工作。",
	},
	{
		"zuoguiXianggui", names{"坐貴向貴", "坐贵向贵", "patrons before and behind", "坐貴向貴", "좌귀향귀", "Tọa Quý Hướng Quý"},
		Auspicious, tradition,
		[]clause{sitAny(Tiankui, Tianyue), across(Tiankui, Tianyue)},
		"天魁、天鉞一在命宮、一在對宮。關鍵時常有長輩或貴人提拔。",
	},
	{
		"luwenGongming", names{"祿文拱命", "禄文拱命", "money and letters attending", "禄文拱命", "녹문공명", "Lộc Văn Củng Mệnh"},
		Auspicious, subtle,
		[]clause{inTrine(Lucun), inTrineAny(Wenchang, Wenqu)},
		"祿存與文星從三合拱照命宮。才學能換成實際的收穫。",
	},
	{
		"changquJiaming", names{"昌曲夾命", "昌曲夹命", "soul between scholar and artist", "昌曲夾命", "창곡협명", "Xương Khúc Giáp Mệnh"},
		Auspicious, tradition,
		[]clause{flank(Wenchang, Wenqu)},
		"文昌、文曲夾住命宮。在文藝、學識的環境中長大或工作，學習與表達得力。",
	},
	{
		"fubiJiaming", names{"輔弼夾命", "辅弼夹命", "soul between officer and helper", "輔弼夾命", "보필협명", "Phụ Bật Giáp Mệnh"},
		Auspicious, tradition,
		[]clause{flank(Zuofu, Youbi)},
		"左輔、右弼夾住命宮。平輩與同事的助力多，遇事有人搭手。",
	},
	{
		"kuiyueJiaming", names{"魁鉞夾命", "魁钺夹命", "soul between patrons", "魁鉞夾命", "괴월협명", "Khôi Việt Giáp Mệnh"},
		Auspicious, tradition,
		[]clause{flank(Tiankui, Tianyue)},
		"天魁、天鉞夾住命宮。長輩、上司的提攜多，適合在正式體制中發展。",
	},
	{
		"riyueJiaming", names{"日月夾命", "日月夹命", "soul between sun and moon", "日月夾命", "일월협명", "Nhật Nguyệt Giáp Mệnh"},
		Auspicious, tradition,
		[]clause{flank(Taiyang, Taiyin)},
		"太陽、太陰夾住命宮，只在丑、未。成長環境中有得力的人照應，名與利各有來處。",
	},
	{
		"mingwuZhengyao", names{"命無正曜", "命无正曜", "soul without a major star", "命無正曜", "명무정요", "Mệnh Vô Chính Diệu"},
		Mixed, tradition,
		[]clause{empty()},
		"命宮沒有主星，要借對宮來看。可塑性高、隨環境而變，早些確立方向與專長最要緊。",
	},
	{
		"taohuaFanzhu", names{"桃花犯主", "桃花犯主", "wolf beside the emperor", "桃花犯主", "도화범주", "Đào Hoa Phạm Chủ"},
		Mixed, subtle,
		[]clause{sit(Ziwei, Tanlang)},
		"紫微、貪狼同守命宮，只見於卯、酉。人緣與魅力強、興趣廣，情感與慾望要有分寸。",
	},
	{
		"fanshuiTaohua", names{"泛水桃花", "泛水桃花", "blossom on the water", "泛水桃花", "범수도화", "Phiếm Thủy Đào Hoa"},
		Mixed, subtle,
		[]clause{sit(Tanlang), soulAt(lunar.Hai, lunar.Zi)},
		"貪狼在亥、子水鄉守命。才藝與異性緣多，心思易隨情境流動，宜把熱情放在專業或藝術。",
	},
	{
		"fengliuCaizhang", names{"風流綵杖", "风流彩杖", "wolf and the staff", "風流綵杖", "풍류채장", "Phong Lưu Thái Trượng"},
		Inauspicious, subtle,
		[]clause{sit(Tanlang), sitAny(Qingyang, Tuoluo)},
		"貪狼與擎羊或陀羅同守命宮。感情與享樂容易惹出麻煩，凡事慢一步、留餘地。",
	},
	{
		"xingqiuJiayin", names{"刑囚夾印", "刑囚夹印", "judge and blade at the seal", "刑囚夾印", "형수협인", "Hình Tù Giáp Ấn"},
		Inauspicious, subtle,
		[]clause{together(Lianzhen, Tianxiang, Qingyang), see(Lianzhen)},
		"廉貞、天相與擎羊同宮而照到命宮。契約、文書、公務上的是非要特別小心，簽字前請人看過。",
	},
	{
		"lingchangTuowu", names{"鈴昌陀武", "铃昌陀武", "spark, scholar, tangle, warrior", "鈴昌陀武", "영창타무", "Linh Xương Đà Vũ"},
		Inauspicious, tradition,
		[]clause{see(Lingxing, Wenchang, Tuoluo, Wuqu)},
		"四星齊會命宮，行運逢忌時壓力集中。理財忌孤注一擲，遇挫折要及早求助。",
	},
	{
		"luchongKongjie", names{"祿逢衝破", "禄逢冲破", "money broken", "禄逢衝破", "녹봉충파", "Lộc Phùng Xung Phá"},
		Inauspicious, subtle,
		[]clause{see(Lucun), withAny(Lucun, Dikong, Dijie)},
		"祿存與地空或地劫同宮而照到命宮。進財之後易有意外支出，宜分散、留預備金。",
	},
	{
		"mayuKongwang", names{"馬遇空亡", "马遇空亡", "horse in the void", "馬遇空亡", "마우공망", "Mã Ngộ Không Vong"},
		Inauspicious, subtle,
		[]clause{see(Tianma), withAny(Tianma, Dikong, Xunkong, Kongwang, Jielu, Jiekong)},
		"天馬落在空亡之地而照到命宮。奔波多而收穫慢，動之前先想清楚目的。",
	},
	{
		"yangtuoJiaji", names{"羊陀夾忌", "羊陀夹忌", "hardship between driven and tangled", "羊陀夾忌", "양타협기", "Dương Đà Giáp Kỵ"},
		Inauspicious, tradition,
		[]clause{hardshipWith(Lucun), see(Lucun)},
		"化忌落在祿存宮，左右必為擎羊、陀羅所夾，又照到命宮。該宮之事進退兩難，不宜硬撐，宜守。",
	},
	{
		"huolingJiaming", names{"火鈴夾命", "火铃夹命", "soul between impulse and spark", "火鈴夾命", "화령협명", "Hỏa Linh Giáp Mệnh"},
		Inauspicious, tradition,
		[]clause{flank(Huoxing, Lingxing)},
		"火星、鈴星夾住命宮。環境催人、性子易急，重大決定宜隔夜再定。",
	},
	{
		"kongjieJiaming", names{"空劫夾命", "空劫夹命", "soul between void and loss", "空劫夾命", "공겁협명", "Không Kiếp Giáp Mệnh"},
		Inauspicious, tradition,
		[]clause{flank(Dikong, Dijie)},
		"地空、地劫夾住命宮，只見於丑、巳、未、亥時。想法獨特而少依傍，錢財要有紀律。",
	},
}
