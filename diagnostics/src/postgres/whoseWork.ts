/** Whose work a session or a statement is: the application's, maintenance, or that of a monitor. */

export type Work = 'application' | 'maintenance' | 'monitor';

/** Statements that take as long as what they work on is large. */
const MAINTENANCE =
  /^\s*(vacuum|analyze|analyse|reindex|cluster|checkpoint|refresh\s+materialized\s+view|create\s+(unique\s+)?index|base_backup|start_replication)\b/i;
/** pg_dump and psql read whole tables this way. */
const COPY_OUT = /^\s*copy\b[\s\S]*\bto\s+(stdout|program|\$\d|')/i;
const MAINTENANCE_PROGRAMS =
  /^(pg_dump|pg_dumpall|pg_restore|pg_basebackup|pg_repack|pg_squeeze|pg_amcheck|pgbackrest|barman|wal-g|vacuumdb|reindexdb|clusterdb)\b/i;
const MONITORS =
  /exporter|datadog|pgwatch|pganalyze|pghero|pgmetrics|check_postgres|check_pgactivity|telegraf|zabbix|netdata|pmm-|newrelic|pg_activity|pgcenter|powa|live-runbooks/i;

export function workOf({ application, query }: { readonly application: string; readonly query: string }): Work {
  if (MONITORS.test(application)) {
    return 'monitor';
  }
  return MAINTENANCE_PROGRAMS.test(application) || isMaintenance(query) ? 'maintenance' : 'application';
}

/** Comments in front of a statement do not count. */
const bare = (query: string): string => query.replace(/^(\s*(--[^\n]*(\n|$)|\/\*[\s\S]*?\*\/))+/, '');

export const isMaintenance = (query: string): boolean => MAINTENANCE.test(bare(query)) || COPY_OUT.test(bare(query));

/** It reads nothing but the system's own catalogs and statistics. */
export function readsOnlyCatalogs(query: string): boolean {
  const read = [...query.matchAll(/\b(?:from|join)\s+(?:lateral\s+|only\s+)?("?[\w$]+"?(?:\s*\.\s*"?[\w$]+"?)?)/gi)]
    .map(([, name = '']) => name.replace(/["\s]/g, '').toLowerCase())
    .filter((name) => !COMMON_WORDS.has(name));
  const named = new Set(
    [...query.matchAll(/(?:\bwith\s+(?:recursive\s+)?|,\s*)"?(\w+)"?\s+as\s+(?:(?:not\s+)?materialized\s+)?\(/gi)].map(
      ([, name = '']) => name.toLowerCase()
    )
  );
  const relations = read.filter((name) => !named.has(name));
  return relations.length > 0 && relations.every((name) => /^(pg_catalog\.|information_schema\.|pg_)/.test(name));
}

/** `extract(epoch from now())`, `substring(x from 2)`, `unnest(…)` are no relations. */
const COMMON_WORDS = new Set(['now', 'clock_timestamp', 'unnest', 'generate_series', 'select', 'age']);
