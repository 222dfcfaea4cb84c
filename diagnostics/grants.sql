-- The role of the diagnostics service on one PostgreSQL server (13 or later). The service's own tests run as this role.
--   psql -v password="$PASSWORD" -f diagnostics/grants.sql
-- It sees sessions, statistics and settings. It reads no table, writes nothing, and is no superuser.
CREATE ROLE live_runbooks LOGIN CONNECTION LIMIT 3 PASSWORD :'password';
GRANT pg_monitor TO live_runbooks;

-- Only where databases do not let everybody connect:
--   GRANT CONNECT ON DATABASE gorax TO live_runbooks;
-- For postgres.statements, in each database, after shared_preload_libraries = 'pg_stat_statements' and a restart:
--   CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
