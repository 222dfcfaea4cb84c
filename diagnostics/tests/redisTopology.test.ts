/** Redis with others: replicas, a cluster, Sentinels; real servers, each fault made and mended. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type RedisServer, type RunningProcess, freePort, startProcess, startRedis } from '../../demo/src/servers';
import { checkIn, roundOf, runCheck, until } from './rig/client';
import { ACL_LINE, type RedisRig, redisRig, sentinelAcl } from './rig/redis';
import { REDIS_PROGRAM } from './rig/redisVersion';
import { REDIS_PASSWORD } from './rig/secrets';
import { FaultLog } from './rig/faults';
import { type TestService, serve } from './rig/service';
import { LIMIT_MS } from './rig/atMost';

const TARGET = 'shop-redis';
const faults = new FaultLog('Redis: replicas, cluster, Sentinel');
/** What a busy machine may find in any round, and what a Valkey knows beside it, is not what is looked for here. */
const STILL = {
  'redis.latency': { enabled: false },
  'redis.slowlog': { enabled: false },
  'redis.commandlog': { enabled: false },
};
let service: TestService | undefined;
afterAll(() => faults.finish());
afterEach(async () => {
  await service?.close();
  service = undefined;
});

const targetOf = (server: RedisServer, more: Record<string, unknown> = {}) => ({
  ...{ id: TARGET, kind: 'redis', host: server.host, port: server.port },
  ...{ username: 'live_runbooks', password: REDIS_PASSWORD },
  ...more,
});
const replicaOf = (master: RedisServer): Promise<RedisServer> =>
  startRedis({
    config: {
      user: ACL_LINE.replace(/^user /, ''),
      replicaof: `${master.host} ${master.port}`,
      'repl-diskless-sync-delay': '0',
      'repl-timeout': '5',
    },
  });

describe('redis.replication', () => {
  const ID = 'redis.replication';
  let master: RedisRig;
  let replica: RedisServer;
  beforeAll(async () => {
    master = await redisRig({ config: { 'repl-diskless-sync-delay': '0', 'repl-ping-replica-period': '1' } });
    replica = await replicaOf(master.server);
  });
  afterAll(async () => {
    replica.thaw();
    await replica.dispose();
    await master.dispose();
  });

  test('of a master: quiet, then a replica lags, then it is gone', async () => {
    const checks = { ...STILL, [ID]: { warning: 2, critical: 100, lagBytes: 1_000_000, expectedReplicas: 1 } };
    service = await serve([master.target({ checks })]);
    const own = service;
    const check = () => runCheck(own, TARGET, ID);
    const quiet = await until('online', check, ({ rows }) => rows.replicas?.[0]?.state === 'online');
    expect(quiet).toMatchObject({ state: 'ok', fields: { role: 'master', replicas: 1, link: null } });
    const admin = await master.admin();
    replica.freeze();
    await admin.sendCommand(['SET', 'large', 'x'.repeat(3_000_000)]);
    const behind = await until('it lags', check, ({ fields }) => Number(fields.lagBytes) > 1_000_000);
    expect(behind.state).toBe('warning');
    const late = await until('seconds behind', check, ({ value }) => Number(value) >= 2);
    expect(late.state).toBe('warning');
    await faults.recordWhen('a replica lags (stopped)', {
      service: own,
      target: TARGET,
      check: 'redis.replication',
      state: 'warning',
    });
    replica.thaw();
    await until('caught up', check, ({ state }) => state === 'ok');
    await replica.stop();
    const gone = await until('gone', check, ({ fields }) => fields.replicas === 0);
    expect(gone).toMatchObject({ state: 'warning', summary: '0 of 1 replicas are connected', value: null });
    await faults.recordWhen('a replica is gone', {
      service: own,
      target: TARGET,
      check: 'redis.replication',
      state: 'warning',
    });
    await replica.start();
    await until('back', check, ({ state, fields }) => state === 'ok' && fields.replicas === 1);
  });

  test('of a replica: quiet, then the link is down', async () => {
    service = await serve([targetOf(replica, { checks: STILL })]);
    const own = service;
    const check = () => runCheck(own, TARGET, ID);
    const quiet = await until('the link is up', check, ({ state }) => state === 'ok');
    expect(quiet.fields).toMatchObject({ role: 'replica', link: 'up', linkDownSeconds: null });
    await master.server.stop();
    const found = await until('the link is down', check, ({ state }) => state === 'critical');
    expect(found.fields).toMatchObject({ link: 'down' });
    expect(found.summary).toMatch(/^the link to the master .* is down/);
    await faults.recordWhen('the master of a replica is gone', {
      service: own,
      target: TARGET,
      check: 'redis.replication',
      state: 'critical',
    });
    await master.server.start();
    await until('the link is up again', check, ({ state }) => state === 'ok');
  });

  test('a master without replicas is quiet when none are expected', async () => {
    const alone = await redisRig();
    try {
      service = await serve([alone.target()]);
      expect(await runCheck(service, TARGET, ID)).toMatchObject({
        ...{ state: 'ok', value: null, summary: 'a master without replicas' },
      });
    } finally {
      await alone.dispose();
    }
  });
});

