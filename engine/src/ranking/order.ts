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

/** Those that something explains. */
export type Explained = Pick<ReadonlyMap<Entry, unknown>, 'has' | 'size'>;

/** Suspects that another one explains come after those that nobody explains. */
export function stepBack(sorted: readonly Entry[], explained: Explained): Entry[] {
  return [
    ...sorted.filter((entry) => isSuspect(entry) && !explained.has(entry)),
    ...sorted.filter((entry) => explained.has(entry)),
    ...sorted.filter((entry) => !isSuspect(entry)),
  ];
}

const NOBODY: ReadonlyMap<Entry, Entry> = new Map();

/**
 * Suspects that a stronger or equally sure one explains, each with that one: by its name, or over the arrows. Of two that explain each
 * other the stronger stays. What a change is known to have begun is not explained by name: two faults at once are two suspects.
 */
export function explainedAmong(
  sorted: readonly Entry[],
  edges: CompiledRunbook['edges'],
  overArrows: ((upstream: Entry, downstream: Entry) => boolean) | undefined
): ReadonlyMap<Entry, Entry> {
  if (edges.size === 0 && overArrows === undefined) {
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
    for (const downstream of named === undefined && overArrows === undefined ? [] : suspects) {
      const isNamed =
        named?.has(downstream.compiled.cause.id) === true &&
        !(downstream.verdict === 'likely' && downstream.weighed.byChange);
      if (
        !by.has(downstream) &&
        (isNamed || overArrows?.(upstream, downstream) === true) &&
        TIER[upstream.verdict] <= TIER[downstream.verdict] &&
        !descendsFrom(upstream, downstream)
      ) {
        by.set(downstream, upstream);
      }
    }
  }
  return by;
}

/** The first suspect that nobody explains, and those that cannot be told from it. */
export function leadersOf(ranked: readonly Entry[], explained: Explained): Entry[] {
  const [first, ...rest] = ranked.filter((entry) => isSuspect(entry) && !explained.has(entry));
  if (first === undefined) {
    return [];
  }
  const rivals = rest.filter(
    ({ weighed }) => weighed.best >= first.weighed.worst && first.weighed.score - weighed.score <= RIVAL_GAP
  );
  return [first, ...rivals];
}
