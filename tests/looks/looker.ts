/** Evaluates all packs against a Grafana (or the workbench) again and again, as Triage does while somebody watches it. */
import { createFetchAsk, createSources } from '@live-runbooks/sources';
import { lastValueFrom } from 'rxjs';
import { PLUGIN_ID } from '../../src/constants';
import { evaluate } from '../../src/evaluation/evaluate';
import type { Evaluation } from '../../src/evaluation/evaluation';
import { bindPacks, triageQuestion } from '../../src/evaluation/question';
import type { Settings } from '../../src/grafana/settings';
import { SHIPPED_PACKS } from '../packs/shippedPacks';

export interface Looker {
  /** One whole evaluation. Never rejects: what fails is an unknown outcome. */
  look(): Promise<Evaluation>;
}

/** Binds the packs as the plugin's settings on that Grafana bind them. Errors: it does not answer. */
export async function openLooker(grafana: string): Promise<Looker> {
  const answer = await fetch(`${grafana}/api/plugins/${PLUGIN_ID}/settings`);
  const settings = ((await answer.json()) as { jsonData: Settings }).jsonData;
  const sources = createSources({
    ask: createFetchAsk({ baseUrl: grafana }),
    pluginId: PLUGIN_ID,
    prometheusUid: settings.prometheusUid,
    lokiUid: settings.lokiUid,
    now: Date.now,
  });
  const question = triageQuestion(bindPacks(SHIPPED_PACKS, settings, {}), undefined);
  return { look: () => lastValueFrom(evaluate(sources, question, Date.now)) };
}
