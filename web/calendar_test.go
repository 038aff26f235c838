package web_test

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/fortunet/fortunet/lunar"
)

// The page knows by itself which years have which leap month; so does the calendar.
func TestLeapMonths(t *testing.T) {
	script, err := os.ReadFile("calendar.js")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(script), "const leapMonths =")
	table, _, _ = strings.Cut(table, ";")
	digits := strings.Join(regexp.MustCompile(`[0-9a-f]{60,}`).FindAllString(table, -1), "")
	if len(digits) != 201 {
		t.Fatalf("the page has %d years, want 1900 to 2100", len(digits))
	}
	for i, digit := range strings.Split(digits, "") {
		month, err := strconv.ParseInt(digit, 16, 0)
		if want := lunar.LeapMonth(1900 + i); err != nil || int(month) != want {
			t.Errorf("%d has leap month %d by the page, %d by the calendar", 1900+i, month, want)
		}
	}
}
