/** What the plugin is told in a Grafana (or the workbench), and the sources that it asks through it. */
import { createFetchAsk, createSources, type Sources } from '@live-runbooks/sources';
import { PLUGIN_ID } from '../../src/constants';
import type { Settings } from '../../src/grafana/settings';

/** Errors: the Grafana does not answer. */
export async function openSources(
  grafana: string
): Promise<{ readonly settings: Settings; readonly sources: Sources }> {
  const answer = await fetch(`${grafana}/api/plugins/${PLUGIN_ID}/settings`);
  const settings = ((await answer.json()) as { jsonData: Settings }).jsonData;
  const sources = createSources({
    ask: createFetchAsk({ baseUrl: grafana }),
    pluginId: PLUGIN_ID,
    prometheusUid: settings.prometheusUid,
    lokiUid: settings.lokiUid,
    now: Date.now,
  });
  return { settings, sources };
}
