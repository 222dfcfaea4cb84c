/** Redis: what is in it. Large keys, keys without a TTL, counters in hashes, fragmentation; as the user of redis.acl. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type RedisRig, redisRig } from './rig/redis';
import { checkIn, roundOf, runCheck, until } from './rig/client';
import { FaultLog } from './rig/faults';
import { type TestService, serve } from './rig/service';
import { atMost } from './rig/atMost';

const TARGET = 'shop-redis';
const KEYS = 'redis.big_keys';
const TOKEN_IN_KEY = '9f2c4b7d1e';

const faults = new FaultLog('Redis: keys');
/** What a busy machine may find in any round, and what a Valkey knows beside it, is not what is looked for here. */
const STILL = {
  'redis.latency': { enabled: false },
  'redis.slowlog': { enabled: false },
  'redis.commandlog': { enabled: false },
};
let rig: RedisRig;
let admin: Awaited<ReturnType<RedisRig['admin']>>;
let service: TestService | undefined;

beforeAll(async () => {
  rig = await redisRig();
});
afterEach(async () => {
  await service?.close();
  service = undefined;
  await admin.sendCommand(['FLUSHALL']);
  rig.disconnect();
});
afterAll(async () => {
  faults.finish();
  await rig.dispose();
});

const start = async (more: Record<string, unknown> = {}): Promise<TestService> => {
  admin = await rig.admin();
  service = await serve([rig.target({ ...more, checks: { ...STILL, ...(more.checks as object | undefined) } })]);
  return service;
};
/** Elements that the server makes itself: a list of `count` numbers. */
const longList = (key: string, count: number) =>
  admin.sendCommand(['EVAL', "for i = 1, ARGV[1] do redis.call('RPUSH', KEYS[1], i) end", '1', key, String(count)]);

