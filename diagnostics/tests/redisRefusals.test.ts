/** Redis that answers, and refuses: handshakes, users without rights, commands that are not there. Each in its own words. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Round } from '../src/model/round';
import { freePort } from '../../demo/src/servers';
import { type Authority, certificateAuthority } from './rig/authority';
import { type RedisRig, redisRig } from './rig/redis';
import { checkIn, roundOf, runCheck, until } from './rig/client';
import { FaultLog } from './rig/faults';
import { needs } from './rig/needs';
import { lacksTls } from './rig/redisVersion';
import { type TestService, serve } from './rig/service';
import { REDIS_PASSWORD } from './rig/secrets';

const WITHOUT_TLS = lacksTls();
const faults = new FaultLog('Redis: refusals', (fault) => WITHOUT_TLS !== undefined && fault.startsWith('TLS: '));
/** What a busy machine may find in any round is not what is looked for here. */
const STILL = { 'redis.latency': { enabled: false } };
let service: TestService | undefined;
afterEach(async () => {
  await service?.close();
  service = undefined;
});
afterAll(() => faults.finish());

/** One service with a target for each situation, so that all are met at once. */
const start = async (targets: ReadonlyArray<Record<string, unknown>>): Promise<TestService> => {
  service = await serve(targets);
  return service;
};
const untilClass = (own: TestService, target: string, wanted: string) =>
  until(
    `${target}: ${wanted}`,
    () => roundOf(own, target),
    (round) => round.class === wanted
  );
const mendOf = (round: Round): string => String(checkIn(round, 'redis.availability').mend);

