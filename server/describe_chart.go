package server

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/fortunet/fortunet"
)

// chartRequest describes what fortunet.DecodeChartRequest reads.
type chartRequest struct {
	ChartType string             `json:"chartType" enum:"ziwei,zodiac"`
	BirthDate string             `json:"birthDate,omitempty" doc:"YYYY-MM-DD; lunar where calendar says so" example:"1990-05-17"`
	BirthTime string             `json:"birthTime,omitempty" doc:"hh:mm or hh:mm:ss on the clocks of timezone" example:"14:30"`
	TimeIndex *int               `json:"timeIndex,omitempty" minimum:"0" maximum:"12" doc:"in place of birthTime: the hour as one of thirteen, 0 being early and 12 late zi; final"`
	Gender    fortunet.Gender    `json:"gender,omitempty" enum:"male,female" doc:"needed for ziwei"`
	Timezone  string             `json:"timezone,omitempty" doc:"IANA name; needed with birthTime" example:"Asia/Taipei"`
	Location  *chartPlace        `json:"location,omitempty" doc:"needed for zodiac, and for ziwei with timeBasis trueSolar"`
	Calendar  string             `json:"calendar,omitempty" enum:"solar,lunar" default:"solar"`
	LeapMonth bool               `json:"leapMonth,omitempty" doc:"the lunar month is the leap one"`
	UTC       string             `json:"utc,omitempty" doc:"zodiac: the instant, in place of date, time and zone" example:"1990-05-17T06:30:00Z"`
	Language  fortunet.Language  `json:"language,omitempty" enum:"zh-TW,zh-CN,en,ja,ko,vi" doc:"of names; else Accept-Language, else zh-TW"`
	Options   map[string]any     `json:"options,omitempty" doc:"ziwei: fixLeap, algorithm, astroType, yearDivide, horoscopeDivide, dayDivide, ageDivide, tables, timeBasis, pass; zodiac: houseSystems, ayanamsa, orbs, deltaT, pass"`
	Horoscope *chartHoroscopeAsk `json:"horoscope,omitempty" doc:"ziwei: the moment whose limits are asked for"`
}

type chartPlace struct {
	Latitude  float64 `json:"latitude" minimum:"-90" maximum:"90"`
	Longitude float64 `json:"longitude" minimum:"-180" maximum:"180"`
	Name      string  `json:"name,omitempty" maxLength:"100"`
}

type chartHoroscopeAsk struct {
	SolarDate string `json:"solarDate" example:"2026-11-23"`
	TimeIndex int    `json:"timeIndex" minimum:"0" maximum:"12"`
}

// chartAnswer describes what calculate writes.
type chartAnswer struct {
	Success         bool           `json:"success"`
	Data            map[string]any `json:"data" doc:"the chart"`
	Cached          bool           `json:"cached" doc:"it was in the cache, or somebody else had it computed at that moment"`
	CalculationTime float64        `json:"calculationTime" doc:"milliseconds its computation took"`
	ChartKey        string         `json:"chartKey" example:"ziwei:2:0f3c…"`
	Drawing         string         `json:"drawing,omitempty" doc:"the picture that was asked for, SVG"`
}

func describeCalculate(schemas huma.Registry, op *huma.Operation) {
	describeAnswer[calculation](schemas, op, "Calculation")
}

// drawn asks for a picture beside an answer.
type drawnBeside struct {
	Drawing *lookAsk `json:"drawing,omitempty" doc:"also draw it: the answer has the SVG as drawing"`
}

type lookAsk struct {
	Theme    fortunet.Theme    `json:"theme,omitempty" enum:"light,dark" default:"light"`
	Language fortunet.Language `json:"language,omitempty" enum:"zh-TW,en" doc:"else that of the chart, if it is one of these, or English"`
	Width    int               `json:"width,omitempty" minimum:"240" maximum:"4096" default:"1080" doc:"pixels"`
}

type calculation struct {
	chartRequest
	drawnBeside
}

type batchAsk struct {
	Requests []chartRequest `json:"requests" maxItems:"100" nullable:"false"`
}

type batchResult struct {
	Success         bool           `json:"success,omitempty"`
	Data            map[string]any `json:"data,omitempty"`
	Cached          bool           `json:"cached,omitempty"`
	CalculationTime float64        `json:"calculationTime,omitempty"`
	ChartKey        string         `json:"chartKey,omitempty"`
	Error           *Problem       `json:"error,omitempty" doc:"in place of all others: why there is no chart"`
}

type batchAnswer struct {
	Success bool          `json:"success"`
	Results []batchResult `json:"results" nullable:"false"`
}

type transitsAsk struct {
	Natal    chartRequest `json:"natal" doc:"of type zodiac"`
	Moment   string       `json:"moment" example:"2026-11-23T12:00:00Z"`
	Location *chartPlace  `json:"location,omitempty" doc:"where the moment is lived: transits and returns are seen from there; else the place of birth"`
	drawnBeside
}

type synastryAsk struct {
	A chartRequest `json:"a"`
	B chartRequest `json:"b" doc:"of the same type"`
	drawnBeside
}

type imageAsk struct {
	Request  chartRequest  `json:"request"`
	Moment   string        `json:"moment,omitempty" doc:"zodiac: transits of that instant as an outer ring"`
	Location *chartPlace   `json:"location,omitempty"`
	Other    *chartRequest `json:"other,omitempty" doc:"another person: of zodiac an outer ring, of ziwei a second board"`
	lookAsk
}

// describeAnswer describes an answer in JSON to a body of type T, which may also be
// written in other forms.
func describeAnswer[T any](schemas huma.Registry, op *huma.Operation, name string) {
	op.RequestBody = &huma.RequestBody{Required: true, Content: jsonOf[T](schemas, name)}
	op.Responses["200"].Content = jsonOf[chartAnswer](schemas, "ChartAnswer")
	for _, f := range []fortunet.Form{fortunet.Text, fortunet.Markdown} {
		media, _, _ := strings.Cut(mediaTypes[f], ";")
		op.Responses["200"].Content[media] = &huma.MediaType{Schema: &huma.Schema{Type: "string"}}
	}
	op.Parameters = append(op.Parameters, &huma.Param{Name: "format", In: "query", Description: "how the answer is written",
		Schema: &huma.Schema{Type: "string", Enum: []any{"json", "text", "markdown"}, Default: "json"}})
}

func describeTransits(schemas huma.Registry, op *huma.Operation) {
	describeAnswer[transitsAsk](schemas, op, "TransitsRequest")
}

func describeSynastry(schemas huma.Registry, op *huma.Operation) {
	describeAnswer[synastryAsk](schemas, op, "SynastryRequest")
}

func describeBatch(schemas huma.Registry, op *huma.Operation) {
	op.RequestBody = &huma.RequestBody{Required: true, Content: jsonOf[batchAsk](schemas, "BatchRequest")}
	op.Responses["200"].Content = jsonOf[batchAnswer](schemas, "BatchAnswer")
}

// describeImage describes a picture of a media type.
func describeImage(media string) func(huma.Registry, *huma.Operation) {
	return func(schemas huma.Registry, op *huma.Operation) {
		op.RequestBody = &huma.RequestBody{Required: true, Content: jsonOf[imageAsk](schemas, "ImageRequest")}
		op.Responses["200"].Content = map[string]*huma.MediaType{media: {Schema: &huma.Schema{Type: "string"}}}
	}
}
