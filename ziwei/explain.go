package ziwei

import "github.com/fortunet/fortunet/lang"

// Explain says in plain zh-TW what the star stands for.
func (s Star) Explain() string { return starMeanings[s] }

// Explain says in plain zh-TW what the god stands for.
func (g God) Explain() string { return godMeanings[g] }

// Explain says in plain zh-TW what the palace is about.
func (p PalaceName) Explain() string { return palaceMeanings[p] }

// Explain says in plain zh-TW what the transformation does; "" for none.
func (m Mutagen) Explain() string { return mutagenMeanings[m] }

// Explain says in plain zh-TW what the brightness means; "" for none.
func (b Brightness) Explain() string { return brightnessMeanings[b] }

// Explain says in plain zh-TW what the scope is.
func (s ScopeKind) Explain() string { return scopeMeanings[s] }

// Explain says in plain zh-TW what the pattern means.
func (p Pattern) Explain() string { return rules[p].meaning }

// Explain says in plain zh-TW what the flowing star stands for: the star it repeats,
// for the length of its scope.
func (f Flow) Explain() string {
	if f == flowNianjie {
		return starMeanings[Nianjie]
	}
	scope := [5]ScopeKind{Decadal, Yearly, Monthly, Daily, Hourly}[f/flowsInScope]
	return scope.Name(lang.TraditionalChinese) + "期間的" + f.Star().Name(lang.TraditionalChinese) + "。" + f.Star().Explain()
}

var palaceMeanings = [12]string{
	SoulPalace:     "命宮看一個人的天性、想法與一生的基調，是全盤的主軸，其他各宮都要與它合看。",
	ParentsPalace:  "父母宮看與父母、長輩、上司的關係，也看門面、文書與求學的庇蔭。",
	SpiritPalace:   "福德宮看內心是否安適、興趣與享受，也看思考習慣和福氣的厚薄。",
	PropertyPalace: "田宅宮看房產、居家環境與家族，也看能不能把錢存下來。",
	CareerPalace:   "官祿宮看事業、學業與做事的方式，顯示適合怎樣的位置與發展。",
	FriendsPalace:  "僕役宮又稱交友宮，看朋友、同事、部屬與一般人際，也看合夥的助力與損耗。",
	SurfacePalace:  "遷移宮看出外、旅行與在外的表現，也是別人眼中的自己。",
	HealthPalace:   "疾厄宮看體質、身體較弱的地方與面對壓力的反應；身體不適仍要就醫。",
	WealthPalace:   "財帛宮看賺錢的方式、理財的態度與財源是否順暢。",
	ChildrenPalace: "子女宮看與子女、晚輩、學生的緣分，也看創作與合作的成果。",
	SpousePalace:   "夫妻宮看感情的態度、伴侶的樣貌與相處的方式。",
	SiblingsPalace: "兄弟宮看兄弟姊妹與至交的情分，也看手邊可用的現金與支援。",
}

var mutagenMeanings = [5]string{
	Lu:   "化祿是機會、資源與人緣，使一顆星的好處自然流出，該宮之事較順、較有得。",
	Quan: "化權是主導、擔當與執行力，使一顆星變得積極有力，也較固執、多操勞。",
	Ke:   "化科是名聲、學習與貴人，使一顆星顯得有條理、受肯定，遇事較能化解。",
	Ji:   "化忌是執著、欠缺與阻礙，使一顆星的心力都繫在該宮，要多花功夫、學著放下。",
}

var brightnessMeanings = [8]string{
	Miao: "廟：星在最合適的宮位，長處發揮得最好，遇煞也較不受害。",
	Wang: "旺：力量很強，長處明顯。",
	De:   "得：得地，力量足夠，大致順手。",
	Li:   "利：稍有助力，平穩可用。",
	Ping: "平：力量普通，好壞看同宮的星。",
	Bu:   "不：不得地，力量不足，長處不易顯現。",
	Xian: "陷：力量最弱，短處容易浮現，需要吉星扶持。",
}

var scopeMeanings = [7]string{
	Decadal:    "大限：每十年一換的運勢舞台，從命宮起算，是看一生起伏最主要的單位。",
	SmallLimit: "小限：每個虛歲一宮，補充流年，看當年個人的處境。",
	Yearly:     "流年：當年的地支所在的宮位為流年命宮，看一年的整體氣象。",
	Monthly:    "流月：由流年推出的每月命宮，看一個月的重點。",
	Daily:      "流日：由流月推出的每日命宮，看當天的情況。",
	Hourly:     "流時：由流日推出的每個時辰的命宮，看短時間的變化。",
	Childhood:  "童限：第一個大限開始以前，依歲數借用指定的宮位來看幼年的照顧與健康。",
}

