package server

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/fault"
	"github.com/fortunet/fortunet/objects"
)

// dashboard is everything that is counted, by the part that counts it.
type dashboard struct {
	SessionManager sessionFigures      `json:"sessionManager"`
	ChartCache     cacheFigures        `json:"chartCache"`
	Objects        []durable.TypeStats `json:"objects" doc:"of each type of object, since the start of this process"`
	GeneratedAt    time.Time           `json:"generatedAt"`
}

type sessionFigures struct {
	ActiveSessions  int64   `json:"activeSessions" doc:"devices signed in and not out again"`
	Connections     int64   `json:"connections" doc:"open sockets"`
	AverageDuration float64 `json:"averageDuration" doc:"seconds a socket stays open"`
	PeakConcurrent  int64   `json:"peakConcurrent" doc:"most sockets at once"`
}

type cacheFigures struct {
	Entries                int64   `json:"entries"`
	Bytes                  int64   `json:"bytes"`
	Requests               int64   `json:"requests"`
	Hits                   int64   `json:"hits"`
	Misses                 int64   `json:"misses"`
	HitRate                float64 `json:"hitRate" doc:"hits ÷ requests"`
	AverageCalculationTime float64 `json:"averageCalculationTime" doc:"milliseconds"`
	Expired                int64   `json:"expired"`
	Dropped                int64   `json:"dropped"`
	Replaced               int64   `json:"replaced" doc:"of an older generation"`
	Evicted                uint64  `json:"evicted" doc:"from memory alone: they stay on disk"`
}

func (s *Server) statistics(ctx context.Context, _ *request, _ *none) (*answer[dashboard], error) {
	f, err := objects.Statistics(ctx, objects.TotalsOf(s.o.Runtime), struct{}{})
	stats := s.o.Runtime.Stats()
	return with(dashboard{
		SessionManager: sessionFigures{ActiveSessions: f.Active(), Connections: f.Open,
			AverageDuration: f.AverageOpen().Seconds(), PeakConcurrent: f.Peak},
		ChartCache: cacheOf(f, stats), Objects: stats, GeneratedAt: s.o.Runtime.Now().UTC()}, err)
}

func (s *Server) cacheStatistics(ctx context.Context, _ *request, _ *none) (*answer[cacheFigures], error) {
	f, err := objects.Statistics(ctx, objects.TotalsOf(s.o.Runtime), struct{}{})
	return with(cacheOf(f, s.o.Runtime.Stats()), err)
}

func cacheOf(f objects.Figures, stats []durable.TypeStats) cacheFigures {
	c := cacheFigures{Entries: f.Entries, Bytes: f.Bytes, Requests: f.Hits + f.Misses, Hits: f.Hits, Misses: f.Misses,
		HitRate: f.HitRate(), AverageCalculationTime: f.AverageMillis(), Expired: f.Expired, Dropped: f.Dropped, Replaced: f.Replaced,
		Evicted: uint64(max(f.Evicted, 0))}
	for _, t := range stats {
		if t.Type == objects.ChartCache.Name {
			c.Evicted = max(c.Evicted, t.Evictions) // the sum is told once a minute at most
		}
	}
	return c
}

type invalidateInput struct{ Body objects.Prefix }

type generation struct {
	Generation uint64 `json:"generation" doc:"of the prefix; entries of older ones are misses"`
}

func (s *Server) invalidateCache(ctx context.Context, _ *request, in *invalidateInput) (*answer[generation], error) {
	n, err := objects.Invalidate(ctx, objects.TotalsOf(s.o.Runtime), in.Body)
	return with(generation{n}, err)
}

func (s *Server) listTypes(context.Context, *request, *none) (*answer[[]durable.TypeStats], error) {
	return with(s.o.Runtime.Stats(), nil)
}

