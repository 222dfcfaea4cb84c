/** sqlstudio-backend: the HTTP service of the second guide, on its own database of the same server. */
import { Counter, Gauge, Histogram } from 'prom-client';
import { countCalls } from '../application/calls';
import { openPool } from '../application/connectionPool';
import { health, httpService, serve } from '../application/httpService';
import { LATENCY_BUCKETS, processMetrics } from '../application/metrics';
import { number, required } from '../application/settings';
import { addRoutes } from './routes';

const registry = processMetrics('sql_studio', required('VERSION'));
const registers = [registry];
const requests = new Counter({
  name: 'sql_studio_http_requests_total',
  help: 'HTTP requests by endpoint and status',
  labelNames: ['method', 'endpoint', 'status'],
  registers,
});
const durations = new Histogram({
  name: 'sql_studio_http_request_duration_seconds',
  help: 'Duration of HTTP requests',
  labelNames: ['method', 'endpoint', 'status'],
  buckets: LATENCY_BUCKETS,
  registers,
});
const queries = new Histogram({
  name: 'sql_studio_database_query_duration_seconds',
  help: 'Duration of database queries, waiting for a connection included',
  labelNames: ['operation'],
  buckets: LATENCY_BUCKETS,
  registers,
});
const logins = new Counter({
  name: 'sql_studio_auth_attempts_total',
  help: 'Login attempts',
  labelNames: ['status'],
  registers,
});
const syncs = new Counter({
  name: 'sql_studio_sync_operations_total',
  help: 'Sync operations',
  labelNames: ['status'],
  registers,
});
for (const status of ['success', 'failed']) {
  logins.inc({ status }, 0);
  syncs.inc({ status }, 0);
}

const app = httpService({
  registry,
  onRequest(method, endpoint, status, seconds) {
    requests.inc({ method, endpoint, status });
    durations.observe({ method, endpoint, status }, seconds);
  },
});
const pool = openPool({
  url: required('DATABASE_URL'),
  application: 'sqlstudio-backend',
  max: number('DB_MAX_CONNECTIONS', 8),
  acquireTimeoutMs: 2000,
  maxLifetimeSeconds: number('DB_CONN_MAX_LIFETIME', 12),
  onError: (error) => app.log.error({ error: error.message }, 'database connection lost'),
  onCall: countCalls(registry, 'sqlstudio-backend')(required('DATABASE_SERVICE')),
});
new Gauge({
  name: 'sql_studio_database_connections_active',
  help: 'Connections in use',
  registers,
  collect() {
    this.set(pool.counts().inUse);
  },
});
new Gauge({
  name: 'sql_studio_database_connections_max',
  help: 'Size of the connection pool',
  registers,
  collect() {
    this.set(pool.counts().max);
  },
});

app.get('/health', () => health({}));
app.get('/ready', async (_request, reply) => {
  const answer = await health({ database: () => pool.query('SELECT 1') });
  return reply.code(answer.status === 'ok' ? 200 : 503).send(answer);
});
addRoutes(app, {
  async query(operation, text, values) {
    const stop = queries.startTimer({ operation });
    try {
      return await pool.query(text, values);
    } finally {
      stop();
    }
  },
  onLogin: (status) => logins.inc({ status }),
  onSync: (status) => syncs.inc({ status }),
});

await serve(app, number('PORT', 8080), () => pool.end());
