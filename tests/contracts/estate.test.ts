/** The estate on its whole way: the plugin's sources, Grafana's proxy with the plugin's own routes, and the real service. */
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFetchAsk, createSources } from '@live-runbooks/sources';
import { TOKEN } from '../../diagnostics/tests/rig/secrets';
import { serve, type TestService } from '../../diagnostics/tests/rig/service';
import { createListener } from '../../workbench/src/server/http/listener';
import { readPluginJson } from '../../workbench/src/server/plugin/pluginJson';
import { routes } from '../../workbench/src/server/routes';

const plugin = readPluginJson('src');
const directory = mkdtempSync(join(tmpdir(), 'estate-'));
let service: TestService;
let host: http.Server;

beforeAll(async () => {
  // Nobody listens there: what is kept does not depend on what is asked.
  const target = { id: 'nobody', kind: 'redis', host: '127.0.0.1', port: 1 };
  service = await serve([target], { state: { directory }, requireIdentity: true });
  const settings = {
    ...{ enabled: true, pinned: true },
    ...{ jsonData: { diagnosticsUrl: service.url }, secureJsonData: { diagnosticsToken: TOKEN } },
  };
  host = http.createServer(
    createListener({ plugin, pluginDist: 'src', settings, dataSources: [], annotations: [] }, routes)
  );
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  host.closeAllConnections();
  host.close();
  await service.close();
  rmSync(directory, { recursive: true });
});

/** The sources of a page that this person has open. */
const as = (person: 'viewer' | 'editor' | 'admin') =>
  createSources({
    ask: createFetchAsk({
      baseUrl: `http://127.0.0.1:${(host.address() as AddressInfo).port}`,
      headers: { cookie: `workbench_as=${person}` },
    }),
    pluginId: plugin.id,
    now: () => Date.now(),
  });

describe('the estate, through the proxy', () => {
  test('is read by everybody, and written by editors over the version that they read', async () => {
    const ours = { components: { 'shop.checkout': { adopt: true } } };
    expect(await as('viewer').estate()).toEqual({ kind: 'kept', version: '0' });
    expect(await as('viewer').writeEstate(ours, '0')).toMatchObject({ kind: 'failure', reason: 'no-permission' });
    const written = await as('editor').writeEstate(ours, '0');
    expect(written).toMatchObject({ kind: 'kept', estate: ours, writtenBy: 'editor' });
    expect(await as('viewer').estate()).toEqual(written);
    expect(await as('admin').writeEstate({}, '0')).toEqual({ kind: 'changed' });
    expect(await as('viewer').estate()).toEqual(written);
  });

  test('of which something is wrong is refused in words that say what', async () => {
    const wrong = { components: { 'No id': {} } };
    const now = await as('admin').estate();
    const answer = await as('admin').writeEstate(wrong, now.kind === 'kept' ? now.version : '');
    expect(answer).toMatchObject({ kind: 'failure', detail: expect.stringContaining('lower-case words') });
  });

  test('has packs beside it, none where no directory is configured', async () => {
    expect(await as('viewer').packs()).toEqual({ packs: [], problems: [] });
  });
});
