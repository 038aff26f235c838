package lang_test

import (
	"testing"

	"github.com/fortunet/fortunet/lang"
)

func TestParse(t *testing.T) {
	for l := range lang.Count {
		if got, ok := lang.Parse(l.String()); !ok || got != l {
			t.Errorf("Parse(%q) = %v, %v", l, got, ok)
		}
	}
	for _, tag := range []string{"fr", "", "zh", "EN", "zh-tw"} {
		if got, ok := lang.Parse(tag); ok || got != lang.TraditionalChinese {
			t.Errorf("Parse(%q) = %v, %v", tag, got, ok)
		}
	}
}
