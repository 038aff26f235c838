package ziwei_test

import (
	"fmt"
	"log"

	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/lang"
	"github.com/fortunet/fortunet/ziwei"
)

func ExampleCompute() {
	c, err := ziwei.Compute(ziwei.Birth{
		Date:      birth.Date{Year: 1981, Month: 9, Day: 12},
		TimeIndex: 10, // 戌
		Gender:    ziwei.Male,
	}, ziwei.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.Lunar, c.Pillars.Year, c.Element.Name(lang.TraditionalChinese))
	for _, name := range []ziwei.PalaceName{ziwei.SoulPalace, ziwei.WealthPalace, ziwei.CareerPalace, ziwei.SurfacePalace} {
		p := c.Palace(name)
		fmt.Print(p.Pillar, " ", name.Name(lang.TraditionalChinese))
		for _, s := range p.Major {
			fmt.Print(" ", s.Star.Name(lang.TraditionalChinese), s.Brightness.Name(lang.TraditionalChinese), s.Mutagen.Name(lang.TraditionalChinese))
		}
		fmt.Println()
	}
	// Output:
	// 1981-8-15 辛酉 木三局
	// 己亥 命宮 太陰廟
	// 乙未 財帛
	// 辛卯 官祿 太陽廟權 天梁廟
	// 癸巳 遷移 天機平
}

func ExampleChart_Horoscope() {
	c, err := ziwei.Compute(ziwei.Birth{Date: birth.Date{Year: 1981, Month: 9, Day: 12}, TimeIndex: 10}, ziwei.Options{})
	if err != nil {
		log.Fatal(err)
	}
	h, err := c.Horoscope(ziwei.Moment{Date: birth.Date{Year: 2026, Month: 2, Day: 17}, TimeIndex: 6})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("虛歲", h.NominalAge)
	for _, s := range h.Scopes() {
		fmt.Println(s.Kind.Name(lang.TraditionalChinese), s.Pillar, c.Palaces[s.Index].Name.Name(lang.TraditionalChinese))
	}
	// Output:
	// 虛歲 46
	// 大限 乙未 財帛
	// 小限 壬辰 僕役
	// 流年 丙午 疾厄
	// 流月 庚寅 夫妻
	// 流日 壬戌 夫妻
	// 流時 丙午 官祿
}

func ExampleChart_Flight() {
	c, err := ziwei.Compute(ziwei.Birth{Date: birth.Date{Year: 1981, Month: 9, Day: 12}, TimeIndex: 10}, ziwei.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for m := ziwei.Lu; m <= ziwei.Ji; m++ {
		f := c.Flight(c.Soul, m)
		fmt.Println(m.Name(lang.TraditionalChinese), f.Star.Name(lang.TraditionalChinese), c.Palaces[f.To].Name.Name(lang.TraditionalChinese), f.Self())
	}
	// Output:
	// 祿 武曲 田宅 false
	// 權 貪狼 父母 false
	// 科 天梁 官祿 false
	// 忌 文曲 田宅 false
}
