/** The API's routes. SQL by way of the pool, workflows and lists cached in Redis, executions handed to the worker's queue. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { ConnectionPool, Queryable } from '../application/connectionPool';
import { withDeadline } from '../application/httpService';
import {
  EXECUTION_QUEUE,
  type ExecutionMessage,
  recentExecutionsKey,
  sessionKey,
  workflowKey,
} from '../application/keys';
import type { RedisConnection } from '../application/redisConnection';
import { summarise } from './summary';

interface Dependencies {
  readonly pool: ConnectionPool;
  readonly redis: RedisConnection;
  readonly version: string;
}

interface ExecutionRow {
  readonly id: string;
  readonly status: string;
  readonly duration: number | null;
  readonly created_at: Date;
  readonly error: string | null;
  readonly [column: string]: unknown;
}

interface ById {
  readonly id: string;
}

const notFound = (what: string): Error => Object.assign(new Error(`${what} not found`), { statusCode: 404 });

export function addRoutes(app: FastifyInstance, { pool, redis, version }: Dependencies): void {
  let leaking = false;

  /** A cache never decides whether a request succeeds: its errors are logged and the database is asked. */
  const cached = async <T>(key: string, seconds: number, read: () => Promise<T>): Promise<T> => {
    const stored = await redis.get(key).catch((error: Error) => {
      app.log.warn({ error: `redis: ${error.message}`, key }, 'cache read failed');
      return null;
    });
    if (stored !== null) {
      return JSON.parse(stored) as T;
    }
    const value = await read();
    await redis
      .set(key, JSON.stringify(value), { expiration: { type: 'EX', value: seconds } })
      .catch((error: Error) => {
        app.log.warn({ error: `redis: ${error.message}`, key }, 'cache write failed');
      });
    return value;
  };

  const tenantOf = (headers: Readonly<Record<string, unknown>>): string => {
    const tenant = headers['x-tenant-id'];
    if (typeof tenant !== 'string') {
      throw Object.assign(new Error('the header X-Tenant-ID is missing'), { statusCode: 400 });
    }
    return tenant;
  };

  app.get(
    '/api/v1/workflows',
    withDeadline((request) =>
      pool.query(
        `SELECT w.id, w.name, w.status, w.run_count, latest.status AS last_status, latest.created_at AS last_created_at
         FROM workflows AS w
         LEFT JOIN LATERAL (
           SELECT e.status, e.created_at FROM workflow_executions AS e
           WHERE e.workflow_id = w.id ORDER BY e.created_at DESC LIMIT 1
         ) AS latest ON true
         WHERE w.tenant_id = $1 ORDER BY w.id LIMIT 50`,
        [tenantOf(request.headers)]
      )
    )
  );

  app.get(
    '/api/v1/workflows/:id',
    withDeadline((request) => {
      const { id } = request.params as ById;
      return cached(workflowKey(id), 5, async () => {
        const rows = await pool.query('SELECT id, name, status, definition, version FROM workflows WHERE id = $1', [
          id,
        ]);
        if (rows[0] === undefined) {
          throw notFound('workflow');
        }
        return rows[0];
      });
    })
  );

  app.get(
    '/api/v1/workflows/:id/executions',
    withDeadline(async (request) => {
      const { id } = request.params as ById;
      const connection: Queryable = leaking ? await pool.leak() : pool;
      const rows = await connection.query<ExecutionRow>(
        `SELECT id, status, duration, created_at, error FROM workflow_executions
         WHERE workflow_id = $1 ORDER BY created_at DESC LIMIT 20`,
        [id]
      );
      return summarise(rows, version);
    })
  );

  app.get(
    '/api/v1/executions',
    withDeadline((request) => {
      const tenant = tenantOf(request.headers);
      return cached(recentExecutionsKey(tenant), 2, () =>
        pool.query(
          `SELECT id, workflow_id, status, created_at FROM workflow_executions
           WHERE tenant_id = $1 AND created_at > now() - interval '1 day' ORDER BY created_at DESC LIMIT 50`,
          [tenant]
        )
      );
    })
  );

  app.post(
    '/api/v1/workflows/:id/executions',
    withDeadline(async (request, reply) => {
      const { id } = request.params as ById;
      const message = await pool.transaction<ExecutionMessage>(async (connection) => {
        const workflows = await connection.query<{ tenant_id: string }>(
          'UPDATE workflows SET run_count = run_count + 1, last_run_at = now() WHERE id = $1 RETURNING tenant_id',
          [id]
        );
        const tenantId = workflows[0]?.tenant_id;
        if (tenantId === undefined) {
          throw notFound('workflow');
        }
        const executions = await connection.query<{ id: string }>(
          `INSERT INTO workflow_executions (tenant_id, workflow_id, status, trigger_data)
           VALUES ($1, $2, 'pending', '{"source": "api"}') RETURNING id`,
          [tenantId, id]
        );
        return { executionId: executions[0]?.id ?? '', workflowId: id, tenantId };
      });
      try {
        await redis.lPush(EXECUTION_QUEUE, JSON.stringify(message));
      } catch (error) {
        await pool.query(
          `UPDATE workflow_executions SET status = 'failed', error = $2, completed_at = now() WHERE id = $1`,
          [message.executionId, 'could not be queued']
        );
        throw Object.assign(new Error(`failed to execute: queue: ${(error as Error).message}`), {
          code: 'ECONNREFUSED',
        });
      }
      return reply.code(202).send({ execution_id: message.executionId, status: 'pending' });
    })
  );

  app.post(
    '/api/v1/login',
    withDeadline(async () => {
      const session = randomUUID();
      await redis.set(sessionKey(session), JSON.stringify({ user: 'user-1' }), {
        expiration: { type: 'EX', value: 3600 },
      });
      return { session };
    })
  );

  app.get(
    '/api/v1/session',
    withDeadline(async (request) => {
      const stored = await redis.get(sessionKey(String(request.headers['x-session-id'])));
      if (stored === null) {
        throw Object.assign(new Error('session expired'), { statusCode: 401 });
      }
      return JSON.parse(stored) as { user: string };
    })
  );

  // The defect that the fault `connection-leak` turns on: this route then never gives its connection back.
  app.put('/internal/leak', async () => {
    leaking = true;
    return { leaking };
  });
  app.delete('/internal/leak', async () => {
    leaking = false;
    pool.plugLeak();
    return { leaking };
  });
}