describe('redis.big_keys', () => {
  test('is quiet with small keys, then names a large one, without ids, in a round that stays short', async () => {
    const own = await start();
    await admin.sendCommand(['DEBUG', 'POPULATE', '500', 'cache', '100']);
    const quiet = await until(
      'every key is seen',
      () => runCheck(own, TARGET, KEYS),
      ({ fields }) => fields.coverage === 1
    );
    expect(quiet).toMatchObject({ state: 'ok', fields: { keys: 500, large: 0 } });
    expect(quiet.rows.kinds?.[0]).toMatchObject({ prefix: 'cache:', keys: 500, withoutTtl: 500 });

    await admin.sendCommand(['SET', `session:${TOKEN_IN_KEY}:cart`, 'x'.repeat(12_000_000)]);
    const found = await runCheck(own, TARGET, KEYS);
    expect(found).toMatchObject({ state: 'warning', fields: { large: 1 } });
    expect(Number(found.value)).toBeGreaterThan(12_000_000);
    expect(found.rows.largest?.[0]).toMatchObject({ key: 'session:?:cart', type: 'string', elements: 12_000_000 });
    expect(JSON.stringify(found)).not.toContain(TOKEN_IN_KEY);
    await faults.recordWhen('a string of 12 MB', {
      service: own,
      target: TARGET,
      check: 'redis.big_keys',
      state: 'warning',
    });
    await admin.sendCommand(['UNLINK', `session:${TOKEN_IN_KEY}:cart`]);
    expect(await runCheck(own, TARGET, KEYS)).toMatchObject({ state: 'ok', fields: { large: 0 } });
  });

  test('a list of a million elements', async () => {
    const own = await start();
    await longList('workflow:executions:queue', 1_000_000);
    const found = await runCheck(own, TARGET, KEYS);
    expect(found).toMatchObject({ state: 'warning' });
    expect(found.rows.largest?.[0]).toMatchObject({
      ...{ key: 'workflow:executions:queue', type: 'list', elements: 1_000_000 },
    });
    expect(found.tookMs).toBeLessThan(atMost(500));
    await faults.recordWhen('a list of a million elements', {
      service: own,
      target: TARGET,
      check: 'redis.big_keys',
      state: 'warning',
    });
  });

  test('sees a large key space over several rounds, a bounded share in each', async () => {
    admin = await rig.admin();
    await admin.sendCommand(['DEBUG', 'POPULATE', '9000', 'key', '10']);
    await admin.sendCommand(['SET', 'report:large', 'x'.repeat(11_000_000)]);
    // Only now: a key that comes while a pass is under way is seen by the next one.
    const own = await start();
    const first = await runCheck(own, TARGET, KEYS);
    expect(first.fields.coverage).toBeGreaterThan(0);
    expect(first.fields.coverage).toBeLessThan(0.6);
    expect(first.fields.passAgeSeconds).toBeNull();
    expect(first.tookMs).toBeLessThan(atMost(1000));
    const commands = async () =>
      Number(/cmdstat_memory\|usage:calls=(\d+)/.exec(String(await admin.sendCommand(['INFO', 'commandstats'])))?.[1]);
    const before = await commands();
    await runCheck(own, TARGET, KEYS);
    // 2000 keys, a last chunk of 250, and the twenty largest once more.
    expect((await commands()) - before).toBeLessThanOrEqual(2270);
    const whole = await until(
      'everything is seen',
      () => runCheck(own, TARGET, KEYS),
      (each) => each.fields.coverage === 1
    );
    expect(whole).toMatchObject({ state: 'warning', fields: { keys: 9001, large: 1 } });
    const counted = (whole.rows.kinds ?? []).reduce((sum, { keys }) => sum + Number(keys), 0);
    expect(counted).toBe(9001);
  });

  test('however often rounds are taken, keys are looked at in a pace of their own', async () => {
    const own = await start();
    await admin.sendCommand(['DEBUG', 'POPULATE', '1000', 'cache', '10']);
    const looked = async () =>
      Number(
        /cmdstat_memory\|usage:calls=(\d+)/.exec(String(await admin.sendCommand(['INFO', 'commandstats'])))?.[1] ?? 0
      );
    const examined = async () => checkIn(await roundOf(own, TARGET), KEYS).fields.examined;
    await runCheck(own, TARGET, KEYS);
    const before = await looked();
    // Rounds of these tests are half a second apart; every key was seen, so there is a minute's rest.
    await until('several rounds were taken', examined, (each) => each === 0);
    for (let n = 0; n < 3; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 520));
      await examined();
    }
    expect(await looked()).toBe(before);
    expect(checkIn(await roundOf(own, TARGET), KEYS)).toMatchObject({
      state: 'ok',
      fields: { keys: 1000, coverage: 1 },
    });
  });

  test('without the right to it, the finding is the exact statement, which mends it', async () => {
    const own = await start();
    await admin.sendCommand(['SET', 'a', '1']);
    await admin.sendCommand(['ACL', 'SETUSER', 'live_runbooks', '-memory|usage']);
    const found = await runCheck(own, TARGET, KEYS);
    expect(found).toMatchObject({
      ...{ state: 'unknown', reason: 'no-permission', value: null },
      mend: 'ACL SETUSER live_runbooks +memory|usage',
    });
    await faults.recordWhen('a command that the ACL lacks', {
      service: own,
      target: TARGET,
      check: 'redis.big_keys',
      state: 'unknown',
    });
    expect(checkIn(await roundOf(own, TARGET), 'redis.memory').state).toBe('ok');
    await admin.sendCommand(String(found.mend).split(' '));
    expect((await runCheck(own, TARGET, KEYS)).state).toBe('ok');
  });
});

describe('keys that are no text, and other databases', () => {
  const JAVA = Buffer.concat([Buffer.from('aced0005740010', 'hex'), Buffer.from(`session:${TOKEN_IN_KEY}`)]);

  test('a key that Java serialised is found, told by its kind, and belongs to its prefix', async () => {
    const own = await start({ expiring: ['session:'] });
    const raw = admin as unknown as { sendCommand(words: ReadonlyArray<string | Buffer>): Promise<unknown> };
    await raw.sendCommand(['SET', JAVA, 'x'.repeat(11_000_000)]);
    await raw.sendCommand(['SET', Buffer.from([0xff, 0xfe, 0x00]), 'x']);
    const found = await runCheck(own, TARGET, KEYS);
    expect(found).toMatchObject({ state: 'warning', fields: { keys: 2, coverage: 1, large: 1 } });
    expect(found.rows.largest?.map(({ key, type }) => [key, type])).toEqual([
      ['(java) session:?', 'string'],
      ['(binary)', 'string'],
    ]);
    expect(JSON.stringify(found)).not.toContain(TOKEN_IN_KEY);
    expect(await runCheck(own, TARGET, 'redis.keys_without_ttl')).toMatchObject({ state: 'warning', value: 1 });
    await faults.recordWhen('11 MB under a key that Java serialised', {
      ...{ service: own, target: TARGET, check: KEYS, state: 'warning' as const },
    });
  });

  test('a large hash in database 3, and lists and hashes there', async () => {
    const own = await start({
      lists: [{ name: 'queue', key: 'queue', database: 3, warning: 2 }],
      hashes: [{ name: 'absent', key: 'absent' }],
    });
    const fill =
      "redis.call('SELECT', 3) for i = 1, 100000 do redis.call('HSET', 'profile', i, i) end redis.call('RPUSH', 'queue', 1, 2) redis.call('SELECT', 0)";
    await admin.sendCommand(['EVAL', fill, '0']);
    const found = await until(
      'seen',
      () => runCheck(own, TARGET, KEYS),
      ({ state }) => state === 'warning'
    );
    expect(found.fields).toMatchObject({ keys: 2, databases: 1, coverage: 1 });
    expect(found.rows.largest?.[0]).toMatchObject({ database: 3, key: 'profile', type: 'hash', elements: 100_000 });
    expect(found.summary).toMatch(/^profile \(hash\) in database 3 has /);
    expect(await runCheck(own, TARGET, 'redis.lists')).toMatchObject({ state: 'warning', fields: { queue: 2 } });
    await faults.recordWhen('a hash of 100,000 fields in database 3', {
      ...{ service: own, target: TARGET, check: KEYS, state: 'warning' as const },
    });
  });
});