type listInput struct {
	Type  string `path:"type" maxLength:"100"`
	After string `query:"after" maxLength:"1000" doc:"the last name of the page before"`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

type nameList struct {
	Names []string `json:"names"`
	Next  string   `json:"next,omitempty" doc:"for after, where there may be more"`
}

func (s *Server) listObjects(ctx context.Context, _ *request, in *listInput) (*answer[nameList], error) {
	if err := s.checkHosted(in.Type); err != nil {
		return nil, err
	}
	found, err := s.o.Runtime.List(ctx, in.Type, in.After, in.Limit)
	out := nameList{Names: append([]string{}, found...)}
	if len(found) == in.Limit {
		out.Next = found[len(found)-1]
	}
	return with(out, err)
}

// checkHosted returns a fault unless there are objects of a type.
func (s *Server) checkHosted(typ string) error {
	if !slices.Contains(s.o.Runtime.Types(), typ) {
		return fault.Errorf(fault.NotFound, "there is no such type of object")
	}
	return nil
}

type objectPath struct {
	Type string `path:"type" maxLength:"100"`
	Name string `path:"name" maxLength:"1000"`
}

func (p *objectPath) id() durable.ID { return durable.ID{Type: p.Type, Name: p.Name} }

// hiddenViews are what not even an operator is shown: hashes of what signs in.
var hiddenViews = []string{"devices", "keys", "tickets"}

func (s *Server) inspectObject(ctx context.Context, _ *request, in *objectPath) (*answer[*durable.Inspection], error) {
	if err := s.checkHosted(in.Type); err != nil {
		return nil, err
	}
	v, err := s.o.Runtime.Inspect(ctx, in.id())
	if err != nil {
		return nil, err
	}
	v.Keys = slices.DeleteFunc(v.Keys, func(k durable.Key) bool {
		view, _, _ := strings.Cut(k.Key, "\x00")
		return in.Type == objects.Sessions.Name && slices.Contains(hiddenViews, view)
	})
	return with(v, nil)
}

func (s *Server) deleteObject(ctx context.Context, _ *request, in *objectPath) (*answer[done], error) {
	if err := s.checkHosted(in.Type); err != nil {
		return nil, err
	}
	s.parting(ctx, in.id())
	return with(done{true}, s.o.Runtime.Delete(ctx, in.id()))
}

// parting lets an object that is about to be deleted count itself as gone, and a
// session close its sockets. One that cannot be asked any more is deleted all the same.
func (s *Server) parting(ctx context.Context, id durable.ID) {
	var err error
	switch id.Type {
	case objects.ChartCache.Name:
		_, err = objects.DropChart(ctx, objects.ChartCache.Get(s.o.Runtime, id.Name), struct{}{})
	case objects.Sessions.Name:
		_, err = objects.DeleteSession(ctx, objects.Sessions.Get(s.o.Runtime, id.Name), struct{}{})
	}
	if err != nil && fault.KindOf(err) != fault.NotFound {
		s.log.Warn("an object is deleted without being asked", "type", id.Type, "err", err)
	}
}

// identifier names who is counted. Huma reads no parameters of embedded structs, so the
// inputs below repeat it.
type identifier struct {
	ID string `path:"id" maxLength:"300" doc:"a user's id; ip: and an address; guests: and an address; IPv6 by /64, as ip:2001:db8::/64"`
}

type usageInput struct {
	ID   string `path:"id" maxLength:"300" doc:"as of blockCaller"`
	Plan string `query:"plan" enum:"free,premium,professional" default:"free"`
}

func (s *Server) limitUsage(ctx context.Context, _ *request, in *usageInput) (*answer[[]objects.ClassUsage], error) {
	return with(objects.Usage(ctx, s.limiter(in.ID), fortunet.Plan(in.Plan)))
}

type resetInput struct {
	ID   string `path:"id" maxLength:"300" doc:"as of blockCaller"`
	Body *struct {
		Class fortunet.Class `json:"class,omitempty" doc:"all classes unless said"`
	}
}

func (s *Server) resetLimits(ctx context.Context, _ *request, in *resetInput) (*answer[done], error) {
	var class fortunet.Class
	if in.Body != nil {
		class = in.Body.Class
	}
	did, err := objects.ResetLimits(ctx, s.limiter(in.ID), class)
	return with(done{did}, err)
}

type blockInput struct {
	ID   string `path:"id" maxLength:"300" doc:"a user's id; ip: and an address; guests: and an address; IPv6 by /64, as ip:2001:db8::/64"`
	Body struct {
		Seconds int64  `json:"seconds,omitempty" doc:"a day unless said, 30 days at most"`
		Reason  string `json:"reason,omitempty" maxLength:"500"`
	}
}

func (s *Server) blockCaller(ctx context.Context, _ *request, in *blockInput) (*answer[objects.Block], error) {
	return with(objects.BlockClient(ctx, s.limiter(in.ID), objects.BlockRequest{Seconds: in.Body.Seconds, Reason: in.Body.Reason}))
}

func (s *Server) unblockCaller(ctx context.Context, _ *request, in *identifier) (*answer[done], error) {
	did, err := objects.UnblockClient(ctx, s.limiter(in.ID), struct{}{})
	return with(done{did}, err)
}

type userInput struct {
	ID   string `path:"id" maxLength:"300"`
	Body struct {
		Plan *fortunet.Plan `json:"plan,omitempty" enum:"free,premium,professional"`
		Role *fortunet.Role `json:"role,omitempty" enum:",admin" doc:"empty takes the role away"`
	}
}

// changeUser changes a plan or a role; the live session, its sockets and limits follow
// at once.
func (s *Server) changeUser(ctx context.Context, _ *request, in *userInput) (*answer[objects.UserView], error) {
	if err := s.o.Grant(ctx, in.ID, in.Body.Plan, in.Body.Role); err != nil {
		return nil, err
	}
	return with(objects.Refresh(ctx, objects.Sessions.Get(s.o.Runtime, in.ID), struct{}{}))
}
