-- The database of the SQL-Studio-like backend.
CREATE EXTENSION pg_stat_statements;
CREATE EXTENSION pgstattuple;

CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  password_hash text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO users (email, password_hash)
SELECT 'user' || n || '@example.com', encode(sha256(convert_to('password-' || n, 'UTF8')), 'hex') FROM generate_series(1, 500) AS n;

CREATE TABLE connections (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES users (id),
  name text NOT NULL,
  kind text NOT NULL
);
INSERT INTO connections (user_id, name, kind)
SELECT n % 500 + 1, 'Database ' || n, (ARRAY['postgres', 'mysql', 'sqlite'])[n % 3 + 1] FROM generate_series(1, 1500) AS n;
CREATE INDEX idx_connections_user ON connections (user_id);

CREATE TABLE saved_queries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES users (id),
  title text NOT NULL,
  body text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO saved_queries (user_id, title, body)
SELECT n % 500 + 1, 'Query ' || n, 'SELECT * FROM orders WHERE id = ' || n FROM generate_series(1, 10000) AS n;
CREATE INDEX idx_saved_queries_user ON saved_queries (user_id, updated_at DESC);

CREATE TABLE query_history (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL,
  body text NOT NULL,
  duration_ms integer NOT NULL,
  executed_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO query_history (user_id, body, duration_ms, executed_at)
SELECT n % 500 + 1, 'SELECT ' || n, n % 90, now() - n * interval '10 seconds' FROM generate_series(1, 40000) AS n;
CREATE INDEX idx_query_history_user ON query_history (user_id, executed_at DESC);

CREATE TABLE sync_operations (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL,
  status text NOT NULL,
  items integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO sqlstudio;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO sqlstudio;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO reporting;
-- What the diagnostics service asks for beyond pg_monitor: see diagnostics/grants.sql.
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO diagnostics;
