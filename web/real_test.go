package web_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// workshop holds the program while the tests run.
var workshop string

func TestMain(m *testing.M) {
	code := m.Run()
	if workshop != "" {
		os.RemoveAll(workshop)
	}
	os.Exit(code)
}

// program builds the program, once for all tests, and returns its path.
var program = sync.OnceValues(func() (string, error) {
	var err error
	if workshop, err = os.MkdirTemp("", "fortunet-web-test"); err != nil {
		return "", err
	}
	binary := filepath.Join(workshop, "fortunet")
	if out, err := exec.Command("go", "build", "-o", binary, "../cmd/fortunet").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return binary, nil
})

// startProgram starts the program on an empty data directory, and returns its address
// and what it logs.
func startProgram(t *testing.T) (address string, log *bytes.Buffer) {
	t.Helper()
	binary, err := program()
	if err != nil {
		t.Fatal(err)
	}
	log = &bytes.Buffer{}
	cmd := exec.Command(binary, "serve", "--addr", "127.0.0.1:0", "--data", t.TempDir())
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, url, ok := strings.Cut(lines.Text(), " is at "); ok {
			return strings.TrimSuffix(url, "/"), log
		}
	}
	t.Fatal("the program did not say where it is")
	return "", nil
}

// The page and the program together: a birth goes in, and the stars that iztro gives
// for it stand in their palaces, computed by our own engine.
func TestRealServer(t *testing.T) {
	chromium(t)
	address, _ := startProgram(t)
	b := openBrowser(t, address, 1440, 900)
	fillBirth(b)
	draw(b)
	got := shown(b)
	for branch, want := range recorded(t) {
		if !reflect.DeepEqual(got[branch], want) {
			t.Errorf("palace %s shows\n%+v, want\n%+v", branch, got[branch], want)
		}
	}
	b.shoot("real-1440-light")
	b.click(`#theme [data-value="dark"]`)
	b.resize(360, 800)
	b.shoot("real-360-dark")
	b.run(chromedp.Navigate(address+"/docs"), chromedp.WaitVisible(chromedp.CSS("main")))
	b.until(`document.body.innerText.includes("/api/v2/charts/calculate")`)
	b.shoot("real-docs")
}