describe('what this service does itself', () => {
  test('is no slow command, no hit and no miss', async () => {
    const own = await start({
      checks: { 'redis.slowlog': { windowSeconds: 10 } },
      lists: [{ name: 'queue', key: 'queue' }],
    });
    await admin.sendCommand(['DEBUG', 'POPULATE', '300', 'cache', '10']);
    await runCheck(own, TARGET, 'redis.slowlog');
    await admin.sendCommand(['CONFIG', 'SET', 'slowlog-log-slower-than', '0']);
    for (let n = 0; n < 4; n += 1) {
      await runCheck(own, TARGET, KEYS);
      await runCheck(own, TARGET, 'redis.lists');
      await runCheck(own, TARGET, 'redis.memory');
    }
    // Everything is in the slow log now; of that, only what the administrator did is told.
    const found = await runCheck(own, TARGET, 'redis.slowlog');
    await admin.sendCommand(['CONFIG', 'SET', 'slowlog-log-slower-than', '10000']);
    expect(Number(found.fields.length)).toBeGreaterThan(32);
    expect(found.rows.entries?.every(({ command }) => String(command).startsWith('CONFIG'))).toBe(true);
    const memory = await runCheck(own, TARGET, 'redis.memory');
    expect(memory.fields.missRatio).toBeNull();
  });
});

describe('redis.keys_without_ttl', () => {
  const ID = 'redis.keys_without_ttl';

  test('is quiet when they expire, fires when one does not', async () => {
    const own = await start({ expiring: ['session:', 'cache:'] });
    for (let n = 0; n < 20; n += 1) {
      await admin.sendCommand(['SET', `session:user${n}`, 'x', 'EX', '600']);
    }
    await admin.sendCommand(['SET', 'workflow:7', 'x']);
    expect(await runCheck(own, TARGET, ID)).toMatchObject({
      ...{ state: 'ok', value: 0 },
      fields: { seen: 20, withoutTtl: 0, estimated: 0, coverage: 1 },
    });
    await admin.sendCommand(['SET', `session:${TOKEN_IN_KEY}`, 'x']);
    await admin.sendCommand(['SET', 'cache:page', 'x']);
    const found = await runCheck(own, TARGET, ID);
    expect(found).toMatchObject({ state: 'warning', value: 2 });
    expect(found.summary).toBe('1 of 21 keys under session: never expire; 1 of 1 keys under cache: never expire');
    await faults.recordWhen('keys that never expire under session: and cache:', {
      service: own,
      target: TARGET,
      check: 'redis.keys_without_ttl',
      state: 'warning',
    });
    expect(found.rows.prefixes?.map(({ example }) => example)).toEqual(['session:?', 'cache:page']);
    expect(JSON.stringify(found)).not.toContain(TOKEN_IN_KEY);
  });

  test('does not apply without prefixes, which leaves the target well', async () => {
    const own = await start();
    expect(await runCheck(own, TARGET, ID)).toMatchObject({ state: 'unknown', reason: 'not-applicable' });
  });
});

