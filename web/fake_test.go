package web_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"

	"github.com/fortunet/fortunet/web"
)

// A fakeServer serves the pages beside an API that knows one chart. It records
// what it is asked and can be told to refuse.
type fakeServer struct {
	*httptest.Server
	t *testing.T

	mu       sync.Mutex
	guests   int
	asked    []map[string]any            // bodies of calculate
	refusal  func(w http.ResponseWriter) // answers calculate instead, once
	ended    bool                        // the session, at the next calculate
	moment   map[string]any              // added to the chart
	answers  map[string]map[string]any   // the chart by language
	strange  []string                    // requests nobody should have made
	sessions map[string]bool
}

// startFake starts the server; it closes with the test.
func startFake(t *testing.T) *fakeServer {
	t.Helper()
	f := &fakeServer{t: t, sessions: map[string]bool{}}
	f.answers = map[string]map[string]any{"zh-TW": readChart(t), "en": readChart(t)}
	var names map[string]map[string]string
	readJSON(t, "testdata/names_en.json", &names)
	toEnglish(f.answers["en"], names)

	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/v2/auth/guest", f.guest)
	mux.HandleFunc("POST /api/v2/charts/calculate", f.calculate)
	mux.HandleFunc("GET /api/v2/charts/{id}", func(w http.ResponseWriter, r *http.Request) {
		reply(w, 200, "application/json", map[string]any{
			"id": r.PathValue("id"), "language": r.URL.Query().Get("language"), "token": r.Header.Get("Authorization"),
		})
	})
	mux.HandleFunc("GET /openapi.json", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, "testdata/openapi.json") })
	mux.Handle("/", web.Handler())
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery != "" && r.URL.Path != "/api/v2/charts/c-1" {
			f.mu.Lock()
			f.strange = append(f.strange, r.URL.String())
			f.mu.Unlock()
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *fakeServer) guest(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Cookie bool `json:"cookie"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || !in.Cookie {
		reply(w, 422, "application/problem+json", map[string]any{"code": "invalid", "status": 422})
		return
	}
	f.mu.Lock()
	f.guests++
	token := fmt.Sprintf("guest-%d", f.guests)
	f.sessions[token] = true
	f.mu.Unlock()
	http.SetCookie(w, &http.Cookie{Name: "fortunet_session", Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	reply(w, 201, "application/json", map[string]any{"user": map[string]any{"guest": true}})
}

func (f *fakeServer) calculate(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ended {
		f.ended = false
		clear(f.sessions)
	}
	if c, err := r.Cookie("fortunet_session"); err != nil || !f.sessions[c.Value] {
		reply(w, 401, "application/problem+json", map[string]any{"code": "unauthorized", "status": 401})
		return
	}
	var in map[string]any
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		f.t.Errorf("calculate got no JSON: %v", err)
	}
	f.asked = append(f.asked, in)
	if refuse := f.refusal; refuse != nil {
		f.refusal = nil
		refuse(w)
		return
	}
	language, _ := in["language"].(string)
	data := maps.Clone(f.answers[language])
	if f.moment != nil {
		data["moment"] = f.moment
	}
	reply(w, 200, "application/json", map[string]any{"success": true, "data": data, "cached": false, "calculationTime": 1.5, "chartKey": "ziwei:test"})
}

// made returns how many guests were made.
func (f *fakeServer) made() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.guests
}

// set looks at the server, or changes what it does next.
func (f *fakeServer) set(change func(f *fakeServer)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

// last returns the newest body of calculate and how many there were.
func (f *fakeServer) last() (map[string]any, int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.asked) == 0 {
		return nil, 0
	}
	return f.asked[len(f.asked)-1], len(f.asked)
}

// problem returns a refusal with a problem document.
func problem(status int, members map[string]any) func(http.ResponseWriter) {
	members["status"] = status
	return func(w http.ResponseWriter) { reply(w, status, "application/problem+json", members) }
}

func reply(w http.ResponseWriter, status int, contentType string, v any) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func readJSON(t *testing.T, name string, v any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, v); err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
}

// readChart returns the recorded chart.
func readChart(t *testing.T) map[string]any {
	t.Helper()
	var file struct {
		Out map[string]any `json:"out"`
	}
	readJSON(t, "testdata/chart.json", &file)
	return file.Out
}

// contexts are the tables an English name is looked up in, by the member it stands in.
var contexts = map[string]string{
	"name": "palace", "major": "majorOrMinor", "minor": "majorOrMinor", "adjective": "adjective", "soulStar": "majorOrMinor",
	"bodyStar": "majorOrMinor", "time": "time", "sign": "sign", "animal": "animal", "fiveElements": "fiveElements",
	"changsheng12": "changsheng12", "boshi12": "boshi12", "suiqian12": "suiqian12", "jiangqian12": "jiangqian12",
}

// toEnglish replaces the names in a chart, in place.
func toEnglish(node map[string]any, names map[string]map[string]string) {
	for member, value := range node {
		switch v := value.(type) {
		case map[string]any:
			nameInEnglish(v, names[contexts[member]], names)
		case []any:
			for _, item := range v {
				if m, ok := item.(map[string]any); ok {
					nameInEnglish(m, names[contexts[member]], names)
				}
			}
		}
	}
}

func nameInEnglish(m map[string]any, table map[string]string, names map[string]map[string]string) {
	if key, ok := m["key"].(string); ok && table[key] != "" {
		m["name"] = table[key]
	}
	for _, part := range []string{"brightness", "mutagen"} {
		if key, ok := m[part].(string); ok && key != "" {
			m[part+"Name"] = names[part][key]
		}
	}
	if _, ok := m["key"]; !ok {
		toEnglish(m, names)
	}
}
