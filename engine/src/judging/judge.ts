/**
 * From an answer to an outcome. The rules that keep it honest: an empty answer is what the signal's author says that it
 * means (`unknown` by default), a NaN sample holds no information and counts as empty, an old answer is `stale`, and
 * what could not be asked is unknown with its reason and how to mend it.
 */
import { compiled } from '../compiled/compiled';
import { unasked } from '../compiled/unasked';
import { judgeAlerts } from './alerts';
import { judgeCheck } from './check';
import { combineInto } from './combine';
import { unknown } from './outcomeOf';
import { settle } from './requires';
import { routesOf } from './routes';
import { ownSamples, ownSeriesOf, type OwnSeries } from './ownSamples';
import { judgeSamples } from './samples';
import type { BoundPack, OutcomeMap } from '../model/bound';
import type { Outcome, Reading } from '../model/outcome';
import type { Signal } from '../model/pack';
import type { Plan } from '../model/plan';

/** Judges one reading. `requires` needs the other outcomes and is applied by `judgeAll`. Times in ms. */
export function judge(bound: BoundPack, signalId: string, reading: Reading | undefined, now: number): Outcome {
  const signal = compiled(bound.pack).signals.get(signalId)?.signal;
  if (signal === undefined) {
    throw new Error(`The pack ${bound.pack.id} has no signal ${signalId}.`);
  }
  return judgeSignal(bound, signal, ownSeriesOf(bound, signal), reading, now);
}

/**
 * Judges every signal of a plan. Keys are `<pack>/<signal>`; a query without a reading gives an unknown. A manual
 * signal's answer is looked up under its own key.
 */
export function judgeAll(
  bounds: readonly BoundPack[],
  plan: Plan,
  readings: ReadonlyMap<string, Reading>,
  now: number
): OutcomeMap {
  const outcomes = new Map<string, Outcome>();
  const { readers, unplanned, homes, dependent } = routesOf(bounds, plan);
  for (const { query, homes: readBy } of readers) {
    const reading = readings.get(query);
    for (const { key, bound, signal, own } of readBy) {
      outcomes.set(key, judgeSignal(bound, signal, own, reading, now));
    }
  }
  for (const { home, reason, mend } of unplanned) {
    if (home.signal.query.source === 'combine') {
      continue;
    }
    const answer = home.signal.query.source === 'manual' ? readings.get(home.key) : undefined;
    outcomes.set(
      home.key,
      answer
        ? judgeSignal(home.bound, home.signal, home.own, answer, now)
        : unknown(home.signal, reason, { mend, askedAt: now })
    );
  }
  const settled = new Set<string>();
  for (const { home } of unplanned) {
    combineInto(home, homes, outcomes, settled);
  }
  if (dependent.length > 0) {
    for (const key of dependent) {
      settle(key, homes, outcomes, settled);
    }
  }
  return outcomes;
}

function judgeSignal(
  bound: BoundPack,
  signal: Signal,
  own: OwnSeries | undefined,
  reading: Reading | undefined,
  now: number
): Outcome {
  if (reading === undefined) {
    return unasked(signal.id);
  }
  const { askedAt, tookMs } = reading;
  if (reading.kind === 'failure') {
    return unknown(signal, reading.reason, { detail: reading.detail, mend: reading.mend, askedAt, tookMs });
  }
  const answeredAt = reading.kind === 'check' ? reading.check.askedAt : askedAt;
  if (now - answeredAt > signal.maxAge * 1000) {
    return unknown(signal, 'stale', {
      detail: `the answer is ${Math.round((now - answeredAt) / 1000)} s old`,
      askedAt: answeredAt,
      tookMs,
    });
  }
  switch (reading.kind) {
    case 'samples':
      return judgeSamples(signal, ownSamples(own, reading));
    case 'alerts':
      return judgeAlerts(bound, signal, reading);
    case 'check':
      return judgeCheck(bound, signal, reading);
  }
}
