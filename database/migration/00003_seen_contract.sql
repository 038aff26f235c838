-- +goose Up
-- When somebody was last here is known to their session, which also lets unused guests
-- go. The column users.seen stays for programs that still write it.
DROP INDEX users_guests;
