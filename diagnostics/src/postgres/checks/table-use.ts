/** Tables that are read from end to end, again and again: they want an index. Rates of the last seconds, not totals. */
import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { SampleWindow } from '../../model/window';
import type { PostgresCheckContext } from '../context';

interface Scans {
  readonly scans: number;
  readonly rowsRead: number;
}

export const tableUse = defineCheck({
  id: 'postgres.table_use',
  title: 'Sequential scans that want an index',
  kind: 'postgres',
  asks: 'pg_stat_user_tables: increase of seq_scan and seq_tup_read within a third of the window',
  unit: 'short',
  fields: {
    wantIndex: 'tables that want an index; null before the second round',
    windowSeconds: 'seconds that the rates cover',
  },
  rows: {
    seqScans: {
      table: 'table',
      scansPerSecond: 'sequential scans per second',
      rowsPerScan: 'rows read by one scan',
      rowsReadPerSecond: 'rows read by sequential scans per second',
      liveRows: 'live rows',
      sizeBytes: 'size of the table by pg_class.relpages',
    },
  },
  mend: 'Find the statement in postgres.statements, EXPLAIN it, and CREATE INDEX CONCURRENTLY on the columns that it filters by. An index that exists may be invalid (postgres.index_use) or passed over for stale statistics (postgres.statistics).',
  privilege: 'CONNECT on the database',
  options: z.strictObject({
    warning: limit.warning(1),
    critical: limit.none(),
    minRowsPerScan: z.number().min(1).default(5_000),
    minRowsReadPerSecond: z.number().min(1).default(20_000),
    minScansPerSecond: z.number().min(0).default(0.1),
    windowSeconds: z.number().int().min(10).max(3600).default(60),
  }),
  make: (options) => {
    const window = new SampleWindow<ReadonlyMap<string, Scans>>(options.windowSeconds * 1000);
    return async (context: PostgresCheckContext) => {
      const rows = await context.ask(`
        SELECT s.relid::text AS id, CASE WHEN s.schemaname = 'public' THEN quote_ident(s.relname)
                 ELSE quote_ident(s.schemaname) || '.' || quote_ident(s.relname) END AS table,
               s.seq_scan AS scans, s.seq_tup_read AS read, s.n_live_tup AS live,
               c.relpages::bigint * current_setting('block_size')::int AS size
        FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid`);
      const latest = new Map(
        rows.map((row) => [String(row.id), { scans: Number(row.scans), rowsRead: Number(row.read) }])
      );
      window.add(context.now, latest);
      const base = window.base(context.now, (options.windowSeconds * 1000) / 3);
      if (base === undefined) {
        return {
          value: null,
          summary: 'no rates yet: the next round has them',
          fields: { wantIndex: null, windowSeconds: null },
          unknown: { reason: 'no-series', mend: 'Ask again in a few seconds: the first round only counts.' },
        };
      }
      const seconds = (context.now - base.at) / 1000;
      const seqScans = rows
        .flatMap((row) => {
          const before = base.value.get(String(row.id));
          const scans = Number(row.scans) - (before?.scans ?? 0);
          const read = Number(row.read) - (before?.rowsRead ?? 0);
          // Fewer than before: the statistics were reset meanwhile. Unknown before: the table is new.
          if (before === undefined || scans <= 0 || read < 0) {
            return [];
          }
          return [
            {
              table: String(row.table),
              scansPerSecond: round3(scans / seconds),
              rowsPerScan: Math.round(read / scans),
              rowsReadPerSecond: Math.round(read / seconds),
              liveRows: Number(row.live),
              sizeBytes: Number(row.size),
            },
          ];
        })
        .filter(
          (each) =>
            each.rowsPerScan >= options.minRowsPerScan &&
            each.rowsReadPerSecond >= options.minRowsReadPerSecond &&
            each.scansPerSecond >= options.minScansPerSecond
        )
        .sort((a, b) => b.rowsReadPerSecond - a.rowsReadPerSecond)
        .slice(0, 20);
      const first = seqScans[0];
      return {
        value: seqScans.length,
        summary:
          first === undefined
            ? `no table is read from end to end often (${seconds.toFixed(0)} s)`
            : `${first.table} is read from end to end ${first.scansPerSecond.toFixed(1)} times a second, ${first.rowsPerScan} rows each`,
        fields: { wantIndex: seqScans.length, windowSeconds: round3(seconds) },
        rows: { seqScans },
      };
    };
  },
});
