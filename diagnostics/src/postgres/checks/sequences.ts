/** Sequences near their end, or near the end of the column that they fill: then every INSERT fails. */
import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { type BlindSpot, BLIND_COLUMNS, withBlindSpots } from '../blind-spot';
import { describe } from '../../model/thrown';
import type { PostgresCheckContext } from '../context';
import { scalar } from '../facts';
import { LOCKED_COLUMNS, lockedRelations, lockedRows } from '../locked';
import { isUserSchema, quoteName, relationName } from '../relation-name';
import type { SqlRow } from '../session';

const MEND =
  'ALTER TABLE <table> ALTER COLUMN <column> TYPE bigint rewrites the table under an AccessExclusiveLock: prepare a bigint column that a trigger fills, backfill it in batches, and swap. To win time, a signed column may start anew at its minimum: ALTER SEQUENCE <sequence> MINVALUE -2147483648 RESTART WITH -2147483648. A sequence with a bound of its own: ALTER SEQUENCE <sequence> AS bigint, or NO MAXVALUE.';

export const sequences = defineCheck({
  id: 'postgres.sequences',
  title: 'Sequences near their end',
  kind: 'postgres',
  asks: 'pg_sequence; last_value of each unlocked sequence that this role may read; the type of the column that it fills',
  unit: 'percentunit',
  fields: {
    usedRatio: 'used share of the fullest sequence; null when none may be read',
    sequences: 'sequences of this database that do not cycle',
    unreadable: 'sequences that this role may not read',
  },
  rows: {
    sequences: {
      sequence: 'sequence',
      column: 'table and column that it fills; null when none is known',
      lastValue: 'its last value',
      limit: 'the last value that it, or its column, can take',
      usedRatio: 'used share, 0–1',
      left: 'values left',
    },
    locked: LOCKED_COLUMNS,
    blind: BLIND_COLUMNS,
  },
  mend: MEND,
  privilege:
    'GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO live_runbooks; ALTER DEFAULT PRIVILEGES FOR ROLE <owner> IN SCHEMA public GRANT SELECT ON SEQUENCES TO live_runbooks',
  options: z.strictObject({
    warning: limit.warning(0.85),
    critical: limit.critical(0.95),
    everySeconds: limit.every(300),
  }),
  make: (options) => async (context: PostgresCheckContext) => {
    const locked = await lockedRelations(context);
    const rows = await context.ask(
      `SELECT q.seqrelid AS id, quote_ident(n.nspname) AS schema, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS full,
              ${relationName('n.nspname', 'c.relname')} AS sequence, q.seqstart, q.seqincrement AS step, q.seqmin, q.seqmax,
              has_sequence_privilege(c.oid, 'SELECT') AS may, has_schema_privilege(n.oid, 'USAGE') AS reach,
              c.oid = ANY ($1::oid[]) AS locked, col.name AS column, col.size
       FROM pg_sequence q JOIN pg_class c ON c.oid = q.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN LATERAL (
         -- Owned by a column, or named in the column's default.
         SELECT ${relationName('tn.nspname', 't.relname')} || '.' || quote_ident(a.attname) AS name,
                CASE a.atttypid WHEN 21 THEN 2 WHEN 23 THEN 4 WHEN 20 THEN 8 END AS size
         FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
         WHERE (a.attrelid, a.attnum) IN (
           SELECT d.refobjid, d.refobjsubid FROM pg_depend d
           WHERE d.classid = 'pg_class'::regclass AND d.objid = q.seqrelid AND d.refclassid = 'pg_class'::regclass
             AND d.deptype IN ('a', 'i')
           UNION ALL
           SELECT f.adrelid, f.adnum FROM pg_depend d JOIN pg_attrdef f ON f.oid = d.objid
           WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = q.seqrelid)
         ORDER BY size NULLS LAST LIMIT 1) col ON true
       WHERE NOT q.seqcycle AND ${isUserSchema('n.nspname')} AND c.relpersistence <> 't'`,
      [locked.map((each) => each.id)]
    );
    const isReadable = (row: SqlRow): boolean => row.may === true && row.reach === true;
    const lastValues = await readAll(
      context,
      rows.filter((row) => isReadable(row) && row.locked !== true)
    );
    const known = rows
      .filter((row) => lastValues.has(Number(row.id)))
      .map((row) => {
        const step = Number(row.step);
        const columnMax = row.size === null ? Infinity : 2 ** (Number(row.size) * 8 - 1);
        const bound = step > 0 ? Math.min(Number(row.seqmax), columnMax - 1) : Math.max(Number(row.seqmin), -columnMax);
        const from = Number(row.seqstart);
        // Never used: no last value, and nothing of it is used.
        const last = lastValues.get(Number(row.id)) ?? null;
        const range = Math.abs(bound - from);
        const usedRatio =
          last === null ? 0 : range === 0 ? 1 : Math.min(1, Math.max(0, (last - from) / (bound - from)));
        return {
          sequence: scalar(row.sequence),
          column: scalar(row.column),
          lastValue: last,
          limit: bound,
          usedRatio: round3(usedRatio),
          left: Math.max(0, Math.floor(Math.abs(bound - (last ?? from)) / Math.abs(step))),
        };
      })
      .sort((a, b) => b.usedRatio - a.usedRatio);
    const lockedSequences = locked.filter((each) => rows.some((row) => Number(row.id) === each.id));
    const refused = rows.filter((row) => !isReadable(row));
    const user = quoteName(context.names.user);
    const blind: BlindSpot[] = [
      ...refused.map((row) => ({
        object: String(row.sequence),
        why: 'last_value is NULL to a role without SELECT on the sequence',
        grant:
          (row.reach === true ? '' : `GRANT USAGE ON SCHEMA ${String(row.schema)} TO ${user}; `) +
          (refused.length === 1
            ? `GRANT SELECT ON SEQUENCE ${String(row.full)} TO ${user};`
            : `GRANT SELECT ON ALL SEQUENCES IN SCHEMA ${String(row.schema)} TO ${user};`),
      })),
      ...rows
        .filter((row) => isReadable(row) && !lastValues.has(Number(row.id)))
        .map((row) => ({
          object: String(row.sequence),
          why: 'it is under AccessExclusiveLock, or was dropped meanwhile',
          grant: 'Ask again when the lock is gone: see postgres.blocking.',
        })),
    ];
    const first = known[0];
    return withBlindSpots(
      {
        value: first?.usedRatio ?? (rows.length === 0 ? 0 : null),
        summary:
          first === undefined
            ? rows.length === 0
              ? 'no sequence'
              : `none of ${rows.length} sequences could be read`
            : `${String(first.sequence)} is the fullest: ${(first.usedRatio * 100).toFixed(1)} % used, ${first.left} values left${first.column === null ? '' : ` for ${String(first.column)}`}`,
        fields: {
          usedRatio: first?.usedRatio ?? null,
          sequences: rows.length,
          unreadable: refused.length,
        },
        rows: { sequences: known.slice(0, 20), locked: await lockedRows(context, lockedSequences) },
      },
      blind,
      {
        reason: refused.length > 0 ? 'no-permission' : 'timeout',
        threshold: { warning: options.warning, critical: options.critical },
        mend: MEND,
      }
    );
  },
});

