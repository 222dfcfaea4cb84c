import type { AppPluginMeta } from '@grafana/data';

/** What the server writes into the page beside Grafana's boot data. */
interface WorkbenchPage {
  pluginId: string;
  /** Whether a demo control server is connected (`--control`). */
  demo: boolean;
}

declare global {
  interface Window {
    workbench: WorkbenchPage;
  }
}

export const workbenchPage: WorkbenchPage = window.workbench;

/** The plugin's settings, as `/api/plugins/<id>/settings` answers them. */
export async function fetchPluginMeta(): Promise<AppPluginMeta> {
  const response = await fetch(`/api/plugins/${workbenchPage.pluginId}/settings`);
  if (!response.ok) {
    throw new Error(`The plugin's settings answered HTTP ${response.status}`);
  }
  return response.json();
}
