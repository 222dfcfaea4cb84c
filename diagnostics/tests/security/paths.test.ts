/**
 * Paths. Grafana's proxy decodes `..%2f` to `../` and passes it on below the base path of the route, so what arrives here
 * may climb. The service normalises nothing: a path is a route as it stands, or it is none.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestService } from '../rig/service';
import { BEARER, expectRefused, loggedDuring, request, serviceAlone, wire } from './wire';
import { atMost } from '../rig/atMost';

let service: TestService;
beforeAll(async () => {
  service = await serviceAlone();
});
afterAll(() => service.close());

const climbing = [
  '/v1/incidents/../rounds',
  '/v1/incidents/../../healthz',
  '/v1/incidents/../../metrics',
  '/v1/incidents/..%2f..%2fmetrics',
  '/v1/incidents/..%2F..%2Fmetrics',
  '/v1/incidents/%2e%2e/%2e%2e/metrics',
  '/v1/incidents/%2e%2e%2f%2e%2e%2fmetrics',
  '/v1/incidents/..%252f..%252fmetrics',
  '/v1/incidents/%252e%252e%252fmetrics',
  '/v1/incidents/..%5c..%5cmetrics',
  '/v1/incidents/..\\..\\metrics',
  '/v1/incidents/..;/metrics',
  '/v1/incidents/.%00./metrics',
  '/v1/incidents/%c0%ae%c0%ae/metrics',
  '/v1/incidents/%u002e%u002e/metrics',
  '/../../../../etc/passwd',
  '/v1/targets/../../../../../../etc/passwd',
  '/v1/targets/..%2f..%2f..%2fetc%2fpasswd/round',
  '/v1/targets/shop-postgres/../shop-postgres/round',
  '/v1/targets/./shop-postgres/round',
  '/v1/targets/shop-postgres/round/',
  '/v1/targets//shop-postgres/round',
  '//v1/targets',
  '/v1//targets',
  '/V1/TARGETS',
  '/v1/targets;x=1',
  '/v1/targets%3f',
  '/v1/targets%23',
  '/v1/targets%20',
  '/v1/targets%00',
  '/v1/targets/shop-postgres%00/round',
  '/v1/targets/shop-postgres%0d%0aset-cookie:x/round',
  '/v1/targets/__proto__/round',
  '/v1/targets/constructor/round',
  '/v1/targets/shop-postgres/checks/__proto__',
  '/%zz',
  '/v1/targets/%zz/round',
  '/v1/targets/%c3%28/round',
  '*',
];

describe('paths that are no route', () => {
  test.each(climbing)('%s: 400 or 404, with the token', async (path) => {
    const lines = await loggedDuring(service, async () => {
      const answer = await wire(service.port, request(`GET ${path}`));
      expectRefused(answer, 400, 404);
      expect(answer.headers).not.toMatch(/^(location|set-cookie):/im);
      expect(answer.all).not.toMatch(/root:|live_runbooks_/);
    });
    expect(lines).toHaveLength(1);
  });

  test.each(climbing)('%s: 401 or 400, without the token', async (path) => {
    const answer = await wire(service.port, request(`GET ${path}`, []));
    expect([400, 401]).toContain(answer.status);
  });

  test.each([
    ['a null byte', 'GET /v1/\0targets'],
    ['a blank', 'GET /v1/tar gets'],
    ['no slash', 'GET v1/targets'],
    ['no path', 'GET '],
    ['an unknown method', 'FROB /v1/targets'],
    ['lower case', 'get /v1/targets'],
  ])('%s on the wire: 400', async (_, line) => {
    const lines = await loggedDuring(service, async () => {
      expectRefused(await wire(service.port, request(line)), 400);
    });
    expect(lines).toEqual([
      expect.objectContaining({ code: 'bad-request', status: 400, msg: 'a request was refused' }),
    ]);
  });

  test('another host in the request line is not asked, and the path is the path', async () => {
    expectRefused(await wire(service.port, request('GET http://169.254.169.254/latest/meta-data')), 404);
    const connected = await wire(service.port, request('CONNECT 169.254.169.254:80'));
    expect(connected.status).not.toBe(200);
  });

  test.each([
    ['segment', `/v1/targets/${'x'.repeat(10_000)}/round`, [404, 414]],
    ['path', `/${'a/'.repeat(6_000)}`, [404, 414]],
    ['query', `/v1/rounds?targets=${'x,'.repeat(6_000)}`, [400, 404]],
    ['encoded segment', `/v1/targets/${'%41'.repeat(4_000)}/round`, [404, 414]],
    ['line', `/${'x'.repeat(100_000)}`, [431]],
  ])('a very long %s is refused at once', async (_, path, statuses) => {
    const answer = await wire(service.port, request(`GET ${path}`));
    expectRefused(answer, ...statuses);
    expect(answer.body.length).toBeLessThan(1000);
    expect(answer.ms).toBeLessThan(atMost(3000));
  });

  test('a path that is a route is one', async () => {
    expect((await wire(service.port, request('GET /v1/targets'))).status).toBe(200);
    expect((await wire(service.port, request('GET /v1/targets/shop%2dpostgres/round', [BEARER]))).status).toBe(200);
  });
});
