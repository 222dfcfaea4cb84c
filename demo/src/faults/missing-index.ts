import type { FaultMaker } from './fault';
import { openSession } from './session';

const INDEX = 'idx_executions_workflow_created';

/** The index behind the busiest queries is gone: each of them reads the whole table. */
export const missingIndex: FaultMaker = (estate) => {
  let dropped = false;
  return {
    name: 'missing-index',
    title: 'The index behind the busiest queries is dropped',
    watch: 'Sequential scans of workflow_executions, a slow statement, and rising durations of the API.',
    expect: { pack: 'gorax', runbook: 'slow-queries', cause: 'missing-index' },
    active: () => dropped,
    async inject() {
      const session = await openSession(estate.urlOf('superuser', 'gorax'), 'estate');
      try {
        await session.client.query(`DROP INDEX IF EXISTS ${INDEX}`);
        dropped = true;
      } finally {
        await session.end();
      }
    },
    async clear() {
      if (!dropped) {
        return;
      }
      const session = await openSession(estate.urlOf('superuser', 'gorax'), 'estate');
      try {
        // An index built by hand under another name would leave a duplicate.
        const built = await session.client.query<{ name: string }>(
          `SELECT indexrelid::regclass::text AS name FROM pg_index
           WHERE indrelid = 'workflow_executions'::regclass AND NOT indisprimary AND indexrelid::regclass::text NOT IN
             ('${INDEX}', 'idx_executions_tenant_created', 'idx_executions_active')`
        );
        // Not CONCURRENTLY: that waits for every slow query of the fault, this only holds up writers for a second or two.
        await session.client.query(
          `CREATE INDEX IF NOT EXISTS ${INDEX} ON workflow_executions (workflow_id, created_at DESC)`
        );
        for (const { name } of built.rows) {
          await session.client.query(`DROP INDEX IF EXISTS ${name}`);
        }
        await session.client.query('ANALYZE workflow_executions');
        dropped = false;
      } finally {
        await session.end();
      }
    },
  };
};
