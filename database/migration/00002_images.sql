-- +goose Up
ALTER TABLE users ADD COLUMN updated BIGINT NOT NULL DEFAULT 0;
UPDATE users SET updated = created;

ALTER TABLE charts ADD COLUMN image BYTEA;
ALTER TABLE charts ADD COLUMN image_type TEXT NOT NULL DEFAULT ''; -- media type

-- One row that is written to find out whether anything can be.
CREATE TABLE health (
	id INTEGER PRIMARY KEY,
	at BIGINT NOT NULL
);
INSERT INTO health (id, at) VALUES (1, 0);