describe('redis.cluster', () => {
  const ID = 'redis.cluster';

  test('does not apply to a single server, which is well', async () => {
    const alone = await redisRig();
    try {
      service = await serve([alone.target()]);
      expect(await runCheck(service, TARGET, ID)).toMatchObject({ state: 'unknown', reason: 'not-applicable' });
    } finally {
      await alone.dispose();
    }
  });

  test('fires without slots, is quiet with all, names a node that failed', async () => {
    const fast = { 'cluster-enabled': 'yes', 'cluster-node-timeout': '500', 'cluster-require-full-coverage': 'yes' };
    const [one, two, three] = [
      await redisRig({ config: fast }),
      await redisRig({ config: fast }),
      await redisRig({ config: { ...fast, 'repl-diskless-sync-delay': '0' } }),
    ];
    try {
      service = await serve([one.target({ checks: STILL })]);
      const own = service;
      const check = () => runCheck(own, TARGET, ID);
      expect(await check()).toMatchObject({
        ...{ state: 'critical', value: 16_384 },
        fields: { state: 'fail', slotsUnassigned: 16_384 },
      });
      await faults.recordWhen('a cluster without slots', {
        service: own,
        target: TARGET,
        check: 'redis.cluster',
        state: 'critical',
      });
      const [first, second] = [await one.admin(), await two.admin()];
      await first.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '0', '8191']);
      await second.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '8192', '16383']);
      await first.sendCommand(['CLUSTER', 'MEET', two.server.host, String(two.server.port)]);
      const quiet = await until('all slots', check, ({ state }) => state === 'ok');
      expect(quiet.fields).toMatchObject({ state: 'ok', slotsOk: 16_384, nodes: 2, masters: 2, failedNodes: 0 });
      await replicaAnswers(one, two, three);
      two.server.freeze();
      const found = await until('the node fails', check, ({ rows }) => (rows.failed ?? []).length > 0);
      expect(found.rows.failed?.[0]).toMatchObject({ role: 'master', address: `127.0.0.1:${two.server.port}` });
      const failed = await until('slots fail', check, ({ state }) => state === 'critical');
      expect(failed).toMatchObject({ fields: { slotsUnassigned: 0 } });
      await faults.recordWhen('a master of the cluster is stopped', {
        service: own,
        target: TARGET,
        check: 'redis.cluster',
        state: 'critical',
      });
    } finally {
      two.server.thaw();
      await one.dispose();
      await two.dispose();
      await three.dispose();
    }
  });

  /** `three` becomes a replica of `one`: it is read as well as its master, and what is elsewhere is said to be there. */
  async function replicaAnswers(one: RedisRig, two: RedisRig, three: RedisRig): Promise<void> {
    const [first, third] = [await one.admin(), await three.admin()];
    const slots = async (key: string) => Number(await first.sendCommand(['CLUSTER', 'KEYSLOT', key]));
    const names = Array.from({ length: 50 }, (_, n) => `key:${n}`);
    const [here = '', there = ''] = [
      (await Promise.all(names.map(async (key) => ((await slots(key)) < 8192 ? [key] : [])))).flat()[0],
      (await Promise.all(names.map(async (key) => ((await slots(key)) < 8192 ? [] : [key])))).flat()[0],
    ];
    await first.sendCommand(['RPUSH', here, 'a', 'b']);
    await third.sendCommand(['CLUSTER', 'MEET', one.server.host, String(one.server.port)]);
    const id = String(await first.sendCommand(['CLUSTER', 'MYID']));
    await until(
      'it knows its master',
      () => third.sendCommand(['CLUSTER', 'REPLICATE', id]).catch((error: unknown) => String(error)),
      (answer) => answer === 'OK'
    );
    const lists = [
      { name: 'here', key: here },
      { name: 'there', key: there },
    ];
    const replica = await serve([three.target({ checks: STILL, lists, expiring: ['key:'] })]);
    try {
      const keys = await until(
        'the replica is read',
        () => runCheck(replica, TARGET, 'redis.big_keys'),
        ({ fields }) => fields.keys === 1
      );
      expect(keys).toMatchObject({ state: 'ok', fields: { coverage: 1 } });
      expect(await runCheck(replica, TARGET, 'redis.keys_without_ttl')).toMatchObject({ state: 'warning', value: 1 });
      const found = await runCheck(replica, TARGET, 'redis.lists');
      expect(found).toMatchObject({ state: 'unknown', reason: 'not-configured', fields: { here: 2, there: null } });
      const node = `${two.server.host}:${two.server.port}`;
      expect(found.summary).toBe(`here: 2, there is not known: the key belongs to the node ${node} of the cluster`);
      expect(found.mend).toBe(`Make ${node} a target, and name the key there.`);
      // Without the right to say that it only reads, the statement is the answer, not the way to the master.
      await third.sendCommand(['ACL', 'SETUSER', 'live_runbooks', '-readonly']);
      await replica.close();
      const refused = await serve([three.target({ checks: STILL, lists })]);
      expect(await runCheck(refused, TARGET, 'redis.lists')).toMatchObject({
        ...{ state: 'unknown', reason: 'no-permission', mend: 'ACL SETUSER live_runbooks +readonly' },
      });
      await refused.close();
    } finally {
      await replica.close().catch(() => undefined);
    }
    // The nodes are two again for what follows.
    const replicaId = String(await third.sendCommand(['CLUSTER', 'MYID']));
    await three.server.stop();
    await first.sendCommand(['CLUSTER', 'FORGET', replicaId]);
    await (await two.admin()).sendCommand(['CLUSTER', 'FORGET', replicaId]);
  }
});

