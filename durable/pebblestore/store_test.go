package pebblestore

import (
	"log/slog"
	"testing"

	"github.com/fortunet/fortunet/durable"
	"github.com/fortunet/fortunet/durable/durabletest"
)

func TestStore(t *testing.T) {
	durabletest.TestStore(t, func(t *testing.T) durabletest.Harness {
		dir := t.TempDir()
		store := openTest(t, dir)
		return durabletest.Harness{
			Store: store,
			Reopen: func(t *testing.T) durable.Store {
				if err := store.Close(); err != nil {
					t.Fatalf("Close: %v", err)
				}
				store = openTest(t, dir)
				return store
			},
		}
	})
}

func openTest(t testing.TB, dir string) *Store {
	t.Helper()
	store, err := Open(dir, Options{Logger: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return store
}
