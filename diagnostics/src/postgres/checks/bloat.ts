/**
 * Space inside tables that holds nothing. Measured with pgstattuple_approx, which reads what the visibility map does not
 * vouch for; without it only dead rows are known, and space that VACUUM freed but could not give back is not seen.
 */
import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { type ValuesOf, fact } from '../../model/fact';
import { type BlindSpot, BLIND_COLUMNS, withBlindSpots } from '../blindSpot';
import { describe } from '../../model/thrown';
import type { PostgresCheckContext } from '../context';
import { LOCKED_COLUMNS, isUnlocked, lockedRelations, lockedRows } from '../locked';
import { isUserSchema, quoteName, relationName } from '../relationName';
import { SessionLost } from '../session';
import { LOCKED, TOO_SLOW } from '../sqlstate';

const MEND =
  'Space freed by VACUUM is used again by the same table, so first let autovacuum keep up. To give it back without locking the table out: pg_repack or pg_squeeze. VACUUM FULL <table> locks everybody out until it is done: only in a maintenance window.';
const CREATE = 'CREATE EXTENSION IF NOT EXISTS pgstattuple;';
/** Measuring stops when the round has no more left than this. Milliseconds. */
const LEAVE_MS = 700;
const SPEND_MS = 400;

const COLUMNS = {
  table: fact.text('table'),
  sizeBytes: fact.bytes('size of the table'),
  wastedBytes: fact.bytes('bytes that hold nothing'),
  wastedRatio: fact.ratio('their share, 0–1'),
  how: fact.word(['measured', 'estimated'], 'measured, or estimated by dead rows'),
};

