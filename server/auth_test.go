package server_test

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/objects"
	"github.com/fortunet/fortunet/server"
)

func TestGuest(t *testing.T) {
	w := newWorld(t)
	r := w.do(ask{method: "POST", path: "/api/v2/auth/guest", header: map[string]string{"Accept-Language": "en"}}).wants(201, "")
	in := r.signedIn()
	if in.Token == "" || in.User.ID == "" || in.User.Plan != fortunet.Free || !in.User.Guest || in.User.Name != "Guest" || in.User.Email != "" {
		t.Errorf("guest %+v", in)
	}
	if got, want := r.Header.Get("RateLimit"), `"default";r=99;t=3600`; got != want {
		t.Errorf("RateLimit %q, want %q", got, want)
	}
	if r.Header.Get("Set-Cookie") != "" {
		t.Error("a cookie nobody asked for")
	}
	var view objects.SessionView
	w.do(ask{path: "/api/v2/session", token: in.Token}).wants(200, "").decode(&view)
	if view.User.ID != in.User.ID || len(view.Devices) != 1 || view.Devices[0].Address != "192.0.2.1" {
		t.Errorf("session %+v", view)
	}
	for body, code := range map[string]string{`{"cookie":1}`: "wrong_type", `{"cookies":true}`: "unknown_field", `{"Cookie":true}`: "unknown_field",
		`{"cookie":true,"cookie":false}`: "duplicate_field", `{"cookie"`: "malformed_json", `[]`: "wrong_type", "{\"\xff\":1}": "invalid_utf8",
		`{"cookie":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`: "too_deep", `{} {}`: "malformed_json"} {
		w.do(ask{path: "/api/v2/auth/guest", body: body}).wants(400, code)
	}
	w.do(ask{path: "/api/v2/auth/guest", body: `{"cookie":` + strings.Repeat(" ", 1<<20) + `true}`}).wants(413, "too_large")
	w.do(ask{path: "/api/v2/auth/guest", body: "cookie=true", header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}}).wants(415, "unsupported_media_type")
	w.do(ask{method: "POST", path: "/api/v2/auth/guest?cookie=true"}).wants(400, "unknown_field")
}

// A guest who wants a cookie gets one that no script can read, and no token.
func TestGuestCookie(t *testing.T) {
	w := newWorld(t, func(c *setup) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} })
	a := ask{path: "/api/v2/auth/guest", body: `{"cookie":true}`}
	c := cookieOf(t, a.wants(w, 201, ""))
	if c.Name != "fortunet_session" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Secure || c.MaxAge <= 0 {
		t.Errorf("cookie %+v", c)
	}
	if got := w.do(a).signedIn().Token; got != "" {
		t.Errorf("the token is told as well: %q", got)
	}
	w.do(ask{path: "/api/v2/session", header: map[string]string{"Cookie": c.Name + "=" + c.Value}}).wants(200, "")
	a.from, a.header = "10.1.2.3", map[string]string{"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.1"}
	r := a.wants(w, 201, "")
	if !cookieOf(t, r).Secure || r.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("behind TLS: %v", r.Header)
	}
	a.from = "198.51.100.9" // not a trusted proxy
	if cookieOf(t, a.wants(w, 201, "")).Secure {
		t.Error("anybody may say that they came over TLS")
	}
}

func cookieOf(t *testing.T, r reply) *http.Cookie {
	t.Helper()
	cookies := (&http.Response{Header: r.Header}).Cookies()
	if len(cookies) != 1 {
		t.Fatalf("%d cookies: %v", len(cookies), r.Header)
	}
	return cookies[0]
}