describe('sentinel', () => {
  const ID = 'sentinel.masters';
  let dir: string;
  let master: RedisServer;
  let replica: RedisServer;
  const sentinels: Array<{ process: RunningProcess; port: number }> = [];

  const startSentinel = async (name: string): Promise<{ process: RunningProcess; port: number }> => {
    const port = await freePort();
    const file = join(dir, `${name}.conf`);
    writeFileSync(
      file,
      [
        ...[`port ${port}`, 'bind 127.0.0.1', `dir ${dir}`, sentinelAcl()],
        `sentinel monitor shop ${master.host} ${master.port} 2`,
        'sentinel down-after-milliseconds shop 700',
        // No failover: what is looked at is the state before one.
        'sentinel failover-timeout shop 180000',
      ].join('\n')
    );
    const process = await startProcess({
      ...{ name, command: REDIS_PROGRAM, args: [file, '--sentinel'], logFile: join(dir, `${name}.log`) },
    });
    await process.waitUntil('listening', () => listens(port), 120_000);
    return { process, port };
  };

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'live-runbooks-sentinel-'));
    master = await startRedis();
    replica = await startRedis({
      config: { replicaof: `${master.host} ${master.port}`, 'repl-diskless-sync-delay': '0', 'replica-priority': '0' },
    });
    sentinels.push(await startSentinel('one'), await startSentinel('two'));
  });
  afterAll(async () => {
    master.thaw();
    await Promise.all(sentinels.map(({ process }) => process.stop()));
    await replica.dispose();
    await master.dispose();
    rmSync(dir, { recursive: true, force: true });
  });

  const target = (port: number, more: Record<string, unknown> = {}) => ({
    ...{ id: 'watch', kind: 'sentinel', host: '127.0.0.1', port },
    ...{ username: 'live_runbooks', password: REDIS_PASSWORD },
    ...more,
  });
  const first = () => sentinels[0] ?? expect.fail('no Sentinel');
  const second = () => sentinels[1] ?? expect.fail('no second Sentinel');

  test('quiet with quorum; without it a warning; with the master down critical', async () => {
    service = await serve([target(first().port)]);
    const own = service;
    const check = () => runCheck(own, 'watch', ID);
    const quiet = await until('quorum and a replica', check, ({ state }) => state === 'ok');
    expect(quiet.fields).toEqual({ masters: 1, down: 0, withoutQuorum: 0, replicasDown: 0 });
    expect(quiet.rows.masters).toMatchObject([
      { name: 'shop', state: 'ok', quorum: 2, sentinels: 2, quorumOk: true, replicas: 1, usableReplicas: 1 },
    ]);

    second().process.freeze();
    const alone = await until('no quorum', check, ({ fields }) => fields.withoutQuorum === 1);
    expect(alone.state).toBe('warning');
    expect(alone.summary).toMatch(/NOQUORUM/);

    await faults.recordWhen('Sentinel: no quorum', {
      service: own,
      target: 'watch',
      check: 'sentinel.masters',
      state: 'warning',
    });
    master.freeze();
    const down = await until('the master is down', check, ({ state }) => state === 'critical');
    expect(down).toMatchObject({ value: 1, fields: { down: 1 } });
    expect(down.summary).toContain('shop at 127.0.0.1');
    await faults.recordWhen('Sentinel: the master is down', {
      service: own,
      target: 'watch',
      check: 'sentinel.masters',
      state: 'critical',
    });
    master.thaw();
    second().process.thaw();
    await until('well again', check, ({ state }) => state === 'ok');
  });

  test('a master that should be watched and is not', async () => {
    service = await serve([target(first().port, { masters: ['shop', 'other'] })]);
    const own = service;
    const found = await until(
      'it is missing',
      () => runCheck(own, 'watch', ID),
      ({ state }) => state === 'critical'
    );
    expect(found.summary).toBe('other is not watched by this Sentinel');
    expect(found.mend).toMatch(/SENTINEL MONITOR/);
    expect(found.rows.masters?.find(({ name }) => name === 'other')).toMatchObject({
      ...{ address: null, state: 'not-watched' },
    });
    await faults.recordWhen('Sentinel: a master is not watched', {
      ...{ service: own, target: 'watch', check: ID, state: 'critical' as const },
    });
  });

  test('an ACL that lost a command of Sentinel is no outage', async () => {
    const limited = sentinelAcl().replace(' +sentinel|ckquorum', '').replace('live_runbooks', 'limited');
    const admin = createClient({ socket: { host: '127.0.0.1', port: first().port }, RESP: 2, disableClientInfo: true });
    await admin.connect();
    await admin.sendCommand(['ACL', 'SETUSER', ...limited.split(' ').slice(1)]);
    admin.destroy();
    service = await serve([target(first().port, { username: 'limited' })]);
    const own = service;
    const round = await until(
      'refused',
      () => roundOf(own, 'watch'),
      (each) => each.class === 'no-permission'
    );
    expect(checkIn(round, 'sentinel.availability')).toMatchObject({
      ...{ state: 'unknown', reason: 'no-permission', mend: 'ACL SETUSER limited +sentinel|ckquorum' },
    });
    faults.record('Sentinel: the ACL lost CKQUORUM', 'sentinel.availability', round);
  });

  test('refused, hung and a wrong password', async () => {
    for (const [given, wanted] of [
      [target(await freePort()), 'refused'],
      [target(first().port, { password: 'wrong-password-1b' }), 'auth'],
    ] as const) {
      service = await serve([given]);
      const own = service;
      const round = await until(
        'the class',
        () => roundOf(own, 'watch'),
        (each) => each.class === wanted
      );
      expect(round.ms).toBeLessThan(LIMIT_MS);
      faults.record(`Sentinel: ${wanted}`, 'sentinel.availability', round);
      expect(checkIn(round, 'sentinel.availability').state).toBe('critical');
      expect(checkIn(round, ID)).toMatchObject({ state: 'unknown', value: null });
      await own.close();
    }
    service = await serve([target(first().port)]);
    const own = service;
    await until(
      'up',
      () => roundOf(own, 'watch'),
      (each) => each.class === 'ok'
    );
    first().process.freeze();
    const hung = await until(
      'hung',
      () => roundOf(own, 'watch'),
      (each) => each.class === 'hung'
    );
    expect(hung.ms).toBeLessThan(LIMIT_MS);
    faults.record('Sentinel: hung', 'sentinel.availability', hung);
    first().process.thaw();
  });
});

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
