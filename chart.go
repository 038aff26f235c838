package fortunet

// A ChartType is a system of astrology.
type ChartType string

const (
	Ziwei  ChartType = "ziwei"  // 紫微斗數
	Zodiac ChartType = "zodiac" // western
)

var chartTypes = []ChartType{Ziwei, Zodiac}
