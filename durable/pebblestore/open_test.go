package pebblestore

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/fortunet/fortunet/durable"
)

// A directory is open once: in this process by whatever path, and in another.
func TestLocked(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	s := openTest(t, dir)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, dir + "/../store", link} {
		if _, err := Open(path, Options{}); !errors.Is(err, ErrLocked) {
			t.Errorf("Open %s again: %v, want ErrLocked", path, err)
		}
	}
	if out, err := child(t, "open", dir).CombinedOutput(); err == nil || !strings.Contains(string(out), ErrLocked.Error()) {
		t.Errorf("another process: %v, %s; want %q", err, out, ErrLocked)
	}
	h := newHistory("a", 10)
	if err := h.write(t, s, 1); err != nil {
		t.Errorf("a write after the others were refused: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if out, err := child(t, "open", dir).CombinedOutput(); err != nil {
		t.Errorf("another process after Close: %v, %s", err, out)
	}
}

// child returns this test program as another process, doing what TestChild does for a role.
func child(t *testing.T, role, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestChild$")
	cmd.Env = append(os.Environ(), "PEBBLESTORE_ROLE="+role, "PEBBLESTORE_DIR="+dir)
	return cmd
}

// TestChild is the other process in tests that need one.
func TestChild(t *testing.T) {
	dir := os.Getenv("PEBBLESTORE_DIR")
	switch os.Getenv("PEBBLESTORE_ROLE") {
	case "open":
		s, err := Open(dir, Options{})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		s.Close()
	case "write":
		writeUntilKilled(dir)
	default:
		t.Skip("this is the other process in tests that need one")
	}
}

// What another program or a later version of this one wrote is refused and left alone.
func TestFormat(t *testing.T) {
	foreign := func(dir string, key, value []byte) {
		db, err := pebble.Open(dir, &pebble.Options{FormatMajorVersion: pebbleFormat, Logger: pebbleLog{&handle{guard: newGuard(vfs.Default, dir, nil)}}})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Set(key, value, pebble.Sync); err != nil {
			t.Fatal(err)
		}
		db.Close()
	}
	for _, test := range []struct {
		name       string
		key, value []byte
		want       error
	}{
		{"this version", layoutKey, []byte{layoutVersion}, nil},
		{"later version", layoutKey, []byte{layoutVersion + 1}, ErrFormat},
		{"longer version", layoutKey, []byte{0, 0}, ErrFormat},
		{"another program", []byte("key"), []byte("value"), ErrFormat},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			foreign(dir, test.key, test.value)
			s, err := Open(dir, Options{})
			if !errors.Is(err, test.want) {
				t.Fatalf("Open: %v, want %v", err, test.want)
			}
			if err == nil {
				s.Close()
			}
		})
	}
	t.Run("later pebble", func(t *testing.T) {
		dir := t.TempDir()
		openTest(t, dir).Close()
		marks, _ := filepath.Glob(filepath.Join(dir, "marker.format-version.*"))
		if len(marks) != 1 {
			t.Fatalf("format markers %q, want one", marks)
		}
		if err := os.Rename(marks[0], filepath.Join(dir, "marker.format-version.000099.999")); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir, Options{}); !errors.Is(err, ErrFormat) {
			t.Errorf("Open: %v, want ErrFormat", err)
		}
	})
}

