package web_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestSession counts guests: one at first, none after a reload, one more when the session has ended.
func TestSession(t *testing.T) {
	f := startFake(t)
	b := openBrowser(t, f.URL, 1024, 900)
	fillBirth(b)
	draw(b)
	b.run(chromedp.Reload(), chromedp.WaitVisible(chromedp.CSS("#submit")))
	fillBirth(b)
	draw(b)
	if n := f.made(); n != 1 {
		t.Errorf("%d guests were made, want 1", n)
	}
	f.set(func(f *fakeServer) { f.ended = true })
	b.click("#birth summary")
	b.click("#submit")
	b.until(`document.querySelector("#status").textContent !== "" && !document.querySelector("#submit").disabled && !document.querySelector("#birth").open`)
	if _, n := f.last(); n != 3 || f.made() != 2 {
		t.Errorf("after the session ended: %d charts and %d guests, want 3 and 2", n, f.made())
	}
	b.forgive("401")
}

// TestProblems has the server refuse in several ways.
func TestProblems(t *testing.T) {
	f := startFake(t)
	b := openBrowser(t, f.URL, 1024, 900)
	fillBirth(b)
	for _, c := range []struct {
		name    string
		refusal func(http.ResponseWriter)
		want    string // in the alert
		beside  string // id of a field's message that shows, or ""
	}{
		{"limit", problem(429, map[string]any{"code": "limited", "retryAfter": 754}), "排盤次數已到上限，請 13 分鐘後再試。", ""},
		{"field", problem(422, map[string]any{"code": "invalid_date", "field": "birthDate", "detail": "no 30th"}), "曆書上沒有這個日期。", "date-error"},
		{"unknown code", problem(422, map[string]any{"code": "odd", "field": "timezone", "detail": "odd zone"}), "伺服器說：odd zone", ""},
		{"framework's field", problem(422, map[string]any{"errors": []any{map[string]any{"location": "body.birthTime", "message": "x"}}}), "伺服器看不懂這筆生辰", "time-error"},
		{"ours", problem(500, map[string]any{"code": "internal", "detail": "nil map"}), "伺服器出了問題，不是你的資料有錯。", ""},
		{"busy", problem(503, map[string]any{"code": "overloaded"}), "現在排盤的人很多", ""},
		{"not JSON", func(w http.ResponseWriter) { w.WriteHeader(502) }, "現在排盤的人很多", ""},
		{"empty answer", func(w http.ResponseWriter) { reply(w, 200, "application/json", map[string]any{"success": true}) }, "伺服器的回答不完整", ""},
	} {
		f.set(func(f *fakeServer) { f.refusal = c.refusal })
		b.click("#submit")
		b.until(`!document.querySelector("#submit").disabled && !document.querySelector("#problem").hidden`)
		got := b.text("#problem")
		if !strings.Contains(got, c.want) || strings.Contains(got, "nil map") || strings.Contains(got, "no 30th") {
			t.Errorf("%s: the page says %q, want %q", c.name, got, c.want)
		}
		if c.beside != "" && eval[bool](b, `document.querySelector("#`+c.beside+`").hidden`) {
			t.Errorf("%s: nothing stands beside the field", c.name)
		}
	}
	b.shoot("problem-1024")
	b.forgive("Failed to load resource")
	draw(b)
	if !eval[bool](b, `document.querySelector("#problem").hidden`) {
		t.Error("the problem stays when the chart is there")
	}
}

// TestKept keeps a chart and opens the page again without a network.
func TestKept(t *testing.T) {
	f := startFake(t)
	b := openBrowser(t, f.URL, 1024, 900)
	b.until(`navigator.serviceWorker.controller !== null`)
	fillBirth(b)
	b.click("#keep")
	draw(b)
	b.offline(true)
	b.run(chromedp.Reload(), chromedp.WaitVisible(chromedp.CSS("#board button.palace")))
	if got, want := shown(b)["亥"].Major, recorded(t)["亥"].Major; !reflect.DeepEqual(got, want) {
		t.Errorf("the kept board shows %v, want %v", got, want)
	}
	if got := eval[string](b, `document.querySelector("#name").value`); got != "王小明" {
		t.Errorf("the kept form has the name %q", got)
	}
	b.click("#birth summary")
	b.click("#keep")
	if got := eval[any](b, `localStorage.getItem("fortunet.chart")`); got != nil {
		t.Errorf("the chart is still kept: %v", got)
	}
	b.offline(false)
	b.forgive("ERR_INTERNET_DISCONNECTED")
}

// TestDocs opens the API's description, opens an operation and tries it.
func TestDocs(t *testing.T) {
	f := startFake(t)
	b := openBrowser(t, f.URL+"/docs", 1200, 900)
	b.until(`document.querySelectorAll(".operation").length === 2`)
	if got := eval[string](b, `[...document.querySelectorAll(".group-of-operations h2")].map((n) => n.textContent).join()`); got != "charts,auth" {
		t.Errorf("groups %s, want those of the document in its order", got)
	}
	b.typeIn("#token", "secret-token")
	b.click("#get--api-v2-charts-id- > summary")
	b.typeIn("#get--api-v2-charts-id- .try input", "c-1")
	b.typeIn("#get--api-v2-charts-id- .try-field:nth-child(2) input", "en")
	b.click("#get--api-v2-charts-id- .try button")
	b.until(`document.querySelector(".output pre") !== null`)
	got := b.text(".output")
	for _, want := range []string{"200 OK", `"id": "c-1"`, `"language": "en"`, `"token": "Bearer secret-token"`} {
		if !strings.Contains(got, want) {
			t.Errorf("the answer %q lacks %q", got, want)
		}
	}
	b.click("#post--api-v2-auth-guest > summary")
	b.run(chromedp.WaitVisible(chromedp.CSS("#post--api-v2-auth-guest textarea")))
	if got := eval[string](b, `document.querySelector("#post--api-v2-auth-guest textarea").value`); !strings.Contains(got, `"cookie": true`) {
		t.Errorf("the sample body is %s", got)
	}
	b.click("#schema-Chart > summary")
	b.run(chromedp.WaitVisible(chromedp.CSS("#schema-Chart .nested")))
	b.click("#schema-Chart .members .nested > summary")
	b.until(`document.querySelector("#schema-Chart").textContent.includes("index")`)
	b.shoot("docs-1200-light")
	b.click(`#theme [data-value="dark"]`)
	b.click(`#language [data-value="en"]`)
	b.resize(360, 740)
	b.shoot("docs-360-dark")
	b.typeIn("#filter", "guest")
	if got := eval[int](b, `document.querySelectorAll(".operation:not([hidden])").length`); got != 1 {
		t.Errorf("looking for guest shows %d operations, want 1", got)
	}
}

// TestLost opens an address that leads nowhere.
func TestLost(t *testing.T) {
	f := startFake(t)
	b := openBrowser(t, f.URL+"/no/such/page", 1024, 768)
	if got := b.text(".lost h1"); got != "這裡是空宮" {
		t.Errorf("the page says %q", got)
	}
	b.shoot("lost-1024")
	b.forgive("404")
}
