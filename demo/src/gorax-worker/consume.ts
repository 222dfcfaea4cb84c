/** The loop between the queue and the database: BRPOP while there is a free place, then run the execution beside the loop. */
import type { FastifyBaseLogger } from 'fastify';
import type { ConnectionPool } from '../application/connectionPool';
import { ACTIVE_EXECUTIONS, EXECUTION_QUEUE, type ExecutionMessage } from '../application/keys';
import type { RedisConnection } from '../application/redisConnection';
import { execute } from './execute';

interface ConsumerOptions {
  readonly pool: ConnectionPool;
  readonly redis: RedisConnection;
  /** A connection that only BRPOP uses. */
  readonly queue: RedisConnection;
  readonly concurrency: number;
  readonly log: FastifyBaseLogger;
  readonly onActive: (count: number) => void;
  /** The queue is asked for one execution. */
  readonly onPoll: () => void;
  readonly onFinished: (workflowId: string, status: 'completed' | 'failed', seconds: number) => void;
}

interface Consumer {
  active(): number;
  /** Takes no more executions, and resolves when those that run have ended or 1.5 s have passed. */
  stop(): Promise<void>;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export function consume(options: ConsumerOptions): Consumer {
  const { pool, redis, queue, concurrency, log } = options;
  const running = new Set<Promise<void>>();
  const byTenant = new Map<string, number>();
  let stopping = false;
  options.onActive(0);

  /** The hash says how many run now, so it is set, not incremented: a lost update heals with the next one. */
  const tell = (tenantId: string, change: number): void => {
    const count = (byTenant.get(tenantId) ?? 0) + change;
    byTenant.set(tenantId, count);
    options.onActive(running.size);
    redis.hSet(ACTIVE_EXECUTIONS, tenantId, String(count)).catch((error: Error) => {
      log.warn({ error: `redis: ${error.message}`, tenant_id: tenantId }, 'active executions not recorded');
    });
  };

  const run = async (message: ExecutionMessage): Promise<void> => {
    const startedAt = performance.now();
    let status: 'completed' | 'failed' = 'completed';
    try {
      await execute(pool, message);
    } catch (error) {
      status = 'failed';
      const said = error instanceof Error ? error.message : String(error);
      log.error(
        {
          error: said,
          execution_id: message.executionId,
          workflow_id: message.workflowId,
          tenant_id: message.tenantId,
        },
        'execution failed'
      );
      await pool
        .query(`UPDATE workflow_executions SET status = 'failed', error = $2, completed_at = now() WHERE id = $1`, [
          message.executionId,
          said,
        ])
        .catch(() => undefined);
    }
    options.onFinished(message.workflowId, status, (performance.now() - startedAt) / 1000);
  };

  const loop = async (): Promise<void> => {
    while (!stopping) {
      if (running.size >= concurrency) {
        await Promise.race(running);
        continue;
      }
      try {
        options.onPoll();
        const popped = await queue.brPop(EXECUTION_QUEUE, 1);
        if (popped !== null) {
          const message = JSON.parse(popped.element) as ExecutionMessage;
          const task = run(message).finally(() => {
            running.delete(task);
            tell(message.tenantId, -1);
          });
          running.add(task);
          tell(message.tenantId, 1);
        }
      } catch (error) {
        if (!stopping) {
          log.error({ error: `redis: ${(error as Error).message}` }, 'queue not readable');
          await pause(500);
        }
      }
    }
  };
  void loop();

  return {
    active: () => running.size,
    async stop() {
      stopping = true;
      await Promise.race([Promise.allSettled(running), pause(1500)]);
    },
  };
}