// storeWithTables makes a closed store with tables and a log, and returns its files.
func storeWithTables(t *testing.T) (dir string, hs []*history) {
	t.Helper()
	dir = t.TempDir()
	hs = []*history{newHistory("a", 5000), newHistory("b", 20000)}
	s, err := open(dir, Options{}, vfs.Default, func(s *Store) {
		s.tune = func(o *pebble.Options) { o.MemTableSize = 64 << 10 }
	})
	if err != nil {
		t.Fatal(err)
	}
	if !writeAll(t, s, hs, 15) {
		t.Fatal("writes failed")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, hs
}

// Whatever byte of whatever file is damaged, cut off or lost, nothing panics, Open and
// reads tell by name what is the matter, and what is read is what was written.
func TestDamagedFiles(t *testing.T) {
	dir, hs := storeWithTables(t)
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	named := 0
	for _, file := range files {
		whole, err := os.ReadFile(filepath.Join(dir, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		damages := map[string][]byte{"lost": nil, "empty": {}}
		if len(whole) > 0 {
			damages["half"] = whole[:len(whole)/2]
			damages["zeros"] = make([]byte, len(whole))
			for range 12 {
				at := rnd.IntN(len(whole))
				flipped := bytes.Clone(whole)
				flipped[at] ^= 1 << rnd.IntN(8)
				damages[fmt.Sprintf("flipped at %d", at)] = flipped
			}
		}
		for damage, content := range damages {
			what := file.Name() + " " + damage
			copied := t.TempDir()
			if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(copied, file.Name())
			if content == nil {
				err = os.Remove(path)
			} else {
				err = os.WriteFile(path, content, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			if openDamaged(t, what, copied, hs) {
				named++
			}
		}
	}
	if named < 20 {
		t.Errorf("only %d damages were noticed in Open", named)
	}
}

// openDamaged opens a damaged store and reads it, and reports whether Open refused it.
func openDamaged(t *testing.T, what, dir string, hs []*history) (refused bool) {
	s, err := Open(dir, Options{})
	if err != nil {
		if !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrFormat) {
			t.Errorf("%s: Open: %v, want ErrCorrupt", what, err)
		}
		return true
	}
	defer s.Close()
	for _, h := range hs {
		kvs, err := s.Load(t.Context(), h.id)
		if err != nil {
			if !errors.Is(err, durable.ErrStore) {
				t.Errorf("%s: Load: %v, want ErrStore", what, err)
			}
			continue
		}
		for _, kv := range kvs {
			if kv.Key != "n" && !bytes.HasSuffix(kv.Value, h.fill) {
				t.Errorf("%s: key %s came back changed", what, kv.Key)
			}
		}
	}
	return false
}

// On a file system mounted read-only, and in a place that is no directory, Open says so.
func TestOpenNowhere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, filepath.Join(file, "store"), "/proc/store"} {
		if _, err := Open(path, Options{}); !errors.Is(err, durable.ErrStore) {
			t.Errorf("Open %s: %v, want ErrStore", path, err)
		}
	}
}

func TestCheckpoint(t *testing.T) {
	dir := t.TempDir()
	s := openTest(t, dir)
	defer s.Close()
	h := newHistory("a", 3000)
	if err := h.write(t, s, 20); err != nil {
		t.Fatal(err)
	}
	before := *h
	copied := filepath.Join(t.TempDir(), "sub", "backup")
	if err := s.Checkpoint(copied); err != nil {
		t.Fatalf("Checkpoint: %v", err)
	}
	if err := s.Checkpoint(copied); !errors.Is(err, os.ErrExist) {
		t.Errorf("Checkpoint onto a checkpoint: %v, want ErrExist", err)
	}
	if err := h.write(t, s, 5); err != nil {
		t.Fatal(err)
	}
	backup := openTest(t, copied)
	defer backup.Close()
	before.check(t, backup)
	if err := before.write(t, backup, 3); err != nil {
		t.Errorf("a write into the copy: %v", err)
	}
	h.check(t, s)
}

// Checkpoints taken while writers are busy hold each object at some instant of its history.
func TestCheckpointWhileWriting(t *testing.T) {
	s := openTest(t, t.TempDir())
	defer s.Close()
	hs := []*history{newHistory("a", 500), newHistory("b", 5000)}
	base := t.TempDir()
	for round := range 5 {
		started := []history{*hs[0], *hs[1]}
		finished := make(chan bool)
		go func() { finished <- writeAll(t, s, hs, 60) }()
		copied := filepath.Join(base, fmt.Sprint(round))
		if err := s.Checkpoint(copied); err != nil {
			t.Fatalf("Checkpoint: %v", err)
		}
		if !<-finished {
			t.Fatal("writes failed")
		}
		backup := openTest(t, copied)
		for i := range started {
			started[i].maximum = hs[i].maximum
			started[i].check(t, backup)
		}
		backup.Close()
	}
}

// A checkpoint that cannot be written is nobody's failure but its own.
func TestCheckpointFails(t *testing.T) {
	fs := newFaultFS(vfs.NewMem())
	s := mustOpenOn(t, fs)
	defer s.Close()
	h := newHistory("a", 3000)
	if err := h.write(t, s, 20); err != nil {
		t.Fatal(err)
	}
	for k := 1; ; k++ {
		var hit *change
		inBackup := 0
		fs.fault(func(c change) verdict {
			if c.dir != storeDir && c.name != "store" {
				if inBackup++; inBackup == k {
					hit = &c
					return verdict{err: errors.New("the backup disk is broken")}
				}
			}
			return verdict{}
		})
		err := s.Checkpoint(fmt.Sprintf("/backup%d", k))
		if hit == nil {
			if err != nil {
				t.Errorf("Checkpoint: %v", err)
			}
			if k < 5 {
				t.Errorf("a checkpoint makes only %d changes", k)
			}
			break
		}
		if _, err := fs.Stat(fmt.Sprintf("/backup%d", k)); err == nil && hit.op != "remove" && hit.op != "link" {
			t.Errorf("Checkpoint left something behind when %v failed", hit)
		}
		if err == nil && hit.op != "remove" && hit.op != "link" { // what cannot be linked is copied
			t.Errorf("Checkpoint is well though %v failed", hit)
		}
	}
	fs.fault(nil)
	if err := h.write(t, s, 3); err != nil {
		t.Errorf("a write after failed checkpoints: %v", err)
	}
	if m := s.Metrics(); m.Failures != 0 {
		t.Errorf("%d failures, want none", m.Failures)
	}
}

func TestMetrics(t *testing.T) {
	s := openTest(t, t.TempDir())
	defer s.Close()
	if err := newHistory("a", 10000).write(t, s, 100); err != nil {
		t.Fatal(err)
	}
	m := s.Metrics()
	if m.Failing || m.LowSpace || m.Failures != 0 {
		t.Errorf("a store that is well shows %+v", m)
	}
	if m.DiskBytes < 1<<20 || m.WALBytes < 1<<20 || m.WALFiles == 0 || m.MemTableBytes == 0 || m.FreeBytes == 0 {
		t.Errorf("after 2 MB of writes %+v", m)
	}
}

func TestTooLarge(t *testing.T) {
	s := openTest(t, t.TempDir())
	defer s.Close()
	b := &durable.Batch{ID: durable.ID{Type: "t"}, Keys: []durable.KeyOp{{Key: "k", Value: make([]byte, maxBatch)}}}
	if err := s.Submit(b); !errors.Is(err, durable.ErrTooLarge) {
		t.Errorf("Submit: %v, want ErrTooLarge", err)
	}
}

// Keys, names and types may be long.
func TestLongNames(t *testing.T) {
	dir := t.TempDir()
	s := openTest(t, dir)
	long := strings.Repeat("\x00x", 100_000)
	id := durable.ID{Type: long, Name: long}
	done := make(chan error, 1)
	err := s.Submit(&durable.Batch{ID: id, Keys: []durable.KeyOp{{Key: long, Value: []byte("v")}},
		Alarms: []durable.AlarmOp{{Name: long, New: 1}}, Done: func(err error) { done <- err }})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	s.Close()
	s = openTest(t, dir)
	defer s.Close()
	if kvs, err := s.Load(t.Context(), id); err != nil || len(kvs) != 1 || kvs[0].Key != long {
		t.Errorf("Load: %d keys, %v", len(kvs), err)
	}
	if names, err := s.List(t.Context(), long, "", 9); err != nil || len(names) != 1 || names[0] != long {
		t.Errorf("List: %d names, %v", len(names), err)
	}
}
