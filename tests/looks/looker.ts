/** Evaluates all packs against a Grafana (or the workbench) again and again, as Triage does while somebody watches it. */
import { lastValueFrom } from 'rxjs';
import { evaluate } from '../../src/evaluation/evaluate';
import type { Evaluation } from '../../src/evaluation/evaluation';
import { bindPacks, triageQuestion } from '../../src/evaluation/question';
import { SHIPPED_PACKS } from '../packs/shippedPacks';
import { openSources } from './grafanaSources';

export interface Looker {
  /** One whole evaluation. Never rejects: what fails is an unknown outcome. */
  look(): Promise<Evaluation>;
}

/** Binds the packs as the plugin's settings on that Grafana bind them. Errors: it does not answer. */
export async function openLooker(grafana: string): Promise<Looker> {
  const { settings, sources } = await openSources(grafana);
  const question = triageQuestion(bindPacks(SHIPPED_PACKS, settings, {}), undefined);
  return { look: () => lastValueFrom(evaluate(sources, question, Date.now)) };
}
