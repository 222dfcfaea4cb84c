import { bind, plan, type BoundPack, type Pack } from '@live-runbooks/engine';
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

/** The question behind Triage: everything that the chosen packs can ask, and whatever else is red but belongs to `others`. */
export function triageQuestion(
  bounds: readonly BoundPack[],
  at: number | undefined,
  others: readonly BoundPack[] = []
): Question {
  return { bounds, plan: plan(bounds), everything: { others }, at };
}

/** The question behind one runbook. */
export function runbookQuestion(bound: BoundPack, runbook: string, at: number | undefined): Question {
  const bounds = [bound];
  return { bounds, plan: plan(bounds, { runbooks: [runbook] }), only: [`${bound.pack.id}/${runbook}`], at };
}
