/**
 * One bad part never fells another. Each part of each kind of target is broken in turn: a file that is missing or becomes
 * so, a text without end, an encoding, an answer that lies, an incident, a pack, an alert, a store; and all others are
 * asked, every time.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ask, holds, roundOf, until } from './rig/client';
import { type Listening, dnsServer, httpServer, tcpServer } from './rig/endpoints';
import { endless, hostile, postgresThat, redisThat } from './rig/hostile';
import { type RedisRig, redisRig } from './rig/redis';
import { type TestService, serve } from './rig/service';

let redis: RedisRig;
let page: Listening;
let port: Listening;
let names: Awaited<ReturnType<typeof dnsServer>>;
let sound: Array<Record<string, unknown>>;
const directory = mkdtempSync(join(tmpdir(), 'live-runbooks-bad-part-'));
const missing = join(directory, 'missing.pem');
const garbage = join(directory, 'garbage.pem');
const block = Buffer.alloc(64 * 1024, 0xff);

beforeAll(async () => {
  writeFileSync(garbage, Buffer.concat([Buffer.from('-----BEGIN CERTIFICATE-----\n'), block]));
  redis = await redisRig();
  page = await httpServer((_, response) => response.end('{"status":"up"}'));
  port = await tcpServer((socket) => socket.end());
  names = await dnsServer({ 'good.test': { addresses: ['10.0.0.1'] } });
  sound = [
    redis.target({ id: 'sound-redis' }),
    { id: 'sound-http', kind: 'http', url: `http://127.0.0.1:${page.port}/` },
    { id: 'sound-tcp', kind: 'tcp', host: '127.0.0.1', port: port.port },
    { id: 'sound-dns', kind: 'dns', name: 'good.test', type: 'A', server: `127.0.0.1:${names.port}` },
  ];
});
afterAll(async () => {
  names.close();
  await Promise.all([redis.dispose(), page.close(), port.close()]);
  rmSync(directory, { recursive: true, force: true });
});

/** Every sound target is asked and is as it should be, and so is the service. */
async function othersAreAsked(service: TestService): Promise<void> {
  const { status, body } = await ask<{ rounds: Array<{ target: string; class: string }> }>(service, '/v1/rounds');
  expect(status).toBe(200);
  holds('Rounds', body);
  const classes = body.rounds.filter(({ target }) => target.startsWith('sound-'));
  expect(classes.map(({ target, class: failureClass }) => [target, failureClass])).toEqual(
    sound.map(({ id }) => [id, 'ok'])
  );
  const health = await ask(service, '/healthz');
  expect(health.status).toBe(200);
  holds('Health', health.body);
  expect((await ask<string>(service, '/metrics')).body).toContain('live_runbooks_rounds_total');
}

async function serviceWith(
  broken: ReadonlyArray<Record<string, unknown>>,
  options: Record<string, unknown> = {}
): Promise<TestService> {
  const service = await serve([...broken, ...sound], options);
  onTestFinished(() => service.close());
  return service;
}

