package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A backup of a running server restores to what was acknowledged before it.
func TestBackupAndRestore(t *testing.T) {
	dir, to, restored := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "backup"), filepath.Join(t.TempDir(), "restored")
	p := serve(t, dir, wide...)
	token := p.guest()
	p.call("PATCH", "/api/v2/session", token, `{"metadata":{"a":7}}`)
	console := func(args ...string) (int, string) {
		got := fortunetRun(t, nil, nil, args...)
		return got.code, got.stdout + got.stderr
	}
	if code, text := console("backup", "--data", dir, to); code != exitOK {
		t.Fatalf("backup: %d %s", code, text)
	}
	if code, _ := console("backup", "--data", dir, to); code == exitOK {
		t.Error("a backup has overwritten another")
	}
	if code, text := console("restore", "--data", restored, to); code != exitOK {
		t.Fatalf("restore: %d %s", code, text)
	}
	if code, _ := console("restore", "--data", restored, to); code == exitOK {
		t.Error("a restore has overwritten a data directory")
	}
	again := serve(t, restored, wide...)
	if m := again.metadata(token); m["a"] != 7 {
		t.Errorf("restored: %v", m)
	}
	p.stop()
	if code, text := console("backup", "--data", dir, to+"2"); code != exitOK {
		t.Errorf("backup of a stopped server: %d %s", code, text)
	}
	for _, name := range []string{keysFile, databaseFile} {
		if info, err := os.Stat(filepath.Join(restored, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	for _, dir := range []string{to, filepath.Join(to, objectsDir), restored, filepath.Join(restored, objectsDir)} {
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v", dir, info.Mode(), err)
		}
	}
	if code, text := console("restore", "--data", restored+"2", dir); code != exitFailed || !strings.Contains(text, "fortunet backup") {
		t.Errorf("a data directory is taken for a backup: %d %s", code, text)
	}
}

// A backup that is broken leaves nothing behind, and another can be restored there.
func TestRestoreOfWhatIsBroken(t *testing.T) {
	dir, to := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "backup")
	serve(t, dir).stop()
	if got := fortunetRun(t, nil, nil, "backup", "--data", dir, to); got.code != exitOK {
		t.Fatal(got)
	}
	broken := filepath.Join(t.TempDir(), "broken")
	if err := os.CopyFS(broken, os.DirFS(to)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(broken, databaseFile), []byte("this is no database, whatever its name says"), 0o600); err != nil {
		t.Fatal(err)
	}
	there := t.TempDir()
	for _, data := range []string{there, filepath.Join(t.TempDir(), "new")} {
		if got := fortunetRun(t, nil, nil, "restore", "--data", data, broken); got.code != exitFailed || !strings.Contains(got.stderr, "damaged") {
			t.Errorf("%+v", got)
		}
		entries, err := os.ReadDir(data)
		if len(entries) > 0 || (err == nil) != (data == there) {
			t.Errorf("left behind: %v, %v", entries, err)
		}
		if got := fortunetRun(t, nil, nil, "restore", "--data", data, to); got.code != exitOK {
			t.Errorf("%+v", got)
		}
	}
	err := filepath.WalkDir(there, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if path != there && info.Mode().Perm()&0o077 != 0 && filepath.Dir(path) == there {
			t.Errorf("%s can be read by others: %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// A data directory that was whole and is not any more is not begun anew in part.
func TestServeWithoutAPart(t *testing.T) {
	for _, gone := range []string{databaseFile, objectsDir} {
		dir := t.TempDir()
		serve(t, dir).stop()
		if err := os.RemoveAll(filepath.Join(dir, gone)); err != nil {
			t.Fatal(err)
		}
		got := fortunetRun(t, nil, nil, "serve", "--data", dir, "--addr", "127.0.0.1:0")
		if _, err := os.Stat(filepath.Join(dir, gone)); got.code != exitFailed || !strings.Contains(got.stderr, gone+" is gone") || err == nil {
			t.Errorf("%s: %+v, %v", gone, got, err)
		}
	}
}
