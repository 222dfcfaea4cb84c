/** What the servers of these benchmarks hold, and what somebody does with them meanwhile. */
import type { PostgresRig } from '../../diagnostics/tests/rig/postgres';
import type { RedisRig } from '../../diagnostics/tests/rig/redis';
import { pause } from './running';

export const TABLES = 200;
export const KEYS = 20_000;

/** Two hundred tables with rows, indexes, sequences and some use: what a small application has. */
export async function fillPostgres(rig: PostgresRig): Promise<void> {
  const client = await rig.app();
  await client.query(`DO $$ BEGIN FOR i IN 1..${TABLES} LOOP
    EXECUTE format('CREATE TABLE t%s (id bigserial PRIMARY KEY, a int, b text)', i);
    EXECUTE format('CREATE INDEX ON t%s (a)', i);
    EXECUTE format('INSERT INTO t%s (a, b) SELECT n, md5(n::text) FROM generate_series(1, 500) n', i);
    EXECUTE format('UPDATE t%s SET a = a + 1 WHERE id %% 5 = 0', i);
  END LOOP; END $$`);
  await client.query('GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO live_runbooks');
  await client.query('ANALYZE');
  await rig.disconnect();
}

/** Twenty thousand keys: sessions that expire, users, and some lists of jobs. */
export async function fillRedis(rig: RedisRig): Promise<void> {
  const client = await rig.admin();
  for (let from = 0; from < KEYS; from += 1000) {
    await Promise.all(
      Array.from({ length: 1000 }, (_, index) => from + index).map((n) =>
        n % 100 === 0
          ? client.rPush(`jobs:${n}`, ['a', 'b', 'c'])
          : n % 4 === 0
            ? client.hSet(`user:${n}`, { name: `user ${n}`, mail: `${n}@example.org` })
            : client.set(`session:${n}`, `{"user":${n}}`, { expiration: { type: 'EX', value: 86_400 } })
      )
    );
  }
  rig.disconnect();
}

/** Some fifty statements and commands a second until `stop`; each table has its own statements. */
export async function work(postgres: PostgresRig, redis: readonly RedisRig[]): Promise<{ stop: () => Promise<void> }> {
  const client = await postgres.app();
  const caches = await Promise.all(redis.map((rig) => rig.admin()));
  let going = true;
  const loop = (async () => {
    for (let n = 0; going; n += 1) {
      const table = `t${(n % TABLES) + 1}`;
      await client.query(`UPDATE ${table} SET a = a + 1 WHERE id = $1`, [(n % 500) + 1]);
      await client.query(`SELECT * FROM ${table} WHERE a = $1`, [n % 500]);
      await Promise.all(caches.map((cache) => cache.get(`session:${(4 * n + 1) % KEYS}`)));
      await pause(40);
    }
  })();
  return {
    stop: async () => {
      going = false;
      await loop;
    },
  };
}
