package web_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// openReal starts the program and opens its page.
func openReal(t *testing.T, width, height int64) *browser {
	t.Helper()
	chromium(t)
	address, _ := startProgram(t)
	return openBrowser(t, address, width, height)
}

// fillClock enters a birth by the clock.
func fillClock(b *browser, year, month, day, clock string) {
	b.t.Helper()
	b.typeIn("#year", year)
	b.pick("#month", month)
	b.pick("#day", day)
	eval[bool](b, `(() => { const i = document.querySelector("#clock-time"); i.value = "`+clock+`"; return i.dispatchEvent(new Event("input", {bubbles: true})); })()`)
}

// choosePlace types into the search and takes the first place found.
func choosePlace(b *browser, query string) {
	b.t.Helper()
	b.typeIn("#place", query)
	b.until(`!document.querySelector("#place-list").hidden`)
	b.press(kb.ArrowDown, kb.ArrowUp)
	b.until(`document.querySelector("#place").getAttribute("aria-activedescendant") === "place-0"`)
	b.click("#place-0")
	b.until(`document.querySelector("#place-found").textContent !== ""`)
}

// A moment is laid over the board, moves on by a year, and goes away again.
func TestTravel(t *testing.T) {
	b := openReal(t, 1440, 1000)
	b.click(`input[name="gender"][value="female"]`)
	fillClock(b, "1990", "5", "17", "14:30")
	draw(b)
	b.click(`#levels [data-level="yearly"]`)
	eval[bool](b, `(() => { const i = document.querySelector("#travel-date"); i.value = "2026-11-23"; return i.dispatchEvent(new Event("change", {bubbles: true})); })()`)
	b.until(`document.querySelector("#travel-said").textContent.includes("虛歲 37") && document.querySelector("#travel-said").textContent.includes("丙午")`)
	// 流年 of 丙午 lies in the palace of 午, index 4, and 丙 gives 祿 to 天同, in index 1.
	b.until(`document.querySelector('[data-index="4"] .scope.yearly').textContent === "年命"`)
	if got := b.text(`[data-index="1"] .star[data-key="tiantongMaj"] .mutagen-flow.yearly`); got != "祿" {
		t.Errorf("天同 has %q of the year", got)
	}
	if got := eval[float64](b, `document.querySelectorAll("#board .mutagen-flow").length`); got < 6 || got > 8 {
		t.Errorf("%v transformations of decade and year", got)
	}
	b.legible("light")
	b.shoot("travel-1440-light")
	b.click("#travel-next")
	b.until(`document.querySelector("#travel-said").textContent.includes("丁未")`)
	b.until(`document.querySelector('[data-index="5"] .scope.yearly').textContent === "年命"`)
	b.click(`#levels [data-level="hourly"]`)
	b.until(`document.querySelectorAll('[data-index="0"] .scope').length === 5`)
	b.click(`#theme [data-value="dark"]`)
	b.legible("dark")
	if got := eval[string](b, `document.querySelector('[data-index="8"]').getAttribute("aria-label")`); !strings.Contains(got, "流年田宅") {
		t.Errorf("a screen reader hears %q of the moment", got)
	}
	b.print("travel-a4")
	b.light("light")
	b.resize(390, 844)
	b.shoot("travel-390-dark")
	b.click(`#levels [data-level=""]`)
	b.until(`document.querySelectorAll("#board .flow").length === 0`)
}

