import type { PanelPlugin } from '@grafana/data';
import { config } from '@grafana/runtime';
import { logs } from './logs';
import { stat } from './stat';
import { table } from './table';
import { timeseries } from './timeseries';

/** The panels that a scene can ask for, by their id in Grafana. */
export const panelPlugins: Readonly<Record<string, PanelPlugin>> = { timeseries, stat, table, logs } as never;

/** Gives each panel the `meta` that Grafana reads from its plugin.json. */
export function describePanels(): void {
  for (const [id, plugin] of Object.entries(panelPlugins)) {
    plugin.meta = { id, name: id, type: 'panel', info: { version: config.buildInfo.version } } as never;
  }
}
