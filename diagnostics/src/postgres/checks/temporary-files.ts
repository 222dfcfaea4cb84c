/** Sorts and hashes that did not fit into work_mem and went to the disk, lately and now. */
import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { SampleWindow } from '../../model/window';
import type { PostgresCheckContext } from '../context';
import { requireListing } from '../names';

interface Temporary {
  readonly files: number;
  readonly bytes: number;
}

export const temporaryFiles = defineCheck({
  id: 'postgres.temporary_files',
  title: 'Temporary files',
  kind: 'postgres',
  asks: 'pg_stat_get_db_temp_files and _bytes of this database: increase within the window; pg_ls_tmpdir: files that exist now',
  unit: 'Bps',
  fields: {
    bytesPerSecond: 'written to temporary files per second within the window; null before the second answer',
    files: 'temporary files within the window',
    bytes: 'their bytes',
    bytesNow: 'bytes of the temporary files that exist now, of the whole server',
    filesNow: 'temporary files that exist now',
    windowSeconds: 'seconds that the counts cover',
  },
  rows: {},
  mend: 'Find the statement (postgres.statements; log_temp_files = 10MB names each). Give it an index that delivers the order, or more work_mem for its role only: ALTER ROLE … SET work_mem. work_mem counts once for each sort of each session.',
  privilege: 'GRANT pg_monitor (it may call pg_ls_tmpdir)',
  options: z.strictObject({
    warning: limit.warning(10 * 1024 * 1024),
    critical: limit.none(),
    windowSeconds: z.number().int().min(10).max(3600).default(60),
  }),
  make: (options) => {
    const window = new SampleWindow<Temporary>(options.windowSeconds * 1000);
    let last: Temporary | undefined;
    return async (context: PostgresCheckContext) => {
      requireListing(context.names, 'pg_ls_tmpdir');
      const [row] = await context.ask(
        `SELECT pg_stat_get_db_temp_files($1::oid) AS files, pg_stat_get_db_temp_bytes($1::oid) AS bytes,
                (SELECT count(*) FROM pg_ls_tmpdir()) AS now_files, (SELECT coalesce(sum(size), 0) FROM pg_ls_tmpdir()) AS now_bytes`,
        [context.names.database.id]
      );
      const now: Temporary = { files: Number(row?.files), bytes: Number(row?.bytes) };
      if (last !== undefined && now.bytes < last.bytes) {
        window.clear();
      }
      last = now;
      window.add(context.now, now);
      const base = window.base(context.now);
      const present = { bytesNow: Number(row?.now_bytes), filesNow: Number(row?.now_files) };
      if (base === undefined) {
        return {
          value: null,
          summary: 'no rate yet: the next round has one',
          fields: { bytesPerSecond: null, files: null, bytes: null, windowSeconds: null, ...present },
          unknown: { reason: 'no-series', mend: 'Ask again in a few seconds: the first round only counts.' },
        };
      }
      const seconds = (context.now - base.at) / 1000;
      const bytes = now.bytes - base.value.bytes;
      const files = now.files - base.value.files;
      // What was seen in less than the window is not extrapolated.
      const bytesPerSecond = Math.round(bytes / Math.max(seconds, options.windowSeconds));
      return {
        value: bytesPerSecond,
        summary:
          files === 0
            ? 'no temporary file lately'
            : `${files} temporary files with ${(bytes / 1024 / 1024).toFixed(1)} MB within ${seconds.toFixed(0)} s`,
        fields: { bytesPerSecond, files, bytes, windowSeconds: Math.round(seconds * 10) / 10, ...present },
      };
    };
  },
});
