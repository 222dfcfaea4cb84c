-- The role of the diagnostics service on one PostgreSQL server (13 or later). The service's own tests run as this role.
--   psql -v password="$PASSWORD" -f diagnostics/grants.sql
-- It sees sessions, statistics and settings. It reads no table, writes nothing, and is no superuser.
-- The limit: one connection for each target on this server, and spare ones, since the server may not have noticed yet that
-- an old one has ended.
CREATE ROLE live_runbooks LOGIN CONNECTION LIMIT 10 PASSWORD :'password';
GRANT pg_monitor TO live_runbooks;

-- Only where databases do not let everybody connect:
--   GRANT CONNECT ON DATABASE gorax TO live_runbooks;
-- For postgres.statements, in each database, after shared_preload_libraries = 'pg_stat_statements' and a restart:
--   CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
--
-- What these checks cannot see without more is a finding of its own that carries the statement. In each database, as needed:
-- postgres.sequences (without it last_value is NULL):
--   GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO live_runbooks;
--   ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA public GRANT SELECT ON SEQUENCES TO live_runbooks;
-- postgres.bloat (pg_monitor may call it; without it only dead rows are known):
--   CREATE EXTENSION IF NOT EXISTS pgstattuple;
-- postgres.amcheck (on demand; reads pages, shows no data):
--   CREATE EXTENSION IF NOT EXISTS amcheck;
--   GRANT EXECUTE ON FUNCTION bt_index_check(regclass) TO live_runbooks;
-- postgres.migrations:
--   GRANT SELECT ON schema_migrations TO live_runbooks;
-- postgres.queries: SELECT on what the configured queries read, nothing more:
--   GRANT SELECT (id, state) ON jobs TO live_runbooks;
