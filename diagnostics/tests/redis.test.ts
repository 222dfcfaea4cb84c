/** Redis: every class of failure, and each check fired and quiet, as the user of redis.acl. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Round } from '../src/model/round';
import { freePort } from '../../demo/src/servers';
import { type RedisRig, redisRig } from './rig/redis';
import { selfSigned } from './rig/certificate';
import { checkIn, roundOf, runCheck, until, untilState } from './rig/client';
import { FaultLog } from './rig/faults';
import { needs } from './rig/needs';
import { keepsCommandlog, lacksTls } from './rig/redisVersion';
import { type TestService, serve } from './rig/service';
import { LIMIT_MS } from './rig/atMost';

const TARGET = 'shop-redis';
const SECRET = 'session-token-9f9f';

const WITHOUT_TLS = lacksTls();
const faults = new FaultLog('Redis', (fault) => WITHOUT_TLS !== undefined && fault.startsWith('TLS: '));
let rig: RedisRig;
let service: TestService | undefined;

const start = async (more: Record<string, unknown> = {}, own = rig): Promise<TestService> => {
  service = await serve([own.target(more)]);
  return service;
};
const current = (): TestService => {
  if (service === undefined) {
    throw new Error('no service');
  }
  return service;
};
const untilClass = (wanted: string) =>
  until(
    `class ${wanted}`,
    async () => {
      const round = await roundOf(current(), TARGET);
      expect(round.ms, `an answer of class ${round.class}`).toBeLessThan(LIMIT_MS);
      return round;
    },
    (round) => round.class === wanted
  );
/** The round that meets the fault. */
const untilBroken = async (wanted: string, fault: string) => {
  const round = await untilClass(wanted);
  faults.record(fault, 'redis.availability', round);
  return round;
};
const expectBlind = (round: Round): void => {
  expect(checkIn(round, 'redis.availability').state).toBe('critical');
  const others = round.checks.filter((check) => check.id !== 'redis.availability');
  expect(others.length).toBe(12);
  for (const check of others) {
    expect(check, check.id).toMatchObject({ state: 'unknown', value: null, mend: expect.any(String) });
  }
};
const check = (id: string) => runCheck(current(), TARGET, id);
const quiet = (id: string) => untilState(current(), TARGET, id, 'ok');

beforeAll(async () => {
  rig = await redisRig();
});
afterEach(async () => {
  rig.server.thaw();
  await service?.close();
  service = undefined;
  rig.disconnect();
});
afterAll(async () => {
  faults.finish();
  await rig.dispose();
});

