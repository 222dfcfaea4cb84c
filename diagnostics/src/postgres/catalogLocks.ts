/**
 * Exclusive locks on the catalogs of the system. The server answers, and yet whoever asks anything new waits: a login for
 * pg_authid and pg_database, a plan for pg_class. Told without reading a catalog.
 */
import { type ValuesOf, fact } from '../model/fact';
import { redactSql } from '../redact/sql';
import type { Activity } from './activity';
import { FIRST_OF_USERS } from './names';
import type { QueryAccess } from './queryAccess';

export const CATALOG_LOCK_COLUMNS = {
  catalog: fact.text('catalog of the system under AccessExclusiveLock'),
  pid: fact.number('process id that holds it; null: a prepared transaction'),
  application: fact.text('its application_name'),
  user: fact.text('its role'),
  state: fact.text('its state'),
  transactionSeconds: fact.seconds('age of its transaction'),
  waiting: fact.count('sessions that wait for the catalog'),
  query: fact.text('its present or last statement, without literals'),
};

export type CatalogLock = ValuesOf<typeof CATALOG_LOCK_COLUMNS>;

/** Reading pg_class for a name would wait, too. These numbers never change. */
const NAMES: Readonly<Record<number, string>> = {
  ...{ 1213: 'pg_tablespace', 1214: 'pg_shdepend', 1247: 'pg_type', 1249: 'pg_attribute', 1255: 'pg_proc' },
  ...{ 1259: 'pg_class', 1260: 'pg_authid', 1261: 'pg_auth_members', 1262: 'pg_database', 2600: 'pg_aggregate' },
  ...{ 2604: 'pg_attrdef', 2605: 'pg_cast', 2606: 'pg_constraint', 2608: 'pg_depend', 2609: 'pg_description' },
  ...{ 2610: 'pg_index', 2611: 'pg_inherits', 2612: 'pg_language', 2615: 'pg_namespace', 2617: 'pg_operator' },
  ...{ 2618: 'pg_rewrite', 2619: 'pg_statistic', 2620: 'pg_trigger', 2964: 'pg_db_role_setting', 3079: 'pg_extension' },
};

/** Errors: those of `ask` and of `activityOf`. */
export async function catalogLocks(
  { ask, names }: Pick<QueryAccess, 'ask' | 'names'>,
  activityOf: () => Promise<readonly Activity[]>
): Promise<readonly CatalogLock[]> {
  const rows = await ask(
    `SELECT relation, pid, granted FROM pg_lock_status()
     WHERE locktype = 'relation' AND relation < ${FIRST_OF_USERS} AND database IN (0, $1::oid)
       AND (NOT granted OR mode = 'AccessExclusiveLock') AND pid IS DISTINCT FROM pg_backend_pid()`,
    [names.database.id]
  );
  const held = rows.filter((row) => row.granted === true);
  if (held.length === 0) {
    return [];
  }
  const activity = await activityOf();
  return held.slice(0, 20).map((row) => {
    const session = activity.find((each) => each.pid === Number(row.pid));
    return {
      catalog: NAMES[Number(row.relation)] ?? `the catalog ${String(row.relation)}`,
      pid: row.pid === null ? null : Number(row.pid),
      application: session?.application ?? null,
      user: session?.user ?? null,
      state: session?.state ?? null,
      transactionSeconds: session?.transactionSeconds ?? null,
      waiting: rows.filter((each) => each.granted !== true && each.relation === row.relation).length,
      query: session === undefined ? null : redactSql(session.query),
    };
  });
}

/** `4711 (migration), idle in transaction, holds AccessExclusiveLock on pg_class for 12 s: LOCK TABLE pg_class`. */
export function sayCatalogLock({ catalog, pid, application, state, transactionSeconds, query }: CatalogLock): string {
  const who = pid === null ? 'a prepared transaction' : `${pid}${application ? ` (${application})` : ''}`;
  const idle = state?.startsWith('idle') ? `, ${state},` : '';
  const since = transactionSeconds === null ? '' : ` for ${transactionSeconds.toFixed(0)} s`;
  return `${who}${idle} holds AccessExclusiveLock on ${catalog}${since}${query ? `: ${query.slice(0, 200)}` : ''}`;
}
