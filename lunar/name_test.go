package lunar_test

import (
	"fmt"
	"testing"

	"github.com/fortunet/fortunet/lunar"
)

func ExampleDate_Name() {
	fmt.Println(lunar.Date{Year: 1990, Month: 4, Day: 23}.Name())
	fmt.Println(lunar.Date{Year: 2023, Month: 2, Leap: true, Day: 1}.Name())
	// Output:
	// 一九九〇年四月廿三
	// 二〇二三年閏二月初一
}

// Ensure every day of a month and every month has a name of its own.
func TestNames(t *testing.T) {
	seen := map[string]int{}
	for day := 1; day <= 30; day++ {
		seen[lunar.Date{Year: 1990, Month: 1, Day: day}.DayName()]++
	}
	for month := 1; month <= 12; month++ {
		seen[lunar.Date{Year: 1990, Month: month, Day: 1}.MonthName()]++
	}
	if got, want := len(seen), 42; got != want {
		t.Errorf("%d names, want %d", got, want)
	}
	for _, c := range []struct {
		day  int
		want string
	}{{1, "初一"}, {10, "初十"}, {11, "十一"}, {19, "十九"}, {20, "二十"}, {21, "廿一"}, {29, "廿九"}, {30, "三十"}} {
		if got := (lunar.Date{Year: 1990, Month: 1, Day: c.day}).DayName(); got != c.want {
			t.Errorf("day %d is %s, want %s", c.day, got, c.want)
		}
	}
}
