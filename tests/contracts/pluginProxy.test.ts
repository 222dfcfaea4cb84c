import http from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Workbench } from '../../workbench/src/server';
import { startFixtureWorkbench } from '../../workbench/tests/servers/fixtureWorkbench';
import { freePort, until } from '../../workbench/tests/servers/prometheus';
import { recorded, recordedNames } from './recorded';
import { startRecordingService, type RecordingService } from '../../workbench/tests/servers/recordingService';
import { PLUGIN, replay } from './replay';

const TOKEN = 'the-token-of-the-service';
const PROXY = `/api/plugin-proxy/${PLUGIN}`;

let service: RecordingService;
let workbench: Workbench;

beforeAll(async () => {
  service = await startRecordingService();
  workbench = await startFixtureWorkbench({ DIAGNOSTICS_URL: service.url, DIAGNOSTICS_TOKEN: TOKEN });
});
afterAll(async () => {
  await workbench?.close();
  await service?.stop();
});

/** They need a state of their own, or ten seconds. */
const ELSEWHERE = /app-disabled|after-settings-change|service-account|slow-10s|gzip$/;
const exchanges = recordedNames('grafana-12.2.0', /^proxy-|^plugin-proxy-path/).filter((name) => !ELSEWHERE.test(name));

interface Echo {
  url: string;
  method: string;
  headers: Record<string, string>;
  bodyBytes: number;
  body: string;
}

const isEcho = (body: unknown): body is Echo => typeof body === 'object' && body !== null && 'headers' in body;

describe('recorded exchanges', () => {
  test('there are many', () => expect(exchanges.length).toBeGreaterThan(45));

  test.each(exchanges)('%s', async (name) => {
    const exchange = recorded('grafana-12.2.0', name);
    const answer = await replay(workbench.url, exchange);
    expect(answer.status).toBe(exchange.response.status);
    expect(answer.contentType).toBe(exchange.response.contentType);
    const { body: expected } = exchange.response;
    if (!isEcho(expected) || !isEcho(answer.body)) {
      return expect(answer.body).toEqual(expected);
    }
    // what reached the service: the same request line, the same identity, the token where it was
    const found = answer.body;
    expect([found.method, found.url]).toEqual([expected.method, expected.url]);
    expect(withoutSpace(found.body)).toBe(withoutSpace(expected.body));
    expect(found.headers['authorization']).toBe(expected.headers['authorization'] && `Bearer ${TOKEN}`);
    expect(found.headers['x-forwarded-for']).toBe(expected.headers['x-forwarded-for']);
    expect(found.headers['host']).toBe(`127.0.0.1:${service.port}`);
    expect(found.headers).not.toHaveProperty('cookie');
    const [mine, theirs] = [context(found), context(expected)];
    expect(Object.keys(mine)).toEqual(Object.keys(theirs));
    expect([mine['Login'], mine['OrgRole'], mine['IsGrafanaAdmin']]).toEqual([
      theirs['Login'],
      theirs['OrgRole'],
      theirs['IsGrafanaAdmin'],
    ]);
  });
});