describe('a target', () => {
  const here = (kind: string, at: number, more: object = {}) => ({
    id: 'broken',
    kind,
    host: '127.0.0.1',
    port: at,
    ...more,
  });
  const postgres = (at: number, more: object = {}) =>
    here('postgres', at, { database: 'd', user: 'u', password: 'x-1-y-2', ...more });
  const queue = (at: number) => ({
    ...{ id: 'broken', kind: 'sqs', region: 'eu-central-1', endpoint: `http://127.0.0.1:${at}` },
    ...{ queueUrl: `http://127.0.0.1:${at}/1/q`, accessKeyId: 'AKIA0000', secretAccessKey: 'secret-1-key-2' },
  });
  const key = (at: number) => ({
    ...{ id: 'broken', kind: 'kms', region: 'eu-central-1', endpoint: `http://127.0.0.1:${at}`, keyId: 'alias/x' },
    ...{ accessKeyId: 'AKIA0000', secretAccessKey: 'secret-1-key-2' },
  });
  const http = (at: number, more: object = {}) => ({
    id: 'broken',
    kind: 'http',
    url: `http://127.0.0.1:${at}/`,
    ...more,
  });
  const endlessly = (head: string) => hostile((socket) => endless(socket, head, block));
  const OK = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

  const parts: ReadonlyArray<readonly [part: string, target: () => Promise<Record<string, unknown>>]> = [
    ...(['missing', 'garbage'] as const).flatMap((which) => {
      const tls = { caFile: which === 'missing' ? missing : garbage };
      return [
        [
          `postgres: ${which} certificate`,
          async () => postgres(await hostile((socket) => void socket.write('S')), { tls }),
        ],
        [`redis: ${which} certificate`, async () => here('redis', port.port, { tls })],
        [`sentinel: ${which} certificate`, async () => here('sentinel', port.port, { tls })],
        [
          `http: ${which} certificate`,
          async () => ({ id: 'broken', kind: 'http', url: `https://127.0.0.1:${port.port}/`, tls }),
        ],
        [`tls: ${which} certificate`, async () => here('tls', port.port, tls)],
      ] as const;
    }),
    [
      'postgres: a message without end',
      async () =>
        postgres(await postgresThat((socket) => endless(socket, Buffer.from([0x44, 0x7f, 0xff, 0xff, 0xff]), block))),
    ],
    ['postgres: no Postgres', async () => postgres(await endlessly(''))],
    ['postgres: another server', async () => postgres(page.port)],
    [
      'redis: a list of 33 million entries',
      async () => here('redis', await redisThat('INFO', (socket) => void socket.write('*33554431\r\n'))),
    ],
    [
      'redis: a text without end',
      async () => here('redis', await redisThat('PING', (socket) => endless(socket, '$9007199254740991\r\n', block))),
    ],
    [
      'redis: bytes that are no text',
      async () =>
        here(
          'redis',
          await redisThat(
            'INFO',
            (socket) => void socket.write(Buffer.concat([Buffer.from('$65536\r\n'), block, Buffer.from('\r\n')]))
          )
        ),
    ],
    ['redis: another server', async () => here('redis', page.port)],
    ['redis: silence', async () => here('redis', await hostile(() => undefined))],
    [
      'sentinel: a list of 33 million entries',
      async () => here('sentinel', await redisThat('SENTINEL', (socket) => void socket.write('*33554431\r\n'))),
    ],
    [
      'sentinel: an answer of another form',
      async () => here('sentinel', await redisThat('SENTINEL', (socket) => void socket.write('*1\r\n:1\r\n'))),
    ],
    ['http: a body without end', async () => http(await endlessly(`${OK}content-length: 9007199254740991\r\n\r\n`))],
    ['http: headers without end', async () => http(await endlessly(`${OK}x-long: `))],
    [
      'http: JSON nested without end',
      async () =>
        http(await hostile((socket) => void socket.end(`${OK}\r\n${'['.repeat(500_000)}`)), {
          body: [{ name: 'a', path: 'a.b', equals: 'x' }],
        }),
    ],
    [
      'http: bytes that are no text',
      async () =>
        http(await hostile((socket) => void socket.end(Buffer.concat([Buffer.from(`${OK}\r\n`), block]))), {
          body: [{ name: 'a', path: 'a' }],
        }),
    ],
    ['tls: no TLS', async () => here('tls', await endlessly(''))],
    ['tcp: bytes without end', async () => here('tcp', await endlessly(''))],
    [
      'dns: a server that is none',
      async () => ({ id: 'broken', kind: 'dns', name: 'x.test', type: 'A', server: `127.0.0.1:${port.port}` }),
    ],
    ['sqs: a body without end', async () => queue(await endlessly(`${OK}\r\n`))],
    ['sqs: another server', async () => queue(page.port)],
    ['kms: a body without end', async () => key(await endlessly(`${OK}\r\n`))],
    ['kms: another server', async () => key(page.port)],
  ];

  /** What answers at all is up, whatever it says beyond that; its other checks have their own words for it. */
  const TAKES_CONNECTIONS = /^tcp|of another form|no text|a body without end|nested|another server/;

  test.each(parts)('%s', async (part, target) => {
    const service = await serviceWith([await target()]);
    const { class: failureClass, checks } = await roundOf(service, 'broken');
    expect(checks.length).toBeGreaterThan(0);
    expect(failureClass === 'ok' && !TAKES_CONNECTIONS.test(part), failureClass).toBe(false);
    await othersAreAsked(service);
  });

  test('whose file of the password is gone later', async () => {
    const file = join(directory, 'password');
    writeFileSync(file, 'redis-secret-77aa');
    const { password: _, ...target } = redis.target({ id: 'broken', passwordFile: file });
    const service = await serviceWith([target]);
    expect((await roundOf(service, 'broken')).class).toBe('ok');
    rmSync(file);
    await othersAreAsked(service);
  });
});

