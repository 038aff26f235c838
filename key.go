package fortunet

import (
	"encoding/binary"
	"math"
)

// AppendKey appends bytes that are the same for requests whose charts are the same
// and different for all others, under one EngineVersion. They hold the birth: a key
// others may see is made of them with a secret (HMAC). The request must be in normal
// form.
func (r *ChartRequest) AppendKey(b []byte) []byte {
	b = field(b, string(r.Type))
	b = field(b, string(r.Language))
	b = r.appendWhen(b)
	b = flag(b, r.HasPlace)
	if r.HasPlace {
		b = float(b, r.Place.Latitude)
		b = float(b, r.Place.Longitude)
	}
	if r.Type == Zodiac {
		return r.Western.appendKey(b)
	}
	b = field(b, string(r.Gender))
	b = field(b, string(r.Basis))
	b = r.Ziwei.AppendKey(b)
	b = flag(b, r.HasHoroscope)
	if r.HasHoroscope {
		b = r.Horoscope.Date.Append(b)
		b = append(b, byte(r.Horoscope.TimeIndex))
	}
	return b
}

// appendWhen appends what says when the birth was.
func (r *ChartRequest) appendWhen(b []byte) []byte {
	b = flag(b, r.HasUTC)
	if r.HasUTC {
		return binary.BigEndian.AppendUint64(b, uint64(r.UTC))
	}
	b = r.Date.Append(b)
	b = append(b, byte(r.Hour))
	if r.Hour >= 0 {
		return b
	}
	b = r.Clock.Append(b)
	b = field(b, r.Zone)
	return field(b, string(r.Pass))
}

func (w *WesternOptions) appendKey(b []byte) []byte {
	b = append(b, byte(len(w.HouseSystems)))
	for _, system := range w.HouseSystems {
		b = field(b, system)
	}
	b = field(b, w.Ayanamsa)
	b = append(b, byte(len(w.Orbs)))
	for _, o := range w.Orbs {
		b = append(b, byte(o.Angle))
		b = float(b, o.Width)
	}
	b = flag(b, w.HasDeltaT)
	if w.HasDeltaT {
		b = float(b, w.DeltaT)
	}
	return b
}

// field appends a word that has no zero byte, as none of a request in normal form has.
func field(b []byte, word string) []byte { return append(append(b, word...), 0) }

func flag(b []byte, set bool) []byte {
	if set {
		return append(b, 1)
	}
	return append(b, 0)
}

func float(b []byte, f float64) []byte {
	return binary.BigEndian.AppendUint64(b, math.Float64bits(f))
}
