import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { fact } from '../../model/fact';
import type { PostgresCheckContext } from '../context';
import { cellText } from '../cells';
import { relationName } from '../relationName';
import { IS_AUTOVACUUM_OFF, USER_TABLES } from '../userTables';

export const statistics = defineCheck({
  id: 'postgres.statistics',
  title: 'Stale planner statistics',
  kind: 'postgres',
  asks: 'pg_stat_user_tables: n_mod_since_analyze, last_analyze, last_autoanalyze',
  value: 'stale',
  fields: { stale: fact.count('tables whose rows changed much since they were analysed') },
  rows: {
    stale: {
      table: fact.text('table'),
      modifiedSinceAnalyze: fact.count('rows changed since the last ANALYZE'),
      liveTuples: fact.count('live rows'),
      lastAnalyze: fact.time('ISO 8601, by hand or automatic; null: never since the statistics were reset'),
      analysedTuples: fact.count('rows that there were when it was last analysed: what the planner goes by'),
      autoAnalyzeOff: fact.flag('autovacuum, and with it auto-analyze, is off for the table or the server'),
    },
  },
  mend: 'ANALYZE <table>; it takes no lock that readers or writers wait for. If it recurs, lower autovacuum_analyze_scale_factor for the table.',
  privilege: 'CONNECT on the database',
  unaskedEvery: 5,
  options: z.strictObject({
    warning: limit.warning(1),
    critical: limit.none(),
    minModified: z.number().min(1).default(10_000),
    /** The same for a table that nothing analyses by itself: it will not get better. */
    minModifiedWhenOff: z.number().min(1).default(1000),
    /** Share of the live rows. Autovacuum analyses at 0.1, so 0.2 means that it does not keep up. */
    minRatio: z.number().min(0).default(0.2),
  }),
  make: (options) => async (context: PostgresCheckContext) => {
    const rows = await context.ask(
      `SELECT * FROM (SELECT ${relationName('s.schemaname', 's.relname')} AS table,
              n_mod_since_analyze AS modified, n_live_tup AS live, greatest(last_analyze, last_autoanalyze) AS last,
              ${IS_AUTOVACUUM_OFF} OR current_setting('autovacuum') = 'off' AS off,
              -- The planner takes the density of the last ANALYZE, and the size of now.
              greatest(s.reltuples, 0) AS analysed
       FROM ${USER_TABLES} s) t
       WHERE (modified >= $1 AND modified >= $2::float8 * live)
          OR (off AND modified >= $3 AND modified >= $2::float8 * greatest(analysed, 1))
       ORDER BY modified DESC LIMIT 50`,
      [options.minModified, options.minRatio, options.minModifiedWhenOff]
    );
    const stale = rows.map((row) => ({
      table: cellText(row.table),
      modifiedSinceAnalyze: Number(row.modified),
      liveTuples: Number(row.live),
      lastAnalyze: cellText(row.last),
      analysedTuples: Math.round(Number(row.analysed)),
      autoAnalyzeOff: row.off === true,
    }));
    const first = stale[0];
    return {
      value: stale.length,
      summary:
        first === undefined
          ? 'statistics are fresh'
          : `${String(first.table)}: ${first.modifiedSinceAnalyze} rows changed since ${first.lastAnalyze === null ? 'ever: it was never analysed' : String(first.lastAnalyze)}; the planner goes by ${first.analysedTuples} rows, there are ${first.liveTuples}${first.autoAnalyzeOff ? '; auto-analyze is off for it (autovacuum_enabled)' : ''}`,
      ...(first?.autoAnalyzeOff === true
        ? {
            mend: `ANALYZE ${String(first.table)}; then let it happen by itself: ALTER TABLE ${String(first.table)} RESET (autovacuum_enabled); and autovacuum = on for the server.`,
          }
        : {}),
      fields: { stale: stale.length },
      rows: { stale },
    };
  },
});
