/**
 * Indexes that cost and do not serve. Indexes are compared by pg_index alone: the functions that print a definition wait
 * for the lock of a session that locks the table.
 */
import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { fact } from '../../model/fact';
import type { PostgresCheckContext } from '../context';
import { cellText } from '../cells';
import { isUserSchema, relationName } from '../relationName';
import type { SqlRow } from '../ask';

export const indexUse = defineCheck({
  id: 'postgres.index_use',
  title: 'Unused, duplicate and invalid indexes, and builds that run',
  kind: 'postgres',
  asks: 'pg_stat_user_indexes.idx_scan, pg_index, pg_constraint, pg_stat_progress_create_index',
  value: fact.count('unused, duplicate and invalid indexes'),
  fields: {
    unused: fact.count('large indexes without a scan since statistics began; null while these are too young to tell'),
    duplicate: fact.count('indexes that another one covers'),
    invalid: fact.count('indexes that a failed CREATE INDEX CONCURRENTLY left behind'),
    statisticsDays: fact.days('age of the statistics in days'),
  },
  rows: {
    unused: {
      index: fact.text('index'),
      table: fact.text('table'),
      sizeBytes: fact.bytes('size by pg_class.relpages'),
    },
    duplicate: {
      index: fact.text('index'),
      table: fact.text('table'),
      of: fact.text('the index that covers it'),
      how: fact.word(['same', 'prefix'], 'its columns are the same, or the first ones of the other'),
    },
    invalid: {
      index: fact.text('index'),
      table: fact.text('table'),
      sizeBytes: fact.bytes('size by pg_class.relpages'),
    },
    building: {
      pid: fact.number('process id of the session that builds it'),
      application: fact.text('its application_name'),
      table: fact.text('table; null when the role may not see it'),
      index: fact.text('index; null while its session alone can see it'),
      command: fact.text('CREATE INDEX or REINDEX, with or without CONCURRENTLY'),
      phase: fact.text('what it does now'),
      progress: fact.ratio('share of this phase that is done, 0–1; null for a phase that counts nothing'),
      waitsForPid: fact.number('process id of the session whose end it waits for; null when it waits for none'),
      seconds: fact.seconds('seconds since the statement began'),
    },
  },
  mend: 'Invalid: REINDEX INDEX CONCURRENTLY <index>, or DROP INDEX CONCURRENTLY. Duplicate or unused: look at the replicas too (they have counts of their own), then DROP INDEX CONCURRENTLY.',
  privilege: 'CONNECT on the database; GRANT pg_read_all_stats (in pg_monitor) for builds in progress',
  unaskedEvery: 5,
  options: z.strictObject({
    warning: limit.warning(1),
    critical: limit.none(),
    minBytes: z
      .number()
      .min(0)
      .default(10 * 1024 * 1024),
    /** Statistics younger than this say nothing about use. Days. */
    unusedAfterDays: z.number().min(0).default(7),
    /** How often rounds compare all indexes with each other while none of them is unused or duplicate. Seconds. */
    compareSeconds: z.number().min(0).max(86_400).default(300),
  }),
  make: (options) => {
    let kept: { readonly compared: readonly SqlRow[]; readonly at: number } | undefined;
    const compare = async (context: PostgresCheckContext): Promise<readonly SqlRow[]> => {
      const isKnown = kept !== undefined && kept.compared.every(({ kind }) => kind === 'age');
      if (!isKnown || context.forced || context.now - (kept?.at ?? 0) >= options.compareSeconds * 1000) {
        kept = { compared: await compareIndexes(context, options), at: context.now };
      }
      return kept?.compared ?? [];
    };
    return async (context: PostgresCheckContext) => {
      const rows = [...(await compare(context)), ...(await invalidIndexes(context))];
      const of = (kind: string) => rows.filter((row) => row.kind === kind);
      const statisticsDays = Math.round(Number(of('age')[0]?.how ?? 0) * 100) / 100;
      const old = statisticsDays >= options.unusedAfterDays;
      const sized = (kind: string) =>
        of(kind)
          .sort((a, b) => Number(b.size) - Number(a.size))
          .slice(0, 50)
          .map((row) => ({ index: cellText(row.index), table: cellText(row.table), sizeBytes: Number(row.size) }));
      const duplicate = of('duplicate')
        .slice(0, 50)
        .map((row) => ({
          index: cellText(row.index),
          table: cellText(row.table),
          of: cellText(row.of),
          how: row.how === 'same' ? ('same' as const) : ('prefix' as const),
        }));
      const unused = sized('unused');
      const invalid = sized('invalid');
      const building = await buildsNow(context);
      const parts = [
        ...(invalid.length > 0 ? [`${invalid.length} invalid (${String(invalid[0]?.index)})`] : []),
        ...(duplicate.length > 0 ? [`${duplicate.length} duplicate (${String(duplicate[0]?.index)})`] : []),
        ...(unused.length > 0 ? [`${unused.length} unused (${String(unused[0]?.index)})`] : []),
      ];
      return {
        value: unused.length + duplicate.length + invalid.length,
        summary:
          (parts.length > 0 ? parts.join(', ') : 'no invalid and no duplicate index') +
          (building.length > 0 ? `; being built now: ${building.length}` : '') +
          (old ? '' : `; statistics are ${statisticsDays} days old, too young to call an index unused`),
        fields: {
          unused: old ? unused.length : null,
          duplicate: duplicate.length,
          invalid: invalid.length,
          statisticsDays,
        },
        rows: { unused, duplicate, invalid, building },
      };
    };
  },
});

