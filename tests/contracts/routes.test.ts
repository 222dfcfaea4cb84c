/**
 * The plugin's routes through Grafana's rules, and on to the service's router: whatever a path looks like, what answers
 * it needs no more than what was asked for. `*` of a route is passed on decoded, so a path may climb, double its slashes
 * or hide them; no route may then reach what another permission guards.
 */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApi } from '../../diagnostics/src/http/openapi';
import { buildServer } from '../../diagnostics/src/http/server';
import { noStores } from '../../diagnostics/src/stores';
import { Metrics } from '../../diagnostics/src/metrics';
import type { PluginJson, PluginRoute } from '../../workbench/src/server/plugin/pluginJson';
import { findRoute, upstreamPath } from '../../workbench/src/server/proxy/routePath';

const routes = (JSON.parse(readFileSync('src/plugin.json', 'utf8')) as PluginJson).routes ?? [];
const described = (openApi('test', noStores().extensions) as { paths: Record<string, Record<string, object>> }).paths;

/** What a route of the service is guarded by in Grafana; undefined: not reachable through it. */
function permissionOf(method: string, path: string): string | undefined {
  if (path.startsWith('/v1/incidents')) {
    return method === 'GET' ? 'incidents:read' : 'incidents:write';
  }
  if (path === '/v1/alerts' || !path.startsWith('/v1/')) {
    return undefined;
  }
  if (method === 'PUT') {
    return 'estate:write';
  }
  return method === 'GET' ? 'diagnostics:read' : 'diagnostics:write';
}

const quiet = { warn: () => undefined, error: () => undefined };
/** The service's own server, without targets; what it answers does not matter here, but which of its routes answers. */
const service = buildServer({
  token: () => '0123456789abcdef',
  version: 'test',
  sharedRounds: new Map(),
  metrics: new Metrics('test'),
  log: quiet as unknown as Parameters<typeof buildServer>[0]['log'],
  stores: noStores(),
  starved: () => null,
});
let answering: string | undefined;
beforeAll(async () => {
  service.addHook('onRequest', async (request) => {
    answering = request.routeOptions.url;
  });
  await service.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => service.close());

/** The route that answers a path, asked over the wire: clients in between would tidy up what this is about. */
const found = (method: string, path: string): Promise<string | undefined> =>
  new Promise((resolve, reject) => {
    const { port } = service.server.address() as { port: number };
    answering = undefined;
    const headers = { authorization: 'Bearer 0123456789abcdef' };
    const request = http.request({ port, host: '127.0.0.1', method, path, agent, headers }, (response) => {
      response.resume().on('end', () => resolve(answering?.replace(/:(\w+)/g, '{$1}')));
    });
    request.on('error', reject);
    request.end();
  });
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
afterAll(() => agent.destroy());

type Method = 'GET' | 'POST' | 'PUT';

/** What Grafana lets through, and what answers it. */
async function asked(method: Method, rawPath: string) {
  let path: string;
  try {
    path = decodeURIComponent(rawPath);
  } catch {
    return undefined;
  }
  const through = findRoute(routes, method, path);
  if (through === undefined) {
    return undefined;
  }
  const base = through.route.url.replace('{{ .JsonData.diagnosticsUrl }}', '');
  return { needs: actionOf(through.route), reached: await found(method, upstreamPath(base, through.rest)) };
}

const actionOf = (route: PluginRoute): string => (route.reqAction ?? '').replace(/^[^.]*\./, '');

describe('every route of the service', () => {
  const all = Object.entries(described).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => [method.toUpperCase() as Method, path] as const)
  );

  test.each(all)('%s %s is reachable with its own permission, or not at all', async (method, path) => {
    const permission = permissionOf(method, path);
    const through = await asked(method, `diagnostics${path.replace(/\{\w+\}/g, 'x')}`);
    expect(through).toEqual(permission === undefined ? undefined : { needs: permission, reached: path });
  });

  test('no route of the plugin stands for everything', () => {
    expect(routes.length).toBeGreaterThan(8);
    for (const { path, reqAction, method, headers } of routes) {
      expect(path).toMatch(/^diagnostics\/v1\/\w+/);
      expect([reqAction, method, headers?.[0]?.name].every(Boolean)).toBe(true);
    }
  });
});

describe('a path that plays tricks', () => {
  const tricks = [
    'diagnostics//v1/incidents',
    'diagnostics/v1%2fincidents',
    'diagnostics/%2fv1/incidents',
    'diagnostics/v1/targets/../incidents',
    'diagnostics/v1/targets/..%2fincidents',
    'diagnostics/v1/targets/%2e%2e/incidents',
    'diagnostics/v1/targets/..%2f..%2fmetrics',
    'diagnostics/v1/targets//v1/incidents',
    'diagnostics/v1/targets/%2f..%2fincidents',
    'diagnostics/v1/targets/x/../../incidents',
    'diagnostics/v1/targets/%252e%252e%252fincidents',
    'diagnostics/v1/targets/..%5cincidents',
    'diagnostics/v1/targets/%3f/../incidents',
    'diagnostics/v1/targets/x%23/../incidents',
    'diagnostics/v1/incidents/../targets',
    'diagnostics/v1/estate/../targets',
    'diagnostics/v1/targets/../estate',
    'diagnostics/v1/targets/..%2festate',
    'diagnostics/v1/incidents/..%2f..%2fhealthz',
    'diagnostics/v1/alerts',
    'diagnostics/metrics',
    'diagnostics/healthz',
    'diagnostics/openapi.json',
    'diagnostics/',
    'diagnostics',
  ];
  const methods = ['GET', 'POST', 'PUT'] as const;

  test.each(tricks)('%s reaches nothing that its permission does not guard', async (path) => {
    for (const method of methods) {
      const through = await asked(method, path);
      expect(through?.reached === undefined || permissionOf(method, through.reached) === through.needs).toBe(true);
    }
  });

  test('whatever it is made of', async () => {
    const parts = [
      'diagnostics',
      'v1',
      'targets',
      'incidents',
      'rounds',
      'alerts',
      'estate',
      'x',
      '..',
      '.',
      '',
      '%2f',
      '%2e%2e',
      '%252f',
      ';',
      '%00',
      '*',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...methods),
        fc.array(fc.constantFrom(...parts), { maxLength: 8 }),
        fc.constantFrom('/', '//', '%2f', '/%2f', '\\'),
        async (method, list, slash) => {
          const through = await asked(method, ['diagnostics', 'v1', ...list].join(slash));
          expect(through?.reached === undefined || permissionOf(method, through.reached) === through.needs).toBe(true);
        }
      ),
      { numRuns: 500 }
    );
  });
});
