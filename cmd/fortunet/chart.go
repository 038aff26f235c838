package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/fault"
)

// chartCommand computes a chart from flags, or many from requests on standard input.
type chartCommand struct {
	System string `arg:"" help:"ziwei, zodiac, or - to read requests, one JSON object a line, and answer each with a line: the chart, or {\"error\": …}."`

	Birth         string   `help:"Date and time of birth, such as '1990-05-17 14:30'. The date alone with --hour." placeholder:"DATE TIME"`
	Hour          *int     `help:"The hour as such, from 0 (early 子) to 12 (late 子), in place of a time." placeholder:"0-12"`
	Gender        string   `help:"male or female."`
	Place         string   `help:"Where, by name: '信義區 臺北' or 'London, Canada'. Sets the coordinates, and the zone unless --zone does." placeholder:"NAME"`
	Zone          string   `help:"Time zone of the clock; Asia/Taipei unless --place says another."`
	Latitude      *float64 `help:"Degrees, north positive."`
	Longitude     *float64 `help:"Degrees, east positive."`
	Lunar         bool     `help:"The date is of the Chinese calendar."`
	Leap          bool     `help:"The lunar month is a leap month."`
	Horoscope     string   `help:"A day to show the decade, year, month, day and hour of." placeholder:"DATE"`
	HoroscopeHour int      `help:"The hour of that day, from 0 to 12." default:"0"`
	Option        []string `help:"An option of the chart, such as algorithm=zhongzhou or tables.kuiyue=geng-xin. May be repeated." placeholder:"NAME=VALUE" sep:"none"`
	Language      string   `help:"Language of the names: zh-TW, zh-CN, en, ja, ko or vi. With -, of lines that name none." default:"zh-TW"`
	Format        string   `help:"text for a terminal, markdown, json, svg or png." default:"text" enum:"text,markdown,json,svg,png"`
	Theme         string   `help:"Of a picture: light or dark." default:"light" enum:"light,dark"`
	Width         int      `help:"Of a picture, pixels." default:"1080"`
}

// Run prints the chart, or answers every line of standard input.
func (cmd *chartCommand) Run(c *console) error {
	if cmd.System == "-" {
		language, err := fortunet.ParseLanguage(cmd.Language)
		if err != nil {
			return wrongUse("--language %s", fault.Public(err).Message)
		}
		return answerLines(c, language)
	}
	body, err := cmd.request()
	if err != nil {
		return err
	}
	r, err := fortunet.DecodeChartRequest(body, fortunet.DefaultLanguage)
	if err != nil {
		return err
	}
	q, err := cmd.question(r)
	if err != nil {
		return err
	}
	out, err := fortunet.Answer(&q)
	if err != nil {
		return err
	}
	if q.Form == fortunet.JSON {
		out = append(out, '\n')
	}
	_, err = c.stdout.Write(out)
	return err
}

// AfterApply refuses flags that say what the lines of standard input say for themselves.
// Variables of the environment are there for all commands, and so are no mistake.
func (cmd *chartCommand) AfterApply(parsed *kong.Context) error {
	if cmd.System != "-" {
		return nil
	}
	for _, p := range parsed.Path {
		if p.Flag == nil || p.Resolved || p.Flag.Name == "language" || p.Flag.Name == "format" && cmd.Format == "json" {
			continue
		}
		return fmt.Errorf("--%s means nothing with -: each line asks for what it wants, and is answered in JSON", p.Flag.Name)
	}
	return nil
}

// question asks for the chart in the format of the flags.
func (cmd *chartCommand) question(r fortunet.ChartRequest) (fortunet.Question, error) {
	if cmd.Width < fortunet.LeastWidth || cmd.Width > fortunet.MostWidth {
		return fortunet.Question{}, fmt.Errorf("--width=%d: must be from %d to %d", cmd.Width, fortunet.LeastWidth, fortunet.MostWidth)
	}
	q := fortunet.Ask(r)
	if cmd.Format == "json" {
		return q, nil
	}
	look := fortunet.LookIn(r.Language)
	look.Theme, look.Width = fortunet.Theme(cmd.Theme), cmd.Width
	form := fortunet.Form(cmd.Format)
	if form == fortunet.Text {
		form = fortunet.Terminal
	}
	return q.As(form, look), nil
}

// request returns the flags as a request, which is checked like any other.
func (cmd *chartCommand) request() ([]byte, error) {
	location, zone, err := cmd.where()
	if err != nil {
		return nil, err
	}
	r := map[string]any{"chartType": cmd.System, "language": cmd.Language, "timezone": zone}
	date, clock, timed := strings.Cut(strings.TrimSpace(strings.Replace(cmd.Birth, "T", " ", 1)), " ")
	if date != "" {
		r["birthDate"] = date
	}
	if timed {
		r["birthTime"] = strings.TrimSpace(clock)
	}
	if cmd.Hour != nil {
		r["timeIndex"] = *cmd.Hour
	}
	if cmd.Gender != "" {
		r["gender"] = cmd.Gender
	}
	if cmd.Lunar {
		r["calendar"], r["leapMonth"] = "lunar", cmd.Leap
	} else if cmd.Leap {
		r["leapMonth"] = true
	}
	if len(location) > 0 {
		r["location"] = location
	}
	if cmd.Horoscope != "" {
		r["horoscope"] = map[string]any{"solarDate": cmd.Horoscope, "timeIndex": cmd.HoroscopeHour}
	}
	options, err := optionValues(cmd.Option)
	if err != nil {
		return nil, err
	}
	if len(options) > 0 {
		r["options"] = options
	}
	return json.Marshal(r)
}

// where returns the place of birth, by name or coordinates, and the zone of its clocks.
func (cmd *chartCommand) where() (location map[string]any, zone string, err error) {
	location, zone = map[string]any{}, "Asia/Taipei"
	if cmd.Place != "" {
		found := fortunet.FindPlaces(cmd.Place, 1, fortunet.Language(cmd.Language))
		if len(found) == 0 {
			return nil, "", fmt.Errorf("--place=%s: no such place is known; give --latitude and --longitude", cmd.Place)
		}
		p := found[0]
		location["latitude"], location["longitude"], location["name"] = p.Latitude, p.Longitude, p.Name
		zone = p.Timezone
	}
	if cmd.Latitude != nil {
		location["latitude"] = *cmd.Latitude
	}
	if cmd.Longitude != nil {
		location["longitude"] = *cmd.Longitude
	}
	if cmd.Zone != "" {
		zone = cmd.Zone
	}
	return location, zone, nil
}

// optionValues turns NAME=VALUE into the members of options: a dot in the name leads
// into an inner object, a comma in the value makes a list, and true, false and numbers
// are what they look like.
func optionValues(settings []string) (map[string]any, error) {
	options := map[string]any{}
	for _, s := range settings {
		name, text, ok := strings.Cut(s, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("--option=%s: want NAME=VALUE", s)
		}
		into := options
		if outer, inner, ok := strings.Cut(name, "."); ok {
			if into, ok = options[outer].(map[string]any); !ok {
				into = map[string]any{}
				options[outer] = into
			}
			name = inner
		}
		into[name] = optionValue(name, text)
	}
	return options, nil
}

func optionValue(name, text string) any {
	if name == "houseSystems" {
		return strings.Split(text, ",")
	}
	if b, err := strconv.ParseBool(text); err == nil && len(text) > 1 {
		return b
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		return f
	}
	return text
}
