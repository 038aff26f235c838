package database_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/database"
)

// newChart is a chart that can be stored, with something in every member.
func newChart(userID string) database.Chart {
	return database.Chart{UserID: userID, Name: "命盤", Kind: fortunet.Ziwei, Request: json.RawMessage(`{"birthDate":"1990-05-17"}`),
		Engine: "1", Data: json.RawMessage(`{"palaces":["命"]}`), Image: []byte{0, 0xff, 1}, ImageType: "image/png", Notes: "a\nb", Tags: []string{"家"}}
}

func TestChart(t *testing.T) {
	db, _ := empty(t)
	ctx := t.Context()
	ann, eve := guest(t, db), guest(t, db)
	made, err := db.CreateChart(ctx, newChart(ann.ID))
	if err != nil {
		t.Fatal(err)
	}
	want := newChart(ann.ID)
	want.ID, want.Created, want.Updated = made.ID, made.Created, made.Created
	if made.ID == "" || made.Created.IsZero() || !reflect.DeepEqual(made, want) {
		t.Errorf("made %+v, want %+v", made, want)
	}
	if got, err := db.Chart(ctx, ann.ID, made.ID); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v, %v, want %+v", got, err, want)
	}
	if got, err := db.ChartByID(ctx, made.ID); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read by id %+v, %v", got, err)
	}
	// Somebody else's chart is none.
	_, err = db.Chart(ctx, eve.ID, made.ID)
	wantCode(t, err, "not_found")
	_, err = db.UpdateChart(ctx, eve.ID, made.ID, database.ChartChange{Name: new("stolen")})
	wantCode(t, err, "not_found")
	wantCode(t, db.DeleteChart(ctx, eve.ID, made.ID), "not_found")
	if all, err := db.Charts(ctx, eve.ID, database.Page{}); err != nil || all == nil || len(all) != 0 {
		t.Errorf("somebody else's list: %#v, %v", all, err)
	}
	if got, err := db.Chart(ctx, ann.ID, made.ID); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("after refusals %+v, %v", got, err)
	}
	if err := db.DeleteChart(ctx, ann.ID, made.ID); err != nil {
		t.Error(err)
	}
	wantCode(t, db.DeleteChart(ctx, ann.ID, made.ID), "not_found")
	_, err = db.Chart(ctx, ann.ID, made.ID)
	wantCode(t, err, "not_found")
}

// An id that is given makes a retry harmless, and nobody gets at another's row with it.
func TestChartID(t *testing.T) {
	db, _ := empty(t)
	ctx := t.Context()
	ann, eve := guest(t, db), guest(t, db)
	c := newChart(ann.ID)
	c.ID = "018bcfe5-6800-7000-8000-000000000001"
	if got, err := db.CreateChart(ctx, c); err != nil || got.ID != c.ID {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, owner := range []string{ann.ID, eve.ID} {
		again := newChart(owner)
		again.ID, again.Name = c.ID, "again"
		_, err := db.CreateChart(ctx, again)
		wantCode(t, err, "id_taken")
	}
	if got, err := db.ChartByID(ctx, c.ID); err != nil || got.Name != c.Name || got.UserID != ann.ID {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, id := range []string{"x", "018BCFE5-6800-7000-8000-000000000001", "018bcfe5x6800-7000-8000-000000000001", strings.Repeat("a", 36), c.ID + "\x00"} {
		bad := newChart(ann.ID)
		bad.ID = id
		_, err := db.CreateChart(ctx, bad)
		wantCode(t, err, "invalid_value")
	}
}

func TestUpdateChart(t *testing.T) {
	db, _ := empty(t)
	ctx := t.Context()
	ann := guest(t, db)
	want, err := db.CreateChart(ctx, newChart(ann.ID))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		change database.ChartChange
		want   func(*database.Chart)
	}{
		{"nothing", database.ChartChange{}, func(*database.Chart) {}},
		{"name", database.ChartChange{Name: new("e\u0301\x07")}, func(c *database.Chart) { c.Name = "é" }},
		{"notes", database.ChartChange{Notes: new("x\r\ny")}, func(c *database.Chart) { c.Notes = "x\ny" }},
		{"tags", database.ChartChange{Tags: []string{"b", " a ", "b", ""}}, func(c *database.Chart) { c.Tags = []string{"b", "a"} }},
		{"no tags", database.ChartChange{Tags: []string{}}, func(c *database.Chart) { c.Tags = []string{} }},
		{"result", database.ChartChange{Request: json.RawMessage(`[1]`), Engine: new("2"), Data: json.RawMessage(`{"v":2}`)}, func(c *database.Chart) {
			c.Request, c.Engine, c.Data = json.RawMessage(`[1]`), "2", json.RawMessage(`{"v":2}`)
		}},
		{"image", database.ChartChange{Image: []byte("<svg/>"), ImageType: "image/svg+xml"}, func(c *database.Chart) {
			c.Image, c.ImageType = []byte("<svg/>"), "image/svg+xml"
		}},
		{"no image", database.ChartChange{Image: []byte{}}, func(c *database.Chart) { c.Image, c.ImageType = nil, "" }},
	} {
		test.want(&want)
		got, err := db.UpdateChart(ctx, ann.ID, want.ID, test.change)
		if err != nil || got.Updated.Before(want.Updated) {
			t.Fatalf("%s: %+v, %v", test.name, got, err)
		}
		want.Updated = got.Updated
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", test.name, got, want)
		}
		if got, err := db.Chart(ctx, ann.ID, want.ID); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s, read: %+v, %v, want %+v", test.name, got, err, want)
		}
	}
	for code, change := range map[string]database.ChartChange{
		"too_long":       {Name: new(strings.Repeat("x", 200))},
		"invalid_utf8":   {Notes: new("\xff")},
		"malformed_json": {Data: json.RawMessage(`{`)},
		"too_large":      {Image: make([]byte, database.MaxImage+1), ImageType: "image/png"},
		"invalid_value":  {Image: []byte("x")},
	} {
		_, err := db.UpdateChart(ctx, ann.ID, want.ID, change)
		wantCode(t, err, code)
	}
	if got, err := db.Chart(ctx, ann.ID, want.ID); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("after refusals: %+v, %v, want %+v", got, err, want)
	}
}

