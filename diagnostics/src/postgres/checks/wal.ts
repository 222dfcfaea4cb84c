/** How fast WAL is written, and how much of it lies on the disk. A full disk stops the server. */
import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { fact } from '../../model/fact';
import { CounterWindow } from '../../model/window';
import type { PostgresCheckContext } from '../context';
import { requireListing } from '../names';
import { bytesOf } from '../settingBytes';

export const wal = defineCheck({
  id: 'postgres.wal',
  title: 'WAL volume',
  kind: 'postgres',
  asks: 'pg_ls_waldir, max_wal_size and wal_keep_size; increase of the WAL position within the window',
  value: 'ratio',
  fields: {
    ratio: fact.ratio('WAL on the disk / what the settings let expect (max_wal_size + wal_keep_size)'),
    directoryBytes: fact.bytes('WAL on the disk'),
    segments: fact.count('files'),
    expectedBytes: fact.bytes('max_wal_size + wal_keep_size'),
    bytesPerSecond: fact.bytesPerSecond('WAL written or received per second; null before the second answer'),
  },
  rows: {},
  mend: 'Find what keeps it: an inactive slot (postgres.replication_slots), a failing archive_command (postgres.archiver), or a surge of writes. Mend that; the next checkpoint then removes the files. Never delete files in pg_wal by hand; pg_switch_wal() frees nothing.',
  privilege: 'GRANT pg_monitor (it may call pg_ls_waldir)',
  unaskedEvery: 5,
  options: z.strictObject({
    warning: limit.warning(2),
    critical: limit.critical(5),
    windowSeconds: z.number().int().min(10).max(3600).default(300),
    everySeconds: limit.every(15),
  }),
  make: (options) => {
    const written = new CounterWindow(options.windowSeconds);
    return async (context: PostgresCheckContext) => {
      requireListing(context.names, 'pg_ls_waldir');
      const settings = await context.shared.settings();
      const [row] = await context.ask(
        `SELECT count(*) AS segments, coalesce(sum(size), 0) AS bytes,
                pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
                                     ELSE pg_current_wal_lsn() END, '0/0') AS position
         FROM pg_ls_waldir()`
      );
      const bytes = Number(row?.bytes);
      const expected = bytesOf(settings.get('max_wal_size')) + bytesOf(settings.get('wal_keep_size'));
      const perSecond =
        row?.position === null || row?.position === undefined
          ? null
          : written.perSecond(context.now, Number(row.position));
      const ratio = expected > 0 ? round3(bytes / expected) : 0;
      const megabytes = (value: number): string => `${Math.round(value / 1024 / 1024)} MB`;
      return {
        value: ratio,
        summary: `${megabytes(bytes)} of WAL on the disk, ${megabytes(expected)} expected${perSecond === null ? '' : `; ${(perSecond / 1024 / 1024).toFixed(2)} MB/s`}`,
        fields: {
          ratio,
          directoryBytes: bytes,
          segments: Number(row?.segments),
          expectedBytes: expected,
          bytesPerSecond: perSecond === null ? null : Math.round(perSecond),
        },
      };
    };
  },
});
