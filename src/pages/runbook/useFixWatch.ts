import { useEffect, useMemo, useState } from 'react';
import { fillFix, watchFix, type BoundPack, type FixWatch, type Outcome, type Runbook } from '@live-runbooks/engine';
import { useLiveRunbooks } from '../../context/LiveRunbooks';
import type { Evaluation } from '../../evaluation/evaluation';
import { watchedPast, type WatchStart } from '../../evaluation/watchedPast';
import type { PageUrl } from '../../url/pageUrl';
import { watchedOutcomes } from '../../view/signals';

export interface WatchedFix {
  readonly title: string;
  readonly copiedAt: number;
  readonly state: FixWatch;
}

/** An hour at the pace of a watch: a page that is left open does not grow for ever. */
const MOST_OUTCOMES = 2_400;

/** What belongs to one watch; that of another one is forgotten. */
interface Kept {
  readonly bound: BoundPack;
  readonly watch: NonNullable<PageUrl['watch']>;
}

/**
 * Watches the signal that a copied fix has to change. Only whole evaluations count, so that an answer of the round
 * before is not taken for the effect. A page that did not see the copy, after a reload or at a colleague's, asks the data
 * how it was then and what was so since.
 *
 * @param asked has to keep its identity as long as it asks the same
 */
export function useFixWatch(
  bound: BoundPack,
  runbook: Runbook,
  asked: PageUrl['watch'],
  evaluation: Evaluation | undefined
): WatchedFix | undefined {
  const { sources, clock } = useLiveRunbooks();
  const [started, setStarted] = useState<Kept & WatchStart>();
  const [seen, setSeen] = useState<Kept & { evaluation: Evaluation; history: readonly Outcome[] }>();
  const watch = asked && runbook.fixes[asked.fix] ? asked : undefined;
  const isKept = (kept: Kept | undefined) => kept?.watch === watch && kept?.bound === bound;
  const start = isKept(started) ? started : undefined;

  // State that follows from a new evaluation: set while rendering, so that no frame shows the old one.
  if (watch && !start && evaluation?.progress.whole && evaluation.judgedAt <= watch.copiedAt) {
    const filled = fillFix(bound, runbook.id, watch.fix, evaluation.outcomes, watch.typed);
    setStarted({ bound, watch, filled, history: [] });
  }
  if (watch && start && evaluation?.progress.done && seen?.evaluation !== evaluation) {
    const before = isKept(seen) ? (seen?.history ?? []) : [];
    const history = [...before, ...watchedOutcomes(start.filled, evaluation.outcomes)].slice(-MOST_OUTCOMES);
    setSeen({ bound, watch, evaluation, history });
  }

  const unseen = start ? undefined : watch;
  useEffect(() => {
    if (!unseen) {
      return undefined;
    }
    const subscription = watchedPast(sources, bound, runbook.id, unseen, clock).subscribe((past) =>
      setStarted({ bound, watch: unseen, ...past })
    );
    return () => subscription.unsubscribe();
  }, [unseen, sources, bound, runbook.id, clock]);

  const history = isKept(seen) ? seen?.history : undefined;
  return useMemo(() => {
    if (!watch || !start) {
      return undefined;
    }
    const state = watchFix(start.filled, [...start.history, ...(history ?? [])], watch.copiedAt, clock());
    return { title: start.filled.fix.title, copiedAt: watch.copiedAt, state };
  }, [watch, start, history, clock]);
}