describe('redis.availability', () => {
  test('ok, and one connection over many rounds', async () => {
    await start();
    const round = await untilClass('ok');
    expect(checkIn(round, 'redis.availability')).toMatchObject({ state: 'ok', value: 1, fields: { up: true } });
    const admin = await rig.admin();
    for (let n = 0; n < 10; n += 1) {
      await check('redis.memory');
    }
    const list = String(await admin.sendCommand(['CLIENT', 'LIST']));
    expect(list.split('\n').filter((line) => line.includes('user=live_runbooks'))).toHaveLength(1);
  });

  test('refused', async () => {
    await start({ port: await freePort() });
    const round = await untilBroken('refused', 'nothing listens');
    expectBlind(round);
    expect(checkIn(round, 'redis.availability').fields.up).toBe(false);
  });

  test('dns', async () => {
    await start({ host: 'no-such-host.invalid' });
    expectBlind(await untilBroken('dns', 'the host name does not resolve'));
  });

  test('auth: a wrong password, which is never told', async () => {
    const wrong = 'wrong-redis-password-1b';
    await start({ password: wrong });
    const round = await untilBroken('auth', 'wrong password');
    expectBlind(round);
    expect(JSON.stringify(round) + current().log()).not.toContain(wrong);
  });

  test('hung, and well again with one connection', async () => {
    await start();
    await untilClass('ok');
    rig.server.freeze();
    expectBlind(await untilBroken('hung', 'the process is stopped (SIGSTOP)'));
    rig.server.thaw();
    await untilClass('ok');
    const admin = await rig.admin();
    await until(
      'one connection',
      async () => String(await admin.sendCommand(['CLIENT', 'LIST'])),
      (list) => list.split('\n').filter((line) => line.includes('user=live_runbooks')).length === 1
    );
  });

  test('a restart is survived', async () => {
    await start();
    await untilClass('ok');
    await rig.server.stop();
    expectBlind(await untilClass('refused'));
    await rig.server.start();
    expect(checkIn(await untilClass('ok'), 'redis.memory').state).toBe('ok');
  });

  test('busy: an endless script', async () => {
    await start();
    await untilClass('ok');
    const admin = await rig.admin();
    await admin.sendCommand(['CONFIG', 'SET', 'busy-reply-threshold', '50']);
    const script = admin.sendCommand(['EVAL', 'while true do end', '0']).catch(() => undefined);
    expectBlind(await untilBroken('busy', 'an endless script'));
    const killer = await rig.admin();
    await killer.sendCommand(['SCRIPT', 'KILL']);
    await script;
    await untilClass('ok');
    await killer.sendCommand(['CONFIG', 'SET', 'busy-reply-threshold', '5000']);
  });

  test('busy: an endless function, which another command ends', async () => {
    await start();
    await untilClass('ok');
    const admin = await rig.admin();
    await admin.sendCommand(['CONFIG', 'SET', 'busy-reply-threshold', '50']);
    const endless = "#!lua name=shop\nredis.register_function('forever', function() while true do end end)";
    await admin.sendCommand(['FUNCTION', 'LOAD', 'REPLACE', endless]);
    const running = admin.sendCommand(['FCALL', 'forever', '0']).catch(() => undefined);
    const round = await untilBroken('busy', 'an endless function');
    expect(checkIn(round, 'redis.availability').mend).toMatch(/FUNCTION KILL/);
    expect(checkIn(round, 'redis.memory').mend).toMatch(/FUNCTION KILL/);
    const killer = await rig.admin();
    await killer.sendCommand(['FUNCTION', 'KILL']);
    await running;
    await untilClass('ok');
    await killer.sendCommand(['CONFIG', 'SET', 'busy-reply-threshold', '5000']);
  });

  test('misconf: a failed save, which redis.persistence explains', async () => {
    const gone = join(rig.server.dir, 'rdb');
    mkdirSync(gone);
    const admin = await rig.admin();
    await admin.sendCommand(['CONFIG', 'SET', 'dir', gone]);
    await admin.sendCommand(['CONFIG', 'SET', 'save', '3600 1']);
    rmSync(gone, { recursive: true });
    await start();
    expect((await quiet('redis.persistence')).fields).toMatchObject({
      lastSaveOk: true,
      aofEnabled: false,
      aofOk: null,
    });
    await admin.sendCommand(['BGSAVE']);
    const round = await untilBroken('misconf', 'a failed save: the directory is gone');
    expect(checkIn(round, 'redis.availability').fields.up).toBe(true);
    const persistence = checkIn(round, 'redis.persistence');
    expect(persistence).toMatchObject({ state: 'critical', value: 0, fields: { lastSaveOk: false } });
    await admin.sendCommand(['CONFIG', 'SET', 'dir', rig.server.dir]);
    await admin.sendCommand(['BGSAVE']);
    await untilClass('ok');
    await admin.sendCommand(['CONFIG', 'SET', 'save', '']);
  });

  test('max-clients: the held connection works on; a new service is refused', async () => {
    await start();
    await untilClass('ok');
    const admin = await rig.admin();
    await admin.sendCommand(['CONFIG', 'SET', 'maxclients', '4']);
    await rig.admin();
    await rig.admin();
    // The library calls a connection made before the server has said no.
    const refused = rig.admin().then((client) => client.sendCommand(['PING']));
    await expect(refused).rejects.toThrow();
    const round = await untilBroken('max-clients', 'maxclients reached');
    const clients = checkIn(round, 'redis.clients');
    expect(clients).toMatchObject({ state: 'critical', value: 1, fields: { connected: 4, max: 4 } });
    expect(Number(clients.fields.rejectedTotal)).toBeGreaterThan(0);
    await until(
      'rejections have a rate',
      () => check('redis.clients'),
      (each) => Number(each.fields.rejectedPerSecond) > 0
    );
    const late = await serve([rig.target()]);
    try {
      expect((await roundOf(late, TARGET)).class).toBe('max-clients');
    } finally {
      await late.close();
    }
    await admin.sendCommand(['CONFIG', 'SET', 'maxclients', '10000']);
    expect(
      (
        await until(
          'quiet',
          () => check('redis.clients'),
          (each) => each.value === 0
        )
      ).fields.connected
    ).toBe(4);
  });

  needs(WITHOUT_TLS)('TLS: a certificate that is trusted is, one that is not is refused', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'live-runbooks-tls-'));
    const [cert, key] = [join(dir, 'redis.crt'), join(dir, 'redis.key')];
    selfSigned(cert, key);
    const port = await freePort();
    const files = { 'tls-cert-file': cert, 'tls-key-file': key, 'tls-ca-cert-file': cert, 'tls-auth-clients': 'no' };
    const secure = await redisRig({ config: { 'tls-port': String(port), ...files } });
    try {
      await start({ port, tls: { caFile: cert, serverName: 'db.test' } }, secure);
      expect(checkIn(await untilClass('ok'), 'redis.memory').state).toBe('ok');
      await service?.close();
      await start({ port, tls: true }, secure);
      const round = await untilBroken('tls', 'TLS: the certificate is not trusted');
      expect(checkIn(round, 'redis.availability').fields.message).toMatch(/self-signed certificate/);
    } finally {
      await secure.dispose();
      rmSync(dir, { recursive: true });
    }
  });

  test('loading: a large data set is read from disk', async () => {
    const slow = await redisRig({
      config: { 'key-load-delay': '1000', 'loading-process-events-interval-bytes': '1024' },
    });
    try {
      const admin = await slow.admin();
      await admin.sendCommand(['DEBUG', 'POPULATE', '20000', 'key', '100']);
      await admin.sendCommand(['SAVE']);
      slow.disconnect();
      await slow.server.stop();
      await slow.server.start('listening');
      await start({}, slow);
      const round = await untilBroken('loading', 'data is read from disk after a restart');
      expect(checkIn(round, 'redis.availability')).toMatchObject({
        state: 'critical',
        value: 0,
        fields: { up: false },
      });
      // INFO is answered while it loads, so what INFO says is known.
      expect(checkIn(round, 'redis.persistence').fields.loading).toBe(true);
      expect(checkIn(round, 'redis.lists').state).toBe('unknown');
    } finally {
      await slow.dispose();
    }
  });
});

