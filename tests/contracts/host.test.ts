import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Workbench } from '../../workbench/src/server';
import { startFixtureWorkbench } from '../../workbench/tests/servers/fixtureWorkbench';
import { startPrometheus, type RunningServer } from '../../workbench/tests/servers/prometheus';
import { recorded, recordedNames } from './recorded';
import { PLUGIN, replay } from './replay';
import { shapeDifferences } from './shape';

const SECRET = 'never-to-be-seen';
let prometheus: RunningServer;
let workbench: Workbench;

beforeAll(async () => {
  prometheus = await startPrometheus({ past: '# TYPE up gauge\nup{job="prometheus"} 1 1795288459\n# EOF\n' });
  workbench = await startFixtureWorkbench({
    PROMETHEUS_URL: prometheus.url,
    LOKI_URL: 'http://127.0.0.1:9',
    DIAGNOSTICS_URL: 'http://127.0.0.1:9',
    DIAGNOSTICS_TOKEN: SECRET,
  });
});
afterAll(async () => {
  await workbench?.close();
  await prometheus?.stop();
});

describe('in the recorded shape', () => {
  test.each([
    'settings-get-admin',
    'settings-get-editor',
    'settings-get-viewer',
    'settings-get-anonymous',
    'settings-post-editor',
    'settings-post-viewer',
    'settings-unknown-plugin',
    'user',
    'datasources',
    'datasource-by-uid',
    'datasource-missing',
    'datasource-health',
    'datasource-resource-labels',
    'plugin-health-without-backend',
    'plugin-resources-without-backend',
    'signing-keys',
    'search-dashboards',
  ])('%s', async (name) => {
    const exchange = recorded('grafana-12.2.0', name);
    const answer = await replay(workbench.url, exchange);
    expect([answer.status, answer.contentType]).toEqual([exchange.response.status, exchange.response.contentType]);
    // the fixture has no translations; `info` was cut from the recording
    const example = exchange.response.body as { translations?: unknown };
    delete example.translations;
    const found = answer.body as { info?: unknown };
    delete found.info;
    expect(shapeDifferences(example, found)).toEqual([]);
  });
});

test('the app in the frontend settings: in the recorded shape', async () => {
  const exchange = recorded('grafana-12.2.0', 'frontend-settings-app-and-panel');
  const apps = (body: unknown) => Object.values((body as { apps: Record<string, Record<string, unknown>> }).apps)[0];
  const example = { ...apps(exchange.response.body), translations: undefined };
  const found = apps((await replay(workbench.url, exchange)).body);
  expect(shapeDifferences(JSON.parse(JSON.stringify(example)), found)).toEqual([]);
});

test('labels through the data source: equal to the recorded answer', async () => {
  const exchange = recorded('grafana-12.2.0', 'datasource-resource-labels');
  expect((await replay(workbench.url, exchange)).body).toEqual(exchange.response.body);
});

describe('messages are Grafana’s', () => {
  test.each(['settings-post-editor', 'settings-post-viewer', 'annotation-patch-viewer', 'annotation-delete-viewer'])(
    '%s',
    async (name) => {
      const exchange = recorded('grafana-12.2.0', name);
      const { message, title } = (await replay(workbench.url, exchange)).body as Record<string, string>;
      expect({ message, title }).toEqual({
        message: (exchange.response.body as Record<string, string>)['message'],
        title: (exchange.response.body as Record<string, string>)['title'],
      });
    }
  );
});

test('settings: Admin saves, jsonData is replaced, secrets are kept and never answered', async () => {
  const settings = recorded('grafana-12.2.0', 'settings-get-viewer');
  const read = async () =>
    (await replay(workbench.url, settings)).body as { jsonData: object; secureJsonFields: object };
  for (const name of ['settings-post-admin', 'settings-post-partial', 'settings-post-admin-secret']) {
    const exchange = recorded('grafana-12.2.0', name);
    expect(await replay(workbench.url, exchange)).toMatchObject({ status: 200, body: exchange.response.body });
  }
  const after = await read();
  expect(after.jsonData).toEqual({ diagnosticsUrl: 'http://127.0.0.1:8098' });
  expect(after.secureJsonFields).toEqual({ diagnosticsToken: true });
  const everything = await Promise.all(
    [`/api/plugins/${PLUGIN}/settings`, '/api/frontend/settings', '/api/datasources', '/'].map(async (path) =>
      (await fetch(workbench.url + path)).text()
    )
  );
  expect(everything.join()).not.toContain(SECRET);
});

