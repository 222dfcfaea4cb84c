/** Redis that is up: busy, full of connections, a replica, asking for a password. */
import { type RedisConnection, openRedis } from '../../../demo/src/application/redisConnection';
import { EXECUTION_QUEUE } from '../../../demo/src/application/keys';
import type { CaseEstate, EstateCase, Restore } from '../case';
import { freeze, pause, repeatedly } from '../tools';

const silent = (): void => undefined;

/** A client of the estate's Redis, once it is there. Errors: it is not within 10 s. */
async function connected(estate: CaseEstate, name: string): Promise<RedisConnection> {
  const redis = openRedis(estate.redisUrl, name, silent);
  for (let tries = 0; tries < 100 && !redis.isReady; tries += 1) {
    await pause(100);
  }
  if (!redis.isReady) {
    throw new Error('Redis does not answer');
  }
  return redis;
}

/** Makes a change with commands, and takes it back with others. */
const commands = async (
  estate: CaseEstate,
  inject: ReadonlyArray<readonly string[]>,
  restore: ReadonlyArray<readonly string[]>
): Promise<Restore> => {
  // Held from before, so that what the case locks out it does not lock out itself.
  const redis = await connected(estate, 'admin');
  for (const command of inject) {
    await redis.sendCommand([...command]);
  }
  return async () => {
    try {
      for (const command of restore) {
        await redis.sendCommand([...command]);
      }
    } finally {
      redis.destroy();
    }
  };
};

/** Small keys without a meaning, for commands that walk over all of them. */
async function filled(redis: RedisConnection, keys: number): Promise<void> {
  await redis.sendCommand([
    'EVAL',
    `for i = 1, ARGV[1] do redis.call('SET', 'bench:' .. i, 'x', 'EX', 600) end return 1`,
    '0',
    String(keys),
  ]);
}

async function emptied(redis: RedisConnection): Promise<void> {
  for await (const keys of redis.scanIterator({ MATCH: 'bench:*', COUNT: 5000 })) {
    if (keys.length > 0) {
      await redis.unlink(keys);
    }
  }
}

