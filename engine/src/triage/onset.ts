/** When trouble and changes began, as an interval: nothing is before or after another unless their intervals lie apart. */
import type { Interval } from '../model/changes';
import type { BoundPack, OutcomeMap } from '../model/bound';
import type { Outcome } from '../model/outcome';
import type { Signal } from '../model/pack';
import { ONSET_STEP_MS } from '../planning/onset';
import { rangesOf } from '../wording/duration';

/** The diagnostics service sees what began at most so long after it did, at its own pace. */
const ROUND_MS = 10_000;

/**
 * Of a signal that is present. `asked` holds what `onsetBounds` asked: when it was last not present. Undefined where nobody knows.
 */
export function onsetOf(bound: BoundPack, signal: Signal, outcome: Outcome, asked: OutcomeMap): Interval | undefined {
  const { query } = signal;
  if (query.source === 'prometheus') {
    const last = asked.get(`${bound.pack.id}/${signal.id}`);
    if (last?.state !== 'present' || last.value === undefined) {
      return undefined;
    }
    const quiet = last.value * 1000;
    return { from: quiet - lagOf(bound, signal, query.expr), to: quiet + ONSET_STEP_MS + scrapeOf(bound) };
  }
  if (outcome.since === undefined) {
    return undefined;
  }
  // An alert waits, and its window does: how long before it fires something began it does not say.
  return { from: query.source === 'diagnostics' ? outcome.since - ROUND_MS : -Infinity, to: outcome.since };
}

/** The earliest of several; one that is not known may have been earlier still. */
export function earliestOf(onsets: ReadonlyArray<Interval | undefined>): Interval | undefined {
  const known = onsets.filter((onset) => onset !== undefined);
  return known.length === 0
    ? undefined
    : {
        from: known.length < onsets.length ? -Infinity : Math.min(...known.map(({ from }) => from)),
        to: Math.min(...known.map(({ to }) => to)),
      };
}

export function orderOf(change: Interval | undefined, onset: Interval | undefined): 'before' | 'after' | 'unclear' {
  if (change === undefined || onset === undefined) {
    return 'unclear';
  }
  return change.to < onset.from ? 'before' : change.from > onset.to ? 'after' : 'unclear';
}

/** A rate reaches its threshold up to a window after what it measures began; a threshold of 0 is passed by the first of it. */
function lagOf(bound: BoundPack, { test }: Signal, expr: string): number {
  const threshold = 'above' in test ? test.above : 1;
  const text = expr.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => bound.values[name] ?? '');
  const ranges = rangesOf(text).map(({ ms }) => ms);
  return threshold === 0 || ranges.length === 0 ? 0 : Math.min(...ranges);
}

function scrapeOf(bound: BoundPack): number {
  const [range] = rangesOf(`[${bound.values['scrape'] ?? ''}]`);
  return range?.ms ?? 60_000;
}