describe('something kept', () => {
  const json = { 'content-type': 'application/json' };
  const post = (service: TestService, path: string, body: object) =>
    ask<Record<string, never>>(service, path, { method: 'POST', headers: json, body: JSON.stringify(body) });
  const withStores = () => serviceWith([], { state: { directory: mkdtempSync(join(directory, 'state-')) } });

  test('an incident that is as large as one may be', async () => {
    const service = await withStores();
    const opened = await post(service, '/v1/incidents', { clientId: 'create-0001', title: 'large' });
    const { id } = (opened.body as unknown as { incident: { id: string } }).incident;
    const text = '\u0001'.repeat(9900);
    for (let sent = 0, status = 201; status === 201; sent += 1) {
      ({ status } = await post(service, `/v1/incidents/${id}/events`, {
        clientId: `note-${sent}-0001`,
        kind: 'note',
        text,
      }));
    }
    const reads = Promise.all(Array.from({ length: 20 }, () => ask(service, `/v1/incidents/${id}`)));
    await othersAreAsked(service);
    expect((await reads).map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  });

  test('one alert among 500', async () => {
    const service = await withStores();
    const alerts: object[] = Array.from({ length: 500 }, (_, n) => ({
      ...{ status: 'firing', labels: { alertname: 'A' }, startsAt: '2026-01-05T00:00:00Z', fingerprint: `f${n}` },
    }));
    alerts[77] = { status: 'firing', labels: { alertname: 7 } };
    const answer = await post(service, '/v1/alerts', { alerts });
    holds('AlertsReceived', answer.body);
    expect(answer.body).toMatchObject({ alerts: { length: 499 }, cut: [{ reason: 'not-understood', count: 1 }] });
    await othersAreAsked(service);
  });

  test.each(['recorder', 'evidence', 'incidents', 'estate'])(
    'the file of the %s, cut while it is used',
    async (store) => {
      const state = mkdtempSync(join(directory, 'state-'));
      const service = await serviceWith([], { state: { directory: state } });
      await othersAreAsked(service);
      truncateSync(join(state, `${store}.db`), 0);
      await othersAreAsked(service);
      const { body } = await ask(service, '/healthz');
      expect(body).toMatchObject({ stores: { recorder: 'ok', evidence: 'ok', incidents: 'ok', estate: 'ok' } });
      expect((await post(service, '/v1/incidents', { clientId: 'create-0001', title: 'x' })).status).toBe(201);
    }
  );

  test('the whole directory, taken away', async () => {
    const state = mkdtempSync(join(directory, 'state-'));
    const service = await serviceWith([], { state: { directory: state } });
    await post(service, '/v1/incidents', { clientId: 'create-0001', title: 'before' });
    rmSync(state, { recursive: true });
    await othersAreAsked(service);
    expect((await post(service, '/v1/incidents', { clientId: 'create-0002', title: 'after' })).status).toBe(201);
    expect(readdirSync(state)).toContain('incidents.db');
    const { body } = await ask<{ incidents: unknown[] }>(service, '/v1/incidents');
    expect(body.incidents).toHaveLength(2);
  });

  test('a pack', async () => {
    const packs = mkdtempSync(join(directory, 'packs-'));
    mkdirSync(join(packs, 'bad', 'signals'), { recursive: true });
    writeFileSync(join(packs, 'bad', 'pack.yaml'), '['.repeat(5000));
    writeFileSync(join(packs, 'bad', 'signals', 'binary.yaml'), block);
    symlinkSync('/dev/zero', join(packs, 'bad', 'endless.yaml'));
    const service = await serviceWith([], { packs: { directory: packs } });
    await othersAreAsked(service);
    const { body } = await until(
      'the packs were read',
      () => ask<{ problems: unknown[] }>(service, '/v1/packs'),
      (answer) => answer.body.problems.length > 0,
      60_000
    );
    holds('CustomPacks', body);
  });
});