export const bloat = defineCheck({
  id: 'postgres.bloat',
  title: 'Bloated tables',
  kind: 'postgres',
  asks: 'pgstattuple_approx of the largest unlocked tables; without it n_dead_tup of pg_stat_user_tables',
  value: 'bloated',
  fields: {
    bloated: fact.count('tables with much space that holds nothing'),
    wastedBytes: fact.bytes('bytes in them that hold nothing'),
    measured: fact.count('tables that were measured'),
    estimated: fact.count('large tables of which only the dead rows are known'),
  },
  rows: {
    tables: COLUMNS,
    locked: LOCKED_COLUMNS,
    blind: BLIND_COLUMNS,
  },
  mend: MEND,
  privilege: `${CREATE} pg_monitor may then call it; else GRANT EXECUTE ON FUNCTION pgstattuple_approx(regclass) TO live_runbooks`,
  unaskedEvery: 15,
  options: z.strictObject({
    warning: limit.warning(1),
    critical: limit.none(),
    minRatio: z.number().min(0).max(1).default(0.4),
    minWastedBytes: z
      .number()
      .min(0)
      .default(4 * 1024 * 1024),
    /** Larger tables are not measured: reading them would cost too much. Bytes. */
    measureUpToBytes: z
      .number()
      .min(0)
      .default(1024 * 1024 * 1024),
    everySeconds: limit.every(120),
  }),
  make: (options) => async (context: PostgresCheckContext) => {
    const locked = await lockedRelations(context);
    const rows = await context.ask(
      `SELECT c.oid AS id, ${relationName('n.nspname', 'c.relname')} AS table,
              c.relpages::bigint * current_setting('block_size')::int AS size,
              coalesce(pg_stat_get_dead_tuples(c.oid)::float8 / nullif(pg_stat_get_dead_tuples(c.oid) + pg_stat_get_live_tuples(c.oid), 0), 0) AS dead,
              ${isUnlocked('c', '$2')} AS unlocked
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' AND ${isUserSchema('n.nspname')}
         AND c.relpages::bigint * current_setting('block_size')::int >= $1
       ORDER BY c.relpages DESC LIMIT 20`,
      [options.minWastedBytes, locked.map((each) => each.id)]
    );
    const [extension] = await context.ask(
      `SELECT quote_ident(n.nspname) AS schema, has_function_privilege(p.oid, 'EXECUTE') AS may,
              has_schema_privilege(n.oid, 'USAGE') AS reach
       FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.proname = 'pgstattuple_approx'`
    );
    const may = extension?.may === true && extension.reach === true;
    const stopAt = Math.max(LEAVE_MS, context.left() - SPEND_MS);
    const blind: BlindSpot[] = [];
    const tables: Array<ValuesOf<typeof COLUMNS>> = [];
    let measured = 0;
    for (const row of rows) {
      const table = String(row.table);
      const found =
        may && row.unlocked === true && Number(row.size) <= options.measureUpToBytes && context.left() > stopAt
          ? await measure(context, String(extension.schema), Number(row.id))
          : undefined;
      measured += found === undefined ? 0 : 1;
      const size = found?.size ?? Number(row.size);
      const wasted = found?.wasted ?? Math.round(size * Number(row.dead));
      if (found === undefined && may) {
        blind.push({ object: table, why: whyNot(row, options.measureUpToBytes), grant: byHand(extension, table) });
      }
      tables.push({
        table,
        sizeBytes: size,
        wastedBytes: wasted,
        wastedRatio: size > 0 ? round3(wasted / size) : 0,
        how: found === undefined ? 'estimated' : 'measured',
      });
    }
    if (!may && rows.length > 0) {
      const user = quoteName(context.names.user);
      const schema = String(extension?.schema);
      blind.push({
        object: 'space that VACUUM freed and could not give back',
        why: extension === undefined ? 'pgstattuple is not created in this database' : 'EXECUTE is missing',
        grant:
          extension === undefined
            ? `${CREATE} GRANT EXECUTE ON FUNCTION pgstattuple_approx(regclass) TO ${user};`
            : extension.reach === true
              ? `GRANT EXECUTE ON FUNCTION ${schema}.pgstattuple_approx(regclass) TO ${user};`
              : `GRANT USAGE ON SCHEMA ${schema} TO ${user};`,
      });
    }
    const bloated = tables
      .filter((row) => Number(row.wastedRatio) >= options.minRatio && Number(row.wastedBytes) >= options.minWastedBytes)
      .sort((a, b) => Number(b.wastedBytes) - Number(a.wastedBytes));
    const first = bloated[0];
    const megabytes = (bytes: unknown): string => `${Math.round(Number(bytes) / 1024 / 1024)} MB`;
    return withBlindSpots(
      {
        value: bloated.length,
        summary:
          first === undefined
            ? rows.length === 0
              ? 'no table is large enough to matter'
              : `no bloat among the ${rows.length} largest tables (${measured} measured)`
            : `${bloated.length === 1 ? 'one table is' : `${bloated.length} tables are`} bloated; ${String(first.table)}: ${megabytes(first.wastedBytes)} of ${megabytes(first.sizeBytes)} hold nothing`,
        fields: {
          bloated: bloated.length,
          wastedBytes: bloated.reduce((sum, row) => sum + Number(row.wastedBytes), 0),
          measured,
          estimated: rows.length - measured,
        },
        rows: { tables: bloated, locked: await lockedRows(context, locked) },
      },
      blind,
      {
        reason: may ? 'timeout' : extension === undefined ? 'not-configured' : 'no-permission',
        threshold: { warning: options.warning },
        mend: MEND,
      }
    );
  },
});

/** Undefined: it could not be measured in time, or a lock came in between. */
async function measure(
  { ask }: PostgresCheckContext,
  schema: string,
  id: number
): Promise<{ readonly size: number; readonly wasted: number } | undefined> {
  try {
    const [row] = await ask(
      `SELECT table_len AS size, approx_free_space + dead_tuple_len AS wasted FROM ${schema}.pgstattuple_approx($1::oid::regclass)`,
      [id]
    );
    return row === undefined ? undefined : { size: Number(row.size), wasted: Math.round(Number(row.wasted)) };
  } catch (error) {
    // XX000 and 42P01: the table was dropped meanwhile.
    if (!(error instanceof SessionLost) && [LOCKED, TOO_SLOW, '42P01', 'XX000'].includes(describe(error).code)) {
      return undefined;
    }
    throw error;
  }
}

const byHand = (extension: Readonly<Record<string, unknown>>, table: string): string =>
  `Outside the service: SELECT * FROM ${String(extension.schema)}.pgstattuple_approx('${table.replace(/'/g, "''")}');`;

function whyNot(row: Readonly<Record<string, unknown>>, upTo: number): string {
  return row.unlocked !== true
    ? 'it is under AccessExclusiveLock'
    : Number(row.size) > upTo
      ? 'it is larger than measureUpToBytes'
      : 'it could not be read within the time of a round';
}
