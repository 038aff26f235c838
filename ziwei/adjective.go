package ziwei

import "github.com/fortunet/fortunet/lunar"

// placeAdjective places the adjective stars. It wants the major and minor ones placed.
func (d *draft) placeAdjective() {
	d.placeByMonth()
	d.placeByDayAndHour()
	d.placeByYear()
	d.placeByStem()
	d.placeByPalace()
	d.placeBySchool()
}

// placeByMonth places what hangs on the month.
//
//	解神: 正二在申三四在戌，五六在子七八在寅，九十在辰，十一十二在午。
//	天姚: 丑宮起正月，順至生月。天刑: 酉起正月，順至生月。
//	陰煞: 正七月在寅，二八在子，三九在戌，四十在申，五十一在午，六十二在辰。
//	天月: 一犬二蛇三在龍，四虎五羊六兔宮，七豬八羊九在虎，十馬冬犬臘寅中。
//	天巫: 正五九月在巳，二六十在申，三七十一在寅，四八十二在亥。
func (d *draft) placeByMonth() {
	month := d.month - 1
	d.stand(Jieshen, lunar.Shen.Add(month/2*2))
	d.stand(Tianyao, lunar.Chou.Add(month))
	d.stand(Tianxing, lunar.You.Add(month))
	d.stand(Yinsha, lunar.Yin.Add(-2*month))
	d.stand(TianyueMoon, [12]lunar.Branch{
		lunar.Xu, lunar.Si, lunar.Chen, lunar.Yin, lunar.Wei, lunar.Mao,
		lunar.Hai, lunar.Wei, lunar.Yin, lunar.Woo, lunar.Xu, lunar.Yin,
	}[month])
	d.stand(Tianwu, [4]lunar.Branch{lunar.Si, lunar.Shen, lunar.Yin, lunar.Hai}[month%4])
}

// placeByDayAndHour places what hangs on the day of the month, counted from a star that
// hangs on the month or the hour, and what hangs on the hour.
//
//	三台: 左輔起初一，順至生日。八座: 右弼起初一，逆至生日。
//	恩光: 文昌起初一，順至生日退一步。天貴: 文曲起初一，順至生日退一步。
//	台輔: 午宮起子，順至生時。封誥: 寅宮起子，順至生時。
func (d *draft) placeByDayAndHour() {
	day := d.day.Day - 1
	d.put(Santai, d.at(Zuofu)+day)
	d.put(Bazuo, d.at(Youbi)-day)
	d.put(Enguang, d.at(Wenchang)+day-1)
	d.put(Tiangui, d.at(Wenqu)+day-1)
	d.stand(Taifu, lunar.Woo.Add(int(d.hour)))
	d.stand(Fenggao, lunar.Yin.Add(int(d.hour)))
}

// placeByYear places what hangs on the branch of the year.
//
//	紅鸞: 卯上起子逆數之，數到當生太歲支；天喜在對宮。
//	咸池: 申子辰酉，巳酉丑午，寅午戌卯，亥卯未子。華蓋: 申子辰辰，巳酉丑丑，寅午戌戌，亥卯未未。
//	龍池: 辰起子順行。鳳閣: 戌起子逆行。天哭: 午起子逆行。天虛: 午起子順行。
//	天德: 酉起子順行。月德: 巳起子順行。年解: 戌起子逆行。天空: 生年支前一位。
//	孤辰寡宿: 寅卯辰年巳丑，巳午未年申辰，申酉戌年亥未，亥子丑年寅戌。
//	蜚廉: 子丑寅年申酉戌，卯辰巳年巳午未，午未申年寅卯辰，酉戌亥年亥子丑。
//	破碎: 子午卯酉年巳，寅申巳亥年酉，辰戌丑未年丑。
func (d *draft) placeByYear() {
	luan := lunar.Mao.Add(-int(d.year.Branch))
	d.stand(Hongluan, luan)
	d.stand(Tianxi, luan.Add(6))

	branch := d.starYear.Branch
	n := int(branch)
	triad, season := branch%4, (branch+10)%12/3
	d.stand(Xianchi, [4]lunar.Branch{lunar.You, lunar.Woo, lunar.Mao, lunar.Zi}[triad])
	d.stand(Huagai, [4]lunar.Branch{lunar.Chen, lunar.Chou, lunar.Xu, lunar.Wei}[triad])
	d.stand(Longchi, lunar.Chen.Add(n))
	d.stand(Fengge, lunar.Xu.Add(-n))
	d.stand(Tianku, lunar.Woo.Add(-n))
	d.stand(Tianxu, lunar.Woo.Add(n))
	d.stand(Tiande, lunar.You.Add(n))
	d.stand(Yuede, lunar.Si.Add(n))
	d.stand(Nianjie, nianjie(branch))
	d.stand(Tiankong, branch.Add(1))
	d.stand(Guchen, [4]lunar.Branch{lunar.Si, lunar.Shen, lunar.Hai, lunar.Yin}[season])
	d.stand(Guasu, [4]lunar.Branch{lunar.Chou, lunar.Chen, lunar.Wei, lunar.Xu}[season])
	d.stand(Feilian, [4]lunar.Branch{lunar.Shen, lunar.Si, lunar.Yin, lunar.Hai}[n/3].Add(n%3))
	d.stand(Posui, [3]lunar.Branch{lunar.Si, lunar.Chou, lunar.You}[n%3])
}

