package web_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// fillBirth enters the recorded chart's birth as a person in Taiwan would.
func fillBirth(b *browser) {
	b.t.Helper()
	b.typeIn("#name", "王小明")
	b.click(`input[name="gender"][value="male"]`)
	b.pick("#era", "roc")
	b.typeIn("#year", "70")
	b.pick("#month", "9")
	b.pick("#day", "12")
	b.click(`input[name="clock"][value="hour"]`)
	b.pick("#hour-index", "10")
}

// draw presses the button and waits for the board.
func draw(b *browser) {
	b.t.Helper()
	b.click("#submit")
	b.until(`document.querySelectorAll("#board button.palace").length === 12 && !document.querySelector("#submit").disabled`)
}

// A shownPalace is what one cell of the board holds.
type shownPalace struct {
	Name, Branch     string
	Row, Column      float64
	Major, Minor     []string // name, brightness and transformation together
	Adjective        []string
	Gods             []string
	Decade           string
	IsBody, IsOrigin bool
}

// shown reads the board off the page.
func shown(b *browser) map[string]shownPalace {
	b.t.Helper()
	const read = `JSON.stringify([...document.querySelectorAll("#board button.palace")].map((cell) => {
		const grid = document.querySelector("#board").getBoundingClientRect();
		const box = cell.getBoundingClientRect();
		const words = (selector) => [...cell.querySelectorAll(selector)].map((n) => n.textContent);
		return {
			name: cell.querySelector(".palace-name").firstChild.textContent, branch: words(".pillar")[0].slice(-1),
			row: Math.floor((box.top + box.height / 2 - grid.top) / grid.height * 4),
			column: Math.floor((box.left + box.width / 2 - grid.left) / grid.width * 4),
			major: words(".star.major"), minor: words(".group.minor .star"), adjective: words(".group.adjective .star"),
			gods: words(".god"), decade: words(".decade")[0],
			isBody: cell.querySelector(".seal-mark.body") !== null, isOrigin: cell.querySelector(".seal-mark.origin") !== null,
		};
	}))`
	var cells []shownPalace
	if err := json.Unmarshal([]byte(eval[string](b, read)), &cells); err != nil {
		b.t.Fatal(err)
	}
	byBranch := map[string]shownPalace{}
	for _, c := range cells {
		byBranch[c.Branch] = c
	}
	return byBranch
}

// recorded reads the same from the chart on file.
func recorded(t *testing.T) map[string]shownPalace {
	t.Helper()
	type named struct{ Key, Name string }
	type star struct{ Name, BrightnessName, MutagenName string }
	var chart struct {
		Out struct {
			Palaces []struct {
				Name                                          named
				Branch                                        string
				Major, Minor, Adjective                       []star
				Changsheng12, Boshi12, Suiqian12, Jiangqian12 named
				Decadal                                       struct{ From, To int }
				IsBody, IsOrigin                              bool
			}
		}
	}
	readJSON(t, "testdata/chart.json", &chart)
	// The traditional board: rows and columns of 子, 丑 ... 亥.
	branches := []string{"zi", "chou", "yin", "mao", "chen", "si", "wu", "wei", "shen", "you", "xu", "hai"}
	glyphs := strings.Split("子丑寅卯辰巳午未申酉戌亥", "")
	places := [][2]float64{{3, 2}, {3, 1}, {3, 0}, {2, 0}, {1, 0}, {0, 0}, {0, 1}, {0, 2}, {0, 3}, {1, 3}, {2, 3}, {3, 3}}
	words := func(stars []star) []string {
		list := []string{}
		for _, s := range stars {
			list = append(list, s.Name+s.BrightnessName+s.MutagenName)
		}
		return list
	}
	byBranch := map[string]shownPalace{}
	for _, p := range chart.Out.Palaces {
		n := slices.Index(branches, p.Branch)
		byBranch[glyphs[n]] = shownPalace{
			Name: p.Name.Name, Branch: glyphs[n], Row: places[n][0], Column: places[n][1],
			Major: words(p.Major), Minor: words(p.Minor), Adjective: words(p.Adjective),
			Gods:   []string{p.Suiqian12.Name, p.Jiangqian12.Name, p.Boshi12.Name, p.Changsheng12.Name},
			Decade: fmt.Sprintf("%d–%d", p.Decadal.From, p.Decadal.To),
			IsBody: p.IsBody, IsOrigin: p.IsOrigin,
		}
	}
	return byBranch
}

