package server_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"os"

	"github.com/fortunet/fortunet"
	"github.com/fortunet/fortunet/database"
	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/durabletest"
	"github.com/fortunet/fortunet/objects"
	"github.com/fortunet/fortunet/server"
)

// How a server is put together, served and stopped.
func ExampleNew() {
	ctx, log, rules := context.Background(), slog.New(slog.NewTextHandler(os.Stderr, nil)), fortunet.DefaultRules()
	dir, err := os.MkdirTemp("", "fortunet")
	check(err)
	defer os.RemoveAll(dir)

	db, err := database.Open(ctx, database.Options{Path: dir + "/fortunet.db"})
	check(err)
	deps := &objects.Deps{Users: db, Rules: rules, Log: log, Compute: fortunet.AnswerText}
	rt, err := durable.Open(durable.Options{Store: durabletest.NewMemStore(), Objects: objects.Host(deps), Log: log})
	check(err)

	s, err := server.New(server.Options{
		Runtime: rt, Accounts: db, Rules: rules, Secret: []byte("kept in the data directory"), Log: log,
		Export: func(ctx context.Context, id string) (any, error) { return db.ExportUser(ctx, id) },
		Grant: func(ctx context.Context, id string, plan *fortunet.Plan, role *fortunet.Role) error {
			_, err := db.UpdateUser(ctx, id, database.UserChange{Plan: plan, Role: role})
			return err
		},
		Ready: []server.Probe{{Name: "database", Check: db.Check}},
	})
	check(err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	srv := s.HTTP()
	go srv.Serve(l)
	resp, err := http.Get("http://" + l.Addr().String() + "/healthz")
	check(err)
	os.Stdout.WriteString(resp.Status)
	check(resp.Body.Close())

	s.Drain()
	check(srv.Shutdown(ctx))
	deps.Flush(rt)
	check(rt.Close(ctx))
	check(db.Close())
	// Output: 200 OK
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
