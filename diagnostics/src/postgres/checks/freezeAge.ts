/** How near transaction and multixact ids are to their end, where the server stops taking writes to protect itself. */
import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { fact } from '../../model/fact';
import type { PostgresCheckContext } from '../context';
import { cellText } from '../cells';
import { relationName } from '../relationName';

/** Ids left when the server refuses to hand out more: 3 million since 14, 1 million before. */
const stopAge = (version: number): number => 2 ** 31 - (version >= 140_000 ? 3_000_000 : 1_000_000);

export const freezeAge = defineCheck({
  id: 'postgres.freeze_age',
  title: 'Distance to transaction id wraparound',
  kind: 'postgres',
  asks: 'age(datfrozenxid) and mxid_age(datminmxid) of every database; of this one also the oldest tables (pg_class)',
  value: 'usedRatio',
  fields: {
    usedRatio: fact.ratio('age of the oldest database / the age at which the server refuses writes'),
    oldestTransactions: fact.count('age of the oldest database, in transactions'),
    oldestMultixacts: fact.count('age of the oldest multixact id'),
    oldestDatabase: fact.text('that database'),
    freezeMaxAge: fact.count('autovacuum_freeze_max_age: from here autovacuum freezes even when it is off'),
  },
  rows: {
    databases: {
      database: fact.text('database'),
      transactions: fact.count('age in transactions'),
      multixacts: fact.count('age in multixact ids'),
      ratio: fact.ratio('the worse of the two / the age at which the server refuses writes'),
    },
    tables: {
      table: fact.text('table of this database; a TOAST table by its owner'),
      transactions: fact.count('age in transactions'),
      multixacts: fact.count('age in multixact ids'),
      sizeBytes: fact.bytes('size by pg_class.relpages'),
    },
  },
  mend: 'VACUUM (FREEZE, VERBOSE) the oldest tables, the largest age first, and end what holds back VACUUM (postgres.xmin_holders): while it is held, freezing does not help. Never VACUUM FULL for this.',
  privilege: 'CONNECT on the database',
  unaskedEvery: 15,
  options: z.strictObject({
    warning: limit.warning(0.5),
    critical: limit.critical(0.75),
    everySeconds: limit.every(60),
  }),
  make: () => async (context: PostgresCheckContext) => {
    const stop = stopAge(context.version);
    const rows = await context.ask(
      `SELECT 'database' AS kind, datname::text AS name, age(datfrozenxid) AS xid, mxid_age(datminmxid) AS multi, NULL::bigint AS size
       FROM pg_database
       UNION ALL
       (SELECT 'table', ${relationName('n.nspname', 'coalesce(o.relname, c.relname)')}, age(c.relfrozenxid), mxid_age(c.relminmxid),
               c.relpages::bigint * current_setting('block_size')::int
        FROM pg_class c LEFT JOIN pg_class o ON o.reltoastrelid = c.oid
        JOIN pg_namespace n ON n.oid = coalesce(o.relnamespace, c.relnamespace)
        WHERE c.relkind IN ('r', 'm', 't') AND c.relfrozenxid <> '0'::xid
        ORDER BY greatest(age(c.relfrozenxid), mxid_age(c.relminmxid)) DESC, c.relpages DESC LIMIT 10)`
    );
    const settings = await context.shared.settings();
    const read = rows.map((row) => ({
      kind: row.kind,
      name: cellText(row.name),
      transactions: Number(row.xid),
      multixacts: Number(row.multi),
      ratio: round3(Math.max(Number(row.xid), Number(row.multi)) / stop),
      sizeBytes: row.size === null ? null : Number(row.size),
    }));
    const databases = read
      .filter((row) => row.kind === 'database')
      .sort((a, b) => b.ratio - a.ratio || b.transactions - a.transactions);
    const first = databases[0];
    const usedRatio = first?.ratio ?? 0;
    return {
      value: usedRatio,
      summary: `${(usedRatio * 100).toFixed(usedRatio < 0.1 ? 1 : 0)} % of the way to wraparound: ${String(first?.name)} is ${first?.transactions ?? 0} transactions and ${first?.multixacts ?? 0} multixacts old`,
      fields: {
        usedRatio,
        oldestTransactions: Math.max(0, ...databases.map((each) => each.transactions)),
        oldestMultixacts: Math.max(0, ...databases.map((each) => each.multixacts)),
        oldestDatabase: first?.name ?? null,
        freezeMaxAge: Number(settings.get('autovacuum_freeze_max_age')?.value ?? Number.NaN) || null,
      },
      rows: {
        databases: databases
          .slice(0, 20)
          .map(({ name, transactions, multixacts, ratio }) => ({ database: name, transactions, multixacts, ratio })),
        tables: read
          .filter((row) => row.kind === 'table')
          .map(({ name, transactions, multixacts, sizeBytes }) => ({
            table: name,
            transactions,
            multixacts,
            sizeBytes,
          })),
      },
    };
  },
});
