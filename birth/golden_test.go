package birth

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"testing"
	"time"
)

type goldenChoice struct {
	Rule           string
	UTC            time.Time
	Offset         int
	DST            bool
	StandardOffset int
	StandardLocal  string
	MeanSolar      string
	EquationOfTime float64
	TrueSolar      string
	TimeIndex      struct{ Clock, Standard, TrueSolar int }
}

type goldenRow struct {
	ID string
	In struct {
		Local, Zone string
		Place       struct{ Lat, Lon float64 }
	}
	Kind    string
	Choices []goldenChoice
}

// Ensure every wall clock time of the golden file means what it says there.
func TestGolden(t *testing.T) {
	rows := goldenRows(t)
	if len(rows) != 72 {
		t.Fatalf("%d rows, want 72", len(rows))
	}
	for _, row := range rows {
		zone, err := LoadZone(row.In.Zone)
		if err != nil {
			t.Fatalf("%s: %v", row.ID, err)
		}
		local := wall(t, row.In.Local)
		kind, first, second := zone.Read(local)
		if kind.String() != row.Kind {
			t.Errorf("%s %s: kind %v, want %s", row.ID, row.In.Local, kind, row.Kind)
			continue
		}
		readings := []Reading{first, second}[:len(row.Choices)]
		if kind == Normal && first != second {
			t.Errorf("%s: two readings of a normal time", row.ID)
		}
		place := &Place{row.In.Place.Lat, row.In.Place.Lon}
		for i, want := range row.Choices {
			checkChoice(t, row.ID+" "+want.Rule, momentOf(zone, local, readings[i], place), want)
		}
	}
}

func checkChoice(t *testing.T, name string, got Moment, want goldenChoice) {
	t.Helper()
	if got.UTC != want.UTC.Unix() || got.Offset != want.Offset || got.DST != want.DST || got.StandardOffset != want.StandardOffset {
		t.Errorf("%s: got %s %d %v %d, want %v %d %v %d", name, utc(got.UTC), got.Offset, got.DST, got.StandardOffset,
			want.UTC, want.Offset, want.DST, want.StandardOffset)
	}
	if got.StandardLocal.String() != want.StandardLocal || got.MeanSolar.String() != want.MeanSolar {
		t.Errorf("%s: got standard %v mean %v, want %s %s", name, got.StandardLocal, got.MeanSolar, want.StandardLocal, want.MeanSolar)
	}
	if d := got.EquationOfTime - want.EquationOfTime; math.Abs(d) > 2 {
		t.Errorf("%s: equation of time %.1f, want %.1f", name, got.EquationOfTime, want.EquationOfTime)
	}
	if d := got.TrueSolar - wall(t, want.TrueSolar); d < -2 || d > 2 {
		t.Errorf("%s: true solar %v, want %s", name, got.TrueSolar, want.TrueSolar)
	}
	if got, want := got.Index, (Indexes{want.TimeIndex.Clock, want.TimeIndex.Standard, want.TimeIndex.TrueSolar}); got != want {
		t.Errorf("%s: indexes %v, want %v", name, got, want)
	}
}

func goldenRows(t *testing.T) (rows []goldenRow) {
	t.Helper()
	f, err := os.Open("testdata/civiltime.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var row goldenRow
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

// wall reads what a Wall is written as.
func wall(t *testing.T, s string) Wall {
	t.Helper()
	at, err := time.Parse("2006-01-02T15:04:05", s)
	if err != nil {
		t.Fatal(err)
	}
	return Wall(at.Unix())
}
