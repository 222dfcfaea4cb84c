/** Waiting for one another in Postgres, in ways that the ten faults do not. */
import { HOT_WORKFLOW } from '../../../demo/src/load/traffic';
import type { EstateCase } from '../case';
import { endSessions, repeatedly, sessionOf } from '../tools';

export const LOCKS: readonly EstateCase[] = [
  {
    name: 'hot-row',
    kind: 'fault',
    title: 'sixteen sessions take turns at one row, none for long',
    right: [/hot-row|row-contention|many-short|lock-queue/],
    async inject(estate) {
      const sessions = await Promise.all(Array.from({ length: 16 }, () => sessionOf(estate, 'counter-service')));
      const stop = repeatedly(async (n) => {
        await sessions[n]?.client.query('BEGIN');
        await sessions[n]?.client.query('UPDATE workflows SET run_count = run_count + 1 WHERE id = $1', [HOT_WORKFLOW]);
        await sessions[n]?.client.query('SELECT pg_sleep(0.06)');
        await sessions[n]?.client.query('COMMIT');
      }, 16);
      return async () => {
        await endSessions(sessions);
        await stop();
      };
    },
  },
  {
    name: 'advisory-lock',
    kind: 'fault',
    title: 'a batch job holds an advisory lock and computes; nine others wait for it',
    right: [/advisory/],
    acceptable: [
      { cause: /^long-transaction$/, because: 'the holder is one transaction that runs long, and others wait for it' },
      { cause: /^idle-in-transaction$/, because: 'a session-level lock is held while the session is idle' },
    ],
    async inject(estate) {
      const holder = await sessionOf(estate, 'nightly-batch');
      await holder.client.query('SELECT pg_advisory_lock(4711)');
      holder.client.query('SELECT pg_sleep(3600)').catch(() => undefined);
      const waiting = await Promise.all(Array.from({ length: 9 }, () => sessionOf(estate, 'nightly-batch')));
      waiting.forEach(({ client }) => client.query('SELECT pg_advisory_lock(4711)').catch(() => undefined));
      return () => endSessions([holder, ...waiting]);
    },
  },
  {
    name: 'long-transaction-locks',
    kind: 'fault',
    title: 'a long report updates the busy row first and goes on working in the same transaction',
    right: [/^long-transaction$/],
    async inject(estate) {
      const holder = await sessionOf(estate, 'billing-run');
      await holder.client.query('BEGIN');
      await holder.client.query('UPDATE workflows SET version = version + 1 WHERE id = $1', [HOT_WORKFLOW]);
      holder.client.query('SELECT pg_sleep(3600)').catch(() => undefined);
      return () => endSessions([holder]);
    },
  },
  {
    name: 'idle-table-lock-sqlstudio',
    kind: 'fault',
    title: 'somebody locked a table of SQL Studio in a console and went to lunch',
    right: [/^idle-in-transaction$/],
    async inject(estate) {
      const holder = await sessionOf(estate, 'psql', 'sqlstudio');
      await holder.client.query('BEGIN');
      await holder.client.query('LOCK TABLE saved_queries IN ACCESS EXCLUSIVE MODE');
      return () => endSessions([holder]);
    },
  },
  {
    name: 'truncate-queues',
    kind: 'fault',
    title: 'TRUNCATE queues behind an idle reader, and every reader of the table queues behind it',
    right: [/^queued-ddl$/],
    acceptable: [{ cause: /^idle-in-transaction$/, because: 'the idle reader is what the DDL waits for' }],
    async inject(estate) {
      const reader = await sessionOf(estate, 'jupyter');
      await reader.client.query('BEGIN');
      await reader.client.query('SELECT count(*) FROM webhook_deliveries WHERE false');
      const ddl = await sessionOf(estate, 'cleanup-job');
      // The table is only written by executions, at their end: the worker's sessions pile up.
      ddl.client
        .query('BEGIN; LOCK TABLE webhook_deliveries IN ACCESS EXCLUSIVE MODE; ROLLBACK')
        .catch(() => undefined);
      return () => endSessions([ddl, reader]);
    },
  },
  {
    name: 'deadlocks',
    kind: 'fault',
    title: 'two jobs update the same rows in opposite order, again and again',
    right: [/deadlock/],
    async inject(estate) {
      const sessions = await Promise.all(Array.from({ length: 4 }, () => sessionOf(estate, 'reconcile')));
      const rows = ['wf-601', 'wf-602'];
      const stop = repeatedly(async (n) => {
        const client = sessions[n]?.client;
        const order = n % 2 === 0 ? rows : [...rows].reverse();
        try {
          await client?.query('BEGIN');
          for (const row of order) {
            await client?.query('UPDATE workflows SET version = version + 1 WHERE id = $1', [row]);
            await client?.query('SELECT pg_sleep(0.05)');
          }
          await client?.query('COMMIT');
        } catch {
          await client?.query('ROLLBACK');
        }
      }, 4);
      return async () => {
        await endSessions(sessions);
        await stop();
      };
    },
  },
  {
    name: 'idle-reader-and-vacuum',
    kind: 'healthy',
    title: 'a reader sits idle in a transaction for the whole time and holds up nobody',
    async inject(estate) {
      const reader = await sessionOf(estate, 'metabase');
      await reader.client.query('BEGIN READ ONLY');
      await reader.client.query('SELECT count(*) FROM tenants');
      return () => endSessions([reader]);
    },
  },
];
