import type { PluginJson } from './plugin/pluginJson';
import type { PluginSettings } from './plugin/settings';
import type { DataSource } from './provisioning/dataSources';
import type { Annotation } from './routes/annotations';

/** All that the workbench knows; it lives as long as the process. */
export interface WorkbenchState {
  plugin: PluginJson;
  pluginDist: string;
  settings: PluginSettings;
  dataSources: DataSource[];
  annotations: Annotation[];
  /** The control server of the demo, e.g. `http://127.0.0.1:13001`. */
  control?: string;
}
