/** Looking up a signal and its outcome by the key that plans and outcomes use: `<pack>/<signal>`. */
import type { Evaluation } from '../evaluation/evaluation';
import type { BoundPack, Outcome, OutcomeMap, PlannedQuery, Plan, Signal } from '@live-runbooks/engine';

export function signalKey(pack: string, signal: string): string {
  return `${pack}/${signal}`;
}

export function signalOf(bounds: readonly BoundPack[], key: string): Signal | undefined {
  const slash = key.indexOf('/');
  return bounds.find((b) => b.pack.id === key.slice(0, slash))?.pack.signals[key.slice(slash + 1)];
}

export function outcomeOf(outcomes: OutcomeMap, pack: string, signal: string): Outcome | undefined {
  return outcomes.get(signalKey(pack, signal));
}

/** Keys of the signals that the diagnosed runbooks judge: their symptoms and the evidence of their causes. */
export function diagnosedSignals(evaluation: Evaluation, bounds: readonly BoundPack[]): ReadonlySet<string> {
  const keys = evaluation.diagnoses.flatMap(({ pack, runbook: id }) => {
    const runbook = bounds.find((b) => b.pack.id === pack)?.pack.runbooks.find((r) => r.id === id);
    const signals = runbook
      ? [...runbook.symptoms, ...runbook.causes.flatMap((c) => c.evidence.map((e) => e.signal))]
      : [];
    return signals.map((signal) => signalKey(pack, signal));
  });
  return new Set(keys);
}

/** The planned query whose answer this signal reads; undefined for one that could not be planned. */
export function queryOf(plan: Plan, pack: string, signal: string): PlannedQuery | undefined {
  const key = signalKey(pack, signal);
  return plan.queries.find((q) => q.signals.includes(key));
}
