import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The parts of plugin.json that a host acts on. */
export interface PluginJson {
  id: string;
  name: string;
  type: string;
  info: { version?: string; description?: string; logos?: { small?: string; large?: string } };
  includes?: PluginInclude[];
  routes?: PluginRoute[];
  roles?: PluginRole[];
  dependencies?: { grafanaDependency?: string };
  extensions?: Record<string, unknown[]>;
  languages?: string[];
}

export interface PluginInclude {
  type: string;
  name: string;
  path?: string;
  icon?: string;
  role?: string;
  action?: string;
  addToNav?: boolean;
  defaultNav?: boolean;
}

export interface PluginRoute {
  path: string;
  method?: string;
  url: string;
  reqAction?: string;
  reqRole?: string;
  headers?: Array<{ name: string; content: string }>;
  body?: unknown;
}

interface PluginRole {
  role: { name: string; permissions: Array<{ action: string; scope?: string }> };
  grants: string[];
}

/**
 * Reads `plugin.json` of a built plugin.
 *
 * @throws Error that says what to do when there is none, or it is not an app
 */
export function readPluginJson(dist: string): PluginJson {
  const file = path.join(dist, 'plugin.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new Error(`${file} is not there: build the plugin first, or name its folder with --plugin-dist`);
  }
  const plugin = JSON.parse(text) as PluginJson;
  if (plugin.type !== 'app' || !plugin.id) {
    throw new Error(`${file}: the workbench carries app plugins, this one is of type "${plugin.type}"`);
  }
  return JSON.parse(text.replaceAll('%PLUGIN_ID%', plugin.id)) as PluginJson;
}