// TestBoard fills the form and finds every star of the recorded chart in its
// palace, at its place on the board.
func TestBoard(t *testing.T) {
	f := startFake(t)
	b := openBrowser(t, f.URL, 1440, 900)
	b.shoot("empty-1440-light")
	fillBirth(b)
	if got, want := b.text("#year-note"), "1981年，民國70年，歲次辛酉"; got != want {
		t.Errorf("the year is noted as %q, want %q", got, want)
	}
	draw(b)

	request, n := f.last()
	want := map[string]any{"chartType": "ziwei", "birthDate": "1981-09-12", "timeIndex": 10.0, "gender": "male", "timezone": "Asia/Taipei", "language": "zh-TW"}
	if n != 1 || !reflect.DeepEqual(request, want) {
		t.Errorf("request %d was %v, want %v", n, request, want)
	}
	got, record := shown(b), recorded(t)
	for branch, want := range record {
		if !reflect.DeepEqual(got[branch], want) {
			t.Errorf("palace %s shows\n%+v, want\n%+v", branch, got[branch], want)
		}
	}
	centre := b.text(".centre")
	for _, want := range []string{"王小明", "陰男", "1981年9月12日", "民國70年", "辛酉年八月十五", "戌時", "19:00–21:00", "木三局", "雞", "命主", "身主"} {
		if !strings.Contains(centre, want) {
			t.Errorf("the centre %q lacks %q", centre, want)
		}
	}
	if got, want := b.text("#board-title"), "王小明的命盤"; got != want {
		t.Errorf("the title is %q, want %q", got, want)
	}
	if got := eval[string](b, `document.activeElement.id`); got != "board-title" {
		t.Errorf("after drawing the focus is on %q", got)
	}
	if got := eval[string](b, `location.href`); got != f.URL+"/" {
		t.Errorf("the address became %s", got)
	}
	f.set(func(f *fakeServer) {
		if len(f.strange) > 0 {
			t.Errorf("requests with a query: %v", f.strange)
		}
	})
	if got := eval[any](b, `localStorage.getItem("fortunet.chart")`); got != nil {
		t.Errorf("the chart was kept without a wish: %v", got)
	}
	b.legible("light")
	b.shoot("board-1440-light")
	b.click(`#theme [data-value="dark"]`)
	b.legible("dark")
	b.shoot("board-1440-dark")
	b.print("board-a4")
}

// TestTriad moves over the board by keyboard and mouse.
func TestTriad(t *testing.T) {
	f := startFake(t)
	b := openBrowser(t, f.URL, 1200, 900)
	fillBirth(b)
	draw(b)
	state := func(class string) string {
		return eval[string](b, `[...document.querySelectorAll("#board .`+class+`")].map((c) => c.dataset.index).sort((a, b) => a - b).join(" ")`)
	}
	expect := func(when, self, facing, trines string) {
		t.Helper()
		if state("is-self") != self || state("is-facing") != facing || state("is-trine") != trines {
			t.Errorf("%s: self %s, facing %s, trines %s; want %s, %s, %s", when,
				state("is-self"), state("is-facing"), state("is-trine"), self, facing, trines)
		}
	}
	expect("at first", "9", "3", "1 5")
	b.click(`#board [data-index="0"]`)
	expect("after a click on 寅", "0", "6", "4 8")
	if got := b.text("#detail-title"); got != "田宅宮庚寅" && got != "田宅宮 庚寅" {
		t.Errorf("the panel is about %q", got)
	}
	b.press(kb.ArrowUp)
	expect("an arrow up", "1", "7", "5 9")
	b.press(kb.ArrowRight)
	expect("an arrow right, across the centre", "8", "2", "0 4")
	b.press(kb.ArrowDown, kb.ArrowDown)
	expect("two arrows down, around the edge", "6", "0", "2 10")
	b.press(kb.Home)
	expect("home", "9", "3", "1 5")
	if got := eval[int](b, `document.querySelectorAll('#board button[tabindex="0"]').length`); got != 1 {
		t.Errorf("%d palaces take the tab key, want 1", got)
	}
	b.click(`.triad li:first-child button`)
	expect("the facing palace from the panel", "3", "9", "7 11")
	if got := eval[string](b, `document.activeElement.dataset.index`); got != "3" {
		t.Errorf("the focus is on palace %s, want 3", got)
	}
	if got, want := eval[string](b, `document.activeElement.getAttribute("aria-label")`), "遷移宮，癸巳。主星：天機 平。大限 63 到 72 歲。"; got != want {
		t.Errorf("a screen reader hears %q, want %q", got, want)
	}
	b.click(`#board [data-index="5"]`)
	if got := b.text("#detail"); !strings.Contains(got, "空宮，借對宮福德宮的天同、巨門") {
		t.Errorf("an empty palace is told as %q", got)
	}
}

