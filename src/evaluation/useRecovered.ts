import { useEffect, useMemo, useState } from 'react';
import { fadingAfter, isLost, recoveryOf, wasTrue, type Fading, type WasTrue } from '@live-runbooks/engine';
import { evaluate, type Asks } from './evaluate';
import type { Evaluation, Question } from './evaluation';

/** What was true before the latest recovery; or that nothing of then was recorded. */
export type Recovered =
  | { readonly recorded: true; readonly causes: readonly WasTrue[]; readonly fading: readonly Fading[] }
  | { readonly recorded: false; readonly before: number };

/**
 * Tells what was true until something recovered, from the same question asked once as of just before. It is asked once for each
 * recovery, however often the page is refreshed, and again when the page is loaded anew: nothing is kept of what was seen.
 * Undefined while nothing recovered, while the answer is awaited, and in a view of the past.
 */
export function useRecovered(
  sources: Asks,
  question: Question | undefined,
  evaluation: Evaluation | undefined,
  clock: () => number
): Recovered | undefined {
  const whole = evaluation?.progress.whole ?? false;
  const recovery = useMemo(() => {
    if (!whole || !evaluation || !question || question.at !== undefined) {
      return undefined;
    }
    const { readings, diagnoses, outcomes, judgedAt } = evaluation;
    return recoveryOf(question.bounds, question.plan, readings, diagnoses, outcomes, judgedAt);
  }, [question, evaluation, whole]);
  const at = recovery?.at;
  const [past, setPast] = useState<{ question: Question; at: number; evaluation: Evaluation }>();

  useEffect(() => {
    if (at === undefined || !question) {
      return undefined;
    }
    const { bounds, plan, only, estate } = question;
    const subscription = evaluate(sources, { bounds, plan, only, estate, at }, clock).subscribe((then) => {
      if (then.progress.done) {
        setPast({ question, at, evaluation: then });
      }
    });
    return () => subscription.unsubscribe();
  }, [sources, question, at, clock]);

  return useMemo(() => {
    if (!evaluation || !recovery || !question || past?.question !== question || past.at !== recovery.at) {
      return undefined;
    }
    return isLost(recovery, past.evaluation.readings)
      ? { recorded: false, before: recovery.at }
      : {
          recorded: true,
          causes: wasTrue(recovery, past.evaluation, evaluation),
          fading: fadingAfter(recovery, past.evaluation, evaluation, question.plan, evaluation.judgedAt),
        };
  }, [question, evaluation, recovery, past]);
}
