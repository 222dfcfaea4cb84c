/** Foreign keys whose columns no index begins with: each DELETE or key UPDATE of the parent reads the whole child. */
import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { fact } from '../../model/fact';
import type { PostgresCheckContext } from '../context';
import { cellText } from '../cells';
import { isUserSchema, relationName } from '../relationName';

export const foreignKeys = defineCheck({
  id: 'postgres.foreign_keys',
  title: 'Foreign keys without an index',
  kind: 'postgres',
  asks: 'pg_constraint, pg_index, pg_attribute; reads no definition, so it waits for no lock',
  value: 'missing',
  fields: { missing: fact.count('foreign keys of large tables without an index') },
  rows: {
    missing: {
      table: fact.text('the table that refers'),
      constraint: fact.text('the foreign key'),
      columns: fact.text('its columns, in order'),
      references: fact.text('the table that it refers to'),
      rows: fact.count('rows of the referring table, estimated'),
      parentChanges: fact.count(
        'rows deleted from or updated in the table referred to, since the statistics were reset'
      ),
      create: fact.text('the statement that mends it'),
    },
  },
  mend: 'CREATE INDEX CONCURRENTLY on the columns of the foreign key (the statement is in each row), outside a transaction; it locks out neither readers nor writers.',
  privilege: 'CONNECT on the database',
  unaskedEvery: 15,
  options: z.strictObject({
    warning: limit.warning(1),
    critical: limit.none(),
    /** Smaller tables are read whole in no time. Rows. */
    minRows: z.number().min(0).default(10_000),
    everySeconds: limit.every(60),
  }),
  make: (options) => async (context: PostgresCheckContext) => {
    const rows = await context.ask(
      `SELECT ${relationName('n.nspname', 'c.relname')} AS table, quote_ident(k.conname) AS constraint,
              ${relationName('fn.nspname', 'f.relname')} AS references,
              greatest(c.reltuples::bigint, pg_stat_get_live_tuples(c.oid), 0) AS rows,
              pg_stat_get_tuples_deleted(f.oid) + pg_stat_get_tuples_updated(f.oid) AS changes,
              (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY u.at)
               FROM unnest(k.conkey) WITH ORDINALITY AS u(number, at)
               JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number) AS columns
       FROM pg_constraint k
       JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_class f ON f.oid = k.confrelid JOIN pg_namespace fn ON fn.oid = f.relnamespace
       WHERE k.contype = 'f' AND c.relkind = 'r' AND ${isUserSchema('n.nspname')}
         AND greatest(c.reltuples::bigint, pg_stat_get_live_tuples(c.oid), 0) >= $1
         AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = k.conrelid AND i.indisvalid AND i.indpred IS NULL
                         AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)
       ORDER BY 5 DESC, 4 DESC LIMIT 50`,
      [options.minRows]
    );
    const missing = rows.map((row) => ({
      table: cellText(row.table),
      constraint: cellText(row.constraint),
      columns: cellText(row.columns),
      references: cellText(row.references),
      rows: Number(row.rows),
      parentChanges: Number(row.changes),
      create: `CREATE INDEX CONCURRENTLY ON ${String(row.table)} (${String(row.columns)});`,
    }));
    const first = missing[0];
    return {
      value: missing.length,
      summary:
        first === undefined
          ? 'every foreign key of a large table has an index'
          : `${missing.length === 1 ? 'one foreign key has' : `${missing.length} foreign keys have`} no index; ${String(first.table)} (${String(first.columns)}) refers to ${String(first.references)}`,
      fields: { missing: missing.length },
      rows: { missing },
    };
  },
});
