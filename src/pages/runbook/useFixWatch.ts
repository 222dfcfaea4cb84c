import { useMemo, useState } from 'react';
import {
  fillFix,
  watchFix,
  type BoundPack,
  type FilledFix,
  type FixWatch,
  type Outcome,
  type Runbook,
} from '@live-runbooks/engine';
import type { Evaluation } from '../../evaluation/evaluation';
import type { PageUrl } from '../../url/pageUrl';
import { outcomeOf } from '../../view/signals';

export interface WatchedFix {
  readonly title: string;
  readonly copiedAt: number;
  readonly state: FixWatch;
}

/** An hour at the pace of a watch: a page that is left open does not grow for ever. */
const MOST_OUTCOMES = 2_400;

interface Seen {
  readonly key: string;
  /** The evaluation that was seen last. */
  readonly evaluation: Evaluation;
  /** The fix as it was when its command was copied, so that the watch knows where it started from. */
  readonly filled: FilledFix;
  readonly history: readonly Outcome[];
}

/**
 * Watches the signal that a copied fix has to change. Only whole evaluations count, so that an answer of the round
 * before is not taken for the effect. After a reload the watch goes on from what is seen then.
 */
export function useFixWatch(
  bound: BoundPack,
  runbook: Runbook,
  asked: PageUrl['watch'],
  evaluation: Evaluation | undefined,
  clock: () => number
): WatchedFix | undefined {
  const [seen, setSeen] = useState<Seen>();
  const fix = asked && runbook.fixes[asked.fix] ? asked.fix : undefined;
  const key = fix && asked ? `${fix}@${asked.copiedAt}` : undefined;

  // State that follows from a new evaluation: set while rendering, so that no frame shows the old one.
  if (fix && key && evaluation?.progress.done && (seen?.key !== key || seen.evaluation !== evaluation)) {
    const before = seen?.key === key ? seen : undefined;
    const filled = before?.filled ?? fillFix(bound, runbook.id, fix, evaluation.outcomes);
    const { signal, underway } = filled.verify ?? {};
    const outcomes = [signal, underway].flatMap((id) => {
      const outcome = id === undefined ? undefined : outcomeOf(evaluation.outcomes, filled.pack, id);
      return outcome ? [outcome] : [];
    });
    setSeen({ key, evaluation, filled, history: [...(before?.history ?? []), ...outcomes].slice(-MOST_OUTCOMES) });
  }

  return useMemo(() => {
    if (!fix || !asked || !seen || seen.key !== key) {
      return undefined;
    }
    const state = watchFix(seen.filled, [...seen.history], asked.copiedAt, clock());
    return { title: seen.filled.fix.title, copiedAt: asked.copiedAt, state };
  }, [fix, asked, seen, key, clock]);
}
