package web_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A browser is one Chromium with one tab, and what was heard from it.
type browser struct {
	t    *testing.T
	ctx  context.Context
	home string // the server's address

	mu       sync.Mutex
	said     []string // on the console, as warning or error
	requests []string
}

// openBrowser starts Chromium with an empty profile at width by height CSS
// pixels. It skips the test where there is no Chromium.
func openBrowser(t *testing.T, address string, width, height int64) *browser {
	t.Helper()
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-background-networking", true), chromedp.Env("LANGUAGE=zh_TW", "TZ=Asia/Taipei"))
	// The browser outlives t.Context by a moment, so that it can be closed in order.
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	tab, closeTab := chromedp.NewContext(allocator)
	ctx, cancel := context.WithTimeout(tab, 90*time.Second)
	b := &browser{t: t, ctx: ctx, home: address}
	t.Cleanup(func() {
		b.check()
		cancel()
		closeTab()
		stop()
	})
	if err := chromedp.Do(tab); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	b.light("light")
	call(b, emulation.SetLocaleOverride, emulation.SetLocaleOverrideParams{Locale: "zh-TW"})
	call(b, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: "FortuneT test", AcceptLanguage: "zh-TW,zh"})
	b.resize(width, height)
	b.run(chromedp.Navigate(address), chromedp.WaitVisible(chromedp.CSS("main")))
	return b
}

// chromium returns the path of the program, or skips the test.
func chromium(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: the browser test takes some seconds")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no chromium on this machine: the page was not tried in a browser")
	return ""
}

// hear notes what the page complains of and where it sends requests.
func (b *browser) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			for _, a := range e.Args {
				b.said = append(b.said, string(a.Value)+a.Description)
			}
		}
	case *runtime.EventExceptionThrown:
		b.said = append(b.said, exceptionText(e.ExceptionDetails))
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			b.said = append(b.said, e.Entry.Text+" "+e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	}
}

// check fails the test for anything said on the console or sent elsewhere.
func (b *browser) check() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, line := range b.said {
		b.t.Errorf("the console says: %s", line)
	}
	home, _ := url.Parse(b.home)
	for _, request := range b.requests {
		u, err := url.Parse(request)
		if err != nil || (u.Host != home.Host && u.Scheme != "blob" && u.Scheme != "data") {
			b.t.Errorf("a request left for %s", request)
		}
	}
	if len(b.requests) == 0 {
		b.t.Error("the browser made no request at all")
	}
}

// forgive drops complaints that hold the text: a refused request is one for the
// browser, whatever the page makes of it.
func (b *browser) forgive(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.said = slices.DeleteFunc(b.said, func(line string) bool { return strings.Contains(line, text) })
}

func (b *browser) run(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// call sends the browser a command of its protocol.
func call[P, R any](b *browser, command cdp.Command[P, R], params P) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, command, params); err != nil {
		b.t.Fatal(err)
	}
}

// result returns what an action returns.
func result[T any](b *browser, action chromedp.Action[T]) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, action)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// eval returns what a JavaScript expression is.
func eval[T any](b *browser, expression string) T {
	b.t.Helper()
	return result(b, chromedp.Evaluate[T](expression))
}

// until waits for a JavaScript expression to hold. It looks once a frame, in a
// promise rather than by chromedp.Poll, which the pages' policy forbids.
func (b *browser) until(expression string) {
	b.t.Helper()
	const look = `new Promise((done) => {
		const end = performance.now() + 10_000;
		const look = () => (%s) ? done(true) : performance.now() > end ? done(false) : setTimeout(look, 20);
		look();
	})`
	if !result(b, chromedp.Evaluate[bool](fmt.Sprintf(look, expression), chromedp.EvalAwaitPromise)) {
		b.t.Fatalf("waited in vain for %s; the page reads:\n%s", expression, eval[string](b, `document.body.innerText.slice(0, 2000)`))
	}
}

// text returns the words of the first element the selector finds, as they show.
func (b *browser) text(selector chromedp.CSS) string {
	b.t.Helper()
	return strings.Join(strings.Fields(result(b, chromedp.Text(selector))), " ")
}

// pick chooses an option the way a person's choice arrives at the page.
func (b *browser) pick(selector chromedp.CSS, value string) {
	b.t.Helper()
	b.run(chromedp.SetValue(selector, value))
	eval[bool](b, fmt.Sprintf(`document.querySelector(%q).dispatchEvent(new Event("change", {bubbles: true}))`, selector))
}

func (b *browser) click(selector chromedp.CSS) {
	b.t.Helper()
	b.run(chromedp.Click(selector))
}

// typeIn replaces what a text field holds.
func (b *browser) typeIn(selector chromedp.CSS, text string) {
	b.t.Helper()
	b.run(chromedp.WaitVisible(selector))
	eval[bool](b, fmt.Sprintf(`document.querySelector(%q).select() === undefined`, selector))
	b.run(chromedp.SendKeys(selector, text))
}

// press sends keys to what has the focus.
func (b *browser) press(keys ...string) {
	b.t.Helper()
	for _, key := range keys {
		b.run(chromedp.KeyEvent(key))
	}
}

// resize gives the window another width and height.
func (b *browser) resize(width, height int64) {
	b.t.Helper()
	call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width, Height: height, DeviceScaleFactor: 2, Mobile: width < 600,
	})
}

