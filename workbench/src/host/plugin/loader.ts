import 'systemjs/dist/system.js';
import 'systemjs/dist/extras/amd.js';
import type { AppPlugin } from '@grafana/data';
import type * as grafanaRuntime from '@grafana/runtime';
import { OFFERED_ONLY_BY_GRAFANA, sharedModules } from './sharedModules';

/** The plugin asked for a module that the host does not offer; in Grafana 12.2 its load ends the same way. */
class ModuleNotOffered extends Error {
  constructor(readonly module: string) {
    super(
      OFFERED_ONLY_BY_GRAFANA.includes(module)
        ? `404 Not Found, loading ${module}: Grafana 12.2 offers this module to plugins, the workbench does not.`
        : `404 Not Found, loading ${module}: Grafana 12.2 does not offer this module to plugins. Bundle it with the plugin.`
    );
    this.name = 'ModuleNotOffered';
  }
}

/**
 * Loads a plugin's unmodified `module.js` as Grafana does: SystemJS, AMD, shared modules by name.
 *
 * @throws ModuleNotOffered when the plugin asks for a shared module that Grafana 12.2 has not
 */
export async function loadAppPlugin(url: string, runtime: Partial<typeof grafanaRuntime>): Promise<AppPlugin> {
  const imports: Record<string, string> = {};
  for (const [name, module] of Object.entries(sharedModules(runtime))) {
    imports[name] = `package:${name}`;
    System.set(`package:${name}`, module);
  }
  System.addImportMap({ imports });
  refuseOtherModules(imports);
  const loaded = (await System.import(url)) as { plugin?: AppPlugin; default?: { plugin?: AppPlugin } };
  const plugin = loaded.plugin ?? loaded.default?.plugin;
  if (!plugin) {
    throw new Error(`${url} does not export "plugin"`);
  }
  return plugin;
}

function refuseOtherModules(offered: Record<string, string>): void {
  const prototype = (System.constructor as { prototype: { resolve: (id: string, parent?: string) => string } })
    .prototype;
  const resolve = prototype.resolve;
  prototype.resolve = function (id, parent) {
    const isBare = !/^(\.{0,2}\/|[a-z]+:)/.test(id);
    if (isBare && !(id in offered)) {
      throw new ModuleNotOffered(id);
    }
    return resolve.call(this, id, parent);
  };
}