// TestLanguages switches to English and back; the names come from the server once for each.
func TestLanguages(t *testing.T) {
	f := startFake(t)
	b := openBrowser(t, f.URL, 1440, 900)
	fillBirth(b)
	draw(b)
	b.click(`#language [data-value="en"]`)
	b.until(`document.querySelector("#board").lang === "en"`)
	got := shown(b)
	if want := []string{"Moon太陰+3"}; !reflect.DeepEqual(got["亥"].Major, want) {
		t.Errorf("亥 shows %v, want %v", got["亥"].Major, want)
	}
	if want := []string{"Sun太陽+3Quan", "Sage天梁+3"}; !reflect.DeepEqual(got["卯"].Major, want) {
		t.Errorf("卯 shows %v, want %v", got["卯"].Major, want)
	}
	if got := eval[string](b, `document.title + "|" + document.documentElement.lang`); got != "Zi Wei chart · FortuneT|en" {
		t.Errorf("title and language are %s", got)
	}
	centre := b.text(".centre")
	for _, want := range []string{"Yin male", "12 September 1981", "Day 15 of month 8, 1981 辛酉", "Xu (Dog) hour"} {
		if !strings.Contains(centre, want) {
			t.Errorf("the centre %q lacks %q", centre, want)
		}
	}
	// Of Chinese, only the person's name and the characters of pillars are left.
	const chinese = `[...document.querySelectorAll("body *")]
		.filter((n) => !n.closest("[lang=zh-TW]") && n.children.length === 0 && n.getClientRects().length > 0)
		.map((n) => n.textContent.replace(/王小明|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]/g, ""))
		.filter((text) => /[\u4e00-\u9fff]/.test(text)).join("|")`
	if got := eval[string](b, chinese); got != "" {
		t.Errorf("the English page says %s", got)
	}
	b.shoot("board-1440-english")
	b.click(`#theme [data-value="dark"]`)
	b.fits(414, 640, 768, 1024, 1920, 360)
	b.shoot("board-360-english-dark")
	b.click(`#language [data-value="zh-TW"]`)
	b.until(`document.querySelector("#board").lang === "zh-TW"`)
	if _, n := f.last(); n != 2 {
		t.Errorf("the server was asked %d times, want once for each language", n)
	}
	b.run(chromedp.Reload(), chromedp.WaitVisible(chromedp.CSS("#submit")))
	if got := eval[string](b, `document.documentElement.dataset.theme + document.documentElement.lang`); got != "darkzh-TW" {
		t.Errorf("after a reload theme and language are %s", got)
	}
}

// TestPhone draws the board at 360 px.
func TestPhone(t *testing.T) {
	f := startFake(t)
	b := openBrowser(t, f.URL, 360, 740)
	b.shoot("form-360-light")
	fillBirth(b)
	draw(b)
	if got, want := shown(b)["子"], recorded(t)["子"]; !reflect.DeepEqual(got.Major, want.Major) || got.Row != want.Row || got.Column != want.Column {
		t.Errorf("子 shows %+v, want %+v", got, want)
	}
	const smallest = `Math.min(...[...document.querySelectorAll("#board *")]
		.filter((n) => n.childNodes.length > 0 && n.firstChild.nodeType === 3 && n.getClientRects().length > 0)
		.map((n) => parseFloat(getComputedStyle(n).fontSize)))`
	if got := eval[float64](b, smallest); got < 9 {
		t.Errorf("the smallest type on the board is %v px", got)
	}
	b.fits(320, 414, 600, 640, 768, 1024, 1920, 360)
	b.shoot("board-360-light")
	b.light("dark")
	if got := eval[string](b, `getComputedStyle(document.documentElement).backgroundColor`); got != "rgb(14, 17, 38)" {
		t.Errorf("a dark system gives the ground %s", got)
	}
	b.shoot("board-360-dark")
	b.resize(768, 1024)
	b.shoot("board-768-dark")
}

