import { askedBeside, bind, isEstate, plan, type BoundPack, type Pack, type Unread } from '@live-runbooks/engine';
import type { EstateState } from '../estate/Discovery';
import type { Neighbours } from '../estate/useNeighbours';
import type { Settings } from '../grafana/settings';
import type { Question } from './evaluation';

/**
 * Packs with their parameters bound: the URL first, then what is configured, then the packs' defaults. A pack that declares components by
 * their identity has no signals of its own: its components are evaluated, and come from the discovery.
 */
export function bindPacks(
  packs: readonly Pack[],
  settings: Settings,
  params: Readonly<Record<string, string>>
): BoundPack[] {
  return packs
    .filter((pack) => !isEstate(pack))
    .map((pack) => bind(pack, { url: params, configured: settings.params?.[pack.id] ?? {} }));
}

/**
 * The question behind Triage: everything that the chosen packs and the components that were `found` can ask, and whatever else is
 * red but belongs to `others`. `bounds` has to keep its identity as long as it asks the same: more components only add to it. Packs
 * that are not evaluated though they should be are unread from `before`.
 */
export function triageQuestion(
  bounds: readonly BoundPack[],
  at: number | undefined,
  others: readonly BoundPack[] = [],
  found?: EstateState,
  before: { readonly unread?: readonly Unread[]; readonly requests?: number } = {}
): Question {
  const all = [...bounds, ...(found?.bounds ?? [])];
  return {
    ...{ bounds: all, plan: plan(all), of: bounds, at },
    everything: { others, unread: [...(before.unread ?? []), ...(found?.unread ?? [])] },
    ...(found === undefined ? {} : { estate: found.estate }),
    requestsBefore: (before.requests ?? 0) + (found?.requests ?? 0),
  };
}

/** The question behind one runbook, and what shows whether those that its component depends on are in trouble. */
export function runbookQuestion(
  bound: BoundPack,
  runbook: string,
  at: number | undefined,
  beside?: Neighbours
): Question {
  const bounds = [bound, ...(beside?.bounds ?? [])];
  const only = [`${bound.pack.id}/${runbook}`];
  const signals = askedBeside(bound.pack, runbook, bounds, beside?.estate);
  return {
    ...{ bounds, plan: plan(bounds, { runbooks: only, signals }), only, of: bound, at },
    ...(beside === undefined ? {} : { estate: beside.estate }),
  };
}
