package fortunet_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/fortunet/fortunet"

// mayImport is the architecture: what each package may import of ours. "" is the
// root package. Every package must have a row.
var mayImport = map[string][]string{
	"fault":               {},
	"lang":                {},
	"disktest":            {},
	"astro":               {"fault"},
	"web":                 {},
	"lunar":               {"astro", "fault"},
	"birth":               {"astro", "lunar", "fault"},
	"ziwei":               {"lang", "lunar", "birth", "fault"},
	"zodiac":              {"lang", "astro", "birth", "fault"},
	"draw":                {"lang", "ziwei", "zodiac", "lunar", "astro", "fault"},
	"durable":             {"fault"},
	"durable/durabletest": {"durable", "fault"},
	"durable/pebblestore": {"durable", "fault"},
	"":                    {"lang", "draw", "ziwei", "zodiac", "birth", "lunar", "astro", "fault"},
	"objects":             {"durable", "", "fault"},
	"database":            {"", "fault"},
	"server":              {"objects", "durable", "", "draw", "fault", "web"},
	"cmd/fortunet":        {"*"},
}

// doors are the packages through which each dependency comes in.
var doors = map[string][]string{
	"github.com/cockroachdb/pebble/v2":    {"durable/pebblestore"},
	"github.com/lxzan/gws":                {"durable"},
	"modernc.org/sqlite":                  {"database"},
	"github.com/pressly/goose/v3":         {"database"},
	"database/sql":                        {"database"},
	"github.com/danielgtaylor/huma/v2":    {"server"},
	"github.com/prometheus/client_golang": {"server"},
	"golang.org/x/crypto":                 {"server"},
	"golang.org/x/image":                  {"draw"},
	"github.com/alecthomas/kong":          {"cmd/fortunet"},
	"net/http":                            {"durable", "server", "web", "cmd/fortunet"},
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		checkImports(t, ours(p.ImportPath), p.Imports)
	}
}

// ours returns the folder of one of our packages; generators and tools below a
// package count as a folder of their own.
func ours(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
}

func checkImports(t *testing.T, pkg string, imports []string) {
	allowed, known := mayImport[pkg]
	switch {
	case path.Base(pkg) == "gen": // a program that makes tables, run by hand
		return
	case !known:
		t.Errorf("package %q has no row in the table: which layer is it?", pkg)
		return
	}
	for _, path := range imports {
		if path == module || strings.HasPrefix(path, module+"/") {
			if !slices.Contains(allowed, "*") && !slices.Contains(allowed, ours(path)) {
				t.Errorf("%q imports %q", pkg, ours(path))
			}
			continue
		}
		for dep, through := range doors {
			if (path == dep || strings.HasPrefix(path, dep+"/")) && !slices.Contains(through, pkg) {
				t.Errorf("%q imports %s, whose door is %v", pkg, path, through)
			}
		}
	}
}
