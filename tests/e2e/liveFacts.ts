import { askPostgres } from './estate';

/**
 * What the first suspect's sentence has to name while a fault is in force: facts asked of the server itself where it can
 * answer, so that a sentence with an invented number fails.
 */
type Facts = () => Promise<ReadonlyArray<string | RegExp>>;

const column = async (sql: string) => (await askPostgres(sql)).map((row) => String(Object.values(row)[0]));

export const LIVE_FACTS: Readonly<Record<string, Facts>> = {
  'idle-in-transaction': async () => [
    ...(await column(`SELECT DISTINCT pid FROM pg_stat_activity, unnest(array[pid]) blocker
      WHERE state = 'idle in transaction'
        AND pid IN (SELECT unnest(pg_blocking_pids(w.pid)) FROM pg_stat_activity w WHERE w.wait_event_type = 'Lock')`)),
    'gorax-worker',
  ],
  'queued-ddl': async () => [
    'workflow_executions',
    ...(await column(`SELECT pid FROM pg_stat_activity WHERE application_name = 'schema-migration'`)),
  ],
  'connection-leak': async () => ['gorax-api', /\d+/],
  'max-connections': async () => [
    ...(await column(
      `SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int`
    )),
    ...(await column(`SELECT application_name FROM pg_stat_activity WHERE backend_type = 'client backend'
      GROUP BY application_name ORDER BY count(*) DESC LIMIT 1`)),
  ],
  'missing-index': async () => ['workflow_executions'],
  'redis-oom': async () => ['noeviction'],
  'redis-gone': async () => [/refused/i],
  'workers-stopped': async () => [/\b0\b|no worker/i],
  'bad-deploy': async () => [/\d+\.\d+\.\d+/],
  'postgres-stopped': async () => [/refused/i],
};
