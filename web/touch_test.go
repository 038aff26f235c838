package web_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// small lists what is meant to be pressed and is under 44 px high or 36 px wide, which a
// finger misses. A tick box or a segment is pressed by its label.
const small = `[...document.querySelectorAll("button, select, summary, input, .segments label, label.tick, .foot a")]
	.filter((n) => n.getClientRects().length > 0 && !n.closest("#wheel") && !(n.tagName === "INPUT" && n.closest(".segments, .tick")))
	.map((n) => [n, n.getBoundingClientRect()])
	.filter(([n, box]) => box.height < (n.closest("#more-row, .foot") ? 40 : 44) || box.width < 36)
	.map(([n, box]) => n.tagName + " " + (n.id || n.textContent.trim().slice(0, 12)) + " " + Math.round(box.width) + "x" + Math.round(box.height))`

// Everything is large enough for a finger, and what is said of a palace stands right
// below the board.
func TestTouch(t *testing.T) {
	f := startFake(t)
	b := openBrowser(t, f.URL, 390, 844)
	large := func(when string) {
		t.Helper()
		for _, width := range []int64{390, 360} {
			b.resize(width, 800)
			for _, what := range eval[[]string](b, small) {
				t.Errorf("%s, at %d px: %s", when, width, what)
			}
		}
	}
	b.click("#more-row summary")
	large("the form")
	b.click("#more-row summary")
	b.click(`input[name="calendar"][value="lunar"]`)
	b.typeIn("#year", "2004")
	b.pick("#month", "2")
	large("a lunar date")
	if gap := eval[float64](b, `document.querySelector("#leap + span").getBoundingClientRect().left - document.querySelector("#leap").getBoundingClientRect().right`); gap < 6 {
		t.Errorf("the tick of a leap month is %v px from its word", gap)
	}
	b.click(`input[name="calendar"][value="solar"]`)
	fillBirth(b)
	draw(b)
	large("the board")
	if top := eval[float64](b, `document.querySelector("#board-title").getBoundingClientRect().top`); top < 4 {
		t.Errorf("the board's title is %v px from the top of the window", top)
	}
	if !eval[bool](b, `document.querySelector("#detail").getBoundingClientRect().top - document.querySelector("#board-hint").getBoundingClientRect().bottom < 40`) {
		t.Error("the palace is told far below the board")
	}
}

// A reader whose browser is set to a larger text gets one, and nothing leaves the window.
func TestLargeText(t *testing.T) {
	f := startFake(t)
	b := openBrowser(t, f.URL, 390, 844)
	fillBirth(b)
	draw(b)
	if got := eval[string](b, `getComputedStyle(document.documentElement).fontSize`); got != "16px" {
		t.Fatalf("the text is %s before it is set to another size", got)
	}
	for _, size := range []int{20, 24, 32} {
		eval[string](b, fmt.Sprintf(`document.documentElement.style.fontSize = "%dpx"`, size))
		for _, width := range []int64{360, 390, 1440} {
			b.resize(width, 844)
			if over := eval[float64](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
				t.Errorf("text of %d px at %d px: the page is %v px wider than the window", size, width, over)
			}
		}
	}
	b.resize(390, 844)
	eval[string](b, `document.documentElement.style.fontSize = "20px"`)
	b.fits(390, 414, 1024, 1440)
	b.resize(390, 844)
	b.shoot("large-390-light")
}

// A finger beside a body of the wheel means that body, and between bodies none.
func TestNearestBody(t *testing.T) {
	b := openReal(t, 390, 844)
	b.click(`input[name="system"][value="zodiac"]`)
	if !eval[bool](b, `document.querySelector("#clock-choice").hidden`) {
		t.Error("a western chart offers other times than the clock's")
	}
	fillClock(b, "1990", "5", "17", "14:30")
	choosePlace(b, "板橋")
	b.click("#submit")
	b.until(`document.querySelectorAll("#wheel [data-body]").length === 14`)
	if got := b.text("#moment"); got != "鐘面 14:30（Asia/Taipei，UTC+8）即世界時 1990年5月17日 06:30:00。宮位制：普拉西度制；地點：新北市 板橋區（25.01°N 121.46°E）。" {
		t.Errorf("the moment: %s", got)
	}
	at := func(body, offset string) {
		box := eval[map[string]float64](b, `(() => { const b = document.querySelector('[data-body="`+body+`"] .hit').getBoundingClientRect(); return {x: b.right, y: (b.top + b.bottom) / 2, down: b.height}; })()`)
		dx := map[string]float64{"beside": 8, "far": 60}[offset]
		b.run(chromedp.MouseClickXY(box["x"]+dx, box["y"]))
	}
	b.run(chromedp.ScrollIntoView(chromedp.CSS("#wheel")))
	at("venus", "beside")
	b.until(`document.querySelector("#detail-title").textContent.startsWith("金星")`)
	b.run(chromedp.MouseClickXY(195, eval[float64](b, `(() => { const b = document.querySelector("#wheel svg").getBoundingClientRect(); return b.top + b.height / 2; })()`)))
	if got := b.text("#detail-title"); got != "金星" {
		t.Errorf("the middle of the wheel means %s", got)
	}
}
