package ziwei

// Names of what is not a star, in the order of the languages. Source: the locale files
// of iztro 2.6.1 (MIT). Corrected there: the Korean brightness, early and late 子 hour,
// signs and 童限; the Vietnamese 陷 and 童限; the Japanese 童限 and animal of 亥.

var palaceNames = [12]names{
	{"命宮", "命宫", "soul", "命宮", "명궁", "Mệnh"},
	{"父母", "父母", "parents", "父母", "부모", "Phụ Mẫu"},
	{"福德", "福德", "spirit", "福徳", "복덕", "Phúc Đức"},
	{"田宅", "田宅", "property", "田宅", "전택", "Điền Trạch"},
	{"官祿", "官禄", "career", "官禄", "관록", "Quan Lộc"},
	{"僕役", "仆役", "friends", "僕役", "노복", "Nô Bộc"},
	{"遷移", "迁移", "surface", "遷移", "천이", "Thiên Di"},
	{"疾厄", "疾厄", "health", "疾厄", "질액", "Tật Ách"},
	{"財帛", "财帛", "wealth", "財帛", "재백", "Tài Bạch"},
	{"子女", "子女", "children", "子女", "자녀", "Tử Nữ"},
	{"夫妻", "夫妻", "spouse", "夫妻", "부처", "Phu Thê"},
	{"兄弟", "兄弟", "siblings", "兄弟", "형제", "Huynh Đệ"},
}

var brightnessNames = [8]names{
	{}, // none
	{"廟", "庙", "[+3]", "廟", "묘", "Miếu"},
	{"旺", "旺", "[+2]", "旺", "왕", "Vượng"},
	{"得", "得", "[+1]", "得", "득", "Đắc"},
	{"利", "利", "[0]", "利", "리", "Lợi"},
	{"平", "平", "[-1]", "平", "평", "Bình"},
	{"不", "不", "[-2]", "不", "불", "Bất"},
	{"陷", "陷", "[-3]", "陷", "함", "Hãm"},
}

var mutagenNames = [5]names{
	{}, // none
	{"祿", "禄", "A", "禄", "록", "Lộc"},
	{"權", "权", "B", "権", "권", "Quyền"},
	{"科", "科", "C", "科", "과", "Khoa"},
	{"忌", "忌", "D", "忌", "기", "Kỵ"},
}

var elementNames = [5]names{
	{"水二局", "水二局", "water 2nd", "水二局", "수이국", "Thủy Nhị Cục"},
	{"木三局", "木三局", "wood 3rd", "木三局", "목삼국", "Mộc Tam Cục"},
	{"金四局", "金四局", "metal 4th", "金四局", "금사국", "Kim Tứ Cục"},
	{"土五局", "土五局", "earth 5th", "土五局", "토오국", "Thổ Ngũ Cục"},
	{"火六局", "火六局", "fire 6th", "火六局", "화육국", "Hỏa Lục Cục"},
}

var timeNames = [13]names{
	{"早子時", "早子时", "early Rat hour", "早子時", "조자시", "Giờ tý sớm"},
	{"丑時", "丑时", "Ox hour", "丑時", "축시", "Giờ sửu"},
	{"寅時", "寅时", "Tiger hour", "寅時", "인시", "Giờ dần"},
	{"卯時", "卯时", "Rabbit hour", "卯時", "묘시", "Giờ mão"},
	{"辰時", "辰时", "Dragon hour", "辰時", "진시", "Giờ thìn"},
	{"巳時", "巳时", "Snake hour", "巳時", "사시", "Giờ tỵ"},
	{"午時", "午时", "Horse hour", "午時", "오시", "Giờ ngọ"},
	{"未時", "未时", "Goat hour", "未時", "미시", "Giờ mùi"},
	{"申時", "申时", "Monkey hour", "申時", "신시", "Giờ thân"},
	{"酉時", "酉时", "Rooster hour", "酉時", "유시", "Giờ dậu"},
	{"戌時", "戌时", "Dog hour", "戌時", "술시", "Giờ tuất"},
	{"亥時", "亥时", "Pig hour", "亥時", "해시", "Giờ hợi"},
	{"晚子時", "晚子时", "late Rat hour", "晩子時", "야자시", "Giờ tý muộn"},
}