// light makes the system prefer the scheme, "light" or "dark".
func (b *browser) light(scheme string) {
	b.t.Helper()
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
}

// offline takes the network away, or gives it back.
func (b *browser) offline(off bool) {
	b.t.Helper()
	call(b, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: off, DownloadThroughput: -1, UploadThroughput: -1})
}

// shoot keeps a picture of the whole page for people to look at, and fails the
// test if the page is wider than the window.
func (b *browser) shoot(name string) {
	b.t.Helper()
	if over := eval[float64](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
		b.t.Errorf("%s: the page is %v px wider than the window", name, over)
	}
	b.keep(name+".png", result(b, chromedp.FullScreenshot(100)))
}

// misfits lists what leaves its cell of the board, and what lies on something
// else within one.
const misfits = `(() => {
	const box = (n) => n.getBoundingClientRect();
	const showing = (cell, selector) => [...cell.querySelectorAll(selector)].filter((n) => box(n).width > 0);
	const wrong = [];
	for (const cell of document.querySelectorAll("#board .palace, #board .centre")) {
		const edge = box(cell);
		for (const part of showing(cell, ".star, .god, .ages, .decade, .palace-name, .pillar, dt, dd, p")) {
			const b = box(part);
			if (b.left < edge.left - 1 || b.right > edge.right + 1 || b.top < edge.top - 1 || b.bottom > edge.bottom + 1) wrong.push(part.textContent + " leaves its cell");
		}
		const parts = showing(cell, ".star, .foot-left > *, .foot-middle > *, .foot-right > *");
		for (const [i, part] of parts.entries()) {
			for (const other of parts.slice(i + 1)) {
				const [a, b] = [box(part), box(other)];
				const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
				const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
				if (across > 1.5 && down > 2) wrong.push(part.textContent + " lies on " + other.textContent);
			}
		}
	}
	return wrong;
})()`

// fits fails the test if the board's words do not fit at one of the widths.
func (b *browser) fits(widths ...int64) {
	b.t.Helper()
	for _, width := range widths {
		b.resize(width, 900)
		for _, text := range eval[[]string](b, misfits) {
			b.t.Errorf("at %d px: %s", width, text)
		}
	}
}

// contrasts lists the texts on the page whose contrast with what is behind them
// is under 4.5, or under 3 where they are large (WCAG 2.2, 1.4.3). A canvas turns
// any CSS colour into numbers.
const contrasts = `(() => {
	const pen = Object.assign(document.createElement("canvas"), {width: 1, height: 1}).getContext("2d", {willReadFrequently: true});
	const channels = (colour) => {
		pen.clearRect(0, 0, 1, 1);
		pen.fillStyle = colour;
		pen.fillRect(0, 0, 1, 1);
		return [...pen.getImageData(0, 0, 1, 1).data];
	};
	const luminance = (c) => c.slice(0, 3).map((x) => x / 255).map((x) => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
		.reduce((sum, x, i) => sum + x * [0.2126, 0.7152, 0.0722][i], 0);
	const behind = (node) => {
		for (; node; node = node.parentElement) {
			const c = channels(getComputedStyle(node).backgroundColor);
			if (c[3] === 255) return c;
		}
		return [255, 255, 255, 255];
	};
	const poor = new Set();
	for (const node of document.querySelectorAll("body *")) {
		const said = [...node.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim() !== "");
		if (!said || node.disabled || !node.checkVisibility({visibilityProperty: true, opacityProperty: true}) || node.closest(".visually-hidden, .skip, svg")) continue;
		const style = getComputedStyle(node);
		const size = parseFloat(style.fontSize);
		const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
		const [a, b] = [luminance(channels(style.color)), luminance(behind(node))].sort((x, y) => y - x);
		const ratio = (a + 0.05) / (b + 0.05);
		if (ratio < (large ? 3 : 4.5)) poor.add(node.className + " " + node.textContent.trim().slice(0, 12) + " " + ratio.toFixed(2));
	}
	return [...poor];
})()`

// legible fails the test for text that is too faint in the present theme.
func (b *browser) legible(theme string) {
	b.t.Helper()
	b.until(`document.getAnimations().length === 0`) // colours change over a moment
	for _, text := range eval[[]string](b, contrasts) {
		b.t.Errorf("%s: too faint: %s", theme, text)
	}
}

// print keeps the page as it prints, on paper and as a picture, and fails the
// test if that takes more than one sheet.
func (b *browser) print(name string) {
	b.t.Helper()
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	b.resize(703, 1031) // A4 at 96 dots an inch, less margins of 12 mm
	b.shoot(name)
	b.light("light")
	sheet := result(b, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize(), chromedp.PDFPrintBackground()))
	b.keep(name+".pdf", sheet)
	if n := strings.Count(string(sheet), "/Type /Page\n"); n != 1 {
		b.t.Errorf("%s prints on %d pages, want 1", name, n)
	}
}

func (b *browser) keep(name string, content []byte) {
	b.t.Helper()
	file := filepath.Join(b.t.ArtifactDir(), name)
	if err := os.WriteFile(file, content, 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.t.Logf("picture %s", file)
}

func exceptionText(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Exception.Description
	}
	return d.Text
}