// Making guests counts by address, an IPv6 one by its /64, and nothing that a client
// sends can choose another bucket.
func TestGuestBuckets(t *testing.T) {
	rules := fortunet.DefaultRules()
	if err := rules.Configure("default=3/1h"); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, func(c *setup) {
		c.Rules, c.TrustedProxies = rules, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	})
	guest := func(status int, from string, forwarded ...string) {
		t.Helper()
		a := ask{method: "POST", path: "/api/v2/auth/guest", from: from}
		r := a.request()
		for _, f := range forwarded {
			r.Header.Add("X-Forwarded-For", f)
		}
		r.Header.Set("X-Real-IP", "203.0.113.200")
		r.Header.Set("X-User-Id", "somebody")
		r.Header.Set("Forwarded", "for=203.0.113.201")
		r.Header.Set("True-Client-IP", "203.0.113.202")
		got := w.serve(r)
		if got.Status != status {
			t.Errorf("from %s, %v: %d, want %d", from, forwarded, got.Status, status)
		}
	}
	for range 3 {
		guest(201, "198.51.100.1")
	}
	guest(429, "198.51.100.1")
	guest(429, "198.51.100.1", "203.0.113.1") // not a proxy of ours
	guest(201, "198.51.100.2")
	guest(429, "::ffff:198.51.100.1") // the same, written otherwise
	for _, from := range []string{"2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:2:3:4:5:6"} {
		guest(201, from)
	}
	guest(429, "2001:db8:1:2::77")
	guest(201, "2001:db8:1:3::1")
	guest(429, "10.0.0.1", "198.51.100.1")                                 // what our proxy saw
	guest(429, "10.0.0.1", "203.0.113.50, 198.51.100.1")                   // what the client made up stands before it
	guest(429, "10.0.0.1", "203.0.113.51", "198.51.100.1, 10.9.9.9")       // two proxies of ours, two headers
	guest(429, "fd00::1", "[2001:db8:1:2::5]:4711")                        // a proxy that tells ports
	guest(201, "10.0.0.1", "203.0.113.60")                                 // somebody else
	guest(201, "10.0.0.2", "rubbish")                                      // what cannot be read is the proxy's own
	guest(201, "10.0.0.2", "203.0.113.61, rubbish, ")                      // nor anything before it
	guest(201, "10.0.0.2", "")                                             //
	guest(429, "10.0.0.2", "rubbish")                                      // counted as the proxy's
	guest(201, "198.51.100.3", strings.Repeat("203.0.113.1, ", 2000))      // long, and not believed
	guest(429, "10.0.0.1", strings.Repeat("1.1.1.1,", 500)+"198.51.100.1") // long, and believed at its end
}

func TestRegisterAndLogin(t *testing.T) {
	w := newWorld(t)
	in := w.do(ask{path: "/api/v2/auth/register", body: `{"email":" Ann@Example.org ","password":"correct horse","name":"Ann"}`}).wants(201, "").signedIn()
	if in.User.Email != "ann@example.org" || in.User.Guest || in.User.Name != "Ann" || in.Token == "" {
		t.Errorf("registered %+v", in)
	}
	w.do(ask{path: "/api/v2/auth/register", body: `{"email":"ann@example.org","password":"other horse"}`}).wants(409, "email_taken")
	login := func(body string, status int, code string) reply {
		t.Helper()
		return w.do(ask{path: "/api/v2/auth/login", body: body}).wants(status, code)
	}
	again := login(`{"email":"ANN@example.org","password":"correct horse"}`, 200, "").signedIn()
	if again.User.ID != in.User.ID || again.Token == in.Token {
		t.Errorf("signed in as %+v", again)
	}
	unknown := login(`{"email":"bob@example.org","password":"correct horse"}`, 401, "wrong_credentials").problem()
	wrong := login(`{"email":"ann@example.org","password":"wrong horse"}`, 401, "wrong_credentials").problem()
	unknown.RequestID, wrong.RequestID = "", ""
	if unknown != wrong {
		t.Errorf("an unknown address and a wrong password can be told apart:\n%+v\n%+v", unknown, wrong)
	}
	login(`{"email":"no address","password":"x"}`, 401, "wrong_credentials")
	login(`{"email":"ann@example.org"}`, 400, "missing_field")
	cookie := cookieOf(t, login(`{"email":"ann@example.org","password":"correct horse","cookie":true}`, 200, ""))
	w.do(ask{path: "/api/v2/session", header: map[string]string{"Cookie": cookie.Name + "=" + cookie.Value}}).wants(200, "")
	for body, code := range map[string]string{
		`{"email":"x@example.org","password":"short"}`:                                                   "password_too_short",
		`{"email":"x@example.org","password":"` + strings.Repeat("長", 1000) + `"}`:                       "password_too_long",
		`{"email":"x@example.org","password":"` + strings.Repeat("x", 2000) + `"}`:                       "password_too_long",
		`{"email":"x at example.org","password":"correct horse"}`:                                        "invalid_email",
		`{"password":"correct horse"}`:                                                                   "missing_field",
		`{"email":"x@example.org","password":"correct horse","role":"admin"}`:                            "unknown_field",
		`{"email":"x@example.org","password":"correct horse","plan":"professional"}`:                     "unknown_field",
		`{"email":"x@example.org","password":["correct horse"]}`:                                         "wrong_type",
		`{"email":"x@example.org","password":"correct horse","name":"` + strings.Repeat("n", 101) + `"}`: "too_long",
	} {
		w.do(ask{path: "/api/v2/auth/register", body: body, from: "198.51.100.8"}).wants(400, code)
	}
}