describe('redis.hashes', () => {
  const ID = 'redis.hashes';
  const hashes = [{ name: 'active', key: 'tenant:active_executions', warning: 8, critical: 10 }];

  test('asks for HGETALL of that key alone; then is quiet, and fires on the tenant at its limit', async () => {
    const own = await start({ hashes });
    await admin.sendCommand(['HSET', 'tenant:active_executions', 'acme', '5', 'globex', '2', 'odd', 'text']);
    await admin.sendCommand(['HSET', 'secrets', 'a', '1']);
    const refused = await runCheck(own, TARGET, ID);
    expect(refused).toMatchObject({ state: 'unknown', reason: 'no-permission' });
    expect(refused.mend).toBe('ACL SETUSER live_runbooks (+hgetall +hlen %R~tenant:active_executions)');
    // redis-cli sends what stands in parentheses as one argument.
    const [, rule = ''] = /live_runbooks (.*)$/.exec(String(refused.mend)) ?? [];
    await admin.sendCommand(['ACL', 'SETUSER', 'live_runbooks', rule]);
    const elsewhere = await admin.sendCommand(['ACL', 'DRYRUN', 'live_runbooks', 'HGETALL', 'secrets']);
    expect(String(elsewhere)).toMatch(/no permissions/);

    const quiet = await runCheck(own, TARGET, ID);
    expect(quiet).toMatchObject({ state: 'ok', fields: { active: 7 } });
    expect(quiet.rows.hashes).toEqual([
      { name: 'active', key: 'tenant:active_executions', fields: 3, total: 7, largest: 5, share: 0.714 },
    ]);
    await admin.sendCommand(['HSET', 'tenant:active_executions', 'acme', '10']);
    const found = await runCheck(own, TARGET, ID);
    expect(found).toMatchObject({ state: 'critical', fields: { active: 12 } });
    await faults.recordWhen('a tenant at its limit of executions', {
      service: own,
      target: TARGET,
      check: 'redis.hashes',
      state: 'critical',
    });
    expect(found.summary).toMatch(/^acme has 10; active: 12 in 3 fields/);
    expect(found.rows.values).toEqual([
      { name: 'active', field: 'acme', value: 10, state: 'critical' },
      { name: 'active', field: 'globex', value: 2, state: 'ok' },
      { name: 'active', field: 'odd', value: null, state: 'unknown' },
    ]);
    await admin.sendCommand(['ACL', 'SETUSER', 'live_runbooks', 'clearselectors']);
  });
});

describe('redis.memory', () => {
  test('a cache at its limit is quiet while what is asked for is there, and too small when it is not', async () => {
    const own = await start({ checks: { 'redis.memory': { windowSeconds: 5 } } });
    const used = Number(/used_memory:(\d+)/.exec(String(await admin.sendCommand(['INFO', 'memory'])))?.[1]);
    await admin.sendCommand(['CONFIG', 'SET', 'maxmemory', String(used + 2_000_000)]);
    await admin.sendCommand(['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru']);
    let written = 0;
    /** Writes more than fits, and asks for each key when it is new, or long after. */
    const work = async (late: number): Promise<void> => {
      const commands = Array.from({ length: 40 }, () => {
        written += 1;
        return [
          admin.sendCommand(['SET', `cache:${written}`, 'x'.repeat(20_000)]),
          ...(written > late ? [admin.sendCommand(['GET', `cache:${written - late}`])] : []),
        ];
      });
      await Promise.all(commands.flat());
    };
    const judged = async (late: number) => {
      await work(late);
      return runCheck(own, TARGET, 'redis.memory');
    };
    const quiet = await until(
      'it evicts',
      () => judged(0),
      ({ fields }) => Number(fields.evictedPerSecond) > 0 && fields.missRatio !== null
    );
    expect(quiet).toMatchObject({ state: 'ok', fields: { missRatio: 0, policy: 'allkeys-lru' } });
    const small = await until(
      'what is asked for is gone',
      () => judged(1000),
      ({ state }) => state === 'warning'
    );
    expect(small.summary).toMatch(/% of the lookups miss/);
    expect(small.mend).toMatch(/too small/);
    await faults.recordWhen('a cache too small for what is asked of it', {
      ...{ service: own, target: TARGET, check: 'redis.memory', state: 'warning' as const },
    });
    await admin.sendCommand(['CONFIG', 'SET', 'maxmemory', '0']);
    await admin.sendCommand(['CONFIG', 'SET', 'maxmemory-policy', 'noeviction']);
  });

  test('fragmentation counts only above the floor of bytes', async () => {
    const own = await start();
    const idle = await runCheck(own, TARGET, 'redis.memory');
    // A small instance shows a large ratio that means nothing.
    expect(Number(idle.fields.fragmentationRatio)).toBeGreaterThan(1.4);
    expect(idle.state).toBe('ok');
    await own.close();
    const strict = await start({ checks: { 'redis.memory': { fragmentationBytes: 0 } } });
    const found = await runCheck(strict, TARGET, 'redis.memory');
    expect(found).toMatchObject({ state: 'warning' });
    expect(found.summary).toMatch(/fragmented: \d/);
  });
});
