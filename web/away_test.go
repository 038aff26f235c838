package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"
)

// A gate stands before a server, and answers nobody while it is shut.
type gate struct {
	*httptest.Server
	shut atomic.Bool
}

func startGate(t *testing.T, address string) *gate {
	t.Helper()
	target, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // which the Origin of the page is compared with
	}}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.shut.Load() {
			panic(http.ErrAbortHandler)
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(g.Close)
	return g
}

// While the server is away the chart stays and says so, and goes on by itself once it is back.
func TestAway(t *testing.T) {
	chromium(t)
	address, _ := startProgram(t)
	g := startGate(t, address)
	b := openBrowser(t, g.URL, 1200, 900)
	b.click(`input[name="gender"][value="female"]`)
	fillClock(b, "1990", "5", "17", "14:30")
	draw(b)
	b.click(`#levels [data-level="yearly"]`)
	b.until(`document.querySelectorAll("#board .scope.yearly").length === 12`)
	said := b.text("#travel-said")
	g.shut.Store(true)
	b.click(`#theme [data-value="dark"]`)
	b.click(`#levels [data-level=""]`)
	b.click(`#levels [data-level="yearly"]`)
	b.until(`document.querySelectorAll("#board .scope.yearly").length === 12`)
	if !eval[bool](b, `document.querySelector("#notice").hidden`) {
		t.Error("what has been seen before is asked for again")
	}
	b.click("#travel-next")
	b.until(`!document.querySelector("#notice").hidden`)
	if got, want := b.text("#notice p"), "連不上伺服器。命盤還在，連上後會自動再試。"; got != want {
		t.Errorf("the page says %q, want %q", got, want)
	}
	if eval[bool](b, `document.querySelector("#birth").open || document.querySelector("#board .scope") !== null`) {
		t.Error("the form opens, or the board shows another moment than the date")
	}
	b.shoot("away-1200-dark")
	g.shut.Store(false)
	b.until(`document.querySelector("#notice").hidden && document.querySelectorAll("#board .scope.yearly").length === 12`)
	if got := b.text("#travel-said"); got == said || got == "" {
		t.Errorf("back again the moment is %q", got)
	}
	b.forgive("ERR_EMPTY_RESPONSE")

	// The form says when it can be sent.
	g.shut.Store(true)
	b.click("#birth summary")
	b.pick("#day", "18")
	b.click("#submit")
	b.until(`document.querySelector("#problem").textContent.includes("連不上伺服器")`)
	g.shut.Store(false)
	b.until(`document.querySelector("#problem").textContent === "伺服器連上了，可以再按一次排盤。"`)
	b.forgive("ERR_EMPTY_RESPONSE")
	draw(b)
}
