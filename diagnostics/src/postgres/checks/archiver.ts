/** Is WAL archived. While it fails, point-in-time recovery ends at the last success and WAL piles up on the disk. */
import { z } from 'zod';
import { Unanswered, defineCheck, limit } from '../../model/check';
import type { PostgresCheckContext } from '../context';
import { scalar } from '../facts';
import { quoteName } from '../relation-name';

export const archiver = defineCheck({
  id: 'postgres.archiver',
  title: 'WAL archiving',
  kind: 'postgres',
  asks: 'pg_stat_get_archiver; files that wait in pg_ls_archive_statusdir',
  unit: 'short',
  fields: {
    waiting: 'WAL files that wait to be archived; null when it may not be looked at',
    failing: 'the last attempt failed',
    failedCount: 'failed attempts since the statistics were reset',
    lastFailed: 'when it last failed (ISO 8601)',
    lastFailedWal: 'the file that failed last',
    lastArchived: 'when it last succeeded (ISO 8601)',
    archivedCount: 'archived files since the statistics were reset',
  },
  rows: {},
  mend: 'The log of the server shows what archive_command said. Mend the target (disk full, credentials, network); the archiver tries again by itself and catches up. Never set archive_command to true: that would lose the WAL.',
  privilege: 'GRANT pg_monitor (it may call pg_ls_archive_statusdir)',
  options: z.strictObject({ warning: limit.warning(10), critical: limit.critical(100) }),
  make: () => async (context: PostgresCheckContext) => {
    const settings = await context.facts.settings();
    const mode = settings.get('archive_mode')?.value ?? 'off';
    const [row] = await context.ask(
      `SELECT archived_count, last_archived_time, failed_count, last_failed_wal, last_failed_time, pg_is_in_recovery() AS replica
       FROM pg_stat_get_archiver()`
    );
    if (mode === 'off' || (mode === 'on' && row?.replica === true)) {
      throw new Unanswered(
        'not-applicable',
        mode === 'off'
          ? 'archive_mode is off: nothing is archived'
          : 'a replica archives only with archive_mode = always',
        'Set archive_mode = on with an archive_command if backups depend on it.'
      );
    }
    // Not tried in vain: the server logs every refusal.
    const waiting = context.names.mayList('pg_ls_archive_statusdir')
      ? await context
          .ask(`SELECT count(*) AS n FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'`)
          .then((rows) => Number(rows[0]?.n))
      : null;
    const time = (value: unknown): number => (value instanceof Date ? value.getTime() : -Infinity);
    const failing = row !== undefined && time(row.last_failed_time) > time(row.last_archived_time);
    const fields = {
      waiting,
      failing,
      failedCount: Number(row?.failed_count),
      lastFailed: scalar(row?.last_failed_time),
      lastFailedWal: scalar(row?.last_failed_wal),
      lastArchived: scalar(row?.last_archived_time),
      archivedCount: Number(row?.archived_count),
    };
    return {
      value: waiting,
      summary: failing
        ? `archiving fails: ${fields.failedCount} times, last at ${String(fields.lastFailed)} for ${String(fields.lastFailedWal)}; ${waiting ?? 'unknown'} files wait`
        : `the last attempt succeeded; ${waiting ?? 'an unknown number of'} files wait`,
      fields,
      ...(failing ? { atLeast: 'critical' as const } : {}),
      ...(waiting === null && !failing
        ? {
            unknown: {
              reason: 'no-permission' as const,
              mend: `GRANT EXECUTE ON FUNCTION pg_ls_archive_statusdir() TO ${quoteName(context.names.user)};`,
            },
          }
        : {}),
    };
  },
});
