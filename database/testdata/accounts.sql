INSERT INTO users (id, email, name, plan, role, guest, created, seen)
VALUES ('PREFIX-user', 'PREFIX@example.org', '王小明', 'premium', '', 0, 1700000000000, 1700000001000);
INSERT INTO identities (provider, subject, user_id, data, created)
VALUES ('password', 'PREFIX-user', 'PREFIX-user', '$argon2id$x', 1700000000000);
INSERT INTO profiles (id, user_id, name, birth, notes, created, updated)
VALUES ('PREFIX-profile', 'PREFIX-user', '媽媽', '{"birthDate":"1962-01-01"}', '', 1700000000000, 1700000000000);
INSERT INTO charts (id, user_id, name, kind, request, engine, data, notes, tags, created, updated)
VALUES ('PREFIX-chart', 'PREFIX-user', '命盤', 'ziwei', '{"birthDate":"1962-01-01"}', '1', '{"palaces":[]}', '', '["a"]', 1700000000000, 1700000000000);
