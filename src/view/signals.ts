/** Looking up a signal and its outcome by the key that plans and outcomes use: `<pack>/<signal>`. */
import type { Evaluation } from '../evaluation/evaluation';
import {
  judgedKeys,
  type BoundPack,
  type FilledFix,
  type Outcome,
  type OutcomeMap,
  type PlannedQuery,
  type Plan,
  type Signal,
} from '@live-runbooks/engine';

export function signalKey(pack: string, signal: string): string {
  return `${pack}/${signal}`;
}

export function signalOf(bounds: readonly BoundPack[], key: string): Signal | undefined {
  const slash = key.lastIndexOf('/');
  return bounds.find((b) => b.pack.id === key.slice(0, slash))?.pack.signals[key.slice(slash + 1)];
}

export function outcomeOf(outcomes: OutcomeMap, pack: string, signal: string): Outcome | undefined {
  return outcomes.get(signalKey(pack, signal));
}

/** The outcomes that show whether a fix worked, and whether it is still at work. */
export function watchedOutcomes({ pack, verify }: FilledFix, outcomes: OutcomeMap): Outcome[] {
  return [verify?.signal, verify?.underway].flatMap((id) => {
    const outcome = id === undefined ? undefined : outcomeOf(outcomes, pack, id);
    return outcome ? [outcome] : [];
  });
}

/** Keys of the signals that the diagnosed runbooks judge. */
export function diagnosedSignals(evaluation: Evaluation, bounds: readonly BoundPack[]): ReadonlySet<string> {
  const packs = new Map(bounds.map(({ pack }) => [pack.id, pack]));
  return new Set(
    evaluation.diagnoses.flatMap(({ pack: id, runbook }) => {
      const pack = packs.get(id);
      return pack === undefined ? [] : judgedKeys(pack, runbook);
    })
  );
}

/** The planned query whose answer this signal reads; undefined for one that could not be planned. */
export function queryOf(plan: Plan, pack: string, signal: string): PlannedQuery | undefined {
  const key = signalKey(pack, signal);
  return plan.queries.find((q) => q.signals.includes(key));
}