describe('a server that loads and answers seldom', () => {
  test('is loading once it has said so, however long it is silent in between', async () => {
    // An answer comes about every two seconds, which is longer than any round waits.
    const slow = await redisRig({
      config: { 'key-load-delay': '1000', 'loading-process-events-interval-bytes': '262144', rdbcompression: 'no' },
    });
    try {
      const admin = await slow.admin();
      await admin.sendCommand(['DEBUG', 'POPULATE', '10000', 'key', '100']);
      await admin.sendCommand(['SAVE']);
      slow.disconnect();
      await slow.server.stop();
      await slow.server.start('listening');
      await start({}, slow);
      const round = await until(
        'loading, and slow to answer',
        () => roundOf(current(), TARGET),
        (each) => /slow to answer/.test(String(checkIn(each, 'redis.availability').fields.message))
      );
      expect(round.class).toBe('loading');
      faults.record('data is read from disk, and answers are seldom', 'redis.availability', round);
      expect(checkIn(round, 'redis.availability').mend).toMatch(/wait/);
    } finally {
      await slow.dispose();
    }
  });
});

describe('redis.memory', () => {
  test('is quiet below the limit, fires at it, and counts refused commands', async () => {
    const admin = await rig.admin();
    await start();
    await quiet('redis.memory');
    const used = Number(/used_memory:(\d+)/.exec(String(await admin.sendCommand(['INFO', 'memory'])))?.[1]);
    await admin.sendCommand(['CONFIG', 'SET', 'maxmemory-policy', 'noeviction']);
    await admin.sendCommand(['CONFIG', 'SET', 'maxmemory', String(used + 3_000_000)]);
    const filled = await untilFull(admin);
    expect(filled).toMatch(/^OOM/);
    const found = await until(
      'commands are refused',
      async () => {
        await admin.sendCommand(['SET', 'more', 'x']).catch(() => undefined);
        return check('redis.memory');
      },
      (each) => Number(each.fields.oomErrorsPerSecond) > 0
    );
    expect(found.state).toBe('critical');
    expect(found.fields).toMatchObject({ policy: 'noeviction', limitedBy: 'maxmemory' });
    await faults.recordWhen('maxmemory is full, policy noeviction', {
      ...{ service: current(), target: TARGET, check: 'redis.memory', state: 'critical' as const },
    });
    expect(Number(found.value)).toBeGreaterThan(0.9);

    await admin.sendCommand(['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru']);
    for (let n = 0; n < 50; n += 1) {
      await admin.sendCommand(['SET', `cache:${n}`, 'y'.repeat(100_000)]);
    }
    const evicting = await until(
      'keys are evicted',
      () => check('redis.memory'),
      (each) => Number(each.fields.evictedPerSecond) > 0
    );
    expect(evicting.fields.policy).toBe('allkeys-lru');

    await admin.sendCommand(['CONFIG', 'SET', 'maxmemory', '0']);
    await admin.sendCommand(['FLUSHALL']);
    const free = await check('redis.memory');
    expect(free.fields).toMatchObject({ max: 0, limitedBy: 'system' });
    expect(Number(free.value)).toBeLessThan(0.5);
  });
});

