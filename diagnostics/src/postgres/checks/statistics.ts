import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import type { PostgresCheckContext } from '../context';
import { scalar } from '../facts';

export const statistics = defineCheck({
  id: 'postgres.statistics',
  title: 'Stale planner statistics',
  kind: 'postgres',
  asks: 'pg_stat_user_tables: n_mod_since_analyze, last_analyze, last_autoanalyze',
  unit: 'short',
  fields: { stale: 'tables whose rows changed much since they were analysed' },
  rows: {
    stale: {
      table: 'table',
      modifiedSinceAnalyze: 'rows changed since the last ANALYZE',
      liveTuples: 'live rows',
      lastAnalyze: 'ISO 8601, by hand or automatic; null: never since the statistics were reset',
    },
  },
  mend: 'ANALYZE <table>; it takes no lock that readers or writers wait for. If it recurs, lower autovacuum_analyze_scale_factor for the table.',
  privilege: 'CONNECT on the database',
  options: z.strictObject({
    warning: limit.warning(1),
    critical: limit.none(),
    minModified: z.number().min(1).default(10_000),
    /** Share of the live rows. Autovacuum analyses at 0.1, so 0.2 means that it does not keep up. */
    minRatio: z.number().min(0).default(0.2),
  }),
  make: (options) => async (context: PostgresCheckContext) => {
    const rows = await context.ask(
      `SELECT CASE WHEN schemaname = 'public' THEN quote_ident(relname)
                   ELSE quote_ident(schemaname) || '.' || quote_ident(relname) END AS table,
              n_mod_since_analyze AS modified, n_live_tup AS live, greatest(last_analyze, last_autoanalyze) AS last
       FROM pg_stat_user_tables
       WHERE n_mod_since_analyze >= $1 AND n_mod_since_analyze >= $2::float8 * n_live_tup
       ORDER BY n_mod_since_analyze DESC LIMIT 50`,
      [options.minModified, options.minRatio]
    );
    const stale = rows.map((row) => ({
      table: scalar(row.table),
      modifiedSinceAnalyze: Number(row.modified),
      liveTuples: Number(row.live),
      lastAnalyze: scalar(row.last),
    }));
    const first = stale[0];
    return {
      value: stale.length,
      summary:
        first === undefined
          ? 'statistics are fresh'
          : `${String(first.table)}: ${first.modifiedSinceAnalyze} rows changed since ${first.lastAnalyze === null ? 'ever: it was never analysed' : String(first.lastAnalyze)}`,
      fields: { stale: stale.length },
      rows: { stale },
    };
  },
});
