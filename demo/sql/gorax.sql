-- The schema behind the queries of the Gorax guide, and enough rows that a missing index hurts.
-- :executions is the number of past executions; they are spread over the last 30 days.
CREATE EXTENSION pg_stat_statements;
CREATE EXTENSION pgstattuple;

CREATE TABLE schema_migrations (version text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
INSERT INTO schema_migrations (version, applied_at)
SELECT lpad(n::text, 3, '0'), now() - (60 - n) * interval '3 days' FROM generate_series(1, 20) AS n;

CREATE TABLE tenants (
  id text PRIMARY KEY,
  tenant_id text GENERATED ALWAYS AS (id) STORED,
  name text NOT NULL,
  concurrent_executions_limit integer,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO tenants (id, name, concurrent_executions_limit)
SELECT 'tenant-' || n, 'Tenant ' || n, CASE WHEN n % 4 = 0 THEN 50 END FROM generate_series(1, 20) AS n;

CREATE TABLE workflows (
  id text PRIMARY KEY,
  tenant_id text NOT NULL,
  name text NOT NULL,
  status text NOT NULL DEFAULT 'active',
  definition jsonb NOT NULL DEFAULT '{}',
  version integer NOT NULL DEFAULT 1,
  run_count bigint NOT NULL DEFAULT 0,
  last_run_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO workflows (id, tenant_id, name, definition)
SELECT 'wf-' || n, 'tenant-' || (n - 1) % 20 + 1, 'Workflow ' || n,
       jsonb_build_object('steps', jsonb_build_array('http_request', 'transform', 'notify'))
FROM generate_series(1, 640) AS n;

CREATE SEQUENCE execution_ids;
CREATE TABLE workflow_executions (
  id text PRIMARY KEY DEFAULT 'exec-' || nextval('execution_ids'),
  tenant_id text NOT NULL,
  workflow_id text NOT NULL,
  status text NOT NULL,
  trigger_type text NOT NULL DEFAULT 'api',
  trigger_data jsonb NOT NULL DEFAULT '{}',
  error text,
  duration double precision,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  completed_at timestamptz
);
INSERT INTO workflow_executions (tenant_id, workflow_id, status, trigger_data, error, duration, created_at, started_at, completed_at)
SELECT 'tenant-' || (wf - 1) % 20 + 1, 'wf-' || wf,
       CASE WHEN fails THEN 'failed' ELSE 'completed' END,
       jsonb_build_object('source', 'webhook', 'request', md5(n::text), 'note', repeat('payload ', 12)),
       CASE WHEN fails THEN 'http_request: upstream answered 502' END,
       0.05 + (n % 37) / 100.0, at, at + interval '20 ms', at + interval '20 ms' + (0.05 + (n % 37) / 100.0) * interval '1 second'
FROM (
  SELECT n, (n::bigint * 7919) % 640 + 1 AS wf, hashint4(n) % 200 = 0 AS fails, now() - (:executions - n) * (interval '30 days' / :executions) - interval '1 minute' AS at
  FROM generate_series(1, :executions) AS n
) AS past;
CREATE INDEX idx_executions_tenant_created ON workflow_executions (tenant_id, created_at DESC);
CREATE INDEX idx_executions_workflow_created ON workflow_executions (workflow_id, created_at DESC);
CREATE INDEX idx_executions_active ON workflow_executions (tenant_id, created_at) WHERE status IN ('pending', 'running');

CREATE TABLE execution_steps (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  execution_id text NOT NULL,
  step_id text NOT NULL,
  step_order integer NOT NULL,
  action_type text NOT NULL,
  status text NOT NULL,
  error text,
  started_at timestamptz,
  completed_at timestamptz
);
INSERT INTO execution_steps (execution_id, step_id, step_order, action_type, status, error, started_at, completed_at)
SELECT e.id, 'step-' || s, s, (ARRAY['http_request', 'transform', 'notify'])[s],
       CASE WHEN e.status = 'failed' AND s = 1 THEN 'failed' ELSE 'completed' END,
       CASE WHEN e.status = 'failed' AND s = 1 THEN e.error END, e.started_at, e.completed_at
FROM (SELECT * FROM workflow_executions ORDER BY created_at DESC LIMIT 20000) AS e, generate_series(1, 3) AS s;
CREATE INDEX idx_steps_execution ON execution_steps (execution_id, step_order);

CREATE TABLE credentials (
  id text PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenants (id),
  name text NOT NULL,
  kind text NOT NULL DEFAULT 'api_key',
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO credentials (id, tenant_id, name, expires_at)
SELECT 'cred-' || n, 'tenant-' || (n - 1) % 20 + 1, 'Key ' || n, CASE WHEN n % 3 = 0 THEN now() + (30 + n) * interval '1 day' END
FROM generate_series(1, 60) AS n;
CREATE INDEX idx_credentials_tenant ON credentials (tenant_id);

CREATE TABLE credential_access_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  credential_id text NOT NULL REFERENCES credentials (id),
  action text NOT NULL,
  success boolean NOT NULL,
  error text,
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO credential_access_log (credential_id, action, success, created_at)
SELECT 'cred-' || (n % 60 + 1), 'decrypt', true, now() - n * interval '1 minute' FROM generate_series(1, 5000) AS n;
CREATE INDEX idx_credential_access_credential ON credential_access_log (credential_id, created_at DESC);

CREATE TABLE user_roles (
  user_id text NOT NULL,
  tenant_id text NOT NULL REFERENCES tenants (id),
  role text NOT NULL,
  PRIMARY KEY (user_id, tenant_id)
);
INSERT INTO user_roles SELECT 'user-' || n, 'tenant-' || (n - 1) % 20 + 1, (ARRAY['admin', 'developer', 'viewer'])[n % 3 + 1]
FROM generate_series(1, 120) AS n;
CREATE INDEX idx_user_roles_tenant ON user_roles (tenant_id);

CREATE TABLE role_permissions (role text NOT NULL, permission text NOT NULL, PRIMARY KEY (role, permission));
INSERT INTO role_permissions VALUES
  ('admin', 'workflows:read'), ('admin', 'workflows:write'), ('admin', 'tenants:write'),
  ('developer', 'workflows:read'), ('developer', 'workflows:write'), ('viewer', 'workflows:read');

CREATE TABLE oauth_tokens (
  id text PRIMARY KEY,
  user_id text NOT NULL,
  provider text NOT NULL,
  expires_at timestamptz NOT NULL,
  has_refresh_token boolean NOT NULL DEFAULT true
);
INSERT INTO oauth_tokens SELECT 'token-' || n, 'user-' || n, (ARRAY['github', 'google', 'slack'])[n % 3 + 1], now() + interval '1 day'
FROM generate_series(1, 120) AS n;

CREATE TABLE webhook_deliveries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  webhook_id text NOT NULL,
  execution_id text,
  status text NOT NULL,
  attempts integer NOT NULL DEFAULT 1,
  last_error text,
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO webhook_deliveries (webhook_id, status, created_at)
SELECT 'hook-' || (n % 40), 'delivered', now() - n * interval '2 minutes' FROM generate_series(1, 5000) AS n;
CREATE INDEX idx_webhook_deliveries_webhook ON webhook_deliveries (webhook_id, created_at DESC);

-- After the rows: checking 300,000 of them one by one would take longer than writing them.
ALTER TABLE workflows ADD FOREIGN KEY (tenant_id) REFERENCES tenants (id);
CREATE INDEX idx_workflows_tenant ON workflows (tenant_id, id);
ALTER TABLE workflow_executions ADD FOREIGN KEY (workflow_id) REFERENCES workflows (id);

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO gorax;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO gorax;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO reporting;
-- What the diagnostics service asks for beyond pg_monitor: see diagnostics/grants.sql.
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO diagnostics;
GRANT SELECT ON schema_migrations TO diagnostics;
