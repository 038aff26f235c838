package objects

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
)

// ChartCache holds computed charts, one object for each chart key, so that a hot chart
// never delays another. What it keeps is what an answer needs and never a birth.
// Everything it writes is relaxed: a lost entry is computed again.
var ChartCache = &durable.Type[ChartEntry]{Name: "chartcache", Queue: 4096, Idle: 10 * time.Minute}

var (
	// Lookup returns the chart if it is there and of the current generation. It is
	// answered from memory and waits for no disk.
	Lookup = durable.Method(ChartCache, "lookup", (*ChartEntry).lookup)

	// Fetch is Lookup that computes the chart where it is missing. Those who ask for
	// one chart at once wait for one computation. Where Deps.Stale allows it, a chart
	// that has expired is served once more, and computed anew behind that.
	Fetch = durable.Method(ChartCache, "fetch", (*ChartEntry).fetch)

	// PutChart stores a chart that was computed elsewhere, in place of what is there.
	PutChart = durable.Method(ChartCache, "put", (*ChartEntry).put)

	// DropChart forgets the chart.
	DropChart = durable.Method(ChartCache, "drop", (*ChartEntry).drop)
)

// A FetchRequest asks for a chart, or what is made of charts.
type FetchRequest struct {
	Generation uint64            `json:"generation"` // see CacheGeneration
	Question   fortunet.Question `json:"question"`
}

// A PutRequest is a chart to keep.
type PutRequest struct {
	Generation uint64             `json:"generation"` // see CacheGeneration
	Type       fortunet.ChartType `json:"type"`
	Data       string             `json:"data"` // JSON
	Took       float64            `json:"took"` // milliseconds its computation took
}

// A Hit is a chart from the cache, or none.
type Hit struct {
	Found    bool    `json:"found"`
	Computed bool    `json:"computed"` // it was not there, and is now
	Data     string  `json:"data"`     // JSON
	Took     float64 `json:"took"`     // milliseconds its computation took
	Created  int64   `json:"created"`  // Unix milliseconds

	// Where Found is false and Code is set, the request itself is at fault. It is
	// no error, because a method that returns an error keeps nothing.
	Code    string `json:"code,omitempty"`
	Field   string `json:"field,omitempty"`
	Message string `json:"message,omitempty"`
}

// Err returns the fault of the request, nil if it has none.
func (h Hit) Err() error {
	if h.Found || h.Code == "" {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Code: h.Code, Field: h.Field, Message: h.Message}
}

// chartMeta is what is stored of a chart beside its data.
type chartMeta struct {
	Type       fortunet.ChartType `json:"type"`
	Engine     string             `json:"engine"`
	Generation uint64             `json:"generation"`
	Took       float64            `json:"took"`    // milliseconds
	Created    int64              `json:"created"` // Unix milliseconds
	Expires    int64              `json:"expires"` // Unix milliseconds
	Bytes      int64              `json:"bytes"`

	// Of a request that is at fault, in place of data.
	Code    string `json:"code,omitempty"`
	Field   string `json:"field,omitempty"`
	Message string `json:"message,omitempty"`
}

// chartUse is how often a chart was asked for.
type chartUse struct {
	Count int64 `json:"count"`
	Last  int64 `json:"last"` // Unix milliseconds
}

const (
	chartLife   = 24 * time.Hour
	chartJitter = 2 * time.Hour // entries made together do not expire together
	faultLife   = time.Minute   // how long a request's own fault is remembered
	longestData = 2 << 20       // bytes of a chart that is kept
)

// A ChartEntry is one chart, or nothing yet.
type ChartEntry struct {
	s       *durable.State
	compute Compute
	tally   *tally
	stale   time.Duration
	meta    durable.Value[chartMeta]
	data    durable.Value[string]
	use     durable.Value[chartUse]

	renewing bool // only in memory: a new chart is being computed
}

func newChartEntry(d *Deps) func(context.Context, *durable.State) (*ChartEntry, error) {
	return func(_ context.Context, s *durable.State) (*ChartEntry, error) {
		e := &ChartEntry{s: s, compute: d.Compute, tally: &d.tally, stale: d.Stale, meta: durable.NewValue[chartMeta](s, "meta"),
			data: durable.NewValue[string](s, "data"), use: durable.NewValue[chartUse](s, "use")}
		if m, ok := e.meta.Get(); ok {
			s.SetCost(int64(m.Took * 1000))
		}
		return e, nil
	}
}

