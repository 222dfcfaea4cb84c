import type { FaultMaker } from './fault';
import { type Session, openSession, runSql } from './session';

/** A long report reads a table; a migration waits for the report; everybody who reads the table waits for the migration. */
export const queuedDdl: FaultMaker = (estate) => {
  let reader: Session | undefined;
  let migration: Session | undefined;
  let altered = false;
  return {
    name: 'queued-ddl',
    title: 'A migration queues behind a long report, and the readers queue behind the migration',
    watch: 'ALTER TABLE waits for a lock on workflow_executions; every query of that table waits behind it.',
    expect: { pack: 'gorax', runbook: 'lock-contention', cause: 'queued-ddl' },
    alsoTrue: [
      {
        cause: 'long-transaction',
        because: 'the report at the head of the queue is one, and ending it ends the queue',
      },
    ],
    active: () => (migration?.open() ?? false) || (reader?.open() ?? false),
    async inject() {
      if (migration?.open() && reader?.open()) {
        return;
      }
      await reader?.end();
      await migration?.end();
      const report = await openSession(estate.urlOf('reporting', 'gorax'), 'monthly-report');
      reader = report;
      await report.client.query('BEGIN');
      await report.client.query('SELECT count(*) FROM workflow_executions WHERE false');
      // The report is at work for a long time; the sleep stands for its own computation.
      report.client
        .query(`SELECT count(*), pg_sleep(3600) FROM workflow_executions WHERE created_at > now()`)
        .catch(() => undefined);
      const ddl = await openSession(estate.urlOf('superuser', 'gorax'), 'schema-migration');
      migration = ddl;
      altered = true;
      ddl.client
        .query('ALTER TABLE workflow_executions ADD COLUMN IF NOT EXISTS archived_at timestamptz')
        .catch(() => undefined)
        // Whoever ends the reader lets the migration through: then it is done and goes.
        .finally(() => void ddl.end());
    },
    async clear() {
      await migration?.end();
      await reader?.end();
      migration = undefined;
      reader = undefined;
      if (altered) {
        await runSql(estate.urlOf('superuser', 'gorax'), [
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name IN ('monthly-report', 'schema-migration')`,
          `SET lock_timeout = '5s'`,
          'ALTER TABLE workflow_executions DROP COLUMN IF EXISTS archived_at',
        ]);
        altered = false;
      }
    },
  };
};
