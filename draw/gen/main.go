// Command gen makes the fonts that pictures are drawn with: the characters that charts
// need, taken from Noto Sans CJK TC (SIL Open Font License 1.1).
//
//	apt-get install fonttools fonts-noto-cjk
//	go generate ./draw
package main

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/fortunet/fortunet/lang"
	"github.com/fortunet/fortunet/lunar"
	"github.com/fortunet/fortunet/ziwei"
	"github.com/fortunet/fortunet/zodiac"
)

func main() {
	log.SetFlags(0)
	source := flag.String("source", ".", "folder of package draw, whose own texts are drawn too")
	fonts := flag.String("fonts", "/usr/share/fonts/opentype/noto", "folder of the Noto fonts")
	flag.Parse()
	text, err := characters(*source)
	if err != nil {
		log.Fatal(err)
	}
	for _, weight := range []string{"Regular", "Bold"} {
		out := filepath.Join(*source, "font", strings.ToLower(weight)+".otf")
		if err := subset(filepath.Join(*fonts, "NotoSansCJK-"+weight+".ttc"), out, text); err != nil {
			log.Fatal(err)
		}
	}
}

// subset writes the characters of the collection's TC font.
func subset(from, to, text string) error {
	const tc = "3" // its number in the collection: JP, KR, SC, TC, HK
	cmd := exec.Command("pyftsubset", from, "--font-number="+tc, "--text="+text, "--output-file="+to,
		"--layout-features=", "--no-hinting", "--desubroutinize", "--name-IDs=0,1,2,13,14", "--drop-tables+=vhea,vmtx,VORG,BASE,GPOS,GSUB,GDEF")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", cmd, err)
	}
	info, err := os.Stat(to)
	if err != nil {
		return err
	}
	log.Printf("%s: %d bytes", to, info.Size())
	return nil
}

// characters returns every character a picture may have, once.
func characters(source string) (string, error) {
	seen := map[rune]bool{}
	add := func(text string) {
		for _, r := range text {
			seen[r] = r >= ' '
		}
	}
	for r := ' '; r <= '~'; r++ {
		add(string(r))
	}
	add(`°′″–—…·×（）【】「」：，。、；％〇`)
	names(add)
	if err := literals(source, add); err != nil {
		return "", err
	}
	var all []rune
	for r, wanted := range seen {
		if wanted {
			all = append(all, r)
		}
	}
	slices.Sort(all)
	return string(all), nil
}

// names adds what is named in charts.
func names(add func(string)) {
	for _, l := range []lang.Language{lang.TraditionalChinese, lang.English} {
		for s := range ziwei.StarCount {
			add(ziwei.Star(s).Name(l))
		}
		for g := range ziwei.GodCount {
			add(ziwei.God(g).Name(l))
		}
		for i := range 12 {
			add(ziwei.PalaceName(i).Name(l) + ziwei.Sign(i).Name(l) + ziwei.AnimalName(lunar.Branch(i), l))
		}
		for i := range 13 {
			add(ziwei.TimeName(i, l))
		}
		for b := ziwei.Miao; b <= ziwei.Xian; b++ {
			add(b.Name(l))
		}
		for m := ziwei.Lu; m <= ziwei.Ji; m++ {
			add(m.Name(l))
		}
		for e := ziwei.Water; e <= ziwei.Fire; e++ {
			add(e.Name(l))
		}
		for k := ziwei.Decadal; k <= ziwei.Childhood; k++ {
			add(k.Name(l))
		}
		for _, p := range ziwei.PatternList() {
			add(p.Name(l))
		}
		add(ziwei.Male.Name(l) + ziwei.Female.Name(l))
	}
	for _, l := range []lang.Language{lang.TraditionalChinese, lang.English} {
		for p := range zodiac.Vertex + 1 {
			add(p.Name(l))
		}
		for i := range 12 {
			add(zodiac.Sign(i).Name(l))
		}
		for s := zodiac.Placidus; s <= zodiac.Morinus; s++ {
			add(s.Name(l))
		}
		for k := zodiac.Conjunction; k <= zodiac.Opposition; k++ {
			add(k.Name(l))
		}
		for k := zodiac.GrandTrine; k <= zodiac.Stellium; k++ {
			add(k.Name(l))
		}
		for a := zodiac.Tropical; a <= zodiac.Raman; a++ {
			add(a.Name(l))
		}
	}
	for i := range 12 {
		add(lunar.Branch(i).String() + lunar.Stem(i%10).String())
	}
	for m := range 12 {
		for d := range 30 {
			add(lunar.Date{Year: 1900 + d, Month: m + 1, Day: d + 1, Leap: true}.Name())
		}
	}
	add("一二三四五六七八九〇")
}

// literals adds the texts of a package's own source.
func literals(folder string, add func(string)) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return err
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text, err := strconv.Unquote(lit.Value); err == nil {
					add(text)
				}
			}
			return true
		})
	}
	return nil
}
