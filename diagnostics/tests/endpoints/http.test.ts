/** HTTP endpoints: every class of failure from a real server that fails so, and each check fired and quiet. */
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { freePort } from '../../../demo/src/servers';
import { ask, checkIn, roundOf, runCheck, settledRoundOf, untilState } from '../rig/client';
import { type Listening, httpServer, tcpServer } from '../rig/endpoints';
import { fullQueue } from '../rig/fullQueue';
import { FaultLog } from '../rig/faults';
import { type TestService, serve } from '../rig/service';
import { LIMIT_MS } from '../rig/atMost';

const SECRET = 'api-token-of-the-endpoint-4d2e';
const ID = 'api-health';

const faults = new FaultLog('HTTP endpoints');
const open: Listening[] = [];
let service: TestService | undefined;

afterEach(async () => {
  await service?.close();
  service = undefined;
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const answering = async (answer: RequestListener): Promise<Listening> => {
  const server = await httpServer(answer);
  open.push(server);
  return server;
};
const target = (port: number, more: Record<string, unknown> = {}) => ({
  id: ID,
  kind: 'http',
  url: `http://127.0.0.1:${port}/health`,
  ...more,
});
const start = async (given: object): Promise<TestService> => {
  service = await serve([given]);
  return service;
};
/** A round of that class, within the limit, with the other checks unknown unless an answer came. */
const expectClass = async (given: object, wanted: string, fault: string, answered = false) => {
  const round = await settledRoundOf(await start(given), ID);
  const available = checkIn(round, 'http.availability');
  faults.record(fault, 'http.availability', round);
  expect(round.ms, fault).toBeLessThan(LIMIT_MS);
  expect(available, fault).toMatchObject(
    wanted === 'blocked'
      ? { state: 'unknown', reason: 'not-configured', value: null, fields: { up: null, class: wanted } }
      : { state: 'critical', value: 0, fields: { up: false, class: wanted } }
  );
  expect(available.mend?.length).toBeGreaterThan(20);
  for (const each of round.checks.filter(({ id }) => id !== 'http.availability')) {
    expect(each.state === 'unknown', each.id).toBe(!answered || each.reason !== undefined);
  }
  return round;
};
const json =
  (status: number, body: unknown): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

afterAll(() => faults.finish());

describe('http.availability', () => {
  test('ok: one GET with the configured headers, which are never told', async () => {
    let asked: { method?: string | undefined; headers: Record<string, unknown> } | undefined;
    const { port } = await answering((request, response) => {
      asked = { method: request.method, headers: request.headers };
      response.end('fine');
    });
    // How long the answer took is another check's business: on a busy machine it may be slow.
    const anyTime = { 'http.latency': { warning: LIMIT_MS, critical: LIMIT_MS * 2 } };
    const own = await start(target(port, { headers: { authorization: `Bearer ${SECRET}` }, checks: anyTime }));
    const round = await roundOf(own, ID);
    expect(round).toMatchObject({ kind: 'http', class: 'ok', state: 'ok' });
    expect(checkIn(round, 'http.availability')).toMatchObject({
      state: 'ok',
      value: 1,
      fields: { up: true, status: 200, address: '127.0.0.1', bytes: 4, redirect: null },
    });
    expect(asked).toMatchObject({ method: 'GET', headers: { authorization: `Bearer ${SECRET}` } });
    expect(JSON.stringify(round) + own.log()).not.toContain(SECRET);
  });

  test('a secret that the server sends back is scrubbed', async () => {
    const { port } = await answering((_request, response) => {
      response.writeHead(302, { location: `/login/${SECRET}?token=other-token` }).end();
    });
    const round = await expectClass(
      target(port, { headers: { authorization: `Bearer ${SECRET}` } }),
      'redirect',
      'redirect that quotes the token',
      true
    );
    expect(JSON.stringify(round)).not.toContain('other-token');
    expect(checkIn(round, 'http.availability').summary).not.toContain(SECRET);
  });

  test('refused', async () => {
    await expectClass(target(await freePort()), 'refused', 'nothing listens');
  });

  test('dns', async () => {
    await expectClass({ ...target(1), url: 'http://no-such-host.invalid/health' }, 'dns', 'name does not resolve');
  });

  test('timeout: packets that nobody answers', async () => {
    const full = await fullQueue();
    try {
      await expectClass(target(full.port), 'timeout', 'packets that nobody answers');
    } finally {
      await full.dispose();
    }
  });

  test('hung: a black hole that accepts and never answers', async () => {
    const hole = await tcpServer();
    open.push(hole);
    const round = await expectClass(target(hole.port), 'hung', 'accepts and never answers');
    expect(checkIn(round, 'http.latency')).toMatchObject({ state: 'unknown', reason: 'timeout' });
  });

  test('hung: a head that drips', async () => {
    const slow = await tcpServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('x'), 100);
      socket.on('close', () => clearInterval(timer));
    });
    open.push(slow);
    await expectClass(target(slow.port), 'hung', 'header that never ends');
  });

  test('hung: a body that drips', async () => {
    const slow = await answering((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 50);
      response.on('close', () => clearInterval(timer));
    });
    const round = await expectClass(target(slow.port), 'hung', 'body that drips for ever');
    expect(checkIn(round, 'http.availability').fields).toMatchObject({ status: 200 });
  });

  test('hung: a TLS handshake that is never finished', async () => {
    const hole = await tcpServer();
    open.push(hole);
    const round = await expectClass(
      { ...target(1), url: `https://127.0.0.1:${hole.port}/` },
      'hung',
      'TLS handshake hangs'
    );
    expect(checkIn(round, 'http.availability').fields.message).toMatch(/TLS/);
  });

  test('tls: the port speaks no TLS', async () => {
    const { port } = await answering((_request, response) => response.end());
    await expectClass({ ...target(1), url: `https://127.0.0.1:${port}/` }, 'tls', 'https to a port without TLS');
  });

  test('reset: the connection is closed without an answer', async () => {
    const rude = await tcpServer((socket) => socket.destroy());
    open.push(rude);
    await expectClass(target(rude.port), 'reset', 'connection closed at once');
  });

  test('status: 503 is down, and its body is read all the same', async () => {
    const { port } = await answering(json(503, { checks: { database: 'unhealthy: connection refused' } }));
    const round = await expectClass(
      target(port, { body: [{ name: 'database', path: 'checks.database', equals: 'healthy' }] }),
      'status',
      'answers 503',
      true
    );
    expect(checkIn(round, 'http.availability').fields.status).toBe(503);
    expect(checkIn(round, 'http.body')).toMatchObject({
      state: 'critical',
      summary: 'database: unhealthy: connection refused',
    });
  });

  test('a status that the configuration names is right', async () => {
    const { port } = await answering(json(401, {}));
    const round = await roundOf(await start(target(port, { status: [200, 401] })), ID);
    expect(round.class).toBe('ok');
  });

  test('redirect: a finding, and the other server is never asked', async () => {
    const other = await answering(json(200, {}));
    const { port } = await answering((_request, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${other.port}/latest/meta-data?token=x` }).end();
    });
    const round = await expectClass(target(port), 'redirect', 'redirects to another server', true);
    expect(checkIn(round, 'http.availability').fields.redirect).toBe(`http://127.0.0.1:${other.port}/latest/meta-data`);
    expect(other.connections()).toBe(0);
  });

  test.each([
    ['the metadata service', 'http://169.254.169.254/latest/meta-data/'],
    ['the same as one number', 'http://2852039166/'],
    ['the same in IPv6', 'http://[::ffff:169.254.169.254]/'],
    ['no host', 'http://0.0.0.0:1/'],
  ])('blocked: %s', async (_, url) => {
    await expectClass({ ...target(1), url }, 'blocked', `blocked: ${url}`);
  });

  test('onlyAddresses holds', async () => {
    const { port } = await answering(json(200, {}));
    await expectClass(target(port, { onlyAddresses: ['10.0.0.0/8'] }), 'blocked', 'address outside onlyAddresses');
    await service?.close();
    expect((await roundOf(await start(target(port, { onlyAddresses: ['127.0.0.0/8'] })), ID)).class).toBe('ok');
  });

  test('forty viewers and a hung endpoint: one connection a round, and nobody waits for two seconds', async () => {
    const hole = await tcpServer();
    open.push(hole);
    const own = await start(target(hole.port));
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask(own, `/v1/targets/${ID}/round`)));
    expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(LIMIT_MS);
    expect(hole.connections()).toBeLessThanOrEqual(2);
  });
});

