/** Which cause goes before which, and who leads. */
import type { CompiledRunbook } from '../compiled/model';
import type { Verdict } from '../model/pack';
import type { Entry } from './verdict';

/** Two leaders further apart than this (odds of 4 to 1) are told apart whatever the unknowns are. */
const RIVAL_GAP = 6;
const TIER: Readonly<Record<Verdict, number>> = { likely: 0, possible: 1, 'cannot-assess': 2, unlikely: 2, refuted: 3 };

/** Whether a cause is likely or possible. */
export function isSuspect({ verdict }: Entry): boolean {
  return TIER[verdict] <= 1;
}

/** Orders causes, the surest first; equals go by name. */
export function bySureness(a: Entry, b: Entry): number {
  return (
    TIER[a.verdict] - TIER[b.verdict] ||
    b.weighed.score - a.weighed.score ||
    b.weighed.best - a.weighed.best ||
    (a.compiled.cause.id < b.compiled.cause.id ? -1 : 1)
  );
}

/** Suspects that another one explains come after those that nobody explains. */
export function stepBack(sorted: readonly Entry[], explained: ReadonlySet<Entry>): Entry[] {
  return [
    ...sorted.filter((entry) => isSuspect(entry) && !explained.has(entry)),
    ...sorted.filter((entry) => explained.has(entry)),
    ...sorted.filter((entry) => !isSuspect(entry)),
  ];
}

const NOBODY: ReadonlySet<Entry> = new Set();

/**
 * Suspects that a stronger or equally sure one explains. Of two that explain each other the stronger stays. What a change is
 * known to have begun is not explained by what else is there: two faults at once are two suspects.
 */
export function explainedAmong(sorted: readonly Entry[], edges: CompiledRunbook['edges']): ReadonlySet<Entry> {
  if (edges.size === 0) {
    return NOBODY;
  }
  const suspects = sorted.filter(isSuspect);
  const by = new Map<Entry, Entry>();
  const descendsFrom = (entry: Entry, ancestor: Entry): boolean => {
    for (let at: Entry | undefined = entry; at !== undefined; at = by.get(at)) {
      if (at === ancestor) {
        return true;
      }
    }
    return false;
  };
  for (const upstream of suspects) {
    const named = edges.get(upstream.compiled.cause.id);
    for (const downstream of named === undefined ? [] : suspects) {
      if (
        named?.has(downstream.compiled.cause.id) === true &&
        !by.has(downstream) &&
        !(downstream.verdict === 'likely' && downstream.weighed.byChange) &&
        TIER[upstream.verdict] <= TIER[downstream.verdict] &&
        !descendsFrom(upstream, downstream)
      ) {
        by.set(downstream, upstream);
      }
    }
  }
  return new Set(by.keys());
}

/** The first suspect that nobody explains, and those that cannot be told from it. */
export function leadersOf(ranked: readonly Entry[], explained: ReadonlySet<Entry>): Entry[] {
  const [first, ...rest] = ranked.filter((entry) => isSuspect(entry) && !explained.has(entry));
  if (first === undefined) {
    return [];
  }
  const rivals = rest.filter(
    ({ weighed }) => weighed.best >= first.weighed.worst && first.weighed.score - weighed.score <= RIVAL_GAP
  );
  return [first, ...rivals];
}
