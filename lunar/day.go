package lunar

// Days are counted from 1 March of the year 0 of the Gregorian calendar carried back,
// so that the day a leap year adds is the last of its year.
const (
	daysIn400Years = 146097
	epoch1970      = 719468 // 1970-01-01 on that count
)

// DayNumber returns the days from 1970-01-01 to a day of the Gregorian calendar,
// negative before it. Days past the month's end count on into the next one.
func DayNumber(year, month, day int) int {
	m := (month + 9) % 12 // 0 is March
	if month <= 2 {
		year--
	}
	return 365*year + floorDiv(year, 4) - floorDiv(year, 100) + floorDiv(year, 400) + (153*m+2)/5 + day - 1 - epoch1970
}

// DayOf returns the day of the Gregorian calendar that is n days after 1970-01-01.
func DayOf(n int) (year, month, day int) {
	n += epoch1970
	era := floorDiv(n, daysIn400Years)
	n -= era * daysIn400Years
	y := (n - n/1460 + n/36524 - n/(daysIn400Years-1)) / 365
	n -= 365*y + y/4 - y/100
	m := (5*n + 2) / 153
	day = n - (153*m+2)/5 + 1
	month = (m+2)%12 + 1
	year = y + 400*era
	if month <= 2 {
		year++
	}
	return year, month, day
}

var monthDays = [12]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// validDay reports whether the Gregorian calendar has the day.
func validDay(year, month, day int) bool {
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	days := monthDays[month-1]
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		days++
	}
	return day <= days
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func floorMod(a, b int) int { return a - floorDiv(a, b)*b }