describe('http.latency', () => {
  test('is quiet, then fires, and says where the time goes', async () => {
    let wait = 0;
    const { port } = await answering((_request, response) => {
      setTimeout(() => response.end('{}'), wait);
    });
    const own = await start(target(port, { checks: { 'http.latency': { critical: LIMIT_MS } } }));
    const quiet = await untilState(own, ID, 'http.latency', 'ok');
    expect(quiet).toMatchObject({ fields: { tlsMs: null } });
    wait = 700;
    const once = await runCheck(own, ID, 'http.latency');
    expect(once).toMatchObject({ state: 'unknown', reason: 'timeout', value: null });
    expect(once.summary).toMatch(/^too slow in one answer so far: .*in the server$/);
    const slow = await untilState(own, ID, 'http.latency', 'warning');
    expect(slow.summary).toMatch(/in the server$/);
    expect(Number(slow.fields.serverMs)).toBeGreaterThanOrEqual(690);
  });
});

describe('http.body', () => {
  const body = [
    { name: 'database', path: 'checks.database', equals: 'healthy' },
    { name: 'active', path: 'worker_info.active_executions', warning: 8, critical: 10 },
  ];
  let now: unknown;
  const serving = async (more: Record<string, unknown> = {}) => {
    const { port } = await answering((request, response) => json(200, now)(request, response));
    return start(target(port, { body, ...more }));
  };

  test('is quiet, fires by threshold and by value, and is unknown when a field is gone', async () => {
    now = { checks: { database: 'healthy' }, worker_info: { active_executions: 3 } };
    const own = await serving();
    const quiet = await runCheck(own, ID, 'http.body');
    expect(quiet).toMatchObject({ state: 'ok', fields: { database: 'healthy', active: 3 } });

    now = { checks: { database: 'healthy' }, worker_info: { active_executions: 9 } };
    expect(await runCheck(own, ID, 'http.body')).toMatchObject({ state: 'warning', summary: 'active: 9' });

    now = { checks: { database: 'degraded' }, worker_info: { active_executions: 12 } };
    const both = await runCheck(own, ID, 'http.body');
    expect(both).toMatchObject({ state: 'critical', summary: 'database: degraded, active: 12' });
    expect(both.rows.fields?.[1]).toEqual({
      ...{ name: 'active', path: 'worker_info.active_executions' },
      ...{ value: 12, expected: 8, state: 'critical' },
    });

    now = { checks: { database: 'healthy' } };
    expect(await runCheck(own, ID, 'http.body')).toMatchObject({
      state: 'unknown',
      reason: 'query-error',
      fields: { database: 'healthy', active: null },
    });
    now = { checks: { database: 'healthy' }, worker_info: { active_executions: 'many' } };
    expect((await runCheck(own, ID, 'http.body')).state).toBe('unknown');
    now = JSON.parse('{"__proto__": {"database": "healthy"}}') as unknown;
    expect((await runCheck(own, ID, 'http.body')).fields.database).toBeNull();
  });

  test('a body that is no JSON, and one that is too large, are unknown', async () => {
    const { port } = await answering((_request, response) => response.end('<html>'));
    const own = await start(target(port, { body }));
    expect(await runCheck(own, ID, 'http.body')).toMatchObject({ state: 'unknown', summary: 'the body is not JSON' });
    await own.close();
    const large = await answering((_request, response) => response.end(Buffer.alloc(3 * 1024 * 1024, 'x')));
    const round = await roundOf(await start(target(large.port, { body })), ID);
    expect(round.class).toBe('ok');
    expect(checkIn(round, 'http.body').summary).toMatch(/larger than 1048576 bytes/);
  });

  test('without configured fields it does not apply, and the target is well', async () => {
    const { port } = await answering(json(200, {}));
    const round = await roundOf(await start(target(port)), ID);
    expect(checkIn(round, 'http.body')).toMatchObject({ state: 'unknown', reason: 'not-applicable' });
    expect(round.state).toBe('ok');
  });
});