describe('a server with TLS (where it can), and without CLIENT, SLOWLOG and LATENCY', () => {
  let authority: Authority;
  let dir: string;
  let rig: RedisRig;
  let port: number;
  const files = { cert: '', key: '', clientCert: '', clientKey: '' };
  beforeAll(async () => {
    authority = certificateAuthority();
    dir = mkdtempSync(join(tmpdir(), 'live-runbooks-redis-tls-'));
    const write = (name: string, text: string): string => {
      const path = join(dir, name);
      writeFileSync(path, text);
      return path;
    };
    const [server, client] = [authority.issue('db.test', 30), authority.issue('client.test', 30)];
    Object.assign(files, {
      cert: write('server.crt', server.cert),
      key: write('server.key', server.key),
      clientCert: write('client.crt', client.cert),
      clientKey: write('client.key', client.key),
    });
    port = await freePort();
    const tls = {
      ...{ 'tls-port': String(port), 'tls-cert-file': files.cert, 'tls-key-file': files.key },
      ...{ 'tls-ca-cert-file': authority.caFile, 'tls-auth-clients': 'no' },
    };
    rig = await redisRig({
      config: {
        user: `live_runbooks on >${REDIS_PASSWORD} ~* &* +@all`,
        'rename-command': ['CLIENT ""', 'SLOWLOG ""', 'LATENCY ""'],
        ...(WITHOUT_TLS === undefined ? tls : {}),
      },
    });
  });
  afterAll(async () => {
    await rig.dispose();
    authority.dispose();
    rmSync(dir, { recursive: true });
  });

  test('commands that a provider disabled are named; naming the connection is optional, the other checks are asked', async () => {
    const own = await start([rig.target({ lists: [{ name: 'queue', key: 'q' }] })]);
    const round = await untilClass(own, 'shop-redis', 'ok');
    expect(checkIn(round, 'redis.availability').state).toBe('ok');
    expect(checkIn(round, 'redis.memory').state).toBe('ok');
    expect(checkIn(round, 'redis.lists').state).toBe('ok');
    for (const [id, command] of [
      ['redis.slowlog', 'SLOWLOG'],
      ['redis.latency', 'LATENCY'],
    ] as const) {
      const check = checkIn(round, id);
      expect(check).toMatchObject({ state: 'unknown', reason: 'no-permission' });
      expect(check.mend).toContain(`rename-command ${command}`);
    }
    faults.record('CLIENT, SLOWLOG and LATENCY are disabled', 'redis.slowlog', round);
  });

  needs(WITHOUT_TLS)('each way in which two ends do not come together has its own words', async () => {
    const trusted = { caFile: authority.caFile, serverName: 'db.test' };
    const own = await start([
      rig.target({ id: 'right', port, tls: trusted }),
      rig.target({ id: 'untrusted', port, tls: { serverName: 'db.test' } }),
      rig.target({ id: 'other-name', port, tls: { ...trusted, serverName: 'cache.test' } }),
      rig.target({ id: 'plain-client', port }),
      rig.target({ id: 'plain-server', tls: trusted }),
      rig.target({ id: 'no-file', port, tls: { ...trusted, caFile: join(dir, 'gone.crt') } }),
    ]);
    expect(checkIn(await untilClass(own, 'right', 'ok'), 'redis.memory').state).toBe('ok');
    for (const [id, fault, says, mend] of [
      ['untrusted', 'TLS: the certificate is of an unknown authority', /not trusted/, /tls\.caFile/],
      ['other-name', 'TLS: the certificate is for another name', /cache\.test/, /tls\.serverName/],
      ['plain-client', 'TLS: a client without, on the port with', /speaks TLS/, /tls: true/],
      ['plain-server', 'TLS: a client with, on the port without', /speaks no TLS/, /tls: false/],
      ['no-file', 'TLS: caFile does not exist', /tls\.caFile cannot be read: ENOENT/, /Put the file there/],
    ] as const) {
      const round = await untilClass(own, id, 'tls');
      expect(checkIn(round, 'redis.availability').fields.message).toMatch(says);
      expect(mendOf(round)).toMatch(mend);
      faults.record(fault, 'redis.availability', round);
    }
  });

  needs(WITHOUT_TLS)('a certificate of the client is shown where it is demanded, and its lack is said', async () => {
    const admin = await rig.admin();
    await admin.sendCommand(['CONFIG', 'SET', 'tls-auth-clients', 'yes']);
    const trusted = { caFile: authority.caFile, serverName: 'db.test' };
    const own = await start([
      rig.target({ id: 'with', port, tls: { ...trusted, certFile: files.clientCert, keyFile: files.clientKey } }),
      rig.target({ id: 'without', port, tls: trusted }),
    ]);
    expect(checkIn(await untilClass(own, 'with', 'ok'), 'redis.memory').state).toBe('ok');
    const round = await untilClass(own, 'without', 'tls');
    expect(checkIn(round, 'redis.availability').fields.message).toMatch(/demands a certificate of its client/);
    expect(mendOf(round)).toMatch(/tls\.certFile and tls\.keyFile/);
    faults.record('TLS: a certificate of the client is demanded', 'redis.availability', round);
    await admin.sendCommand(['CONFIG', 'SET', 'tls-auth-clients', 'no']);
    rig.disconnect();
  });
});

