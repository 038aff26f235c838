package birth

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fortunet/fortunet/fault"
)

// TZVersion is the release of the tz database in zoneinfo.zip.
const TZVersion = "2025c"

// The file is lib/time/zoneinfo.zip of Go 1.26: the tz database (public domain)
// compiled with the zones of its file backzone. It is our own copy because
// time.LoadLocation prefers what the machine has installed: two machines of a cluster
// could then answer one birth differently, and a cached chart would outlive a change
// of the rules it rests on.
//
//go:generate sh -c "cp \"$(go env GOROOT)/lib/time/zoneinfo.zip\" zoneinfo.zip"
//go:embed zoneinfo.zip
var zoneinfo []byte

// archive returns the compiled zones by name. Reading the directory takes about a
// millisecond, once.
var archive = sync.OnceValue(func() map[string]*zip.File {
	r, err := zip.NewReader(bytes.NewReader(zoneinfo), int64(len(zoneinfo)))
	if err != nil {
		panic("birth: the embedded zones are damaged: " + err.Error())
	}
	files := make(map[string]*zip.File, len(r.File))
	for _, f := range r.File {
		if !strings.HasSuffix(f.Name, "/") {
			files[f.Name] = f
		}
	}
	return files
})

// A Zone is a time zone of the tz database with its whole history.
type Zone struct {
	name  string
	spans []span // in order, without gaps, the first from the beginning of time
}

// String returns the zone's IANA name.
func (z *Zone) String() string { return z.name }

// loaded holds a *Zone by name. Only names in the archive get in, so it is bounded.
var loaded sync.Map

// LoadZone returns the time zone of an IANA name, spelt exactly as the tz database
// spells it, an old name (a link) too. Any other name is an Invalid fault about the
// member timezone.
func LoadZone(name string) (*Zone, error) {
	if zone, ok := loaded.Load(name); ok {
		return zone.(*Zone), nil
	}
	f, ok := archive()[name]
	if !ok {
		return nil, unknownZone(name)
	}
	location, err := readLocation(f)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "a time zone cannot be read")
	}
	kept, _ := loaded.LoadOrStore(f.Name, &Zone{name: f.Name, spans: history(location)})
	return kept.(*Zone), nil
}

func readLocation(f *zip.File) (*time.Location, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return time.LoadLocationFromTZData(f.Name, data)
}

// unknownZone guesses at what was meant where only the case of letters is wrong.
func unknownZone(name string) error {
	if len(name) > 64 {
		return fault.Field("timezone", CodeUnknownZone, "is no time zone of the tz database, such as Asia/Taipei")
	}
	for known := range archive() {
		if strings.EqualFold(known, name) {
			return fault.Field("timezone", CodeUnknownZone, "%q is no time zone: perhaps %s", name, known)
		}
	}
	return fault.Field("timezone", CodeUnknownZone, "%q is no time zone of the tz database, such as Asia/Taipei", name)
}

// Zones returns the name of every zone, sorted.
func Zones() []string { return slices.Sorted(maps.Keys(archive())) }
