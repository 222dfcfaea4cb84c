/** gorax-api: the HTTP service in front of the workflow database and the execution queue. */
import { Counter, Gauge, Histogram } from 'prom-client';
import { countCalls } from '../application/calls';
import { openPool } from '../application/connectionPool';
import { health, httpService, serve } from '../application/httpService';
import { LATENCY_BUCKETS, poolMetrics, processMetrics } from '../application/metrics';
import { openRedis } from '../application/redisConnection';
import { number, required } from '../application/settings';
import { EXECUTION_QUEUE } from '../application/keys';
import { addRoutes } from './routes';

const version = required('VERSION');
const registry = processMetrics('gorax', version);
const requests = new Counter({
  name: 'gorax_http_requests_total',
  help: 'HTTP requests by route and status',
  labelNames: ['method', 'path', 'status'],
  registers: [registry],
});
const durations = new Histogram({
  name: 'gorax_http_request_duration_seconds',
  help: 'Duration of HTTP requests',
  labelNames: ['method', 'path', 'status'],
  buckets: LATENCY_BUCKETS,
  registers: [registry],
});
const app = httpService({
  registry,
  onRequest(method, path, status, seconds) {
    requests.inc({ method, path, status });
    durations.observe({ method, path, status }, seconds);
  },
});

const callsTo = countCalls(registry, 'gorax-api');
const pool = openPool({
  url: required('DATABASE_URL'),
  application: 'gorax-api',
  max: number('DB_MAX_OPEN_CONNS', 10),
  acquireTimeoutMs: 2000,
  maxLifetimeSeconds: number('DB_CONN_MAX_LIFETIME', 12),
  onError: (error) => app.log.error({ error: error.message }, 'database connection lost'),
  onCall: callsTo(required('DATABASE_SERVICE')),
});
poolMetrics(registry, pool, 'gorax');
const redis = openRedis(
  required('REDIS_URL'),
  'gorax-api',
  (error) => app.log.error({ error: `redis: ${error.message}` }, 'redis connection failed'),
  callsTo(required('REDIS_SERVICE'))
);
new Gauge({
  name: 'gorax_queue_depth',
  help: 'Executions waiting in the queue',
  labelNames: ['queue'],
  registers: [registry],
  async collect() {
    try {
      this.set({ queue: 'default' }, await redis.lLen(EXECUTION_QUEUE));
    } catch {
      // Unknown is not zero: without Redis there is no depth to report.
      this.reset();
    }
  },
});

const checks = { database: () => pool.query('SELECT 1'), redis: () => redis.ping() };
app.get('/health', () => health({}));
app.get('/ready', async (_request, reply) => {
  const answer = await health(checks);
  return reply.code(answer.status === 'ok' ? 200 : 503).send(answer);
});
addRoutes(app, { pool, redis, version });

await serve(app, number('PORT', 8080), async () => {
  redis.destroy();
  await pool.end();
});
