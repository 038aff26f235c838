package ziwei

import "github.com/fortunet/fortunet/lunar"

// placeMinor places the fourteen minor stars, by month, hour and year.
//
//	左輔右弼: 辰上順正尋左輔，戌上逆正右弼當。
//	文昌文曲: 辰上順時文曲位，戌上逆時覓文昌。
//	地劫地空: 亥上子時順安劫，逆回便是地空亡。
//	火星鈴星: 申子辰人寅戌揚，寅午戌人丑卯方，巳酉丑人卯戌位，亥卯未人酉戌房；起子順數至生時。
func (d *draft) placeMinor() {
	month, hour := d.month-1, int(d.hour)
	d.stand(Zuofu, lunar.Chen.Add(month))
	d.stand(Youbi, lunar.Xu.Add(-month))
	d.stand(Wenqu, lunar.Chen.Add(hour))
	d.stand(Wenchang, lunar.Xu.Add(-hour))
	d.stand(Dijie, lunar.Hai.Add(hour))
	d.stand(Dikong, lunar.Hai.Add(-hour))

	triad := d.year.Branch % 4
	d.stand(Huoxing, [4]lunar.Branch{lunar.Yin, lunar.Mao, lunar.Chou, lunar.You}[triad].Add(hour))
	d.stand(Lingxing, [4]lunar.Branch{lunar.Xu, lunar.Xu, lunar.Mao, lunar.Xu}[triad].Add(hour))

	lu := lucun[d.year.Stem]
	d.stand(Lucun, lu)
	d.stand(Qingyang, lu.Add(1))
	d.stand(Tuoluo, lu.Add(-1))
	d.stand(Tianma, tianma[triad])
	kui := kuiyue[d.options.Tables.Kuiyue][d.year.Stem]
	d.stand(Tiankui, kui[0])
	d.stand(Tianyue, kui[1])
}

// lucun is the branch of 祿存 by stem; 擎羊 is before it, 陀羅 behind:
//
//	甲祿到寅宮，乙祿居卯府，丙戊祿在巳，丁己祿在午，庚祿定居申，辛祿酉上補，
//	壬祿亥中藏，癸祿居子戶；祿前羊刃當，祿後陀羅府。
var lucun = [10]lunar.Branch{
	lunar.Yin, lunar.Mao, lunar.Si, lunar.Woo, lunar.Si, lunar.Woo, lunar.Shen, lunar.You, lunar.Hai, lunar.Zi,
}

// tianma is the branch of 天馬 by triad of the branch, from that of 子:
//
//	寅午戌流馬在申，申子辰流馬在寅，巳酉丑流馬在亥，亥卯未流馬在巳。
var tianma = [4]lunar.Branch{lunar.Yin, lunar.Hai, lunar.Shen, lunar.Si}

// kuiyue are the branches of 天魁 and 天鉞 by stem:
//
//	甲戊庚牛羊，乙己鼠猴鄉，丙丁豬雞位，壬癸兔蛇藏，六辛逢馬虎，此是貴人方。
var kuiyue = [...][10][2]lunar.Branch{
	KuiyueDefault: kuiyueWith(oxGoat, [2]lunar.Branch{lunar.Woo, lunar.Yin}),
	KuiyueGengXin: kuiyueWith([2]lunar.Branch{lunar.Woo, lunar.Yin}, [2]lunar.Branch{lunar.Woo, lunar.Yin}),
	KuiyueSwapped: kuiyueWith(oxGoat, [2]lunar.Branch{lunar.Yin, lunar.Woo}),
}

var oxGoat = [2]lunar.Branch{lunar.Chou, lunar.Wei}

// kuiyueWith is the table with those branches for 庚 and 辛, on which schools differ.
func kuiyueWith(geng, xin [2]lunar.Branch) [10][2]lunar.Branch {
	var (
		ratMonkey   = [2]lunar.Branch{lunar.Zi, lunar.Shen}
		pigRooster  = [2]lunar.Branch{lunar.Hai, lunar.You}
		rabbitSnake = [2]lunar.Branch{lunar.Mao, lunar.Si}
	)
	return [10][2]lunar.Branch{
		oxGoat, ratMonkey, pigRooster, pigRooster, oxGoat, ratMonkey, geng, xin, rabbitSnake, rabbitSnake,
	}
}
