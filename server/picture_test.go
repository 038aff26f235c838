package server_test

import (
	"bytes"
	"image/png"
	"strings"
	"testing"
)

const westernBirth = `{"chartType":"zodiac","utc":"1990-05-17T06:30:00Z","location":{"latitude":25.0375,"longitude":121.5637}}`

// A picture is drawn once for all who ask for it, belongs to the class of downloads,
// and is not sent again to who has it.
func TestImage(t *testing.T) {
	w := newWorld(t)
	token, _ := w.guest()
	draws := func(path, body string) reply {
		return w.do(ask{path: "/api/v2/charts/image." + path, body: body, token: token})
	}
	body := `{"request":` + birth(0) + `,"theme":"dark","language":"en","width":400}`
	first := draws("png", body).wants(200, "")
	picture, err := png.Decode(bytes.NewReader(first.Body))
	if err != nil || picture.Bounds().Dx() != 400 || first.Header.Get("Content-Type") != "image/png" {
		t.Errorf("%v, %s", err, first.Header.Get("Content-Type"))
	}
	if got, want := first.Header.Get("RateLimit"), `"export_download";r=49`; !strings.HasPrefix(got, want) {
		t.Errorf("RateLimit %q, want %q", got, want)
	}
	tag := first.Header.Get("ETag")
	again := w.do(ask{path: "/api/v2/charts/image.png", body: body, token: token, header: map[string]string{"If-None-Match": tag}})
	if again.Status != 304 || len(again.Body) != 0 {
		t.Errorf("status %d and %d bytes for who has it", again.Status, len(again.Body))
	}
	if got := w.calcs.get(); got != 1 {
		t.Errorf("drawn %d times", got)
	}
	for _, c := range []struct{ body, want string }{
		{`{"request":` + birth(0) + `}`, `data-palace="11"`},
		{`{"request":` + westernBirth + `}`, `data-body="chiron"`},
		{`{"request":` + westernBirth + `,"moment":"2026-11-23T00:00:00Z"}`, `data-outer-body="sun"`},
		{`{"request":` + westernBirth + `,"other":` + strings.Replace(westernBirth, "1990", "1988", 1) + `}`, `data-outer-body="moon"`},
		{`{"request":` + birth(0) + `,"other":` + birth(1) + `}`, `data-person="1"`},
	} {
		r := draws("svg", c.body).wants(200, "")
		if !bytes.Contains(r.Body, []byte(c.want)) || r.Header.Get("Content-Type") != "image/svg+xml" {
			t.Errorf("%s lacks %s", c.body, c.want)
		}
	}
	for body, field := range map[string]string{
		`{}`: "request", `{"request":` + birth(0) + `,"width":100}`: "width", `{"request":` + birth(0) + `,"theme":"red"}`: "theme",
		`{"request":` + birth(0) + `,"language":"ja"}`: "language", `{"request":` + birth(0) + `,"moment":"2026-11-23T00:00:00Z"}`: "request.chartType",
		`{"request":` + westernBirth + `,"moment":"2026-11-23T00:00:00Z","other":` + westernBirth + `}`: "other",
	} {
		if p := draws("svg", body).wants(400, draws("svg", body).problem().Code).problem(); p.Field != field {
			t.Errorf("%s: field %q, want %q", body, p.Field, field)
		}
	}
	w.do(ask{path: "/api/v2/charts/image.svg", body: body}).wants(401, "sign_in")
}

// A chart may be asked for with its picture, or as text, for the price of the chart.
func TestDrawingBeside(t *testing.T) {
	w := newWorld(t)
	token, _ := w.guest()
	with := strings.TrimSuffix(westernBirth, "}") + `,"drawing":{"theme":"dark"}}`
	r := w.calculate(token, with).wants(200, "")
	var got struct{ Drawing string }
	r.decode(&got)
	if !strings.HasPrefix(got.Drawing, "<svg ") || r.chart().Cached {
		t.Errorf("drawing %.40q", got.Drawing)
	}
	if got, want := r.Header.Get("RateLimit"), `"chart_calculation";r=49`; !strings.HasPrefix(got, want) {
		t.Errorf("RateLimit %q, want %q", got, want)
	}
	if strings.Contains(string(w.calculate(token, westernBirth).wants(200, "").Body), `"drawing"`) {
		t.Error("a drawing nobody asked for")
	}
	for format, want := range map[string]string{"text": "【命宮", "markdown": "# 紫微斗數命盤"} {
		r := w.do(ask{path: "/api/v2/charts/calculate?format=" + format, body: birth(0), token: token}).wants(200, "")
		if !strings.Contains(string(r.Body), want) || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/") {
			t.Errorf("%s: %.80s", format, r.Body)
		}
	}
	w.do(ask{path: "/api/v2/charts/calculate?format=pdf", body: birth(0), token: token}).wants(400, "invalid_value")
}

// What a moment brings counts as a calculation, once for all who ask.
func TestTransitsRoute(t *testing.T) {
	w := newWorld(t)
	token, _ := w.guest()
	body := `{"natal":` + westernBirth + `,"moment":"2026-11-23T00:00:00Z"}`
	asks := func() reply { return w.do(ask{path: "/api/v2/charts/transits", body: body, token: token}) }
	first := asks().wants(200, "").chart()
	if again := asks().wants(200, "").chart(); first.Cached || !again.Cached || string(again.Data) != string(first.Data) {
		t.Error("the second answer is not the first")
	}
	if got := w.calcs.get(); got != 1 {
		t.Errorf("computed %d times", got)
	}
}
