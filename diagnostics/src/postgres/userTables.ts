/**
 * SQL for what the server counted of the tables of users. The views (pg_stat_user_tables, pg_stat_user_indexes) join and
 * sum the indexes of every table, whatever is selected; these functions are called for what is selected alone.
 */

/** Columns as those of `pg_stat_user_tables`, and of pg_class `reloptions`, `relpages` and `reltuples`. */
export const USER_TABLES = `(
  SELECT c.oid AS relid, n.nspname AS schemaname, c.relname, c.reloptions, c.relpages, c.reltuples,
         pg_stat_get_numscans(c.oid) AS seq_scan, pg_stat_get_tuples_returned(c.oid) AS seq_tup_read,
         pg_stat_get_tuples_fetched(c.oid) + (
           SELECT coalesce(sum(pg_stat_get_tuples_fetched(x.indexrelid)), 0) FROM pg_index x WHERE x.indrelid = c.oid
         ) AS idx_tup_fetch,
         pg_stat_get_live_tuples(c.oid) AS n_live_tup, pg_stat_get_dead_tuples(c.oid) AS n_dead_tup,
         pg_stat_get_mod_since_analyze(c.oid) AS n_mod_since_analyze,
         pg_stat_get_last_autovacuum_time(c.oid) AS last_autovacuum, pg_stat_get_last_analyze_time(c.oid) AS last_analyze,
         pg_stat_get_last_autoanalyze_time(c.oid) AS last_autoanalyze
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'm', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_toast')`;

/** SQL: autovacuum is off for the table of `USER_TABLES s` by its own setting, whatever the server's is. */
export const IS_AUTOVACUUM_OFF = `coalesce(s.reloptions::text ~* 'autovacuum_enabled=(false|off|no|0)', false)`;