// ChartKey returns the name of a chart's object: its type, the version of the engine
// and a digest, keyed with secret, of everything that decides it. Without the secret
// nobody can find out a birth by trying.
func ChartKey(secret []byte, r *fortunet.ChartRequest) string {
	return cacheKey(secret, r.Type, r.AppendKey)
}

// AnswerKey is ChartKey of any question. Of a plain chart it is the ChartKey.
func AnswerKey(secret []byte, q *fortunet.Question) string {
	return cacheKey(secret, q.Chart.Type, q.AppendKey)
}

// cacheKey names an entry: what appendCanonical appends is the same for all questions
// with the same answer, and different for all others of the type.
func cacheKey(secret []byte, kind fortunet.ChartType, appendCanonical func([]byte) []byte) string {
	m := digests.Get().(*digest)
	defer digests.Put(m)
	m.key(secret)
	m.text = appendCanonical(m.text[:0])
	m.mac.Write(m.text)
	b := append(m.text[:0], kind...)
	b = append(append(append(b, ':'), fortunet.EngineVersion...), ':')
	m.text = hex.AppendEncode(b, m.mac.Sum(m.sum[:0]))
	return string(m.text)
}

// A digest is an HMAC that is used again: keying one costs more than a chart's key does
// otherwise, and a process has one secret.
type digest struct {
	secret []byte
	mac    hash.Hash
	sum    [sha256.Size]byte
	text   []byte // what is digested, then the name
}

var digests = sync.Pool{New: func() any { return new(digest) }}

// key makes the digest ready for another text under a secret.
func (d *digest) key(secret []byte) {
	if d.mac == nil || !bytes.Equal(d.secret, secret) {
		d.secret, d.mac = bytes.Clone(secret), hmac.New(sha256.New, secret)
		return
	}
	d.mac.Reset()
}

// current returns what is stored if it may still be served.
func (e *ChartEntry) current(generation uint64) (chartMeta, bool) {
	m, ok := e.meta.Get()
	return m, ok && m.Generation == generation && m.Expires > e.s.Now().UnixMilli()
}

// outdated returns what is stored if it has expired and may be served while it is
// renewed.
func (e *ChartEntry) outdated(generation uint64) (chartMeta, bool) {
	m, ok := e.meta.Get()
	return m, ok && m.Code == "" && m.Generation == generation && m.Expires+e.stale.Milliseconds() > e.s.Now().UnixMilli()
}

// renew computes the chart anew off the turn, once at a time. Where that fails, the next
// who asks after the stale time is told.
func (e *ChartEntry) renew(req FetchRequest) {
	if e.renewing {
		return
	}
	e.renewing = true
	compute, self := e.compute, ChartCache.Get(e.s.Runtime(), e.s.Name())
	e.s.After(func(ctx context.Context) {
		start := time.Now()
		data, err := compute(req.Question)
		_, _ = renewChart(ctx, self, renewal{Failed: err != nil, Chart: PutRequest{Generation: req.Generation,
			Type: req.Question.Chart.Type, Data: data, Took: milliseconds(time.Since(start))}}) // a cache that forgets it is as good
	})
}

// A renewal is what computing a chart anew has come to.
type renewal struct {
	Chart  PutRequest `json:"chart"`
	Failed bool       `json:"failed"`
}

var renewChart = durable.Method(ChartCache, "renewed", (*ChartEntry).renewed)

func (e *ChartEntry) renewed(ctx context.Context, r renewal) (bool, error) {
	e.renewing = false
	if r.Failed {
		return false, nil
	}
	e.tally.computed.Add(1)
	e.tally.nanos.Add(int64(r.Chart.Took * 1e6))
	return e.put(ctx, r.Chart)
}

func milliseconds(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }

func (e *ChartEntry) lookup(_ context.Context, generation uint64) (Hit, error) {
	m, ok := e.current(generation)
	if !ok || m.Code != "" {
		return Hit{}, nil // counted by the Fetch that follows
	}
	return e.hit(m), nil
}

// hit serves what is stored.
func (e *ChartEntry) hit(m chartMeta) Hit {
	data, _ := e.data.Get()
	use := e.use.Or(chartUse{})
	e.use.SetRelaxed(chartUse{Count: use.Count + 1, Last: e.s.Now().UnixMilli()})
	e.tally.hits.Add(1)
	e.tally.touch(e.s.Runtime())
	return Hit{Found: true, Data: data, Took: m.Took, Created: m.Created}
}