// A guest who registers stays who they are, with everything that is theirs; the token
// is another.
func TestRegisterGuest(t *testing.T) {
	w := newWorld(t)
	token, id := w.guest()
	key := w.calculate(token, birth(0)).chart().ChartKey
	a := ask{path: "/api/v2/auth/register", body: `{"email":"ann@example.org","password":"correct horse","name":"Ann"}`, token: token}
	in := a.wants(w, 201, "").signedIn()
	if in.User.ID != id || in.User.Guest || in.Token == token || in.Token == "" {
		t.Errorf("registered %+v", in)
	}
	w.do(ask{path: "/api/v2/session", token: token}).wants(401, "invalid_token")
	var view objects.SessionView
	w.do(ask{path: "/api/v2/session", token: in.Token}).wants(200, "").decode(&view)
	if view.User.Guest || view.User.Email != "ann@example.org" || len(view.ActiveCharts) != 1 || view.ActiveCharts[0] != key || len(view.Devices) != 1 {
		t.Errorf("session %+v", view)
	}
	a.token = in.Token
	a.wants(w, 409, "registered_already")
	a.token = "rubbish"
	a.wants(w, 401, "invalid_token")
	a.token, a.header = "", map[string]string{"Cookie": "fortunet_session=rubbish"} // a stale cookie is nobody
	a.body = strings.Replace(a.body, "ann@", "bob@", 1)
	a.wants(w, 201, "")
}

// Ten wrong passwords lock an account's sign-in, from wherever they come, whatever the
// class's limit is; nobody else is concerned.
func TestLoginTries(t *testing.T) {
	rules := fortunet.DefaultRules()
	if err := rules.Configure("default=1000003/1h"); err != nil {
		t.Fatal(err)
	}
	for name, rules := range map[string]fortunet.Rules{"default": fortunet.DefaultRules(), "raised": rules} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(c *setup) { c.Rules = rules })
			w.account("ann@example.org")
			w.account("bob@example.org")
			login := func(n int, email, password string) reply {
				return w.do(ask{path: "/api/v2/auth/login", from: fmt.Sprintf("198.51.100.%d", n+1),
					body: `{"email":"` + email + `","password":"` + password + `"}`})
			}
			for n := range 9 {
				login(n, "ann@example.org", "wrong horse").wants(401, "wrong_credentials")
				login(n, "nobody@example.org", "wrong horse").wants(401, "wrong_credentials")
			}
			login(50, "ann@example.org", "correct horse").wants(200, "") // which costs nothing
			for _, email := range []string{"ann@example.org", " ANN@example.org", "nobody@example.org"} {
				status, code := 401, "wrong_credentials"
				if email == " ANN@example.org" {
					status, code = 429, "too_many_logins"
				}
				r := login(60, email, "wrong horse").wants(status, code)
				if status == 429 && r.Header.Get("Retry-After") == "" {
					t.Error("no Retry-After")
				}
			}
			for _, spelling := range []string{"ann@example.org", "\uff41nn@example.org", "ann\uff20example.org", "ann@example\uff0eorg", "ann@example.org\u3000", "\u1d2cnn@example.org"} {
				login(61, spelling, "correct horse").wants(429, "too_many_logins")
			}
			login(62, "nobody@example.org", "x").wants(429, "too_many_logins")
			login(63, "bob@example.org", "correct horse").wants(200, "")
		})
	}
}