func TestChartRefused(t *testing.T) {
	db, _ := empty(t)
	u := guest(t, db)
	deep := json.RawMessage(strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000))
	for _, test := range []struct {
		name, code string
		harm       func(*database.Chart)
	}{
		{"nobody's", "not_found", func(c *database.Chart) { c.UserID = "nobody" }},
		{"no owner", "not_found", func(c *database.Chart) { c.UserID = "" }},
		{"kind", "invalid_value", func(c *database.Chart) { c.Kind = "tarot" }},
		{"no request", "malformed_json", func(c *database.Chart) { c.Request = nil }},
		{"no data", "malformed_json", func(c *database.Chart) { c.Data = nil }},
		{"two documents", "malformed_json", func(c *database.Chart) { c.Data = json.RawMessage(`{}{}`) }},
		{"a NUL", "malformed_json", func(c *database.Chart) { c.Data = json.RawMessage("{\"a\":\"\x00\"}") }},
		{"not UTF-8", "invalid_utf8", func(c *database.Chart) { c.Data = json.RawMessage("\"\xff\"") }},
		{"huge request", "too_large", func(c *database.Chart) { c.Request = make(json.RawMessage, database.MaxBirth+1) }},
		{"huge data", "too_large", func(c *database.Chart) { c.Data = make(json.RawMessage, database.MaxData+1) }},
		{"deep data", "malformed_json", func(c *database.Chart) { c.Data = deep }},
		{"huge image", "too_large", func(c *database.Chart) { c.Image = make([]byte, database.MaxImage+1) }},
		{"image of no type", "invalid_value", func(c *database.Chart) { c.ImageType = "" }},
		{"type of no image", "invalid_value", func(c *database.Chart) { c.Image = nil }},
		{"engine", "invalid_value", func(c *database.Chart) { c.Engine = "1\x00" }},
		{"name", "invalid_utf8", func(c *database.Chart) { c.Name = "\xc3" }},
		{"long notes", "too_long", func(c *database.Chart) { c.Notes = strings.Repeat("x", fortunet.MaxNotes+1) }},
		{"many tags", "too_long", func(c *database.Chart) { c.Tags = make([]string, database.MaxTags+1) }},
		{"long tag", "too_long", func(c *database.Chart) { c.Tags = []string{strings.Repeat("x", 101)} }},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newChart(u.ID)
			test.harm(&c)
			_, err := db.CreateChart(t.Context(), c)
			wantCode(t, err, test.code)
		})
	}
	if all, err := db.Charts(t.Context(), u.ID, database.Page{}); err != nil || len(all) != 0 {
		t.Errorf("kept %d charts, %v", len(all), err)
	}
}

// The largest chart that is allowed comes back whole.
func TestLargestChart(t *testing.T) {
	db, _ := empty(t)
	c := newChart(guest(t, db).ID)
	c.Data = json.RawMessage(`"` + strings.Repeat("x", database.MaxData-2) + `"`)
	c.Image = make([]byte, database.MaxImage)
	made, err := db.CreateChart(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := db.ChartByID(t.Context(), made.ID); err != nil || !reflect.DeepEqual(got, made) {
		t.Errorf("%d and %d bytes, %v", len(got.Data), len(got.Image), err)
	}
}

// Pages show every chart once, the newest first, also while some come and go.
func TestPages(t *testing.T) {
	db, _ := empty(t)
	ctx := t.Context()
	u, other := guest(t, db), guest(t, db)
	var want []string
	for range 7 {
		c, err := db.CreateChart(ctx, newChart(u.ID))
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, c.ID)
		if _, err := db.CreateChart(ctx, newChart(other.ID)); err != nil {
			t.Fatal(err)
		}
	}
	slices.Reverse(want)
	var got []string
	for after := ""; ; {
		page, err := db.Charts(ctx, u.ID, database.Page{After: after, Limit: 3})
		if err != nil || len(page) > 3 {
			t.Fatalf("%d charts, %v", len(page), err)
		}
		if len(page) == 0 {
			break
		}
		for _, c := range page {
			got = append(got, c.ID)
			if c.Data != nil || c.Image != nil || c.Name == "" || len(c.Tags) != 1 || c.Request == nil {
				t.Errorf("in a list: %+v", c)
			}
		}
		after = page[len(page)-1].ID
		if len(got) == 3 { // the last one shown goes, and a new one comes
			if err := db.DeleteChart(ctx, u.ID, after); err != nil {
				t.Fatal(err)
			}
			if _, err := db.CreateChart(ctx, newChart(u.ID)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for _, limit := range []int{0, -1, 1 << 40} {
		if page, err := db.Charts(ctx, u.ID, database.Page{Limit: limit}); err != nil || len(page) != 7 {
			t.Errorf("limit %d: %d charts, %v, want 7", limit, len(page), err)
		}
	}
	for _, after := range hostile {
		if _, err := db.Charts(ctx, u.ID, database.Page{After: after}); err != nil {
			t.Errorf("after %q: %v", after, err)
		}
	}
}
