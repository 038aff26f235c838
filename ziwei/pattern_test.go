package ziwei_test

import (
	"slices"
	"testing"

	"github.com/fortunet/fortunet/birth"
	"github.com/fortunet/fortunet/lang"
	"github.com/fortunet/fortunet/ziwei"
)

// born returns a woman's birth on a day at an hour index.
func born(year, month, day, hour int) ziwei.Birth {
	return ziwei.Birth{Date: birth.Date{Year: year, Month: month, Day: day}, TimeIndex: hour, Gender: ziwei.Female}
}

func chartOf(t testing.TB, b ziwei.Birth, o ziwei.Options) *ziwei.Chart {
	t.Helper()
	c, err := ziwei.Compute(b, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Each pattern on a chart that has it, and on one that all but has it: lacks is the one
// clause that fails there, or, for a pattern of one clause, what is amiss.
var patternCharts = []struct {
	key       string
	has, near ziwei.Birth
	lacks     string
}{
	{"zifuTonggong", born(1982, 1, 28, 0), born(1962, 10, 31, 9), "左輔或右弼或天魁或天鉞會於命宮三方四正"},
	{"zifuChaoyuan", born(1962, 3, 14, 7), born(1962, 3, 14, 6), "紫微、天府會於命宮三方四正"},
	{"tianfuLinxu", born(1984, 7, 29, 10), born(1970, 5, 1, 6), "天府在命宮"},
	{"junchenQinghui", born(1960, 12, 7, 6), born(1960, 12, 7, 2), "紫微在命宮"},
	{"fubiJiadi", born(1981, 12, 4, 5), born(1960, 4, 20, 11), "只有左輔在旁"},
	{"jixiangLiming", born(1984, 1, 2, 6), born(1974, 4, 11, 10), "紫微在命宮"},
	{"fuxiangChaoyuan", born(1970, 9, 21, 7), born(1961, 12, 16, 4), "天相在命宮"},
	{"shaPoLang", born(1961, 4, 29, 7), born(1961, 4, 29, 4), "七殺在對宮"},
	{"jiyueTongliang", born(1960, 9, 10, 8), born(1960, 9, 10, 3), "四星見三"},
	{"yangliangChanglu", born(1968, 10, 28, 5), born(1960, 1, 23, 7), "太陽、天梁、文昌會於命宮三方四正"},
	{"riyueBingming", born(1982, 1, 17, 0), born(1968, 3, 11, 6), "命宮在丑"},
	{"mingzhuChuhai", born(1961, 9, 19, 2), born(1961, 9, 19, 3), "命宮在未"},
	{"riyueTonglin", born(1982, 3, 13, 8), born(1981, 7, 14, 3), "太陰在對宮"},
	{"rizhaoLeimen", born(1982, 3, 24, 0), born(1960, 6, 14, 10), "命宮在卯"},
	{"riliZhongtian", born(1983, 4, 13, 10), born(1962, 9, 28, 3), "太陽在命宮"},
	{"yuelangTianmen", born(1982, 3, 24, 4), born(1962, 2, 9, 10), "命宮在亥"},
	{"shuichengGuie", born(1981, 12, 15, 0), born(1961, 6, 23, 6), "太陰在命宮"},
	{"riyueFanbei", born(1966, 9, 8, 4), born(1963, 10, 7, 7), "太陽落陷失輝"},
	{"shouxingRumiao", born(1982, 1, 28, 8), born(1960, 3, 18, 4), "命宮在午"},
	{"yingxingRumiao", born(1984, 12, 19, 0), born(1980, 1, 11, 6), "破軍在命宮"},
	{"shizhongYinyu", born(1961, 11, 13, 11), born(1961, 11, 13, 5), "巨門在命宮"},
	{"qishaChaodou", born(1961, 3, 27, 7), born(1961, 3, 27, 3), "七殺在命宮"},
	{"jiangxingDedi", born(1966, 6, 12, 4), born(1960, 8, 8, 4), "武曲在命宮"},
	{"wutanTongxing", born(1971, 8, 28, 7), born(1982, 1, 28, 4), "貪狼在對宮"},
	{"huotan", born(1965, 3, 7, 6), born(1962, 4, 5, 5), "貪狼、火星同宮或對照"},
	{"lingtan", born(1961, 8, 17, 8), born(1961, 8, 17, 4), "貪狼會於命宮三方四正"},
	{"matouDaijian", born(1986, 5, 9, 11), born(1963, 12, 1, 10), "命宮在午"},
	{"juriTonggong", born(1982, 1, 6, 11), born(1960, 5, 12, 3), "太陽、巨門在命宮"},
	{"jujiTonglin", born(1971, 6, 1, 3), born(1962, 8, 26, 5), "天機、巨門在命宮"},
	{"shanyinChaogang", born(1967, 11, 11, 7), born(1979, 7, 19, 6), "天梁在對宮"},
	{"sanqiJiahui", born(1964, 4, 22, 0), born(1961, 5, 21, 4), "不見化科"},
	{"shuangluChaoyuan", born(1960, 10, 2, 7), born(1960, 10, 2, 11), "祿存會於命宮三方四正"},
	{"lumaJiaochi", born(1960, 2, 14, 4), born(1960, 2, 14, 3), "天馬會於命宮三方四正"},
	{"zuoguiXianggui", born(1968, 4, 2, 9), born(1962, 5, 30, 0), "天魁、天鉞對照"},
	{"luwenGongming", born(1961, 10, 11, 5), born(1961, 10, 11, 9), "文昌或文曲在命宮的三合宮"},
	{"changquJiaming", born(1969, 11, 28, 4), born(1969, 11, 28, 2), "只有文昌在旁"},
	{"fubiJiaming", born(1963, 6, 8, 11), born(1960, 7, 6, 9), "只有左輔在旁"},
	{"kuiyueJiaming", born(1962, 10, 20, 6), born(1962, 10, 20, 8), "只有天魁在旁"},
	{"riyueJiaming", born(1968, 1, 5, 0), born(1962, 3, 3, 11), "只有太陽在旁"},
	{"mingwuZhengyao", born(1964, 6, 16, 3), born(1961, 7, 15, 4), "命宮有一顆主星"},
	{"taohuaFanzhu", born(1981, 5, 9, 2), born(1978, 6, 7, 0), "貪狼在對宮"},
	{"fanshuiTaohua", born(1971, 12, 16, 11), born(1960, 4, 9, 1), "命宮在亥、子"},
	{"fengliuCaizhang", born(1974, 3, 31, 3), born(1962, 7, 24, 7), "貪狼在命宮"},
	{"xingqiuJiayin", born(1982, 2, 8, 8), born(1961, 12, 5, 3), "廉貞、天相、擎羊同宮"},
	{"lingchangTuowu", born(1967, 2, 20, 5), born(1961, 4, 18, 0), "不見武曲"},
	{"luchongKongjie", born(1963, 8, 2, 11), born(1960, 8, 30, 9), "祿存會於命宮三方四正"},
	{"mayuKongwang", born(1960, 1, 12, 8), born(1960, 1, 12, 6), "天馬會於命宮三方四正"},
	{"yangtuoJiaji", born(1965, 3, 29, 6), born(1962, 4, 27, 5), "化忌與祿存同宮"},
	{"huolingJiaming", born(1970, 6, 14, 8), born(1961, 9, 8, 2), "只有火星在旁"},
	{"kongjieJiaming", born(1963, 12, 23, 7), born(1963, 12, 23, 8), "只有地空在旁"},
}

func TestPatterns(t *testing.T) {
	if got, want := len(patternCharts), len(ziwei.PatternList()); got != want {
		t.Errorf("%d patterns are tried, there are %d", got, want)
	}
	for _, row := range patternCharts {
		p, ok := ziwei.PatternOf(row.key)
		if !ok {
			t.Errorf("no pattern %s", row.key)
			continue
		}
		c := chartOf(t, row.has, ziwei.Options{})
		i := slices.IndexFunc(c.Patterns(), func(f ziwei.Finding) bool { return f.Pattern == p })
		if i < 0 {
			t.Errorf("%s: %v lacks it: %+v", row.key, row.has, p.Clauses(c, lang.TraditionalChinese))
			continue
		}
		for _, s := range c.Patterns()[i].Stars {
			if _, ok := c.Find(s); !ok {
				t.Errorf("%s rests on %s, which is not on the chart", row.key, s.Key())
			}
		}
		near := chartOf(t, row.near, ziwei.Options{})
		if slices.ContainsFunc(near.Patterns(), func(f ziwei.Finding) bool { return f.Pattern == p }) {
			t.Errorf("%s: %v has it", row.key, row.near)
		}
		clauses := p.Clauses(near, lang.TraditionalChinese)
		for _, clause := range clauses {
			if len(clauses) > 1 && clause.Holds != (clause.Text != row.lacks) {
				t.Errorf("%s: %v: %q holds: %v", row.key, row.near, clause.Text, clause.Holds)
			}
		}
	}
}

// What a pattern is told by is there in every language, and the conditions say in which
// palace to look.
func TestPatternWords(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range ziwei.PatternList() {
		if seen[p.Key()] {
			t.Errorf("two patterns are %s", p.Key())
		}
		seen[p.Key()] = true
		for l := lang.TraditionalChinese; l <= lang.Vietnamese; l++ {
			if p.Name(l) == "" || p.Condition(l) == "" {
				t.Errorf("%s has no words in %v", p.Key(), l)
			}
		}
		if p.Explain() == "" || p.Source(lang.TraditionalChinese) == "" || p.Tone().Key() == "" {
			t.Errorf("%s is not explained", p.Key())
		}
	}
}