const AT_ONCE = 100;

/**
 * Last values by id; null: never used. Read from the sequence itself, under AccessShareLock: `pg_sequence_last_value` would
 * take RowExclusiveLock. One that a lock or a DROP keeps from being read is left out.
 */
async function readAll(
  { ask }: PostgresCheckContext,
  rows: readonly SqlRow[]
): Promise<ReadonlyMap<number, number | null>> {
  const found = new Map<number, number | null>();
  const read = async (some: readonly SqlRow[]): Promise<void> => {
    const values = await ask(
      some
        .map(
          (row) =>
            `SELECT ${Number(row.id)} AS id, CASE WHEN is_called THEN last_value END AS last FROM ${String(row.full)}`
        )
        .join(' UNION ALL ')
    );
    values.forEach((row) => found.set(Number(row.id), row.last === null ? null : Number(row.last)));
  };
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const some = rows.slice(at, at + AT_ONCE);
    try {
      await read(some);
    } catch (error) {
      if (!MEANWHILE.has(describe(error).code)) {
        throw error;
      }
      for (const row of some) {
        await read([row]).catch((each: unknown) => {
          if (!MEANWHILE.has(describe(each).code)) {
            throw each;
          }
        });
      }
    }
  }
  return found;
}

/** Locked or dropped since the list was made. */
const MEANWHILE = new Set(['55P03', '42P01', '3F000']);