// Arrows show where a palace's transformations fly, and follow the choice; patterns are
// told with their reason.
func TestFlyingAndPatterns(t *testing.T) {
	b := openReal(t, 1440, 1000)
	b.click(`input[name="gender"][value="female"]`)
	fillClock(b, "1990", "5", "17", "14:30")
	draw(b)
	b.click("#flying")
	// From the soul palace, index 8, 祿 權 科 忌 fly to 1, 5, 1 and 10.
	b.until(`document.querySelectorAll(".flying line").length === 4`)
	b.until(`document.querySelector('[data-index="3"] .self-flight.sihuaKe') === null && document.querySelectorAll(".self-flight").length > 0`)
	b.shoot("flying-1440-light")
	b.click(`[data-index="3"]`)
	before := eval[string](b, `document.querySelector(".flying").innerHTML`)
	b.click(`[data-index="6"]`)
	if after := eval[string](b, `document.querySelector(".flying").innerHTML`); after == before {
		t.Error("the arrows did not follow the choice")
	}
	b.click("#flying")
	b.until(`document.querySelector(".flying") === null && document.querySelector(".self-flight") === null`)
	if got := b.text("#patterns"); !strings.Contains(got, "殺破狼") || !strings.Contains(got, "七殺或破軍或貪狼在命宮") {
		t.Errorf("patterns: %s", got)
	}
	b.click(`#language [data-value="en"]`)
	b.until(`document.querySelector("#patterns").textContent.includes("Source: tradition")`)
}

// A western chart is drawn; a body shows its aspects and hides the others'.
func TestWheel(t *testing.T) {
	b := openReal(t, 1440, 1000)
	b.click(`input[name="system"][value="zodiac"]`)
	b.click("#submit")
	if got := b.text("#place-error"); got == "" {
		t.Error("a western chart without a place is not refused")
	}
	fillClock(b, "1990", "5", "17", "14:30")
	choosePlace(b, "台北市信義區")
	if got := b.text("#place-found"); !strings.Contains(got, "25.03°N") || !strings.Contains(got, "Asia/Taipei") {
		t.Errorf("the place: %s", got)
	}
	b.click("#submit")
	b.until(`document.querySelectorAll("#wheel [data-body]").length === 14`)
	if got := b.text("#detail"); !strings.Contains(got, "太陽") || !strings.Contains(got, "金牛座") || !strings.Contains(got, "26°06′") {
		t.Errorf("the Sun: %s", got)
	}
	if got := b.text("#moment"); !strings.Contains(got, "06:30:00") || !strings.Contains(got, "普拉西度制") {
		t.Errorf("the moment: %s", got)
	}
	b.run(chromedp.Click(chromedp.CSS(`#wheel [data-body="mars"]`)))
	b.until(`document.querySelector("#detail-title").textContent.startsWith("火星")`)
	lit := eval[float64](b, `[...document.querySelectorAll("#wheel [data-aspect]")].filter((n) => !n.classList.contains("is-dim") && n.dataset.a !== "mars" && n.dataset.b !== "mars").length`)
	if lit != 0 {
		t.Errorf("%v aspects of others are lit", lit)
	}
	b.legible("light")
	b.shoot("wheel-1440-light")
	b.press(kb.ArrowRight)
	b.until(`document.querySelector("#detail-title").textContent.startsWith("木星")`)
	b.click(`#language [data-value="en"]`)
	b.until(`document.querySelector("#detail-title").textContent.startsWith("Jupiter")`)
	b.click(`#theme [data-value="dark"]`)
	b.until(`document.querySelector("#wheel rect").getAttribute("fill") === "#11152e"`)
	b.until(`document.querySelectorAll("#wheel .is-dim").length > 5`)
	b.legible("dark")
	b.shoot("wheel-1440-dark-en")
	b.resize(360, 800)
	b.shoot("wheel-360-dark-en")
	b.print("wheel-print")
}

