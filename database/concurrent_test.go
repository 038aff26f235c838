package database_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/fortunet/fortunet/database"
	"github.com/fortunet/fortunet/fault"
)

// Of many who want one address at the same time exactly one gets it, and the others
// leave nothing.
func TestOneAddress(t *testing.T) {
	db, path := empty(t)
	const addresses, rivals = 20, 8
	var won [addresses]atomic.Int32
	var wg sync.WaitGroup
	for i := range addresses * rivals {
		wg.Go(func() {
			_, err := db.CreateUser(t.Context(), fmt.Sprintf("u%d@example.org", i%addresses), "n", "phc")
			switch {
			case err == nil:
				won[i%addresses].Add(1)
			case fault.CodeOf(err) != "email_taken":
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for i := range won {
		if got := won[i].Load(); got != 1 {
			t.Errorf("u%d: %d accounts, want 1", i, got)
		}
	}
	var users, identities int
	err := direct(t, path).QueryRow("SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM identities)").Scan(&users, &identities)
	if err != nil || users != addresses || identities != addresses {
		t.Errorf("%d users, %d identities, %v, want %d each", users, identities, err, addresses)
	}
}

// Each of many changes to one row is kept: none writes back what it has not changed.
func TestNoLostChange(t *testing.T) {
	db, _ := empty(t)
	u := guest(t, db)
	c, err := db.CreateChart(t.Context(), newChart(u.ID))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for _, change := range []database.ChartChange{{Name: new("n")}, {Notes: new("o")}, {Tags: []string{"t"}}, {Engine: new("e")}} {
		wg.Go(func() {
			for range 10 {
				if _, err := db.UpdateChart(t.Context(), u.ID, c.ID, change); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	got, err := db.Chart(t.Context(), u.ID, c.ID)
	if err != nil || got.Name != "n" || got.Notes != "o" || fmt.Sprint(got.Tags) != "[t]" || got.Engine != "e" {
		t.Errorf("got %+v, %v", got, err)
	}
}

// killedEnv names the file of the process that TestKilled starts and kills.
const killedEnv = "FORTUNET_TEST_KILLED"

// TestKilledWriter is what that process does: it makes guests and tells their ids when
// they are made, until it is killed.
func TestKilledWriter(t *testing.T) {
	path := os.Getenv(killedEnv)
	if path == "" {
		t.Skip("it is the other process of TestKilled")
	}
	db := open(t, path)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for {
				u, err := db.CreateGuest(context.Background(), "g")
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				fmt.Println("made", u.ID)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

// What was answered before a process was killed is there afterwards.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	var made []string
	for range 3 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilledWriter$")
		cmd.Env = append(os.Environ(), killedEnv+"="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines, before := bufio.NewScanner(out), len(made)
		for lines.Scan() {
			id, ok := strings.CutPrefix(lines.Text(), "made ")
			if ok && len(id) == 36 {
				made = append(made, id)
			}
			if len(made) == before+100 {
				cmd.Process.Kill() // and read on what it had said by then
			}
		}
		cmd.Wait()
		if len(made) < before+100 {
			t.Fatalf("the process ended by itself after %d guests", len(made)-before)
		}
	}
	db := open(t, path)
	for _, id := range made {
		if _, err := db.User(t.Context(), id); err != nil {
			t.Errorf("a guest who was told of is gone: %v", err)
		}
	}
	if got := strings.Join(texts(t, direct(t, path), "PRAGMA integrity_check"), "; "); got != "ok" {
		t.Errorf("integrity: %s", got)
	}
}