var starMeanings = [starCount]string{
	Ziwei:     "紫微是帝星，主尊貴、領導與格局。自尊心強、想當家作主，得左輔右弼相助才好發揮，孤立時容易固執或孤單。",
	Tianji:    "天機是智多星，主思考、計畫與變動。反應快、愛學習、善分析，也容易想太多、常改變主意。",
	Taiyang:   "太陽主光明、熱心與名聲，也代表父親與男性。付出多、重面子，在白天的宮位有力，落陷時勞心而少得回報。",
	Wuqu:      "武曲是財星，主剛毅、執行與理財。重實際、說到做到，說話較直，感情上需要學著柔軟。",
	Tiantong:  "天同是福星，主溫和、享受與人情。好相處、知足，適度的壓力反而能激出成就，太安逸會少了動力。",
	Lianzhen:  "廉貞主感情、原則與權力，性質多變。有魅力、好勝、公私分明，遇吉能成大事，遇煞要防情緒與官非。",
	Tianfu:    "天府是庫星，主穩重、管理與積蓄。為人寬厚、會持家守成，喜歡安全感，開創性較弱。",
	Taiyin:    "太陰主溫柔、細膩與財富，也代表母親與女性。重感受、愛乾淨、善理財，夜生或旺地較有力，落陷時多愁。",
	Tanlang:   "貪狼主慾望、才藝與人緣。多才多藝、交際廣、好奇心強，要把精力集中，不然貪多嚼不爛。",
	Jumen:     "巨門主口才、分析與疑慮。善於表達與追根究柢，適合靠說話或研究的工作，也易招口舌是非。",
	Tianxiang: "天相是印星，主輔佐、公正與服務。做事得體、重衣食禮節，容易受旁邊的星影響而好壞。",
	Tianliang: "天梁是蔭星，主庇護、正直與長壽。有長輩風範、喜歡照顧與指點人，常在困難之後逢凶化吉。",
	Qisha:     "七殺是將星，主魄力、冒險與獨立。敢作敢當、喜歡挑戰，人生起落大，需要紀律與目標。",
	Pojun:     "破軍是先鋒，主破壞、開創與消耗。求新求變、不怕重來，先破後立，要懂得收尾與存糧。",

	Zuofu:    "左輔主助力與穩重，多為平輩、同事的扶持，為人寬厚可靠。",
	Youbi:    "右弼主助力與圓融，善於協調、肯為人著想，感情上心腸較軟。",
	Wenchang: "文昌主學業、文書與條理，利考試與正規學習，重規矩與形式。",
	Wenqu:    "文曲主才藝、口才與情趣，利藝術與表達，心思浪漫。",
	Tiankui:  "天魁是陽貴人，主長輩、正式管道的提拔，機會多在明處。",
	Tianyue:  "天鉞是陰貴人，主暗中的幫助與異性、晚輩的助力。",
	Lucun:    "祿存主財祿與穩健，能存得住、做事保守，左右必有擎羊、陀羅相夾，稍嫌孤單。",
	Tianma:   "天馬主動、遷移與效率，遇祿則動中生財，遇空亡則奔波少成。",
	Dikong:   "地空主空想與出世，想法超前、不重物質，計畫要落到實處。",
	Dijie:    "地劫主波動與損失，敢與眾不同，錢財來去較急，宜有備用金。",
	Huoxing:  "火星主急躁與爆發，行動快、脾氣急，遇貪狼反主突然的機會。",
	Lingxing: "鈴星主內斂的急切與韌性，外冷內熱、記恨也記恩，遇貪狼亦能突起。",
	Qingyang: "擎羊主競爭、果決與刑傷，敢拚敢衝，要注意衝突與外傷。",
	Tuoluo:   "陀羅主拖延、堅持與糾纏，做事反覆磨練，慢工出細活，也易鑽牛角尖。",

	Hongluan:       "紅鸞主婚姻喜慶與人緣，年輕時利感情。",
	Tianxi:         "天喜主喜事、生育與開朗的氣氛。",
	Tianyao:        "天姚主風情、才藝與異性緣，易因感情分心。",
	Xianchi:        "咸池主魅力、情慾與享樂，宜用在藝術與社交。",
	Jieshen:        "解神主化解，能使困難、疾病、糾紛較快過去。",
	Santai:         "三台主地位與排場，與八座成對，增加社會聲望。",
	Bazuo:          "八座主地位與座次，與三台成對，利升遷。",
	Enguang:        "恩光主受人賞識、特別的恩惠與榮譽。",
	Tiangui:        "天貴主名譽、信用與貴人的看重。",
	Longchi:        "龍池主才藝、口福與居家的雅致，與鳳閣成對。",
	Fengge:         "鳳閣主儀表、品味與手藝，與龍池成對。",
	Tiancai:        "天才主聰明與專長，所在宮位有獨到的才能。",
	Tianshou:       "天壽主長壽、穩重與情分持久。",
	Taifu:          "台輔主助貴，增加左輔的力量與聲望。",
	Fenggao:        "封誥主名位、獎勵與文憑，增加右弼的力量。",
	Tianwu:         "天巫主升遷、遺產與宗教緣分。",
	Huagai:         "華蓋主孤高、思想與宗教藝術，喜獨處。",
	Tianguan:       "天官主官職與公家的緣分，利任公職。",
	TianfuBlessing: "天福主福氣與享受，多得人情的照顧。",
	Tianchu:        "天廚主口福、烹調與飲食業的緣分。",
	TianyueMoon:    "天月主小病與體質，入疾厄要多留意保養。",
	Tiande:         "天德主逢凶化吉，多得長輩、男性的幫助。",
	Yuede:          "月德主逢凶化吉，多得女性、柔和的幫助。",
	Tiankong:       "天空主空想與突然的變化，利哲思，不利守財。",
	Xunkong:        "旬空主落空，減弱所在宮位的力量，好事打折、壞事也打折。",
	Jielu:          "截路主中途受阻，事情容易卡住，宜預留時間。",
	Kongwang:       "空亡主力量落空，宜退守、不宜強求。",
	Longde:         "龍德主逢凶化吉，帶來名譽與從容。",
	Jiekong:        "截空主中途阻斷，使事情延後或轉向。",
	Jiesha:         "劫殺主意外的損失與爭奪，要防小人與失物。",
	Dahao:          "大耗主破費，錢財容易流失，宜節制開支。",
	Guchen:         "孤辰主孤獨與獨立，男命較忌，宜主動與人往來。",
	Guasu:          "寡宿主孤寂與清靜，女命較忌，宜培養興趣與朋友。",
	Feilian:        "蜚廉主閒話與小人，凡事低調、少議論。",
	Posui:          "破碎主零星的損耗與不完整，物品、計畫易有瑕疵。",
	Tianxing:       "天刑主自律、法律與醫療，為人嚴肅，也主是非刑責。",
	Yinsha:         "陰煞主暗中的干擾與疑心，宜光明磊落、作息正常。",
	Tianku:         "天哭主憂傷與感懷，遇廟旺反能先苦後甜。",
	Tianxu:         "天虛主空虛與憂慮，容易白忙，宜腳踏實地。",
	Tianshi:        "天使常在疾厄，行運到此宜留意健康與小人。",
	Tianshang:      "天傷常在僕役，行運到此宜防耗損與人際失和。",
	Nianjie:        "年解主化解當年的災厄、糾紛與疾病。",
}