// Nobody remembers the hour: thirteen boards stand side by side, and one is opened.
func TestUnknownHour(t *testing.T) {
	b := openReal(t, 1440, 1000)
	b.click(`input[name="gender"][value="male"]`)
	b.click(`input[name="calendar"][value="lunar"]`)
	b.typeIn("#year", "2020")
	b.pick("#month", "4")
	if !eval[bool](b, `!document.querySelector("#leap-row").hidden`) {
		t.Error("2020 has a leap fourth month, which the form does not offer")
	}
	b.pick("#month", "5")
	if !eval[bool](b, `document.querySelector("#leap-row").hidden`) {
		t.Error("2020 has no leap fifth month, which the form offers")
	}
	b.pick("#day", "9")
	b.click(`input[name="clock"][value="unknown"]`)
	b.click("#submit")
	b.until(`document.querySelectorAll(".hour-card").length === 13`)
	b.legible("light")
	b.shoot("hours-1440-light")
	if got, want := b.text("#brief"), "庚子年五月初九"; got != want {
		t.Errorf("the birth is told as %q, want %q", got, want)
	}
	b.click(`#language [data-value="en"]`)
	b.until(`document.querySelector(".hour-name").textContent.includes("Rat") && document.querySelector(".hour-facts").textContent.includes("Body: ")`)
	b.shoot("hours-1440-english")
	b.click(`#theme [data-value="dark"]`)
	b.click(`#language [data-value="zh-TW"]`)
	b.until(`document.querySelector(".hour-facts").textContent.includes("身宮在")`)
	if !eval[bool](b, `document.querySelector("#board-frame").hidden && document.querySelectorAll(".hour-card").length === 13`) {
		t.Error("another language or theme does not keep the thirteen boards")
	}
	b.legible("dark")
	b.resize(390, 844)
	b.shoot("hours-390-light")
	b.resize(1440, 1000)
	b.run(chromedp.Click(chromedp.CSS(`.hours-list li:nth-child(13) .hour-card`)))
	b.until(`document.querySelectorAll("#board button.palace").length === 12 && document.querySelector("#hours").hidden`)
	if got := b.text("#board .centre"); !strings.Contains(got, "晚子時") {
		t.Errorf("the board opened is %s", got)
	}
	b.click("#hours-back")
	b.until(`document.querySelectorAll(".hour-card").length === 13 && document.querySelector("#board-frame").hidden`)
	if got := b.text("#board-title"); got != "十三個時辰" {
		t.Errorf("the boards side by side have the title %q", got)
	}
	b.run(chromedp.Click(chromedp.CSS(`.hours-list li:nth-child(13) .hour-card`)))
	b.until(`document.querySelectorAll("#board button.palace").length === 12 && document.querySelector("#hours").hidden`)
	// Late 子 is set beside early 子.
	b.click("#zi-compare")
	b.until(`document.querySelectorAll(".hour-card").length === 2`)
	b.shoot("zi-1440-light")
}

// True solar time needs a place, and moves the hour of a birth in the far west of a zone.
func TestTrueSolar(t *testing.T) {
	b := openReal(t, 1440, 1000)
	b.click(`input[name="gender"][value="male"]`)
	fillClock(b, "1995", "6", "1", "08:30")
	b.click("#more-row summary")
	b.pick("#basis", "trueSolar")
	b.click("#submit")
	if got := b.text("#place-error"); !strings.Contains(got, "真太陽時") {
		t.Errorf("without a place: %q", got)
	}
	choosePlace(b, "烏魯木齊")
	b.pick("#zone", "Asia/Shanghai")
	draw(b)
	if got := b.text("#moment"); !strings.Contains(got, "真太陽時 06:2") || !strings.Contains(got, "卯時") {
		t.Errorf("the moment: %s", got)
	}
}

// A chart is saved as a picture, whose name tells nothing of the birth.
func TestKeepsakes(t *testing.T) {
	b := openReal(t, 1440, 1000)
	b.click(`input[name="gender"][value="female"]`)
	fillClock(b, "1990", "5", "17", "14:30")
	draw(b)
	eval[bool](b, `(() => {
		window.saved = [];
		HTMLAnchorElement.prototype.click = function () { window.saved.push(this.download); };
		window.copied = null;
		navigator.clipboard.write = async (items) => { window.copied = await (await items[0].getType("text/plain")).text(); };
		return true;
	})()`)
	b.click("#save-svg")
	b.until(`window.saved.includes("fortunet-ziwei.svg")`)
	b.click("#save-png")
	b.until(`window.saved.includes("fortunet-ziwei.png")`)
	b.click("#copy")
	b.until(`window.copied !== null && window.copied.startsWith("# 紫微斗數命盤")`)
	b.until(`document.querySelector("#status.said")?.textContent === "已複製成文字。"`)
	b.legible("light")
}
