package fortunet

import (
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/ziwei"
)

// appendTwo appends two people's charts and what they have to do with each other.
func appendTwo(dst []byte, q *Question) ([]byte, error) {
	if q.Chart.Type == Zodiac {
		return appendSynastry(dst, q)
	}
	return appendPairing(dst, q)
}

// appendPairing appends two Zi Wei charts: a and b, each as a request for it alone is
// answered, and pairing (合盤).
func appendPairing(dst []byte, q *Question) ([]byte, error) {
	names, err := q.Chart.Language.names()
	if err != nil {
		return nil, err
	}
	a, err := CalculateZiwei(&q.Chart)
	if err != nil {
		return nil, fault.Within("a", err)
	}
	b, err := CalculateZiwei(q.Other)
	if err != nil {
		return nil, fault.Within("b", err)
	}
	dst = append(appendHead(dst, &q.Chart), `,"a":`...)
	dst = a.append(dst, &q.Chart, names)
	dst = append(dst, `,"b":`...)
	dst = b.append(dst, q.Other, names)
	dst = append(dst, `,"pairing":`...)
	return append(ziwei.Pair(a.Chart, b.Chart).AppendJSON(dst, names), '}'), nil
}