// nianjie returns the branch of 年解 in a year of that branch.
func nianjie(year lunar.Branch) lunar.Branch { return lunar.Xu.Add(-int(year)) }

// tianguan, tianfuBlessing and tianchu are branches by stem of the year:
//
//	天官天福: 甲喜羊雞乙龍猴，丙年蛇鼠一窩謀，丁虎擒豬戊玉兔，己雞居然與虎儔，
//	庚豬馬辛雞蛇走，壬犬馬癸馬蛇游。
//	天廚: 甲丁食蛇口，乙戊辛馬方，丙從鼠口得，己食於猴房，庚食虎頭上，壬雞癸豬堂。
var (
	tianguan       = [10]lunar.Branch{lunar.Wei, lunar.Chen, lunar.Si, lunar.Yin, lunar.Mao, lunar.You, lunar.Hai, lunar.You, lunar.Xu, lunar.Woo}
	tianfuBlessing = [10]lunar.Branch{lunar.You, lunar.Shen, lunar.Zi, lunar.Hai, lunar.Mao, lunar.Yin, lunar.Woo, lunar.Si, lunar.Woo, lunar.Si}
	tianchu        = [10]lunar.Branch{lunar.Si, lunar.Woo, lunar.Zi, lunar.Si, lunar.Woo, lunar.Shen, lunar.Yin, lunar.Woo, lunar.You, lunar.Hai}
)

// placeByStem places what hangs on the stem of the year. 旬空 is of the two branches
// that the year's ten leave over, the one of the year's polarity.
func (d *draft) placeByStem() {
	year := d.starYear
	d.stand(Tianguan, tianguan[year.Stem])
	d.stand(TianfuBlessing, tianfuBlessing[year.Stem])
	d.stand(Tianchu, tianchu[year.Stem])
	left := year.Branch.Add(10 - int(year.Stem))
	if left.Yang() != year.Branch.Yang() {
		left = left.Add(1)
	}
	d.stand(Xunkong, left)
}

// placeByPalace places what hangs on the palaces.
//
//	天才由命宮起子，順行至生年支；天壽由身宮起子，順行至生年支。
//	天傷奴僕，天使疾厄。中州派: 陰男陽女天傷疾厄，天使奴僕。
func (d *draft) placeByPalace() {
	n := int(d.starYear.Branch)
	d.put(Tiancai, d.chart.Soul+n)
	d.put(Tianshou, d.chart.Body+n)
	shang, shi := d.chart.Soul+int(FriendsPalace), d.chart.Soul+int(HealthPalace)
	if d.options.Algorithm == Zhongzhou && d.starYear.Branch.Yang() != d.male() {
		shang, shi = shi, shang
	}
	d.put(Tianshang, shang)
	d.put(Tianshi, shi)
}

// placeBySchool places the stars that only one school has.
//
//	截路空亡: 甲己申酉，乙庚午未，丙辛辰巳，丁壬寅卯，戊癸子丑。中州派只用一顆截空，陽干陽宮，陰干陰宮。
//	劫殺: 申子辰人蛇開口，亥卯未人猴速走，寅午戌人豬面黑，巳酉丑人虎咆哮。
//	大耗: 但用年支去對衝，陰陽移位過一宮，陽順陰逆。
//	龍德: 歲前龍德之宮。
func (d *draft) placeBySchool() {
	year := d.starYear
	jielu := lunar.Shen.Add(-2 * int(year.Stem%5))
	if d.options.Algorithm != Zhongzhou {
		d.stand(Jielu, jielu)
		d.stand(Kongwang, jielu.Add(1))
		return
	}
	yang := year.Branch.Yang()
	dahao := year.Branch.Add(6)
	if yang {
		d.stand(Jiekong, jielu)
		d.stand(Dahao, dahao.Add(1))
	} else {
		d.stand(Jiekong, jielu.Add(1))
		d.stand(Dahao, dahao.Add(-1))
	}
	d.stand(Longde, year.Branch.Add(7))
	d.stand(Jiesha, [4]lunar.Branch{lunar.Si, lunar.Yin, lunar.Hai, lunar.Shen}[year.Branch%4])
}