const context = (echo: Echo) => JSON.parse(echo.headers['x-grafana-context'] ?? '{}') as Record<string, unknown>;
const withoutSpace = (text: string) => text.replace(/\s/g, '');

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${workbench.url}${PROXY}/${path}`, { headers });

test('an exact route to the service itself arrives as /', async () => {
  expect(((await (await get('root')).json()) as Echo).url).toBe('/');
});

test('cookies and the caller’s Authorization stay behind, the referer is renamed, forged identities are replaced', async () => {
  const response = await get('open/x', {
    cookie: 'workbench_as=viewer; session=secret',
    authorization: 'Basic YWRtaW46YWRtaW4=',
    referer: 'http://127.0.0.1:3000/a/x',
    origin: 'http://evil.example',
    'x-grafana-context': '{"OrgRole":"Admin"}',
    'x-grafana-id': 'forged',
    'x-custom': 'kept',
  });
  const { headers } = (await response.json()) as Echo;
  expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['cookie']));
  expect(headers).not.toHaveProperty('authorization');
  expect(headers).not.toHaveProperty('referer');
  expect(headers).not.toHaveProperty('origin');
  expect(headers['x-grafana-referer']).toBe('http://127.0.0.1:3000/a/x');
  expect(headers['x-custom']).toBe('kept');
  expect(JSON.parse(headers['x-grafana-context'] ?? '')).toMatchObject({ OrgRole: 'Viewer', Login: 'viewer' });
  expect(headers['x-grafana-id']).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
});

test('what a client calls its connection’s own is dropped, also the identity that was set: the service has to want it', async () => {
  const headers = await new Promise<Record<string, string>>((resolve, reject) => {
    const address = `${workbench.url}${PROXY}/open/x`;
    http
      .get(address, { headers: { connection: 'close, X-Grafana-Context' } }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve((JSON.parse(text) as Echo).headers));
      })
      .on('error', reject);
  });
  expect(headers).not.toHaveProperty('x-grafana-context');
  expect(headers).toHaveProperty('x-grafana-id');
});

test('X-Grafana-Id is signed with a key that /api/signing-keys/keys answers', async () => {
  const { headers } = (await (await get('open/x', { cookie: 'workbench_as=editor' })).json()) as Echo;
  const [head = '', claims = '', signature = ''] = (headers['x-grafana-id'] ?? '').split('.');
  const { keys } = (await (await fetch(`${workbench.url}/api/signing-keys/keys`)).json()) as { keys: JsonWebKey[] };
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('jwk', keys[0] ?? {}, algorithm, false, ['verify']);
  const signed = Buffer.from(`${head}.${claims}`);
  expect(await crypto.subtle.verify(algorithm, key, Buffer.from(signature, 'base64url'), signed)).toBe(true);
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ sub: 'user:3', role: 'Editor' });
});

test('the answer loses Set-Cookie and caching, gains the sandbox, and keeps the rest', async () => {
  const { headers } = await get('open/status?code=200');
  expect(headers.get('set-cookie')).toBeNull();
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('content-security-policy')).toBe('sandbox');
  expect(headers.get('x-upstream')).toBe('yes');
});

test('a compressed answer passes as it is', async () => {
  const response = await get('open/gzip');
  expect(response.headers.get('content-encoding')).toBe('gzip');
  expect(await response.json()).toEqual({ gz: 'x'.repeat(2000) });
});

test('streamed parts arrive at once, and a client that goes away ends the request of the service', async () => {
  const abort = new AbortController();
  const response = await fetch(`${workbench.url}${PROXY}/open/stream`, { signal: abort.signal });
  expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  const reader = response.body!.getReader();
  for (const line of ['{"n":1}\n', '{"n":2}\n']) {
    service.writeToStreams(line);
    const { value } = await reader.read();
    expect(Buffer.from(value ?? []).toString()).toBe(line);
  }
  expect(service.openStreams()).toBe(1);
  abort.abort();
  await until(async () => service.openStreams() === 0);
});

test('bodies of any kind and size reach the service', async () => {
  const body = Buffer.alloc(3_000_000, 'ab');
  const response = await fetch(`${workbench.url}${PROXY}/open/upload`, { method: 'PUT', body });
  expect(((await response.json()) as Echo).bodyBytes).toBe(3_000_000);
});

test('an address that is not valid percent-encoding is refused', async () => {
  const status = await new Promise<number | undefined>((resolve, reject) =>
    http
      .get(`${workbench.url}${PROXY}/open/%zz`, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
  );
  expect(status).toBe(400);
});

test('a saved address is used at once, a secret that is not sent is kept, and a disabled app is 404', async () => {
  const other = await startRecordingService();
  const own = await startFixtureWorkbench({ DIAGNOSTICS_URL: service.url, DIAGNOSTICS_TOKEN: TOKEN });
  const save = (body: object) =>
    fetch(`${own.url}/api/plugins/${PLUGIN}/settings`, { method: 'POST', body: JSON.stringify(body) });
  try {
    await save({ enabled: true, pinned: true, jsonData: { diagnosticsUrl: `${other.url}/changed` } });
    const changed = recorded('grafana-12.2.0', 'proxy-after-settings-change');
    const { body } = await replay(own.url, changed);
    expect((body as Echo).url).toBe((changed.response.body as Echo).url);
    expect((body as Echo).headers).toMatchObject({ host: `127.0.0.1:${other.port}`, authorization: `Bearer ${TOKEN}` });

    await save({ enabled: false });
    const disabled = recorded('grafana-12.2.0', 'proxy-app-disabled');
    expect(await replay(own.url, disabled)).toMatchObject({
      status: disabled.response.status,
      body: disabled.response.body,
    });
  } finally {
    await own.close();
    await other.stop();
  }
});

test('a service that is gone is 502 with nothing in it', async () => {
  const gone = await startFixtureWorkbench({
    DIAGNOSTICS_URL: `http://127.0.0.1:${await freePort()}`,
    DIAGNOSTICS_TOKEN: TOKEN,
  });
  try {
    const response = await fetch(`${gone.url}${PROXY}/diagnostics/v1/targets`);
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([502, null, '']);
  } finally {
    await gone.close();
  }
});
