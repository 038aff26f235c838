package birth

import "math"

// equationOfTime returns how far a sundial is ahead of mean time at an instant, in
// seconds: the mean longitude of the Sun less its apparent right ascension (Meeus,
// Astronomical Algorithms, chapters 25 and 28; good to about two seconds).
func equationOfTime(utc int64) float64 {
	const degree = math.Pi / 180
	t := (float64(utc) - 946_728_000) / (36525 * daySeconds) // centuries since J2000
	mean := 280.46646 + t*(36000.76983+t*0.0003032)
	anomaly := (357.52911 + t*(35999.05029-t*0.0001537)) * degree
	center := (1.914602-t*0.004817)*math.Sin(anomaly) + (0.019993-t*0.000101)*math.Sin(2*anomaly) + 0.000289*math.Sin(3*anomaly)
	node := (125.04 - 1934.136*t) * degree
	nutation := -0.00478 * math.Sin(node)
	longitude := (mean + center - 0.00569 + nutation) * degree
	obliquity := (23.4392911 - 0.0130042*t + 0.00256*math.Cos(node)) * degree
	ascension := math.Atan2(math.Cos(obliquity)*math.Sin(longitude), math.Cos(longitude)) / degree
	apart := math.Mod(mean-0.0057183-ascension+nutation*math.Cos(obliquity), 360)
	if apart > 180 {
		apart -= 360
	} else if apart < -180 {
		apart += 360
	}
	return apart * 240
}