func (e *ChartEntry) fetch(_ context.Context, req FetchRequest) (Hit, error) {
	if m, ok := e.current(req.Generation); ok {
		if m.Code != "" {
			e.tally.hits.Add(1)
			e.tally.touch(e.s.Runtime())
			return Hit{Code: m.Code, Field: m.Field, Message: m.Message}, nil
		}
		return e.hit(m), nil
	}
	if m, ok := e.outdated(req.Generation); ok {
		e.renew(req)
		return e.hit(m), nil
	}
	start := time.Now()
	data, err := e.compute(req.Question)
	took := milliseconds(time.Since(start))
	m := chartMeta{Type: req.Question.Chart.Type, Engine: fortunet.EngineVersion, Generation: req.Generation, Took: took,
		Created: e.s.Now().UnixMilli()}
	e.tally.misses.Add(1)
	defer e.tally.touch(e.s.Runtime())
	if err != nil {
		if fault.KindOf(err) != fault.Invalid {
			return Hit{}, err
		}
		f := fault.Public(err)
		m.Code, m.Field, m.Message = f.Code, f.Field, f.Message
		e.store(m, "", faultLife)
		return Hit{Code: m.Code, Field: m.Field, Message: m.Message}, nil
	}
	e.tally.computed.Add(1)
	e.tally.nanos.Add(int64(took * 1e6))
	if len(data) <= longestData {
		e.store(m, data, jittered())
	}
	return Hit{Found: true, Computed: true, Data: data, Took: took, Created: m.Created}, nil
}

func (e *ChartEntry) put(_ context.Context, req PutRequest) (bool, error) {
	if len(req.Data) > longestData {
		return false, fault.Field("data", fortunet.CodeTooLarge, "is over %d bytes", longestData)
	}
	e.store(chartMeta{Type: req.Type, Engine: fortunet.EngineVersion, Generation: req.Generation, Took: req.Took,
		Created: e.s.Now().UnixMilli()}, req.Data, jittered())
	return true, nil
}

// jittered returns how long an entry is kept.
func jittered() time.Duration { return chartLife - time.Duration(rand.Int64N(int64(chartJitter))) }

// store keeps a result for a while.
func (e *ChartEntry) store(m chartMeta, data string, life time.Duration) {
	if old, ok := e.meta.Get(); ok && old.Expires <= e.s.Now().UnixMilli() {
		e.forget(&e.tally.expired)
	} else {
		e.forget(&e.tally.replaced)
	}
	m.Expires, m.Bytes = m.Created+life.Milliseconds(), int64(len(data))
	e.meta.SetRelaxed(m)
	e.data.SetRelaxed(data)
	e.use.SetRelaxed(chartUse{Count: 1, Last: m.Created})
	e.s.SetAlarmRelaxed("expire", e.due(m))
	e.s.SetCost(int64(m.Took * 1000))
	e.tally.entries.Add(1)
	e.tally.bytes.Add(m.Bytes)
	e.tally.touch(e.s.Runtime())
}

// due returns when an entry is to be removed.
func (e *ChartEntry) due(m chartMeta) time.Time { return time.UnixMilli(m.Expires).Add(e.stale) }

// forget drops what is stored and counts it as gone for a reason.
func (e *ChartEntry) forget(reason *atomic.Int64) {
	m, ok := e.meta.Get()
	if !ok {
		return
	}
	e.meta.DeleteRelaxed()
	e.data.DeleteRelaxed()
	e.use.DeleteRelaxed()
	e.tally.entries.Add(-1)
	e.tally.bytes.Add(-m.Bytes)
	reason.Add(1)
	e.tally.touch(e.s.Runtime())
}

func (e *ChartEntry) drop(context.Context, struct{}) (bool, error) {
	_, was := e.meta.Get()
	e.forget(&e.tally.dropped)
	e.s.ClearAlarmRelaxed("expire")
	return was, nil
}

// expire is the alarm of an entry whose time is over.
func (e *ChartEntry) expire(context.Context, durable.Alarm) error {
	m, ok := e.meta.Get()
	if ok && e.due(m).After(e.s.Now()) {
		e.s.SetAlarm("expire", e.due(m))
		return nil
	}
	e.forget(&e.tally.expired)
	return nil
}

func init() { durable.OnAlarm(ChartCache, "expire", (*ChartEntry).expire) }