var godMeanings = [GodCount]string{
	"長生：萬物初生，主生機、開始與延續。",
	"沐浴：初浴待養，主桃花、嘗試與不穩定。",
	"冠帶：成年戴冠，主成長、名譽與準備。",
	"臨官：開始任事，主進取、就業與發展。",
	"帝旺：力量最盛，主旺盛、獨立，也要防過滿。",
	"衰：由盛轉弱，主保守與放慢。",
	"病：體力不足，主不適與倦怠，宜休養。",
	"死：動能停息，主沉靜、收束與思考。",
	"墓：收藏入庫，主積蓄、內斂與守成。",
	"絕：舊氣已盡，主斷開與重新醞釀。",
	"胎：受氣成形，主新的念頭與希望。",
	"養：蓄養待發，主培育、照顧與耐心。",
	"博士：主聰明、學識與利祿。",
	"力士：主權力與體魄，利於承擔。",
	"青龍：主喜慶、進財與順利。",
	"小耗：主小的花費與遺失。",
	"將軍：主威武與主見，性子較急。",
	"奏書：主文書、學業與訴訟得理。",
	"飛廉：主口舌、孤剋與流言。",
	"喜神：主喜事與延續不斷的事。",
	"病符：主身體小恙，宜保養。",
	"大耗：主較大的支出與損失。",
	"伏兵：主暗中的阻撓與是非。",
	"官府：主官司、罰單與公家往來。",
	"歲建：太歲所在，主一年之首要，吉凶都較明顯。",
	"晦氣：主運氣不開、心情低沉。",
	"喪門：主哀傷、孝服與驚慌。",
	"貫索：主束縛、拘絆與牽連。",
	"官符：主官非、文書糾紛。",
	"小耗：主小的破財與遺失。",
	"大耗：又名歲破，主大的開銷與變動。",
	"龍德：主化險為夷與名譽。",
	"白虎：主衝突、血光與刑傷，行事宜小心。",
	"天德：主逢凶化吉與長輩庇蔭。",
	"弔客：主弔喪、掛心與探病。",
	"病符：主身體不適，宜早就醫。",
	"將星：主領導與威望，遇事能主持。",
	"攀鞍：主功名與升遷，如騎馬加鞍。",
	"歲驛：又名驛馬，主遷動、旅行與調職。",
	"息神：主意志消沉，宜找回動力。",
	"華蓋：主孤高、才藝與宗教。",
	"劫煞：主盜失與突來的損害。",
	"災煞：主災病與意外，宜防範。",
	"天煞：主男性長輩的不順與天候之事。",
	"指背：主背後的議論與毀謗。",
	"咸池：主桃花與情感的糾葛。",
	"月煞：主女性長輩的不順與暗損。",
	"亡神：主耗敗與失落，宜謹慎。",
	"歲破：與太歲相沖，主變動、破費與計畫生變。",
}
