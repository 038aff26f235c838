package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A process that is killed while it makes the secrets leaves none that are cut off.
func TestSecretsAreWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), keysFile)
	if err := os.WriteFile(path+".part", []byte(`{"chart": "aGFsZ`), 0o600); err != nil {
		t.Fatal(err)
	}
	made, err := openKeys(path)
	if err != nil {
		t.Fatal(err)
	}
	read, err := openKeys(path)
	if err != nil || string(read.Chart) != string(made.Chart) {
		t.Errorf("read %x, %v, want %x", read.Chart, err, made.Chart)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if err := os.WriteFile(path, []byte(`{"chart": "aGFsZ`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openKeys(path); err == nil {
		t.Error("secrets that are cut off are taken")
	}
}

// Removing the secrets rotates them: cached charts are misses, and nobody is signed out.
func TestRotateSecrets(t *testing.T) {
	dir := t.TempDir()
	p := serve(t, dir)
	token := p.guest()
	const chart = `{"chartType":"ziwei","birthDate":"1990-05-17","timeIndex":4,"gender":"female"}`
	p.call("POST", "/api/v2/charts/calculate", token, chart)
	if code := p.stop(); code != exitOK {
		t.Fatalf("stopped with %d: %s", code, p.log)
	}
	if err := os.Remove(filepath.Join(dir, keysFile)); err != nil {
		t.Fatal(err)
	}
	p = serve(t, dir)
	if status, body := p.call("POST", "/api/v2/charts/calculate", token, chart); status != http.StatusOK || !strings.Contains(body, `"cached":false`) {
		t.Errorf("after the rotation: %d %.200s", status, body)
	}
}
