-- +goose Up
-- Times are Unix milliseconds. A user's id is opaque text and never reused.
CREATE TABLE users (
	id      TEXT PRIMARY KEY,
	email   TEXT UNIQUE,              -- lower case; NULL for guests
	name    TEXT NOT NULL,
	plan    TEXT NOT NULL,
	role    TEXT NOT NULL,
	guest   INTEGER NOT NULL,
	created BIGINT NOT NULL,
	seen    BIGINT NOT NULL
);
CREATE INDEX users_guests ON users (guest, seen);

-- How a user proves who they are: a password (subject: the user's id), an OpenID
-- provider's subject, a passkey.
CREATE TABLE identities (
	provider TEXT NOT NULL,
	subject  TEXT NOT NULL,
	user_id  TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	data     TEXT NOT NULL,
	created  BIGINT NOT NULL,
	PRIMARY KEY (provider, subject)
);
CREATE INDEX identities_user ON identities (user_id);

-- The births a user has entered for people.
CREATE TABLE profiles (
	id      TEXT PRIMARY KEY,
	user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	name    TEXT NOT NULL,
	birth   TEXT NOT NULL,            -- JSON
	notes   TEXT NOT NULL,
	created BIGINT NOT NULL,
	updated BIGINT NOT NULL
);
CREATE INDEX profiles_user ON profiles (user_id, id);

-- The charts a user has saved.
CREATE TABLE charts (
	id      TEXT PRIMARY KEY,
	user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	name    TEXT NOT NULL,
	kind    TEXT NOT NULL,            -- ziwei or zodiac
	request TEXT NOT NULL,            -- JSON
	engine  TEXT NOT NULL,            -- the version that computed data
	data    TEXT NOT NULL,            -- JSON
	notes   TEXT NOT NULL,
	tags    TEXT NOT NULL,            -- JSON, a list of strings
	created BIGINT NOT NULL,
	updated BIGINT NOT NULL
);
CREATE INDEX charts_user ON charts (user_id, id);
