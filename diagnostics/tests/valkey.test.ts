/**
 * Valkey: the same checks as of Redis, and its log of large requests and replies. `REDIS_SERVER=<valkey-server> npx vitest run
 * --project diagnostics redis` runs every test of Redis on it.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { roundOf, runCheck, until } from './rig/client';
import { FaultLog } from './rig/faults';
import { ACL_LINE, type RedisRig, redisRig } from './rig/redis';
import { type TestService, serve } from './rig/service';
import { installValkey } from './versions/valkey.mjs';

const valkey = await installValkey();
if ('missing' in valkey) {
  process.stderr.write(`Valkey is not tested: ${valkey.missing}\n`);
}
const TARGET = 'shop-redis';

describe.skipIf('missing' in valkey)('Valkey', () => {
  const faults = new FaultLog('Valkey');
  let rig: RedisRig;
  let admin: Awaited<ReturnType<RedisRig['admin']>>;
  let service: TestService | undefined;
  const start = async (more: Record<string, unknown> = {}): Promise<TestService> => {
    service = await serve([rig.target(more)]);
    return service;
  };
  beforeAll(async () => {
    rig = await redisRig({
      ...('program' in valkey ? { command: valkey.program } : {}),
      config: { user: `${ACL_LINE.replace(/^user /, '')} +commandlog|get`, 'commandlog-reply-larger-than': '100000' },
    });
    admin = await rig.admin();
  });
  afterEach(async () => {
    await service?.close();
    service = undefined;
  });
  afterAll(async () => {
    faults.finish();
    await rig.dispose();
  });

  test('every check is answered as the user of redis.acl', async () => {
    await admin.sendCommand(['RPUSH', 'queue', 'a']);
    const own = await start({ lists: [{ name: 'queue', key: 'queue' }], expiring: ['session:'] });
    const round = await until(
      'rates are known',
      () => roundOf(own, TARGET),
      ({ checks }) => checks.every(({ state, reason }) => state !== 'unknown' || reason === 'not-applicable')
    );
    expect(round.class).toBe('ok');
    expect(
      round.checks.filter(({ state }) => state === 'unknown').map(({ id }) => id),
      'those that do not apply to a single server without hashes'
    ).toEqual(['redis.hashes', 'redis.cluster']);
  });

  test('large replies, again and again, are told by their commands; what the service reads is not', async () => {
    const own = await start({ checks: { 'redis.commandlog': { windowSeconds: 10, warning: 5 } } });
    const check = () => runCheck(own, TARGET, 'redis.commandlog');
    expect(await until('a rate', check, ({ state }) => state !== 'unknown')).toMatchObject({ state: 'ok', value: 0 });
    await admin.sendCommand(['SET', 'report:2026', 'x'.repeat(300_000)]);
    const found = await until(
      'large replies',
      async () => {
        await admin.sendCommand(['GET', 'report:2026']);
        return check();
      },
      ({ state }) => state === 'warning'
    );
    expect(found.rows.entries?.[0]).toMatchObject({ kind: 'large-reply', command: 'GET report:?' });
    expect(Number(found.rows.entries?.[0]?.bytes)).toBeGreaterThan(300_000);
    await faults.recordWhen('large replies, again and again', {
      ...{ service: own, target: TARGET, check: 'redis.commandlog', state: 'warning' as const },
    });
  });

  test('the right that redis.acl does not hold is asked for', async () => {
    await admin.sendCommand(['ACL', 'SETUSER', 'live_runbooks', '-commandlog|get']);
    const own = await start();
    expect(await runCheck(own, TARGET, 'redis.commandlog')).toMatchObject({
      ...{ state: 'unknown', reason: 'no-permission', mend: 'ACL SETUSER live_runbooks +commandlog|get' },
    });
  });
});