var signNames = [12]names{
	{"白羊座", "白羊座", "aries", "おひつじ座", "양자리", "Cung Bạch Dương"},
	{"金牛座", "金牛座", "taurus", "おうし座", "황소자리", "Cung Kim Ngưu"},
	{"雙子座", "双子座", "gemini", "ふたご座", "쌍둥이자리", "Cung Song Tử"},
	{"巨蟹座", "巨蟹座", "cancer", "かに座", "게자리", "Cung Cự Giải"},
	{"獅子座", "狮子座", "leo", "しし座", "사자자리", "Cung Sư Tử"},
	{"處女座", "处女座", "virgo", "おとめ座", "처녀자리", "Cung Xử Nữ"},
	{"天秤座", "天秤座", "libra", "てんびん座", "천칭자리", "Cung Thiên Bình"},
	{"天蠍座", "天蝎座", "scorpio", "さそり座", "전갈자리", "Cung Thiên Yết"},
	{"射手座", "射手座", "sagittarius", "いて座", "사수자리", "Cung Xạ Thủ"},
	{"摩羯座", "摩羯座", "capricorn", "やぎ座", "염소자리", "Cung Ma Kết"},
	{"水瓶座", "水瓶座", "aquarius", "みずがめ座", "물병자리", "Cung Thủy Bình"},
	{"雙魚座", "双鱼座", "pisces", "うお座", "물고기자리", "Cung Song Ngư"},
}

var animalNames = [12]names{
	{"鼠", "鼠", "rat", "鼠", "쥐", "Chuột"},
	{"牛", "牛", "ox", "牛", "소", "Trâu"},
	{"虎", "虎", "tiger", "虎", "호랑이", "Hổ"},
	{"兔", "兔", "rabbit", "兎", "토끼", "Mèo"},
	{"龍", "龙", "dragon", "龍", "용", "Rồng"},
	{"蛇", "蛇", "snake", "蛇", "뱀", "Rắn"},
	{"馬", "马", "horse", "馬", "말", "Ngựa"},
	{"羊", "羊", "sheep", "羊", "양", "Dê"},
	{"猴", "猴", "monkey", "猿", "원숭이", "Khỉ"},
	{"雞", "鸡", "rooster", "鶏", "닭", "Gà"},
	{"狗", "狗", "dog", "犬", "개", "Chó"},
	{"豬", "猪", "pig", "猪", "돼지", "Lợn"},
}

var genderNames = [2]names{
	{"男", "男", "male", "男", "남성", "Nam"},
	{"女", "女", "female", "女", "여성", "Nữ"},
}

var scopeNames = [7]names{
	{"大限", "大限", "decadal", "大限", "대한", "Đại Hạn"},
	{"小限", "小限", "age", "小限", "소한", "Tiểu Hạn"},
	{"流年", "流年", "yearly", "流年", "유년", "Lưu Niên"},
	{"流月", "流月", "monthly", "流月", "유월", "Lưu Nguyệt"},
	{"流日", "流日", "daily", "流日", "유일", "Lưu Nhật"},
	{"流時", "流时", "hourly", "流時", "유시", "Lưu Thì"},
	{"童限", "童限", "childhood", "童限", "동한", "Đồng Hạn"},
}

var stemNames = [10]names{
	{"甲", "甲", "jia", "甲", "갑", "Giáp"},
	{"乙", "乙", "yi", "乙", "을", "Ất"},
	{"丙", "丙", "bing", "丙", "병", "Bính"},
	{"丁", "丁", "ding", "丁", "정", "Đinh"},
	{"戊", "戊", "wu", "戊", "무", "Mậu"},
	{"己", "己", "ji", "己", "기", "Kỷ"},
	{"庚", "庚", "geng", "庚", "경", "Canh"},
	{"辛", "辛", "xin", "辛", "신", "Tân"},
	{"壬", "壬", "ren", "壬", "임", "Nhâm"},
	{"癸", "癸", "gui", "癸", "계", "Quý"},
}

var branchNames = [12]names{
	{"子", "子", "zi", "子", "자", "Tý"},
	{"丑", "丑", "chou", "丑", "축", "Sửu"},
	{"寅", "寅", "yin", "寅", "인", "Dần"},
	{"卯", "卯", "mao", "卯", "묘", "Mão"},
	{"辰", "辰", "chen", "辰", "진", "Thìn"},
	{"巳", "巳", "si", "巳", "사", "Tỵ"},
	{"午", "午", "woo", "午", "오", "Ngọ"},
	{"未", "未", "wei", "未", "미", "Mùi"},
	{"申", "申", "shen", "申", "신", "Thân"},
	{"酉", "酉", "you", "酉", "유", "Dậu"},
	{"戌", "戌", "xu", "戌", "술", "Tuất"},
	{"亥", "亥", "hai", "亥", "해", "Hợi"},
}
