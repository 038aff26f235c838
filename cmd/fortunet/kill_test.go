package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Clients write while the program is killed at random instants and started again:
// every write that was acknowledged is there, and no state that never was.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the program again and again")
	}
	const clients, kills = 8, 6
	dir := t.TempDir()
	p := serve(t, dir, wide...)
	tokens, acked := make([]string, clients), make([]int, clients) // the newest acknowledged value
	for i := range tokens {
		tokens[i] = p.guest()
	}
	next := make([]int, clients) // the newest value ever sent
	for round := range kills {
		var wg sync.WaitGroup
		var writes atomic.Int64
		for i := range clients {
			wg.Go(func() {
				for {
					next[i]++
					status, _ := p.call("PATCH", "/api/v2/session", tokens[i], fmt.Sprintf(`{"metadata":{"a":%d,"b":%d}}`, next[i], -next[i]))
					if status == 0 {
						return
					}
					if status == http.StatusOK {
						acked[i] = next[i]
						writes.Add(1)
					}
				}
			})
		}
		for deadline := time.Now().Add(20 * time.Second); writes.Load() < int64(50+rand.IntN(200)) && time.Now().Before(deadline); {
			status, _ := p.call("GET", "/healthz", "", "")
			if status != http.StatusOK {
				t.Fatalf("healthz: %d", status)
			}
		}
		p.kill()
		wg.Wait()
		p = serve(t, dir, wide...)
		for i := range clients {
			m := p.metadata(tokens[i])
			if m["a"] != -m["b"] || m["a"] < acked[i] || m["a"] > next[i] {
				t.Fatalf("round %d, client %d: the session has %v; %d was acknowledged, %d was sent", round, i, m, acked[i], next[i])
			}
		}
	}
	if code := p.stop(); code != exitOK {
		t.Errorf("stopped with %d: %s", code, p.log)
	}
}

// Clients make API keys and revoke them while the program is killed at random instants:
// a key whose making was acknowledged is there, one that was revoked is not, and none is
// there twice, which it would be if anything were carried out again.
func TestKillOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the program again and again")
	}
	const clients, kills, most = 4, 4, 10
	dir := t.TempDir()
	p := serve(t, dir, wide...)
	makers := make([]keyMaker, clients)
	for i := range makers {
		m := &makers[i]
		m.keys, m.gone = map[string]string{}, map[string]bool{}
		status, body := p.call("POST", "/api/v2/auth/register", "", fmt.Sprintf(`{"email":"k%d@example.tw","password":"correct horse"}`, i))
		var answer struct{ Token string }
		if err := json.Unmarshal([]byte(body), &answer); status != http.StatusCreated || err != nil {
			t.Fatalf("%d %s", status, body)
		}
		m.token = answer.Token
	}
	for range kills {
		var wg sync.WaitGroup
		var acked atomic.Int64
		enough := make(chan struct{})
		want := int64(40 + rand.IntN(100))
		for i := range makers {
			wg.Go(func() {
				for makers[i].step(p, most) {
					if acked.Add(1) == want {
						close(enough)
					}
				}
			})
		}
		<-enough
		p.kill()
		wg.Wait()
		p = serve(t, dir, wide...)
		for i := range makers {
			makers[i].check(t, p)
		}
	}
}

// A keyMaker makes API keys, each with a name of its own, and knows which it must have.
type keyMaker struct {
	token string
	made  int               // how many names were used
	keys  map[string]string // name -> id of those it was told of and has not begun to revoke
	gone  map[string]bool   // names whose keys were revoked
	names []string          // of keys, the oldest first
}

// step makes a key or, where there are many, revokes one. It reports whether the program
// said that this is done.
func (m *keyMaker) step(p *program, most int) bool {
	if len(m.names) >= most {
		name := m.names[0]
		id := m.keys[name]
		m.names = m.names[1:]
		delete(m.keys, name)
		status, _ := p.call("DELETE", "/api/v2/keys/"+id, m.token, "")
		if status == http.StatusOK {
			m.gone[name] = true
		}
		return status == http.StatusOK
	}
	m.made++
	name := fmt.Sprint("key ", m.made)
	status, body := p.call("POST", "/api/v2/keys", m.token, fmt.Sprintf(`{"name":%q,"scopes":["charts:read"]}`, name))
	var key struct{ ID string }
	if err := json.Unmarshal([]byte(body), &key); status != http.StatusCreated || err != nil {
		return false
	}
	m.keys[name] = key.ID
	m.names = append(m.names, name)
	return true
}

// check compares the keys there are with those the maker was told of, and takes up those
// whose making was cut short.
func (m *keyMaker) check(t *testing.T, p *program) {
	t.Helper()
	status, body := p.call("GET", "/api/v2/keys", m.token, "")
	var there []struct{ ID, Name string }
	if err := json.Unmarshal([]byte(body), &there); status != http.StatusOK || err != nil {
		t.Fatalf("%d %s", status, body)
	}
	seen := map[string]bool{}
	for _, key := range there {
		if seen[key.Name] {
			t.Errorf("%s is there twice", key.Name)
		}
		if m.gone[key.Name] {
			t.Errorf("%s was revoked and is there", key.Name)
		}
		seen[key.Name] = true
		if known, ok := m.keys[key.Name]; ok && known != key.ID {
			t.Errorf("%s has become another key", key.Name)
		} else if !ok {
			m.keys[key.Name] = key.ID
			m.names = append(m.names, key.Name)
		}
	}
	for name := range m.keys {
		if !seen[name] {
			t.Errorf("%s was made and is not there", name)
		}
	}
}
