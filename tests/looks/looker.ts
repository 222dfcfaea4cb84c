/** Evaluates all packs against a Grafana (or the workbench) again and again, as Triage does while somebody watches it. */
import { type Pack } from '@live-runbooks/engine';
import { loadPack } from '@live-runbooks/engine/authoring';
import { createDirectAsk, createSources } from '@live-runbooks/sources';
import { lastValueFrom } from 'rxjs';
import { readPackFolder } from '../../cli/src/readPacks';
import { PLUGIN_ID } from '../../src/constants';
import { evaluate } from '../../src/evaluation/evaluate';
import type { Evaluation } from '../../src/evaluation/evaluation';
import { bindPacks, triageQuestion } from '../../src/evaluation/question';
import type { Settings } from '../../src/grafana/settings';

export interface Looker {
  /** One whole evaluation. Never rejects: what fails is an unknown outcome. */
  look(): Promise<Evaluation>;
}

/** The packs of `runbooks/`. Errors: what is wrong with one, by file and line. */
export function readPacks(): readonly Pack[] {
  const { files, packs } = readPackFolder('runbooks');
  return packs.map((path) => {
    const result = loadPack(files, path);
    if (!result.ok) {
      throw new Error(result.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n'));
    }
    return result.pack;
  });
}

/** Binds the packs as the plugin's settings on that Grafana bind them. Errors: it does not answer. */
export async function openLooker(grafana: string): Promise<Looker> {
  const answer = await fetch(`${grafana}/api/plugins/${PLUGIN_ID}/settings`);
  const settings = ((await answer.json()) as { jsonData: Settings }).jsonData;
  const sources = createSources({
    ask: createDirectAsk({ baseUrl: grafana }),
    pluginId: PLUGIN_ID,
    prometheusUid: settings.prometheusUid,
    lokiUid: settings.lokiUid,
    now: Date.now,
  });
  const question = triageQuestion(bindPacks(readPacks(), settings, {}), undefined);
  return { look: () => lastValueFrom(evaluate(sources, question, Date.now)) };
}