describe('http.goroutines', () => {
  // Recorded from a Go 1.26 program: 4000 goroutines that send to a channel nobody reads, 400 that wait for a lock.
  const recorded = (name: string): string =>
    readFileSync(new URL(`./recorded/goroutines-${name}.txt`, import.meta.url), 'utf8');

  test('is quiet, then fires on one stack that thousands share, with its line', async () => {
    let profile = recorded('quiet');
    const { port } = await answering((_request, response) => response.end(profile));
    const own = await start(target(port));
    expect(await runCheck(own, ID, 'http.goroutines')).toMatchObject({ state: 'ok', value: 6, fields: { stacks: 4 } });
    profile = recorded('leak');
    const found = await runCheck(own, ID, 'http.goroutines');
    expect(found).toMatchObject({ state: 'warning', value: 4403, fields: { largest: 4000 } });
    expect(Number(found.fields.growthPerMinute)).toBeGreaterThan(0);
    expect(found.rows.stacks?.slice(0, 2)).toEqual([
      {
        ...{ count: 4000, share: 0.908, line: 'executor/pool.go:13' },
        at: 'github.com/example/gorax/internal/executor.(*Pool).Run.func1',
        application: 'github.com/example/gorax/internal/executor.(*Pool).Run.func1',
        started: 'github.com/example/gorax/internal/executor.(*Pool).Run.func1',
      },
      {
        ...{ count: 400, share: 0.091, line: 'executor/pool.go:21' },
        at: 'internal/sync.runtime_SemacquireMutex',
        application: 'github.com/example/gorax/internal/executor.(*Pool).wait',
        started: 'github.com/example/gorax/internal/executor.(*Pool).wait',
      },
    ]);
    expect(found.summary).toContain('executor/pool.go:13');
  });

  test('does not apply to another body', async () => {
    const { port } = await answering(json(200, {}));
    expect(await runCheck(await start(target(port)), ID, 'http.goroutines')).toMatchObject({
      reason: 'not-applicable',
    });
  });
});