describe('users without a right', () => {
  const RIGHTS =
    '+ping +auth +select +info +client|setname +slowlog|get +slowlog|len +latency|latest +latency|doctor +type +llen +hlen +scard +zcard +xlen +strlen +dbsize +scan +pttl +memory|usage';
  let rig: RedisRig;
  let admin: Awaited<ReturnType<RedisRig['admin']>>;
  beforeAll(async () => {
    rig = await redisRig();
    admin = await rig.admin();
  });
  afterAll(() => rig.dispose());
  /** A user with the rights of redis.acl, but for what is taken. */
  const user = async (name: string, ...changes: readonly string[]) => {
    const rules = ['on', `>${REDIS_PASSWORD}`, 'resetkeys', '%R~*', '-@all', ...RIGHTS.split(' '), ...changes];
    await admin.sendCommand(['ACL', 'SETUSER', name, ...rules]);
    return (id: string, more: Record<string, unknown> = {}) =>
      rig.target({ id, username: name, checks: STILL, ...more });
  };

  test('an ACL that lost a command is no outage: the statement mends it, whatever the name of the user', async () => {
    const [noInfo, noPing, odd] = [
      await user('no_info', '-info'),
      await user('no_ping', '-ping'),
      await user('odd"user', '-slowlog'),
    ];
    const own = await start([noInfo('no-info'), noPing('no-ping'), odd('odd')]);
    const round = await untilClass(own, 'no-info', 'ok');
    expect(checkIn(round, 'redis.availability')).toMatchObject({ state: 'ok', value: 1 });
    expect(checkIn(round, 'redis.memory')).toMatchObject({
      ...{ state: 'unknown', reason: 'no-permission', mend: 'ACL SETUSER no_info +info' },
    });
    expect(checkIn(round, 'redis.slowlog').reason).not.toBe('no-permission');
    faults.record('the ACL lost INFO', 'redis.memory', round);

    const silent = await untilClass(own, 'no-ping', 'no-permission');
    expect(checkIn(silent, 'redis.availability')).toMatchObject({
      ...{ state: 'unknown', reason: 'no-permission', fields: { up: true } },
    });
    expect(checkIn(silent, 'redis.memory').state).toBe('ok');
    faults.record('the ACL lost PING', 'redis.availability', silent);

    const mend = String(checkIn(await untilClass(own, 'odd', 'ok'), 'redis.slowlog').mend);
    expect(mend).toBe('ACL SETUSER "odd\\"user" +slowlog|len');
    await admin.sendCommand(['ACL', 'SETUSER', 'odd"user', '+slowlog|len', '+slowlog|get']);
    await until(
      'mended',
      () => roundOf(own, 'odd'),
      (each) => checkIn(each, 'redis.slowlog').reason !== 'no-permission'
    );
  });

  test('keys and databases that may not be read are never taken for fine', async () => {
    await admin.sendCommand(['SET', 'session:1', 'x']);
    await admin.sendCommand(['SET', 'report', 'x']);
    await admin.sendCommand([
      'EVAL',
      "redis.call('SELECT', 3) redis.call('SET', 'far', 'x') redis.call('SELECT', 0)",
      '0',
    ]);
    const [some, home] = [await user('some', 'resetkeys', '%R~session:*'), await user('home', '-select')];
    const own = await start([some('some'), home('home')]);
    const keys = await runCheck(own, 'some', 'redis.big_keys');
    expect(keys).toMatchObject({ state: 'unknown', reason: 'no-permission', mend: 'ACL SETUSER some %R~*' });
    expect(keys.fields.coverage).toBeLessThan(1);
    expect(keys.rows.blind?.[0]).toMatchObject({ object: '2 keys' });
    const far = await runCheck(own, 'home', 'redis.big_keys');
    expect(far).toMatchObject({ state: 'unknown', reason: 'no-permission', mend: 'ACL SETUSER home +select' });
    expect(far.rows.blind?.[0]).toMatchObject({ object: 'database 3' });
    expect(far.fields).toMatchObject({ keys: 3, databases: 2, coverage: 0.667 });
    await faults.recordWhen('a database that the ACL does not let read', {
      ...{ service: own, target: 'home', check: 'redis.big_keys', state: 'unknown' as const },
    });
    await admin.sendCommand(['FLUSHALL']);
  });

  test('one key that is no hash, or may not be read, fells no other', async () => {
    const all = await user('reader', '+hgetall');
    await admin.sendCommand(['HSET', 'counts', 'a', '3']);
    await admin.sendCommand(['RPUSH', 'queue', 'a']);
    const hashes = [
      { name: 'counts', key: 'counts' },
      { name: 'wrong', key: 'queue' },
    ];
    const own = await start([all('all', { hashes, lists: [{ name: 'queue', key: 'queue', warning: 1 }] })]);
    expect(await runCheck(own, 'all', 'redis.hashes')).toMatchObject({
      ...{ state: 'unknown', reason: 'not-configured', fields: { counts: 3, wrong: null } },
      mend: expect.stringContaining('no hash'),
    });
    expect((await runCheck(own, 'all', 'redis.lists')).state).toBe('warning');
    await admin.sendCommand(['FLUSHALL']);
  });
});