/** Fills until Redis refuses; answers what it says. */
async function untilFull(admin: Awaited<ReturnType<RedisRig['admin']>>): Promise<string> {
  for (let n = 0; n < 200; n += 1) {
    try {
      await admin.sendCommand(['SET', `fill:${n}`, 'x'.repeat(100_000)]);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  return 'never full';
}

describe('what a round asks', () => {
  test('is four commands while there is nothing to see, with COMMANDLOG five, and LATENCY DOCTOR once a minute', async () => {
    const admin = await rig.admin();
    await start();
    await roundOf(current(), TARGET);
    await admin.sendCommand(['CONFIG', 'RESETSTAT']);
    const seen = new Set<number>();
    await until(
      'three more rounds',
      () => roundOf(current(), TARGET),
      (round) => seen.add(round.startedAt).size > 3
    );
    const stats = String(await admin.sendCommand(['INFO', 'commandstats']));
    const asked = [...stats.matchAll(/^cmdstat_(\S+?):calls=(\d+)/gm)].map(([, command]) => command);
    expect(asked.filter((command) => command !== 'config|resetstat').sort()).toEqual([
      ...(keepsCommandlog() ? ['commandlog|get'] : []),
      'info',
      'latency|latest',
      'ping',
      'slowlog|get',
    ]);
  });
});

describe('redis.slowlog', () => {
  test('is quiet while slow commands cost nothing, then fires on them, without their arguments', async () => {
    const admin = await rig.admin();
    await start();
    expect((await quiet('redis.slowlog')).fields).toMatchObject({ perMinute: 0 });
    await admin.sendCommand(['CONFIG', 'SET', 'slowlog-log-slower-than', '0']);
    await admin.sendCommand(['SET', `session:${SECRET}`, SECRET]);
    await admin.sendCommand(['KEYS', '*']);
    await admin.sendCommand(['CONFIG', 'SET', 'slowlog-log-slower-than', '10000']);
    const cheap = await until(
      'they are counted',
      () => check('redis.slowlog'),
      (each) => Number(each.fields.perMinute) >= 2
    );
    expect(cheap.state).toBe('ok');
    const commands = (cheap.rows.entries ?? []).map((entry) => entry.command);
    expect(commands).toEqual(expect.arrayContaining(['KEYS *', 'SET session:? ? (2 arguments)']));
    expect(JSON.stringify(cheap)).not.toContain(SECRET);
    for (let n = 0; n < 4; n += 1) {
      await admin.sendCommand(['DEBUG', 'SLEEP', '0.15']);
    }
    const found = await until(
      'it fires',
      () => check('redis.slowlog'),
      (each) => each.state === 'warning'
    );
    expect(Number(found.fields.busyRatio)).toBeGreaterThanOrEqual(0.005);
    expect(found.summary).toMatch(/slow commands a minute, .* the last: DEBUG SLEEP/);
    await faults.recordWhen('four commands of 150 ms within a minute', {
      ...{ service: current(), target: TARGET, check: 'redis.slowlog', state: 'warning' as const },
    });
    await admin.sendCommand(['SLOWLOG', 'RESET']);
  });

  test('says which share of its time Redis spends in slow commands, and which was the longest: one alone is no trend', async () => {
    const admin = await rig.admin();
    await admin.sendCommand(['DEBUG', 'SLEEP', '0.2']);
    await start();
    // What is in the log already was slow at some time before.
    expect((await quiet('redis.slowlog')).fields).toMatchObject({ busyRatio: 0, longestMs: 0 });
    await admin.sendCommand(['DEBUG', 'SLEEP', '0.3']);
    const found = await until(
      'it is counted',
      () => check('redis.slowlog'),
      (each) => Number(each.fields.longestMs) >= 300
    );
    expect(found.fields.longestMs).toBeLessThan(10_000);
    expect(found.fields.busyRatio).toBeGreaterThan(0);
    expect(found.fields.busyRatio).toBeLessThanOrEqual(1);
    expect(found.summary).toMatch(/in which Redis spends \d+ % of its time/);
    // On a machine that is busy it may have taken long enough to be one by itself.
    expect(found.state).toBe(Number(found.fields.longestMs) >= 1000 ? 'warning' : 'ok');
    await admin.sendCommand(['SLOWLOG', 'RESET']);
  });
});

describe('redis.latency', () => {
  test('says that the monitor is off; fires on an event when it is on', async () => {
    const admin = await rig.admin();
    await start();
    expect((await quiet('redis.latency')).fields.monitorThreshold).toBe(0);
    await admin.sendCommand(['CONFIG', 'SET', 'latency-monitor-threshold', '50']);
    await admin.sendCommand(['DEBUG', 'SLEEP', '0.15']);
    const found = await until(
      'it fires',
      () => check('redis.latency'),
      (each) => each.state === 'warning'
    );
    expect(found.fields.monitorThreshold).toBeNull();
    expect(found.rows.events?.[0]).toMatchObject({ event: 'command' });
    expect(Number(found.value)).toBeGreaterThanOrEqual(150);
    await admin.sendCommand(['LATENCY', 'RESET']);
    await admin.sendCommand(['CONFIG', 'SET', 'latency-monitor-threshold', '0']);
  });
});

describe('redis.lists', () => {
  const lists = [
    { name: 'executions', key: 'workflow:executions:queue', warning: 3, critical: 100 },
    { name: 'active', key: 'tenant:active_executions' },
  ];

  test('is quiet when short, fires when long, counts each type', async () => {
    const admin = await rig.admin();
    await admin.sendCommand(['DEL', 'workflow:executions:queue', 'tenant:active_executions']);
    await start({ lists });
    expect((await quiet('redis.lists')).fields).toEqual({ executions: 0, active: 0 });
    await admin.sendCommand(['RPUSH', 'workflow:executions:queue', 'a', 'b', 'c', 'd']);
    await admin.sendCommand(['HSET', 'tenant:active_executions', 't1', '5', 't2', '1']);
    const found = await check('redis.lists');
    expect(found).toMatchObject({ state: 'warning', value: null, fields: { executions: 4, active: 2 } });
    expect(found.rows.keys).toEqual([
      { name: 'executions', key: 'workflow:executions:queue', type: 'list', length: 4, threshold: 3 },
      { name: 'active', key: 'tenant:active_executions', type: 'hash', length: 2, threshold: null },
    ]);
    expect(found.summary).toBe('executions holds 4');
  });

  test('is unknown, not empty, without configured keys', async () => {
    await start();
    expect(await check('redis.lists')).toMatchObject({ state: 'unknown', reason: 'not-configured', fields: {} });
  });

  test('a command that the ACL lacks is a finding with the line that mends it', async () => {
    const admin = await rig.admin();
    await admin.sendCommand(['ACL', 'SETUSER', 'live_runbooks', '-type', '-slowlog|get']);
    await start({ lists });
    const found = await check('redis.lists');
    expect(found).toMatchObject({ state: 'unknown', reason: 'no-permission' });
    expect(found.mend).toMatch(/^ACL SETUSER live_runbooks .*\+type/);
    expect(await check('redis.slowlog')).toMatchObject({ state: 'unknown', reason: 'no-permission' });
    expect((await check('redis.memory')).state).toBe('ok');
    await admin.sendCommand(['ACL', 'SETUSER', 'live_runbooks', '+type', '+slowlog|get']);
  });
});
