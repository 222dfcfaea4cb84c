/** Who is let in, and who somebody is believed to be. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, holds } from '../rig/client';
import { TOKEN } from '../rig/secrets';
import type { TestService } from '../rig/service';
import { BEARER, expectNoSecret, expectRefused, loggedDuring, request, serviceAlone, wire } from './wire';

let service: TestService;
beforeAll(async () => {
  service = await serviceAlone();
});
afterAll(() => service.close());

const WRONG = 'guessed-token-that-must-not-be-logged';
const refusedFor: ReadonlyArray<readonly [what: string, reason: string, headers: readonly string[]]> = [
  ['no header', 'missing', []],
  ['an empty header', 'missing', ['authorization:']],
  ['only blanks', 'missing', ['authorization:    ']],
  ['only the scheme', 'malformed', ['authorization: Bearer']],
  ['another scheme', 'malformed', [`authorization: Basic ${Buffer.from(`x:${TOKEN}`).toString('base64')}`]],
  ['the token without a scheme', 'malformed', [`authorization: ${TOKEN}`]],
  ['two tokens in one header', 'malformed', [`${BEARER}, Bearer ${TOKEN}`]],
  ['a wrong token', 'wrong', [`authorization: Bearer ${WRONG}`]],
  ['the token in capitals', 'wrong', [`authorization: Bearer ${TOKEN.toUpperCase()}`]],
  ['a prefix of the token', 'wrong', [`authorization: Bearer ${TOKEN.slice(0, -1)}`]],
  ['the token and more', 'wrong', [`${BEARER}x`]],
  ['8 kB', 'wrong', [`authorization: Bearer ${'a'.repeat(8000)}`]],
  ['the right one, then a wrong one', 'repeated', [BEARER, `authorization: Bearer ${WRONG}`]],
  ['a wrong one, then the right one', 'repeated', [`Authorization: Bearer ${WRONG}`, BEARER]],
  ['the right one twice', 'repeated', [BEARER, BEARER]],
];

describe('the token', () => {
  test.each(refusedFor)('%s: 401, counted as %s, and a log line without it', async (_, reason, headers) => {
    const count = async (): Promise<number> => {
      const { body } = await ask<string>(service, '/metrics');
      return Number(
        new RegExp(`live_runbooks_unauthorized_total\\{reason="${reason}"\\} (\\d+)`).exec(body)?.[1] ?? -1
      );
    };
    const before = await count();
    expect(before).toBeGreaterThanOrEqual(0);
    const lines = await loggedDuring(service, async () => {
      const answer = await wire(service.port, request('GET /v1/rounds', headers));
      expectRefused(answer, 401);
      expect(answer.headers.toLowerCase()).toContain('www-authenticate: bearer');
    });
    expect(lines).toEqual([
      expect.objectContaining({ code: 'unauthorized', status: 401, method: 'GET', msg: 'a request was refused' }),
    ]);
    expectNoSecret(JSON.stringify(lines));
    expect(JSON.stringify(lines)).not.toContain(WRONG);
    expect(await count()).toBe(before + 1);
  });

  test('1 MB of it: 431 and a log line without it', async () => {
    const lines = await loggedDuring(service, async () => {
      const answer = await wire(
        service.port,
        request('GET /v1/rounds', [`authorization: Bearer ${WRONG.repeat(1 + 1_000_000 / WRONG.length)}`])
      );
      // A connection may also be cut while it is still sending, so that the answer is lost.
      if (answer.status !== 0) {
        expectRefused(answer, 431);
      }
    });
    expect(lines).toEqual([expect.objectContaining({ code: 'headers-too-large', status: 431 })]);
    expect(JSON.stringify(lines)).not.toContain(WRONG);
  });

  test('20 kB of it: the 431 arrives, in the form of every error', async () => {
    expectRefused(await wire(service.port, request('GET /', [`authorization: Bearer ${'a'.repeat(20_000)}`])), 431);
  });

  test('the right one once is let in, whatever the case of the names', async () => {
    for (const header of [BEARER, `AUTHORIZATION: bearer ${TOKEN}`, `Authorization:Bearer   ${TOKEN}`]) {
      expect((await wire(service.port, request('GET /v1/targets', [header]))).status, header).toBe(200);
    }
  });

  test('it is only believed in the header', async () => {
    const lines = await loggedDuring(service, async () => {
      expectRefused(await wire(service.port, request(`GET /v1/targets?token=${TOKEN}&access_token=${TOKEN}`, [])), 401);
      const other = [
        `cookie: token=${TOKEN}`,
        `x-authorization: Bearer ${TOKEN}`,
        `proxy-authorization: Bearer ${TOKEN}`,
      ];
      expectRefused(await wire(service.port, request('GET /v1/targets', other)), 401);
      expectRefused(await wire(service.port, request(`GET http://x:${TOKEN}@service/v1/targets`, [])), 401);
    });
    expect(lines.length).toBe(3);
    expectNoSecret(JSON.stringify(lines));
  });

  test('whatever is asked, it is asked for first', async () => {
    for (const line of [
      'GET /nowhere',
      'GET /%zz',
      'PUT /v1/rounds',
      'HEAD /v1/rounds',
      'OPTIONS /v1/rounds',
      'POST /v1/incidents',
      'GET /healthz/',
      'GET /healthz/x',
      'GET //healthz',
      'GET /healthz%2f..%2fv1%2frounds',
      'GET /./healthz',
    ]) {
      expect((await wire(service.port, request(line, []))).status, line).toBe(401);
    }
  });
});

describe('the user', () => {
  const grafana = (login: string, more: object = {}): string =>
    `x-grafana-context: ${JSON.stringify({ Login: login, UserID: 7, OrgID: 1, OrgRole: 'Editor', ...more })}`;
  const opened = async (clientId: string, headers: readonly string[]) => {
    const body = JSON.stringify({ clientId, title: `opened by ${clientId}` });
    const sent = ['content-type: application/json', `content-length: ${body.length}`];
    return wire(service.port, request('POST /v1/incidents', [...headers, ...sent], body));
  };
  const authorOf = (answer: { body: string }): unknown =>
    (JSON.parse(answer.body) as { event: { who: unknown } }).event.who;

  test('is believed with the token', async () => {
    const answer = await opened('user-0001', [BEARER, grafana('alice')]);
    expect(answer.status).toBe(201);
    expect(authorOf(answer)).toEqual({ kind: 'user', login: 'alice', userId: 7, orgId: 1, role: 'Editor' });
  });

  test('is nobody without the token: nothing is written', async () => {
    const { body: before } = await ask<{ incidents: unknown[] }>(service, '/v1/incidents');
    for (const headers of [[], [`authorization: Bearer ${WRONG}`], [BEARER, `authorization: Bearer ${WRONG}`]]) {
      expectRefused(await opened('forged-0001', [...headers, grafana('admin')]), 401);
    }
    const { body: after } = await ask<{ incidents: unknown[] }>(service, '/v1/incidents');
    expect(after).toEqual(before);
  });

  test.each([
    ['two of them', [grafana('alice'), grafana('admin')]],
    ['two of them in another case', [grafana('alice'), grafana('admin').replace('x-grafana', 'X-GRAFANA')]],
    ['no JSON', ['x-grafana-context: admin']],
    ['an array', ['x-grafana-context: [{"Login":"admin"}]']],
    ['the wrong types', [`x-grafana-context: {"Login":["admin"],"UserID":"1"}`]],
  ])('%s: the author is unknown, never guessed', async (what, headers) => {
    const answer = await opened(`unreadable-${what.replace(/\W/g, '-')}`, [BEARER, ...headers]);
    expect(answer.status).toBe(201);
    expect(authorOf(answer)).toEqual({ kind: 'unknown', why: 'unreadable-header' });
  });

  test('other headers name nobody', async () => {
    const forged = [
      'x-grafana-user: admin',
      'x-webauth-user: admin',
      'x-forwarded-user: admin',
      'x-grafana_context: {}',
    ];
    const answer = await opened('other-headers', [
      BEARER,
      ...forged,
      `x_grafana_context: ${grafana('admin').slice(19)}`,
    ]);
    expect(authorOf(answer)).toEqual({ kind: 'unknown', why: 'no-header' });
  });

  test('forged X-Forwarded-*, Forwarded and Host change neither the route nor the address in the log', async () => {
    const forged = [
      ...['x-forwarded-for: 203.0.113.9', 'x-real-ip: 203.0.113.9', 'forwarded: for=203.0.113.9;host=evil'],
      ...['x-forwarded-host: evil', 'x-forwarded-proto: https', 'x-forwarded-prefix: /v1', 'x-original-url: /healthz'],
      ...['x-rewrite-url: /healthz', 'x-http-method-override: POST'],
    ];
    const lines = await loggedDuring(service, async () => {
      expectRefused(await wire(service.port, request('GET /v1/targets', forged)), 401);
    });
    expect(lines).toEqual([expect.objectContaining({ from: '127.0.0.1', route: '/v1/targets', method: 'GET' })]);
    const answer = await wire(service.port, request('GET /v1/targets', [BEARER, ...forged]));
    expect(answer.status).toBe(200);
    expect(answer.all).not.toMatch(/evil|203\.0\.113/);
    holds('Targets', JSON.parse(answer.body));
  });
});
