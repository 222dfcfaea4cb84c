import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { buildHost, hostIsBuilt } from '../../build';
import { createListener } from './http/listener';
import { readPluginJson } from './plugin/pluginJson';
import { readDataSources } from './provisioning/dataSources';
import { readPluginSettings } from './provisioning/pluginSettings';
import { routes } from './routes';
import type { WorkbenchState } from './state';

export interface WorkbenchOptions {
  /** A built plugin, the folder with plugin.json. */
  pluginDist: string;
  /** The folder with `datasources/` and `plugins/`, as Grafana's. */
  provisioning: string;
  /** Fills `$NAME` in the provisioning files; `process.env` unless given. */
  environment?: NodeJS.ProcessEnv;
  /** 0, the default, takes a free port. */
  port?: number;
  /** The control server of the demo. */
  control?: string;
  /** Told what takes time. */
  onProgress?: (line: string) => void;
}

export interface Workbench {
  /** Without a slash at the end. */
  url: string;
  port: number;
  close: () => Promise<void>;
}

/**
 * Starts the workbench on the loopback interface; builds the browser's half first if its sources have changed.
 *
 * @throws Error that says what to do: no plugin, a provisioning file that is not YAML, a port that is taken
 */
export async function startWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { provisioning, environment = process.env, port = 0, control, onProgress = () => {} } = options;
  const pluginDist = path.resolve(options.pluginDist);
  const plugin = readPluginJson(pluginDist);
  const state: WorkbenchState = {
    plugin,
    pluginDist,
    settings: readPluginSettings(provisioning, plugin.id, environment),
    dataSources: readDataSources(provisioning, environment),
    annotations: [],
    control: control?.replace(/\/+$/, ''),
  };
  if (!hostIsBuilt()) {
    onProgress('building the host (once) …');
    const { tookMs } = await buildHost();
    onProgress(`built in ${tookMs} ms`);
  }
  const server = http.createServer(createListener(state, routes));
  server.requestTimeout = 0;
  await listen(server, port);
  const address = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${address.port}`, port: address.port, close: () => close(server) };
}

function listen(server: http.Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`port ${port} is taken: choose another with --port`) : error)
    );
    server.listen(port, '127.0.0.1', resolve);
  });
}

function close(server: http.Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
