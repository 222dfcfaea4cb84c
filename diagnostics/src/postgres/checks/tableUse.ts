/**
 * Tables that are read from end to end, again and again: they want an index. Rates of the last seconds, not totals. Once is
 * a report or a dump, and what is little beside all rows that are read costs nobody anything.
 */
import { z } from 'zod';
import { NO_RATE_YET, defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { fact } from '../../model/fact';
import { Occurrences, SampleWindow } from '../../model/window';
import type { PostgresCheckContext } from '../context';
import { relationName } from '../relationName';
import type { SqlRow } from '../ask';
import { USER_TABLES } from '../userTables';

interface Scans {
  readonly scans: number;
  /** By indexes. */
  readonly rowsFetched: number;
  readonly rowsRead: number;
}

/** Rows that a session reads from end to end in a second, about. */
const ROWS_PER_SECOND = 10_000_000;
/** What recurs was seen over this share of the window: five seconds of a minute, so that the cause is known soon. */
const SPAN = 1 / 12;

export const tableUse = defineCheck({
  id: 'postgres.table_use',
  title: 'Sequential scans that want an index',
  kind: 'postgres',
  asks: 'pg_stat_user_tables: increase of seq_scan and seq_tup_read within a third of the window',
  value: 'wantIndex',
  fields: {
    wantIndex: fact.count(
      'tables that want an index, of those listed the ones that keep a session busy; null before the second round'
    ),
    windowSeconds: fact.seconds('seconds that the rates cover'),
  },
  rows: {
    seqScans: {
      table: fact.text('table'),
      scansPerSecond: fact.perSecond('sequential scans per second'),
      rowsPerScan: fact.count('rows read by one scan'),
      rowsReadPerSecond: fact.perSecond('rows read by sequential scans per second'),
      share: fact.ratio('of all rows that are read in this database, by scans and by indexes'),
      busy: fact.ratio('share of one session that reading them takes, estimated'),
      liveRows: fact.count('live rows'),
      sizeBytes: fact.bytes('size of the table by pg_class.relpages'),
    },
  },
  mend: 'Find the statement in postgres.statements, EXPLAIN it, and CREATE INDEX CONCURRENTLY on the columns that it filters by. An index that exists may be invalid (postgres.index_use) or passed over for stale statistics (postgres.statistics).',
  privilege: 'CONNECT on the database',
  statementsWindow: true,
  options: z.strictObject({
    warning: limit.warning(1),
    critical: limit.none(),
    minRowsPerScan: z.number().min(1).default(5_000),
    minRowsReadPerSecond: z.number().min(1).default(20_000),
    minScansPerSecond: z.number().min(0).default(0.1),
    /** Fewer within the window, workers of one scan apart, are those of a report, a dump and an index that is built. */
    minScans: z.number().int().min(1).default(6),
    /** A table wants an index when its scans keep this share of a session busy … */
    minBusy: z.number().min(0).default(0.01),
    /** … and are this share of all rows that are read. */
    minShare: z.number().min(0).max(1).default(0.05),
    windowSeconds: z.number().int().min(10).max(3600).default(60),
  }),
  make: (options) => {
    const window = new SampleWindow<ReadonlyMap<string, Scans>>(options.windowSeconds * 1000);
    const windowMs = options.windowSeconds * 1000;
    const seen = new Map<string, Occurrences>();
    let last: ReadonlyMap<string, Scans> = new Map();
    const look = (at: number, latest: ReadonlyMap<string, Scans>): void => {
      for (const [id, { scans }] of latest) {
        const before = last.get(id)?.scans;
        const happened = before !== undefined && scans > before;
        const known = seen.get(id);
        if (known !== undefined || happened) {
          const table = known ?? new Occurrences(windowMs);
          table.look(at, happened);
          seen.set(id, table);
        }
      }
      for (const [id, table] of seen) {
        if (table.isEmpty || !latest.has(id)) {
          seen.delete(id);
        }
      }
      last = latest;
    };
    return async (context: PostgresCheckContext) => {
      const rows = await context.ask(`
        SELECT s.relid::text AS id, ${relationName('s.schemaname', 's.relname')} AS table,
               s.seq_scan AS scans, s.seq_tup_read AS read, coalesce(s.idx_tup_fetch, 0) AS by_index, s.n_live_tup AS live,
               s.relpages::bigint * current_setting('block_size')::int AS size
        FROM ${USER_TABLES} s`);
      const latest = new Map(
        rows.map((row) => [
          String(row.id),
          { scans: Number(row.scans), rowsRead: Number(row.read), rowsFetched: Number(row.by_index) },
        ])
      );
      look(context.now, latest);
      window.add(context.now, latest);
      const base = window.base(context.now, (options.windowSeconds * 1000) / 3);
      if (base === undefined) {
        return {
          value: null,
          summary: 'no rates yet: the next round has them',
          fields: { wantIndex: null, windowSeconds: null },
          unknown: NO_RATE_YET,
        };
      }
      const longBefore = window.base(context.now) ?? base;
      const seconds = (context.now - base.at) / 1000;
      const all = [...latest].reduce((sum, [id, { rowsRead, rowsFetched }]) => {
        const before = base.value.get(id);
        return before === undefined
          ? sum
          : sum + Math.max(0, rowsRead - before.rowsRead + rowsFetched - before.rowsFetched);
      }, 0);
      const seqScans = rows
        .flatMap((row) => {
          const before = base.value.get(String(row.id));
          const scans = Number(row.scans) - (before?.scans ?? 0);
          const read = Number(row.read) - (before?.rowsRead ?? 0);
          // Fewer than before: the statistics were reset meanwhile. Unknown before: the table is new.
          if (
            before === undefined ||
            scans <= 0 ||
            read < 0 ||
            passes(row, longBefore.value.get(String(row.id))) < options.minScans ||
            seen.get(String(row.id))?.recur(SPAN * windowMs) !== true
          ) {
            return [];
          }
          return [
            {
              table: String(row.table),
              scansPerSecond: round3(scans / seconds),
              rowsPerScan: Math.round(read / scans),
              rowsReadPerSecond: Math.round(read / seconds),
              share: all > 0 ? round3(read / all) : 0,
              busy: round3(read / seconds / ROWS_PER_SECOND),
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
      const wanting = seqScans.filter((each) => each.busy >= options.minBusy && each.share >= options.minShare);
      const first = wanting[0];
      return {
        value: wanting.length,
        summary:
          first === undefined
            ? seqScans.length === 0
              ? `no table is read from end to end often (${seconds.toFixed(0)} s)`
              : `${seqScans[0]?.table ?? ''} is read from end to end, ${seqScans[0]?.rowsReadPerSecond ?? 0} rows a second: it holds nobody up`
            : `${first.table} is read from end to end ${first.scansPerSecond.toFixed(1)} times a second, ${first.rowsPerScan} rows each`,
        fields: { wantIndex: wanting.length, windowSeconds: round3(seconds) },
        rows: { seqScans },
      };
    };
  },
});

/** How often the table was read from end to end: each worker of a parallel scan is counted as a scan of its own. */
function passes(row: SqlRow, before: Scans | undefined): number {
  const scans = Number(row.scans) - (before?.scans ?? 0);
  const live = Number(row.live);
  return live > 0 ? Math.min(scans, Math.round((Number(row.read) - (before?.rowsRead ?? 0)) / live)) : scans;
}
