package draw

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// A sheet is a text being written, for a terminal or as Markdown.
type sheet struct {
	bytes.Buffer
	language Language
	markdown bool
}

func (s *sheet) in(chinese, english string) string { return s.language.in(chinese, english) }

func (s *sheet) heading(text string) {
	if s.markdown {
		fmt.Fprintf(s, "# %s\n\n", text)
		return
	}
	fmt.Fprintf(s, "%s\n\n", text)
}

func (s *sheet) section(text string) {
	if s.markdown {
		fmt.Fprintf(s, "\n## %s\n\n", text)
		return
	}
	fmt.Fprintf(s, "\n%s\n", s.in("【"+text+"】", text))
}

// item writes a name and what it is.
func (s *sheet) item(name, text string) {
	switch {
	case s.markdown:
		fmt.Fprintf(s, "- **%s**%s%s\n", name, s.in("：", ": "), text)
	case s.language == English:
		fmt.Fprintf(s, "  %s %s\n", pad(name, 16), text)
	default:
		fmt.Fprintf(s, "  %s　%s\n", name, text)
	}
}

// table writes rows in columns.
func (s *sheet) table(head []string, rows [][]string) {
	if s.markdown {
		fmt.Fprintf(s, "| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat(" --- |", len(head)))
		for _, row := range rows {
			fmt.Fprintf(s, "| %s |\n", strings.Join(row, " | "))
		}
		return
	}
	wide := make([]int, len(head))
	for _, row := range append([][]string{head}, rows...) {
		for i, cell := range row {
			wide[i] = max(wide[i], columns(cell))
		}
	}
	for _, row := range append([][]string{head}, rows...) {
		line := " "
		for i, cell := range row {
			line += " " + pad(cell, wide[i]+1)
		}
		fmt.Fprintln(s, strings.TrimRight(line, " "))
	}
}

// columns returns how many columns of a terminal a text takes: a Chinese character two.
func columns(text string) int {
	n := utf8.RuneCountInString(text)
	for _, r := range text {
		if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
			n++
		}
	}
	return n
}

// pad fills a text up with blanks to so many columns.
func pad(text string, to int) string {
	return text + strings.Repeat(" ", max(0, to-columns(text)))
}
