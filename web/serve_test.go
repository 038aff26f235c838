package web_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/fortunet/fortunet/web"
)

// get sends one request to h; header is a list of names and values.
func get(t *testing.T, h http.Handler, method, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var assetAddress = regexp.MustCompile(`"(/assets/[a-z0-9_-]+\.[0-9a-f]{12}\.[a-z]+)"`)

// TestEveryReference follows the pages to all they name, and what that names, to
// the end: every address answers, in its own type, for a year.
func TestEveryReference(t *testing.T) {
	h := web.Handler()
	types := map[string]string{
		".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml",
		".png": "image/png", ".webmanifest": "application/manifest+json",
	}
	seen := map[string]bool{}
	var follow func(from, text string)
	follow = func(from, text string) {
		if strings.Contains(text, `"./`) {
			t.Errorf("%s keeps a reference that was not rewritten", from)
		}
		for _, m := range assetAddress.FindAllStringSubmatch(text, -1) {
			address := m[1]
			if seen[address] {
				continue
			}
			seen[address] = true
			r := get(t, h, "GET", address)
			if r.StatusCode != 200 {
				t.Errorf("%s names %s: status %d", from, address, r.StatusCode)
				continue
			}
			if got, want := r.Header.Get("Content-Type"), types[filepath.Ext(address)]; got != want {
				t.Errorf("%s: content type %q, want %q", address, got, want)
			}
			if got, want := r.Header.Get("Cache-Control"), "public, max-age=31536000, immutable"; got != want {
				t.Errorf("%s: cache control %q, want %q", address, got, want)
			}
			follow(address, body(t, r))
		}
	}
	for _, page := range []string{"/", "/docs", "/sw.js"} {
		r := get(t, h, "GET", page)
		if r.StatusCode != 200 {
			t.Fatalf("%s: status %d", page, r.StatusCode)
		}
		if got, want := r.Header.Get("Cache-Control"), "no-cache"; got != want {
			t.Errorf("%s: cache control %q, want %q", page, got, want)
		}
		follow(page, body(t, r))
	}
	if len(seen) < 20 {
		t.Errorf("only %d assets are reached from the pages", len(seen))
	}
}

// TestPolicyHolds looks for what the content security policy would stop, and for
// anything from elsewhere.
func TestPolicyHolds(t *testing.T) {
	forbidden := []*regexp.Regexp{
		regexp.MustCompile(`<script>|<script [^>]*>[^<]`),
		regexp.MustCompile(`<style|\sstyle="|\son[a-z]+="`),
		regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function`),
		regexp.MustCompile(`(?:src|href|url)[=(]\s*["']?(?:https?:)?//`),
		regexp.MustCompile(`@import|fetch\(\s*["']https?:`),
	}
	files, err := filepath.Glob("*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		switch filepath.Ext(name) {
		case ".html", ".js", ".css", ".svg":
		default:
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range forbidden {
			if hit := f.Find(text); hit != nil {
				t.Errorf("%s holds %q", name, hit)
			}
		}
	}
}

func TestHeaders(t *testing.T) {
	h := web.Handler()
	for _, path := range []string{"/", "/docs", "/nowhere"} {
		r := get(t, h, "GET", path)
		if got := r.Header.Get("Content-Security-Policy"); got != web.ContentSecurityPolicy {
			t.Errorf("%s: policy %q", path, got)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
	if strings.Contains(web.ContentSecurityPolicy, "unsafe") {
		t.Errorf("policy %q allows something unsafe", web.ContentSecurityPolicy)
	}
}

func TestStatus(t *testing.T) {
	h := web.Handler()
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/", 200},
		{"HEAD", "/", 200},
		{"GET", "/docs", 200},
		{"GET", "/docs/", 308},
		{"POST", "/", 405},
		{"DELETE", "/docs", 405},
		{"GET", "/index.html", 404},
		{"GET", "/404", 404},
		{"GET", "/app.js", 404},
		{"GET", "/assets/", 404},
		{"GET", "/assets/app.000000000000.js", 404},
		{"GET", "/assets/../embed.go", 404},
		{"GET", "/embed.go", 404},
		{"GET", "/testdata/chart.json", 404},
		{"GET", "//", 404},
	} {
		if got := get(t, h, c.method, c.path).StatusCode; got != c.status {
			t.Errorf("%s %s: status %d, want %d", c.method, c.path, got, c.status)
		}
	}
	if got := get(t, h, "POST", "/").Header.Get("Allow"); got != "GET, HEAD" {
		t.Errorf("Allow is %q", got)
	}
	if got := body(t, get(t, h, "GET", "/nowhere", "Accept", "text/html")); !strings.Contains(got, "lost.heading") {
		t.Errorf("a browser that is lost gets %.60q", got)
	}
	if r := get(t, h, "GET", "/nowhere", "Accept", "text/html"); r.StatusCode != 404 || r.Header.Get("ETag") != "" {
		t.Errorf("a lost browser gets status %d, ETag %q", r.StatusCode, r.Header.Get("ETag"))
	}
}

func TestHead(t *testing.T) {
	h := web.Handler()
	whole, head := get(t, h, "GET", "/"), get(t, h, "HEAD", "/")
	if got := body(t, head); got != "" {
		t.Errorf("HEAD has a body of %d bytes", len(got))
	}
	for _, name := range []string{"Content-Length", "Content-Type", "ETag", "Cache-Control"} {
		if got, want := head.Header.Get(name), whole.Header.Get(name); got != want || got == "" {
			t.Errorf("HEAD has %s %q, GET %q", name, got, want)
		}
	}
}

func TestNotModified(t *testing.T) {
	h := web.Handler()
	tag := get(t, h, "GET", "/").Header.Get("ETag")
	zipped := get(t, h, "GET", "/", "Accept-Encoding", "gzip").Header.Get("ETag")
	if tag == "" || tag == zipped {
		t.Fatalf("tags %q and %q, want two different ones", tag, zipped)
	}
	for _, c := range []struct {
		name, match, encoding string
		status                int
	}{
		{"same", tag, "", 304},
		{"weak", "W/" + tag, "", 304},
		{"among others", `"other", ` + tag, "", 304},
		{"any", "*", "", 304},
		{"same, zipped", zipped, "gzip", 304},
		{"of the other encoding", tag, "gzip", 200},
		{"different", `"other"`, "", 200},
		{"unquoted", strings.Trim(tag, `"`), "", 200},
	} {
		r := get(t, h, "GET", "/", "If-None-Match", c.match, "Accept-Encoding", c.encoding)
		if r.StatusCode != c.status {
			t.Errorf("%s: status %d, want %d", c.name, r.StatusCode, c.status)
		}
		if got := body(t, r); c.status == 304 && got != "" {
			t.Errorf("%s: a body of %d bytes", c.name, len(got))
		}
	}
}

func TestEncoding(t *testing.T) {
	h := web.Handler()
	want := body(t, get(t, h, "GET", "/"))
	for _, c := range []struct {
		accept string
		zipped bool
	}{
		{"", false},
		{"gzip", true},
		{"br, gzip;q=0.5", true},
		{"GZIP", true},
		{"*", true},
		{"*;q=0.1", true},
		{"gzip;q=0", false},
		{"gzip; q=0.0, *", false},
		{"gzip;q=nonsense", false},
		{"identity", false},
	} {
		r := get(t, h, "GET", "/", "Accept-Encoding", c.accept)
		if got := r.Header.Get("Content-Encoding") == "gzip"; got != c.zipped {
			t.Errorf("Accept-Encoding %q: zipped %v, want %v", c.accept, got, c.zipped)
			continue
		}
		if r.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: Vary is %q", c.accept, r.Header.Get("Vary"))
		}
		got := body(t, r)
		if c.zipped {
			z, err := gzip.NewReader(strings.NewReader(got))
			if err != nil {
				t.Fatal(err)
			}
			plain, err := io.ReadAll(z)
			if err != nil {
				t.Fatal(err)
			}
			got = string(plain)
		}
		if got != want {
			t.Errorf("Accept-Encoding %q: another body", c.accept)
		}
	}
}

// TestLive edits a file between two requests.
func TestLive(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("index.html", `<script src="./app.js"></script>`)
	write("app.js", `"one"`)
	h := web.Live(dir)
	first := assetAddress.FindStringSubmatch(body(t, get(t, h, "GET", "/")))
	if first == nil {
		t.Fatal("the page names no asset")
	}
	write("app.js", `"two"`)
	r := get(t, h, "GET", first[1])
	if got := body(t, r); got != `"two"` {
		t.Errorf("after the edit: %s", got)
	}
	if got := r.Header.Get("Cache-Control"); got != "no-cache" {
		t.Errorf("an old address is cached: %q", got)
	}
	second := assetAddress.FindStringSubmatch(body(t, get(t, h, "GET", "/")))
	if second == nil || first[1] == second[1] {
		t.Errorf("the address stayed %s", first[1])
	}
	for name, c := range map[string]struct{ text, want string }{
		"missing": {`import "./gone.js"`, "app.js refers to gone.js, which does not exist"},
		"cycle":   {`import "./app.js"`, "app.js refers to itself"},
	} {
		write("app.js", c.text)
		r := get(t, h, "GET", "/")
		if got := body(t, r); r.StatusCode != 500 || !strings.Contains(got, c.want) {
			t.Errorf("%s: status %d, %q", name, r.StatusCode, got)
		}
	}
}

// TestWords compares the words in the HTML, which show before any script runs,
// with those of the tables, and the two tables with each other.
func TestWords(t *testing.T) {
	chinese, english := wordTable(t, "words-zh.js"), wordTable(t, "words-en.js")
	for key := range chinese {
		if _, ok := english[key]; !ok {
			t.Errorf("%s has no English words", key)
		}
	}
	for key := range english {
		if _, ok := chinese[key]; !ok {
			t.Errorf("%s has no Chinese words", key)
		}
	}
	for _, page := range []string{"index.html", "docs.html", "404.html"} {
		html, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, m := range regexp.MustCompile(`data-t="([^"]+)"[^>]*>([^<]*)<`).FindAllSubmatch(html, -1) {
			n++
			if got, want := string(m[2]), chinese[string(m[1])]; got != want {
				t.Errorf("%s: %s reads %q, want %q", page, m[1], got, want)
			}
		}
		for _, m := range regexp.MustCompile(`aria-label="([^"]+)" data-t-label="([^"]+)"`).FindAllSubmatch(html, -1) {
			if got, want := string(m[1]), chinese[string(m[2])]; got != want {
				t.Errorf("%s: label %s reads %q, want %q", page, m[2], got, want)
			}
		}
		if n == 0 {
			t.Errorf("%s asks for no words", page)
		}
	}
	used := regexp.MustCompile(`\bt\("([a-zA-Z.0-9]+)"`)
	scripts, _ := filepath.Glob("*.js")
	for _, name := range scripts {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range used.FindAllSubmatch(text, -1) {
			if _, ok := chinese[string(m[1])]; !ok {
				t.Errorf("%s says %s, which has no words", name, m[1])
			}
		}
	}
}

func wordTable(t *testing.T, name string) map[string]string {
	t.Helper()
	source, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	table := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^  "([^"]+)": "(.*)",$`).FindAllSubmatch(source, -1) {
		table[string(m[1])] = string(m[2])
	}
	return table
}