describe('permissions', () => {
  test.each([
    ['viewer', 'user-permissions-viewer'],
    ['editor', 'user-permissions-editor'],
  ])('of the %s: the recorded actions', async (as, name) => {
    const { response } = recorded('grafana-12.2.0', name);
    const expected = Object.keys(response.body as object).map((action) =>
      action.replace('triage-troubleshooting-app', PLUGIN)
    );
    const { body } = await replay(workbench.url, {
      request: { method: 'GET', path: '/api/access-control/user/permissions', as },
    });
    expect(Object.keys(body as object)).toEqual(expected);
  });

  test('of the Admin: no action that Grafana has not', async () => {
    const known = Object.keys(recorded('grafana-12.2.0', 'user-permissions').response.body as object);
    const { body } = await replay(workbench.url, recorded('grafana-12.2.0', 'user-permissions'));
    const own = Object.keys(body as object).filter((action) => !action.startsWith(PLUGIN));
    expect(own.filter((action) => !known.includes(action))).toEqual([]);
    expect(own).toContain('plugins:write');
  });
});

describe('pages', () => {
  test.each(recordedNames('grafana-12.2.0', /^page-(action|role)/))('%s', async (name) => {
    const { request, response } = recorded('grafana-12.2.0', name);
    const answer = await replay(workbench.url, { request });
    expect([answer.status, answer.contentType]).toEqual([response.status, response.contentType]);
    if (response.status === 302) {
      expect(answer.body).toBe((response.body as string).replaceAll('triage-troubleshooting-app', PLUGIN));
    }
  });
});

describe('annotations', () => {
  test('a life: created, found by all or any tag and in a range, patched, deleted', async () => {
    const create = recorded('grafana-12.2.0', 'annotation-create-editor');
    const { body } = await replay(workbench.url, create);
    const { id } = body as { id: number };
    expect(shapeDifferences(create.response.body, body)).toEqual([]);
    for (const name of [
      'annotations-by-tag',
      'annotations-by-tags-viewer',
      'annotations-by-tags-any',
      'annotations-by-tags-in-range',
      'annotations-tags',
    ]) {
      const exchange = recorded('grafana-12.2.0', name);
      expect([name, shapeDifferences(exchange.response.body, (await replay(workbench.url, exchange)).body)]).toEqual([
        name,
        [],
      ]);
    }
    const at = (name: string) => {
      const exchange = recorded('grafana-12.2.0', name);
      return { ...exchange, request: { ...exchange.request, path: `/api/annotations/${id}` } };
    };
    const one = at('annotation-get');
    expect(shapeDifferences(one.response.body, (await replay(workbench.url, one)).body)).toEqual([]);
    for (const name of ['annotation-patch-editor', 'annotation-delete-editor']) {
      const exchange = at(name);
      expect(await replay(workbench.url, exchange)).toMatchObject({
        status: exchange.response.status,
        body: exchange.response.body,
      });
    }
    expect((await replay(workbench.url, one)).status).toBe(404);
  });

  test.each([
    'annotation-create-viewer',
    'annotation-create-dashboard-viewer',
    'annotation-create-no-text',
    'viewer-annotation-create',
  ])('%s', async (name) => {
    const { request, response } = recorded('grafana-12.2.0', name);
    expect(await replay(workbench.url, { request })).toMatchObject(response);
  });
});

test('data sources are listed for Admin only, as in Grafana', async () => {
  const { request } = recorded('grafana-12.2.0', 'datasources');
  const { status, body } = await replay(workbench.url, { request: { ...request, as: 'viewer' } });
  expect(status).toBe(403);
  expect(body).toMatchObject({ message: expect.stringContaining('datasources:read') });
});

test('a data source that is gone is not healthy', async () => {
  const { status, body } = await replay(workbench.url, {
    request: { method: 'GET', path: '/api/datasources/uid/loki/health' },
  });
  expect(status).toBe(400);
  expect(body).toMatchObject({ status: 'ERROR', message: expect.stringMatching(/\S/) });
});

test('?as= and ?theme= are kept in cookies and leave the address', async () => {
  const response = await fetch(`${workbench.url}/a/${PLUGIN}/service?as=viewer&at=5&theme=light`, {
    redirect: 'manual',
  });
  expect(response.status).toBe(302);
  expect(response.headers.get('location')).toBe(`/a/${PLUGIN}/service?at=5`);
  const cookie = response.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  const page = await (await fetch(`${workbench.url}/`, { headers: { cookie } })).text();
  expect(page).toContain('"orgRole":"Viewer"');
  expect(page).toContain('class="theme-light"');
});

test('the logos that the data sources name are there', async () => {
  const { body } = await replay(workbench.url, recorded('grafana-12.2.0', 'datasources'));
  for (const { typeLogoUrl } of body as Array<{ typeLogoUrl: string }>) {
    const response = await fetch(`${workbench.url}/${typeLogoUrl}`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
  }
});

test('no file outside of the plugin is served', async () => {
  for (const path of ['..%2f..%2f..%2fetc%2fpasswd', '%2e%2e/%2e%2e/package.json', '..%2fmodule.js.map']) {
    expect((await fetch(`${workbench.url}/public/plugins/${PLUGIN}/${path}`)).status).toBe(404);
  }
});
