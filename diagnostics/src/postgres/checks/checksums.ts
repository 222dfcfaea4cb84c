/** Pages that the server read and found damaged. */
import { z } from 'zod';
import { Unanswered, defineCheck, limit } from '../../model/check';
import { fact } from '../../model/fact';
import type { PostgresCheckContext } from '../context';
import { cellText } from '../cells';

export const checksums = defineCheck({
  id: 'postgres.checksums',
  title: 'Checksum failures',
  kind: 'postgres',
  asks: 'data_checksums; pg_stat_get_db_checksum_failures of every database and of the shared catalogs',
  value: 'failures',
  fields: {
    failures: fact.count(
      'reads that found a damaged page, since the statistics were reset: one page counts each time that it is read'
    ),
    databases: fact.count('databases with failures'),
  },
  rows: {
    databases: {
      database: fact.text('database; null: shared catalogs'),
      failures: fact.count('failures'),
      last: fact.time('the last one (ISO 8601)'),
    },
  },
  mend: 'Treat it as data loss in progress: stop writing if you can, keep a copy of the damaged files, check disks and memory of the host, and restore from a backup or fail over to a replica that is sound. The log names file and block. Do not turn on zero_damaged_pages on the only copy.',
  privilege: 'CONNECT on the database',
  unaskedEvery: 5,
  options: z.strictObject({ warning: limit.none(), critical: limit.critical(1), everySeconds: limit.every(30) }),
  make: () => async (context: PostgresCheckContext) => {
    const settings = await context.shared.settings();
    if (settings.get('data_checksums')?.value !== 'on') {
      throw new Unanswered(
        'not-applicable',
        'data_checksums is off: damaged pages go unnoticed until they break something',
        'With the server stopped: pg_checksums --enable -D <data directory>.'
      );
    }
    const rows = await context.ask(
      `SELECT id, pg_stat_get_db_checksum_failures(id) AS failures, pg_stat_get_db_checksum_last_failure(id) AS last
       FROM (SELECT oid AS id FROM pg_database UNION ALL SELECT 0) d`
    );
    const databases = rows
      .filter((row) => Number(row.failures) > 0)
      .map((row) => ({
        database: context.names.databaseName(Number(row.id)),
        failures: Number(row.failures),
        last: cellText(row.last),
      }));
    const failures = databases.reduce((sum, each) => sum + each.failures, 0);
    return {
      value: failures,
      summary:
        failures === 0
          ? 'no damaged page was read'
          : `${failures === 1 ? 'a damaged page was read once' : `damaged pages were read ${failures} times (one page counts each time)`} in ${databases.map((each) => each.database ?? 'the shared catalogs').join(', ')}`,
      fields: { failures, databases: databases.length },
      rows: { databases },
    };
  },
});