// Logging in counts by address too.
func TestLoginByAddress(t *testing.T) {
	w := newWorld(t)
	for n := range 100 {
		w.do(ask{path: "/api/v2/auth/login", body: `{"email":"` + strconv.Itoa(n) + `","password":"x"`}).wants(400, "malformed_json")
	}
	w.do(ask{path: "/api/v2/auth/login", body: `{"email":"x@example.org","password":"x"}`}).wants(429, "rate_limited")
	w.do(ask{path: "/api/v2/auth/login", body: `{"email":"x@example.org","password":"x"}`, from: "198.51.100.1"}).wants(401, "wrong_credentials")
}

// When the answer to a logout comes the token is refused.
func TestLogout(t *testing.T) {
	w := newWorld(t)
	token, _ := w.account("ann@example.org")
	logout := ask{method: "POST", path: "/api/v2/auth/logout", token: token}
	logout.wants(w, 204, "")
	w.do(ask{path: "/api/v2/session", token: token}).wants(401, "invalid_token")
	logout.wants(w, 401, "invalid_token")
	cookie := cookieOf(t, w.do(ask{path: "/api/v2/auth/guest", body: `{"cookie":true}`}))
	logout.token, logout.header = "", map[string]string{"Cookie": cookie.Name + "=" + cookie.Value}
	for range 2 { // the second time the cookie is of no use, and goes all the same
		if c := cookieOf(t, logout.wants(w, 204, "")); c.MaxAge >= 0 || c.Value != "" {
			t.Errorf("the cookie stays: %+v", c)
		}
	}
	w.do(ask{path: "/api/v2/session", header: logout.header}).wants(401, "invalid_token")
	w.do(ask{method: "POST", path: "/api/v2/auth/logout"}).wants(401, "sign_in")
}

