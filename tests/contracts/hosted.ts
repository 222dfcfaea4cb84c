/** The plugin's sources on their whole way: Grafana's proxy with the plugin's own routes, and the real service. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFetchAsk, createSources, type Sources } from '@live-runbooks/sources';
import { TOKEN } from '../../diagnostics/tests/rig/secrets';
import { serve } from '../../diagnostics/tests/rig/service';
import { createListener } from '../../workbench/src/server/http/listener';
import { readPluginJson } from '../../workbench/src/server/plugin/pluginJson';
import { routes } from '../../workbench/src/server/routes';

export interface Hosted {
  /** The sources of a page that this person has open. */
  as(person: 'viewer' | 'editor' | 'admin'): Sources;
  close(): Promise<void>;
}

/** Starts the service with these options, and a host of the plugin before it. */
export async function host(options: Readonly<Record<string, unknown>>): Promise<Hosted> {
  const plugin = readPluginJson('src');
  // Nobody listens there: what is kept does not depend on what is asked.
  const target = { id: 'nobody', kind: 'redis', host: '127.0.0.1', port: 1 };
  const service = await serve([target], options);
  const settings = {
    ...{ enabled: true, pinned: true },
    ...{ jsonData: { diagnosticsUrl: service.url }, secureJsonData: { diagnosticsToken: TOKEN } },
  };
  const server = http.createServer(
    createListener({ plugin, pluginDist: 'src', settings, dataSources: [], annotations: [] }, routes)
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    as: (person) =>
      createSources({
        ask: createFetchAsk({
          baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          headers: { cookie: `workbench_as=${person}` },
        }),
        pluginId: plugin.id,
        now: () => Date.now(),
      }),
    async close() {
      server.closeAllConnections();
      server.close();
      await service.close();
    },
  };
}
