package objects

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/fortunet/fortunet"
)

func TestDecodeMessage(t *testing.T) {
	for _, c := range []struct{ in, typ, id, data string }{
		{`{"type":"heartbeat"}`, "heartbeat", "", ""},
		{" {\t\"data\" : {\"a\":[1, {\"b\":\"}\\\"\"}]} ,\r\n\"id\":-1.5e3 , \"type\":\"\\u0078\" } ", "x", "-1.5e3", `{"a":[1, {"b":"}\""}]}`},
		{`{"\u0074ype":"x","data":true}`, "x", "", "true"},
		{`{"type":"x","id":"一","data":[]}`, "x", `"一"`, "[]"},
		{`{"data":1,"type":"x"}`, "x", "", "1"},
		{`{"type":"x","data":` + strings.Repeat("[", 31) + strings.Repeat("]", 31) + `}`, "x", "", strings.Repeat("[", 31) + strings.Repeat("]", 31)},
	} {
		m, err := decodeMessage([]byte(c.in))
		if err != nil || m.Type != c.typ || string(m.ID) != c.id || string(m.Data) != c.data {
			t.Errorf("%s: %q %s %s, %v", c.in, m.Type, m.ID, m.Data, err)
		}
	}
	for _, bad := range []string{"", "{", "{}}", `{"type":"x",}`, `{"type":"x"}x`, `{"type" "x"}`, "{\"type\":\"\xff\"}", `{"type":"x","data":` + strings.Repeat("[", 32) + strings.Repeat("]", 32) + `}`,
		`{"type":"x","\u0074ype":"y"}`, `{"TYPE":"x"}`, `{"type":"x","id":true}`, `{"type":"x","id":[1]}`, `{"type":"x","to":"u2"}`} {
		if m, err := decodeMessage([]byte(bad)); err == nil {
			t.Errorf("%s: %+v", bad, m)
		}
	}
}

// FuzzDecodeMessage holds the decoder against encoding/json: what it takes is JSON and
// says the same, and whatever JSON is a message in its plainest form is taken.
func FuzzDecodeMessage(f *testing.F) {
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := decodeMessage(raw)
		answerHeartbeat(raw)
		chartID(raw)
		var all map[string]json.RawMessage
		if json.Unmarshal(raw, &all) != nil || all == nil {
			if err == nil {
				t.Fatalf("%q is no JSON object and is taken as %+v", raw, m)
			}
			return
		}
		var typ string
		json.Unmarshal(all["type"], &typ)
		if err == nil {
			if typ != m.Type || !bytes.Equal(all["id"], m.ID) || !bytes.Equal(all["data"], m.Data) || !utf8.Valid(raw) {
				t.Fatalf("%q is taken as %q %s %s", raw, m.Type, m.ID, m.Data)
			}
			return
		}
		plain := map[string]any{"type": typ, "data": all["data"]}
		if all["data"] == nil {
			delete(plain, "data")
		}
		again, jerr := json.Marshal(plain)
		if typ != "" && jerr == nil && utf8.Valid(again) && !deep(again) {
			if _, err := decodeMessage(again); err != nil {
				t.Fatalf("%q: %v", again, err)
			}
		}
	})
}

// Stored preferences have the defaults of settings that were added since.
func TestStoredPreferences(t *testing.T) {
	var p storedPreferences
	if err := json.Unmarshal([]byte(`{"theme":"dark"}`), &p); err != nil {
		t.Fatal(err)
	}
	want := fortunet.DefaultPreferences()
	want.Theme = fortunet.Dark
	if p.Preferences != want {
		t.Errorf("got %+v, want %+v", p, want)
	}
	var again storedPreferences
	if raw, err := json.Marshal(p); err != nil || json.Unmarshal(raw, &again) != nil || again != p {
		t.Errorf("got %+v, %v, want %+v", again, err, p)
	}
}

func TestHashText(t *testing.T) {
	_, h := NewToken("u")
	var back Hash
	if err := back.UnmarshalText([]byte(h.String())); err != nil || back != h {
		t.Errorf("%v is read back as %v, %v", h, back, err)
	}
	for _, bad := range []string{"", "00", strings.Repeat("x", 64), strings.Repeat("0", 66)} {
		if back.UnmarshalText([]byte(bad)) == nil {
			t.Errorf("%q is a hash", bad)
		}
	}
}

func TestParseToken(t *testing.T) {
	token, hash := NewToken("user-1")
	if id, h, err := ParseToken(token); err != nil || id != "user-1" || h != hash {
		t.Errorf("%s: %s %v %v", token, id, h, err)
	}
	seen := map[string]bool{}
	for range 1000 {
		token, _ := NewToken("u")
		if seen[token] {
			t.Fatal("a token came twice")
		}
		seen[token] = true
	}
	secret := token[strings.Index(token, "."):]
	for _, bad := range []string{"", ".", "dQ", "dQ.", secret, "dQ" + secret + "A", "dQ" + secret[:len(secret)-1], "d" + secret, "dR" + secret,
		"IA" + secret, "AA" + secret, "w6k" + secret, strings.Repeat("dXVV", 60) + secret} {
		if id, _, err := ParseToken(bad); err == nil {
			t.Errorf("%q names %q", bad, id)
		}
	}
}
