package lunar

import (
	"strconv"
	"strings"
)

var (
	digitNames = [10]string{"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	monthNames = [12]string{"正月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "冬月", "臘月"}
)

// Name returns the date as people write it, in traditional characters:
// 一九九〇年四月廿三.
func (d Date) Name() string { return d.YearName() + d.MonthName() + d.DayName() }

// YearName returns the year's digits: 一九九〇年.
func (d Date) YearName() string {
	var b strings.Builder
	for _, digit := range strconv.Itoa(d.Year) {
		b.WriteString(digitNames[digit-'0'])
	}
	b.WriteString("年")
	return b.String()
}

// MonthName returns the month's name: 正月, 閏二月, 臘月.
func (d Date) MonthName() string {
	if d.Leap {
		return "閏" + monthNames[d.Month-1]
	}
	return monthNames[d.Month-1]
}

// DayName returns the day's name: 初一, 十五, 廿三, 三十.
func (d Date) DayName() string {
	switch {
	case d.Day == 10:
		return "初十"
	case d.Day == 20:
		return "二十"
	case d.Day == 30:
		return "三十"
	case d.Day < 10:
		return "初" + digitNames[d.Day]
	case d.Day < 20:
		return "十" + digitNames[d.Day-10]
	}
	return "廿" + digitNames[d.Day-20]
}
