package fortunet

import "github.com/fortunet/fortunet/birth"

// A FoundPlace is a place of the gazetteer, as the search for places answers.
type FoundPlace struct {
	Name      string  `json:"name" doc:"in the language asked for, else in English" example:"信義區"`
	Region    string  `json:"region" doc:"what it is a part of; may be empty" example:"臺北市"`
	Country   string  `json:"country" example:"台灣"`
	Latitude  float64 `json:"latitude" doc:"degrees, north positive" example:"25.0307"`
	Longitude float64 `json:"longitude" doc:"degrees, east positive" example:"121.5716"`
	Timezone  string  `json:"timezone" doc:"of the tz database" example:"Asia/Taipei"`
}

// FindPlaces returns the places a query may mean, at most limit and at most 20, the
// likeliest first. Names are in Chinese for who reads it, else in English.
func FindPlaces(query string, limit int, l Language) []FoundPlace {
	speak := 1
	if l == TraditionalChinese || l == SimplifiedChinese || l == "" {
		speak = 0
	}
	towns := birth.FindTowns(query, limit)
	places := make([]FoundPlace, len(towns))
	for i, t := range towns {
		places[i] = FoundPlace{t.Name[speak], t.Region[speak], t.Country[speak], t.Latitude, t.Longitude, t.Zone}
		if places[i].Name == "" {
			places[i].Name = t.Name[1]
		}
		if places[i].Region == "" {
			places[i].Region = t.Region[1]
		}
	}
	return places
}