// TestFaults leaves the form wrong in one way after another.
func TestFaults(t *testing.T) {
	f := startFake(t)
	b := openBrowser(t, f.URL, 1024, 900)
	for _, c := range []struct {
		name    string
		change  func()
		message string
		focus   string // name of the control
	}{
		{"nothing filled", func() {}, "請選擇性別。", "gender"},
		{"no year", func() { b.click(`input[name="gender"][value="female"]`) }, "請填出生年。", "year"},
		{"a year in words", func() { b.typeIn("#year", "民國七") }, "出生年請用數字填寫。", "year"},
		{"a year too early", func() { b.typeIn("#year", "1899") }, "可排西元 1900 到 2100 年出生的人，這裡是 1899 年。", "year"},
		{"no month", func() { b.typeIn("#year", "１９９０") }, "請選擇月份。", "month"},
		{"no day", func() { b.pick("#month", "2") }, "請選擇日期。", "day"},
		{"no such day", func() { b.pick("#day", "30") }, "1990 年 2 月只有 28 天，沒有 30 日。", "day"},
		{"no time", func() { b.pick("#day", "28") }, "請填出生時間，例如 14:30；不記得幾點幾分可以改選時辰。", "clockTime"},
		{"no hour", func() { b.click(`input[name="clock"][value="hour"]`) }, "請選擇時辰。", "hourIndex"},
	} {
		c.change()
		b.click("#submit")
		const messages = `[...document.querySelectorAll(".error:not([hidden])")].map((n) => n.textContent).join("|")`
		if got := eval[string](b, messages); !slices.Contains(strings.Split(got, "|"), c.message) {
			t.Errorf("%s: the form says %q, want %q", c.name, got, c.message)
		}
		if got := eval[string](b, `document.activeElement.name + document.activeElement.getAttribute("aria-invalid")`); got != c.focus+"true" {
			t.Errorf("%s: the focus is on %s, want %s, invalid", c.name, got, c.focus)
		}
	}
	b.shoot("faults-1024")
	if _, n := f.last(); n != 0 || f.made() != 0 {
		t.Errorf("a wrong form reached the server: %d charts, %d guests", n, f.made())
	}
}

// TestRequests enters births in the other ways there are.
func TestRequests(t *testing.T) {
	f := startFake(t)
	b := openBrowser(t, f.URL, 1024, 900)
	b.click(`input[name="gender"][value="female"]`)
	b.click(`input[name="calendar"][value="lunar"]`)
	b.typeIn("#year", "2004")
	b.pick("#month", "2")
	b.pick("#day", "15")
	b.click("#leap")
	b.typeIn("#clock-time", "1130PM")
	b.pick("#zone", "America/New_York")
	f.set(func(f *fakeServer) {
		f.moment = map[string]any{"local": "2004-04-04T23:30:00", "zone": "America/New_York", "offset": -14400, "dst": true,
			"standardLocal": "2004-04-04T22:30:00", "timeIndex": map[string]any{"clock": 12, "standard": 11}, "used": "standard", "pass": "first"}
	})
	draw(b)
	request, _ := f.last()
	want := map[string]any{"chartType": "ziwei", "birthDate": "2004-02-15", "birthTime": "23:30", "gender": "female", "timezone": "America/New_York",
		"calendar": "lunar", "leapMonth": true, "language": "zh-TW"}
	if !reflect.DeepEqual(request, want) {
		t.Errorf("request %v, want %v", request, want)
	}
	if got, want := b.text("#moment"), "鐘面 23:30（America/New_York，UTC−4）正值日光節約時間，換成標準時間 22:30，排亥時。那天時鐘撥回，這個時刻出現兩次，這裡採第一次。"; got != want {
		t.Errorf("the hour is explained as %q, want %q", got, want)
	}
	if got := b.text(".centre"); !strings.Contains(got, "2004年4月4日（民國93年）") {
		t.Errorf("the centre %q lacks the solar date of a lunar birth", got)
	}
	if got, want := b.text("#brief"), "甲申年閏二月十五 · 23:30"; got != want {
		t.Errorf("the birth is told as %q, want %q", got, want)
	}
	b.click("#birth summary")
	b.click(`input[name="calendar"][value="solar"]`)
	b.pick("#era", "roc")
	if got := eval[string](b, `document.querySelector("#year").value`); got != "93" {
		t.Errorf("2004 becomes 民國 %s, want 93", got)
	}
	if got := eval[bool](b, `document.querySelector("#leap-row").hidden`); !got {
		t.Error("the solar calendar asks for a leap month")
	}
	draw(b)
	request, _ = f.last()
	if _, ok := request["leapMonth"]; ok || request["calendar"] != nil || request["birthDate"] != "2004-02-15" {
		t.Errorf("solar request %v", request)
	}
}