export const REDIS: readonly EstateCase[] = [
  {
    name: 'keys-storm',
    kind: 'fault',
    title: 'a job walks all 150,000 keys with KEYS, on four connections, without a pause',
    right: [/redis-(busy|slow|keys|expensive)/],
    async inject(estate) {
      const clients = await Promise.all(Array.from({ length: 4 }, () => connected(estate, 'cleanup-job')));
      await filled(clients[0] as RedisConnection, 150_000);
      const stop = repeatedly((n) => (clients[n] as RedisConnection).sendCommand(['KEYS', 'session:*nothing*']), 4);
      return async () => {
        await stop();
        await emptied(clients[0] as RedisConnection);
        clients.forEach((each) => each.destroy());
      };
    },
  },
  {
    name: 'slow-script',
    kind: 'fault',
    title: 'a script of 1.5 s runs every two seconds',
    right: [/redis-(busy|slow|expensive)/],
    async inject(estate) {
      const redis = await connected(estate, 'ranking-job');
      const script = `local t = redis.call('TIME'); local e = t[1] * 1000000 + t[2] + 1500000
        repeat t = redis.call('TIME') until t[1] * 1000000 + t[2] > e return 1`;
      const stop = repeatedly(() => redis.sendCommand(['EVAL', script, '0']), 1, 500);
      return async () => {
        await stop();
        redis.destroy();
      };
    },
  },
  {
    name: 'endless-script',
    kind: 'fault',
    title: 'a script never ends: Redis answers BUSY',
    right: [/^redis-busy-script$|redis-busy/],
    async inject(estate) {
      const redis = await connected(estate, 'ranking-job');
      redis.sendCommand(['EVAL', 'while true do end', '0']).catch(silent);
      return async () => {
        const other = openRedis(estate.redisUrl, 'admin', silent);
        for (let tries = 0; tries < 100 && !other.isReady; tries += 1) {
          await pause(100);
        }
        await other.sendCommand(['SCRIPT', 'KILL']).catch(silent);
        other.destroy();
        redis.destroy();
      };
    },
  },
  {
    name: 'redis-replica',
    kind: 'fault',
    title: 'Redis became a replica of a server that is away: writes answer READONLY',
    right: [/readonly|read-only|replica/],
    inject: (estate) =>
      commands(
        estate,
        [
          ['CONFIG', 'SET', 'replica-serve-stale-data', 'yes'],
          ['REPLICAOF', '127.0.0.1', '1'],
        ],
        [['REPLICAOF', 'NO', 'ONE']]
      ),
  },
  {
    name: 'redis-password',
    kind: 'fault',
    title: 'Redis asks for a password that nobody has',
    right: [/redis-(auth|password|acl|no-permission|refuses|credential)|auth|password/],
    async inject(estate) {
      const redis = await connected(estate, 'admin');
      await redis.sendCommand(['CONFIG', 'SET', 'requirepass', 'rotated']);
      await redis.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']);
      return async () => {
        await redis.sendCommand(['CONFIG', 'SET', 'requirepass', '']);
        redis.destroy();
      };
    },
  },
  {
    name: 'redis-clients',
    kind: 'fault',
    title: 'a client opens connections until maxclients is reached',
    right: [/^redis-max-clients$/],
    async inject(estate) {
      const admin = await connected(estate, 'admin');
      const clients = Array.from({ length: 220 }, () => openRedis(estate.redisUrl, 'lambda', silent));
      return () => {
        clients.forEach((each) => each.destroy());
        admin.destroy();
        return Promise.resolve();
      };
    },
  },
  {
    name: 'redis-hung',
    kind: 'fault',
    title: 'Redis stands still',
    right: [/^redis-(down|hung)/],
    inject: (estate) => Promise.resolve(freeze(estate.redis.pid)),
  },
  {
    name: 'evictions',
    kind: 'fault',
    title: 'allkeys-random and a maxmemory below what is used: sessions and cached workflows vanish',
    right: [/^redis-evicting$|evict/],
    async inject(estate) {
      const redis = await connected(estate, 'admin');
      const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1] ?? 0);
      await filled(redis, 60_000);
      await redis.configSet({ maxmemory: String(used + 1_000_000), 'maxmemory-policy': 'allkeys-random' });
      const stop = repeatedly((n) => redis.set(`bench:more:${n}:${Math.random()}`, 'x'.repeat(2000)), 4, 5);
      return async () => {
        await stop();
        await redis.configSet({ maxmemory: String(48 * 1024 * 1024), 'maxmemory-policy': 'noeviction' });
        await emptied(redis);
        redis.destroy();
      };
    },
  },
  {
    name: 'poisoned-queue',
    kind: 'fault',
    title: 'messages that are no JSON keep the worker from its work',
    right: [/poison|malformed/],
    acceptable: [
      {
        cause: /^(slow-workflows|too-few-workers|low-concurrency|workers-stopped)$/,
        because: 'the workers drain too little, whatever the reason',
      },
    ],
    async inject(estate) {
      const redis = await connected(estate, 'import');
      const stop = repeatedly(
        () => redis.sendCommand(['RPUSH', EXECUTION_QUEUE, ...Array.from({ length: 20 }, () => '{broken')]),
        1,
        1000
      );
      return async () => {
        await stop();
        await redis.sendCommand(['LREM', EXECUTION_QUEUE, '0', '{broken']);
        redis.destroy();
      };
    },
  },
  {
    name: 'bgsave',
    kind: 'healthy',
    title: 'BGSAVE every three seconds',
    async inject(estate) {
      const redis = await connected(estate, 'backup');
      const stop = repeatedly(() => redis.sendCommand(['BGSAVE']), 1, 3000);
      return async () => {
        await stop();
        redis.destroy();
      };
    },
  },
  {
    name: 'redis-half-full',
    kind: 'healthy',
    title: 'a cache with expiry fills Redis to two thirds',
    async inject(estate) {
      const redis = await connected(estate, 'cache');
      for (let n = 0; n < 300; n += 1) {
        await redis.set(`bench:page:${n}`, 'x'.repeat(100_000), { expiration: { type: 'EX', value: 600 } });
      }
      return async () => {
        await emptied(redis);
        redis.destroy();
      };
    },
  },
  {
    name: 'scan',
    kind: 'healthy',
    title: 'a well-behaved job walks the keys with SCAN',
    async inject(estate) {
      const redis = await connected(estate, 'cleanup-job');
      await filled(redis, 30_000);
      const stop = repeatedly(async () => {
        let cursor = '0';
        do {
          [cursor] = (await redis.sendCommand(['SCAN', cursor, 'COUNT', '200'])) as unknown as [string];
          await pause(5);
        } while (cursor !== '0');
      });
      return async () => {
        await stop();
        await emptied(redis);
        redis.destroy();
      };
    },
  },
];
