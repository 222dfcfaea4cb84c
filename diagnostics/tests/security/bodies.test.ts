/** Bodies: too large, malformed, mislabelled; and two readings of where one ends. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, holds } from '../rig/client';
import { TOKEN } from '../rig/secrets';
import type { TestService } from '../rig/service';
import { BEARER, expectRefused, loggedDuring, request, serviceAlone, wire } from './wire';
import { atMost } from '../rig/atMost';

let service: TestService;
beforeAll(async () => {
  service = await serviceAlone();
});
afterAll(() => service.close());

const JSON_TYPE = 'application/json';
const post = (path: string, body: string | Buffer, type: string | undefined = JSON_TYPE) =>
  ask(service, path, {
    method: 'POST',
    body: typeof body === 'string' ? body : new Uint8Array(body),
    headers: type === undefined ? {} : { 'content-type': type },
  });

const routes = ['/v1/incidents', '/v1/incidents/1/events', '/v1/alerts'];
const deep = (depth: number): string => `{"clientId":${'['.repeat(depth)}${']'.repeat(depth)}}`;

const malformed: ReadonlyArray<
  readonly [what: string, body: string | Buffer, type: string | undefined, status: number]
> = [
  ['nothing', '', JSON_TYPE, 400],
  ['half an object', '{"clientId":"a"', JSON_TYPE, 400],
  ['no JSON', 'select 1', JSON_TYPE, 400],
  ['an array', '[]', JSON_TYPE, 400],
  ['null', 'null', JSON_TYPE, 400],
  ['a string', '"x"', JSON_TYPE, 400],
  ['NaN', '{"clientId":NaN}', JSON_TYPE, 400],
  ['__proto__', '{"clientId":"a","title":"t","__proto__":{"admin":true}}', JSON_TYPE, 400],
  ['constructor.prototype', '{"clientId":"a","title":"t","constructor":{"prototype":{"admin":true}}}', JSON_TYPE, 400],
  ['10 000 deep', deep(10_000), JSON_TYPE, 400],
  ['40 000 deep', deep(40_000), JSON_TYPE, 400],
  ['brackets that never close', '['.repeat(80_000), JSON_TYPE, 400],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), JSON_TYPE, 400],
  ['gzip', Buffer.from('H4sIAAAAAAAAA6tWSkksSVSyUqqtBQBVlqZwDgAAAA==', 'base64'), JSON_TYPE, 400],
  ['a form', 'clientId=a&title=t', 'application/x-www-form-urlencoded', 415],
  ['text', '{"clientId":"a","title":"t"}', 'text/plain', 415],
  ['XML', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', 'application/xml', 415],
];

describe('malformed', () => {
  test.each(malformed)('%s is refused on every route that reads a body', async (_, body, type, status) => {
    for (const path of routes) {
      const lines = await loggedDuring(service, async () => {
        const answer = await post(path, body, type);
        expect(answer.status, `${path}: ${JSON.stringify(answer.body)}`).toBe(status);
        holds('Error', answer.body);
        expect(answer.ms).toBeLessThan(atMost(3000));
      });
      expect(lines, path).toHaveLength(1);
    }
  });

  test('escaped quotes without end are read once, not over and over', async () => {
    const answer = await post('/v1/alerts', `"${'\\"'.repeat(900_000)}`);
    expect(answer.status).toBe(400);
    expect(answer.ms).toBeLessThan(atMost(5000));
  });

  test('prototypes are as they were', () => {
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});

describe('too large', () => {
  test.each([
    ['/v1/incidents', 97 * 1024],
    ['/v1/incidents/1/events', 97 * 1024],
    ['/v1/alerts', 8 * 1024 * 1024 + 1],
    ['/v1/targets/shop-postgres/checks/postgres.blocking', 17 * 1024],
  ])('%s refuses %i bytes with 413, told or chunked', async (path, bytes) => {
    const told = await post(path, 'x'.repeat(bytes));
    expect(told.status).toBe(413);
    holds('Error', told.body);
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
    const chunked = await wire(
      service.port,
      request(
        `POST ${path}`,
        [BEARER, 'content-type: application/json', 'transfer-encoding: chunked'],
        chunk.repeat(Math.ceil(bytes / 0x4000) + 1) + '0\r\n\r\n'
      )
    );
    if (chunked.status !== 0) {
      expectRefused(chunked, 413);
    }
  });

  test('a length of 10 GB is refused before a byte of it was sent, and without the token before that', async () => {
    const length = ['content-type: application/json', 'content-length: 10000000000'];
    const refused = await wire(service.port, request('POST /v1/incidents', [BEARER, ...length]));
    expectRefused(refused, 413);
    expect(refused.ms).toBeLessThan(atMost(3000));
    const unknown = await wire(service.port, request('POST /v1/incidents', length));
    expectRefused(unknown, 401);
    expect(unknown.ms).toBeLessThan(atMost(3000));
  });
});

describe('where a request ends', () => {
  const inner = `GET /v1/targets HTTP/1.1\r\nhost: service\r\n${BEARER}\r\n\r\n`;
  const tricks: ReadonlyArray<readonly [what: string, headers: readonly string[], body: string]> = [
    ['Content-Length and Transfer-Encoding', ['content-length: 5', 'transfer-encoding: chunked'], `0\r\n\r\n${inner}`],
    ['Transfer-Encoding and Content-Length', ['transfer-encoding: chunked', 'content-length: 5'], `0\r\n\r\n${inner}`],
    ['two lengths', ['content-length: 0', `content-length: ${inner.length}`], inner],
    ['a list of lengths', ['content-length: 0, 5'], inner],
    ['a negative length', ['content-length: -1'], inner],
    ['a length with a sign', ['content-length: +5'], inner],
    ['a hexadecimal length', ['content-length: 0x10'], inner],
    ['an unknown encoding', ['transfer-encoding: xchunked'], inner],
    ['chunked that is not last', ['transfer-encoding: chunked, identity'], `0\r\n\r\n${inner}`],
    ['two encodings', ['transfer-encoding: chunked', 'transfer-encoding: identity'], `0\r\n\r\n${inner}`],
    ['a blank before the colon', ['transfer-encoding : chunked'], `0\r\n\r\n${inner}`],
    ['a folded header', ['transfer-encoding:\r\n chunked'], `0\r\n\r\n${inner}`],
    ['a bad size of a chunk', ['transfer-encoding: chunked'], `zz\r\n\r\n${inner}`],
    ['a huge size of a chunk', ['transfer-encoding: chunked'], `fffffffffffffffff\r\n\r\n${inner}`],
    ['a bare line feed after a chunk', ['transfer-encoding: chunked'], `1\nx\n0\n\n${inner}`],
    ['a null byte in a header', ['x-a: b\0c'], inner],
    ['a bare carriage return in a header', ['x-a: b\rtransfer-encoding: chunked'], inner],
  ];
  test.each(tricks)('%s: 400, and nothing after it is taken for a request', async (_, headers, body) => {
    const text = ['POST /v1/incidents HTTP/1.1', 'host: service', BEARER, 'content-type: application/json', ...headers];
    const lines = await loggedDuring(service, async () => {
      const answer = await wire(service.port, [...text, '', body].join('\r\n'));
      expectRefused(answer, 400);
      expect(answer.all.match(/HTTP\/1\.1 /g)).toHaveLength(1);
      expect(answer.headers.toLowerCase()).toContain('connection: close');
    });
    expect(lines.length).toBeGreaterThanOrEqual(1);
    expect(JSON.stringify(lines)).not.toContain(TOKEN);
  });

  test('two requests in one packet are two requests, each with its own token', async () => {
    const first = `GET /v1/targets HTTP/1.1\r\nhost: service\r\n${BEARER}\r\n\r\n`;
    const second = 'GET /v1/targets HTTP/1.1\r\nhost: service\r\nconnection: close\r\n\r\n';
    const { all } = await wire(service.port, first + second);
    expect(all.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 401']);
  });

  test('no Host, and a version that is none', async () => {
    expect(
      (await wire(service.port, `GET /v1/targets HTTP/1.1\r\n${BEARER}\r\nconnection: close\r\n\r\n`)).status
    ).toBe(400);
    expectRefused(await wire(service.port, `GET /v1/targets HTTP/9.9\r\n${BEARER}\r\n\r\n`), 400);
    const garbage = await wire(
      service.port,
      Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03])
    );
    expectRefused(garbage, 400);
  });
});
