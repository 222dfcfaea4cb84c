import { type RedisConnection, openRedis } from '../application/redisConnection';
import { REDIS_MAX_MEMORY_BYTES } from '../estate/redis';
import type { FaultMaker } from './fault';

const PREFIX = 'cache:report:';
const VALUE = 'x'.repeat(100_000);

/** A cache without expiry fills Redis up to maxmemory, and keeps it full. */
export const redisOom: FaultMaker = (estate) => {
  let client: RedisConnection | undefined;
  let filling: Promise<void> = Promise.resolve();
  let written = 0;

  const usedMemory = async (redis: RedisConnection): Promise<number> =>
    Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1] ?? 0);

  const fill = async (redis: RedisConnection): Promise<void> => {
    // Big values first, then small ones: not a few bytes may be left for the others.
    for (const size of [VALUE.length, 2000, 50]) {
      try {
        while (client === redis && (await usedMemory(redis)) < REDIS_MAX_MEMORY_BYTES) {
          const batch = size === VALUE.length ? 20 : 5;
          await Promise.all(
            Array.from({ length: batch }, () => redis.set(`${PREFIX}${(written += 1)}`, VALUE.slice(0, size)))
          );
        }
      } catch {
        // OOM: this size no longer fits.
      }
    }
  };

  /** Resolves after a minute in any case: what is done next then says that Redis is away. */
  const untilReady = async (redis: RedisConnection): Promise<void> => {
    const deadline = Date.now() + 60_000;
    while (!redis.isReady && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  const keepFull = async (redis: RedisConnection): Promise<void> => {
    while (client === redis) {
      await fill(redis);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };

  return {
    name: 'redis-oom',
    title: 'A cache without expiry fills Redis to maxmemory, under noeviction',
    watch: 'Redis refuses writes with OOM: executions cannot be queued, the API answers 503 to them.',
    expect: { pack: 'gorax', runbook: 'redis-failures', cause: 'redis-out-of-memory' },
    active: () => client !== undefined,
    async inject() {
      if (client === undefined) {
        const redis = openRedis(estate.redisUrl, 'report-cache', () => undefined);
        client = redis;
        await untilReady(redis);
        await fill(redis);
        filling = keepFull(redis);
      }
    },
    async clear() {
      const redis = client;
      client = undefined;
      if (redis === undefined) {
        return;
      }
      try {
        await filling;
        await untilReady(redis);
        if (!redis.isReady) {
          throw new Error('Redis does not answer');
        }
        for await (const keys of redis.scanIterator({ MATCH: `${PREFIX}*`, COUNT: 1000 })) {
          if (keys.length > 0) {
            await redis.unlink(keys);
          }
        }
        await redis.configSet({ maxmemory: String(REDIS_MAX_MEMORY_BYTES), 'maxmemory-policy': 'noeviction' });
      } finally {
        redis.destroy();
      }
    },
  };
};