/** Rows of kind `age` (of the statistics, in days), `unused` and `duplicate`. */
function compareIndexes(
  context: PostgresCheckContext,
  options: { readonly minBytes: number; readonly unusedAfterDays: number }
): Promise<readonly SqlRow[]> {
  return context.ask(
    `WITH age AS (
         SELECT extract(epoch FROM now() - coalesce(pg_stat_get_db_stat_reset_time($3::oid), pg_postmaster_start_time())) / 86400 AS days),
       i AS (
         SELECT x.indexrelid, x.indrelid, ${relationName('n.nspname', 'ic.relname')} AS index, ${relationName('tn.nspname', 'tc.relname')} AS table,
                ic.relpages::bigint * current_setting('block_size')::int AS size, ic.relam,
                x.indisunique OR x.indisprimary OR x.indisexclusion AS constrains, x.indisvalid,
                x.indkey::text AS keys, x.indclass::text AS classes, x.indcollation::text AS collations, x.indoption::text AS options,
                coalesce(x.indexprs::text, '') AS exprs, coalesce(x.indpred::text, '') AS pred, x.indkey,
                pg_stat_get_numscans(x.indexrelid) AS scans
         FROM pg_index x JOIN pg_class ic ON ic.oid = x.indexrelid JOIN pg_namespace n ON n.oid = ic.relnamespace
         JOIN pg_class tc ON tc.oid = x.indrelid JOIN pg_namespace tn ON tn.oid = tc.relnamespace
         WHERE ${isUserSchema('n.nspname')} AND ic.relkind = 'i')
       SELECT 'age' AS kind, NULL AS index, NULL AS table, NULL::bigint AS size, NULL AS of, days::text AS how FROM age
       UNION ALL
       SELECT 'unused', index, "table", size, NULL, NULL FROM i, age
        WHERE scans = 0 AND indisvalid AND NOT constrains AND exprs = '' AND size >= $1 AND days >= $2
          AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.contype = 'f' AND k.conrelid = i.indrelid
                          AND k.conkey[1] = i.indkey[0])
       UNION ALL
       SELECT 'duplicate', d.index, d."table", d.size, min(o.index),
              CASE WHEN bool_or(d.keys = o.keys) THEN 'same' ELSE 'prefix' END
        FROM i d JOIN i o ON o.indrelid = d.indrelid AND o.indexrelid <> d.indexrelid AND o.relam = d.relam
         AND o.pred = d.pred AND o.exprs = d.exprs AND o.indisvalid AND d.indisvalid AND NOT d.constrains
         AND ((o.keys = d.keys AND o.classes = d.classes AND o.collations = d.collations AND o.options = d.options
               AND (o.constrains OR o.indexrelid < d.indexrelid))
           OR (d.exprs = '' AND d.relam = (SELECT oid FROM pg_am WHERE amname = 'btree')
               AND starts_with(o.keys, d.keys || ' ') AND starts_with(o.classes, d.classes || ' ')
               AND starts_with(o.collations, d.collations || ' ') AND starts_with(o.options, d.options || ' ')))
        GROUP BY d.index, d."table", d.size`,
    [options.minBytes, options.unusedAfterDays, context.names.database.id]
  );
}

