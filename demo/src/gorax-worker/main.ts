/** gorax-worker: takes executions from the Redis queue and runs them, at most WORKER_CONCURRENCY at a time. */
import { Counter, Gauge, Histogram } from 'prom-client';
import { countCalls } from '../application/calls';
import { openPool } from '../application/connectionPool';
import { health, httpService, serve } from '../application/httpService';
import { poolMetrics, processMetrics } from '../application/metrics';
import { openRedis } from '../application/redisConnection';
import { number, required } from '../application/settings';
import { consume } from './consume';

const version = required('VERSION');
const concurrency = number('WORKER_CONCURRENCY', 8);
const registry = processMetrics('gorax', version);
const executions = new Counter({
  name: 'gorax_workflow_executions_total',
  help: 'Finished executions',
  labelNames: ['workflow_id', 'status'],
  registers: [registry],
});
const durations = new Histogram({
  name: 'gorax_workflow_execution_duration_seconds',
  help: 'Duration of executions',
  labelNames: ['workflow_id'],
  buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  registers: [registry],
});
const active = new Gauge({
  name: 'gorax_worker_active_executions',
  help: 'Executions running now',
  registers: [registry],
});
const polls = new Counter({
  name: 'gorax_worker_polls_total',
  help: 'Times that the worker has asked the queue for an execution',
  registers: [registry],
});
new Gauge({ name: 'gorax_worker_concurrency', help: 'Executions that may run at once', registers: [registry] }).set(
  concurrency
);

// The worker has no traffic of users: its requests are probes and are not counted.
const app = httpService({ registry, onRequest: () => undefined });
const callsTo = countCalls(registry, 'gorax-worker');
const pool = openPool({
  url: required('DATABASE_URL'),
  application: 'gorax-worker',
  max: number('DB_MAX_OPEN_CONNS', 8),
  acquireTimeoutMs: 5000,
  maxLifetimeSeconds: number('DB_CONN_MAX_LIFETIME', 12),
  onError: (error) => app.log.error({ error: error.message }, 'database connection lost'),
  onCall: callsTo(required('DATABASE_SERVICE')),
});
poolMetrics(registry, pool, 'gorax');
const redisUrl = required('REDIS_URL');
const redisFailed = (error: Error): void =>
  app.log.error({ error: `redis: ${error.message}` }, 'redis connection failed');
const redisCalled = callsTo(required('REDIS_SERVICE'));
const redis = openRedis(redisUrl, 'gorax-worker', redisFailed, redisCalled);
// BRPOP blocks its connection, so it has one of its own.
const queue = openRedis(redisUrl, 'gorax-worker-queue', redisFailed, redisCalled);

const consumer = consume({
  pool,
  redis,
  queue,
  concurrency,
  log: app.log,
  onActive: (count) => active.set(count),
  onPoll: () => polls.inc(),
  onFinished(workflowId, status, seconds) {
    executions.inc({ workflow_id: workflowId, status });
    durations.observe({ workflow_id: workflowId }, seconds);
  },
});

const checks = { database: () => pool.query('SELECT 1'), redis: () => redis.ping() };
const workerHealth = async (): Promise<object> => ({
  ...(await health(checks)),
  worker_info: { active_executions: consumer.active(), concurrency, version },
});
app.get('/health', workerHealth);
app.get('/health/live', () => health({}));
app.get('/health/ready', async (_request, reply) => {
  const answer = await health(checks);
  return reply.code(answer.status === 'ok' ? 200 : 503).send(answer);
});

await serve(app, number('PORT', 8081), async () => {
  await consumer.stop();
  queue.destroy();
  redis.destroy();
  await pool.end();
});
