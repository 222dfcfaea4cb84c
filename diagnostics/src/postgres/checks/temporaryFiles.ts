/**
 * Sorts and hashes that do not fit into work_mem and go to the disk, again and again. One report that spills once is no
 * trend, and what is little beside the work of the database costs nobody anything.
 */
import { z } from 'zod';
import { NO_RATE_YET, defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { fact } from '../../model/fact';
import { Occurrences, SampleWindow } from '../../model/window';
import type { PostgresCheckContext } from '../context';
import { requireListing } from '../names';

interface Temporary {
  readonly files: number;
  readonly bytes: number;
  /** Bytes of the blocks that the database looked at. */
  readonly looked: number;
  /** By queryid: bytes written to temporary files; empty without pg_stat_statements. */
  readonly statements: ReadonlyMap<string, { readonly calls: number; readonly temporaryBytes: number }>;
}

export const temporaryFiles = defineCheck({
  id: 'postgres.temporary_files',
  title: 'Temporary files',
  kind: 'postgres',
  asks: 'pg_stat_get_db_temp_files, _temp_bytes and _blocks_fetched of this database, and temp_blks_written of pg_stat_statements: increase within the window; pg_ls_tmpdir: files that exist now',
  value: 'bytesPerSecond',
  fields: {
    bytesPerSecond: fact.bytesPerSecond(
      'written to temporary files per second within the window; null before the second answer'
    ),
    share: fact.ratio(
      'of all that the database read and wrote for its statements within the window, what went to temporary files; null before the second answer'
    ),
    recurs: fact.flag('they come again and again: in three answers or more, over half of the window'),
    files: fact.count('temporary files within the window'),
    bytes: fact.bytes('their bytes'),
    bytesNow: fact.bytes('bytes of the temporary files that exist now, of the whole server'),
    filesNow: fact.count('temporary files that exist now'),
    windowSeconds: fact.seconds('seconds that the counts cover'),
  },
  rows: {
    statements: {
      queryId: fact.text('queryid of pg_stat_statements'),
      bytes: fact.bytes('bytes that it wrote to temporary files within the window'),
      calls: fact.count('its calls within the window'),
    },
  },
  mend: 'Find the statement (rows; SELECT query FROM pg_stat_statements WHERE queryid = …; log_temp_files = 10MB names each). Give it an index that delivers the order, or more work_mem for its role only: ALTER ROLE … SET work_mem. work_mem counts once for each sort of each session.',
  privilege: 'GRANT pg_monitor (it may call pg_ls_tmpdir)',
  options: z.strictObject({
    /** Bytes per second; they count only while they recur and are not little beside the work of the database. */
    warning: limit.warning(512 * 1024),
    critical: limit.none(),
    /** Of all that the database reads and writes for its statements. */
    minShare: z.number().min(0).max(1).default(0.02),
    windowSeconds: z.number().int().min(10).max(3600).default(60),
  }),
  make: (options) => {
    const window = new SampleWindow<Temporary>(options.windowSeconds * 1000);
    const seen = new Occurrences(options.windowSeconds * 1000);
    let last: Temporary | undefined;
    return async (context: PostgresCheckContext) => {
      requireListing(context.names, 'pg_ls_tmpdir');
      const listed = await context.shared.counted('temporary');
      const present = { bytesNow: Number(listed.now_bytes), filesNow: Number(listed.now_files) };
      const row = await context.shared.counted('database');
      const blockBytes = Number((await context.shared.settings()).get('block_size')?.value ?? 8192);
      const statements = (await context.shared.statementCounts())?.counts ?? new Map<string, never>();
      const now: Temporary = {
        files: Number(row.temp_files),
        bytes: Number(row.temp_bytes),
        looked: Number(row.fetched) * blockBytes,
        statements,
      };
      if (last !== undefined && now.bytes < last.bytes) {
        window.clear();
      }
      seen.look(context.now, last !== undefined && now.bytes > last.bytes);
      last = now;
      window.add(context.now, now);
      const base = window.base(context.now);
      if (base === undefined) {
        return {
          value: null,
          summary: 'no rate yet: the next round has one',
          fields: {
            ...{ bytesPerSecond: null, share: null, recurs: null, files: null, bytes: null, windowSeconds: null },
            ...present,
          },
          unknown: NO_RATE_YET,
        };
      }
      const seconds = (context.now - base.at) / 1000;
      const bytes = now.bytes - base.value.bytes;
      const files = now.files - base.value.files;
      const looked = Math.max(0, now.looked - base.value.looked);
      const share = bytes > 0 ? round3(bytes / (bytes + looked)) : 0;
      const recurs = seen.recur(options.windowSeconds * 500);
      // What was seen in less than the window is not extrapolated.
      const bytesPerSecond = Math.round(bytes / Math.max(seconds, options.windowSeconds));
      const spilling = [...now.statements]
        .map(([queryId, { calls, temporaryBytes }]) => {
          const before = base.value.statements.get(queryId);
          return {
            queryId,
            bytes: temporaryBytes - (before?.temporaryBytes ?? 0),
            calls: calls - (before?.calls ?? 0),
          };
        })
        .filter((each) => each.bytes > 0)
        .sort((a, b) => b.bytes - a.bytes);
      return {
        value: bytesPerSecond,
        summary:
          files === 0
            ? 'no temporary file lately'
            : `${files} temporary files with ${(bytes / 1024 / 1024).toFixed(1)} MB within ${seconds.toFixed(0)} s, ${Math.round(share * 100)} % of what the database read and wrote${recurs ? '' : '; they do not come again and again'}`,
        fields: {
          ...{ bytesPerSecond, share, recurs, files, bytes, windowSeconds: Math.round(seconds * 10) / 10 },
          ...present,
        },
        rows: { statements: spilling.slice(0, 10) },
        ignoreThresholds: !recurs || share < options.minShare,
      };
    };
  },
});