// What a page of another origin makes a browser do with its cookie is refused.
func TestCrossOrigin(t *testing.T) {
	w := newWorld(t, func(c *setup) { c.Origins = []string{"https://app.example.org"} })
	c := cookieOf(t, w.do(ask{path: "/api/v2/auth/guest", body: `{"cookie":true}`}))
	token, _ := w.guest()
	cookie := c.Name + "=" + c.Value
	for _, x := range []struct {
		name   string
		method string
		header map[string]string
		token  string
		status int
	}{
		{"same origin", "PATCH", map[string]string{"Cookie": cookie, "Origin": "http://example.com", "Sec-Fetch-Site": "same-origin"}, "", 200},
		{"a program", "PATCH", map[string]string{"Cookie": cookie}, "", 200},
		{"another origin", "PATCH", map[string]string{"Cookie": cookie, "Origin": "https://evil.example"}, "", 403},
		{"another site", "PATCH", map[string]string{"Cookie": cookie, "Sec-Fetch-Site": "cross-site"}, "", 403},
		{"a sister", "PATCH", map[string]string{"Cookie": cookie, "Sec-Fetch-Site": "same-site"}, "", 403},
		{"nowhere", "PATCH", map[string]string{"Cookie": cookie, "Origin": "null"}, "", 403},
		{"no cookie yet", "PATCH", map[string]string{"Origin": "https://evil.example"}, "", 403},
		{"allowed", "PATCH", map[string]string{"Cookie": cookie, "Origin": "https://app.example.org", "Sec-Fetch-Site": "cross-site"}, "", 200},
		{"nearly allowed", "PATCH", map[string]string{"Cookie": cookie, "Origin": "https://app.example.org.evil.example"}, "", 403},
		{"its own token", "PATCH", map[string]string{"Origin": "https://evil.example"}, token, 200},
		{"reading", "GET", map[string]string{"Cookie": cookie, "Origin": "https://evil.example"}, "", 200},
	} {
		t.Run(x.name, func(t *testing.T) {
			w.t = t
			a := ask{method: x.method, path: "/api/v2/session", header: x.header, token: x.token}
			if x.method == "PATCH" {
				a.body = `{"preferences":{"theme":"dark"}}`
			}
			r := a.wants(w, x.status, "cross_origin")
			allowed := r.Header.Get("Access-Control-Allow-Origin")
			if want := x.name == "allowed"; want != (allowed == "https://app.example.org") || want != (r.Header.Get("Access-Control-Allow-Credentials") == "true") {
				t.Errorf("Access-Control-Allow-Origin %q", allowed)
			}
		})
	}
	w.t = t
	preflight := ask{method: "OPTIONS", path: "/api/v2/session", header: map[string]string{"Origin": "https://app.example.org",
		"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "content-type"}}
	if r := preflight.wants(w, 204, ""); !strings.Contains(r.Header.Get("Access-Control-Allow-Methods"), "PATCH") ||
		!strings.Contains(r.Header.Get("Access-Control-Allow-Headers"), "Authorization") || r.Header.Get("Vary") == "" {
		t.Errorf("preflight %v", r.Header)
	}
	if r := w.do(ask{path: "/api/v2/places?q=taipei"}).wants(200, ""); !slices.Contains(r.Header.Values("Vary"), "Origin") {
		t.Errorf("a cache may give the answer to another origin: Vary %q", r.Header.Values("Vary"))
	}
	preflight.header["Origin"] = "https://evil.example"
	if r := w.do(preflight); r.Header.Get("Access-Control-Allow-Origin") != "" || r.Header.Get("Access-Control-Allow-Methods") != "" {
		t.Errorf("preflight of a stranger: %v", r.Header)
	}
}

func TestOptions(t *testing.T) {
	w := newWorld(t)
	good := server.Options{Runtime: w.rt, Accounts: w.db, Secret: []byte("sixteen bytes at least")}
	if _, err := server.New(good); err != nil {
		t.Errorf("good options: %v", err)
	}
	for name, change := range map[string]func(*server.Options){
		"no runtime":   func(o *server.Options) { o.Runtime = nil },
		"no accounts":  func(o *server.Options) { o.Accounts = nil },
		"short secret": func(o *server.Options) { o.Secret = []byte("short") },
		"any origin":   func(o *server.Options) { o.Origins = []string{"*"} },
		"no scheme":    func(o *server.Options) { o.Origins = []string{"example.org"} },
		"a path":       func(o *server.Options) { o.Origins = []string{"https://example.org/"} },
	} {
		o := good
		change(&o)
		if _, err := server.New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// However many sign in at once, few passwords are hashed at a time, and whoever cannot
// wait is told so.
func TestManyLogins(t *testing.T) {
	w := newWorld(t)
	var wg sync.WaitGroup
	statuses := make([]int, 90)
	for n := range statuses {
		wg.Go(func() {
			statuses[n] = w.do(ask{path: "/api/v2/auth/login", from: fmt.Sprintf("198.51.100.%d", n+1),
				body: fmt.Sprintf(`{"email":"u%d@example.org","password":"wrong horse"}`, n)}).Status
		})
	}
	wg.Wait()
	count := map[int]int{}
	for _, s := range statuses {
		count[s]++
	}
	if count[401]+count[503] != len(statuses) || count[401] == 0 || w.s.Hashes() != uint64(count[401]) {
		t.Errorf("statuses %v, %d hashes", count, w.s.Hashes())
	}
}

// A client that goes away does not stop what it asked for from being undone or done.
func TestCancelled(t *testing.T) {
	w := newWorld(t)
	token, _ := w.guest()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := ask{path: "/api/v2/charts/calculate", body: birth(0), token: token}.request().WithContext(ctx)
	if got := w.serve(r).Status; got != 200 && got != 503 {
		t.Errorf("status %d", got)
	}
	w.calculate(token, birth(0)).wants(200, "")
}
