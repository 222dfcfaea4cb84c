/** How large the database and its tables are. Exact for unlocked tables, by pg_class.relpages for the others. */
import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { fact } from '../../model/fact';
import { SampleWindow } from '../../model/window';
import { describe } from '../../model/thrown';
import type { PostgresCheckContext } from '../context';
import { LOCKED_COLUMNS, isUnlocked, lockedRelations, lockedRows } from '../locked';
import { isUserSchema, relationName } from '../relationName';
import { LOCKED, TOO_SLOW } from '../sqlstate';

const HOUR_SECONDS = 3600;

export const sizes = defineCheck({
  id: 'postgres.sizes',
  title: 'Size of the database and its largest tables',
  kind: 'postgres',
  asks: 'pg_database_size; pg_class.relpages, and pg_total_relation_size of tables that nobody locks',
  value: 'databaseBytes',
  fields: {
    databaseBytes: fact.bytes('size of this database'),
    growthPerHour: fact.number('bytes an hour, within the last hour seen; null before the second answer'),
    tables: fact.count('tables'),
    exact: fact.count('of the listed tables, those with their exact size'),
  },
  rows: {
    tables: {
      table: fact.text('table'),
      totalBytes: fact.bytes('with its indexes and TOAST'),
      tableBytes: fact.bytes('without them, by pg_class.relpages'),
      indexBytes: fact.bytes('its indexes, by pg_class.relpages'),
      exact: fact.flag('true: totalBytes was measured; false: added up from pg_class.relpages'),
    },
    locked: LOCKED_COLUMNS,
  },
  mend: 'See which table grows; remove old rows by dropping partitions rather than by DELETE, and see postgres.bloat before adding disk. DELETE alone gives nothing back to the disk.',
  privilege: 'CONNECT on the database',
  unaskedEvery: 15,
  options: z.strictObject({
    warning: limit.none(),
    critical: limit.none(),
    everySeconds: limit.every(60),
  }),
  make: () => {
    const window = new SampleWindow<number>(HOUR_SECONDS * 1000);
    return async (context: PostgresCheckContext) => {
      const locked = await lockedRelations(context);
      const ids = locked.map((each) => each.id);
      const [own] = await context.ask(
        `SELECT pg_database_size($1::oid) AS bytes, (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE c.relkind IN ('r', 'm') AND ${isUserSchema('n.nspname')}) AS tables`,
        [context.names.database.id]
      );
      const listed = await context.ask(
        `SELECT c.oid AS id, ${relationName('n.nspname', 'c.relname')} AS table, c.relpages::bigint * b.size AS own,
                coalesce(t.relpages, 0)::bigint * b.size AS toast,
                coalesce((SELECT sum(ic.relpages) FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
                          WHERE i.indrelid = c.oid), 0)::bigint * b.size AS indexes,
                ${isUnlocked('c', '$1')} AS unlocked
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         LEFT JOIN pg_class t ON t.oid = c.reltoastrelid,
         LATERAL (SELECT current_setting('block_size')::int AS size) b
         WHERE c.relkind IN ('r', 'm') AND ${isUserSchema('n.nspname')}
         ORDER BY c.relpages + coalesce(t.relpages, 0) DESC, c.reltuples DESC LIMIT 20`,
        [ids]
      );
      const exact = await exactSizes(
        context,
        listed.filter((row) => row.unlocked === true).map((row) => Number(row.id))
      );
      const tables = listed
        .map((row) => {
          const measured = exact.get(Number(row.id));
          return {
            table: String(row.table),
            totalBytes: measured ?? Number(row.own) + Number(row.toast) + Number(row.indexes),
            tableBytes: Number(row.own),
            indexBytes: Number(row.indexes),
            exact: measured !== undefined,
          };
        })
        .sort((a, b) => b.totalBytes - a.totalBytes);
      const bytes = Number(own?.bytes);
      const base = window.base(context.now);
      window.add(context.now, bytes);
      const seconds = base === undefined ? 0 : (context.now - base.at) / 1000;
      const lockedNow = await lockedRows(context, locked);
      const first = tables[0];
      return {
        value: bytes,
        summary:
          `${megabytes(bytes)}` +
          (first === undefined ? '' : `; the largest table is ${first.table} with ${megabytes(first.totalBytes)}`) +
          (lockedNow.length === 0
            ? ''
            : `; estimated because locked: ${lockedNow.map((row) => String(row.relation)).join(', ')}`),
        fields: {
          databaseBytes: bytes,
          growthPerHour:
            base === undefined || seconds <= 0 ? null : Math.round(((bytes - base.value) / seconds) * HOUR_SECONDS),
          tables: Number(own?.tables),
          exact: tables.filter((each) => each.exact).length,
        },
        rows: { tables, locked: lockedNow },
      };
    };
  },
});

/** A lock that came since the list was made, or a table that went: then none is exact, and all are estimated. */
async function exactSizes({ ask }: PostgresCheckContext, ids: readonly number[]): Promise<ReadonlyMap<number, number>> {
  try {
    const rows = await ask('SELECT id, pg_total_relation_size(id) AS bytes FROM unnest($1::oid[]) AS u(id)', [ids]);
    return new Map(rows.filter((row) => row.bytes !== null).map((row) => [Number(row.id), Number(row.bytes)]));
  } catch (error) {
    if ([LOCKED, TOO_SLOW].includes(describe(error).code)) {
      return new Map();
    }
    throw error;
  }
}

const megabytes = (bytes: number): string =>
  bytes >= 1024 ** 3 ? `${(bytes / 1024 ** 3).toFixed(1)} GB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
