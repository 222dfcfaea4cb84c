/** Whether WAL is archived. While archiving fails, point-in-time recovery ends at the last success and WAL fills the disk. */
import { z } from 'zod';
import { Unanswered, defineCheck, limit } from '../../model/check';
import { fact } from '../../model/fact';
import type { PostgresCheckContext } from '../context';
import { cellText } from '../cells';
import { quoteName } from '../relationName';

export const archiver = defineCheck({
  id: 'postgres.archiver',
  title: 'WAL archiving',
  kind: 'postgres',
  asks: 'pg_stat_get_archiver; files that wait in pg_ls_archive_statusdir',
  value: 'waiting',
  fields: {
    waiting: fact.count('WAL files that wait to be archived; null when it may not be looked at'),
    failing: fact.flag('the last attempt failed'),
    failedCount: fact.count('failed attempts since the statistics were reset'),
    lastFailed: fact.time('when it last failed (ISO 8601)'),
    lastFailedWal: fact.text('the file that failed last'),
    lastArchived: fact.time('when it last succeeded (ISO 8601)'),
    archivedCount: fact.count('archived files since the statistics were reset'),
  },
  rows: {},
  mend: 'The log of the server shows what archive_command said. Mend the target (disk full, credentials, network); the archiver tries again by itself and catches up. Never set archive_command to true: that would lose the WAL.',
  privilege: 'GRANT pg_monitor (it may call pg_ls_archive_statusdir)',
  options: z.strictObject({ warning: limit.warning(10), critical: limit.critical(100) }),
  make: () => async (context: PostgresCheckContext) => {
    const settings = await context.shared.settings();
    const mode = settings.get('archive_mode')?.value ?? 'off';
    const row = await context.shared.counted('archiver');
    if (mode === 'off' || (mode === 'on' && (await context.shared.counted('server')).replica === true)) {
      throw new Unanswered(
        'not-applicable',
        mode === 'off'
          ? 'archive_mode is off: nothing is archived'
          : 'a replica archives only with archive_mode = always',
        'Set archive_mode = on with an archive_command if backups depend on it.'
      );
    }
    // Not tried in vain: the server logs every refusal.
    const may = context.names.mayList('pg_ls_archive_statusdir');
    if (!may) {
      context.names.recheck();
    }
    const waiting = may
      ? await context
          .ask(`SELECT count(*) AS n FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'`)
          .then((rows) => Number(rows[0]?.n))
      : null;
    const time = (value: unknown): number => (value instanceof Date ? value.getTime() : -Infinity);
    const failing = time(row.last_failed_time) > time(row.last_archived_time);
    const fields = {
      waiting,
      failing,
      failedCount: Number(row.failed_count),
      lastFailed: cellText(row.last_failed_time),
      lastFailedWal: cellText(row.last_failed_wal),
      lastArchived: cellText(row.last_archived_time),
      archivedCount: Number(row.archived_count),
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