/** Rows of kind `invalid`: none that is being built. */
function invalidIndexes({ ask }: PostgresCheckContext): Promise<readonly SqlRow[]> {
  return ask(
    `SELECT 'invalid' AS kind, ${relationName('n.nspname', 'ic.relname')} AS index, ${relationName('tn.nspname', 'tc.relname')} AS table,
            ic.relpages::bigint * current_setting('block_size')::int AS size
     FROM pg_index x JOIN pg_class ic ON ic.oid = x.indexrelid JOIN pg_namespace n ON n.oid = ic.relnamespace
     JOIN pg_class tc ON tc.oid = x.indrelid JOIN pg_namespace tn ON tn.oid = tc.relnamespace
     WHERE NOT x.indisvalid AND ${isUserSchema('n.nspname')} AND ic.relkind = 'i'
       AND NOT EXISTS (SELECT 1 FROM pg_stat_progress_create_index p
                       WHERE p.index_relid = x.indexrelid OR p.relid = x.indrelid)`
  );
}

/** Index builds of this database that run now. */
async function buildsNow({ ask, shared, names }: PostgresCheckContext) {
  if (!(await shared.hasAny('builds'))) {
    return [];
  }
  const builds = await ask(
    `SELECT p.pid, ${relationName('tn.nspname', 'tc.relname')} AS table, ${relationName('n.nspname', 'ic.relname')} AS index, p.command, p.phase,
            CASE WHEN p.blocks_total > 0 THEN p.blocks_done::float8 / p.blocks_total
                 WHEN p.tuples_total > 0 THEN p.tuples_done::float8 / p.tuples_total
                 WHEN p.lockers_total > 0 THEN p.lockers_done::float8 / p.lockers_total END AS progress,
            nullif(p.current_locker_pid, 0) AS waits_for
     FROM pg_stat_progress_create_index p
     LEFT JOIN pg_class tc ON tc.oid = p.relid LEFT JOIN pg_namespace tn ON tn.oid = tc.relnamespace
     LEFT JOIN pg_class ic ON ic.oid = p.index_relid LEFT JOIN pg_namespace n ON n.oid = ic.relnamespace
     WHERE p.datid = $1 ORDER BY p.pid LIMIT 20`,
    [names.database.id]
  );
  if (builds.length === 0) {
    return [];
  }
  const sessions = new Map((await shared.activity()).map((each) => [each.pid, each]));
  return builds.map((row) => {
    const session = sessions.get(Number(row.pid));
    return {
      pid: Number(row.pid),
      application: session?.application ?? null,
      table: cellText(row.table),
      index: cellText(row.index),
      command: cellText(row.command),
      phase: cellText(row.phase),
      progress: row.progress === null ? null : Math.round(Number(row.progress) * 1000) / 1000,
      waitsForPid: row.waits_for === null ? null : Number(row.waits_for),
      seconds: session?.querySeconds ?? null,
    };
  });
}
