import type { PluginJson } from './plugin/pluginJson';
import type { PluginSettings } from './plugin/settings';
import type { DataSource } from './provisioning/dataSources';

/** An annotation in Grafana's shape; times in milliseconds. Kept as long as the process lives. */
export interface Annotation {
  id: number;
  alertId: number;
  alertName: string;
  dashboardId: number;
  dashboardUID: string;
  panelId: number;
  userId: number;
  newState: string;
  prevState: string;
  created: number;
  updated: number;
  time: number;
  timeEnd: number;
  text: string;
  tags: string[];
  login: string;
  email: string;
  avatarUrl: string;
  data: object;
}

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
