import { bind, plan, type BoundPack, type Pack } from '@live-runbooks/engine';
import type { EstateState } from '../estate/Discovery';
import type { Settings } from '../grafana/settings';
import type { Question } from './evaluation';

/** Packs with their parameters bound: the URL first, then what is configured, then the packs' defaults. */
export function bindPacks(
  packs: readonly Pack[],
  settings: Settings,
  params: Readonly<Record<string, string>>
): BoundPack[] {
  return packs.map((pack) => bind(pack, { url: params, configured: settings.params?.[pack.id] ?? {} }));
}

/**
 * The question behind Triage: everything that the chosen packs and the components that were `found` can ask, and whatever else is
 * red but belongs to `others`. `bounds` has to keep its identity as long as it asks the same: more components only add to it.
 */
export function triageQuestion(
  bounds: readonly BoundPack[],
  at: number | undefined,
  others: readonly BoundPack[] = [],
  found?: EstateState
): Question {
  const all = [...bounds, ...(found?.bounds ?? [])];
  return {
    ...{ bounds: all, plan: plan(all), of: bounds, at },
    everything: { others, unread: found?.unread },
    ...(found === undefined ? {} : { estate: found.estate, requestsBefore: found.requests }),
  };
}

/** The question behind one runbook. */
export function runbookQuestion(bound: BoundPack, runbook: string, at: number | undefined): Question {
  const bounds = [bound];
  return { bounds, plan: plan(bounds, { runbooks: [runbook] }), only: [`${bound.pack.id}/${runbook}`], at };
}
