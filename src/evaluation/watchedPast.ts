import { forkJoin, map, toArray, type Observable } from 'rxjs';
import {
  fillFix,
  judgeAll,
  watchPast,
  type BoundPack,
  type FilledFix,
  type Outcome,
  type OutcomeMap,
  type Plan,
  type Reading,
} from '@live-runbooks/engine';
import type { Sources } from '@live-runbooks/sources';
import type { PageUrl } from '../url/pageUrl';
import { watchedOutcomes } from '../view/signals';

/** How a watch began: the fix as it was filled at the copy, and what was so since. */
export interface WatchStart {
  readonly filled: FilledFix;
  readonly history: readonly Outcome[];
}

type Asks = Pick<Sources, 'evaluate'>;

/**
 * Reads from the data how the watch of a copied fix began and went on: the same for the page that copied it and is loaded
 * anew, and for everybody who has its link. What was not recorded stays unknown. Emits once and never errors.
 */
export function watchedPast(
  sources: Asks,
  bound: BoundPack,
  runbook: string,
  { fix, copiedAt, typed }: NonNullable<PageUrl['watch']>,
  clock: () => number
): Observable<WatchStart> {
  const { copy, looks } = watchPast(bound, runbook, fix, copiedAt, clock());
  const asked = [copy, ...looks.at.map((at) => ({ at, plan: looks.plan }))];
  return forkJoin(asked.map(({ at, plan }) => outcomesThen(sources, bound, plan, at))).pipe(
    map(([then, ...later]) => {
      const filled = fillFix(bound, runbook, fix, then ?? new Map(), typed);
      return { filled, history: later.flatMap((outcomes) => watchedOutcomes(filled, outcomes)) };
    })
  );
}

/** The outcomes of a moment, dated then: a source says when it was asked, a check when it was made. */
function outcomesThen(sources: Asks, bound: BoundPack, plan: Plan, at: number): Observable<OutcomeMap> {
  return sources.evaluate(plan, { at, exact: true }).pipe(
    toArray(),
    map((told) => {
      const readings = told.flatMap((one): Array<[string, Reading]> =>
        'beside' in one
          ? []
          : [[one.query, one.reading.kind === 'check' ? one.reading : { ...one.reading, askedAt: at }]]
      );
      return judgeAll([bound], plan, new Map(readings), at);
    })
  );
}
